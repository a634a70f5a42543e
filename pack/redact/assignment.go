package redact

import "bytes"

// maxName is how far a matcher looks back for a name.
const maxName = 96

// separator looks at the : or = at i and the name before it: password=x, "password": "x",
// user[password]=x, X-Api-Key: x, session_id=x. Names are judged by what stands behind the last dot.
func (t *text) separator(i int) int {
	s := t.s
	from, to := t.nameBefore(i)
	if from >= to {
		return i + 1
	}
	info, start := t.judgeName(from, to)
	if info.class == namePlain && t.isURLSignature(from, to, i) {
		info.class = nameCredential
	}
	switch {
	case info.class == namePlain || info.class == nameRoom:
		return i + 1
	case info.flags&nfKept != 0:
		return i + 1
	}
	v := i + 1
	for v < len(s) && v < i+3 && (s[v] == '=' || s[v] == '>' || s[v] == ':') {
		v++
	}
	gap := v
	for v < len(s) && v < gap+16 && (s[v] == ' ' || s[v] == '\t') {
		v++
	}
	if v >= len(s) || s[v] == '\n' || s[v] == '\r' || s[i] == '=' && v > gap && i > 0 && s[i-1] != ' ' && t.nextIsPair(v) {
		return i + 1
	}
	if info.class == nameID || info.class == nameNoun {
		return t.idValue(i, v, info)
	}
	return t.secretValue(i, start, v, v > gap, info)
}

// isURLSignature says whether s[from:to]= is a parameter of a URL that signs it or opens it: whoever
// has the URL has the access.
func (t *text) isURLSignature(from, to, i int) bool {
	s := t.s
	if s[i] != '=' || to != i || from == 0 || s[from-1] != '?' && s[from-1] != '&' && s[from-1] != ';' {
		return false
	}
	name := bytes.ToLower(s[from:to])
	switch string(name) {
	case "sig", "hmac", "x-amz-credential", "x-goog-credential":
		return true
	case "key", "code": // also harmless: ?key=lap, ?code=404
		end := i + 1
		digit := false
		for end < len(s) && (isAlnum(s[end]) || s[end] == '-' || s[end] == '_') {
			digit = digit || isDigit(s[end])
			end++
		}
		return digit && end-i > 16
	}
	return bytes.HasSuffix(name, []byte("signature"))
}

// nameBefore finds the name that ends at the separator: blanks, an end quote with its backslashes, or
// a bracket may stand between. A quoted name starts at its quote.
func (t *text) nameBefore(i int) (from, to int) {
	s, class := t.s, &t.p.r.tab.class
	j := i
	for j > t.done && i-j < 3 && (s[j-1] == ' ' || s[j-1] == '\t') {
		j--
	}
	if j > t.done && isQuote(s[j-1]) {
		j--
		for j > t.done && s[j-1] == '\\' {
			j--
		}
	}
	to = j
	for j > t.done && to-j < maxName && class[s[j-1]]&cName != 0 {
		if s[j-1] == ']' && t.placeholderBefore(j) {
			break
		}
		j--
	}
	return j, to
}

// placeholderBefore says whether a placeholder ends at j.
func (t *text) placeholderBefore(j int) bool {
	from := bytes.LastIndexByte(t.s[t.done:j], '[')
	return from >= 0 && placeholderLen(t.s[t.done+from:]) == j-t.done-from
}

// judgeName says what the name s[from:to] says, and where it starts: in front of its dashes and quotes.
// A name like key or string is read together with the word before it.
func (t *text) judgeName(from, to int) (nameInfo, int) {
	s := t.s
	name := s[from:to]
	last := bytes.LastIndexByte(bytes.TrimRight(name, "]."), '.')
	info := t.p.classify(name[last+1:])
	if info.class == namePlain && info.flags&nfLead != 0 {
		wide, start := name, from
		if last < 0 {
			start = t.wordBefore(from)
			wide = s[start:to]
		}
		if w := t.p.classify(wide); w.class != namePlain {
			info, from = w, start
		}
	}
	for from > t.done && (isQuote(s[from-1]) || s[from-1] == '\\' || s[from-1] == '-') {
		from--
		if s[from] == '"' || s[from] == '\'' || s[from] == '`' {
			for from > t.done && s[from-1] == '\\' {
				from--
			}
			break
		}
	}
	return info, from
}

