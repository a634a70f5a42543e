package redact

import "bytes"

// maxBracket is how far a value in brackets is followed for its end, in bytes.
const maxBracket = 16 << 10

// value finds the value at v: its content s[a:b], and the end of what must go with it. opener is the
// quote that stands before the name, 0 for none: it ends the value, too.
func (t *text) value(v int, opener byte) (a, b, end int) {
	s := t.s
	q := v
	if q+1 < len(s) && inClass("bBuUrRfFN@$", s[q]) { // u'x', b"x", N'x'
		if n := max(t.doubledLen(q+1), escapedQuoteAt(s[q+1:])); n > 0 {
			return t.quotedByEscapes(q+1, n)
		}
		if isQuote(s[q+1]) {
			return t.quoted(q+1, 0)
		}
	}
	for q < len(s) && s[q] == '\\' {
		q++
	}
	if q == v && q < len(s) && isQuote(s[q]) {
		if n := t.doubledLen(q); n > 0 {
			return t.quotedByEscapes(q, n)
		}
	}
	if q < len(s) && isQuote(s[q]) && (s[q] != opener || opener == 0 || q > v || v > 0 && s[v-1] == ' ' && !t.endsAt(q+1)) {
		return t.quoted(q, q-v)
	}
	if q > v && q < len(s) && s[q] == '&' {
		if n := escapedQuoteAt(s[q:]); n > 0 {
			return t.quotedByEscapes(q, n)
		}
	}
	q = max(v, q-1)
	if n := escapedQuoteAt(s[q:]); n > 0 {
		return t.quotedByEscapes(q, n)
	}
	if n := templateLen(s[v:]); n > 0 && t.endsAt(v+n) {
		return v, v + n, v + n
	}
	if s[v] == '{' || s[v] == '[' || s[v] == '(' || s[v] == '&' || s[v] == 'm' {
		if n := compositeLen(s[v:]); n > 0 {
			end := t.bracketEnd(v + n)
			return v, end, end
		}
	}
	if s[v] == '{' || s[v] == '[' || s[v] == '(' {
		end := t.bracketEnd(v)
		if t.endsAt(end) {
			return v, end, end
		}
		b = t.bareEnd(end, opener)
		return v, b, b
	}
	b = t.bareEnd(v, opener)
	b = t.goValueEnd(v, t.trimEnd(v, b))
	for s[v] >= 0x80 && b+1 < len(s) && s[b] == ' ' && s[b+1] >= 0x80 { // signs that are no letters, with blanks between
		b = t.trimEnd(v, t.bareEnd(b+1, opener))
	}
	return v, b, b
}

// goValueEnd gives the end of a value with blanks as Go prints it, {Name:a b Next:c} or map[name:a b next:c], when its
// first word ends at b: before the next name or the closing bracket.
func (t *text) goValueEnd(v, b int) int {
	s := t.s
	if v < 2 || s[v-1] != ':' || b >= len(s) || s[b] != ' ' || !isAlnum(s[v-2]) {
		return b
	}
	before := s[max(0, v-maxCommand):v]
	if open := bytes.LastIndexAny(before, "{["); open < 0 || bytes.LastIndexAny(before, "}]\"'\n") > open {
		return b
	}
	for k, words := b, 0; words < maxPhrase && k < len(s) && s[k] == ' '; words++ {
		end := k + 1
		if placeholderLen(s[end:]) > 0 {
			return k
		}
		for end < len(s) && !isSpace(s[end]) && s[end] != '}' && s[end] != ']' && s[end] != ':' {
			end++
		}
		if end == len(s) || end == k+1 {
			return b
		}
		switch s[end] {
		case ':':
			return k
		case '}', ']':
			return end
		}
		k = end
	}
	return b
}

// shellQuote is how a quote stands inside a text in single quotes of a shell.
const shellQuote = `'\''`

// doubledLen gives the length of the quote at q where it is written so that it may stand inside others of its
// kind: ” in SQL, '\” in a shell; 0: it is not.
func (t *text) doubledLen(q int) int {
	s := t.s
	switch {
	case bytes.HasPrefix(s[q:], []byte(shellQuote)):
		return len(shellQuote)
	case q+2 < len(s) && isQuote(s[q]) && s[q+1] == s[q] && !t.endsAt(q+2) && s[q+2] != s[q]:
		return 2
	}
	return 0
}

// compositeLen gives the length of what stands before the { of a composite value of Go: []string, map[string]any,
// &http.Header; 0: it is none.
func compositeLen(s []byte) int {
	if !bytes.HasPrefix(s, []byte("[]")) && !bytes.HasPrefix(s, []byte("map[")) && (len(s) < 2 || s[0] != '&' || !isLetter(s[1])) {
		return 0
	}
	n := 1
	for n < len(s) && n < maxPairName && (isAlnum(s[n]) || inClass("[]*._", s[n]) || s[n] == ' ' && n > 0 && s[n-1] == 'e') {
		n++
	}
	if n >= len(s) || s[n] != '{' {
		return 0
	}
	return n
}

