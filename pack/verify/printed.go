package verify

import (
	"bytes"
	"strconv"
)

// How programs print a name and its value beside =, : and quotes: serialize and var_dump of PHP, terms of Erlang,
// MONITOR of Redis, tables of psql, of consoles and of Markdown, columns of blanks, CSV with its header,
// directives of nginx, plans of Terraform.

// printed gives the value that such a program prints behind the name from i to j.
func printed(t []byte, i, j int) (v value, ok bool) {
	rest := t[j:]
	switch {
	case bytes.HasPrefix(rest, []byte(`";`)):
		if v, ok = serialized(t, j+2); ok && !isArrayName(t, i) && !madeUp(v.text) {
			return value{}, true
		}
		return v, ok
	case bytes.HasPrefix(rest, []byte(`"]=>`)):
		return dumped(t, skip(t, j+4, " \r\n"))
	case bytes.HasPrefix(rest, []byte(`">>,`)):
		return term(t, j+4)
	case rest[0] == ',' && i > 0 && t[i-1] == '{':
		return term(t, j+1)
	case bytes.HasPrefix(rest, []byte(`" "`)) && isMonitored(t, i):
		v.readAt(t, j+2)
		return v, true
	case rest[0] == ' ' && i > 0 && (isDirective(t[:i]) || t[i-1] == '$' && bytes.HasSuffix(t[:i-1], []byte("set "))):
		if v = restOf(t, skip(t, j, " "), ";\n"); len(v.text) > 0 && v.text[0] == '$' { // a variable
			return value{}, true
		}
		return v, len(v.text) > 2 && t[min(v.end(), len(t)-1)] == ';'
	case bytes.HasPrefix(t[skip(t, j, `" `):], []byte("= null -> ")):
		v.readAt(t, skip(t, j, `" `)+len("= null -> "))
		return v, v.quoted
	}
	if v, ok = cell(t, i, j); ok {
		return v, true
	}
	return aligned(t, i, j)
}

// serialized: s:8:"password";s:14:"x"; and i:123; where the length tells where a text ends.
func serialized(t []byte, k int) (v value, ok bool) {
	if k+4 > len(t) || t[k+1] != ':' {
		return v, false
	}
	if c := t[k]; c == 'i' || c == 'd' {
		v.text, v.at = run(t, k+2), k+2
		return v, len(v.text) >= leastPin
	} else if c != 's' {
		return v, false
	}
	end := wordEnd(t, k+2)
	n, err := strconv.Atoi(string(t[k+2 : end]))
	if err != nil || n < 1 || end+2 > len(t) || t[end] != ':' || t[end+1] != '"' {
		return v, false
	}
	if end += 2; n > len(t)-end || t[min(end+n, len(t)-1)] != '"' { // its escapes were undone, or it is cut off
		if n = bytes.Index(t[end:], []byte(`";`)); n < 1 {
			return v, false
		}
	}
	return value{text: t[end : end+min(n, longestValue)], at: end, strict: true, quoted: true}, true
}

// isArrayName: the text that i stands in is a name of an array that serialize printed, and no value: names and
// values take turns behind its bracket.
func isArrayName(t []byte, i int) bool {
	at := i - 1
	for at > 0 && i-at < longestPath && t[at] != '"' {
		at--
	}
	for at--; at > 0 && (t[at] == ':' || classes[t[at]]&hasDigit != 0); at-- {
	}
	if at < 1 || t[at] != 's' {
		return false
	}
	k := bytes.LastIndexByte(t[max(0, at-longestRows):at], '{') + 1 + max(0, at-longestRows)
	isName := true
	for k < at {
		next := bytes.IndexByte(t[k:at], ';') + 1
		switch {
		case t[k] == '}':
			k, isName = k+1, true
			continue
		case t[k] == 's' && k+2 < at:
			end := wordEnd(t, k+2)
			n, err := strconv.Atoi(string(t[k+2 : end]))
			if err != nil || n > at {
				return false
			}
			next = end + n + 4 - k
		case next == 0:
			return false
		}
		k, isName = k+next, !isName
	}
	return k == at && isName
}

// isDumped: a line of var_dump begins as an array of JSON does: ["password"]=>.
func isDumped(line []byte) bool {
	line = line[:min(len(line), longestLabel)]
	n := bytes.Index(line, []byte(`"]=>`))
	return n > 0 && bytes.HasPrefix(line, []byte(`["`)) && bytes.IndexByte(line[2:n], '"') < 0
}

