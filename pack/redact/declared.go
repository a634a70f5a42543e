package redact

import "bytes"

// Values behind a name with nothing between: PASSWORD x of SQL, password y of .netrc, password 7 z of a router.

// bareTold removes a value that stands right behind its name: PASSWORD x of SQL, login x password y of
// .netrc. What looks like a credential by itself is found by behindName.
func (t *text) bareTold(start, j int, info nameInfo) int {
	s := t.s
	if j+1 >= len(s) || !isSpace(s[j]) {
		return 0
	}
	if end := t.declared(start, j, info); end > 0 || info.flags&nfWeak != 0 {
		return end
	}
	v := skipSpace(s, j)
	if v >= len(s) || !isAlnum(s[v]) && !inClass("!#$%*+./?@^_~", s[v]) {
		return 0
	}
	line := s[max(0, start-maxApart):start]
	netrc := bytes.Contains(line, []byte("login ")) && (bytes.Contains(line, []byte("machine ")) || bytes.Contains(line, []byte("default ")))
	wifi := bytes.Contains(line, []byte("wifi connect "))
	sql := string(s[start:j]) == "PASSWORD" && v == j+1 && hasStatement(line)
	if !netrc && !sql && !wifi {
		return 0
	}
	a, b, end := t.value(v, 0)
	if b <= a || t.harmless(s[a:b], a > v, info) || sql && bytes.Equal(bytes.ToUpper(s[a:b]), s[a:b]) && digits(s[a:b]) == 0 {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(start, end, ruleAssignment)
}

// declared removes a value behind a name and the digit that tells how it is written: password 7 x of a router; 0: there is
// none.
func (t *text) declared(start, j int, info nameInfo) int {
	s := t.s
	v := j + 1
	if v >= len(s) || s[j] != ' ' || isSpace(s[v]) {
		return 0
	}
	if !isDigit(s[v]) || v+2 >= len(s) || s[v+1] != ' ' || info.flags&nfWeak != 0 {
		return 0
	}
	v += 2
	a, b, end := t.value(v, 0)
	if b <= a || t.harmless(s[a:b], a > v, info) || !mixed(s[a:b]) || !t.lineEnds(end) {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(start, end, ruleAssignment)
}

// hasStatement says whether an SQL statement that sets a password stands in the line before one.
func hasStatement(line []byte) bool {
	for _, w := range [...]string{"CREATE ", "ALTER ", "SET ", "WITH ", "ROLE ", "USER "} {
		if bytes.Contains(line, []byte(w)) {
			return true
		}
	}
	return false
}
