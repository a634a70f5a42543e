package verify

import "bytes"

// tool is a program of the command line whose flags carry credentials.
type tool struct {
	attached string // letters of flags that the value follows at once: -pVALUE
	separate string // letters of flags whose value is the next word: -p VALUE
	login    string // letters of flags whose value is user:password or user%password
	after    string // a word that must stand in front of the flags
	batch    bool   // with a flag b the value is the last argument
}

var tools = map[string]*tool{
	"mysql": {attached: "p"}, "mysqldump": {attached: "p"}, "mysqladmin": {attached: "p"}, "mysqlimport": {attached: "p"}, "mysqlshow": {attached: "p"},
	"mysqlcheck": {attached: "p"}, "mysqlsh": {attached: "p"}, "mysqlbinlog": {attached: "p"}, "mariadb": {attached: "p"}, "mariadb-dump": {attached: "p"}, "mariadb-admin": {attached: "p"},
	"xtrabackup": {attached: "p"}, "mycli": {attached: "p", separate: "p"}, "sshpass": {attached: "p", separate: "p"},
	"redis-cli": {separate: "a"}, "valkey-cli": {separate: "a"}, "keydb-cli": {separate: "a"},
	"curl": {login: "uU", attached: "b", separate: "b"}, "http": {login: "a"}, "https": {login: "a"},
	"docker": {separate: "p", after: "login"}, "podman": {separate: "p", after: "login"}, "nerdctl": {separate: "p", after: "login"}, "buildah": {separate: "p", after: "login"},
	"skopeo": {separate: "p", after: "login"}, "oras": {separate: "p", after: "login"}, "crane": {separate: "p", after: "login"}, "helm": {separate: "p"}, "az": {separate: "p", after: "login"},
	"oc": {separate: "p", after: "login"}, "cf": {separate: "p", after: "login"},
	"ldapsearch": {separate: "w", attached: "w"}, "ldapmodify": {separate: "w", attached: "w"}, "ldapadd": {separate: "w", attached: "w"}, "ldapwhoami": {separate: "w", attached: "w"},
	"ldapdelete": {separate: "w", attached: "w"}, "ldappasswd": {separate: "wsa"},
	"mongo": {separate: "p", attached: "p"}, "mongosh": {separate: "p", attached: "p"}, "mongodump": {separate: "p", attached: "p"}, "mongorestore": {separate: "p", attached: "p"},
	"mongoexport": {separate: "p", attached: "p"}, "mongoimport": {separate: "p", attached: "p"},
	"smbclient": {login: "U"}, "rpcclient": {login: "U"}, "net": {login: "U"}, "etcdctl": {login: "u"}, "lftp": {login: "u"}, "mc": {}, "ab": {login: "AP"},
	"sqlcmd": {attached: "P", separate: "P"}, "bcp": {attached: "P", separate: "P"}, "isql": {attached: "P", separate: "P"}, "tsql": {attached: "P", separate: "P"},
	"beeline": {separate: "p"}, "cqlsh": {separate: "p"}, "mosquitto_pub": {separate: "P"}, "mosquitto_sub": {separate: "P"}, "rabbitmqadmin": {separate: "p"},
	"ipmitool": {separate: "P", attached: "P"}, "snmpwalk": {separate: "cAX"}, "snmpget": {separate: "cAX"}, "plink": {}, "pscp": {}, "twine": {separate: "p"},
	"zip": {separate: "P", attached: "P"}, "unzip": {separate: "P", attached: "P"}, "7z": {attached: "p"}, "7za": {attached: "p"}, "rar": {attached: "p"}, "unrar": {attached: "p"},
	"ssh-keygen": {separate: "NP"}, "kinit": {}, "htpasswd": {batch: true}, "xfreerdp": {separate: "p"}, "rdesktop": {separate: "p"}, "clickhouse-client": {}, "influx": {separate: "p"}, "psexec": {separate: "p"}, "PsExec": {separate: "p"}, "PSEXEC": {separate: "p"}, "winexe": {login: "U"}, "openssl": {separate: "kK"},
}

const longestTool = 17

// toolLengths has a bit for each length of the tools that begin with a sign.
var toolLengths = func() (t [256]uint32) {
	for w := range tools {
		t[w[0]] |= 1 << len(w)
	}
	return t
}()

// toolOf knows a program by its name.
func toolOf(word []byte) *tool {
	if len(word) == 0 || len(word) > longestTool || toolLengths[word[0]]>>len(word)&1 == 0 {
		return nil
	}
	return tools[string(word)]
}

