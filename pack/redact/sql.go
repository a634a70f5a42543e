package redact

import "bytes"

const (
	maxColumns = 64      // columns of an SQL statement that are looked at
	maxLead    = 2 << 10 // how far before VALUES the list of columns may begin
)

// sqlValues looks behind VALUES at j of INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y'): what stands at the
// place of a column that is named like a credential goes. 0: there is no such column.
func (t *text) sqlValues(i, j int) int {
	s := t.s
	v := skipSpace(s, j)
	if v >= len(s) || s[v] != '(' || t.inTuple {
		return 0
	}
	lo := max(0, i-maxLead)
	shut := bytes.LastIndexByte(s[lo:i], ')')
	if shut < 0 || len(bytes.TrimSpace(s[lo+shut+1:i])) > 0 {
		return 0
	}
	open := bytes.LastIndexByte(s[lo:lo+shut], '(')
	if open < 0 {
		return 0
	}
	var bad [maxColumns]bool
	some, n := false, 0
	for rest := s[lo+open+1 : lo+shut]; n < maxColumns; n++ {
		name, after, more := bytes.Cut(rest, []byte(","))
		name = bytes.Trim(name, " \t\r\n\"`[]'\\")
		if dot := bytes.LastIndexByte(name, '.'); dot >= 0 {
			name = name[dot+1:]
		}
		info := t.p.classify(name)
		bad[n] = info.sensitive() && info.flags&nfKept == 0
		some = some || bad[n]
		if rest = after; !more {
			break
		}
	}
	if !some {
		return 0
	}
	t.inTuple = true
	defer func() { t.inTuple = false }()
	for v < len(s) && s[v] == '(' {
		v = t.tuple(v+1, bad[:])
		if v = skipSpace(s, v); v < len(s) && s[v] == ',' {
			v = skipSpace(s, v+1)
		}
	}
	return max(v, t.done) // an entity in a value had all that follows read
}

// tuple removes what is at the bad places of the list of values that begins at v, and gives the place
// behind it. Texts of other columns are gone over, too.
func (t *text) tuple(v int, bad []bool) int {
	s := t.s
	for n := 0; v < len(s); n++ {
		v = skipSpace(s, v)
		end := sqlValueEnd(s, v)
		switch val := bytes.TrimRight(s[v:end], " \t\r\n"); {
		case n < len(bad) && bad[n] && len(val) > 0 && !isPlaceholder(bytes.Trim(val, `'"`)) && !foldPrefix(val, "null") && val[0] != '?' && val[0] != '$':
			t.valueFrom, t.valueTo = v, v+len(val)
			t.add(v, v+len(val), rulePair)
		case t.done <= v:
			t.done = v // a matcher must not look back over values that have been removed
			t.run(end)
		}
		if end >= len(s) || s[end] != ',' {
			return min(len(s), end+1)
		}
		v = end + 1
	}
	return v
}

// sqlValueEnd gives the place of the comma or bracket behind the value at v.
func sqlValueEnd(s []byte, v int) int {
	depth := 0
	for v < len(s) {
		switch c := s[v]; c {
		case '\'', '"':
			v++
			for v < len(s) && (s[v] != c || v+1 < len(s) && s[v+1] == c) {
				if s[v] == c || s[v] == '\\' {
					v++
				}
				v++
			}
		case '(':
			depth++
		case ')':
			if depth == 0 {
				return v
			}
			depth--
		case ',':
			if depth == 0 {
				return v
			}
		}
		v++
	}
	return len(s)
}
