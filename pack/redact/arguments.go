package redact

import "bytes"

// Credentials that programs and servers take by their place: requirepass x and AUTH user x of Redis, htpasswd -b file
// user x, net use \\host\share x, echo user:x | chpasswd, lines of .pgpass.

// placeWords are the words, in lower case, behind or before which arguments looks.
const placeWords = `requirepass masterauth masterpass auth_pass auth-pass auth htpasswd chpasswd passwd sudo use setuser
	convertto-securestring add_user change_password authenticate_user wpa_passphrase community on off env setenv fastcgi_param
	login authenticate identify mosquitto_passwd alias user ugfzc3dvcmq6`

// arguments looks at the word s[i:j], one of placeWords, and removes the credential that has its place by it; 0: there
// is none.
func (t *text) arguments(i, j int, word []byte) int {
	s := t.s
	if i > t.done && inClass("-/.", s[i-1]) && string(word) != "auth" {
		return 0
	}
	switch string(word) {
	case "requirepass", "masterauth", "masterpass", "auth_pass":
		return t.argument(j, false)
	case "auth-pass": // sentinel auth-pass mymaster x
		if _, _, end := t.nextArgument(j); end > 0 {
			return t.argument(end, false)
		}
	case "auth":
		return t.redisAuth(i, j)
	case "htpasswd":
		return t.htpasswd(j)
	case "wpa_passphrase":
		if _, _, end := t.nextArgument(j); end > 0 {
			return t.argument(end, false)
		}
	case "community": // snmp-server community x RW
		if !bytes.HasSuffix(s[t.done:i], []byte("snmp-server ")) {
			return 0
		}
		if a, b, end := t.nextArgument(j); end > 0 && b > a && foldPrefix(s[end:], " r") && !t.harmless(s[a:b], false, nameInfo{class: nameCredential}) {
			return t.add(a, b, ruleFlag)
		}
	case "env", "setenv", "fastcgi_param": // ENV DB_PASSWORD x of a Dockerfile
		if string(s[i:j]) != "env" {
			return t.environment(j)
		}
	case "on", "off": // user relay on >x, of a file of rules
		if k := skipSpace(s, j); k == j+1 && k < len(s) && (s[k] == '>' || s[k] == '#') && bytes.Contains(s[max(t.done, i-maxPairName):i], []byte("user ")) {
			return t.redisUser(j)
		}
	case "use":
		if i >= t.done+4 && foldPrefix(s[i-4:], "net ") {
			return t.netUse(j)
		}
	case "setuser":
		return t.redisUser(j)
	case "chpasswd", "passwd", "sudo":
		return t.piped(i, j, word)
	case "convertto-securestring":
		if k := skipSpace(s, j); foldPrefix(s[k:], "-string ") {
			j = k + len("-string")
		}
		return t.argument(j, false)
	default:
		return t.accountOf(i, j, word)
	}
	return 0
}

// nextArgument gives the argument of the same line that begins with the blank at j, or with the end quote of the one
// before: its content s[a:b] and its end; end 0: there is none.
func (t *text) nextArgument(j int) (a, b, end int) {
	s := t.s
	k := j
	for k < len(s) && s[k] == '\\' {
		k++
	}
	if k < len(s) && isQuote(s[k]) {
		k++
	} else {
		k = j
	}
	v := k
	for v < len(s) && (s[v] == ' ' || s[v] == '\t') {
		v++
	}
	if v == k || v >= len(s) || isSpace(s[v]) || inClass("|&;<>:=", s[v]) || breakLen(s[v:]) > 0 {
		return 0, 0, 0
	}
	if bytes.HasPrefix(s[v:], []byte(`\\`)) && v+2 < len(s) && !isQuote(s[v+2]) { // \\host\share
		for end = v; end < len(s) && !isSpace(s[end]) && !isQuote(s[end]); {
			end++
		}
		return v, end, end
	}
	if a, b, end = t.value(v, 0); end <= v || b < a {
		return 0, 0, 0
	}
	for a == v && end < len(s) && inClass(".,:", s[end]) { // Z:
		end++
	}
	return a, b, end
}