// dumped: ["password"]=> string(14) "x", int(123), float(1.5).
func dumped(t []byte, k int) (v value, ok bool) {
	end := wordEnd(t, k)
	if end+2 >= len(t) || t[end] != '(' {
		return v, false
	}
	switch string(t[k:end]) {
	case "string":
		n := bytes.IndexByte(t[end:min(len(t), end+12)], ')')
		if n < 0 {
			return v, false
		}
		v.readAt(t, skip(t, end+n+1, " "))
		return v, v.quoted
	case "int", "float":
		v.text, v.at, v.strict = run(t, end+1), end+1, true
		return v, len(v.text) >= leastPin
	}
	return v, false
}

// term: {password,<<"x">>}, {password,"x"}, {pin,1234}, with k behind the comma.
func term(t []byte, k int) (v value, ok bool) {
	k = skip(t, k, " ")
	if bytes.HasPrefix(t[k:], []byte("<<")) {
		k += 2
	}
	if isQuote(t, k) {
		v.readAt(t, k)
		return v, v.quoted
	}
	v.text, v.at, v.strict = run(t, k), k, true
	return v, len(v.text) >= leastPin && countDigits(v.text) == len(v.text) && bytes.HasPrefix(t[v.end():], []byte("}"))
}

// isMonitored: the name in quotes that begins at i is an argument of a command that MONITOR shows.
func isMonitored(t []byte, i int) bool {
	before := t[max(0, i-longestRun):i]
	before = before[bytes.LastIndexByte(before, '\n')+1:]
	return bytes.HasSuffix(before, []byte(`"`)) && bytes.Contains(before, []byte(`] "`))
}

// isDirective: what stands in front of a name is a directive that gives it a value.
func isDirective(before []byte) bool {
	for _, d := range [...]string{"proxy_set_header ", "add_header ", "fastcgi_param ", "uwsgi_param "} {
		if bytes.HasSuffix(before, []byte(d)) {
			return true
		}
	}
	return false
}

// restOf gives what stands up to one of the signs, without blanks and quotes around it.
func restOf(t []byte, k int, until string) value {
	end := k
	for end < len(t) && end-k < longestValue && bytes.IndexByte([]byte(until), t[end]) < 0 {
		end++
	}
	from := skip(t[:end], k, " \t\"'`")
	return value{text: bytes.TrimRight(t[from:end], " \t\r\"'`"), at: from, strict: true, quoted: from > k}
}

// cell gives the value of the cell of a table behind the one that the name from i to j fills. Of a table with
// two columns the line below its header is a rule.
func cell(t []byte, i, j int) (v value, ok bool) {
	k := skip(t, j, "\"'`* ")
	width := barAt(t, k)
	if width == 0 {
		return v, false
	}
	from := i
	for from > 0 && i-from < longestPath && bytes.IndexByte([]byte("\r\n|"), t[from-1]) < 0 && t[from-1] < 0x80 {
		from--
	}
	if name := bytes.Trim(t[from:j], " \t\"'`*"); bytes.IndexByte(name, ' ') >= 0 || from > 0 && t[from-1] != '\n' && t[from-1] != '|' && !isBarBefore(t, from) {
		return v, false
	}
	at := skip(t, k+width, " ")
	end := at
	for end < len(t) && end-at < longestValue && t[end] != '\n' && (end == at || t[end] != '"' && !(t[end] == '\\' && isQuote(t, end))) && (barAt(t, end) == 0 || t[end-1] != ' ') {
		end++
	}
	v = restOf(t[:end], at, "\n")
	if below := endOfLine(t, lineEnd(t, end)); below < len(t) && (t[below] == '-' || t[below] == '+' || t[below] == '|' && bytes.IndexByte([]byte("-: "), t[min(below+1, len(t)-1)]) >= 0 && bytes.HasPrefix(t[skip(t, below, "|: "):], []byte("--")) || bytes.HasPrefix(t[below:], []byte("├"))) {
		return v, false
	}
	return v, len(v.text) > 2 && !wordy(v.text) || compound(v.text)
}

// barAt gives the length of the sign between two cells at k, 0 for none.
func barAt(t []byte, k int) int {
	switch {
	case k < len(t) && t[k] == '|':
		return 1
	case bytes.HasPrefix(t[k:], []byte("│")):
		return len("│")
	}
	return 0
}

func isBarBefore(t []byte, k int) bool {
	return bytes.HasSuffix(t[:k], []byte("│"))
}

func lineEnd(t []byte, k int) int {
	n := bytes.IndexByte(t[k:], '\n')
	if n < 0 {
		return len(t)
	}
	return k + n
}