// quoted finds the end of a value in quotes: the same quote behind as many backslashes (fewer end the
// document around it), else the end of the line.
func (t *text) quoted(q, slashes int) (a, b, end int) {
	s := t.s
	run := 0
	for j := q + 1; j < len(s); j++ {
		switch s[j] {
		case '\\':
			run++
			continue
		case s[q]:
			if s[q] == '\'' && slashes == 0 && run == 0 && j > q+1 && j+2 < len(s) && s[j+1] == '\'' && isAlnum(s[j+2]) {
				j++ // a quote inside a text of SQL
				continue
			}
			if run <= slashes || slashes == 0 && run%2 == 0 {
				return q + 1, j - run, j + 1
			}
		case '\n':
			if slashes > 0 || s[q] == '\'' || run == 0 {
				if slashes == 0 {
					if end := quoteOnLaterLine(s, j, s[q]); end > 0 {
						return q + 1, end, end + 1
					}
				}
				return q + 1, j, j
			}
		}
		run = 0
	}
	return q + 1, len(s), len(s)
}

// bracketEnd finds the end of a value that begins with a bracket at v: the matching one, else the end
// of the line.
func (t *text) bracketEnd(v int) int {
	s := t.s
	depth, quote, run, opened := 0, byte(0), 0, 0
	stop := min(len(s), v+maxBracket)
	for j := v; j < stop; j++ {
		c := s[j]
		if c == '\\' {
			run++
			continue
		}
		switch {
		case quote != 0:
			if c == quote && (run <= opened || opened == 0 && run%2 == 0) {
				quote = 0
			}
		case c == '"':
			quote, opened = c, run
		case c == '{' || c == '[' || c == '(':
			depth++
		case c == '}' || c == ']' || c == ')':
			if depth--; depth == 0 {
				return j + 1
			}
		}
		run = 0
	}
	if n := bytes.IndexByte(s[v:], '\n'); n >= 0 {
		return v + n
	}
	return len(s)
}

// bareEnd finds the end of a value without quotes: a blank, or one of , ; & | when a name or nothing
// follows, or a quote or closing bracket that ends something around it.
func (t *text) bareEnd(v int, opener byte) int {
	s := t.s
	for j := v; j < len(s); j++ {
		switch c := s[j]; {
		case c == '\'' && bytes.HasPrefix(s[j:], []byte(shellQuote)) && j+4 < len(s) && !t.endsAt(j+4):
			j += len(shellQuote) - 1
		case isSpace(c), c < 0x20, c == opener && opener != 0:
			return j
		case c == '\\' && j+1 < len(s) && (isQuote(s[j+1]) || s[j+1] == 'n' || s[j+1] == 'r' || s[j+1] == 't' || s[j+1] == '\\'):
			return j
		case c == ',' || c == ';' || c == '&' || c == '|':
			if t.endsAt(j+1) || t.nextIsName(j+1) || placeholderLen(s[j+1:]) > 0 || c == '&' && t.entityEnds(j) {
				return j
			}
		case isQuote(c), c == ')' || c == ']' || c == '}' || c == '>', c == '<':
			if t.endsAt(j+1) || c == '<' && j+1 < len(s) && s[j+1] == '/' {
				return j
			}
		}
	}
	return len(s)
}

// entityEnds says whether the entity at j, if there is one, ends a value: a quote, a tag, an & before a name.
func (t *text) entityEnds(j int) bool {
	size, r := entityAt(t.s[j:])
	return size > 0 && (r == '"' || r == '\'' || r == '<' || r == '>' || r == '&' && (t.endsAt(j+size) || t.nextIsName(j+size)))
}

// endsAt says whether nothing of a value can stand at j.
func (t *text) endsAt(j int) bool {
	s := t.s
	if j >= len(s) || isSpace(s[j]) {
		return true
	}
	switch s[j] {
	case '"', '\'', '`', ',', ';', ')', ']', '}', '>', '<', '&':
		return true
	case '\\', '.', ':':
		return j+1 >= len(s) || !isAlnum(s[j+1]) || s[j] == '\\' && (s[j+1] == 'n' || s[j+1] == 'r' || s[j+1] == 't')
	}
	return false
}

// nextIsName says whether a name with = or : stands at j, perhaps in quotes.
func (t *text) nextIsName(j int) bool {
	s, class := t.s, &t.p.r.tab.class
	for j < len(s) && (isQuote(s[j]) || s[j] == '\\') {
		j++
	}
	k := j
	for k < len(s) && k-j < maxName && class[s[k]]&cName != 0 {
		k++
	}
	if k == j {
		return false
	}
	for k < len(s) && (isQuote(s[k]) || s[k] == '\\') {
		k++
	}
	return k < len(s) && (s[k] == '=' || s[k] == ':')
}

// trimEnd leaves the point or comma that ends a sentence.
func (t *text) trimEnd(v, b int) int {
	for b > v+1 && (t.s[b-1] == '.' || t.s[b-1] == ',' || t.s[b-1] == ';' || t.s[b-1] == ':') {
		b--
	}
	return b
}
