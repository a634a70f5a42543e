package verify

import "bytes"

// vocation is what a word makes of what follows it, without a separator between them.
type vocation uint8

const (
	ofNothing   vocation = iota
	ofPassword           // PASSWORD x, password for user bob: x, password changed to x
	ofOther              // token x, secret x: only what looks like one
	ofLogin              // AUTH x, PASS x, as protocols say it
	ofBy                 // IDENTIFIED BY 'x'
	ofValues             // VALUES (...), behind a list of columns
	ofName               // name=password value=x
	ofPairValue          // value=x name=password
	ofAt                 // bob at example dot com
	ofMachine            // of .netrc
	ofDirective          // requirepass x, in a file of settings
	ofRules              // user bob on >x, of Redis
	ofSecond             // auth-pass NAME x, of Redis Sentinel
	ofInput              // echo x | chpasswd
	ofShare              // net use \\host\share x
	ofCode               // verification code is 123456
	ofVariable           // ENV DB_PASSWORD x
	ofCommunity          // snmp-server community x RW
	ofPhrase             // wpa_passphrase NAME x
)

var vocations = map[string]vocation{
	"password": ofPassword, "passwd": ofPassword, "passphrase": ofPassword, "passcode": ofPassword, "pwd": ofPassword,
	"requirepass": ofDirective, "masterauth": ofDirective, "auth_pass": ofDirective, "auth-pass": ofSecond, "on": ofRules, "off": ofRules, "credentials": ofPassword,
	"token": ofOther, "secret": ofOther, "apikey": ofOther, "api-key": ofOther, "api_key": ofOther, "jwt": ofOther, "bearer": ofOther,
	"cookie": ofOther, "authorization": ofOther, "credential": ofOther, "access_token": ofOther, "pin": ofOther, "otp": ofOther,
	"auth": ofLogin, "pass": ofLogin, "by": ofBy, "values": ofValues,
	"name": ofName, "key": ofName, "header": ofName, "field": ofName, "param": ofName, "parameter": ofName, "attribute": ofName,
	"label": ofName, "k": ofName, "property": ofName, "variable": ofName, "option": ofName, "var": ofName,
	"value": ofPairValue, "val": ofPairValue, "v": ofPairValue, "content": ofPairValue, "text": ofPairValue, "data": ofPairValue, "default": ofPairValue,
	"at": ofAt, "machine": ofMachine, "chpasswd": ofInput, "sudo": ofInput, "use": ofShare, "code": ofCode, "env": ofVariable, "setenv": ofVariable, "community": ofCommunity,
	"wpa_passphrase": ofPhrase,
}

const longestVocation = 14

// vocationLengths has a bit for each length of the words that begin with a letter.
var vocationLengths = func() (t [256]uint16) {
	for w := range vocations {
		t[w[0]] |= 1 << len(w)
		t[w[0]-'a'+'A'] = t[w[0]]
	}
	return t
}()

// wordLengths has, by the first sign of all words that are looked up, a bit for each length; wordEnds
// has them by the last, wordSeconds by the second.
var wordLengths, wordSeconds, wordEnds = func() (first, second, last [256]uint32) {
	mark := func(t *[256]uint32, c byte, n int) {
		t[c] |= 1 << n
		if c >= 'a' && c <= 'z' {
			t[c-'a'+'A'] |= 1 << n
		}
	}
	note := func(w string) {
		mark(&last, w[len(w)-1], len(w))
		mark(&second, w[min(1, len(w)-1)], len(w))
	}
	for w := range vocations {
		note(w)
	}
	for w := range tools {
		note(w)
	}
	for c := range first {
		first[c] = uint32(vocationLengths[c]) | toolLengths[c]
	}
	return first, second, last
}()

// vocabulary looks up a word, and looks at what follows one that means something.
func (s *scan) vocabulary(t []byte, i, j int) {
	if w := t[i:j]; len(w) == 2 && w[1]|0x20 == 't' && w[0]|0x20 == 'a' { // at: the most frequent of all, in stacks
		if i > 1 && (t[i-1] != ' ' || isLocalPart(t[i-2])) {
			s.spelledMail(t, i, j)
		}
		return
	}
	if v := vocationOf(t[i:j]); v != ofNothing {
		s.spoken(t, i, j, v)
	}
	if tl := toolOf(t[i:j]); tl != nil {
		s.command(t, j, tl)
	}
}

