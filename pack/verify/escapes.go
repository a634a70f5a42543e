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

// cEscapes are those of JSON, C and other languages, wherever one stands in a text.
var cEscapes = newUndoing("\\", func(dst, t []byte, i int) ([]byte, int) {
	if i+1 == len(t) {
		return append(dst, t[i]), i + 1
	}
	if r, n := escapedRune(t[i+1:]); n > 0 {
		return utf8.AppendRune(dst, r), i + 1 + n
	}
	if r, n := numbered(t[i+1:]); n > 0 {
		return utf8.AppendRune(dst, r), i + 1 + n
	}
	switch c := t[i+1]; c {
	case 'n', 'r':
		dst = append(dst, '\n')
	case 't':
		dst = append(dst, '\t')
	case '"', '/', '\\', '\'', '=': // the last of CEF
		dst = append(dst, c)
	default:
		dst = append(dst, '\\', c)
	}
	return dst, i + 2
})

// jsonEscapes are those of a string of JSON; what JSON does not have stays.
var jsonEscapes = newUndoing("\\", func(dst, t []byte, i int) ([]byte, int) {
	for n := 2; n <= 12 && i+n <= len(t); n++ {
		if one, ok := unquoted(dst, t[i:i+n]); ok && (t[i+1] != 'u' || n == 12 || n == 6 && !utf16.IsSurrogate(hex4(t[i+1:]))) {
			return one, i + n
		}
	}
	return append(dst, t[i]), i + 1
})

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
