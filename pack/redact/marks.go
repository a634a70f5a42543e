package redact

import "bytes"

// Credentials whose parts, not a prefix, give them away: ids with a point or colon and a second half.

// fixed are words of an exact length behind a prefix that is too short to stand for an issuer by itself.
var fixed = [...]struct {
	prefix string
	n      int // signs behind it
	signs  signs
}{
	{"SK", 32, hexSigns},     // Twilio
	{"key-", 32, lowerSigns}, // Mailgun, before the form of hexParts
	{"s.", 24, mixedSigns},   // Vault, before hvs.
	{"b.", 24, mixedSigns},
	{"r.", 24, mixedSigns},
	{"SUA", 55, base32Signs}, // seeds of NATS
	{"SAA", 55, base32Signs},
	{"SOA", 55, base32Signs},
	{"SNA", 55, base32Signs},
	{"SCA", 55, base32Signs},
	{"SXA", 55, base32Signs},
	{"YC", 38, mixedSigns},   // Yandex Cloud
	{"4b1d", 38, mixedSigns}, // Xata and others
}

// signs is what such a word is made of, beside a digit.
type signs uint8

const (
	hexSigns signs = iota
	lowerSigns
	mixedSigns
	base32Signs
)

// fixedWord looks for one of fixed at the word that begins at i; 0: none.
func (t *text) fixedWord(i int) int {
	s := t.s
	for _, f := range fixed {
		v := i + len(f.prefix)
		if v+f.n > len(s) || string(s[i:v]) != f.prefix {
			continue
		}
		digit, upper, all := false, false, true
		for _, c := range s[v : v+f.n] {
			digit = digit || isDigit(c)
			upper = upper || c >= 'A' && c <= 'Z'
			all = all && (isHex(c) || f.signs != hexSigns && isAlnum(c)) && (f.signs != base32Signs || c >= 'A' && c <= 'Z' || c >= '2' && c <= '7')
		}
		end := v + f.n
		if all && digit && (f.signs != mixedSigns || upper) && !t.wordAt(end) {
			return t.add(i, end, ruleVendor)
		}
	}
	return 0
}

// halves looks at the word s[i:j], which has a digit, and the point or colon behind it: a bot's login of
// Telegram (id:AA...), one of Discord (three parts), Twilio's account with its credential.
func (t *text) halves(i, j int) int {
	s := t.s
	switch n := j - i; {
	case s[j] == ':':
		id := s[i:j]
		if bytes.HasPrefix(id, []byte("bot")) {
			id = id[3:]
		}
		if isNumber(id) && len(id) >= 8 && len(id) <= 10 && bytes.HasPrefix(s[j+1:], []byte("AA")) {
			if end := t.partEnd(j+1, 35, 35); end > 0 {
				return t.add(j-len(id), end, ruleVendor)
			}
		}
		if n == 34 && bytes.HasPrefix(s[i:], []byte("AC")) {
			if end := t.partEnd(j+1, 32, 32); end > 0 {
				return t.add(i, end, ruleVendor)
			}
		}
	case s[j] == '~' && n >= 4 && n <= 5 && s[j-1] == 'Q': // client credential of Azure AD: abc8Q~...
		if end := t.azureEnd(j + 1); end > 0 && isDigit(s[j-2]) {
			return t.add(i, end, ruleVendor)
		}
	case s[j] == '.' && n == 17 && bytes.HasPrefix(s[i:], []byte("pat")): // Airtable
		if end := t.partEnd(j+1, 64, 64); end > 0 {
			return t.add(i, end, ruleVendor)
		}
	case s[j] == '.' && n == 14 && bytes.HasPrefix(s[j:], []byte(".atlasv1.")): // Terraform Cloud
		if end := t.partEnd(j+len(".atlasv1."), 40, 80); end > 0 {
			return t.add(i, end, ruleVendor)
		}
	case s[j] == '.' && n >= 23 && n <= 28:
		if second := t.partEnd(j+1, 5, 7); second > 0 && second < len(s) && s[second] == '.' {
			if end := t.partEnd(second+1, 26, 40); end > 0 && mixed(s[i:j]) {
				return t.add(i, end, ruleVendor)
			}
		}
	}
	return 0
}

// longPart looks at the word s[i:j] for an id with a long part at random behind it: 00D... and ! of Salesforce, a number and
// 64 signs of TrueNAS.
func (t *text) longPart(i, j int) int {
	s := t.s
	if j-i == 15 {
		end := j + 1
		for end < len(s) && (isAlnum(s[end]) || s[end] == '.' || s[end] == '_') {
			end++
		}
		if s[i+1] != '0' || end-j < 64 || !mixed(s[j+1:end]) {
			return 0
		}
		return t.add(i, end, ruleVendor)
	}
	dash := bytes.IndexByte(s[i:j], '-')
	if dash < 1 || dash != j-i-65 || !isNumber(s[i:i+dash]) {
		return 0
	}
	upper, lower := 0, 0
	for _, c := range s[i+dash+1 : j] {
		switch {
		case c >= 'A' && c <= 'Z':
			upper++
		case c >= 'a' && c <= 'z':
			lower++
		case !isDigit(c):
			return 0
		}
	}
	if upper < 8 || lower < 8 {
		return 0
	}
	return t.add(i, j, ruleVendor)
}

