package verify

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// sense is what a name says about its value.
type sense uint8

const (
	plain sense = iota
	credential
	counted // credential and a measure: how many, how long; what stands there is hardly a secret
	mail
	identity
	ownedID // the `id` of a user, session ...; only what looks like one is one
	room
	cardField
	phoneField
	version // four numbers are no address
)

// Stems say credential wherever they stand in a name that is written small and without separators.
var stems = func() (list [][]byte) {
	for _, st := range []string{"password", "passwd", "passphrase", "passcode", "secret", "token", "credential", "cookie", "authorization", "bearer", "jwt", "connectionstring", "securestring", "storepass", "keypass", "pwd", "communitystring", "snmpcommunity", "jenkinscrumb", "sonarlogin", "mnemonic", "seedphrase", "recoverycode", "recoveryphrase", "backupcode", "jsessionid", "phpsessid", "cloudkey", "cloudfrontsignature", "jfrogartapi", "githubpat", "gitlabpat", "adopat", "azurepat", "presharedkey", "privatekey", "samlresponse", "clientassertion", "devicecode", "codeverifier", "tempurlsig"} {
		list = append(list, []byte(st))
	}
	for _, of := range []string{"api", "private", "access", "shared", "signing", "encryption", "master", "account", "ssh", "license", "licence", "webhook", // what a key is for
		"app", "application", "subscription", "functions", "storage", "auth", "hmac", "aes", "role", "decryption", "unseal", "recovery", "signature", "session", "deploy", "service",
		"ibm", "iam", "softlayer", "cloudant", "snyk", "hubspot", "bitbucket", "pac", "authentication", "privacy", "priv", "consumer", "partner", "rapidapi", "stripe", "aws", "github", "gitlab", "openai", "anthropic", "datadog", "sendgrid", "twilio", "azure", "gcp", "slack", "mailgun", "sentry", "newrelic", "grafana", "shopify"} { // and whose
		list = append(list, []byte(of+"key"))
	}
	return list
}()

// exempt stems hold one of the above and say nothing.
var exempt = [][]byte{[]byte("tokeniz"), []byte("tokenis"), []byte("secretar"), []byte("cookieless"), []byte("cookiecutter"), []byte("cookiebar"), []byte("appkeyboard")}

// byLetter sorts stems by their first letter, for a scan that looks at each place once.
func byLetter(list [][]byte) (t [256][][]byte) {
	for _, st := range list {
		t[st[0]] = append(t[st[0]], st)
	}
	return t
}

var (
	stemsAt  = byLetter(stems)
	exemptAt = byLetter(exempt)
)

func hasStem(flat []byte, at *[256][][]byte) bool {
	for i, c := range flat {
		for _, st := range at[c] {
			if bytes.HasPrefix(flat[i:], st) {
				return true
			}
		}
	}
	return false
}

// senseOf reads a name. It squeezes the name to its small letters, since separators and case differ
// from writer to writer, and looks for stems in that; short words count only as whole words.
func senseOf(name []byte) sense {
	var buf [maxName]byte
	flat, short := squeeze(buf[:0], name)
	if len(flat) == 0 {
		return plain
	}
	if len(flat) == len(name) && isErrand(flat) {
		return plain
	}
	if short || hasStem(flat, &stemsAt) {
		if hasStem(flat, &exemptAt) || len(name) >= leastRandom && humps(name)*4 > len(name) {
			return plain
		}
		if measures(flat) {
			return counted
		}
		return credential
	}
	switch string(flat) {
	case "sessionid", "sessid", "socketid", "userid", "driverid", "accountid", "customerid",
		"sessionids", "socketids", "userids", "driverids", "accountids", "customerids":
		return identity
	case "room", "rooms", "joinedrooms", "roomname":
		return room
	case "tel", "cell", "cellnumber", "whatsapp", "callerid":
		return phoneField
	case "mail", "emailaddress", "mailaddress", "useremailaddress", "emails":
		return mail
	case "pan", "card", "cardno", "cardnumber", "creditcard", "creditcardnumber", "ccnumber":
		return cardField
	}
	return senseOfEnd(flat)
}

// isErrand: a name in one word of what is done about a password.
func isErrand(flat []byte) bool {
	for _, errand := range [...]string{"forgot", "reset", "change", "lost", "show", "hide"} {
		if rest, ok := bytes.CutPrefix(flat, []byte(errand)); ok && string(rest) == "password" {
			return true
		}
	}
	return false
}

// senseEnding is how names end that say something of their values.
type senseEnding struct {
	end   string
	sense sense
}

// senseEndings has them by their last letter.
var senseEndings = func() (t [256][]senseEnding) {
	for _, e := range []senseEnding{{"email", mail}, {"emailaddress", mail}, {"mailaddress", mail}, {"mobile", phoneField}, {"telephone", phoneField}, {"phoneno", phoneField}, {"fax", phoneField}, {"cellphone", phoneField}, {"faxnumber", phoneField}, {"telnumber", phoneField}, {"phone", phoneField}, {"phonenumber", phoneField}, {"msisdn", phoneField}, {"mobilenumber", phoneField}, {"version", version}, {"release", version}} {
		last := e.end[len(e.end)-1]
		t[last] = append(t[last], e)
	}
	return t
}()

// senseOfEnd knows the names by how they end.
func senseOfEnd(flat []byte) sense {
	for _, e := range senseEndings[flat[len(flat)-1]] {
		if len(flat) >= len(e.end) && string(flat[len(flat)-len(e.end):]) == e.end {
			return e.sense
		}
	}
	return plain
}

const leastRandom = 16 // signs from which on a word that has a hump at every fourth of them is no name, but a run of base64

const maxName = 200 // longer names are texts

