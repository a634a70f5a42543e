package verify

import "bytes"

// What files of settings, protocols and programs say without a sign between a name and its value: directives
// (requirepass x), commands of Redis as it logs and receives them, arguments that are known by their place.

// isSpoken says whether a value in the place of a credential is one: no placeholder and no state.
func isSpoken(t []byte, v value) bool {
	return len(v.text) > 2 && !masked(v.text) && maskAt(t[v.at:]) == 0 && !idle(v.text) && (v.quoted || len(v.text) >= leastPin || countDigits(v.text) < len(v.text))
}

// directive: requirepass x as a line of its own, "requirepass" "x" as it was sent.
func (s *scan) directive(t []byte, i, j int) {
	k := skip(t, j, `\"'`)
	if t[i] < 'a' && t[i+1] >= 'a' || k > j && (i == 0 || !isQuote(t, i-1)) || k == len(t) || t[k] != ' ' {
		return
	}
	first := i == 0 || t[i-1] == '\n' || isQuote(t, i-1) || i > 1 && t[i-1] == ' ' && bytes.IndexByte([]byte(" \n\t"), t[i-2]) >= 0
	v := value{}
	v.readAt(t, skip(t, k, " "))
	if isSpoken(t, v) && (v.quoted || madeUp(v.text) || first && v.last(t)) {
		s.report(KindAssignment, v.text, v.at)
	}
}

// second: auth-pass NAME x.
func (s *scan) second(t []byte, j int) {
	name, v := value{}, value{}
	if name.readAt(t, skip(t, j, " ")); name.quoted || t[j] != ' ' || name.end() == len(t) || t[name.end()] != ' ' {
		return
	}
	if v.readAt(t, skip(t, name.end(), " ")); isSpoken(t, v) && (v.quoted || madeUp(v.text)) {
		s.report(KindAssignment, v.text, v.at)
	}
}

// sent: "AUTH" "x" and "AUTH" "bob" "x", as the command MONITOR shows them behind [0 10.0.0.7:51422]. k is
// behind the closing quote.
func (s *scan) sent(t []byte, i, k int) {
	if i == 0 || !isQuote(t, i-1) {
		return
	}
	before := t[max(0, i-longestPath):i]
	before = before[bytes.LastIndexByte(before, '\n')+1:]
	shown := bytes.Contains(before, []byte(`] "`)) || bytes.Contains(before, []byte(`] \"`))
	last := value{}
	for range 2 {
		v := value{}
		if at := skip(t, k, " "); at > k && isQuote(t, at) {
			v.readAt(t, at)
		}
		if !v.quoted {
			break
		}
		last, k = v, skip(t, v.end(), `\"'`)
	}
	if last.quoted && isSpoken(t, last) && (shown || madeUp(last.text)) {
		s.report(KindAssignment, last.text, last.at)
	}
}

// received: AUTH as the protocol of Redis carries it, each argument in a line behind its length ($8).
func (s *scan) received(t []byte, k int) {
	last := value{}
	for range 2 {
		at := skip(t, k, "\r\n")
		if at == k || at == len(t) || t[at] != '$' {
			break
		}
		length := wordEnd(t, at+1)
		from := skip(t, length, "\r\n")
		if countDigits(t[at+1:length]) != length-at-1 || from == length {
			break
		}
		last = value{text: untilBlank(t, from), at: from}
		k = last.end()
	}
	if isSpoken(t, last) {
		s.report(KindAssignment, last.text, last.at)
	}
}

// rules: user bob on >x, ACL SETUSER bob on >x, where > adds a password. The word on ends at j.
func (s *scan) rules(t []byte, i, j int) {
	k := skip(t, j, `\"' `)
	if k+1 >= len(t) || k == j || t[k] != '>' {
		return
	}
	before := bytes.ToLower(t[max(0, i-longestPath):i])
	before = before[bytes.LastIndexByte(before, '\n')+1:]
	if !bytes.HasPrefix(before, []byte("user ")) && !bytes.Contains(before, []byte("setuser")) {
		return
	}
	v := value{}
	if v.readAt(t, k+1); isSpoken(t, v) {
		s.report(KindAssignment, v.text, v.at)
	}
}

const mostArguments = 12

// batch: htpasswd -b FILE NAME x, and -n, with which there is no file. -C and -r take a number.
func (s *scan) batch(t []byte, k int) {
	given, file := false, 1
	n := 0
	for range mostArguments {
		at := skip(t, k, " ")
		if at == k || at == len(t) || bytes.IndexByte([]byte("\n|;&"), t[at]) >= 0 {
			return
		}
		v := value{}
		v.argument(t, at)
		if k = v.end(); v.quoted {
			k = skip(t, k, `\"'`)
		}
		switch {
		case len(v.text) == 0:
			return
		case v.text[0] == '-' && n == 0:
			given = given || bytes.IndexByte(v.text, 'b') > 0
			if bytes.IndexByte(v.text, 'n') > 0 {
				file = 0
			}
			if bytes.ContainsAny(v.text, "Cr") {
				k = wordEnd(t, skip(t, k, " "))
			}
		case n < file+1:
			n++
		default:
			if given && isSpoken(t, v) {
				s.report(KindAssignment, v.text, v.at)
			}
			return
		}
	}
}

const curveLength = 44 // signs of base64 of the 32 bytes of a key of WireGuard

// isDump: a private key and a public one, or a public and a shared one, as WireGuard dumps them: with tabs.
func isDump(t []byte, i int) bool {
	if i > 0 && t[i-1] != '\t' && t[i-1] != '\n' {
		return false
	}
	first := run(t, i)
	j := i + len(first)
	if len(first) != curveLength || first[curveLength-1] != '=' || j == len(t) || t[j] != '\t' {
		return false
	}
	second := run(t, j+1)
	return len(second) == curveLength && second[curveLength-1] == '=' && j+1+curveLength < len(t) && t[j+1+curveLength] == '\t'
}