func vocationOf(w []byte) vocation {
	if len(w) > longestVocation || vocationLengths[w[0]]>>len(w)&1 == 0 {
		return ofNothing
	}
	var buf [longestVocation]byte
	for i, c := range w {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		buf[i] = c
	}
	return vocations[string(buf[:len(w)])]
}

// spoken looks at what follows a word that needs no separator to say what that is.
func (s *scan) spoken(t []byte, i, j int, v vocation) {
	if v == ofInput {
		if t[i] == 'c' || bytes.HasPrefix(t[j:], []byte(" -S")) {
			s.piped(t, i, t[i] == 'c')
		}
		return
	}
	if j == len(t) {
		return
	}
	switch v {
	case ofPassword, ofOther:
		if bytes.HasPrefix(t[j:], []byte(" --stdin")) {
			s.piped(t, i, false)
		}
		s.said(t, i, j, v)
	case ofLogin:
		s.login(t, i, j)
	case ofBy:
		s.identifiedBy(t, i, j)
	case ofValues:
		s.rows(t, i, j)
	case ofName, ofPairValue:
		if s.pairInText(t, i, j, v); isKeyOf(t, i, j) {
			s.said(t, i, j, ofOther)
		}
	case ofAt:
		s.spelledMail(t, i, j)
	case ofMachine:
		s.machine(t, j)
	case ofDirective:
		s.directive(t, i, j)
	case ofRules:
		s.rules(t, i, j)
	case ofSecond:
		s.second(t, j)
	case ofShare:
		s.shared(t, i, j)
	case ofCode:
		s.codeSaid(t, i, j)
	case ofVariable:
		if string(t[i:j]) != "env" {
			s.variable(t, j)
		}
	case ofCommunity:
		s.community(t, i, j)
	case ofPhrase:
		s.second(t, j)
	}
}

const mostFillers = 6 // words between a password and its value

// said follows the words behind password: for user bob: x, changed from x to y, x alone.
func (s *scan) said(t []byte, i, j int, kind vocation) {
	if t[j] != ' ' && t[j] != '(' && t[j] != '[' {
		return
	}
	sql := kind == ofPassword && t[i] < 'a' && t[j-1] < 'a'
	if k := skip(t, j, " "); k == j+1 && k+2 < len(t) && classes[t[k]]&hasDigit != 0 && t[k+1] == ' ' { // how routers write it: 7 x
		v := value{}
		if v.readAt(t, k+2); v.last(t) && (madeUp(v.text) || len(v.text) >= 8 && countDigits(v.text) > 1 && !wordy(v.text)) && isSpoken(t, v) {
			s.report(KindAssignment, v.text, v.at)
			return
		}
	}
	subject, about := false, false // "for user": a name follows, not a value
	for k, n := j, 0; n < mostFillers; n++ {
		k = skip(t, k, " ([")
		if k == len(t) || t[k] == '\n' || maskAt(t[max(k-1, 0):]) > 0 {
			return
		}
		if about && (t[k] == ':' || t[k] == '=') {
			s.afterSubject(t, k)
			return
		}
		v := value{}
		v.readAt(t, opening(t, k))
		if len(v.text) == 0 {
			return
		}
		end := v.end()
		colon := end - 1
		if v.quoted {
			end = skip(t, end, "\"'`\\")
			colon = end
		}
		if colon == len(t) || t[colon] != ':' {
			colon = -1
		}
		filler, names := fills(bytes.TrimRight(v.text, ":"))
		if filler = filler && !v.quoted; colon >= 0 && (filler || about) {
			s.afterSubject(t, colon)
			return
		}
		if filler || subject {
			about, subject = names || subject && about || about && !tells(v.text), names && filler
			k = end
			continue
		}
		if !v.quoted && bytes.ContainsAny(v.text, ":=") && v.text[len(v.text)-1] != '=' { // the next name, with its value
			return
		}
		if strong := kind != ofPassword; n == 0 && sql && v.quoted && !masked(v.text) && !idle(v.text) ||
			v.quoted && n > 0 && !about && kind == ofPassword && turns(v.text) > 1 && letters(v.text) ||
			madeUp(v.text) && !about && (!strong || len(v.text) >= 8 && turns(v.text) >= 3 || v.quoted) {
			s.report(KindAssignment, v.text, v.at)
		}
		return
	}
}

