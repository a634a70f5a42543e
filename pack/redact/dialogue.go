package redact

import "bytes"

// Programs that make an account, and what a client says to log in: IMAP's a1 LOGIN bob x and AUTHENTICATE PLAIN, SMTP's answer to 334 UGFzc3dvcmQ6, IDENTIFY
// to a service of IRC.

// accountOf looks at the word s[i:j] of a program that is given a user and a password, or of a dialogue; 0: no credential stands
// behind it.
func (t *text) accountOf(i, j int, word []byte) int {
	s := t.s
	switch string(word) {
	case "login", "authenticate", "identify", "ugfzc3dvcmq6":
		return t.loggedIn(i, j, word)
	case "mosquitto_passwd": // -b file user x
		if bytes.HasPrefix(s[j:], []byte(" -b ")) {
			return t.argumentAfter(j+len(" -b"), 2)
		}
	case "alias": // mc alias set name url user x
		if bytes.HasSuffix(s[t.done:i], []byte("mc ")) && bytes.HasPrefix(s[j:], []byte(" set ")) {
			return t.argumentAfter(j+len(" set"), 3)
		}
	case "user": // net user bob x /add
		if bytes.HasSuffix(s[t.done:i], []byte("net ")) {
			if a, _, end := t.nextArgument(j); end > 0 && s[a] != '/' {
				if b, _, _ := t.nextArgument(end); b > 0 && s[b] != '/' {
					return t.argument(end, false)
				}
			}
		}
	case "add_user", "change_password", "authenticate_user":
		if bytes.Contains(s[max(t.done, i-maxPairName):i], []byte("rabbitmqctl")) {
			if _, _, end := t.nextArgument(j); end > 0 {
				return t.argument(end, false)
			}
		}
	}
	return 0
}

// loggedIn looks behind the word s[i:j] of such a dialogue; 0: no credential stands there.
func (t *text) loggedIn(i, j int, word []byte) int {
	s := t.s
	switch string(word) {
	case "login": // a1 LOGIN bob x
		tag := t.wordBefore(i)
		if string(s[i:j]) != "LOGIN" || tag == i || digits(s[tag:i]) == 0 {
			return 0
		}
		if _, _, end := t.nextArgument(j); end > 0 {
			return t.argument(end, true)
		}
	case "authenticate": // A01 AUTHENTICATE PLAIN x
		for _, mechanism := range [...]string{" PLAIN", " LOGIN", " XOAUTH2"} {
			if end := j + len(mechanism); bytes.HasPrefix(s[j:], []byte(mechanism)) {
				if a, b, last := t.nextArgument(end); last > 0 && b-a >= 8 && basicSASL(s[a:b]) {
					return t.add(a, b, ruleScheme)
				}
			}
		}
	case "identify": // PRIVMSG NickServ :IDENTIFY x
		if i > 0 && s[i-1] == ':' && bytes.Contains(s[max(0, i-32):i], []byte("NickServ")) || bytes.HasSuffix(s[:i], []byte("NickServ ")) {
			return t.argument(j, false)
		}
	default: // 334 UGFzc3dvcmQ6, and the client's answer
		if string(s[i:j]) != "UGFzc3dvcmQ6" {
			return 0
		}
		k := j
		for k < len(s) && (isSpace(s[k]) || breakLen(s[k:]) > 0) {
			k += max(1, breakLen(s[k:]))
		}
		for _, who := range [...]string{"C: ", "> ", "-> ", "<- "} {
			if bytes.HasPrefix(s[k:], []byte(who)) {
				k += len(who)
				break
			}
		}
		end := k
		for end < len(s) && (isAlnum(s[end]) || inClass("+/=", s[end])) {
			end++
		}
		if end-k >= 4 && k > j && !isNumber(s[k:end]) {
			return t.add(k, end, ruleScheme)
		}
	}
	return 0
}

// argumentAfter removes the argument behind n others of the line, which begin with the blank at j; 0: there are fewer.
func (t *text) argumentAfter(j, n int) int {
	for range n {
		_, _, end := t.nextArgument(j)
		if end == 0 {
			return 0
		}
		j = end
	}
	return t.argument(j, false)
}

// setVariable removes the value that Azure Pipelines is told to keep to itself, behind ;issecret=true], whose = is at i; 0:
// there is none.
func (t *text) setVariable(i int) int {
	s := t.s
	v := i + len("=true")
	if !bytes.HasPrefix(s[i:], []byte("=true")) {
		return 0
	}
	for v < len(s) && s[v] == '\\' {
		v++
	}
	if v+1 >= len(s) || s[v] != ']' || placeholderLen(s[v+1:]) > 0 {
		return 0
	}
	end := t.bareEnd(v+1, 0)
	if end <= v+2 || isVariable(s[v+1:end]) {
		return 0
	}
	return t.add(v+1, end, ruleAssignment)
}
