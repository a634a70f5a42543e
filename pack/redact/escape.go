package redact

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// carrier is how plain text is written where it stands.
type carrier uint8

const (
	inPlain    carrier = iota
	inJSON             // between the quotes of a JSON string
	inLabel            // between the quotes of a label value: \\ \" \n
	inHelp             // HELP text: \\ \n
	inPercent          // percent-encoded
	inForm             // likewise, with + for a blank
	inEntities         // with HTML entities
	inEscapes          // with \u0041 and \x41, all else as it is
)

// escaped says whether raw differs from the text it stands for.
func (c carrier) escaped(raw []byte) bool {
	return c != inPlain && (bytes.IndexByte(raw, c.sign()) >= 0 || c == inForm && bytes.IndexByte(raw, '+') >= 0)
}

// sign is what an escape begins with.
func (c carrier) sign() byte {
	switch c {
	case inPercent, inForm:
		return '%'
	case inEntities:
		return '&'
	}
	return '\\'
}

// step reads one character of raw at i: how many bytes it takes there, and what it stands for. It never
// reads past the end, and what it does not know stands for itself.
func (c carrier) step(raw []byte, i int, out []byte) (size int, text []byte) {
	if c == inForm && raw[i] == '+' {
		return 1, append(out, ' ')
	}
	if raw[i] != c.sign() || c == inPlain || i+1 >= len(raw) {
		return 1, append(out, raw[i])
	}
	switch c {
	case inPercent, inForm:
		if i+2 < len(raw) && isHex(raw[i+1]) && isHex(raw[i+2]) {
			return 3, append(out, byte(hexValue(raw[i+1])<<4|hexValue(raw[i+2])))
		}
		return 1, append(out, '%')
	case inEntities, inEscapes:
		size, r := escapeOf(c, raw[i:])
		if size == 0 {
			return 1, append(out, raw[i])
		}
		return size, utf8.AppendRune(out, r)
	}
	e := raw[i+1]
	if c != inJSON {
		if e == 'n' {
			e = '\n'
		} else if e != '\\' && (e != '"' || c == inHelp) {
			return 1, append(out, '\\')
		}
		return 2, append(out, e)
	}
	switch e {
	case 'n':
		e = '\n'
	case 't':
		e = '\t'
	case 'r':
		e = '\r'
	case 'b':
		e = '\b'
	case 'f':
		e = '\f'
	case 'u':
		return stepUnicode(raw, i, out)
	}
	return 2, append(out, e)
}

func stepUnicode(raw []byte, i int, out []byte) (int, []byte) {
	r, ok := hex4(raw, i+2)
	if !ok {
		return 2, append(out, 'u')
	}
	if utf16.IsSurrogate(r) {
		if i+7 < len(raw) && raw[i+6] == '\\' && raw[i+7] == 'u' {
			if r2, ok := hex4(raw, i+8); ok {
				if d := utf16.DecodeRune(r, r2); d != utf8.RuneError {
					return 12, utf8.AppendRune(out, d)
				}
			}
		}
		r = utf8.RuneError
	}
	return 6, utf8.AppendRune(out, r)
}

func hex4(s []byte, i int) (rune, bool) {
	if i+4 > len(s) {
		return 0, false
	}
	r := rune(0)
	for _, c := range s[i : i+4] {
		if !isHex(c) {
			return 0, false
		}
		r = r<<4 | rune(hexValue(c))
	}
	return r, true
}

// decode appends the text that raw stands for.
func (c carrier) decode(dst, raw []byte) []byte {
	for i := 0; i < len(raw); {
		n := bytes.IndexByte(raw[i:], c.sign())
		if c == inForm {
			if plus := bytes.IndexByte(raw[i:], '+'); plus >= 0 && (n < 0 || plus < n) {
				n = plus
			}
		}
		if n < 0 {
			return append(dst, raw[i:]...)
		}
		dst = append(dst, raw[i:i+n]...)
		i += n
		var size int
		size, dst = c.step(raw, i, dst)
		i += size
	}
	return dst
}

// advance gives the place in raw that is n bytes of text behind i.
func (c carrier) advance(raw []byte, i, n int) int {
	var room [8]byte
	for n > 0 && i < len(raw) {
		size, text := c.step(raw, i, room[:0])
		i, n = i+size, n-len(text)
	}
	return i
}

const (
	hexDigits      = "0123456789abcdef"
	hexDigitsUpper = "0123456789ABCDEF"
)

// encode appends text as the carrier writes it.
func (c carrier) encode(dst, text []byte) []byte {
	switch c {
	case inPlain, inEscapes:
		return append(dst, text...)
	case inPercent, inForm, inEntities:
		return c.encodeWeb(dst, text)
	}
	for _, b := range text {
		switch {
		case b == '\\' || b == '"' && c != inHelp:
			dst = append(dst, '\\', b)
		case b == '\n':
			dst = append(dst, '\\', 'n')
		case b < 0x20 && c == inJSON:
			switch b {
			case '\t':
				dst = append(dst, '\\', 't')
			case '\r':
				dst = append(dst, '\\', 'r')
			default:
				dst = append(dst, '\\', 'u', '0', '0', hexDigits[b>>4], hexDigits[b&15])
			}
		default:
			dst = append(dst, b)
		}
	}
	return dst
}
