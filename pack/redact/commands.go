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
	if i+1 >= len(s) || s[i+1] == '-' || !inClass("paPwAXcuUb", s[i+1]) || i == 0 || !isSpace(s[i-1]) && !isQuote(s[i-1]) {
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
	if b <= a || t.harmless(s[a:b], true, nameInfo{class: nameCredential}) {
		return 0
	}
	if use&colon != 0 {
		n := bytes.IndexAny(s[a:b], ":%")
		if n < 0 || n == b-a-1 {
			return 0
		}
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
	a, b, end := t.value(v, 0)
	n := bytes.IndexAny(t.s[a:b], ":%")
	if n <= 0 || n == b-a-1 {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(v, end, ruleFlag)
}

// commandUse says how the flag at i is used by a program that stands before it on its line.
func (t *text) commandUse(i int, flag byte) (use flagUse) {
	line := t.s[max(0, i-maxCommand):i]
	if n := bytes.LastIndexAny(line, "\n;|&"); n >= 0 {
		line = line[n+1:]
	}
	for len(line) > 0 {
		n := 0
		for n < len(line) && (isAlnum(line[n]) || line[n] == '-' || line[n] == '_') {
			n++
		}
		if c, ok := t.p.r.tab.commands[string(line[:n])]; ok && inClass(c.flags, flag) {
			use = c.use // the last one counts
		}
		line = line[min(len(line), n+1):]
	}
	return use
}
