package redact

import "bytes"

// schemeWords are the authentication schemes of HTTP that carry a credential.
const schemeWords = `bearer basic digest oauth negotiate ntlm apikey token aws4-hmac-sha256 hmac-sha256 hawk scram-sha-256 dpop`

// headerOf says whether a name is one of the headers whose value is more than one word.
func headerOf(name []byte) (ok bool, kind rule) {
	name = bytes.Trim(name, "\"'`\\]- \t")
	if i := bytes.LastIndexAny(name, ".["); i >= 0 {
		name = name[i+1:]
	}
	if n := len(name) - len("authorization"); n >= 0 && foldPrefix(name[n:], "authorization") && (n == 0 || !isAlnum(name[n-1]) || name[n] == 'A') {
		return true, ruleHeader // also HTTP_AUTHORIZATION, X-Original-Authorization
	}
	switch len(name) {
	case len("cookie"):
		return foldPrefix(name, "cookie"), ruleCookie
	case len("set-cookie"):
		return foldPrefix(name, "set-cookie") || foldPrefix(name, "set_cookie"), ruleCookie
	}
	if n := len(name) - len("_cookie"); n > 0 && (foldPrefix(name[n:], "_cookie") || foldPrefix(name[n:], "-cookie")) {
		return true, ruleCookie
	}
	return false, 0
}

// headerValue removes a header from start to the end of its value at v, or gives 0 when the value is
// one like any other. Attributes of Set-Cookie stay.
func (t *text) headerValue(start, v int, kind rule) int {
	s := t.s
	if isQuote(s[v]) || s[v] == '\\' || s[v] == '[' || s[v] == '{' {
		return 0
	}
	opener := byte(0)
	if start > 0 && isQuote(s[start-1]) {
		opener = s[start-1]
	}
	if kind == ruleCookie {
		set := foldPrefix(bytes.TrimLeft(s[start:], "\"'-\\"), "set")
		end := t.cookiesEnd(v, opener, set)
		if n := bytes.IndexAny(s[v:end], "<&"); n >= 0 && (s[v+n] == '<' || s[v-1] == '=') {
			end = v + n
		}
		if bytes.IndexByte(s[v:end], '=') < 0 {
			return 0
		}
		return t.add(start, end, ruleCookie)
	}
	j := v
	for j < len(s) && (isAlnum(s[j]) || s[j] == '-') {
		j++
	}
	var room [32]byte
	word := lowerInto(room[:], s[v:j])
	known := t.p.r.tab.words[string(word)]&wScheme != 0
	if j = t.behindScheme(j, known); j == v || j == 0 {
		return 0
	}
	if a, b, _ := t.value(j, opener); !known && (b-a < 8 || !mixed(s[a:b]) || digits(word) > 0) {
		return 0 // a scheme of one's own is known by what follows it
	}
	if manyParts(word) {
		return t.add(start, t.paramsEnd(j, opener), ruleHeader)
	}
	_, _, end := t.value(j, opener)
	if isTemplate(s[j:max(end, j+1)]) || isPlaceholder(s[j:end]) {
		return end
	}
	return t.add(start, end, ruleHeader)
}

// behindScheme gives the place of the credential behind the scheme that ends at j, 0 for none. A header that goes on
// in a line of its own is indented there.
func (t *text) behindScheme(j int, known bool) int {
	s := t.s
	from, broken := j, false
	for j < len(s) && j-from < maxName {
		n := breakLen(s[j:])
		switch {
		case s[j] == ' ' || s[j] == '\t':
			j++
		case n > 0 && known && !broken && j+n < len(s) && (s[j+n] == ' ' || s[j+n] == '\t'):
			j, broken = j+n, true
		case j == from:
			return 0
		default:
			return j
		}
	}
	return 0
}

// manyParts says whether the credential of a scheme is a list of name=value.
func manyParts(scheme []byte) bool {
	switch string(scheme) {
	case "digest", "oauth", "aws4-hmac-sha256", "hmac-sha256", "hawk", "scram-sha-256":
		return true
	}
	return false
}

// cookiesEnd follows name=value pairs with ; between them; of Set-Cookie only the first.
func (t *text) cookiesEnd(v int, opener byte, first bool) int {
	s := t.s
	j := v
	for {
		for j < len(s) && s[j] != ';' && s[j] != opener && !isSpace(s[j]) && s[j] >= 0x20 && s[j] != '"' && s[j] != '\\' {
			j++
		}
		if j > v && j < len(s) && s[j] == '"' && s[j-1] == '=' && opener != '"' { // sid="a b"
			_, _, j = t.quoted(j, 0)
		}
		k := j
		for k < len(s) && (s[k] == ';' || s[k] == ' ') {
			k++
		}
		if first || j >= len(s) || s[j] != ';' || !t.nextIsPair(k) {
			return t.trimEnd(v, j)
		}
		j = k
	}
}

