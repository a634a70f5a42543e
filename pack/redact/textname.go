package redact

import "bytes"

// maxAlign is how many blanks may stand before a separator, where they put values under each other.
const maxAlign = 40

// nameBefore finds the name that ends at the separator: blanks, an end quote with its backslashes, or
// a bracket may stand between. A quoted name starts at its quote.
func (t *text) nameBefore(i int) (from, to int) {
	s, class := t.s, &t.p.r.tab.class
	i = t.operatorStart(i)
	if i > t.done+1 && s[i-1] == '\\' && i < len(s) && s[i] == '=' && (class[s[i-2]]&cName != 0 || isSpace(s[i-2]) || isQuote(s[i-2])) { // password\=x of CEF
		i--
	}
	j := i
	for j > t.done && i-j < maxAlign && (s[j-1] == ' ' || s[j-1] == '\t') {
		j--
	}
	if j > t.done+2 && s[j-1] == 't' && s[j-2] == '\\' && isAlnum(s[j-3]) { // a tab that is written as one
		j -= 2
	}
	if j > t.done+1 && s[j-1] == ']' && isQuote(s[j-2]) { // ["password"]=
		j--
	}
	j -= colorBefore(s[t.done:j])
	switch { // quotes inside quotes
	case bytes.HasSuffix(s[t.done:j], []byte(shellQuote)):
		j -= len(shellQuote) - 1
	case j > t.done+2 && isQuote(s[j-1]) && s[j-2] == s[j-1] && isAlnum(s[j-3]):
		j--
	}
	if j > t.done && isQuote(s[j-1]) {
		j--
		for j > t.done && s[j-1] == '\\' {
			j--
		}
		if j > t.done+1 && s[j-1] == ']' && isQuote(s[j-2]) { // "headers['x-api-key']":
			j -= 2
		}
	} else if n := escapedQuoteBefore(s[t.done:j]); n > 0 {
		for j -= n; j > t.done && s[j-1] == '\\'; {
			j--
		}
	}
	to = j
	for open := 0; j > t.done && to-j < maxName && class[s[j-1]]&cName != 0; j-- {
		switch s[j-1] {
		case ']':
			if t.placeholderBefore(j) {
				return j, to
			}
			open++
		case '[': // user[password]=x, but not map[password:x]
			if open--; open < 0 {
				if j > t.done+1 && s[j-2] == esc {
					return min(to, j-2+max(2, colorAt(s[j-2:]))), to
				}
				return j, to
			}
		}
	}
	if j > t.done+1 && s[j-1] == '[' && s[j-2] == esc {
		return min(to, j-2+max(2, colorAt(s[j-2:]))), to
	}
	return t.behindEscape(j, to), to
}

// placeholderBefore says whether a placeholder ends at j.
func (t *text) placeholderBefore(j int) bool {
	from := bytes.LastIndexByte(t.s[t.done:j], '[')
	return from >= 0 && placeholderLen(t.s[t.done+from:]) == j-t.done-from
}

// judgeName says what the name s[from:to] says, and where it starts: in front of its dashes and quotes.
// A name like key or string is read together with the word before it.
func (t *text) judgeName(from, to int) (nameInfo, int) {
	s := t.s
	name := s[from:to]
	end := len(name)
	for end > 0 && (name[end-1] == ']' || name[end-1] == '.') {
		end--
	}
	last := bytes.LastIndexByte(name[:end], '.')
	info := t.p.classify(name[last+1:])
	if last < 0 && info.class == namePlain && from > 0 && s[from-1] == '\\' && len(name) > 2 && inClass("nrt", name[0]) {
		if behind := t.p.classify(name[1:]); behind.class != namePlain {
			return behind, from + 1 // \npassword=
		}
	}
	if last > 0 && info.class == namePlain && t.p.isSuffix(name[last+1:end]) {
		info = t.p.classify(name[:end]) // new.password.confirm, admin.passwd.2
	}
	if info.class == namePlain && info.flags&nfLead != 0 {
		wide, start := name, from
		if last < 0 {
			start = t.wordBefore(from)
			wide = s[start:to]
		}
		if w := t.p.classify(wide); w.class != namePlain {
			info, from = w, start
		}
	}
	quote := to
	for quote < len(s) && s[quote] == '\\' {
		quote++
	}
	if from > t.done && isQuote(s[from-1]) && quote < len(s) && s[quote] == s[from-1] {
		from--
		for from > t.done && s[from-1] == '\\' {
			from--
		}
	} else if n := escapedQuoteBefore(s[t.done:from]); n > 0 && escapedQuoteAt(s[max(to, quote-1):]) > 0 {
		for from -= n; from > t.done && s[from-1] == '\\'; {
			from--
		}
	}
	return info, from
}

// isSuffix says whether the last part of a dotted name only tells which of several values it is.
func (p *pass) isSuffix(part []byte) bool {
	if len(part) < 3 && (len(part) == 0 || !isDigit(part[len(part)-1])) {
		return false // ts, js
	}
	var room [16]byte
	if part[0] == 'v' && isNumber(part[1:]) {
		return true
	}
	return isNumber(part) || p.r.tab.words[string(lowerInto(room[:], part))]&wSuffix != 0
}

// wordBefore gives the start of the word that stands one blank before i, or i.
func (t *text) wordBefore(i int) int {
	s, class := t.s, &t.p.r.tab.class
	if i-1 <= t.done || s[i-1] != ' ' {
		return i
	}
	j := i - 1
	for j > t.done && i-j < maxName && class[s[j-1]]&cWord != 0 {
		j--
	}
	if j == i-1 {
		return i
	}
	return j
}

// isURLSignature says whether s[from:to]= is a parameter of a URL that signs it or opens it: whoever
// has the URL has the access.
func (t *text) isURLSignature(from, to, i int) bool {
	s := t.s
	if s[i] != '=' || to != i && (to != i-1 || s[to] != '\\') {
		return false
	}
	var room [maxName]byte
	name := lowerInto(room[:], s[from:to])
	switch string(name) {
	case "x-amz-signature", "x-goog-signature", "temp_url_sig": // of a signed address, also where it stands alone
		return true
	}
	if from == 0 || s[from-1] != '?' && s[from-1] != '&' && s[from-1] != ';' && s[from-1] != '~' {
		return false
	}
	switch string(name) {
	case "sig", "hmac", "x-amz-credential", "x-goog-credential":
		return true
	case "assertion":
		return bearerLike(s[i+1 : t.bareEnd(i+1, 0)])
	case "key", "code": // also harmless: ?key=lap, ?code=404
		end := i + 1
		digit := false
		for end < len(s) && (isAlnum(s[end]) || inClass("-_", s[end]) || s[end] == '/' && end == i+2) { // 4/0A... of Google
			digit = digit || isDigit(s[end])
			end++
		}
		return digit && end-i > 16
	}
	return bytes.HasSuffix(name, []byte("signature"))
}