// squeeze appends the letters of a name, small and without what stands between them, and says whether
// one of its words is a short word for a credential. A name over maxName gives nothing.
func squeeze(flat, name []byte) (_ []byte, short bool) {
	if len(name) > maxName {
		return nil, false
	}
	first, prev := 0, byte(0)
	word := func() {
		short = short || isShortCredential(flat[first:])
		first = len(flat)
	}
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRune(name[i:])
			i += n - 1
			if c = lookAlike(r); c == 0 { // invisible, or of a script that imitates nothing
				continue
			}
		}
		switch {
		case c >= 'A' && c <= 'Z':
			if prev >= 'a' && prev <= 'z' {
				word()
			}
			flat = append(flat, c|0x20)
		case c >= 'a' && c <= 'z':
			flat = append(flat, c)
		default:
			word()
		}
		prev = c
	}
	word()
	return flat, short
}

// lookAlikes are letters of other scripts in the order of the letters that they are taken for.
var lookAlikes = []struct {
	like  byte
	runes string
}{{'a', "аαạàáâäãåā"}, {'b', "ЬьƄ"}, {'c', "сϲçć"}, {'d', "ԁď"}, {'e', "еèéêëēě"}, {'h', "һ"}, {'i', "іıìíîï"}, {'j', "ј"}, {'k', "кκќ"},
	{'l', "ӏǀ"}, {'m', "м"}, {'n', "пñń"}, {'o', "оοòóôöõø"}, {'p', "рρ"}, {'q', "ԛ"}, {'r', "гř"}, {'s', "ѕšś"}, {'t', "тτť"},
	{'u', "υùúûü"}, {'v', "ѵν"}, {'w', "ԝω"}, {'x', "хχ"}, {'y', "уγý"}, {'z', "žźż"}}

const lastLookAlike = 0x600

// likes has the letter for each rune below lastLookAlike, in the case of the rune.
var likes = func() (t [lastLookAlike]byte) {
	for _, l := range lookAlikes {
		for _, r := range l.runes {
			if r < lastLookAlike {
				t[r] = l.like
			}
			if u := unicode.ToUpper(r); u != r && u < lastLookAlike {
				t[u] = l.like - 'a' + 'A'
			}
		}
	}
	return t
}()

// imitates gives the Latin letter of the same case that a rune is taken for, 0 for none.
func imitates(r rune) byte {
	switch {
	case r >= 'ａ' && r <= 'ｚ':
		return byte(r-'ａ') + 'a'
	case r >= 'Ａ' && r <= 'Ｚ':
		return byte(r-'Ａ') + 'A'
	case r >= utf8.RuneSelf && r < lastLookAlike:
		return likes[r]
	}
	return 0
}

// lookAlike is the small Latin letter that a rune is taken for, 0 for none.
func lookAlike(r rune) byte {
	if c := imitates(r); c != 0 {
		return c | 0x20
	}
	return 0
}

// holdsCredentials says whether a name that says credential is that of the credential itself, or of what
// credentials are kept in. Other such names are of things that have to do with them: families of metrics.
func holdsCredentials(name []byte) bool {
	var buf [maxName]byte
	flat, _ := squeeze(buf[:0], name)
	flat = bytes.TrimSuffix(flat, []byte("s"))
	for _, end := range [...]string{"list", "map", "jar", "store", "header", "data", "info", "auth", "otp", "pin", "salt", "dsn", "pass"} {
		if bytes.HasSuffix(flat, []byte(end)) {
			return true
		}
	}
	for _, stem := range stems {
		if bytes.HasSuffix(flat, stem) {
			return true
		}
	}
	return false
}

// measures says whether a name ends with what is counted or measured of a thing.
func measures(flat []byte) bool {
	for _, m := range []string{"total", "count", "counts", "totals", "fail", "fails", "failure", "failures", "error", "errors", "rate", "seconds", "ms", "bytes", "persecond", "perminute", "perhour",
		"size", "length", "limit", "ttl", "age", "expires", "expiry", "index", "version", "type", "method", "mode", "scheme", "strategy", "enabled", "required", "valid", "active"} {
		if bytes.HasSuffix(flat, []byte(m)) {
			return true
		}
	}
	return false
}

func isShortCredential(w []byte) bool {
	switch string(w) {
	case "auth", "otp", "totp", "pin", "salt", "dsn", "pass":
		return true
	}
	return false
}

// isTally says whether the name of an object tells that its members are counts of what their names say.
func isTally(name []byte) bool {
	var buf [maxName]byte
	flat, _ := squeeze(buf[:0], name)
	for _, end := range [...]string{"count", "counts", "total", "totals"} {
		if bytes.HasSuffix(flat, []byte(end)) {
			return true
		}
	}
	return len(name) > 2 && name[0] == 'b' && name[1] == 'y' && (name[2] < 'a' || name[2] > 'z')
}

// isCountable says whether a number under a name that says credential is how many, and no credential: of
// tokens and maxTokens, and of what is never a number by itself.
func isCountable(name []byte) bool {
	n := len(name)
	if n > 3 && name[n-1]|0x20 == 's' && name[n-2]|0x20 != 's' {
		return true
	}
	var buf [maxName]byte
	flat, _ := squeeze(buf[:0], name)
	for _, text := range [...]string{"jwt", "bearer", "cookie", "authorization", "credential", "connectionstring", "auth", "salt", "dsn", "key"} {
		if bytes.HasSuffix(flat, []byte(text)) {
			return true
		}
	}
	return false
}

// isNameLike says whether a text can be the name of a field, a header or a flag.
func isNameLike(v []byte) bool {
	for _, c := range v {
		if classes[c]&isWordChar == 0 && c != '.' && c < utf8.RuneSelf {
			return false
		}
	}
	return len(v) > 2
}
