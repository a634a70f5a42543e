package verify

import "bytes"

// What calls take by its place: NetworkCredential("user", "x"), mysqli_connect("host", "user", "x"), and what a shell hands
// to a program that reads a password: echo user:x | chpasswd.

// argued is a group of functions and types that take a password as one of their arguments; their names end so, whatever
// stands in front and whatever the case.
type argued struct {
	place   int
	endings []string
}

var arguments = []argued{
	{2, []string{"credential", "credentials", "basicauth", "basic_auth", "digestauth", "ntlmauth", "proxyauth", "passwordauthentication", "basicauthentication", "authenticationtoken",
		"usernametoken", "passwordtoken", "simple_bind_s", "simple_bind", "md5auth", "userpassword", "oci_connect", ".auth", "login", "authenticate"}},
	{3, []string{"plainauth", "directoryentry", "getconnection", "mysqli_connect", "mysql_connect", "mysqli", "pdo", "ldap_bind", "ftp_login", "ssh2_auth_password", "odbc_connect", "clientsecretcredential"}},
	{4, []string{"mysql_real_connect"}},
}

// argument judges the arguments of the call whose name stands from i to j, with a bracket behind it.
func (s *scan) argument(t []byte, i, j int) {
	if j-i > longestPath || j+2 >= len(t) || t[j+1] == ')' {
		return
	}
	name := bytes.ToLower(t[max(0, i-1):j]) // with the point in front of it
	place := placeIn(name)
	if place == 0 {
		return
	}
	k := j + 1
	for n := 1; n < place; n++ {
		if k = argumentEnd(t, k); k == len(t) || t[k] != ',' {
			return
		}
		k++
	}
	v := value{}
	at := opening(t, skip(t, k, " \t\r\n"))
	if v.readAt(t, at); v.quoted && isSpoken(t, v) && !standsFor(t, v.at, true) {
		s.report(KindAssignment, v.text, v.at)
	}
}

// placeIn gives the place of the argument that is a password in calls of this name, in small letters; 0: none is.
func placeIn(name []byte) (place int) {
	for _, a := range arguments {
		for _, e := range a.endings {
			if len(name) >= len(e) && string(name[len(name)-len(e):]) == e {
				place = a.place
			}
		}
	}
	return place
}

// argumentEnd gives the place of the comma or bracket behind an argument, in quotes or not.
func argumentEnd(t []byte, k int) int {
	k = opening(t, skip(t, k, " \t\r\n"))
	if from, quote := unquotedAt(t, k); quote != 0 {
		n := bytes.IndexByte(t[from:min(len(t), from+longestValue)], quote)
		if n < 0 {
			return len(t)
		}
		k = from + n + 1
	}
	depth := 0
	for end := min(len(t), k+longestValue); k < end; k++ {
		switch c := t[k]; {
		case c == '(' || c == '[' || c == '{':
			depth++
		case depth > 0 && (c == ')' || c == ']' || c == '}'):
			depth--
		case depth == 0 && (c == ',' || c == ')' || c == '\n'):
			return k
		}
	}
	return len(t)
}

// piped looks at what echo or printf in front of the program at i writes to it.
func (s *scan) piped(t []byte, i int, pair bool) {
	before := t[max(0, i-longestValue):i]
	bar := bytes.LastIndexByte(before, '|')
	if bar < 0 {
		return
	}
	line := before[:bar]
	line = line[bytes.LastIndexByte(line, '\n')+1:]
	for _, program := range [...]string{"echo ", "printf "} {
		at := bytes.LastIndex(line, []byte(program))
		if at < 0 {
			continue
		}
		from := i - len(before) + bar - len(line) + at + len(program)
		for from < i && t[from] == '-' { // its own flags
			from = skip(t, wordEnd(t, from), " ")
		}
		v := value{}
		v.readAt(t, from)
		if pair {
			_, password, two := bytes.Cut(v.text, []byte(":"))
			if v.at, v.text = v.end()-len(password), password; !two {
				return
			}
		}
		if isSpoken(t, v) && !standsFor(t, v.at, true) && len(v.text) > 2 {
			s.report(KindAssignment, v.text, v.at)
		}
		return
	}
}

// shared: net use DEVICE SHARE x /user:y, in any order behind the share.
func (s *scan) shared(t []byte, i, j int) {
	if i < 4 || !bytes.EqualFold(t[i-4:i], []byte("net ")) {
		return
	}
	line := t[j:min(len(t), j+longestCommand)]
	if n := bytes.IndexAny(line, "\n|&;"); n >= 0 {
		line = line[:n]
	}
	share := bytes.Index(line, []byte(`\\`))
	if share < 0 || !bytes.Contains(bytes.ToLower(line), []byte("/user:")) {
		return
	}
	for k := j + share; k < j+len(line); {
		from := skip(t, k, " ")
		if from >= j+len(line) {
			return
		}
		v := value{}
		v.argument(t[:j+len(line)], from)
		if len(v.text) > 2 && v.text[0] != '\\' && v.text[0] != '/' && isSpoken(t, v) && !standsFor(t, v.at, true) {
			s.report(KindAssignment, v.text, v.at)
			return
		}
		if k = v.end(); v.quoted {
			k = skip(t, k, `"'\\`)
		}
		k = max(k, from+1)
	}
}