func (t *text) azureEnd(i int) int {
	s := t.s
	end := i
	for end < len(s) && (isBase64URL(s[end]) || s[end] == '.' || s[end] == '~') {
		end++
	}
	if end = t.trimEnd(i, end); end-i < 30 || end-i > 38 {
		return 0
	}
	return end
}

// ingestLicence says whether a word is a licence of New Relic: 40 signs, which end with NRAL, most of them hex; outside
// the US behind the region, eu01xx.
func ingestLicence(w []byte) bool {
	if len(w) < 36 || len(w) > 48 || !bytes.HasSuffix(w, []byte("NRAL")) {
		return false
	}
	hex := 0
	for _, c := range w {
		if !isAlnum(c) {
			return false
		}
		if isHex(c) {
			hex++
		}
	}
	return hex >= 30
}

// hexParts says whether a word is 32 hex digits with what issuers put behind them: -us12 of Mailchimp, two
// groups of 8 of Mailgun.
func hexParts(w []byte) bool {
	if len(w) < 36 || len(w) > 50 || w[32] != '-' {
		return false
	}
	for _, c := range w[:32] {
		if !isHex(c) {
			return false
		}
	}
	rest := w[33:]
	if len(rest) <= 5 && bytes.HasPrefix(rest, []byte("us")) {
		return isNumber(rest[2:])
	}
	if len(rest) != 17 || rest[8] != '-' {
		return false
	}
	for i, c := range rest {
		if i != 8 && !isHex(c) {
			return false
		}
	}
	return true
}

// partEnd gives the end of the run of base64url at i when it has least to most signs; 0: it has not.
func (t *text) partEnd(i, least, most int) int {
	s := t.s
	end := i
	for end < len(s) && end-i <= most && isBase64URL(s[end]) {
		end++
	}
	if n := end - i; n < least || n > most {
		return 0
	}
	return end
}

// setter removes what stands in the brackets of a call that sets a credential: setPassword("x"), PASSWORD('x').
func (t *text) setter(i, j int) int {
	s := t.s
	if j+2 >= len(s) || !isQuote(s[j+1]) {
		return 0
	}
	name := s[i:j]
	set := foldPrefix(name, "set") || foldPrefix(name, "with") || foldPrefix(name, "use")
	info := t.p.classify(name)
	if info.class != nameCredential || info.flags&nfKept != 0 || !set && (info.flags&(nfMeasure|nfWeak|nfTail) != 0 || !foldPrefix(name, "password")) {
		return 0
	}
	a, b, end := t.value(j+1, 0)
	if b <= a || t.harmless(s[a:b], true, info) || end >= len(s) || s[end] != ')' && s[end] != ',' {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(i, end, ruleAssignment)
}

// wideSign looks at the word s[i:j], which has signs beyond ASCII, for a colon or = of full width in it.
func (t *text) wideSign(i, j int) int {
	for k := i; k+2 < j; k++ {
		if t.s[k] == 0xef && t.s[k+1] == 0xbc && (t.s[k+2] == 0x9d || t.s[k+2] == 0x9a) {
			if end := t.separatorOf(k, 3); end > k+3 {
				return end
			}
		}
	}
	return 0
}

// subprotocol removes from the value of Sec-WebSocket-Protocol at v what is no name of a protocol: browsers can
// send credentials only there. start is the header's name.
func (t *text) subprotocol(start, v int) int {
	s := t.s
	for i, c := range []byte("sec-websocket-protocol") {
		if start+i >= len(s) || lower(s[start+i]) != c {
			return 0
		}
	}
	stop := v
	for stop < len(s) && (isAlnum(s[stop]) || inClass(" ,._~+/=-%|", s[stop])) {
		stop++
	}
	announced := false
	for i := v; i < stop; {
		end := i
		for end < stop && s[end] != ',' && s[end] != ' ' && !isQuote(s[end]) {
			end++
		}
		word := s[i:end]
		info := t.p.classify(word)
		like := len(word) >= 8 && mixed(word) && digits(word) > 0
		if len(word) > 0 && !isPlaceholder(word) && (like && (announced || len(word) >= 14 || info.class == nameCredential) || announced && len(word) >= 16) {
			return t.add(i, end, ruleHeader)
		}
		var room [32]byte
		announced = announced || info.class == nameCredential || t.p.r.tab.words[string(lowerInto(room[:], word))]&wScheme != 0
		i = end + 1
	}
	return 0
}
