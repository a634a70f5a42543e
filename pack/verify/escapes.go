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

// unescape undoes the escapes of JSON wherever one stands in a text.
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
		switch i++; t[i] {
		case 'n', 'r', 't':
			out = append(out, ' ')
		case '"', '/', '\\', '\'':
			out = append(out, t[i])
		default:
			out = append(out, '\\', t[i])
		}
	}
	return out
}