// tells: words behind which the value itself comes.
func tells(w []byte) bool {
	switch string(bytes.ToLower(w)) {
	case "is", "was", "to", "now", "as":
		return true
	}
	return false
}

// fills: words that stand between a password and its value; names: what follows is whose it is.
func fills(w []byte) (filler, names bool) {
	if len(w) > 10 {
		return false, false
	}
	switch string(bytes.ToLower(w)) {
	case "for", "of", "user", "account", "role", "by":
		return true, true
	case "to", "from", "was", "is", "changed", "set", "reset", "updated", "rotated", "new", "old", "the", "value", "now", "as", "be", "with", "using", "entered", "given", "has", "have", "had", "been", "your", "temporary", "current", "default", "provided", "supplied", "here":
		return true, false
	}
	return false, false
}

// afterSubject judges what stands behind the sign that ends the words about a password.
func (s *scan) afterSubject(t []byte, k int) {
	v := value{}
	k = skip(t, k, ":= ")
	if at, below := ownLine(t, k); below { // the answer to a prompt
		if v.readAt(t, at); !madeUp(v.text) || !v.last(t) || v.end() < len(t) && t[v.end()] == '\'' {
			return
		}
	}
	v.readAt(t, opening(t, skip(t, k, "\r\n")))
	s.judge(t, []byte("password"), credential, v)
}

// login: AUTH bob x and PASS x, in capitals or first of their line.
func (s *scan) login(t []byte, i, j int) {
	if k := skip(t, j, `\"'`); k > j {
		s.sent(t, i, k)
		return
	} else if t[j] == '\r' || t[j] == '\n' {
		s.received(t, j)
		return
	}
	if t[j] != ' ' || t[i] >= 'a' && i > 0 && t[i-1] != '\n' && t[i-1] != '"' && t[i-1] != '\'' && t[i-1] != '`' {
		return
	}
	k := j
	for range 2 {
		v := value{}
		v.readAt(t, skip(t, k, " "))
		if maskAt(t[v.at:]) > 0 {
			return
		}
		if madeUp(v.text) && (turns(v.text) > 1 || t[i] < 'a') || t[i] < 'a' && len(v.text) >= 12 && turns(v.text) >= 5 {
			s.report(KindAssignment, v.text, v.at)
			return
		}
		if k = v.end(); len(v.text) == 0 || k >= len(t) || t[k] != ' ' {
			return
		}
	}
}

// identifiedBy: IDENTIFIED BY 'x', IDENTIFIED WITH plugin BY 'x', IDENTIFIED BY x.
func (s *scan) identifiedBy(t []byte, i, j int) {
	before := bytes.ToLower(t[max(0, i-64):i])
	if t[j] != ' ' || !bytes.Contains(before, []byte("identified ")) {
		return
	}
	v := value{}
	v.readAt(t, skip(t, j, " "))
	if len(v.text) > 0 && !masked(v.text) && maskAt(t[v.at:]) == 0 && !idle(v.text) && (v.quoted || madeUp(v.text)) {
		s.report(KindAssignment, v.text, v.at)
	}
}

// machine: a line of .netrc, machine h login u password p.
func (s *scan) machine(t []byte, j int) {
	line := t[j:min(len(t), j+longestValue)]
	at := bytes.Index(line, []byte(" login "))
	if at < 0 {
		at = bytes.Index(line, []byte("\n"))
	}
	n := bytes.Index(line, []byte("password "))
	if at < 0 || n < at {
		return
	}
	v := value{}
	v.readAt(t, j+n+len("password "))
	if len(v.text) > 0 && !masked(v.text) && maskAt(t[v.at:]) == 0 && !idle(v.text) {
		s.report(KindAssignment, v.text, v.at)
	}
}
