// Package plain makes text of unknown origin fit to be shown to a person, on a page or a terminal.
//
// Text writes what a reader cannot see, or what moves a cursor or turns the direction of a line (control
// characters, marks of direction and width, bytes that are no UTF-8), as an escape, so that what is shown is what is
// there. Cut bounds it. Neither escapes markup: that is the business of whoever writes HTML.
package plain

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// Text is text with what cannot be seen written as \uXXXX (a character) or \xXX (a byte that is no UTF-8). Line ends and
// tabs are escaped, too. A text with nothing to escape is returned as it is.
func Text(text string) string {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if hidden(r, size) {
			return string(rest([]byte(text[:i]), text[i:]))
		}
		i += size
	}
	return text
}

func rest(out []byte, text string) []byte {
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		out = Append(out, text[:size], r)
		text = text[size:]
	}
	return out
}

// Append appends the character r, whose bytes are in, as Text writes it.
func Append[T string | []byte](out []byte, in T, r rune) []byte {
	switch {
	case r == utf8.RuneError && len(in) == 1:
		return fmt.Appendf(out, `\x%02x`, in[0])
	case hidden(r, len(in)) && r > 0xffff:
		return fmt.Appendf(out, `\U%08x`, r)
	case hidden(r, len(in)):
		return fmt.Appendf(out, `\u%04x`, r)
	}
	return append(out, in...)
}

// hidden says whether a character of size bytes must not be shown as itself. Cf holds the marks of direction and of
// no width, and the tags of plane 14.
func hidden(r rune, size int) bool {
	return r == utf8.RuneError && size == 1 || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
}

// Cut is the first part of text, at most most bytes and whole characters, and how many bytes were left out.
func Cut(text string, most int) (kept string, left int) {
	if len(text) <= most {
		return text, 0
	}
	most = max(most, 0)
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most], len(text) - most
}