// argument removes the argument behind j. must: it has to look like a credential, and to be the last of its line.
func (t *text) argument(j int, must bool) int {
	s := t.s
	a, b, end := t.nextArgument(j)
	if end == 0 || b <= a || s[a] == '-' && b > a+1 && isLetter(s[a+1]) || s[a] == '$' || t.harmless(s[a:b], s[end-1] != s[b-1], nameInfo{class: nameCredential}) {
		return 0
	}
	if quoted := end > b; !quoted && (t.prose(a, b) || must && (!mixed(s[a:b]) || !t.lineEnds(end))) {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(a, b, ruleFlag)
}

// lineEnds says whether nothing but the end of a line, or of what is around the text, stands at i.
func (t *text) lineEnds(i int) bool {
	s := t.s
	for i < len(s) && s[i] == ' ' {
		i++
	}
	return i >= len(s) || isQuote(s[i]) || inClass("<)]}&|;", s[i]) || breakLen(s[i:]) > 0 || s[i] == '\\' && i+1 < len(s) && isQuote(s[i+1])
}

// environment removes the value of a variable behind the statement that ends at j, when the variable's name says credential.
func (t *text) environment(j int) int {
	s := t.s
	a, b, end := t.nextArgument(j)
	if end == 0 || b == a || bytes.IndexByte(s[a:b], '=') >= 0 {
		return 0
	}
	info := t.p.classify(s[a:b])
	if info.class != nameCredential || info.flags&(nfKept|nfMeasure|nfTail) != 0 {
		return 0
	}
	v, w, last := t.nextArgument(end)
	if last == 0 || w <= v || s[v] == '-' || t.harmless(s[v:w], last > w, info) || last == w && t.prose(v, w) {
		return 0
	}
	t.valueFrom, t.valueTo = v, w
	return t.add(a, last, ruleAssignment)
}

// htpasswd looks at the arguments of htpasswd -b: the password is the last one.
func (t *text) htpasswd(j int) int {
	s := t.s
	batch, want, at := false, 3, j
	for range 8 {
		a, b, end := t.nextArgument(at)
		if end == 0 {
			return 0
		}
		if b > a && s[a] == '-' {
			flag := s[a:b]
			batch = batch || bytes.IndexByte(flag, 'b') > 0
			if bytes.IndexByte(flag, 'n') > 0 {
				want = 2
			}
			if flag[len(flag)-1] == 'C' { // the cost follows
				if _, _, end = t.nextArgument(end); end == 0 {
					return 0
				}
			}
			at = end
			continue
		}
		if want--; want == 0 {
			if !batch {
				return 0
			}
			return t.argument(at, false)
		}
		at = end
	}
	return 0
}

// netUse looks at the arguments of net use: the password is the one that is no device, share or option.
func (t *text) netUse(j int) int {
	s := t.s
	at, found, share := j, 0, false
	for range 8 {
		a, b, end := t.nextArgument(at)
		if end == 0 {
			break
		}
		arg := s[a:b]
		switch {
		case bytes.HasPrefix(arg, []byte(`\\`)):
			share = true
		case len(arg) == 0, arg[0] == '/', len(arg) == 1:
		case share && found == 0:
			found = at
		}
		at = end
	}
	if found == 0 || !bytes.Contains(s[j:at], []byte("/user:")) && !bytes.Contains(s[j:at], []byte("/USER:")) {
		return 0
	}
	return t.argument(found, false)
}

// piped removes what echo or printf gives to the program at i, which reads a password: echo bob:x | chpasswd.
func (t *text) piped(i, j int, word []byte) int {
	s := t.s
	rest := s[j:min(len(s), j+32)]
	if string(word) == "passwd" && !bytes.Contains(rest, []byte("--stdin")) || string(word) == "sudo" && !bytes.Contains(rest, []byte("-S")) {
		return 0
	}
	lo := max(t.done, i-maxPairName)
	bar := bytes.LastIndexByte(s[lo:i], '|')
	if bar < 0 {
		return 0
	}
	for _, program := range [...]string{"echo ", "printf "} {
		at := bytes.LastIndex(s[lo:lo+bar], []byte(program))
		if at < 0 {
			continue
		}
		a, b, end := t.nextArgument(lo + at + len(program) - 1)
		for end > 0 && b > a && s[a] == '-' { // echo -n
			a, b, end = t.nextArgument(end)
		}
		if end == 0 || end > lo+bar || b <= a || s[a] == '$' || isPlaceholder(s[a:b]) {
			return 0
		}
		if string(word) == "chpasswd" {
			n := bytes.IndexByte(s[a:b], ':') + 1
			if n == 0 || n == b-a || placeholderLen(s[a+n:]) > 0 {
				return 0
			}
			a += n
		}
		t.valueFrom, t.valueTo = a, b
		t.add(a, b, ruleFlag)
		return j
	}
	return 0
}

// passLine looks at the : at i behind the port of a line of .pgpass, host:port:database:user:x; 0: it is none.
func (t *text) passLine(i int) int {
	s := t.s
	port := i
	for port > t.done && i-port < 6 && (isDigit(s[port-1]) || s[port-1] == '*') {
		port--
	}
	if n := i - port; n == 0 || port <= t.done || s[port-1] != ':' || n != 1 && n != 4 && n != 5 || n == 1 && s[port] != '*' {
		return 0
	}
	host := port - 1
	for host > t.done && port-host < maxName && (isAlnum(s[host-1]) || inClass("-_.*", s[host-1])) {
		host--
	}
	if host == port-1 || host > 0 && !isSpace(s[host-1]) && !isQuote(s[host-1]) && !inClass("=>([{", s[host-1]) {
		return 0
	}
	at := i + 1
	for range 2 { // database and user
		from, letter := at, false
		for at < len(s) && (isAlnum(s[at]) || inClass("-_*", s[at])) {
			letter = letter || !isDigit(s[at])
			at++
		}
		if at == from || !letter || at >= len(s) || s[at] != ':' {
			return 0
		}
		at++
	}
	if at >= len(s) || isSpace(s[at]) || s[at] == ':' || s[at] == '/' {
		return 0
	}
	end := t.bareEnd(at, 0)
	if end-at < minValue || !t.lineEnds(end) || isTemplate(s[at:end]) || placeholderLen(s[at:]) > 0 {
		return 0
	}
	t.valueFrom, t.valueTo = at, end
	return t.add(at, end, ruleAssignment)
}
