package redact

import "bytes"

// What prose tells: "Password for user bob: x", "the password has been set to x", "API key provided: x",
// "invalid token x", also .netrc's "login bob password x".

// fillers stand between a credential's name and the word that announces its value.
const (
	fillerWords = `has have had been set be now new changed updated reset rotated provided supplied given entered used value generated
		temporary current default please the your a its here below`
	announcers = `is was are to as equals be`
	owners     = `for of`
)

// maxTold is how many words may stand there.
const maxTold = 10

// told removes the credential's name s[i:j] up to the value that the words behind it announce; 0: none do.
func (t *text) told(i, j int) int {
	s := t.s
	info, start := t.judgeName(i, j)
	if info.class != nameCredential || info.flags&(nfKept|nfMeasure) != 0 || start > 0 && s[start-1] == '/' {
		return 0
	}
	if end := t.bareTold(start, j, info); end > 0 {
		return end
	}
	if end := t.pointedAt(start, i, j, info); end > 0 {
		return end
	}
	return t.announced(start, j, info)
}

// announced goes over the words behind the name that ends at j to the value that one of them, or a colon,
// announces.
func (t *text) announced(start, j int, info nameInfo) int {
	s := t.s
	announced, sign, owner := false, false, 0
	k := j
	for words := 0; words < maxTold; words++ {
		for k < len(s) && s[k] == ' ' {
			k++
		}
		if k >= len(s) || isSpace(s[k]) {
			return 0
		}
		if words > 0 && (s[k] == ':' || s[k] == '=') {
			sign = true
			for k++; k < len(s) && s[k] == ' '; k++ {
			}
			break
		}
		end := k
		for end < len(s) && !isSpace(s[end]) && (s[end] != '\\' || end == k || breakLen(s[end:]) == 0) {
			end++
		}
		word := s[k:end]
		if last := word[len(word)-1]; last == ':' || last == '=' {
			sign, word = true, word[:len(word)-1]
		}
		if !announced && !plainWord(word) {
			return 0
		}
		var room [16]byte
		f := t.p.r.tab.words[string(lowerInto(room[:], word))]
		switch {
		case f&wAnnounces != 0:
			announced, owner = true, 0
		case f&wOwner != 0:
			if owner = 4; info.flags&nfWeak != 0 {
				owner = 1
			}
		case owner > 0:
			owner--
		case f&wFiller == 0:
			if !announced {
				return 0
			}
			return t.toldValue(start, k, false, info)
		}
		k = end
		if sign {
			for k < len(s) && s[k] == ' ' {
				k++
			}
			break
		}
	}
	if sign && k < len(s) && (isSpace(s[k]) || s[k] == '\\') && breakLen(s[k:]) > 0 {
		k = max(k, t.lineBelow(k, true, info))
	}
	if !sign || k >= len(s) || isSpace(s[k]) {
		return 0
	}
	return t.toldValue(start, k, true, info)
}

// plainWord says whether a word of prose holds no quote or comma of something around it: 'bob'@'h' is one,
// news', is not.
func plainWord(w []byte) bool {
	quotes := 0
	for _, c := range w {
		if isQuote(c) {
			quotes++
		}
	}
	return quotes%2 == 0 && !bytes.ContainsAny(w, ",;{}<>\\") && (quotes == 0 || isQuote(w[0]))
}

// isValue says whether the word at i is itself the value of a name: level=invalid_token.
func (t *text) isValue(i int) bool {
	return i > 0 && (t.s[i-1] == '=' || t.s[i-1] == ':' && (i < 2 || t.s[i-2] != '/')) // not //npm.example.org/:_authToken
}

