package redact

import "bytes"

// maxUserinfo is how far behind :// the userinfo may reach, in bytes.
const maxUserinfo = 2048

// url looks at :// at i and removes the userinfo of the authority behind it. The host stays.
func (t *text) url(i int) int {
	s := t.s
	a := i + 3
	if i < t.noUser {
		return a
	}
	end, slash, colon := a, -1, -1
	for end < len(s) && end-a < maxUserinfo && !isSpace(s[end]) && s[end] >= 0x20 && s[end] != '"' && s[end] != '<' && s[end] != '>' && s[end] != '`' && s[end] != '\\' {
		if slash < 0 {
			switch s[end] {
			case '/', '?', '#':
				slash = end
			case ':':
				if colon < 0 {
					colon = end
				}
			}
		}
		end++
	}
	if slash < 0 {
		slash = end
	}
	at := bytes.LastIndexByte(s[a:slash], '@')
	if at < 0 && colon > 0 && !isNumber(s[colon+1:slash]) {
		at = bytes.LastIndexByte(s[a:end], '@') // a / ? or # inside the password
	}
	if at <= 0 {
		if host := t.numberHost(a); host > 0 {
			return host
		}
		if bytes.IndexByte(s[a:end], '@') < 0 {
			t.noUser = end
		}
		return a
	}
	at += a
	if isPlaceholder(s[a:at]) {
		return at + 1
	}
	t.add(a, at, ruleUserinfo)
	if host := t.numberHost(at + 1); host > 0 {
		return host
	}
	return at + 1
}

// at looks at an @ at i and removes an e-mail address, or user:password before a host.
func (t *text) at(i int) int {
	s, class := t.s, &t.p.r.tab.class
	from := i
	for from > t.done && i-from < 128 && class[s[from-1]]&cLocal != 0 {
		from--
	}
	for from < i && !isAlnum(s[from]) && s[from] < 0x80 {
		from++
	}
	if slash := t.oracleUser(i); slash >= 0 {
		t.add(slash, i, ruleUserinfo)
		return i + 1
	}
	if user := t.userBefore(i); user >= 0 && t.hostAt(i+1) {
		t.add(user, i, ruleUserinfo)
		return i + 1
	}
	end := t.domainEnd(i + 1)
	if quote := t.quotedLocal(i); quote >= 0 && end > 0 {
		return t.add(quote, end, ruleEmail)
	}
	if from == i || end == 0 || string(s[from:i]) == "git" && end < len(s) && s[end] == ':' {
		return i + 1
	}
	return t.add(from, end, ruleEmail)
}

// quotedLocal gives the place of the quote that begins the local part in quotes before the @ at i, "john doe"@host; -1: there
// is none. A blank or a point must be in it: name="x"@y is none.
func (t *text) quotedLocal(i int) int {
	s := t.s
	if i < 3 || i <= t.done || s[i-1] != '"' {
		return -1
	}
	shut := i - 1
	for shut > t.done && s[shut-1] == '\\' {
		shut--
	}
	lo := max(t.done, shut-64)
	if lo >= shut {
		return -1
	}
	n := bytes.LastIndexByte(s[lo:shut], '"')
	if n < 0 || bytes.ContainsAny(s[lo+n+1:shut], "=:\n") || !bytes.ContainsAny(s[lo+n+1:shut], " .") {
		return -1
	}
	if quote := lo + n; quote == 0 || isSpace(s[quote-1]) || inClass("<([\\,:=>", s[quote-1]) {
		for quote > t.done && s[quote-1] == '\\' {
			quote--
		}
		return quote
	}
	return -1
}

// oracleUser finds the start of user/password that ends at i in what Oracle's tools take; -1: there is none.
func (t *text) oracleUser(i int) int {
	s := t.s
	j := i
	for j > t.done && i-j < maxPairName && !isSpace(s[j-1]) && !isQuote(s[j-1]) && s[j-1] != ':' && s[j-1] != '@' {
		j--
	}
	n := bytes.IndexByte(s[j:i], '/')
	if n <= 0 || n == i-j-1 || bytes.HasPrefix(s[j+n:], []byte("//")) {
		return -1
	}
	before := s[max(0, j-2*maxPairName):j]
	for _, w := range [...]string{":oracle:", "sqlplus ", "sqlldr ", "expdp ", "impdp ", "rman "} {
		if bytes.Contains(before, []byte(w)) {
			return j
		}
	}
	return -1
}

// userBefore finds the start of user:password that ends at i, or -1.
func (t *text) userBefore(i int) int {
	s, class := t.s, &t.p.r.tab.class
	goDSN := bytes.HasPrefix(s[i:], []byte("@tcp(")) || bytes.HasPrefix(s[i:], []byte("@unix("))
	colon := -1
	j := i
	for j > t.done && i-j < 256 {
		c := s[j-1]
		if isSpace(c) || isQuote(c) || c == '/' && !goDSN || c == '<' || c == '(' || c == '\\' || c == ',' || c == ';' {
			break
		}
		if c == ']' {
			break
		}
		if c == ':' {
			colon = j - 1
		}
		j--
	}
	if colon < 0 || colon+1 >= i || s[i-1] == ':' { // jdbc:oracle:thin:@host has none
		return -1
	}
	u := colon
	for u > j && class[s[u-1]]&(cWord|cLocal) != 0 {
		u--
	}
	switch w := s[u:colon]; {
	case len(w) == 0, len(w) > 64:
		return -1
	case foldPrefix(w, "mailto"), foldPrefix(w, "to"), foldPrefix(w, "from"), foldPrefix(w, "cc"), foldPrefix(w, "bcc"), foldPrefix(w, "mail"),
		foldPrefix(w, "email"), foldPrefix(w, "user"), foldPrefix(w, "sip"), foldPrefix(w, "acct"), foldPrefix(w, "by"):
		if t.domainEnd(i+1) > 0 {
			return -1
		}
	}
	return u
}

// hostAt says whether a host, or tcp( and its like, stands at i. A digest behind an image's tag does not.
func (t *text) hostAt(i int) bool {
	s := t.s
	if i >= len(s) || !isAlnum(s[i]) && s[i] != '[' && s[i] != '/' && s[i] != '(' {
		return false
	}
	if j := i; isDigit(s[i]) { // a version: pkg@1.2.3
		for j < len(s) && (isDigit(s[j]) || s[j] == '.') {
			j++
		}
		if _, end, ok := parseIPv4(s, i); (!ok || end != j) && bytes.IndexByte(s[i:j], '.') > 0 {
			return false
		}
	}
	return !bytes.HasPrefix(s[i:], []byte("sha256:")) && !bytes.HasPrefix(s[i:], []byte("sha512:")) && placeholderLen(s[i:]) == 0
}

// domainEnd gives the end of the domain name at i: two labels or more, the last of letters; 0: none.
func (t *text) domainEnd(i int) int {
	s := t.s
	j, label, labels, end := i, i, 0, 0
	for ; j <= len(s) && j-i < 255; j++ {
		if j < len(s) && (isAlnum(s[j]) || s[j] == '-' || s[j] >= 0x80) {
			continue
		}
		if j == label {
			break
		}
		labels++
		if labels >= 2 && topLabel(s[label:j]) {
			end = j
		} else if labels >= 2 {
			end = 0
		}
		if j >= len(s) || s[j] != '.' {
			break
		}
		label = j + 1
	}
	return end
}

func topLabel(l []byte) bool {
	if len(l) < 2 {
		return false
	}
	if foldPrefix(l, "xn--") {
		return true
	}
	for _, c := range l {
		if !isLetter(c) && c < 0x80 {
			return false
		}
	}
	return true
}
