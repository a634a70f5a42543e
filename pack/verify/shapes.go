package verify

import (
	"bytes"
	"math"
)

// isScheme says whether a word begins the value of an Authorization header.
func isScheme(w []byte) bool {
	if len(w) < 5 || len(w) > 9 || bytes.IndexByte([]byte("bdn"), w[0]|0x20) < 0 {
		return false
	}
	switch string(bytes.ToLower(w)) {
	case "bearer", "basic", "digest", "negotiate":
		return true
	}
	return false
}

// scheme looks at what follows such a word, which ends at j, behind blanks.
func (s *scan) scheme(t []byte, j int) bool {
	k := skip(t, j, " ,")
	if k == j || k >= len(t) || maskAt(t[k:]) > 0 {
		return false
	}
	v := run(t, k)
	if filler(v) {
		return false
	}
	mixed := bytes.ContainsAny(v, "0123456789=") || bytes.IndexByte(bytes.TrimRight(v, "."), '.') >= 0 ||
		len(v) > 1 && bytes.ContainsAny(v, capitals) && bytes.ContainsAny(v[1:], capitals)
	if len(v) >= 8 && (mixed || len(v) >= 24) {
		s.report(KindBearer, v, k)
		return true
	}
	return false
}

const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

const longestLabel = 64

// pem finds blocks that are not public, by their first line or by their last one, when a text was cut
// in between. The words of such a line hold its dashes.
func (s *scan) pem(t []byte, i, j int) bool {
	w := t[i:j]
	if len(w) >= 19 && bytes.HasPrefix(w, []byte("PuTTY-User-Key-File")) && !emptied(t[j:]) {
		s.report(KindPEM, w, i)
		return true
	}
	n := bytes.Index(w, []byte("--"))
	if label := t[j:min(len(t), j+longestLabel)]; n == 0 && len(bytes.Trim(w, "-")) == 0 && bytes.HasPrefix(label, []byte(" BEGIN ")) { // SSH2 (RFC 4716)
		end := bytes.Index(label, []byte("----"))
		if end < 0 || !bytes.Contains(label[:end], []byte("PRIVATE")) {
			return false
		}
		s.report(KindPEM, w, i)
		return true
	}
	if n < 0 {
		return false
	}
	if bytes.HasSuffix(w, []byte("KEY--")) || bytes.HasSuffix(w, []byte("KEY-----")) {
		if !bytes.Contains(t[max(0, i-longestLabel/2):i], []byte("PRIVATE")) {
			return false
		}
	} else if !secretLabel(t, j, bytes.TrimLeft(w[n:], "-")) {
		if end := bytes.Index(t[j:min(len(t), j+longestLabel)], []byte("-----")); end >= 0 && bytes.HasSuffix(w, []byte("BEGIN")) {
			s.opaque(t, j+end+5)
		}
		return false
	}
	s.report(KindPEM, t[i:min(len(t), i+27)], i)
	return true
}

// emptied: of a file of PuTTY a placeholder stands in the place of the private lines.
func emptied(t []byte) bool {
	t = t[:min(len(t), longestRows)]
	n := bytes.Index(t, []byte("Private-Lines:"))
	if n < 0 {
		return false
	}
	t = t[n+len("Private-Lines:"):]
	below := skip(t, 0, " 0123456789\r\n\\rn")
	return below == len(t) || maskAt(t[below:]) > 0 // a line that begins with a bracket begins a passage
}

// lockedLines: what Ansible encrypted with a password stands in lines of hex below its mark.
func (s *scan) lockedLines(t []byte, at int) bool {
	line := t[at:min(len(t), at+longestLabel)]
	n := bytes.IndexByte(line, '\n')
	if n < 0 {
		return false
	}
	k := skip(t, at+n+1, " \r\n")
	end := wordEnd(t, k)
	if end-k < 16 || !allHex(t[k:end]) {
		return false
	}
	s.report(KindHash, t[k:end], k)
	return true
}

// opaque skips the base64 of a public block, or of a picture, from a place on: its signs are no words. What
// each of its lines stands for is looked at all the same.
func (s *scan) opaque(t []byte, from int) {
	from = endOfLine(t, from)
	if isPrivateDER(run(t, from)) {
		return
	}
	end := from
	for line := from; ; line = end {
		s.blob(t, line, 2)
		for end < len(t) && base64Value[t[end]] >= 0 {
			end++
		}
		next := endOfLine(t, end)
		if next == end || next >= len(t) || base64Value[t[next]] < 0 || t[next] == '-' {
			break
		}
		end = next
	}
	if end-from >= leastOpaque {
		s.skipTo = end
	}
}

const leastOpaque = 40

// secretLabel: what stands behind BEGIN or END in a word that ends at j.
func secretLabel(t []byte, j int, word []byte) bool {
	if s := string(word); s != "BEGIN" && s != "END" && s != "begin" {
		return false
	}
	label := t[j:min(len(t), j+longestLabel)]
	if n := bytes.Index(label, []byte("-----")); n >= 0 {
		label = label[:n]
	}
	if bytes.Contains(label, []byte("PRIVATE")) {
		return true
	}
	for _, public := range [...]string{"CERT", "PUB", "PARAM", "CRL", "SIG", "REQUEST"} {
		if bytes.Contains(label, []byte(public)) {
			return false
		}
	}
	return len(label) > 3 && (label[1] >= 'A' && label[1] <= 'Z')
}

