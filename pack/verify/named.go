package verify

import "bytes"

const (
	longestValue = 256 // bytes of a value that are looked at
	longestPath  = 64  // bytes of the dotted name in front of its last word
	longestGap   = 64  // bytes between a name and a value on the next line
)

// suspicious says whether one of the words of the phrase in front of a run says credential. A run that
// stands behind a name of its own is none of that phrase.
func suspicious(before []byte) bool {
	for n := len(before) - 1; n >= 0; n-- {
		switch before[n] {
		case ',', ';', '&', '{', '}', '"', '\'', '=', ':', '\n', '%', '|', '<', '>':
			before = before[n+1:]
			n = 0
		}
	}
	for i := 0; i < len(before); {
		j := i
		for j < len(before) && classes[before[j]]&isWordChar != 0 {
			j++
		}
		if j-i >= 3 && senseOf(before[i:j]) == credential {
			return true
		}
		i = j + 1
	}
	return false
}

// namesSomething is a cheap look at what follows a word: only then is it worth knowing what it says.
func namesSomething(t []byte, i, j int) bool {
	switch t[j] {
	case ',':
		return i > 0 && t[i-1] == '{' || isScheme(t[i:j]) || j+2 < len(t) && t[j+1] == ' ' && len(run(t, j+2)) >= leastListed
	case '(':
		return isQuote(t, j+1)
	case '.', '[':
		return indexed(t, j) > j
	case '=', ':', '"', '\'', '\\', ']', '\t', '`', ')', '<':
		return true
	case '?', '+', '|', '&':
		return operator(t, j) > j
	case '>':
		return i > 0 && (t[i-1] == '<' || t[i-1] == ':' || t[i-1] == '.')
	case ' ':
		if i > 0 && t[i-1] == '$' || startsPrinted(t, i, j) {
			return true
		}
		if t[i] == '-' || i > 0 && (t[i-1] == '-' || t[i-1] == '<' || t[i-1] == ':') || isScheme(t[i:j]) {
			return true
		}
		k := skip(t[:min(len(t), j+longestAlign)], j, " ")
		if k == len(t) {
			return false
		}
		if k > j+1 && (t[k] == '=' || t[k] == ':' || t[k] == '-') || operator(t, k) > k {
			return true
		}
		switch t[j+1] {
		case '1', '2', '3', '4', '5', '6', '7', '8', '9':
			return indexed(t, j) > j
		case '=', ':', '|', '"':
			return true
		case '-', '<', 0xe2:
			return arrow(t, j+1) > j+1
		case 'i':
			return hasWordAt(t, j+1, "is")
		case 'w':
			return hasWordAt(t, j+1, "was")
		case 's', 'S', '&', 'c':
			return typed(t, j) > j
		}
		return bytes.IndexByte(t[i:j], '_') > 0 && len(run(t, j+1)) >= leastListed
	}
	return false
}

// startsPrinted: a name in front of a bar or of a column of blanks, or behind a directive.
func startsPrinted(t []byte, i, j int) bool {
	k := skip(t[:min(len(t), j+longestAlign)], j, " ")
	return k > j+1 && k < len(t) || k < len(t) && (t[k] == '|' || t[k] == 0xe2 || t[k] == '=') || isDirective(t[:i])
}

// asks: flags that say how a password is read, and take none: --ask-password, --password-stdin.
func asks(name []byte) bool {
	name = bytes.TrimLeft(name, "-")
	for _, begin := range [...]string{"ask-", "no-", "prompt-", "skip-", "reset-", "show-"} {
		if bytes.HasPrefix(name, []byte(begin)) {
			return true
		}
	}
	return bytes.HasSuffix(name, []byte("-stdin")) || bytes.HasSuffix(name, []byte("-prompt"))
}

const longestAlign = 48 // blanks by which values are put under each other

// operator gives the place of the = of an assignment that does more: ?= += of Make, .= of PHP, ||= ??= of scripts, also the
// colons of ::=; k: there is none.
func operator(t []byte, k int) int {
	n := k
	for n < len(t) && n < k+3 && bytes.IndexByte([]byte("?+.|&:"), t[n]) >= 0 {
		n++
	}
	if n == k || n == len(t) || t[n] != '=' || n == k+1 && (t[k] == '|' || t[k] == '&') {
		return k
	}
	return n
}

const leastListed = 20 // signs of a value behind a comma that has no quotes

// typed gives the place behind the name of a type, as it stands between a name and the sign of its value.
func typed(t []byte, j int) int {
	k := skip(t, j, " :")
	for _, name := range [...]string{"string", "String", "str", "&str", "char*", "std::string"} {
		if hasWordAt(t, k, name) && len(t) > k+len(name)+1 && t[k+len(name)+1] == '=' {
			return k + len(name) + 1
		}
	}
	return j
}

// arrow gives the place behind -> or its like; j: there is none.
func arrow(t []byte, j int) int {
	for _, a := range [...]string{"->", "→", "⇒", "➜", "<-"} {
		if bytes.HasPrefix(t[j:], []byte(a)) {
			return j + len(a)
		}
	}
	if k := skip(t, j, "-"); k >= j+2 && k < len(t) && t[k] == ' ' {
		return k
	}
	return j
}

