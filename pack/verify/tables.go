package verify

import "bytes"

// What tables and pairs say in texts: SQL rows behind a list of columns, and pairs of name and value.

const (
	longestColumns = 1 << 10 // bytes of a list of columns
	longestRows    = 4 << 10 // bytes of rows that are looked at
	mostColumns    = 64
	pairReach      = 96 // bytes between the two halves of a pair
)

// rows finds the values of columns whose names say credential: (a, password) VALUES ('x', 'y'), ('z', ...).
func (s *scan) rows(t []byte, i, j int) {
	k := i
	for k > 0 && (t[k-1] == ' ' || t[k-1] == '\n') {
		k--
	}
	if k == 0 || t[k-1] != ')' || i < s.rowsEnd {
		return
	}
	from := bytes.LastIndexByte(t[max(0, k-longestColumns):k], '(')
	if from < 0 {
		return
	}
	from += max(0, k-longestColumns)
	var says [mostColumns]sense
	n, any := 0, false
	for column := range bytes.SplitSeq(t[from+1:k-1], []byte(",")) {
		if n == mostColumns {
			break
		}
		says[n] = senseOf(bytes.Trim(column, " \n\"'`[]\\"))
		any = any || says[n] == credential || says[n] == mail
		n++
	}
	if !any {
		return
	}
	end := min(len(t), j+longestRows)
	s.rowsEnd = end
	for k = j; k < end && !s.full(); {
		if k = skip(t, k, " ,\n\r\t"); k >= end || t[k] != '(' {
			return
		}
		k = s.row(t[:end], k+1, says[:n])
	}
}

// row looks through the values up to the closing bracket, and gives the place behind it.
func (s *scan) row(t []byte, k int, says []sense) int {
	for n := 0; k < len(t); n++ {
		k = skip(t, k, " \n\r\t")
		v := value{}
		v.readAt(t, opening(t, k))
		if n < len(says) && v.quoted && len(v.text) > 0 {
			if says[n] == credential && !masked(v.text) && maskAt(t[v.at:]) == 0 && !idle(v.text) {
				s.report(KindAssignment, v.text, v.at)
			} else if says[n] == mail && !masked(v.text) && maskAt(t[v.at:]) == 0 && !idle(v.text) {
				s.report(KindMailField, v.text, v.at)
			}
		}
		k = max(k, v.end())
		for k < len(t) && t[k] != ',' && t[k] != ')' {
			k++
		}
		if k == len(t) || t[k] == ')' {
			return min(len(t), k+1)
		}
		k++
	}
	return k
}

// pairInText judges the two halves of a pair: name=password value=x, in either order, and the text of
// the element of XML that has the name.
func (s *scan) pairInText(t []byte, i, j int, half vocation) {
	first := follows(t, i, j)
	if len(first.text) == 0 || len(first.text) > maxName {
		return
	}
	if half == ofName {
		name := bytes.TrimRight(first.text, ":")
		if !isNameLike(name) {
			return
		}
		if says := senseOf(name); says == credential || says == mail || says == phoneField {
			if second, ok := secondHalf(t, skip(t, first.end(), "\"'\\")); ok && says == phoneField {
				s.phone(t, second.at)
			} else if ok {
				second.strict = true
				s.judge(t, name, says, second)
			}
		}
		return
	}
	if masked(first.text) || maskAt(t[first.at:]) > 0 {
		return
	}
	if name, ok := otherHalf(t, first.end(), ofName); ok && isNameLike(name.text) && senseOf(name.text) == credential {
		first.strict = true
		s.judge(t, name.text, credential, first)
	}
}

// secondHalf gives the value behind a name that ends at k: the text of the element of XML that has the
// name, the text of the part of a form, or what an other half says.
func secondHalf(t []byte, k int) (v value, ok bool) {
	if k < len(t) && t[k] == '>' {
		return innerText(t, k+1), true
	}
	if lines := skip(t, k, "\r\n"); bytes.Count(t[k:lines], []byte{'\n'}) >= 2 {
		v.readAt(t, lines)
		return v, lines < len(t)
	}
	return otherHalf(t, k, ofPairValue)
}

// otherHalf looks for the other half of a pair among the next words.
func otherHalf(t []byte, k int, half vocation) (v value, ok bool) {
	for end := min(len(t), k+pairReach); k < end; {
		c := t[k]
		if c == '}' || c == '>' || c == ';' || c == '\n' && k+1 < end && t[k+1] == '\n' {
			return v, false
		}
		if classes[c]&isWordChar == 0 {
			k++
			continue
		}
		from := k
		for k < len(t) && classes[t[k]]&isWordChar != 0 {
			k++
		}
		if vocationOf(t[from:k]) == half {
			v = follows(t, from, k)
			return v, len(v.text) > 0
		}
	}
	return v, false
}