// braced finds {SSHA}... and its like, as LDAP keeps hashed passwords.
func (s *scan) braced(t []byte, i, j int) {
	method := bytes.TrimLeft(bytes.ToLower(t[i:j]), "s")
	for _, m := range [...]string{"ha", "md5", "ha256", "ha384", "ha512", "crypt", "pbkdf2", "bcrypt", "argon2"} {
		if v := run(t, j+1); string(method) == m && len(v) >= 2*leastCrypt && countDigits(v) > 0 {
			s.report(KindHash, v, j+1)
			return
		}
	}
}

const leastCrypt = 13 // signs behind the name of the method

// crypts finds hashed passwords: $6$salt$hash and its like, {SSHA}..., pbkdf2_sha256$n$salt$hash.
func (s *scan) crypts(t []byte) {
	for at := 0; at < len(t) && !s.full(); {
		n := bytes.IndexByte(t[at:], '$')
		if n < 0 {
			return
		}
		at += n
		if bytes.HasPrefix(t[at:], []byte("$ANSIBLE_VAULT;")) && s.lockedLines(t, at) {
			at += len("$ANSIBLE_VAULT;")
			continue
		}
		end := at
		for end < len(t) && end-at < longestRun && (classes[t[end]]&isRunChar != 0 || t[end] == '$' || t[end] == ',') {
			end++
		}
		method, rest, ok := bytes.Cut(t[at+1:end], []byte("$"))
		from := at
		for from > 0 && at-from < 24 && classes[t[from-1]]&isWordChar != 0 {
			from--
		}
		if kdf := t[from:at]; len(kdf) >= 6 && countDigits(method) == len(method) && len(method) > 2 {
			method = kdf
		}
		if ok && len(rest) >= leastCrypt && isCrypt(method) && bytes.ContainsAny(rest, "0123456789") {
			s.report(KindHash, t[at:end], at)
		}
		at = end
		if n == 0 && end == at {
			at++
		}
	}
}

// isCrypt knows the methods of crypt(3), of PHC strings and of Django.
func isCrypt(method []byte) bool {
	if len(method) <= 3 {
		switch string(method) {
		case "1", "2", "2a", "2b", "2x", "2y", "5", "6", "7", "y", "gy", "md5", "P", "H", "S", "8", "9":
			return true
		}
		return false
	}
	for _, m := range [...]string{"argon2", "scrypt", "pbkdf2", "bcrypt", "apr1", "sha1", "sha256", "sha512"} {
		if bytes.HasPrefix(method, []byte(m)) {
			return true
		}
	}
	return false
}

// passFile: the last field of host:port:database:user:password, with the port from i to j.
func (s *scan) passFile(t []byte, i, j int) bool {
	if j-i < 4 || j-i > 5 || i < 2 || t[i-2] == ':' || t[i-1] != ':' || countDigits(t[i:j]) != j-i {
		return false
	}
	k := j + 1
	for range 2 {
		from := k
		for k < len(t) && k-from < 64 && (classes[t[k]]&isWordChar != 0 || t[k] == '*') {
			k++
		}
		if k == from || k == len(t) || t[k] != ':' || countDigits(t[from:k]) == k-from && t[from] != '*' {
			return false
		}
		k++
	}
	v := value{}
	v.readAt(t, k)
	if len(v.text) < 4 || !bytes.ContainsAny(bytes.ToLower(v.text), "ghijklmnopqrstuvwxyz!#$%&*+^~") || wordy(v.text) || isPlace(v.text) || masked(v.text) || maskAt(t[k:]) > 0 {
		return false
	}
	s.report(KindAssignment, v.text, v.at)
	return true
}

const leastSegment = 8

// pathValue: /token/x, where the next part of a path looks made up and the one from i to j says credential.
func (s *scan) pathValue(t []byte, i, j int) bool {
	end := j + 1
	digits := 0
	for end < len(t) && end-j < longestValue && classes[t[end]]&isWordChar != 0 {
		if t[end] <= '9' && t[end] >= '0' {
			digits++
		}
		end++
	}
	segment := t[j+1 : end]
	if digits == 0 || len(segment) < leastSegment || end < len(t) && (t[end] == '.' && end+1 < len(t) && t[end+1] != ' ' || t[end] == ':') ||
		digits == len(segment) || turns(segment) < 2 || isAlgorithm(segment) || isTime(segment) || senseOf(t[i:j]) != credential && !(opens(t[i:j]) && len(segment) >= 12 && turns(segment) >= 5) {
		return false
	}
	s.report(KindAssignment, segment, j+1)
	return true
}

// opens: parts of a path behind which stands what lets its holder in.
func opens(part []byte) bool {
	switch string(bytes.ToLower(part)) {
	case "magic-link", "magiclink", "invite", "invitation", "verify-email", "verify", "activate", "confirm", "confirm-email", "unsubscribe", "reset":
		return true
	}
	return false
}

// randomLooking: long, of mixed alphabets, with more entropy than words have.
func randomLooking(v []byte) bool {
	if len(v) < 12 || !bytes.ContainsAny(v, "0123456789") || isTime(v) || isOurs(v) {
		return false
	}
	if len(v) < 20 {
		return entropy(v) > 3.2
	}
	return bytes.Count(v, []byte("/")) <= 3 && entropy(v) > 3.4
}

// entropy is in bits a character.
func entropy(v []byte) float64 {
	var count [256]int
	for _, c := range v {
		count[c]++
	}
	e := 0.0
	for _, n := range count {
		if n > 0 {
			p := float64(n) / float64(len(v))
			e -= p * math.Log2(p)
		}
	}
	return e
}
