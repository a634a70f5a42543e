package redact

import (
	"bytes"
	"unicode/utf8"
)

// nameSigns is how many signs a NAME has.
const nameSigns = 10

// placeholderLen gives the length of the placeholder that s begins with, or 0. It decides the grammar
// of placeholders, which the package comment spells out.
func placeholderLen(s []byte) int {
	if len(s) < 5 || s[0] != '[' {
		return 0
	}
	switch {
	case bytes.HasPrefix(s, []byte("[id-")), bytes.HasPrefix(s, []byte("[ip-")):
		n := 4 + nameSigns
		if len(s) <= n || s[n] != ']' {
			return 0
		}
		for _, c := range s[4:n] {
			if !isNameSign(c) {
				return 0
			}
		}
		return n + 1
	case bytes.HasPrefix(s, []byte("[removed-")):
		return removedLen(s)
	}
	return 0
}

const (
	maxHints       = 3
	maxHint        = 16
	maxPlaceholder = 96 // bytes; the longest rule name and three hints need fewer
)

func removedLen(s []byte) int {
	i := len("[removed-")
	for i < len(s) && (s[i] >= 'a' && s[i] <= 'z' || s[i] == '-') {
		i++
	}
	if !isRuleName(s[len("[removed-"):i]) {
		return 0
	}
	for hints := 0; i < len(s) && s[i] == ','; hints++ {
		start := i + 1
		for i = start; i < len(s) && (isAlnum(s[i]) || s[i] == '-' || s[i] == '.'); i++ {
		}
		if hints == maxHints || i == start || i-start > maxHint {
			return 0
		}
	}
	if i >= len(s) || s[i] != ']' {
		return 0
	}
	return i + 1
}

func isRuleName(b []byte) bool {
	for _, n := range ruleNames {
		if string(b) == n {
			return true
		}
	}
	return false
}

// isPlaceholder says whether all of s is one placeholder.
func isPlaceholder(s []byte) bool {
	n := placeholderLen(s)
	return n > 0 && n == len(s)
}

func appendPlaceholder(dst []byte, r rule) []byte {
	dst = append(dst, "[removed-"...)
	dst = append(dst, ruleNames[r]...)
	return append(dst, ']')
}

const dots = "..."

// isMasked says whether all of id is in a masked form already, so that masking it again must leave it:
// 4 runes + dots + 4 runes, dots + 6 runes, 4 runes + dots, or a placeholder.
func isMasked(id []byte) bool {
	n := utf8.RuneCount(id)
	switch {
	case n == 11:
		i := runeOffset(id, 4)
		return bytes.HasPrefix(id[i:], []byte(dots))
	case n == 9:
		return bytes.HasPrefix(id, []byte(dots))
	case n == 7:
		return bytes.HasSuffix(id, []byte(dots))
	}
	return isPlaceholder(id)
}

// runeOffset gives the byte offset of rune n, or len(s). A byte that is no UTF-8 counts as a rune.
func runeOffset(s []byte, n int) int {
	i := 0
	for ; n > 0 && i < len(s); n-- {
		_, size := utf8.DecodeRune(s[i:])
		i += size
	}
	return i
}

// Mask appends the masked form of one id (design 7). kind is "session", "socket", "user" or another
// word. Of user, driver, account and customer the last 6 runes stay, of all others the first and the
// last 4. An id of 8 runes or fewer becomes [id-NAME]; a masked one and an empty one stay.
func (r *Redactor) Mask(dst []byte, kind string, id []byte) []byte {
	n := utf8.RuneCount(id)
	switch {
	case n == 0 || isMasked(id):
		return append(dst, id...)
	case n <= 8:
		dst = append(dst, "[id-"...)
		dst = r.pad.appendName(dst, kind, id)
		return append(dst, ']')
	case bytes.HasSuffix(id, []byte(dots)): // the last ones have been cut off, the first 8 or so are there
		dst = append(dst, id[:runeOffset(id, 4)]...)
		return append(dst, dots...)
	case lastSix(kind):
		dst = append(dst, dots...)
		return append(dst, id[runeOffset(id, n-6):]...)
	}
	dst = append(dst, id[:runeOffset(id, 4)]...)
	dst = append(dst, dots...)
	return append(dst, id[runeOffset(id, n-4):]...)
}

func lastSix(kind string) bool {
	switch kind {
	case "user", "driver", "account", "customer":
		return true
	}
	return false
}
