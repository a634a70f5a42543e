package redact

import "bytes"

// Credentials that a call takes by their place among its arguments: new NetworkCredential("user", "x"),
// r.SetBasicAuth("user", "x"), mysqli_connect("host", "user", "x").

// calls are names, in lower case, of functions and types that take a credential as one of their arguments, by the place
// of it.
var calls = [...]struct {
	names string
	place int
}{
	{`networkcredential passwordcredential usernamepasswordcredentials usernamepasswordcredential usernamepasswordtoken
		usernamepasswordauthenticationtoken passwordauthentication basicawscredentials basicsessioncredentials awsbasiccredentials
		newstaticcredentials newstaticcredentialsprovider httpbasicauth httpdigestauth httpproxyauth httpntlmauth basicauth digestauth
		setbasicauth basic_auth basicauthentication basiccredentials userpassword simple_bind simple_bind_s crammd5auth oci_connect
		auth login authenticate
		storagesharedkeycredential newsharedkeycredential azurenamedkeycredential`, 2},
	{`plainauth directoryentry getconnection clientsecretcredential mysql_connect mysqli_connect mysqli pdo ldap_bind ftp_login
		ssh2_auth_password imap_open odbc_connect`, 3},
	{"mysql_real_connect", 4},
}

// maxCall is how far behind its bracket an argument is looked for, in bytes.
const maxCall = 512

// callArgument removes the argument that is a credential from the call whose name is s[i:j], with a bracket at j; 0: it has none.
func (t *text) callArgument(i, j int) int {
	s := t.s
	place := t.placeIn(s[i:j])
	if place == 0 || i > 0 && (s[i-1] == '/' || s[i-1] == '-') {
		return 0
	}
	at, stop := j+1, min(len(s), j+maxCall)
	for n := 1; ; n++ {
		for at < stop && (isSpace(s[at]) || breakLen(s[at:]) > 0) {
			at += max(1, breakLen(s[at:]))
		}
		if at >= stop {
			return 0
		}
		if n == place {
			break
		}
		next := argumentEnd(s[:stop], at)
		if next >= stop || s[next] != ',' {
			return 0
		}
		at = next + 1
	}
	q := at
	for q < stop && s[q] == '\\' {
		q++
	}
	if q+1 < stop && inClass("@bNu", s[q]) && isQuote(s[q+1]) {
		q++
	}
	if q >= stop || !isQuote(s[q]) {
		return 0
	}
	a, b, end := t.value(at, 0)
	if b <= a || t.harmless(s[a:b], true, nameInfo{class: nameCredential}) || end >= len(s) || t.done > a {
		return 0
	}
	t.done = j + 1 // names in front of the call are none of its arguments
	if t.run(at); t.done > at {
		return t.done
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(a, b, ruleFlag)
}

// placeIn gives the place of the argument that is a credential in calls of this name; 0: none is.
func (t *text) placeIn(name []byte) int {
	var room [40]byte
	return t.p.r.tab.calls[string(lowerInto(room[:], name))]
}

// callAt says whether one of calls stands at i, perhaps behind new.
func (t *text) callAt(i int) bool {
	s := t.s
	if bytes.HasPrefix(s[i:], []byte("new ")) {
		i += len("new ")
	}
	from := i
	for i < len(s) && i-from < maxName && (isAlnum(s[i]) || s[i] == '_' || s[i] == '.') {
		if i++; s[i-1] == '.' {
			from = i
		}
	}
	return i < len(s) && s[i] == '(' && t.placeIn(s[from:i]) > 0
}

// argumentEnd gives the place of the comma or bracket behind the argument that begins at i: a text in quotes, or words.
func argumentEnd(s []byte, i int) int {
	for i < len(s) && s[i] == '\\' {
		i++
	}
	if i+1 < len(s) && inClass("@bNu", s[i]) && isQuote(s[i+1]) {
		i++
	}
	if i < len(s) && isQuote(s[i]) {
		n := bytes.IndexByte(s[i+1:], s[i])
		if n < 0 {
			return len(s)
		}
		i += n + 2
	}
	for depth := 0; i < len(s); i++ {
		switch s[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth == 0 {
				return i
			}
			depth--
		case ',':
			if depth == 0 {
				return i
			}
		}
	}
	return i
}
