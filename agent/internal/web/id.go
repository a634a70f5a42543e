package web

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxID = 200 // characters of an id, and its bytes: pack.Request takes no more

// IDFault says what is wrong with an id that somebody asks for, in words that follow its name and quote
// nothing of it, "" for nothing: 1 to 200 printable characters, never "." or "..".
func IDFault(id string) string {
	switch {
	case id == "":
		return "is empty"
	case !utf8.ValidString(id):
		return "is not UTF-8"
	case utf8.RuneCountInString(id) > maxID:
		return "has more than 200 characters"
	case len(id) > maxID:
		return "has more than 200 bytes"
	case id == "." || id == "..":
		return "cannot be an id"
	case strings.ContainsFunc(id, invisible):
		return "has a character that cannot be printed"
	}
	return ""
}

// invisible is true of control, bidi and zero-width characters, and of letters that show nothing.
func invisible(c rune) bool {
	return !unicode.IsPrint(c) || unicode.In(c, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
