package verify

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// unquote gives the bytes that the inside of a JSON string stands for, good until the next call.
func (s *scan) unquote(raw []byte) ([]byte, bool) {
	if s.depth > 0 { // the text around is still in use
		return unquoted(nil, raw)
	}
	var ok bool
	s.scratch, ok = unquoted(s.scratch[:0], raw)
	return s.scratch, ok
}

// unquoted undoes the escapes of JSON; false when there is one that JSON does not have.
func unquoted(dst, raw []byte) ([]byte, bool) {
	for {
		i := bytes.IndexByte(raw, '\\')
		if i < 0 {
			return append(dst, raw...), true
		}
		dst = append(dst, raw[:i]...)
		if raw = raw[i+1:]; len(raw) == 0 {
			return dst, false
		}
		if raw[0] == 'u' {
			r, n := escapedRune(raw)
			if n == 0 {
				return dst, false
			}
			dst, raw = utf8.AppendRune(dst, r), raw[n:]
			continue
		}
		k := bytes.IndexByte([]byte(`"\/bfnrt`), raw[0])
		if k < 0 {
			return dst, false
		}
		dst, raw = append(dst, "\"\\/\b\f\n\r\t"[k]), raw[1:]
	}
}

// escapedRune reads uXXXX, and a second such escape when it is the other half of the sign. n is 0 for none.
func escapedRune(raw []byte) (r rune, n int) {
	if r = hex4(raw); r < 0 {
		return 0, 0
	}
	if !utf16.IsSurrogate(r) {
		return r, 5
	}
	if len(raw) > 5 && raw[5] == '\\' {
		if low := hex4(raw[6:]); low >= 0 && utf16.DecodeRune(r, low) != utf8.RuneError {
			return utf16.DecodeRune(r, low), 11
		}
	}
	return utf8.RuneError, 5
}

// hex4 reads uXXXX; below 0: it is none.
func hex4(raw []byte) (r rune) {
	if len(raw) < 5 || raw[0] != 'u' {
		return -1
	}
	for _, c := range raw[1:5] {
		if hexValue[c] < 0 {
			return -1
		}
		r = r<<4 | rune(hexValue[c])
	}
	return r
}

// unescape undoes the escapes of JSON, C and other languages wherever one stands in a text.
func unescape(t []byte) []byte {
	out := make([]byte, 0, len(t))
	for i := 0; i < len(t); i++ {
		if t[i] != '\\' || i+1 == len(t) {
			out = append(out, t[i])
			continue
		}
		if r, n := escapedRune(t[i+1:]); n > 0 {
			out = utf8.AppendRune(out, r)
			i += n
			continue
		}
		if r, n := numbered(t[i+1:]); n > 0 {
			out = utf8.AppendRune(out, r)
			i += n
			continue
		}
		switch i++; t[i] {
		case 'n', 'r':
			out = append(out, '\n')
		case 't':
			out = append(out, '\t')
		case '"', '/', '\\', '\'':
			out = append(out, t[i])
		default:
			out = append(out, '\\', t[i])
		}
	}
	return out
}

// numbered reads x3d, 075, u{3d} and U0000003d. n is 0 for none.
func numbered(raw []byte) (r rune, n int) {
	base, from, most := rune(16), 1, 2
	switch c := raw[0]; {
	case c == 'x':
	case c == 'u' && len(raw) > 2 && raw[1] == '{':
		from, most = 2, 6
	case c == 'U':
		most = 8
	case c >= '0' && c <= '3':
		base, from, most = 8, 0, 3
	default:
		return 0, 0
	}
	n = from
	for n < len(raw) && n < from+most && hexValue[raw[n]] >= 0 && rune(hexValue[raw[n]]) < base {
		r = r*base + rune(hexValue[raw[n]])
		n++
	}
	if from == 2 && n > from && n < len(raw) && raw[n] == '}' {
		return r, n + 1
	}
	if from == 2 || n < from+most {
		return 0, 0
	}
	return r, n
}

// entities are the names of signs in HTML that stand in and around credentials.
var entities = map[string]byte{"quot": '"', "QUOT": '"', "amp": '&', "AMP": '&', "lt": '<', "gt": '>', "apos": '\'', "equals": '=', "colon": ':', "commat": '@', "period": '.',
	"sol": '/', "nbsp": ' ', "lowbar": '_', "hyphen": '-', "dash": '-', "plus": '+', "num": '#', "percnt": '%', "dollar": '$', "semi": ';', "comma": ',', "lbrace": '{', "rbrace": '}',
	"lcub": '{', "rcub": '}', "lsqb": '[', "rsqb": ']', "lpar": '(', "rpar": ')', "bsol": '\\', "excl": '!', "quest": '?', "ast": '*', "tab": '\t', "Tab": '\t', "NewLine": '\n', "grave": '`'}

const longestEntity = 10

// unentity undoes &quot; &#34; and &#x22;.
func unentity(t []byte) []byte {
	out := make([]byte, 0, len(t))
	for i := 0; i < len(t); i++ {
		if t[i] != '&' {
			out = append(out, t[i])
			continue
		}
		n := bytes.IndexByte(t[i:min(len(t), i+longestEntity+2)], ';')
		if n < 2 {
			out = append(out, '&')
			continue
		}
		name := t[i+1 : i+n]
		if c, ok := entities[string(name)]; ok {
			out = append(out, c)
		} else if r, ok := numberedEntity(name); ok {
			out = utf8.AppendRune(out, r)
		} else {
			out = append(out, '&')
			continue
		}
		i += n
	}
	return out
}

func numberedEntity(name []byte) (rune, bool) {
	if name[0] != '#' {
		return 0, false
	}
	digits, base := name[1:], rune(10)
	if len(digits) > 0 && digits[0]|0x20 == 'x' {
		digits, base = digits[1:], 16
	}
	r := rune(0)
	for _, c := range digits {
		if hexValue[c] < 0 || rune(hexValue[c]) >= base || r > utf8.MaxRune {
			return 0, false
		}
		r = r*base + rune(hexValue[c])
	}
	return r, len(digits) > 0
}

// folded writes a text in the letters that it shows: without signs that nobody sees, in one width, and
// with the Latin letters that others imitate. nil: it is the same text.
func folded(t []byte) []byte {
	out := make([]byte, 0, len(t))
	changed := false
	for i := 0; i < len(t); {
		c := t[i]
		if c < utf8.RuneSelf {
			if i++; c == 0 || c < ' ' && c != '\n' && c != '\t' && c != '\r' {
				changed = true
				continue
			}
			out = append(out, c)
			continue
		}
		r, n := utf8.DecodeRune(t[i:])
		switch {
		case r == '\u00a0' || r == '\u202f' || r == '\u2007' || r == '\u3000':
			out, changed = append(out, ' '), true
		case r == '\u00ad' || r >= '\u200b' && r <= '\u200f' || r >= '\u202a' && r <= '\u202e' || r >= '\u2060' && r <= '\u2064' || r == '\ufeff' || r >= '\ufe00' && r <= '\ufe0f':
			changed = true
		case r >= '！' && r <= '～':
			out, changed = append(out, byte(r-'！')+'!'), true
		default:
			if like := imitates(r); like != 0 {
				out, changed = append(out, like), true
			} else {
				out = append(out, t[i:i+n]...)
			}
		}
		i += n
	}
	if !changed {
		return nil
	}
	return out
}
