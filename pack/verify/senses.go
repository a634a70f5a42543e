package verify

import "bytes"

// sense is what a name says about its value.
type sense uint8

const (
	plain sense = iota
	credential
	counted // credential and a measure: how many, how long; what stands there is hardly a secret
	mail
	identity
	room
)

// Stems say credential wherever they stand in a name that is written small and without separators.
var stems = [][]byte{
	[]byte("password"), []byte("passwd"), []byte("passphrase"), []byte("passcode"), []byte("secret"), []byte("token"), []byte("apikey"),
	[]byte("credential"), []byte("cookie"), []byte("authorization"), []byte("bearer"), []byte("jwt"), []byte("privatekey"),
	[]byte("accesskey"), []byte("sharedkey"), []byte("signingkey"), []byte("encryptionkey"), []byte("masterkey"),
	[]byte("accountkey"), []byte("sshkey"), []byte("licensekey"), []byte("licencekey"), []byte("webhookkey"),
	[]byte("stripekey"), []byte("awskey"), []byte("githubkey"), []byte("connectionstring"), []byte("pwd"),
}

// exempt stems hold one of the above and say nothing.
var exempt = [][]byte{[]byte("tokeniz"), []byte("tokenis"), []byte("secretar"), []byte("cookieless")}

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
	if len(name) == 0 || len(name) > 200 {
		return plain
	}
	var buf [200]byte
	flat := buf[:0]
	var first, last int // of the word under way in flat
	short := plain
	word := func(end int) {
		if short == plain && isShortCredential(flat[first:end]) {
			short = credential
		}
		first = end
	}
	prev := byte(0)
	for _, c := range name {
		switch {
		case c >= 'A' && c <= 'Z':
			if prev >= 'a' && prev <= 'z' {
				word(len(flat))
			}
			flat = append(flat, c|0x20)
		case c >= 'a' && c <= 'z':
			flat = append(flat, c)
		default:
			word(len(flat))
		}
		prev = c
		last = len(flat)
	}
	word(last)
	if short == credential || hasStem(flat, &stemsAt) {
		if hasStem(flat, &exemptAt) {
			return plain
		}
		if measures(flat) {
			return counted
		}
		return credential
	}
	switch string(flat) {
	case "email", "emailaddress", "mailaddress", "useremail", "useremailaddress", "contactemail", "owneremail", "mail":
		return mail
	case "sessionid", "sessid", "socketid", "userid", "driverid", "accountid", "customerid",
		"sessionids", "socketids", "userids", "driverids", "accountids", "customerids":
		return identity
	case "room", "rooms", "joinedrooms", "roomname":
		return room
	}
	if bytes.HasSuffix(flat, []byte("email")) {
		return mail
	}
	return plain
}

// measures says whether a name ends with what is counted or measured of a thing.
func measures(flat []byte) bool {
	for _, m := range []string{"total", "count", "counts", "fail", "fails", "failure", "failures", "error", "errors", "rate", "seconds", "bytes",
		"size", "length", "limit", "ttl", "age", "expires", "expiry", "index", "version", "enabled", "required", "valid", "active"} {
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

// isPairName says whether a member tells the name of a field that another member holds.
func isPairName(name []byte) bool {
	switch string(name) {
	case "name", "key", "header", "field", "label", "Name", "Key":
		return true
	}
	return false
}

// isOwner: what an id belongs to, in rooms and in prose.
func isOwner(word []byte) bool {
	if len(word) < 4 || len(word) > 10 || bytes.IndexByte([]byte("sudac"), word[0]|0x20) < 0 {
		return false
	}
	switch string(bytes.ToLower(word)) {
	case "session", "socket", "user", "driver", "account", "customer",
		"sessionid", "socketid", "userid", "driverid", "accountid", "customerid":
		return true
	}
	return false
}

// idLike: 8 characters and more of an id's alphabet, with a digit.
func idLike(v []byte) bool {
	if len(v) < 8 || len(v) > 128 {
		return false
	}
	digit := false
	for _, c := range v {
		switch {
		case c >= '0' && c <= '9':
			digit = true
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_':
		default:
			return false
		}
	}
	return digit
}

func (d *Detector) isKnown(word []byte) bool { return idLike(word) && d.known(word) }
