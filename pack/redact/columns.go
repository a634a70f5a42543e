package redact

import "bytes"

// Tables of text whose first line names the columns, with commas, semicolons or tabs between: CSV and its like. What stands
// in a column that is named like a credential goes.

// mostColumns is how many columns are looked at; a table that has more is text.
const mostColumns = 64

// columns are those of the text that a pass goes over.
type columns struct {
	n      int                   // 0: it is no such table
	infos  [mostColumns]nameInfo // plain: what stands in the column is text
	sep    byte
	headed bool // the text of the next scan begins with their names
	known  bool // the first segment has been looked at
	asRows bool // the text of the next scan is rows of it
}

// head reads the names of the columns from the first line of a text, when it is one of names alone and one of them says
// credential, e-mail or telephone.
func (p *pass) head(s []byte) {
	c := &p.columns
	c.n, c.sep, c.known = 0, 0, true
	named, n, start := false, 0, 0
	for i := 0; i < len(s) && n < mostColumns; i++ {
		switch b := s[i]; {
		case b == '"', p.r.tab.class[b]&(cName|cWord) != 0:
			continue
		case b == '\n' || b == '\r' && i+1 < len(s) && s[i+1] == '\n':
		case (b == ',' || b == ';' || b == '\t') && (c.sep == 0 || c.sep == b):
			c.sep = b
		default:
			return
		}
		info := p.classify(bytes.Trim(s[start:i], `"`))
		if i == start || !info.sensitive() || info.flags&(nfKept|nfMeasure|nfTail|nfKind) != 0 {
			info = nameInfo{}
		}
		c.infos[n], named = info, named || info.class != namePlain
		if n++; s[i] != c.sep {
			if named && n > 1 {
				c.n, c.headed = n, true
			}
			return
		}
		start = i + 1
	}
}

// rows scans a text of rows, and removes the cells of the columns that head found.
func (t *text) rows() {
	s, line := t.s, 0
	if t.p.columns.headed {
		line = max(0, bytes.IndexByte(s, '\n'))
		t.runTo(line)
		t.done = max(t.done, line) // the name of the last column is none of what stands below
		line++
	}
	for line < len(s) {
		end := bytes.IndexByte(s[line:], '\n')
		if end < 0 {
			end = len(s) - line
		}
		t.row(line, bytes.TrimSuffix(s[line:line+end], []byte{'\r'}))
		line += end + 1
	}
	t.runTo(len(s))
}

// row removes cells of one line, which begins at start, unless it has more cells or fewer than there are columns.
func (t *text) row(start int, line []byte) {
	c := &t.p.columns
	var from, to [mostColumns]int
	n, i := 0, 0
	for ; n < c.n; n++ {
		from[n] = i
		if i < len(line) && line[i] == '"' {
			for i++; i < len(line) && (line[i] != '"' || i+1 < len(line) && line[i+1] == '"'); i++ {
				if line[i] == '"' {
					i++
				}
			}
		}
		for i < len(line) && line[i] != c.sep {
			i++
		}
		to[n] = i
		if i++; i > len(line) {
			n++
			break
		}
	}
	if n != c.n || i <= len(line) {
		return
	}
	for k, info := range c.infos[:n] {
		if info.class == namePlain {
			continue
		}
		a, b := from[k], to[k]
		if b-a > 1 && line[a] == '"' && line[b-1] == '"' {
			a, b = a+1, b-1
		}
		val := line[a:b]
		if len(val) == 0 || t.harmless(val, true, info) || info.flags&nfWeak != 0 && !mixed(val) || info.class >= namePhone && digits(val) < 3 ||
			t.p.classify(val).class == info.class && !mixed(val) {
			continue
		}
		t.runTo(start + a)
		if t.done < start+b {
			t.add(start+a, start+b, rulePair)
		}
	}
}