// indexed gives the end of a name with the index behind it: password.2, password[0].
func indexed(t []byte, j int) int {
	k := j + 1
	if t[j] == ' ' { // Unseal Key 1: x
		for k < len(t) && k-j < 4 && classes[t[k]]&hasDigit != 0 {
			k++
		}
		if k > j+1 && k+1 < len(t) && t[k] == ':' && t[k+1] == ' ' {
			return k
		}
		return j
	}
	if k+1 < len(t) && t[j] == '.' && t[k] == 'v' {
		k++
	}
	if k < len(t) && (t[j] == '.' || t[j] == '[') && classes[t[k]]&hasDigit != 0 {
		for k < len(t) && classes[t[k]]&hasDigit != 0 {
			k++
		}
		return k
	}
	return j
}

// named judges what a name in front of a value says: name=value, name: value, name is value, --name value.
func (s *scan) named(t []byte, i, j int) {
	if isScheme(t[i:j]) && s.scheme(t, j) {
		return
	}
	from := i
	for from > 1 && i-from < longestPath && t[from-1] == '.' && classes[t[from-2]]&isWordChar != 0 { // a.b.password
		from--
		for from > 0 && i-from < longestPath && classes[t[from-1]]&isWordChar != 0 {
			from--
		}
	}
	name := t[from:j]
	says := senseOf(name)
	if says == plain && (isKeyOf(t, i, j) || isSignature(t, i, name) || isQueryKey(t, i, j)) {
		says = credential
	}
	switch says {
	case phoneField:
		v, ok := elementText(t, i, j)
		if !ok {
			v, ok = printed(t, i, j)
		}
		if !ok {
			if v.at, ok = behindSeparator(t, i, j, &v); !ok {
				return
			}
		}
		s.phone(t, v.at)
		return
	case credential, counted, identity, mail:
		if isSelector(t, i, j) {
			return
		}
	default:
		if isSomeKey(name) {
			if v := follows(t, i, j); isKeyValue(v.text) {
				s.report(KindEntropy, v.text, v.at)
			}
		}
		return
	}
	j = indexed(t, j)
	if j == len(t) {
		return
	}
	v, ok := elementText(t, i, j)
	if !ok {
		v, ok = printed(t, i, j)
	}
	if !ok {
		v = follows(t, i, j)
	}
	if v.text != nil && !v.quoted && letters(v.text) && bytes.HasSuffix(bytes.ToLower(name), []byte("authorization")) {
		second := value{}
		if second.readAt(t, skip(t, v.end(), " ")); madeUp(second.text) || turns(second.text) > 5 || bytes.IndexByte(second.text, '=') > 0 { // a scheme of someone's own
			v = second
		}
	}
	s.judge(t, name, says, v)
}

// isSelector: [type=password] and [type="password"] of CSS, where the name is the value of an attribute.
func isSelector(t []byte, i, j int) bool {
	open, end := i, skip(t, j, `\"'`)
	for open > 0 && bytes.IndexByte([]byte(`\"'`), t[open-1]) >= 0 {
		open--
	}
	return open > 0 && t[open-1] == '=' && end < len(t) && t[end] == ']' && bytes.LastIndexByte(t[max(0, open-longestLabel):open], '[') >= 0
}

// judge reports a value where its name and the way that it is written make it one.
func (s *scan) judge(t, name []byte, says sense, v value) {
	if len(v.text) == 0 || maskedID(v.text) || says != identity && standsFor(t, v.at, v.quoted) || idle(bytes.TrimRight(v.text, "])}>.:!?")) {
		return
	}
	if n := maskAt(t[v.at:]); n > 0 {
		if rest := v.at + n; says == credential && rest < len(t) && classes[t[rest]]&isWordChar != 0 {
			s.report(KindAssignment, run(t, rest), rest) // a placeholder that covers only a part
		}
		return
	}
	if says == identity {
		if idLike(v.text) {
			s.report(KindID, v.text, v.at)
		}
		return
	}
	switch {
	case says == mail:
		if part := v.text[bytes.LastIndexByte(v.text, '.')+1:]; v.strict && !wordy(v.text) || madeUp(v.text) || len(part) < len(v.text) && wordy(part) && senseOf(part) != mail {
			s.report(KindMailField, v.text, v.at)
		}
		return
	case says == counted:
		if madeUp(v.text) && turns(v.text) >= 3 {
			s.report(KindAssignment, v.text, v.at)
		}
		return
	case v.flag && (v.text[0] == '-' || bytes.HasPrefix(t[v.at:], []byte("https://")) || asks(name)): // the next flag, an address
		return
	case !v.quoted && v.end() < len(t) && t[v.end()] == '(' && placeIn(bytes.ToLower(v.text)) > 0: // a call, whose arguments are looked at by themselves
		return
	}
	if v.strict || !proseLike(name, v.text) && !isPlace(v.text) && !isCode(v.text) || (v.last(t) || v.at == v.sep) && compound(v.text) {
		if says == credential && isCountOf(name, v.text, v.quoted) {
			return
		}
		s.report(KindAssignment, v.text, v.at)
	} else if !v.quoted && v.end() < len(t) {
		if whole := untilBlank(t, v.at); madeUp(whole) && turns(whole) >= 5 { // with signs in it that mostly end a value
			s.report(KindAssignment, whole, v.at)
		}
	}
}