// wordBefore gives the start of the word that stands one blank before i, or i.
func (t *text) wordBefore(i int) int {
	s, class := t.s, &t.p.r.tab.class
	if i-1 <= t.done || s[i-1] != ' ' {
		return i
	}
	j := i - 1
	for j > t.done && i-j < maxName && class[s[j-1]]&cWord != 0 {
		j--
	}
	if j == i-1 {
		return i
	}
	return j
}

// nextIsPair says whether a name and = stand at v: password= user=bob has an empty value.
func (t *text) nextIsPair(v int) bool {
	s, class := t.s, &t.p.r.tab.class
	j := v
	for j < len(s) && j-v < maxName && class[s[j]]&cName != 0 {
		j++
	}
	return j > v && j < len(s) && s[j] == '='
}

// secretValue removes name, separator and value when the value at v can be a credential.
func (t *text) secretValue(sep, start, v int, gap bool, info nameInfo) int {
	s := t.s
	if n := placeholderLen(s[v:]); n > 0 && t.endsAt(v+n) {
		return v + n
	}
	if header, kind := headerOf(s[start:sep]); header {
		if end := t.headerValue(start, v, kind); end > 0 {
			return end
		}
	}
	opener := byte(0)
	if start > 0 && isQuote(s[start-1]) {
		opener = s[start-1]
	} else if start < sep && isQuote(s[start]) {
		opener = 0
	}
	a, b, end := t.value(v, opener)
	val := s[a:b]
	if len(val) == 0 || t.harmless(val, a > v, info) || (info.class == namePhone || info.class == nameCard) && digits(val) < 7 {
		return sep + 1
	}
	if s[sep] == ':' && gap && a == v {
		if info.flags&nfTail != 0 {
			return sep + 1
		}
		if info.flags&nfWeak != 0 && t.prose(a, b) {
			return sep + 1
		}
	}
	return t.add(start, end, ruleAssignment)
}

// prose says whether the value is a plain word and more words follow: "auth: user logged in".
func (t *text) prose(a, b int) bool {
	s := t.s
	if b-a > 14 {
		return false
	}
	for _, c := range s[a:b] {
		if !isLetter(c) && c != '-' {
			return false
		}
	}
	return b+1 < len(s) && s[b] == ' ' && (isLetter(s[b+1]) || s[b+1] == '(')
}

// harmless says whether a value behind a credential name gives nothing away: words of prose, templates,
// stars, and numbers and booleans behind a name that also says a measure.
func (t *text) harmless(val []byte, quoted bool, info nameInfo) bool {
	if isPlaceholder(val) || isTemplate(val) {
		return true
	}
	if info.flags&nfMeasure != 0 && (isNumber(val) || string(val) == "true" || string(val) == "false") {
		return true
	}
	var room [16]byte
	w := lowerInto(room[:], bytes.TrimRight(val, ".,;:!?"))
	if w == nil {
		return false
	}
	if quoted {
		return string(w) == "null" || string(w) == "undefined"
	}
	return t.p.r.tab.words[string(w)]&wHarmless != 0
}

// isTemplate says whether a value only stands for another: ${PASSWORD}, {{ .x }}, <password>, %s, ****.
func isTemplate(v []byte) bool {
	switch {
	case bytes.HasPrefix(v, []byte("${")) && v[len(v)-1] == '}', bytes.HasPrefix(v, []byte("{{")), len(v) == 2 && v[0] == '%':
		return true
	case v[0] == '<' && v[len(v)-1] == '>':
		for _, c := range v[1 : len(v)-1] {
			if !isLetter(c) && c != '-' && c != '_' && c != ' ' {
				return false
			}
		}
		return true
	}
	for _, c := range v {
		if c != '*' && c != '.' && c != 'x' && c != 'X' {
			return false
		}
	}
	return len(v) >= 3
}

func digits(v []byte) (n int) {
	for _, c := range v {
		if isDigit(c) {
			n++
		}
	}
	return n
}

func isNumber(v []byte) bool {
	n := 0
	for i, c := range v {
		switch {
		case isDigit(c):
			n++
		case c == '.', (c == '-' || c == '+') && i == 0:
		default:
			return false
		}
	}
	return n > 0
}
