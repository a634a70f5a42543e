package redact

import "bytes"

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
	if p.values != nil {
		t.runWithValues()
	} else {
		t.run(len(s))
	}
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
			if i > 0 && s[i-1] == '\\' && j-i > minSecret && inClass("nrt", s[i]) {
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
	if start < t.done {
		start = t.done
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
		if i >= 2 && i+3 < len(s) && s[i+3] == ':' && isHex(s[i-1]) && isHex(s[i-2]) {
			if end := t.mac(i - 2); end > 0 {
				return end
			}
		}
		if t.numberBefore(i) {
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
	case '{':
		if end := t.hash(i); end > 0 {
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

// wideWord looks at a word with signs beyond ASCII: as a whole, since letters may look like others, and at each
// run of ASCII in it, since not every script has blanks.
func (t *text) wideWord(i, j int, f charFlag) int {
	if end := t.word(i, j, f); end != j || t.done > i {
		return end
	}
	if end := t.wideSign(i, j); end > 0 {
		return end
	}
	s, class := t.s, &t.p.r.tab.class
	for i < j {
		if s[i] >= 0x80 {
			i++
			continue
		}
		end, f := i, charFlag(0)
		for end < j && s[end] < 0x80 {
			f |= class[s[end]]
			end++
		}
		if next := t.word(i, end, f); next > end {
			return next
		}
		i = end
	}
	return j
}

// wordAt says whether a word in ASCII goes on at i.
func (t *text) wordAt(i int) bool {
	return i < len(t.s) && t.s[i] < 0x80 && t.p.r.tab.class[t.s[i]]&cWord != 0
}

// numberBefore says whether what ends at i is a number by itself, which is no name.
func (t *text) numberBefore(i int) bool {
	j := i
	for j > t.done && i-j < 12 && isDigit(t.s[j-1]) {
		j--
	}
	return j < i && (j == t.done || t.p.r.tab.class[t.s[j-1]]&cName == 0 && !isQuote(t.s[j-1]))
}

// word looks at the word s[i:j]; f is what its bytes are. Most words fall through all of it.
func (t *text) word(i, j int, f charFlag) int {
	s, tab := t.s, t.p.r.tab
	if j-i < 2 {
		if isLetter(s[i]) && j < len(s) && s[j] == '.' && j+24 < len(s) {
			if end := t.fixedWord(i); end > 0 {
				return end
			}
		}
		if s[i] == '1' && bytes.HasPrefix(s[i:], []byte("1//0")) {
			if end := t.vendor(i); end > 0 {
				return end
			}
		}
		if s[i]|0x20 >= 'a' || j >= len(s) || s[j] != '.' && s[j] != '[' {
			return j
		}
	} else if i+2 < len(s) {
		if m := markOf(s[i], s[i+1], s[i+2]); tab.marks[m>>6]&(1<<(m&63)) != 0 {
			if end := t.vendor(i); end > 0 {
				return end
			}
		}
		if j-i >= 34 && (s[i] == 'S' || s[i] == 'k') {
			if end := t.fixedWord(i); end > 0 {
				return end
			}
		}
	}
	if j < len(s) {
		switch s[j] {
		case ' ':
			if end := t.before(i, j); end > 0 {
				return end
			}
		case '(':
			if end := t.setter(i, j); end > 0 {
				return end
			}
		case '/', '\\':
			if s[j] == '\\' {
				if end := t.listed(i, j); end > 0 {
					return end
				}
			}
			if end := t.pathSegment(i, j); end > 0 {
				return end
			}
		case '$':
			if end := t.wordHash(i, j); end > 0 {
				return end
			}
		case '"', '\'':
			if end := t.listed(i, j); end > 0 {
				return end
			}
		case '@':
			if end := t.at(j); end > j+1 {
				return end
			}
		}
		if j-i == 2 && s[i]|0x20 == 'a' && s[i+1]|0x20 == 't' && i > 0 && (s[i] == 'A' || inClass("([{<", s[i-1])) {
			if end := t.spelled(i, j); end > 0 {
				return end
			}
		}
		if n := j - i; n < 32 {
			if e := endsOf(s[i], s[j-1], n); tab.ends[e>>6]&(1<<(e&63)) != 0 && (s[j] != '.' || foldPrefix(s[j:], ".id")) {
				if end := t.keyword(i, j); end > 0 {
					return end
				}
			}
		}
	}
	if j-i >= minEncoded {
		if (j-i >= 23 && j-i <= 28 || j-i == 17) && j < len(s) && s[j] == '.' {
			if end := t.halves(i, j); end > 0 {
				return end
			}
		}
		if end := t.coded(i); end > 0 {
			return end
		}
	}
	if f&cDigit != 0 {
		return t.wordWithDigit(i, j, f)
	}
	if s[i] == '-' || s[j-1] == 'N' {
		if end := t.shortFlag(i, j); end > 0 {
			return end
		}
		return t.dashes(i, j)
	}
	return j
}

// wordWithDigit looks for addresses, card numbers and ids.
func (t *text) wordWithDigit(i, j int, f charFlag) int {
	s := t.s
	if j < len(s) && s[j] == '.' && j-i >= 7 && j-i <= 64 {
		if end := t.dashedIPv4(i, j); end > 0 {
			return end
		}
	}
	if j-i == 17 && s[i+2] == '-' || j-i == 4 && j < len(s) && s[j] == '.' {
		if end := t.mac(i); end > 0 {
			return end
		}
	}
	if isDigit(s[i]) {
		switch {
		case j < len(s) && (s[j] == '.' || s[j] == '[' || s[j] == '(') && j-i <= 4:
			if end := t.ipv4(i); end > 0 {
				return end
			}
			if end := t.card(i); end > 0 {
				return end
			}
		case j < len(s) && s[j] == ':' && j-i == 4 && (s[i] == '2' || s[i] == '3'):
			if end := t.ipv6(i); end > 0 {
				return end
			}
		case j-i >= 13 || j < len(s) && (s[j] == ' ' || s[j] == '+') && j-i == 4:
			if end := t.card(i); end > 0 {
				return end
			}
		}
	}
	if j-i == 40 && bytes.HasSuffix(s[i:j], []byte("_mmk")) { // MaxMind
		return t.add(i, j, ruleVendor)
	}
	if j-i >= 6 {
		if end := t.behindName(i, j); end > 0 {
			return end
		}
	}
	if j < len(s) && s[j] == '~' {
		if end := t.halves(i, j); end > 0 {
			return end
		}
	}
	if j-i >= 8 {
		if j-i >= 36 && hexParts(s[i:j]) {
			return t.add(i, j, ruleVendor)
		}
		if j < len(s) && (s[j] == ':' || s[j] == '.') {
			if end := t.halves(i, j); end > 0 {
				return end
			}
		}
		if start, end, kind, ok := t.p.findID(s, i, j); ok {
			return t.mask(start, end, kind)
		}
	}
	if s[i] == '-' {
		if end := t.shortFlag(i, j); end > 0 {
			return end
		}
		return t.dashes(i, j)
	}
	return j
}

// keyword looks behind a word that announces something: session, user, Bearer, Basic ...
func (t *text) keyword(i, j int) int {
	var room [32]byte
	f := t.p.r.tab.words[string(lowerInto(room[:], t.s[i:j]))]
	if f&(wStrong|wWeak|wKey|wCode) != 0 && isSpace(t.s[j]) {
		if end := t.told(i, j); end > 0 {
			return end
		}
	}
	if f&(wPhone|wCall) != 0 {
		if end := t.call(j); end > 0 {
			return end
		}
	}
	switch {
	case f&wFolder != 0:
		return t.folder(i, j)
	case f&(wScheme|wSASL) != 0:
		return t.scheme(i, j)
	case f&wValues != 0:
		return t.sqlValues(i, j)
	case f&wNoun != 0:
		return t.noun(j, f.kindOf())
	}
	return 0
}
