package redact

import "bytes"

// fusedEnds are words for credentials with which no other word ends: tlspassword, theapikey, dbpwd. They are the only ones
// that count at the end of a word that is none of ours.
var fusedEnds = [...]string{"password", "passwd", "passphrase", "apikey", "pwd", "secretkey", "accesskey", "privatekey", "authtoken", "accesstoken", "apitoken"}

// unfused are fused words that speak of a credential, or of a public key, without giving one.
const unfused = `forgotpassword resetpassword changepassword lostpassword nopassword askpassword showpassword hidepassword forgottenpassword gpgkey pgpkey`

// fusedWord says whether a word of a name, in lower case, says credential by its end, or is the name of a vendor or use with
// key behind it: githubkey.
func (t *tables) fusedWord(w []byte) bool {
	if len(w) < 5 {
		return false
	}
	switch w[len(w)-1] {
	case 'd', 'e', 'y', 'n':
	default:
		return false
	}
	if lead, ok := bytes.CutSuffix(w, []byte("key")); ok && t.words[string(lead)]&wKeyLead != 0 && t.words[string(w)]&wUnfused == 0 {
		return true
	}
	for _, e := range fusedEnds {
		if len(w) > len(e)+1 && string(w[len(w)-len(e):]) == e {
			return t.words[string(w)]&wUnfused == 0
		}
	}
	return false
}

// flagAsks says whether a flag only says how a credential is asked for or read: --ask-password, --password-stdin.
func flagAsks(name []byte) bool {
	for _, begin := range [...]string{"ask-", "no-", "prompt-", "skip-", "reset-", "show-", "without-"} {
		if foldPrefix(name, begin) {
			return true
		}
	}
	return bytes.HasSuffix(name, []byte("-stdin")) || bytes.HasSuffix(name, []byte("-prompt"))
}
