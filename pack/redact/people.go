package redact

import "bytes"

// Spelled-out mail addresses, hardware addresses, telephone numbers behind a word, home folders.

// folderNames are home folders that are nobody's.
const folderNames = `app apps node user users runner ubuntu debian centos ec2-user admin vscode circleci root work docker default public shared
	guest jenkins gitlab-runner build nobody www www-data all site`

// folder removes the name of a person's folder behind home or users at s[i:j]: /home/x/, C:\Users\x\.
func (t *text) folder(i, j int) int {
	s := t.s
	if i == 0 || s[i-1] != '/' && s[i-1] != '\\' && s[i-1] != ' ' || s[j] != '/' && s[j] != '\\' {
		return 0
	}
	windows := s[i-1] == '\\' || i >= 3 && s[i-2] == ':' && isLetter(s[i-3]) && (i == 3 || !isAlnum(s[i-4])) || bytes.HasPrefix(s[max(0, i-3):], []byte("/c/"))
	switch name := s[i:j]; {
	case string(name) == "Users" || windows && foldPrefix(name, "users"):
	case string(name) == "Settings" && bytes.HasSuffix(s[:i], []byte(`\Documents and `)):
	case string(name) == "home" && t.rootAt(i-1):
	default:
		return 0
	}
	v := j
	for v < len(s) && s[v] == s[j] {
		v++
	}
	end := v
	for end < len(s) && end-v < 64 && !isSpace(s[end]) && !isQuote(s[end]) && !inClass("/\\:;,)]}<>|*?=&#", s[end]) {
		end++
	}
	name := s[v:end]
	var room [32]byte
	w := lowerInto(room[:], name)
	if len(name) < 2 || isTemplate(name) || name[0] == '$' || name[0] == '[' || name[0] == '.' || w != nil && t.p.r.tab.words[string(w)]&wNobody != 0 {
		return 0
	}
	return t.add(v, end, ruleHome)
}

// rootAt says whether the / at i begins a path of this machine: nothing, a sign, or file:// or /export
// stands before it.
func (t *text) rootAt(i int) bool {
	before := t.s[max(0, i-8):i]
	if len(before) == 0 || bytes.HasSuffix(before, []byte("file://")) || bytes.HasSuffix(before, []byte("/export")) || bytes.HasSuffix(before, []byte("/mnt")) || bytes.HasSuffix(before, []byte("/var")) ||
		bytes.HasSuffix(before, []byte("/..")) || bytes.HasSuffix(before, []byte("-I")) || bytes.HasSuffix(before, []byte("-L")) {
		return true
	}
	c := before[len(before)-1]
	return isSpace(c) || isQuote(c) || c >= 0x80 || colorBefore(before) > 0 || inClass("=:(,[{<>;@|*", c)
}

// mac looks at a hardware address at i: six pairs of hex digits with one of : and - between, or three groups
// of four with points. 0: none, or one that is nobody's.
func (t *text) mac(i int) int {
	s := t.s
	sep, size := byte(0), 2
	if i+4 < len(s) && s[i+4] == '.' {
		size = 4
	}
	if i+17 > len(s) && (size == 2 || i+14 > len(s)) {
		return 0
	}
	sep = s[i+size]
	if sep != ':' && sep != '-' && sep != '.' || i > 0 && (isAlnum(s[i-1]) && colorBefore(s[:i]) == 0 || s[i-1] == sep && sep != ':' || s[i-1] == '.') {
		return 0
	}
	if i > 2 && s[i-1] == ':' && sep == ':' && (i == 3 || !isAlnum(s[i-4])) && isHex(s[i-2]) {
		return 0 // a longer list of pairs
	}
	j, sum, letter, digit := i, 0, false, false
	for groups := 12 / size; groups > 0; groups-- {
		for k := range size {
			if !isHex(s[j+k]) {
				return 0
			}
			sum += hexValue(s[j+k])
			digit = digit || isDigit(s[j+k])
			letter = letter || !isDigit(s[j+k])
		}
		if j += size; groups > 1 {
			if s[j] != sep {
				return 0
			}
			j++
		}
	}
	switch {
	case t.wordAt(j), j < len(s) && (s[j] == sep && j+1 < len(s) && isAlnum(s[j+1])):
		return 0
	case size == 4 && (!letter || !digit), sum == 0, sum == 12*15:
		return 0
	}
	return t.add(i, j, ruleMAC)
}

// call removes a telephone number behind a word that announces one at s[:j]: tel +49 170 1234567.
func (t *text) call(j int) int {
	s := t.s
	v := j
	for v < len(s) && v-j < 4 && (s[v] == ' ' || s[v] == '.') { // a : is an assignment
		v++
	}
	if v == j || v >= len(s) || s[v] != '+' && s[v] != '(' && s[v] != '0' {
		return 0
	}
	end := t.phoneEnd(v)
	if digits(s[v:end]) < 7 || bytes.IndexByte(s[v:end], '.') >= 0 && s[v] != '+' {
		return 0
	}
	return t.add(v, end, rulePhone)
}

// spelled looks at the word at or dot, s[i:j], in brackets or in capitals, and removes the mail address that
// it spells: user [at] example [dot] com.
func (t *text) spelled(i, j int) int {
	s := t.s
	from, to, ok := spelledSign(s, i, j, t.done)
	if !ok {
		return 0
	}
	loose := s[i] == 'A' // AT and DOT without brackets: the domain must be spelled, too
	a := from
	for a > t.done && from-a < 64 && t.p.r.tab.class[s[a-1]]&cLocal != 0 {
		a--
	}
	end, dots := t.spelledDomain(to)
	if a == from || end == 0 || loose && dots == 0 {
		return 0
	}
	return t.add(a, end, ruleEmail)
}

// spelledSign gives what the word s[i:j] takes with its brackets and blanks.
func spelledSign(s []byte, i, j, lo int) (from, to int, ok bool) {
	open, shut := byte(0), byte(0)
	if i > lo {
		open = s[i-1]
	}
	if j < len(s) {
		shut = s[j]
	}
	from, to = i, j
	switch {
	case open == '(' && shut == ')', open == '[' && shut == ']', open == '{' && shut == '}', open == '<' && shut == '>':
		from, to = i-1, j+1
	case open == ' ' && shut == ' ' && s[i] >= 'A' && s[i] <= 'Z':
	default:
		return 0, 0, false
	}
	for from > lo && s[from-1] == ' ' && i-from < 3 {
		from--
	}
	for to < len(s) && s[to] == ' ' && to-j < 3 {
		to++
	}
	return from, to, true
}

// spelledDomain gives the end of the domain at i, whose dots may be spelled, and how many of them are.
func (t *text) spelledDomain(i int) (end, dots int) {
	s := t.s
	for labels := 0; labels < 8; labels++ {
		j := i
		for j < len(s) && j-i < 63 && (isAlnum(s[j]) || s[j] == '-') {
			j++
		}
		if j == i {
			return end, dots
		}
		if labels > 0 {
			if topLabel(s[i:j]) {
				end = j
			} else {
				end = 0
			}
		}
		k := j
		for k < len(s) && (s[k] == ' ' || s[k] == '(' || s[k] == '[' || s[k] == '{' || s[k] == '<') && k-j < 3 {
			k++
		}
		switch {
		case j < len(s) && s[j] == '.':
			i = j + 1
		case foldPrefix(s[k:], "dot") && k > j:
			_, to, ok := spelledSign(s, k, k+3, 0)
			if !ok {
				return end, dots
			}
			i = to
			dots++
		default:
			return end, dots
		}
	}
	return end, dots
}