// pointedAt removes what stands behind a name and a sign that is no separator: a flag with a point in it
// (--db.password x), an arrow, the next cell of a table.
func (t *text) pointedAt(start, i, j int, info nameInfo) int {
	s := t.s
	v := skipSpace(s, j)
	if v >= len(s) {
		return 0
	}
	if i > t.done && s[i-1] == '.' {
		from := i
		for from > t.done && t.p.r.tab.class[s[from-1]]&cName != 0 {
			from--
		}
		if !bytes.HasPrefix(s[from:], []byte("--")) || s[v] == '-' {
			return 0
		}
		a, b, end := t.value(v, 0)
		if b <= a || t.harmless(s[a:b], a > v, info) {
			return 0
		}
		t.valueFrom, t.valueTo = a, b
		return t.add(from, end, ruleFlag)
	}
	switch {
	case s[v] == '|' && bytes.HasSuffix(bytes.TrimRight(s[max(0, start-8):start], " *`"), []byte("|")):
		v++
	case bytes.HasPrefix(s[v:], []byte("->")), bytes.HasPrefix(s[v:], []byte("=>")):
		v += 2
	case bytes.HasPrefix(s[v:], []byte("\u2192")):
		v += len("\u2192")
	case bytes.HasPrefix(s[v:], []byte("<-")): // of R
		v += 2
	case bytes.HasPrefix(s[v:], []byte("--")):
		for v < len(s) && s[v] == '-' {
			v++
		}
		if v >= len(s) || s[v] != ' ' {
			return 0
		}
	default:
		return 0
	}
	for v < len(s) && s[v] == ' ' {
		v++
	}
	if v >= len(s) || isSpace(s[v]) {
		return 0
	}
	a, b, end := t.value(v, 0)
	if b <= a || t.harmless(s[a:b], a > v, info) || a == v && !mixed(s[a:b]) {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(start, end, ruleAssignment)
}

// toldValue removes s[start:] up to the value at v. sign: a colon announces it, so that it may be any word.
func (t *text) toldValue(start, v int, sign bool, info nameInfo) int {
	s := t.s
	a, b, end := t.value(v, 0)
	val := s[a:b]
	if bytes.IndexByte(val, '(') > 0 {
		return 0 // a call, which is looked at by itself
	}
	if len(val) == 0 || t.harmless(val, a > v, info) || isTail(val) || t.prose(a, b) {
		return 0
	}
	if a == v && !sign && !mixed(val) || a == v && sign && info.flags&nfWeak != 0 && !mixed(val) {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(start, end, ruleAssignment)
}

// behindName removes the word s[i:j], which has a digit, with the rest up to the next blank, when the word
// before it says credential and it looks like one: "token x refused", "API key: x" on two lines.
func (t *text) behindName(i, j int) int {
	s := t.s
	a := i
	for a > t.done && i-a < 64 && !isSpace(s[a-1]) && !isQuote(s[a-1]) {
		a--
	}
	if j < len(s) && (s[j] == '=' || s[j] == ':' && isNumbered(s[i:j])) {
		return 0 // a name
	}
	if a <= t.done || !isSpace(s[a-1]) || bytes.ContainsAny(s[a:i], ":=({[") || j-a > 10 && isDate(s[a:j]) {
		return 0
	}
	k := a - 1
	for k > t.done && s[k-1] == ' ' && a-k < 4 {
		k--
	}
	to := k
	if s[k] == '\n' {
		if to = t.nameLine(k); to < 0 {
			return 0
		}
	}
	from := to
	for class := &t.p.r.tab.class; from > t.done && to-from < maxName && class[s[from-1]]&cName != 0; from-- {
	}
	if from == to || !t.mayNameSegment(s[from:to]) {
		return 0
	}
	info, start := t.judgeName(from, to)
	if info.class != nameCredential || info.flags&(nfKept|nfMeasure|nfTail) != 0 || t.isValue(start) || start > 0 && s[start-1] == '/' {
		return 0
	}
	b := t.trimEnd(a, t.bareEnd(a, 0))
	least := 8
	if info.flags&nfWeak == 0 {
		least = 6
	}
	if b < j || b-a < least || !mixed(s[a:b]) || isDate(s[a:b]) || hasUnit(s[a:b]) || s[a] == '/' || s[a] == '(' || s[a] == '-' {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(start, b, ruleAssignment)
}

// isNumbered says whether a word is letters with a number behind them: message7.
func isNumbered(w []byte) bool {
	n := len(w)
	for n > 0 && isDigit(w[n-1]) {
		n--
	}
	for _, c := range w[:n] {
		if !isLetter(c) {
			return false
		}
	}
	return n > 0 && len(w)-n <= 3
}

// mixed says whether a word is of letters and digits or signs as credentials are, and no word of prose.
func mixed(v []byte) bool {
	digit, lower, upper, sign := false, false, false, false
	for i, c := range v {
		switch {
		case isDigit(c):
			digit = true
		case c >= 'a' && c <= 'z':
			lower = true
		case c >= 'A' && c <= 'Z':
			upper = upper || i > 0
		case c != '-' && c != '_' && c != '.' && c != '\'':
			sign = true
		}
	}
	return digit && (lower || upper) || lower && (upper || sign) || digit && len(v) >= 6 || upper && sign
}
