package redact

import "bytes"

// flagUse is how a short flag of a program carries a credential.
type flagUse uint8

const (
	glued flagUse = 1 << iota // -pVALUE
	apart                     // -p VALUE
	colon                     // -u USER:VALUE, the flag's value holds a : or %
)

// commands are programs and the short flags by which they take a credential. In a line with login (docker
// login, az login) -p does.
var commands = [...]struct {
	names string
	flags string
	use   flagUse
}{
	{"mysql mysqldump mysqladmin mysqlimport mysqlshow mysqlcheck mysqlpump mysqlslap mysqlsh mariadb mariadb-dump mariadb-admin mycli 7z 7za 7zr", "p", glued},
	{"sshpass", "p", glued | apart},
	{"mongo mongosh mongodump mongorestore mongoexport mongoimport mongostat login cqlsh rabbitmqadmin psexec influx", "p", apart},
	{"redis-cli valkey-cli keydb-cli", "a", apart},
	{"mosquitto_pub mosquitto_sub zip unzip sqlcmd bcp tsql ipmitool", "P", glued | apart},
	{"ldapsearch ldapmodify ldapadd ldapdelete ldapwhoami ldappasswd", "w", glued | apart},
	{"snmpget snmpwalk snmpset snmpbulkwalk", "AXc", apart},
	{"curl wget", "uU", glued | apart | colon},
	{"smbclient rpcclient winexe", "U", glued | apart | colon},
	{"openssl", "kK", apart},
	{"http https xh ab", "aA", apart | colon},
}

// commandFlags is what commands says of one program.
type commandFlags struct {
	flags string
	use   flagUse
}

// maxCommand is how far before a flag its program may stand.
const maxCommand = 512

// shortFlag looks at the word s[i:j], which begins with one dash, and removes it with the credential that
// it carries for the program of its line; 0: it carries none.
func (t *text) shortFlag(i, j int) int {
	s := t.s
	if n := j - i; n > 2 && n <= 6 && s[i+1] != '-' && j < len(s) && s[j] == ' ' && inClass("uU", s[j-1]) && digits(s[i:j]) == 0 {
		if end := t.clusteredUser(i, j); end > 0 {
			return end
		}
	}
	if i+1 >= len(s) || s[i+1] == '-' || !inClass("paPwAXcuUbkK", s[i+1]) || i == 0 || !isSpace(s[i-1]) && !isQuote(s[i-1]) {
		return 0
	}
	use := t.commandUse(i, s[i+1])
	v := i + 2
	switch {
	case use == 0:
		return 0
	case v == j && j < len(s) && s[j] == ' ':
		for v < len(s) && s[v] == ' ' {
			v++
		}
		if use&apart == 0 {
			return 0
		}
	case use&glued == 0:
		return 0
	}
	if v >= len(s) || isSpace(s[v]) || s[v] == '-' && v > j {
		return 0
	}
	a, b, end := t.value(v, 0)
	if use&colon != 0 {
		a, b, end = t.userArgument(v)
	}
	if b <= a || t.harmless(s[a:b], true, nameInfo{class: nameCredential}) {
		return 0
	}
	if use&colon != 0 && !userKey(s[a:b], bytes.IndexAny(s[a:b], ":%")) {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(i, end, ruleFlag)
}

// clusteredUser removes the argument of a u at the end of several short flags in one word: curl -sSu user:x.
func (t *text) clusteredUser(i, j int) int {
	use := t.commandUse(i, t.s[j-1])
	v := skipSpace(t.s, j)
	if use&colon == 0 || v >= len(t.s) {
		return 0
	}
	a, b, end := t.userArgument(v)
	if !userKey(t.s[a:b], bytes.IndexAny(t.s[a:b], ":%")) {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(v, end, ruleFlag)
}

// commandUse says how the flag at i is used by a program that stands before it on its line.
func (t *text) commandUse(i int, flag byte) (use flagUse) {
	line := t.s[t.commandStart(i):i]
	var room [24]byte
	for len(line) > 0 {
		n := 0
		for n < len(line) && (isAlnum(line[n]) || line[n] == '-' || line[n] == '_') {
			n++
		}
		if c, ok := t.p.r.tab.commands[string(lowerInto(room[:], line[:n]))]; ok && inClass(c.flags, flag) {
			use = c.use // the last one counts
		}
		line = line[min(len(line), n+1):]
	}
	return use
}

// commandStart gives the place from which on what stands before i belongs to the same command: behind the end of a line
// that is not continued, or behind a sign with which a shell ends a command.
func (t *text) commandStart(i int) int {
	s := t.s
	lo := max(0, i-maxCommand)
	for k := i - 1; k >= lo; k-- {
		switch c := s[k]; {
		case c == '\n':
			if !continued(bytes.TrimSuffix(s[lo:k], []byte{'\r'})) {
				return k + 1
			}
		case (c == ';' || c == '|' || c == '&') && (k+1 < len(s) && isSpace(s[k+1]) || k > 0 && isSpace(s[k-1])): // not of a query
			return k + 1
		}
	}
	return lo
}

// continued says whether a line ends with a sign by which it goes on in the next: of sh, PowerShell, cmd.
func continued(line []byte) bool {
	n := len(line)
	return n > 1 && inClass("\\`^", line[n-1]) && line[n-2] == ' '
}

// userArgument gives what --user has behind it at v: a text as a whole, or user and password in quotes of their own.
func (t *text) userArgument(v int) (a, b, end int) {
	a, b, end = t.value(v, 0)
	if end+1 < len(t.s) && end > b && t.s[end] == ':' && isQuote(t.s[end+1]) {
		_, b, end = t.value(end+1, 0)
	}
	return a, b, end
}

// userKey says whether user:password, whose colon is at n, holds a credential: the password, or a user's name that is one.
func userKey(v []byte, n int) bool {
	if isReferences(v) {
		return false
	}
	return n >= 0 && n < len(v)-1 && (n > 0 || v[0] == ':') || n == len(v)-1 && n >= 8 && mixed(v[:n]) && (digits(v[:n]) > 0 || n >= 16)
}