const longestCommand = 512 // bytes behind the name of a program

// command looks through the flags behind the name of a program, which ends at j.
func (s *scan) command(t []byte, j int, tl *tool) {
	end := min(len(t), j+longestCommand)
	if tl.batch {
		s.batch(t[:end], j)
		return
	}
	ready := tl.after == ""
	var flag []byte
	below := false // the command goes on in the line whose end is at k
	for k := j; k < end && !s.full(); {
		gap := skip(t, k, " \t")
		if below {
			gap, below = skip(t, k+1, " \t"), false
		}
		if gap == k || gap == end {
			return
		}
		k = gap
		if bytes.IndexByte([]byte("\\`^"), t[k]) >= 0 { // the command goes on in the next line
			if next := skip(t, k+1, "\r"); next < end && t[next] == '\n' {
				k, below = next, true
				continue
			}
		}
		if c := t[k]; c == '\n' || c == '|' || c == ';' || c == '&' {
			return
		}
		v := value{}
		v.argument(t[:end], k)
		if ready {
			if what := tl.carries(flag, v.text, v.quoted); what != nil {
				s.report(KindAssignment, what, v.end()-len(what))
				return
			}
		}
		if !v.quoted && len(v.text) > 0 && v.text[len(v.text)-1] == ';' {
			return
		}
		ready = ready || string(v.text) == tl.after
		flag = v.text
		if k = v.end(); v.quoted {
			k = skip(t, k, "\"'\\")
		}
	}
}

// argument reads one word of a command line.
func (v *value) argument(t []byte, k int) {
	if isQuote(t, k) {
		v.readAt(t, k)
		return
	}
	to := k
	for to < len(t) && t[to] != ' ' && t[to] != '\n' && t[to] != '\'' && t[to] != '"' {
		to++
	}
	v.text, v.at = t[k:to], k
}

// carries gives the credential that an argument is, or holds, by the flag in it or in front of it.
func (tl *tool) carries(flag, arg []byte, quoted bool) []byte {
	if len(arg) == 0 || masked(arg) || maskAt(arg) > 0 || masked(arg[bytes.IndexByte(arg, '=')+1:]) {
		return nil
	}
	isFlag := func(w []byte, letters string) bool {
		return len(w) >= 2 && w[0] == '-' && bytes.IndexByte([]byte(letters), w[1]) >= 0
	}
	switch {
	case isFlag(arg, tl.attached) && len(arg) > 3 && arg[2] != '-' && !ports(arg[2:]) && maskAt(arg[2:]) == 0:
		return arg[2:]
	case tl.login != "" && bytes.HasPrefix(arg, []byte("--user=")), tl.login != "" && bytes.HasPrefix(arg, []byte("--proxy-user=")):
		return loginPart(arg[bytes.IndexByte(arg, '=')+1:])
	case isFlag(arg, tl.login) && len(arg) > 3:
		return loginPart(arg[2:])
	case arg[0] == '-':
		return nil
	case len(flag) == 2 && isFlag(flag, tl.separate) && len(arg) >= 3 && !ports(arg) && !idle(arg):
		return arg
	case tl.login != "" && (endsFlag(flag, tl.login) || string(flag) == "--user" || string(flag) == "--proxy-user"):
		return loginPart(arg)
	}
	return nil
}

// endsFlag: -sSu is -s -S -u.
func endsFlag(flag []byte, letters string) bool {
	n := len(flag)
	return n >= 2 && n <= 6 && flag[0] == '-' && flag[1] != '-' && bytes.IndexByte([]byte(letters), flag[n-1]) >= 0
}

// loginPart gives the password of user:password, user%password and user,password.
func loginPart(arg []byte) []byte {
	n := bytes.IndexAny(arg, ":%,")
	if n == len(arg)-1 && n >= 10 && madeUp(arg[:n]) && turns(arg[:n]) >= 3 { // a key in the place of the user
		return arg[:n]
	}
	if n < 0 || standsFor(arg, n+1, true) || len(arg)-n < 4 || maskAt(arg[n+1:]) > 0 || ports(arg) {
		return nil
	}
	return arg[n+1:]
}

// ports: 8080:80, 5432, 1000:1000, 1-1024.
func ports(v []byte) bool {
	return countDigits(v)+bytes.Count(v, []byte{':'})+bytes.Count(v, []byte{'-'})+bytes.Count(v, []byte{'.'}) == len(v)
}
