package redact

import "bytes"

// before looks at the word s[i:j] with a blank behind it: a flag and its value (--api-key x,
// curl -u user:pass), or "password is x".
func (t *text) before(i, j int) int {
	s := t.s
	if s[i] == '-' && j-i >= 2 && s[i+1] != ' ' {
		return t.flag(i, j)
	}
	if j+2 < len(s) && s[j+1] == ' ' {
		return t.aligned(i, j)
	}
	if j+3 < len(s) && (isQuote(s[j+1]) || s[j+1] == '\\' && isQuote(s[j+2])) {
		return t.quotedAfter(i, j)
	}
	if j+4 < len(s) && s[j+1] == 'i' && s[j+2] == 's' && s[j+3] == ' ' {
		return t.is(i, j, j+4)
	}
	if j+5 < len(s) && s[j+1] == 'w' && s[j+2] == 'a' && s[j+3] == 's' && s[j+4] == ' ' {
		return t.is(i, j, j+5)
	}
	return 0
}

// quotedAfter removes what stands in quotes right behind a credential's name: PASSWORD 'x' and
// IDENTIFIED BY 'x' of SQL. Behind a word that stands in prose, too (unexpected token '}'), it must look
// like a credential.
func (t *text) quotedAfter(i, j int) int {
	info := t.p.classify(t.s[i:j])
	if foldPrefix(t.s[i:j], "by") && j-i == 2 {
		if i = t.identified(i); i < 0 {
			return 0
		}
		info = nameInfo{class: nameCredential}
	}
	if info.class != nameCredential || info.flags&(nfTail|nfKept) != 0 || t.isValue(i) {
		return 0
	}
	a, b, end := t.value(j+1, 0)
	if b <= a || t.harmless(t.s[a:b], true, info) || info.flags&nfWeak != 0 && !(bearerLike(t.s[a:b]) && digits(t.s[a:b]) > 0) {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(i, end, ruleAssignment)
}

// identified gives the place of IDENTIFIED before BY at i, also IDENTIFIED WITH plugin BY; -1: none.
func (t *text) identified(i int) int {
	lo := max(t.done, i-maxPairName)
	for words, at := 0, i; words < 3; words++ {
		from := t.wordBefore(at)
		if from == at || from < lo {
			return -1
		}
		if foldPrefix(t.s[from:], "identified ") {
			return from
		}
		at = from
	}
	return -1
}

// flag removes a flag of the command line and the argument behind it.
func (t *text) flag(i, j int) int {
	s := t.s
	v := j + 1
	for v < len(s) && s[v] == ' ' {
		v++
	}
	if v >= len(s) || isSpace(s[v]) || s[v] == '-' && !dashedValue(s[v:]) {
		return 0
	}
	name := bytes.TrimLeft(s[i:j], "-")
	if len(name) == 0 {
		return 0
	}
	if t.s[i+1] != '-' {
		if end := t.shortFlag(i, j); end > 0 {
			return end
		}
	}
	if string(name) == "user" || string(name) == "proxy-user" {
		return t.curlUser(i, v)
	}
	info := t.p.classify(name)
	if (string(name) == "body" || string(name) == "value") && bytes.Contains(s[t.commandStart(i):i], []byte("secret set")) {
		info = nameInfo{class: nameCredential} // gh secret set NAME --body x, az keyvault secret set --name n --value x
	}
	if !info.sensitive() || info.flags&nfKept != 0 || flagAsks(name) {
		return 0
	}
	a, b, end := t.value(v, 0)
	if b <= a || t.harmless(s[a:b], a > v, info) || bytes.HasPrefix(s[a:b], []byte("https://")) {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(i, end, ruleFlag)
}

// slashFlag removes the password behind /p: of a client of remote desktops, whose colon is at i; 0: it is none.
func (t *text) slashFlag(i int) int {
	s := t.s
	if !bytes.Contains(s[t.commandStart(i):i], []byte("freerdp")) || isSpace(s[i+1]) {
		return 0
	}
	a, b, end := t.value(i+1, 0)
	if b <= a || t.harmless(s[a:b], true, nameInfo{class: nameCredential}) {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(a, end, ruleFlag)
}

// dashedValue says whether the word at the start of s, which begins with a dash, is no flag but a credential at random.
func dashedValue(s []byte) bool {
	n, upper, lower := 1, false, false
	for n < len(s) && isBase64URL(s[n]) {
		upper = upper || s[n] >= 'A' && s[n] <= 'Z'
		lower = lower || s[n] >= 'a' && s[n] <= 'z'
		n++
	}
	return n >= 16 && s[1] != '-' && upper && lower && digits(s[:n]) > 1 && (n == len(s) || s[n] != '.' && s[n] != ':')
}

// curlUser removes user:password behind --user of a cURL line.
func (t *text) curlUser(i, v int) int {
	if line := t.s[t.commandStart(i):i]; !bytes.Contains(line, []byte("curl")) && !bytes.Contains(line, []byte("etcdctl")) {
		return 0
	}
	a, b, end := t.userArgument(v)
	if !userKey(t.s[a:b], bytes.IndexByte(t.s[a:b], ':')) {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(i, end, ruleFlag)
}

// is removes a credential that prose tells: "the API key is x".
func (t *text) is(i, j, v int) int {
	s := t.s
	info := t.p.classify(s[i:j])
	if info.class == namePlain && info.flags&nfLead != 0 {
		i = t.wordBefore(i)
		info = t.p.classify(s[i:j])
	}
	if info.class != nameCredential {
		return 0
	}
	a, b, end := t.value(v, 0)
	if b <= a || t.harmless(s[a:b], a > v, info) || isTail(s[a:b]) || t.prose(a, b) ||
		info.flags&nfWeak != 0 && a == v && !mixed(s[a:b]) && len(s[a:b]) < minSecret {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(i, end, ruleAssignment)
}

// isTail says whether a bare word is one of those that say what became of a credential.
func isTail(v []byte) bool {
	return bytes.HasSuffix(v, []byte("ing")) && digits(v) == 0
}
