package redact

// charFlag is what a byte can be in text. Bytes of 0x80 and above are parts of words.
type charFlag uint16

const (
	cWord         charFlag = 1 << iota // A-Z a-z 0-9 _ - and non-ASCII: what whole words are made of
	cDigit                             // 0-9
	cAnchor                            // a sign that a matcher stands behind
	cName                              // what a name before = or : is made of, beside words: . $ [ ]
	cLocal                             // local part of an e-mail address
	cWide                              // no ASCII
	cBehind                            // a sign behind a word at which to look, but for the blank
	cAfter                             // a sign that may follow a word and a blank where both are looked at
	cBehindNumber                      // a sign behind a short word with a digit at which to look
)

// anchors are the signs at which text scanning stops, beside words.
const anchors = ":=@{[%>&\\$|"

func charFlags() (t [256]charFlag) {
	for i := range t {
		c := byte(i)
		switch {
		case isAlnum(c):
			t[i] |= cWord | cName | cLocal
		case c == '_' || c == '-':
			t[i] |= cWord | cName | cLocal
		case c >= 0x80:
			t[i] |= cWord | cName | cLocal | cWide
		case c == '.':
			t[i] |= cName | cLocal
		case c == '$' || c == '[' || c == ']':
			t[i] |= cName
		case c == '+' || c == '%' || c == '\'' || c == '!' || c == '#' || c == '*' || c == '~':
			t[i] |= cLocal
		}
		if isDigit(c) {
			t[i] |= cDigit
		}
	}
	for _, g := range []struct {
		signs string
		flag  charFlag
	}{{anchors, cAnchor}, {`(/\$"'@`, cBehind}, {"\"'`\\iw ", cAfter}, {".~[(", cBehindNumber}} {
		for _, c := range []byte(g.signs) {
			t[c] |= g.flag
		}
	}
	return t
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isAlnum(c byte) bool { return isDigit(c) || isLetter(c) }

func isHex(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// foldPrefix says whether s begins with the lower-case ASCII word w, whatever the case.
func foldPrefix(s []byte, w string) bool {
	if len(s) < len(w) {
		return false
	}
	for i := range len(w) {
		if lower(s[i]) != w[i] {
			return false
		}
	}
	return true
}

// lowerInto writes the lower-case form of a short word into room; nil when it does not fit.
func lowerInto(room []byte, w []byte) []byte {
	if len(w) > len(room) {
		return nil
	}
	for i, c := range w {
		room[i] = lower(c)
	}
	return room[:len(w)]
}
