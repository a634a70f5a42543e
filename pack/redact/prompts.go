package redact

import "bytes"

// What is typed, or stands, on the line behind a name: "Enter password:" and the answer, "secret: |" and its
// text, also where the line's end is written as \n.

// maxEscapes is how many backslashes may stand before the n of a line's end that is written as one.
const maxEscapes = 8

// breakLen gives the length of the line's end at the start of s, also of one that is written as \n or \r\n; 0: there
// is none.
func breakLen(s []byte) int {
	if len(s) > 1 && s[0] == '\r' && s[1] == '\n' {
		return 2
	}
	if len(s) > 0 && s[0] == '\n' {
		return 1
	}
	n := 0
	for range 2 {
		k := n
		for k < len(s) && k-n < maxEscapes && s[k] == '\\' {
			k++
		}
		switch {
		case k == n || k == len(s):
			return 0
		case s[k] == 'n':
			return k + 1
		case s[k] != 'r':
			return 0
		}
		n = k + 1
	}
	return 0
}

// scalarHead gives the length of the head of a block scalar at the start of s when a line's end is behind it.
func scalarHead(s []byte) int {
	if len(s) == 0 || s[0] != '|' && s[0] != '>' {
		return 0
	}
	n := 1
	for n < len(s) && n < 4 && inClass("+-123456789", s[n]) {
		n++
	}
	if breakLen(s[n:]) == 0 {
		return 0
	}
	return n
}

// lineBelow gives the place of a value that stands alone on the line behind the one that ends at v; 0: there is none.
// At the line's start it must look like a credential, or answer a question: asked.
func (t *text) lineBelow(v int, asked bool, info nameInfo) int {
	s := t.s
	n := breakLen(s[v:])
	if n == 0 {
		return 0
	}
	if more := breakLen(s[v+n:]); more > 0 && v+n+more < len(s) && s[v+n+more] == ' ' { // an empty line, and what is indented below
		n += more
	}
	a := v + n
	for a < len(s) && a-v-n < maxName && (s[a] == ' ' || s[a] == '\t') {
		a++
	}
	indented := a > v+n
	if a == len(s) || s[a] == '-' || s[a] == '<' {
		return 0
	}
	if isQuote(s[a]) {
		if indented && s[v] != '\\' {
			return a
		}
		return 0
	}
	end := a
	for end < len(s) && !isSpace(s[end]) && !isQuote(s[end]) && s[end] != '<' && (s[end] != '\\' || breakLen(s[end:]) == 0) {
		end++
	}
	val := s[a:end]
	alone := end == len(s) || isQuote(s[end]) || s[end] == '<' && end+1 < len(s) && s[end+1] == '/' || breakLen(s[end:]) > 0
	if len(val) == 0 || !alone || bytes.IndexByte(val, ':') >= 0 || bytes.IndexByte(bytes.TrimRight(val, "="), '=') >= 0 {
		return 0
	}
	if indented || asked && len(val) >= minAnswer && !isTail(val) {
		return a
	}
	if info.flags&(nfWeak|nfTail|nfMeasure) != 0 || len(val) < minAnswer || digits(val) == 0 || !mixed(val) || isDate(val) || hasUnit(val) {
		return 0
	}
	return a
}

// minAnswer is the least length of an answer to a question for a credential, in bytes.
const minAnswer = 6

// asked says whether the name at i is asked for: "Enter password:", "New password:".
func (t *text) asked(i int) bool {
	from := t.wordBefore(i)
	if from == i {
		return false
	}
	switch word := t.s[from : i-1]; {
	case len(word) > len("re-enter"):
	case foldPrefix(word, "enter"), foldPrefix(word, "re-enter"), foldPrefix(word, "retype"), foldPrefix(word, "type"), foldPrefix(word, "new"),
		foldPrefix(word, "current"), foldPrefix(word, "verify"), foldPrefix(word, "repeat"):
		return true
	}
	return false
}

// nameLine gives the end of the name that is all of the line that ends at k, but for a colon; -1: none is.
func (t *text) nameLine(k int) int {
	s, lo := t.s, max(t.done, k-maxPairName)
	end := k
	for end > lo && inClass(" \t\r:", s[end-1]) {
		end--
	}
	line, blanks := end, 0
	for line > lo && s[line-1] != '\n' {
		line--
		if s[line] != ' ' {
			continue
		}
		if blanks++; blanks > 1 { // prose, as most lines are
			return -1
		}
	}
	if line == end || k-line >= maxPairName {
		return -1
	}
	return end
}