// paramsEnd gives the end of the list of name=value at v, with commas between; at least v's word.
func (t *text) paramsEnd(v int, opener byte) int {
	s := t.s
	j := v
	for {
		k := j
		for k < len(s) && (isAlnum(s[k]) || s[k] == '-' || s[k] == '_') {
			k++
		}
		if k > j && bytes.HasPrefix(s[k:], []byte(`\=`)) { // of CEF
			k++
		}
		if k == j || k >= len(s) || s[k] != '=' {
			if j == v {
				_, _, end := t.value(v, opener)
				return end
			}
			return t.trimEnd(v, bytes.LastIndexFunc(s[:j], notListed)+1)
		}
		k++
		slash := k
		for slash < len(s) && s[slash] == '\\' {
			slash++
		}
		if n := escapedQuoteAt(s[k:]); n > 0 {
			_, _, k = t.quotedByEscapes(k, n)
		} else if slash < len(s) && isQuote(s[slash]) && (s[slash] != opener || slash > k) {
			_, _, k = t.quoted(slash, slash-k)
		} else {
			for k < len(s) && !isSpace(s[k]) && s[k] != ',' && (s[k] != ';' || !t.nextIsName(k+1)) && !isQuote(s[k]) && s[k] != '<' && s[k] != '\\' {
				k++
			}
		}
		j = k
		for j < len(s) && (s[j] == ',' || s[j] == ';' || s[j] == ' ') {
			j++
		}
		if j == k {
			return k
		}
	}
}

func notListed(r rune) bool { return r != ' ' && r != ',' && r != ';' }

// scheme looks behind Bearer, Basic and their like in prose: "401 for Bearer abc123".
func (t *text) scheme(i, j int) int {
	s := t.s
	if j >= len(s) || s[j] != ' ' && s[j] != '\t' && !bytes.HasPrefix(s[j:], []byte("%20")) && s[j] != '+' {
		return 0
	}
	v := j + 1
	if s[j] == '%' {
		v = j + 3
	}
	for v < len(s) && s[v] == ' ' {
		v++
	}
	var room [32]byte
	word := lowerInto(room[:], s[i:j])
	if f := t.p.r.tab.words[string(word)]; f&wSASL != 0 && f&wScheme == 0 && !bytes.HasSuffix(s[:i], []byte("AUTH ")) {
		return 0
	}
	if manyParts(word) {
		if t.nextIsPair(v) {
			return t.add(i, t.paramsEnd(v, 0), ruleScheme)
		}
		return 0
	}
	end := v
	for end < len(s) && (isBase64URL(s[end]) || s[end] == '.' || s[end] == '+' && s[j] != '+' || s[end] == '/' || s[end] == '=' || s[end] == '~') {
		end++
	}
	end = t.trimEnd(v, end)
	if end > v && end-v < 16 && s[end-1] == '=' && digits(s[v:end]) == 0 && end < len(s) && (isQuote(s[end]) || s[end] == '\\' || s[end] == '&') {
		return 0 // WWW-Authenticate: Bearer realm="x"
	}
	switch val := s[v:end]; {
	case string(word) == "bearer" && bearerLike(val):
		return t.add(i, end, ruleBearer)
	case bytes.HasSuffix(s[:i], []byte("AUTH ")) && len(val) >= 8 && basicSASL(val):
		return t.add(i, end, ruleScheme)
	case string(word) == "basic" && basicLike(val):
		return t.add(i, end, ruleBasic)
	case string(word) == "apikey" && len(val) >= 16 && basicLike(val), string(word) != "basic" && len(val) >= 16 && digits(val) > 1 && bearerLike(val):
		return t.add(i, end, ruleScheme)
	}
	return 0
}

// basicSASL says whether v is base64 as SMTP and IMAP have it behind AUTH PLAIN.
func basicSASL(v []byte) bool {
	for _, c := range v {
		if sextet(c) < 0 && c != '=' {
			return false
		}
	}
	return mixed(v)
}

// bearerLike tells a credential from a word of prose: a digit or a sign in it, or very long.
func bearerLike(v []byte) bool {
	if len(v) < 6 {
		return false
	}
	signs, upper := digits(v), 0
	for i, c := range v {
		if c == '.' || c == '_' || c == '+' || c == '/' || c == '=' {
			signs++
		}
		if c >= 'A' && c <= 'Z' && i > 0 {
			upper++
		}
	}
	return signs > 0 || upper > 1 || len(v) >= 20
}

// basicLike says whether v is base64 of user:password, or at least looks like base64.
func basicLike(v []byte) bool {
	if len(v) < 8 {
		return false
	}
	var out [48]byte
	n := decodeBase64(out[:], v)
	return bytes.IndexByte(out[:n], ':') > 0 && printable(out[:n]) || len(v) >= 16 && digits(v) > 1
}

func printable(b []byte) bool {
	for _, c := range b {
		if c < 0x20 {
			return false
		}
	}
	return true
}

// decodeBase64 decodes as much as fits.
func decodeBase64(out, v []byte) (n int) {
	acc, bits := uint32(0), 0
	for _, c := range v {
		d := sextet(c)
		if d < 0 {
			break
		}
		acc, bits = acc<<6|uint32(d), bits+6
		if bits >= 8 {
			if n == len(out) {
				return n
			}
			bits -= 8
			out[n] = byte(acc >> bits)
			n++
		}
	}
	return n
}

func sextet(c byte) int {
	switch {
	case c >= 'A' && c <= 'Z':
		return int(c - 'A')
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 26
	case isDigit(c):
		return int(c-'0') + 52
	case c == '+' || c == '-':
		return 62
	case c == '/' || c == '_':
		return 63
	}
	return -1
}
