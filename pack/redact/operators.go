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
