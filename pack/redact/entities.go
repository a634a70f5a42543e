package redact

import (
	"bytes"
	"strconv"
)

// entities are the named ones that stand for signs around names and values, and those of every encoder.
var entities = [...]struct {
	name string
	r    rune
}{
	{"amp;", '&'}, {"quot;", '"'}, {"lt;", '<'}, {"gt;", '>'}, {"apos;", '\''}, {"nbsp;", ' '}, {"equals;", '='}, {"colon;", ':'},
	{"commat;", '@'}, {"sol;", '/'}, {"bsol;", '\\'}, {"lbrace;", '{'}, {"rbrace;", '}'}, {"lcub;", '{'}, {"rcub;", '}'}, {"lsqb;", '['},
	{"rsqb;", ']'}, {"lowbar;", '_'}, {"period;", '.'}, {"comma;", ','}, {"semi;", ';'}, {"plus;", '+'}, {"num;", '#'}, {"percnt;", '%'},
	{"Tab;", '\t'}, {"NewLine;", '\n'}, {"hyphen;", '-'}, {"dash;", '-'}, {"excl;", '!'}, {"dollar;", '$'},
}

// entityAt reads the HTML entity at the start of s; size 0: there is none.
func entityAt(s []byte) (size int, r rune) {
	if len(s) < 4 || s[0] != '&' {
		return 0, 0
	}
	if s[1] == '#' {
		end := bytes.IndexByte(s[:min(len(s), 12)], ';')
		if end < 3 {
			return 0, 0
		}
		digits, base := s[2:end], 10
		if digits[0]|0x20 == 'x' {
			digits, base = digits[1:], 16
		}
		n, err := strconv.ParseUint(string(digits), base, 21)
		if err != nil || n == 0 || n > 0x10ffff {
			return 0, 0
		}
		return end + 1, rune(n)
	}
	for i := range entities {
		if bytes.HasPrefix(s[1:], []byte(entities[i].name)) {
			return 1 + len(entities[i].name), entities[i].r
		}
	}
	return 0, 0
}

// escapeOf reads the entity or the escape at the start of s; size 0: there is none.
func escapeOf(c carrier, s []byte) (size int, r rune) {
	if c == inEscapes {
		return escapeAt(s)
	}
	return entityAt(s)
}

// escapeAt reads \u0041, \u{41} or \x41 at the start of s, but for the quotes, which matchers know as they
// are; size 0: there is none.
func escapeAt(s []byte) (size int, r rune) {
	switch {
	case len(s) < 4 || s[0] != '\\':
		return 0, 0
	case s[1] == 'x' && isHex(s[2]) && isHex(s[3]):
		size, r = 4, rune(hexValue(s[2])<<4|hexValue(s[3]))
	case s[1] == 'u' && s[2] == '{':
		end := bytes.IndexByte(s[:min(len(s), 10)], '}')
		if end < 4 {
			return 0, 0
		}
		n, err := strconv.ParseUint(string(s[3:end]), 16, 21)
		if err != nil {
			return 0, 0
		}
		size, r = end+1, rune(n)
	case s[1] == 'u':
		u, ok := hex4(s, 2)
		if !ok {
			return 0, 0
		}
		size, r = 6, u
	}
	if r < ' ' && r != esc || r == '"' || r == '\'' || r == '\\' || r >= 0xd800 && r < 0xe000 || r > 0x10ffff {
		return 0, 0
	}
	return size, r
}

// encodeWeb writes text with percent-encoding or entities, so that decoding gives it back.
func (c carrier) encodeWeb(dst, text []byte) []byte {
	for _, b := range text {
		switch {
		case c == inForm && b == ' ':
			dst = append(dst, '+')
		case c != inEntities && !isAlnum(b) && b != '-' && b != '_' && b != '.' && b != '~' && b != '[' && b != ']' && b != ',':
			dst = append(dst, '%', hexDigitsUpper[b>>4], hexDigitsUpper[b&15])
		case c != inEntities:
			dst = append(dst, b)
		case b == '&':
			dst = append(dst, "&amp;"...)
		case b == '"':
			dst = append(dst, "&quot;"...)
		case b == '<':
			dst = append(dst, "&lt;"...)
		case b == '>':
			dst = append(dst, "&gt;"...)
		default:
			dst = append(dst, b)
		}
	}
	return dst
}
