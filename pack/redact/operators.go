package redact

// operatorStart gives the place where the operator begins whose last sign, =, stands at i: ?= and += of Make and shells,
// .= of PHP and Perl, ||= &&= ??= of Ruby and JavaScript; i where = stands alone. (:= and ::= begin with a colon, which is
// looked at first.)
func (t *text) operatorStart(i int) int {
	s := t.s
	if i <= t.done+1 || s[i] != '=' {
		return i
	}
	switch c := s[i-1]; c {
	case '?', '|', '&':
		if s[i-2] == c {
			return i - 2
		}
		if c == '?' {
			return i - 1
		}
	case '.', '+':
		return i - 1
	}
	return i
}

// listEnd gives the end of the texts in quotes that belong to the names of one assignment, a, b := "x", "y", of which the
// last name begins at start and the first text ends at end.
func (t *text) listEnd(start, end int) int {
	s, class := t.s, &t.p.r.tab.class
	for end+3 < len(s) && string(s[end:end+3]) == " | " && isQuote(s[end+3]) { // 'x' | 'y'
		_, _, end = t.value(end+3, 0)
	}
	if end+4 < len(s) && string(s[end:end+4]) == " -> " && isQuote(s[end+4]) { // "x" -> "y" of a plan
		_, _, end = t.value(end+4, 0)
	}
	if start < t.done+3 || s[start-1] != ' ' || s[start-2] != ',' || !isLetter(s[start]) && s[start] != '_' && s[start] != '$' {
		return end
	}
	j := start - 2
	for j > t.done && class[s[j-1]]&cWord != 0 {
		j--
	}
	if j == start-2 || isDigit(s[j]) || j > 0 && !isSpace(s[j-1]) {
		return end
	}
	for end < len(s) && s[end] == ',' {
		v := skipBlanks(s, end+1)
		if v >= len(s) || !isQuote(s[v]) && s[v] != '\\' {
			break
		}
		a, _, next := t.value(v, 0)
		if a == v || next <= v || next < len(s) && (s[next] == ':' || s[next] == '=') {
			break
		}
		end = next
	}
	return end
}
