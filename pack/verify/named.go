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
		return isScheme(t[i:j]) || j+2 < len(t) && t[j+1] == ' ' && len(run(t, j+2)) >= leastListed
	case '.', '[':
		return j+1 < len(t) && classes[t[j+1]]&hasDigit != 0
	case '=', ':', '"', '\'', '\\', ']', '\t', '`', ')', '<':
		return true
	case '>':
		return i > 0 && (t[i-1] == '<' || t[i-1] == ':' || t[i-1] == '.')
	case ' ':
		if t[i] == '-' || i > 0 && (t[i-1] == '-' || t[i-1] == '<' || t[i-1] == ':') || isScheme(t[i:j]) {
			return true
		}
		if j+1 == len(t) {
			return false
		}
		switch t[j+1] {
		case '=', ':', '|', '"':
			return true
		case 'i':
			return hasWordAt(t, j+1, "is")
		case 'w':
			return hasWordAt(t, j+1, "was")
		case 's', 'S', '&', 'c':
			return typed(t, j) > j
		}
	}
	return false
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

// indexed gives the end of a name with the index behind it: password.2, password[0].
func indexed(t []byte, j int) int {
	if j+1 < len(t) && (t[j] == '.' || t[j] == '[') && classes[t[j+1]]&hasDigit != 0 {
		k := j + 1
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
	if says == plain && (isKeyOf(t, i, j) || isSignature(t, i, name)) {
		says = credential
	}
	switch says {
	case phoneField:
		s.phone(t, i, j)
		return
	case credential, counted, identity, mail:
	default:
		return
	}
	j = indexed(t, j)
	if j == len(t) {
		return
	}
	v, ok := elementText(t, i, j)
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

// judge reports a value where its name and the way that it is written make it one.
func (s *scan) judge(t, name []byte, says sense, v value) {
	if len(v.text) == 0 || maskedID(v.text) || idle(bytes.TrimRight(v.text, "])}>.:!?")) {
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
	case v.text[0] == '-' && !v.quoted && !v.strict || v.text[0] == '-' && len(v.text) > 1 && v.text[1] == '-': // the next flag
		return
	}
	if v.strict || !proseLike(name, v.text) && !isPlace(v.text) && !isCode(v.text) || (v.last(t) || v.at == v.sep) && compound(v.text) {
		if says == credential && isCountOf(name, v.text, v.quoted) {
			return
		}
		s.report(KindAssignment, v.text, v.at)
	}
}

// value is what stands behind a name.
type value struct {
	text   []byte
	at     int
	strict bool // the way it is written leaves no doubt that it is one
	quoted bool
	listed bool // it stands behind a comma
	sep    int  // where the sign ends that joins it to its name
}

func (v value) end() int { return v.at + len(v.text) }

// last says whether a value is the last thing in its line, or in its quotes.
func (v value) last(t []byte) bool {
	return v.end() == len(t) || bytes.IndexByte([]byte("\n\r\"'}<]"), t[v.end()]) >= 0
}

// follows gives the value behind the name that ends at j.
func follows(t []byte, i, j int) (v value) {
	k, ok := behindSeparator(t, i, j, &v)
	if !ok {
		return value{}
	}
	v.sep = k
	k = skip(t, k, " \t")
	nextLine := false
	if k < len(t) && (t[k] == '\n' || t[k] == '\r' || t[k] == '|' || t[k] == '>') {
		if k, nextLine = ownLine(t, k); !nextLine {
			return value{}
		}
		v.strict = false
	}
	bracket := k < len(t) && (t[k] == '[' || t[k] == '(') && maskAt(t[k:]) == 0
	if bracket {
		k = skip(t, k, "[( ")
	}
	v.readAt(t, opening(t, k))
	if unquoted := !v.quoted; v.listed && !madeUp(v.text) || unquoted && bracket && wordy(bytes.TrimRight(v.text, "]")) || // [Function], [Object]
		unquoted && nextLine && v.end() < len(t) && t[v.end()-1] == ':' || // the next name
		unquoted && isField(t, i, v.text) {
		return value{}
	}
	return v
}

// behindSeparator gives the place behind what joins a name to its value.
func behindSeparator(t []byte, i, j int, v *value) (k int, ok bool) {
	k = skip(t, j, "\"'`\\])")
	quotedName := k > j && t[k-1] != ')'
	closed := k
	k = skip(t, k, " \t")
	k = max(k, typed(t, j))
	if k == len(t) {
		return k, false
	}
	switch c := t[k]; {
	case c == '=':
		v.strict = k == j || quotedName || isPassword(t[i:j]) // in code there are blanks around it
		if k++; k < len(t) && t[k] == '=' && (k-1 > j || k+1 < len(t) && t[k+1] == ' ') || k < len(t) && t[k] == '~' {
			return k, false // a comparison
		} else if k < len(t) && t[k] == '=' {
			v.listed = true
			return k + 1, true
		}
		if k < len(t) && t[k] == '>' {
			k++
		}
	case c == ':':
		k++
		v.strict = quotedName || k < len(t) && k-1 == j && (t[k] != ' ' && isPassword(t[i:j]) || t[i]|0x20 == 'x' && t[min(i+1, j)] == '-')
		if k < len(t) && t[k] == ':' {
			return k, false // a scope, or a cast
		} else if k < len(t) && t[k] == '=' {
			k++
		}
	case c == ',' && quotedName:
		k = skip(t, k+1, " ")
		v.listed = true
		return k, isQuote(t, opening(t, k))
	case c == ',' && k == j:
		v.listed = true
		return k + 1, true
	case c == '"' && k > j && !quotedName && bytes.ContainsAny(t[i:j], "-_"): // a header in a file of settings
		v.listed = true
	case c == '|' && k > j, c == '\t', k > closed && t[k-1] == '\t':
		k = skip(t, k, "|\t ")
	case hasWordAt(t, k, "is"), hasWordAt(t, k, "was"):
		k = skip(t, k+2, "s")
	case i >= 2 && t[i-1] == '-' || t[i] == '-': // a flag; dashes belong to the word
		v.strict = k > j
	default:
		return k, false
	}
	return k, true
}

// ownLine: a value that stands on the line below its name, also as a block of YAML or the item of a list.
func ownLine(t []byte, k int) (at int, ok bool) {
	block := t[k] == '|' || t[k] == '>'
	if block {
		k = skip(t, k+1, "+-0123456789 ")
	}
	at = skip(t, k, " \t\r\n")
	if !(at < len(t) && at-k <= longestGap && bytes.IndexByte(t[k:at], '\n') >= 0) {
		return k, false
	}
	if t[at] == '-' && at+1 < len(t) && t[at+1] == ' ' {
		at = skip(t, at+1, " ")
	}
	return at, true
}

// opening skips what languages write in front of a text: b”, u”, @"", Some("").
func opening(t []byte, k int) int {
	if k+5 < len(t) && string(t[k:k+5]) == "Some(" {
		k += 5
	}
	if k+1 < len(t) && bytes.IndexByte([]byte("bBuUrRfFN@$"), t[k]) >= 0 && isQuote(t, k+1) {
		k++
	}
	return k
}

func isQuote(t []byte, k int) bool {
	return k < len(t) && (t[k] == '"' || t[k] == '\'' || t[k] == '`' || t[k] == '\\' && k+1 < len(t) && (t[k+1] == '"' || t[k+1] == '\''))
}

// readAt reads a value to its closing quote, or to what ends one that has none.
func (v *value) readAt(t []byte, k int) {
	end := min(len(t), k+longestValue)
	if from, quote := unquotedAt(t, k); quote != 0 {
		v.strict, v.quoted = true, true
		if from < len(t) && t[from] == quote && (from+1 == len(t) || classes[t[from+1]]&isWordChar == 0) { // nothing inside
			v.text, v.at = nil, from
			return
		} else if from < len(t) && t[from] == quote { // SQL doubles a quote inside quotes
			from++
		}
		k = skip(t, from, " \t\r\n")
		if n := bytes.IndexByte(t[min(k, end):end], quote); n > 0 {
			v.text, v.at = bytes.TrimRight(t[k:k+n], `\`), k
			return
		}
	}
	to := k
	for to < end && !endsValue[t[to]] {
		to++
	}
	v.text, v.at = t[k:max(k, to)], k
}

// unquotedAt gives the place behind the quote or quotes at k, which may be escaped, and the last of
// them; 0: there is none.
func unquotedAt(t []byte, k int) (from int, quote byte) {
	from = k
	for range 3 {
		at := skip(t, from, `\`)
		if at == len(t) || t[at] != '"' && t[at] != '\'' && t[at] != '`' {
			return from, quote
		}
		if t[at] != quote {
			quote, from = t[at], at+1
			continue
		}
		if at+1 < len(t) && t[at+1] == quote { // three of them
			return at + 2, quote
		}
		return at, quote
	}
	return from, quote
}

var endsValue = func() (t [256]bool) {
	for _, c := range []byte(" \t\r\n\"'\\,;&<>(){}`|") {
		t[c] = true
	}
	return t
}()

func skip(t []byte, k int, set string) int {
	for k < len(t) && bytes.IndexByte([]byte(set), t[k]) >= 0 {
		k++
	}
	return k
}

func hasWordAt(t []byte, k int, word string) bool {
	return len(t) > k+len(word) && string(t[k:k+len(word)]) == word && t[k+len(word)] == ' '
}

// elementText gives the text of an element of XML whose name or attribute or text ends at j.
func elementText(t []byte, i, j int) (v value, ok bool) {
	k := j
	switch {
	case t[j] == '<': // <key>password</key><string>...
		if i == 0 || t[i-1] != '>' || j+1 == len(t) || t[j+1] != '/' {
			return v, false
		}
		if k = pastTag(t, j); k < 0 {
			return v, true
		}
		k = skip(t, k, " \t\r\n")
	case t[j] == '>', t[j] == ' ':
		from := i
		for from > 0 && i-from < longestPath && (classes[t[from-1]]&isWordChar != 0 || t[from-1] == ':' || t[from-1] == '.') {
			from--
		}
		if from == 0 || t[from-1] != '<' {
			return v, false
		}
	default:
		return v, false
	}
	if k = pastTag(t, k); k < 0 {
		return v, true
	}
	return innerText(t, k), true
}

// pastTag gives the place behind the tag that k stands in; -1: it ends too far away, or holds nothing.
func pastTag(t []byte, k int) int {
	n := bytes.IndexByte(t[k:min(len(t), k+longestValue)], '>')
	if n < 0 || n > 0 && t[k+n-1] == '/' {
		return -1
	}
	return k + n + 1
}

func innerText(t []byte, k int) value {
	k = skip(t, k, " \t\r\n")
	if cdata := "<![CDATA["; bytes.HasPrefix(t[k:], []byte(cdata)) {
		k += len(cdata)
	}
	end := k
	for end < len(t) && end-k < longestValue && t[end] != '<' && t[end] != ']' && t[end] != '\n' {
		end++
	}
	return value{text: t[k:end], at: k, strict: true}
}
