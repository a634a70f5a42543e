package redact

import "bytes"

// word looks at the word s[i:j]; f is what its bytes are.
func (t *text) word(i, j int, f charFlag) int {
	s := t.s
	if j-i < 2 {
		end, more := t.shortestWord(i, j)
		if !more {
			return end
		}
	} else if end := t.issued(i, j); end > 0 {
		return end
	}
	if j < len(s) {
		if end := t.withNext(i, j); end > 0 {
			return end
		}
	} else if s[i] == 'c' && string(s[i:j]) == "chpasswd" { // the only one that looks back
		if end := t.keyword(i, j); end > 0 {
			return end
		}
	}
	if n := j - i; n >= 4 && n <= 13 && s[i] == 'A' && i > 0 && s[i-1] == '+' {
		if end := t.azurePlus(i, j); end > 0 {
			return end
		}
	} else if n >= 10 && f&cDigit != 0 {
		if end := t.marked(i, j); end > 0 {
			return end
		}
	}
	if n := j - i; n >= 14 {
		if end := t.afterSign(i, j); end > 0 {
			return end
		}
		if (n >= 23 && n <= 28 || n == 17 || n == 14) && j < len(s) && s[j] == '.' {
			if end := t.halves(i, j); end > 0 {
				return end
			}
		}
		if n >= minEncoded {
			if end := t.coded(i); end > 0 {
				return end
			}
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

// issued looks for a credential that begins with the word s[i:j] of two signs or more, by its issuer's mark; 0: none.
func (t *text) issued(i, j int) int {
	s, tab := t.s, t.p.r.tab
	if i+3 >= len(s) {
		return 0
	}
	if m := markOf(s[i:]); tab.marks[m>>6]&(1<<(m&63)) != 0 {
		if end := t.vendor(i); end > 0 {
			return end
		}
	}
	if j-i >= 34 && (s[i] == 'S' || s[i] == 'k' || s[i] == 'Y' || s[i] == '4') {
		return t.fixedWord(i)
	}
	return 0
}

// withNext looks at the word s[i:j] with what stands behind it; 0: nothing is found.
func (t *text) withNext(i, j int) int {
	s, tab := t.s, t.p.r.tab
	switch {
	case tab.class[s[j]]&cBehind != 0:
		if end := t.behindWord(i, j); end > 0 {
			return end
		}
	case s[j] == ' ' && (s[i] == '-' || j+1 < len(s) && tab.class[s[j+1]]&cAfter != 0):
		if end := t.before(i, j); end > 0 {
			return end
		}
	}
	if j-i == 2 && s[i]|0x20 == 'a' && s[i+1]|0x20 == 't' && i > 0 && (s[i] == 'A' || inClass("([{<", s[i-1])) {
		if end := t.spelled(i, j); end > 0 {
			return end
		}
	}
	if j-i >= 32 {
		return 0
	}
	if e := endsOf(s[i:j]); tab.ends[e>>6]&(1<<(e&63)) != 0 && (s[j] != '.' || foldPrefix(s[j:], ".id")) {
		return t.keyword(i, j)
	}
	return 0
}

// shortestWord looks at a word of one sign; more: it may be the first number of an address.
func (t *text) shortestWord(i, j int) (end int, more bool) {
	s := t.s
	if isLetter(s[i]) && j < len(s) && s[j] == '.' && j+24 < len(s) {
		if end := t.fixedWord(i); end > 0 {
			return end, false
		}
	}
	if s[i] == '1' && bytes.HasPrefix(s[i:], []byte("1//0")) {
		if end := t.vendor(i); end > 0 {
			return end, false
		}
	}
	if s[i]|0x20 >= 'a' || j >= len(s) || s[j] != '.' && s[j] != '[' {
		return j, false
	}
	return j, true
}

// behindWord looks at the sign behind the word s[i:j]; 0: nothing is found.
func (t *text) behindWord(i, j int) int {
	s := t.s
	switch s[j] {
	case '(':
		if end := t.callArgument(i, j); end > 0 {
			return end
		}
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
	return 0
}

// wideWord looks at a word with signs beyond ASCII: as a whole, since letters may look like others, and at each
// run of ASCII in it, since not every script has blanks.
func (t *text) wideWord(i, j int, f charFlag) int {
	if string(t.s[i:j]) == bar {
		return t.cell(i, j-i)
	}
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
		if end := t.number(i, j); end > 0 {
			return end
		}
	}
	if j-i == 40 && bytes.HasSuffix(s[i:j], []byte("_mmk")) { // MaxMind
		return t.add(i, j, ruleVendor)
	}
	if j-i == 15 && s[i] == '0' && j < len(s) && s[j] == '!' || j-i >= 66 && j-i <= 68 {
		if end := t.longPart(i, j); end > 0 {
			return end
		}
	}
	if s[j-1] == 'L' && ingestLicence(s[i:j]) {
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
	word := lowerInto(room[:], t.s[i:j])
	f := t.p.r.tab.words[string(word)]
	if f&wPlace != 0 {
		if end := t.arguments(i, j, word); end > 0 {
			return end
		}
	}
	if f&(wStrong|wWeak|wKey|wCode) != 0 && j < len(t.s) && isSpace(t.s[j]) {
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

// number looks at a word that begins with a digit: addresses and card numbers. 0: it is none.
func (t *text) number(i, j int) int {
	s := t.s
	switch {
	case j+1 < len(s) && (s[j] == '.' && isDigit(s[j+1]) || (s[j] == '[' || s[j] == '(') && s[j+1] == '.') && j-i <= 4:
		if end := t.ipv4(i); end > 0 {
			return end
		}
		if j-i == 4 {
			if end := t.card(i); end > 0 {
				return end
			}
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
	return 0
}
