package verify

import (
	"bytes"
	"unicode/utf8"
)

// undoing undoes one encoding of a text, and finds the place again that something had before.
type undoing struct {
	marks [256]bool // signs at which something may have to be undone
	step  func(dst, t []byte, i int) (grown []byte, next int)
}

func newUndoing(marks string, step func(dst, t []byte, i int) ([]byte, int)) *undoing {
	u := &undoing{step: step}
	for i := range len(marks) {
		u.marks[marks[i]] = true
	}
	return u
}

// of gives what a text stands for; nil: there was nothing to undo.
func (u *undoing) of(t []byte) []byte {
	out := make([]byte, 0, len(t))
	changed := false
	for i := 0; i < len(t); {
		if !u.marks[t[i]] {
			out = append(out, t[i])
			i++
			continue
		}
		n, next := len(out), 0
		out, next = u.step(out, t, i)
		changed = changed || !bytes.Equal(out[n:], t[i:next])
		i = next
	}
	if !changed {
		return nil
	}
	return out
}

// source gives the place in a text of what is at a place in that what it stands for.
func (u *undoing) source(t []byte, at int) int {
	var one [16]byte
	for i, n := 0, 0; i < len(t); {
		next, grown := i+1, 1
		if u.marks[t[i]] {
			var out []byte
			out, next = u.step(one[:0], t, i)
			grown = len(out)
		}
		if n += grown; n > at {
			return i
		}
		i = next
	}
	return len(t)
}

// percents undoes %XX where it is well written; in a form a plus is a blank, too.
func percents(marks string) *undoing {
	return newUndoing(marks, func(dst, t []byte, i int) ([]byte, int) {
		if t[i] == '+' {
			return append(dst, ' '), i + 1
		}
		if i+2 < len(t) && hexValue[t[i+1]] >= 0 && hexValue[t[i+2]] >= 0 {
			return append(dst, byte(hexValue[t[i+1]])<<4|byte(hexValue[t[i+2]])), i + 3
		}
		return append(dst, t[i]), i + 1
	})
}

var percent, form = percents("%"), percents("%+")

// entities are the names of signs in HTML that stand in and around credentials.
var entities = map[string]byte{"quot": '"', "QUOT": '"', "amp": '&', "AMP": '&', "lt": '<', "gt": '>', "apos": '\'', "equals": '=', "colon": ':', "commat": '@', "period": '.',
	"sol": '/', "nbsp": ' ', "lowbar": '_', "hyphen": '-', "dash": '-', "plus": '+', "num": '#', "percnt": '%', "dollar": '$', "semi": ';', "comma": ',', "lbrace": '{', "rbrace": '}',
	"lcub": '{', "rcub": '}', "lsqb": '[', "rsqb": ']', "lpar": '(', "rpar": ')', "bsol": '\\', "excl": '!', "quest": '?', "ast": '*', "tab": '\t', "Tab": '\t', "NewLine": '\n', "grave": '`'}

const longestEntity = 10

// entity undoes &quot; &#34; and &#x22;.
var entity = newUndoing("&", func(dst, t []byte, i int) ([]byte, int) {
	if n := bytes.IndexByte(t[i:min(len(t), i+longestEntity+2)], ';'); n >= 2 {
		name := t[i+1 : i+n]
		if c, ok := entities[string(name)]; ok {
			return append(dst, c), i + n + 1
		}
		if r, ok := numberedEntity(name); ok {
			return utf8.AppendRune(dst, r), i + n + 1
		}
	}
	return append(dst, '&'), i + 1
})

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

// fold writes a text in the letters that it shows: without signs that nobody sees, in one width, and
// with the Latin letters that others imitate.
var fold = func() *undoing {
	u := newUndoing("", foldRune)
	for c := range u.marks {
		u.marks[c] = c >= utf8.RuneSelf || c < ' ' && c != '\n' && c != '\t' && c != '\r' || c == 0x7f
	}
	return u
}()

func foldRune(dst, t []byte, i int) ([]byte, int) {
	if t[i] == 0x1b && i+1 < len(t) && t[i+1] == '[' { // a color of a terminal
		end := skip(t, i+2, "0123456789;?")
		if end < len(t) && end-i < 24 && t[end]|0x20 >= 'a' && t[end]|0x20 <= 'z' {
			return dst, end + 1
		}
	}
	if t[i] < utf8.RuneSelf {
		return dst, i + 1
	}
	r, n := utf8.DecodeRune(t[i:])
	switch {
	case r == '\u00a0' || r == '\u202f' || r == '\u2007' || r == '\u3000':
		return append(dst, ' '), i + n
	case r == '\u00ad' || r >= '\u200b' && r <= '\u200f' || r >= '\u202a' && r <= '\u202e' || r >= '\u2060' && r <= '\u2064' || r == '\ufeff' || r >= '\ufe00' && r <= '\ufe0f':
		return dst, i + n
	case r >= '！' && r <= '～':
		return append(dst, byte(r-'！')+'!'), i + n
	}
	if like := imitates(r); like != 0 {
		return append(dst, like), i + n
	}
	return append(dst, t[i:i+n]...), i + n
}
