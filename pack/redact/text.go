package redact

// text is one scan over plain text: the decoded content of a JSON string, a label value, a segment of
// a log. It runs once from left to right over words and anchors; a matcher behind one of them may add
// an edit and gives the position to go on from. Matchers look back at most to done, and forward only
// from where they stand, so that a scan is linear but for the bounded look-backs.
type text struct {
	p        *pass
	s        []byte
	base     int  // this scan's first edit in p.edit
	replBase int  // and its first byte in p.repl
	done     int  // end of the last edit
	jsonFail int  // no document begins before here
	noUser   int  // no @ stands before here, behind the last ://
	decoded  int  // encoded runs before here have been looked at
	uncoded  int  // and words that may be base64 or hex
	inTuple  bool // inside VALUES of SQL
	// Where the value of the next edit stands, for the explainer; both 0: all of the edit is the value.
	valueFrom, valueTo int
	final              bool
	torn               bool // a PEM block or value runs over the end
}

// scan finds what must change in s. final says that s ends where the text ends. The caller applies the
// edits and drops the scan before it begins another one.
func (p *pass) scan(s []byte, final bool) text {
	t := text{p: p, s: s, base: len(p.edit), replBase: len(p.repl), final: final}
	if p.columns.asRows {
		p.columns.asRows = false // texts inside are none
		t.rows()
		return t
	}
	t.runTo(len(s))
	return t
}

func (t *text) edits() []edit { return t.p.edit[t.base:] }

func (t *text) drop() {
	t.p.edit = t.p.edit[:t.base]
	t.p.repl = t.p.repl[:t.replBase]
}

// run scans from done to stop.
func (t *text) run(stop int) {
	s, class := t.s, &t.p.r.tab.class
	for i := t.done; i < stop; {
		f := class[s[i]]
		if f&cWord != 0 {
			j := i + 1
			for j < len(s) && class[s[j]]&cWord != 0 {
				f |= class[s[j]]
				j++
			}
			if t.dull(i, j, f) {
				i = j
				continue
			}
			if i > 0 && s[i-1] == '\\' && j-i > 4 && inClass("nrt", s[i]) {
				if end := t.word(i+1, j, f); end != j || t.done > i { // \tghp_...
					i = end
					continue
				}
			}
			if f&cWide == 0 {
				i = t.word(i, j, f)
			} else {
				i = t.wideWord(i, j, f)
			}
			continue
		}
		if f&cAnchor != 0 {
			i = t.anchor(i)
			continue
		}
		i++
	}
}

// add records an edit and gives its end. Edits come in order and do not overlap.
func (t *text) add(start, end int, r rule) int {
	from := len(t.p.repl)
	t.p.repl = appendPlaceholder(t.p.repl, r)
	return t.put(start, end, from, r)
}

// put records that p.repl[from:] replaces s[start:end].
func (t *text) put(start, end, from int, r rule) int {
	start = max(start, t.done)
	if start >= end { // an edit before has taken it already
		t.p.repl = t.p.repl[:from]
		return t.done
	}
	if t.p.r.off>>r&1 != 0 || t.p.r.policy.keeps(t.s[start:end]) && r != ruleKnown {
		t.p.repl, t.done = t.p.repl[:from], end
		return end
	}
	t.p.edit = append(t.p.edit, edit{start, end, from, len(t.p.repl)})
	t.p.tally.count(r)
	if t.p.explainer != nil {
		a, b := t.valueFrom, t.valueTo
		if a < start || b > end || a >= b {
			a, b = start, end
		}
		t.p.explain(r, start, shapeOf(t.s[a:b]))
		t.valueFrom, t.valueTo = 0, 0
	}
	t.done = end
	if end == len(t.s) {
		t.torn = true
	}
	return end
}

// mask records that s[start:end] is an id.
func (t *text) mask(start, end int, kind uint8) int {
	id := t.s[start:end]
	if isMasked(id) {
		return end
	}
	from := len(t.p.repl)
	t.p.repl = t.p.r.Mask(t.p.repl, t.p.kindName(kind), id)
	return t.put(start, end, from, ruleID)
}

// anchor looks behind one sign that is no part of a word.
func (t *text) anchor(i int) int {
	s := t.s
	switch s[i] {
	case ':':
		if i+2 < len(s) && s[i+1] == '/' && s[i+2] == '/' {
			return t.url(i)
		}
		if end := clockEnd(s, i); end > 0 && !t.p.r.looks {
			return end
		}
		if i >= 2 && i+3 < len(s) && s[i+3] == ':' && isHex(s[i-1]) && isHex(s[i-2]) {
			if end := t.mac(i - 2); end > 0 {
				return end
			}
		}
		number := t.numberBefore(i)
		if (number || i > 0 && s[i-1] == '*') && i+1 < len(s) && (isLetter(s[i+1]) || s[i+1] == '*' || s[i+1] == '_') {
			if end := t.passLine(i); end > 0 {
				return end
			}
		}
		if number || t.fileBefore(i) {
			return i + 1 // a line's number, a time
		}
		return t.separator(i)
	case '=':
		return t.separator(i)
	case '@':
		return t.at(i)
	case '%':
		return t.percent(i)
	case '&':
		return t.entity(i)
	case '\\':
		return t.escape(i)
	case '[':
		if i > 0 && s[i-1] == esc {
			return i - 1 + max(2, colorAt(s[i-1:]))
		}
		if n := placeholderLen(s[i:]); n > 0 {
			return i + n
		}
		return t.island(i)
	case '|':
		return t.cell(i, 1)
	case '{':
		if end := t.hash(i); end > 0 {
			return end
		}
		if end := t.term(i); end > 0 {
			return end
		}
		return t.island(i)
	case '$':
		if end := t.hash(i); end > 0 {
			return end
		}
	case '>':
		return t.element(i)
	}
	return i + 1
}

// fileBefore says whether a file's name with an ending of two letters stands before the : at i, and a number behind
// it: AuthGate.ts:122.
func (t *text) fileBefore(i int) bool {
	s := t.s
	return i > 3 && s[i-3] == '.' && isLetter(s[i-2]) && isLetter(s[i-1]) && i+1 < len(s) && isDigit(s[i+1]) && s[i-2]|0x20 != 'p'
}

// numberBefore says whether what ends at i is a number by itself, which is no name.
func (t *text) numberBefore(i int) bool {
	j := i
	for j > t.done && i-j < 12 && isDigit(t.s[j-1]) {
		j--
	}
	return j < i && (j == t.done || t.p.r.tab.class[t.s[j-1]]&cName == 0 && !isQuote(t.s[j-1]))
}
