package redact

import "unicode/utf8"

// nameClass is what the name of a field, label or assignment says about its value.
type nameClass uint8

const (
	namePlain      nameClass = iota
	nameCredential           // the value goes, and the name with it
	nameEmail                // likewise
	namePhone                // likewise, when the value can be one
	nameCard                 // likewise
	nameID                   // the value is an id of a kind
	nameRoom                 // the value is a room's name
	nameNoun                 // session, user ...: the value is an id if it looks like one
)

// nameFlag is what a name says beside its class.
type nameFlag uint32

const (
	nfMeasure   nameFlag = 1 << iota // a number or boolean stays
	nfKept                           // never removed
	nfNameRole                       // its value may be the name of a field: {"name": ..., "value": ...}
	nfValueRole                      // its value may be that field's value
	nfWeak                           // only a weak word says credential
	nfTail                           // its last word says that it speaks about a credential
	nfLead                           // its first word needs the word before it: key, string, address
	nfLooked                         // the name itself has been looked at
	nfDirty                          // the name itself holds what must go
	nfSegment                        // in a path, a credential may be the next segment
	nfPolicy                         // the policy file says so
	nfMild                           // only a word like pass says credential: a small number or a boolean stays
	nfPlural                         // its last word is a plural of which a number is a count
	nfKind                           // its last word says that the value may be a kind's name
	nfKeyed                          // a key of a kind that we do not know: a value at random is a credential
	nfVersion                        // its last word says that four numbers are a version
	nfLooseRole                      // such a role by a word that has many other uses: both names must be strong
)

type nameInfo struct {
	class nameClass
	kind  uint8
	flags nameFlag
}

// sensitive says whether the field of this name is to be removed.
func (n nameInfo) sensitive() bool { return n.class >= nameCredential && n.class <= nameCard }

// splitter splits a name into lower-case words: camelCase, snake_case, kebab-case, dots, digits, UPPER.
// Look-alikes are folded to ASCII, zero-width characters are passed over, plural s of an abbreviation
// stays with it (APIKeys, userIDs).
type splitter struct {
	s    []byte
	i    int
	prev byte // 'a' lower, 'A' upper, '0' digit, 0 other
	buf  [32]byte
	n    int // length of the word; more than fits: the word is none of ours
}

func (sp *splitter) word() []byte {
	if sp.n > len(sp.buf) {
		return nil
	}
	return sp.buf[:sp.n]
}

// next finds the next word. Words of digits are passed over.
func (sp *splitter) next() bool {
	sp.n, sp.prev = 0, 0
	for sp.i < len(sp.s) {
		c, size := sp.s[sp.i], 1
		if c >= utf8.RuneSelf || c == zeroWidth {
			if c, size = foldRune(sp.s[sp.i:]); c == zeroWidth {
				sp.i += size
				continue
			}
		}
		k := runeKind(c)
		if sp.n > 0 && (k == 0 || k == '0' || k == 'A' && sp.boundary(size)) {
			return true
		}
		sp.i += size
		if k == 'a' || k == 'A' {
			if sp.n < len(sp.buf) {
				sp.buf[sp.n] = lower(c)
			}
			sp.n++
		}
		sp.prev = k
	}
	return sp.n > 0
}

// boundary says whether the upper-case letter of this size at i begins a new word.
func (sp *splitter) boundary(size int) bool {
	if sp.prev == 'a' {
		return true
	}
	c, n := foldRune(sp.s[sp.i+size:])
	if runeKind(c) != 'a' {
		return false
	}
	if c == 's' { // APIs, IDs: the s belongs to the abbreviation unless a word goes on behind it
		d, _ := foldRune(sp.s[sp.i+size+n:])
		return runeKind(d) == 'a'
	}
	return true
}

func runeKind(c byte) byte {
	switch {
	case c >= 'a' && c <= 'z', c == otherLetter:
		return 'a'
	case c >= 'A' && c <= 'Z':
		return 'A'
	case isDigit(c):
		return '0'
	}
	return 0
}

const (
	zeroWidth   = 0x01 // what foldRune gives for a character that is not seen
	otherLetter = 0xff // and for a letter that looks like no ASCII one
)

// foldRune gives the ASCII character that the first rune of s looks like, and the rune's size.
func foldRune(s []byte) (byte, int) {
	if len(s) == 0 {
		return 0, 0
	}
	if c := s[0]; c < utf8.RuneSelf {
		if c == zeroWidth {
			c = 0
		}
		return c, 1
	}
	r, size := utf8.DecodeRune(s)
	switch {
	case r >= 0xff01 && r <= 0xff5e: // full width
		return byte(r - 0xfee0), size
	case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x2064, r == 0xfeff, r == 0xad, r == 0x180e, r == 0x34f,
		r >= 0xfe00 && r <= 0xfe0f, r >= 0x300 && r <= 0x36f:
		return zeroWidth, size
	case r >= 0x1d400 && r <= 0x1d6a3: // letters of mathematics: A to Z and a to z in 13 styles
		c := byte((r - 0x1d400) % 52)
		if c < 26 {
			return 'A' + c, size
		}
		return 'a' + c - 26, size
	case r >= 0x2010 && r <= 0x2015, r == 0x2212, r == 0xa0, r == 0x3000, r == utf8.RuneError:
		return '-', size
	}
	for i, l := range lookAlikes {
		if l == r {
			return lookAlikeOf[i], size
		}
	}
	return otherLetter, size
}

// lookAlikes are Cyrillic, Greek and Latin letters that read as the ASCII letter at the same place.
var lookAlikes = [...]rune{
	'а', 'е', 'о', 'р', 'с', 'у', 'х', 'і', 'ј', 'ѕ', 'ԁ', 'һ', 'ո', 'ԛ', 'ԝ', 'к', 'т', 'м', 'в', 'ѵ', 'ӏ', 'г',
	'А', 'В', 'Е', 'К', 'М', 'Н', 'О', 'Р', 'С', 'Т', 'У', 'Х', 'І', 'Ј', 'Ѕ',
	'α', 'ε', 'ι', 'κ', 'ν', 'ο', 'ρ', 'τ', 'υ', 'χ',
	'Α', 'Β', 'Ε', 'Ι', 'Κ', 'Μ', 'Ν', 'Ο', 'Ρ', 'Τ', 'Υ', 'Χ', 'Ζ',
	'ı', 'ſ', 'ɡ', 'ɑ', 'á', 'à', 'â', 'ä', 'é', 'è', 'ê', 'ë', 'í', 'ì', 'ó', 'ò', 'ö', 'ú', 'ü', 'ñ', 'ç', 'ś',
}

const lookAlikeOf = "aeopcyxijsdhnqwktmbvlr" + "ABEKMHOPCTYXIJS" + "aeiknoptyx" + "ABEIKMNOPTYXZ" + "isgaaaaaeeeeiiooouuncs"
