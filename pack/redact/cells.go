package redact

import "bytes"

// Names and values that stand in cells: tables of psql, Markdown and consoles with a bar between them, columns that blanks
// align, terms of Erlang, dumps of PHP.

// bar is the one with which consoles draw tables.
const bar = "\u2502"

// cell looks at the bar at i, of width bytes, behind a name that begins its line or cell, and removes what stands in the next.
func (t *text) cell(i, width int) int {
	s, next := t.s, i+width
	if next >= len(s) || s[next] != ' ' || i == 0 || s[i-1] != ' ' {
		return next
	}
	from, to := t.nameBefore(i)
	if from >= to || !t.cellBegins(from) {
		return next
	}
	info, start := t.judgeName(from, to)
	if !info.sensitive() || info.flags&(nfKept|nfTail|nfMeasure) != 0 {
		return next
	}
	v := skipBlanks(s, next)
	end := v
	for end < len(s) && s[end] != '\n' && s[end] != '\r' && (s[end] != '|' || s[end-1] == '\\') && !bytes.HasPrefix(s[end:], []byte(bar)) {
		end++
	}
	for end > v && isSpace(s[end-1]) {
		end--
	}
	a, b := v, end
	for b > a+1 && (isQuote(s[a]) || s[a] == '*') && s[b-1] == s[a] {
		a, b = a+1, b-1
	}
	val := s[a:b]
	if len(val) == 0 || t.harmless(val, true, info) || placeholderLen(val) > 0 || t.headsTable(end) ||
		info.class == nameCredential && info.flags&nfWeak != 0 && !mixed(val) || info.class >= namePhone && digits(val) < 3 {
		return next
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(start, end, ruleAssignment)
}

// cellBegins says whether nothing but blanks and signs of emphasis stand between i and the beginning of its line or cell.
func (t *text) cellBegins(i int) bool {
	s := t.s
	for n := 0; i > 0 && n < maxAlign && (s[i-1] == ' ' || s[i-1] == '*' || isQuote(s[i-1])); n++ {
		i--
	}
	return i == 0 || s[i-1] == '\n' || s[i-1] == '|' || bytes.HasSuffix(s[:i], []byte(bar))
}

// headsTable says whether the line below the one in which i stands is a rule of dashes: the line names columns.
func (t *text) headsTable(i int) bool {
	n := bytes.IndexByte(t.s[i:min(len(t.s), i+maxCommand)], '\n')
	if n < 0 {
		return false
	}
	below := bytes.TrimLeft(t.s[i+n+1:min(len(t.s), i+n+16)], " |+:")
	return bytes.HasPrefix(below, []byte("--")) || bytes.HasPrefix(below, []byte("\u2500")) || bytes.HasPrefix(below, []byte("==")) ||
		bytes.HasPrefix(below, []byte("\u251c"))
}

// aligned removes the value that is all of the rest of a line, two blanks or more behind the name whose last word is s[i:j]
// and which begins the line.
func (t *text) aligned(i, j int) int {
	s, class := t.s, &t.p.r.tab.class
	from := i
	for from > t.done && j-from < maxName && class[s[from-1]]&cName != 0 {
		from--
	}
	if from > 0 && s[from-1] != '\n' {
		return 0
	}
	info := t.p.classify(s[from:j])
	v := skipBlanks(s, j)
	if !info.sensitive() || info.flags&(nfKept|nfTail) != 0 || v >= len(s) || isSpace(s[v]) || inClass("|=:", s[v]) {
		return 0
	}
	a, b, end := t.value(v, 0)
	if info.class >= namePhone {
		b = t.phoneEnd(v)
		end = b
	}
	val := s[a:max(a, b)]
	if len(val) == 0 || !t.lineEnds(end) || t.harmless(val, a > v, info) || isUpperName(val) || t.headsTable(end) ||
		info.class == nameCredential && info.flags&nfWeak != 0 && !mixed(val) || info.class >= namePhone && digits(val) < 3 {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(from, end, ruleAssignment)
}

// term removes a pair of Erlang or Elixir whose { is at i, {password,"x"} or {password, <<"x">>}; 0: it is none.
func (t *text) term(i int) int {
	s, class := t.s, &t.p.r.tab.class
	j := i + 1
	for j < len(s) && j-i < maxName && class[s[j]]&(cWord|cName) != 0 {
		j++
	}
	if j == i+1 || j >= len(s) || s[j] != ',' {
		return 0
	}
	v := skipBlanks(s, j+1)
	binary := bytes.HasPrefix(s[min(v, len(s)):], []byte("<<"))
	if binary {
		v += 2
	}
	q := v
	for q < len(s) && s[q] == '\\' {
		q++
	}
	if q >= len(s) || s[q] != '"' {
		return 0
	}
	info := t.p.classify(s[i+1 : j])
	if !info.sensitive() || info.flags&(nfKept|nfTail) != 0 {
		return 0
	}
	a, b, end := t.value(v, 0)
	if b <= a || t.harmless(s[a:b], true, info) || info.class >= namePhone && digits(s[a:b]) < 3 {
		return 0
	}
	if binary && bytes.HasPrefix(s[end:], []byte(">>")) {
		end += 2
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(i+1, end, ruleAssignment)
}

// dumped gives the place of a text that PHP dumped on the line behind the => whose line ends at v: string(5) "x"; v: there is
// none.
func (t *text) dumped(v int) int {
	k := v + breakLen(t.s[v:])
	k = skipBlanks(t.s, k)
	n := typeLen(t.s[k:])
	if n == 0 || !bytes.HasPrefix(t.s[k:], []byte("string(")) {
		return v
	}
	return k + n
}

// besideQuoted removes the text in quotes at v behind the name s[i:quote] in quotes of its own, as MONITOR of Redis prints what
// it was given: "HSET" "user" "password" "x"; 0: it is none.
func (t *text) besideQuoted(i, quote, v int) int {
	s := t.s
	start := i - 1
	for start > t.done && s[start-1] == '\\' {
		start--
	}
	q := v
	for q < len(s) && s[q] == '\\' {
		q++
	}
	if v == quote+1 || q >= len(s) || s[q] != s[quote] || start == 0 || s[start-1] != ' ' {
		return 0
	}
	end := quote
	for end > i && s[end-1] == '\\' {
		end--
	}
	info := t.p.classify(s[i:end])
	if !info.sensitive() || info.flags&(nfKept|nfTail|nfMeasure) != 0 {
		return 0
	}
	a, b, end := t.value(v, 0)
	if a == v || b <= a || t.harmless(s[a:b], true, info) || !mixed(s[a:b]) && (info.flags&nfWeak != 0 || t.p.classify(s[a:b]).class != namePlain) {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(start, end, rulePair)
}
