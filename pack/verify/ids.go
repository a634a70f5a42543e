package verify

import "bytes"

// nobody texts stand in a field for an id when there is none.
func nobody(v []byte) bool {
	switch string(v) {
	case "-", "null", "none", "undefined", "unknown", "n/a", "N/A":
		return true
	}
	return false
}

// ownerBegins are the signs that a word may begin with which names an owner, framed or not.
var ownerBegins = func() (t [256]bool) {
	for _, c := range []byte("sudacSUDAC-_") {
		t[c] = true
	}
	return t
}()

// isOwner: what an id belongs to, in rooms and in prose.
func isOwner(word []byte) bool {
	var buf [10]byte
	if len(word) < 4 || len(word) > len(buf) {
		return false
	}
	switch word[0] | 0x20 {
	case 's', 'u', 'd', 'a', 'c':
	default:
		return false
	}
	switch word[len(word)-1] | 0x20 {
	case 'n', 't', 'r', 'd':
	default:
		return false
	}
	for i, c := range word {
		buf[i] = c
		if c >= 'A' && c <= 'Z' {
			buf[i] = c | 0x20
		}
	}
	switch string(buf[:len(word)]) {
	case "session", "socket", "user", "driver", "account", "customer",
		"sessionid", "socketid", "userid", "driverid", "accountid", "customerid":
		return true
	}
	return false
}

// idLike: 8 characters and more of an id's alphabet, with a digit, and neither a time, a duration nor the
// name of a trace or pack.
func idLike(v []byte) bool {
	if len(v) < 8 || len(v) > 128 {
		return false
	}
	digits := 0
	for _, c := range v {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_':
		default:
			return false
		}
	}
	return digits > 0 && !isTime(v) && !isOurs(v) && !(digits >= len(v)-2 && (bytes.HasSuffix(v, []byte("ms")) || bytes.HasSuffix(v, []byte("s"))))
}

// isTime: 2026-11-23, with a clock time or without, or epoch milliseconds of this time (2017 to 2033).
func isTime(v []byte) bool {
	if len(v) == 13 && v[0] == '1' && v[1] >= '5' && countDigits(v) == 13 {
		return true
	}
	return len(v) >= 10 && v[4] == '-' && v[7] == '-' && countDigits(v[:10]) == 8 && (len(v) == 10 || v[10] == 'T')
}

// isOurs: trace-<ms>-<6> and pack-<ms>-<6> name no one.
func isOurs(v []byte) bool {
	rest, ok := bytes.CutPrefix(v, []byte("trace-"))
	if !ok {
		rest, ok = bytes.CutPrefix(v, []byte("pack-"))
	}
	return ok && len(rest) >= 14 && len(rest) <= 20 && countDigits(rest[:13]) == 13 && rest[13] == '-'
}

// isKnown asks for a word, and for the parts that dashes make of it.
func (d *Detector) isKnown(word []byte) bool {
	if d.known == nil || len(word) < 8 || countDigits(word) == 0 {
		return false
	}
	if d.known(word) {
		return true
	}
	if len(word) > 256 || bytes.IndexByte(word, '-') < 0 {
		return false
	}
	for rest := word; ; { // a-b-c: b-c, c, and the parts by themselves
		i := bytes.IndexByte(rest, '-')
		part := rest
		if i >= 0 {
			part = rest[:i]
		}
		if len(part) >= 8 && len(part) < len(word) && d.known(part) {
			return true
		}
		if i < 0 {
			return false
		}
		if rest = rest[i+1:]; len(rest) >= 8 && d.known(rest) {
			return true
		}
	}
}

func countDigits(v []byte) (n int) {
	for _, c := range v {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}