// aligned gives the value in the second of two columns of blanks, when the line above or below has one in the
// same place.
func aligned(t []byte, i, j int) (v value, ok bool) {
	from := bytes.LastIndexByte(t[max(0, i-longestPath):i], '\n') + 1 + max(0, i-longestPath)
	k := skip(t, j, " ")
	if k < j+2 || k-j > longestAlign || bytes.IndexByte(bytes.TrimLeft(t[from:i], " "), ' ') >= 0 || from == max(0, i-longestPath) && from > 0 && t[from-1] != '\n' {
		return v, false
	}
	v = restOf(t, k, "\n")
	if len(v.text) < 3 || bytes.IndexByte([]byte(":=|-<>{"), v.text[0]) >= 0 || bytes.HasPrefix(v.text, []byte("│")) || bytes.Contains(v.text, []byte("  ")) || loud(v.text) {
		return v, false
	}
	column := k - from
	below := lineEnd(t, k) + 1
	beside := below+column < len(t) && begins(t[below:lineEnd(t, below)], column)
	if !beside && from > 1 {
		above := bytes.LastIndexByte(t[max(0, from-1-longestValue):from-1], '\n') + 1 + max(0, from-1-longestValue)
		beside = begins(t[above:from-1], column)
	}
	v.strict = !wordy(v.text)
	return v, beside && (v.strict || compound(v.text))
}

// begins says whether in a line of two columns the second one begins there.
func begins(line []byte, column int) bool {
	return column >= 2 && column < len(line) && line[column] != ' ' && line[column-1] == ' ' && line[column-2] == ' ' && line[0] != ' '
}

// table looks through a text of CSV whose first line names columns of credentials.
func (s *scan) table(t []byte) {
	head := t[:min(len(t), longestColumns)]
	n := bytes.IndexByte(head, '\n')
	if n < 0 || bytes.IndexByte(head[:n], ',') < 0 {
		return
	}
	var says [mostColumns]sense
	var names [mostColumns][]byte
	columns, any := 0, false
	for name := range bytes.SplitSeq(bytes.TrimRight(head[:n], "\r"), []byte(",")) {
		name = bytes.Trim(name, `"`)
		if columns == mostColumns || len(name) == 0 || len(name) > longestPath || !isColumn(name) {
			return
		}
		says[columns], names[columns] = senseOf(name), name
		any = any || says[columns] == credential || says[columns] == mail || says[columns] == phoneField
		columns++
	}
	if !any {
		return
	}
	end := min(len(t), n+longestRows)
	for k := n + 1; k < end && !s.full(); {
		k = s.record(t[:end], k, says[:columns], names[:columns])
	}
}

// isColumn: a name of letters and digits, and what stands between them.
func isColumn(name []byte) bool {
	for _, c := range name {
		if classes[c]&isWordChar == 0 && c != '.' && c < 0x80 && bytes.IndexByte([]byte("$[]/"), c) < 0 {
			return false
		}
	}
	return name[0] > '9' || name[0] == '$'
}

// record looks through the fields of a line, when it has as many as there are columns, and gives the place behind it.
func (s *scan) record(t []byte, k int, says []sense, names [][]byte) int {
	var fields [mostColumns]value
	for n := 0; ; n++ {
		v := value{at: k, strict: true}
		if k < len(t) && t[k] == '"' {
			end := k + 1
			for end < len(t) && (t[end] != '"' || end+1 < len(t) && t[end+1] == '"') {
				if t[end] == '"' {
					end++
				}
				end++
			}
			v.at, v.quoted = k+1, true
			v.text = t[k+1 : min(len(t), end)]
			k = min(len(t), end+1)
		} else {
			for k < len(t) && t[k] != ',' && t[k] != '\n' {
				k++
			}
			v.text = bytes.TrimRight(t[v.at:k], "\r")
		}
		if n < len(says) {
			fields[n] = v
		}
		if k >= len(t) || t[k] != ',' {
			for i := range says {
				if n+1 == len(says) && len(fields[i].text) > 2 && !isCountOf(names[i], fields[i].text, fields[i].quoted) {
					s.column(t, says[i], fields[i])
				}
			}
			return lineEnd(t, min(k, len(t))) + 1
		}
		k++
	}
}

// column judges a field by what its column says.
func (s *scan) column(t []byte, says sense, v value) {
	switch {
	case masked(v.text) || maskAt(t[v.at:]) > 0 || idle(v.text) || standsFor(t, v.at, v.quoted):
	case says == credential && len(v.text) >= leastPin:
		s.report(KindAssignment, v.text, v.at)
	case says == mail && len(v.text) >= 5:
		s.report(KindMailField, v.text, v.at)
	case says == phoneField && countDigits(v.text) >= leastPhone:
		s.report(KindPhone, v.text, v.at)
	}
}
