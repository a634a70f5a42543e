package redact

import "bytes"

// maxName is how far a matcher looks back for a name.
const maxName = 96

// separator looks at the : or = at i and the name before it: password=x, "password": "x",
// user[password]=x, X-Api-Key: x, session_id=x. Names are judged by what stands behind the last dot.
func (t *text) separator(i int) int { return t.separatorOf(i, 1) }

// separatorOf is separator for one of width bytes, which one of full width has more of.
func (t *text) separatorOf(i, width int) int {
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
	case info.flags&nfKept != 0:
		return i + 1
	case foldPrefix(s[from:i], "private-lines"), from > 0 && s[from-1] == '\\' && foldPrefix(s[from+1:i], "private-lines"):
		return t.putty(i)
	case s[i] == '=' && info.flags&nfNameRole != 0 && i+1 < len(s) && s[i+1] == '"':
		if end := t.formPart(i); end > 0 {
			return end
		}
		return i + 1
	case s[i] == '=' && (string(s[from:i]) == "--user" || string(s[from:i]) == "--proxy-user") && i+1 < len(s):
		return max(i+1, t.curlUser(from, i+1))
	case info.flags&nfValueRole != 0 && !info.sensitive():
		if v := t.valueAt(i + width - 1); v < len(s) && !isSpace(s[v]) {
			return t.apart(i, start, v, info.flags)
		}
		return i + 1
	case info.class == namePlain || info.class == nameRoom:
		if end := t.subprotocol(start, min(i+2, len(s))); end > 0 {
			return end
		}
		return i + 1
	}
	v := t.valueAt(i + width - 1)
	gap := i + width // where a blank may stand before the value
	for gap < v && !isSpace(s[gap]) {
		gap++
	}
	if v < len(s) && inClass("\n\r|>", s[v]) && s[i] == ':' && info.class == nameCredential {
		if end := t.block(i, v, info); end > 0 {
			t.valueFrom, t.valueTo = v, end
			return t.add(start, end, ruleAssignment)
		}
	}
	if v < len(s) && (s[v] == '\n' || s[v] == '\r') && info.class == nameCredential {
		v = t.nextLine(v)
	}
	if v >= len(s) || s[v] == '\n' || s[v] == '\r' || s[i] == '=' && v > gap && i > 0 && s[i-1] != ' ' && t.nextIsPair(v) {
		return i + 1
	}
	if info.class == nameID || info.class == nameNoun {
		return t.idValue(i, v, info)
	}
	return t.secretValue(i, start, v, v > gap, info)
}

// valueAt gives the place of the value behind the separator at i: => and == are ones, too, and types may
// stand before it.
func (t *text) valueAt(i int) int {
	s := t.s
	v := i + 1
	for v < len(s) && v < i+3 && (s[v] == '=' || s[v] == '>' || s[v] == ':') {
		v++
	}
	for gap := 0; gap < 2 && v < len(s) && (s[v] == esc || s[v] == ' ' && v+1 < len(s) && s[v+1] == esc); gap++ {
		if s[v] == ' ' {
			v++
		}
		v += max(1, colorAt(s[v:]))
	}
	for types := 0; ; types++ {
		gap := v
		for v < len(s) && v < gap+16 && (s[v] == ' ' || s[v] == '\t') {
			v++
		}
		n := typeLen(s[v:])
		if s[i] == ':' && types == 0 && n == 0 {
			n = declaredLen(s[v:])
		}
		if n == 0 || types == 2 {
			if bytes.HasPrefix(s[v:], []byte("Some(")) && v+5 < len(s) && isQuote(s[v+5]) {
				v += 5 // an option of Rust
			}
			return v
		}
		v += n
	}
}

// typeLen gives the length of a type before a value, with its blank: !!str and &anchor of YAML, string(8)
// of PHP; 0: there is none.
func typeLen(s []byte) int {
	n := 0
	switch {
	case bytes.HasPrefix(s, []byte("string(")):
		n = bytes.IndexByte(s[:min(len(s), 20)], ')') + 1
	case len(s) > 1 && (s[0] == '!' || s[0] == '&') && (s[1] == '!' || isLetter(s[1])):
		for n = 1; n < len(s) && n < 40 && (isAlnum(s[n]) || s[n] == '!' || s[n] == '_' || s[n] == '-'); n++ {
		}
	}
	if n == 0 || n >= len(s) || s[n] != ' ' || n+1 >= len(s) || isSpace(s[n+1]) {
		return 0
	}
	return n + 1
}

// declaredLen gives the length of a type and = as languages declare names: password: str = "x"; 0: there is none.
func declaredLen(s []byte) int {
	n := 0
	for n < len(s) && n < 32 && (isAlnum(s[n]) || inClass("_.<>[]?", s[n])) {
		n++
	}
	if n == 0 || !isLetter(s[0]) || !bytes.HasPrefix(s[n:], []byte(" = ")) || n+3 >= len(s) || !isQuote(s[n+3]) {
		return 0
	}
	return n + 3
}

// nextLine gives the place of a value that stands alone on the next line, indented, or v.
func (t *text) nextLine(v int) int {
	s := t.s
	j := v
	if s[j] == '\r' {
		j++
	}
	if j+1 >= len(s) || s[j] != '\n' || s[j+1] != ' ' && s[j+1] != '\t' {
		return v
	}
	for j++; j < len(s) && (s[j] == ' ' || s[j] == '\t'); j++ {
	}
	end := j
	for end < len(s) && !isSpace(s[end]) {
		end++
	}
	if end == j || s[j] == '-' || end < len(s) && s[end] != '\n' && s[end] != '\r' || bytes.IndexByte(s[j:end], ':') >= 0 || bytes.IndexByte(s[j:end], '=') >= 0 {
		return v
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
	switch {
	case (info.class == namePhone || info.class == nameCard) && a == v:
		b = t.phoneEnd(v)
		end = b
	case a == v && s[sep] == ':' && gap && foldPrefix(bytes.TrimLeft(s[start:], "-"), "passphrase"):
		b = t.phraseEnd(v)
		end = b
	}
	val := s[a:b]
	if len(val) == 0 || t.harmless(val, a > v, info) || (info.class == namePhone || info.class == nameCard) && digits(val) < 3 {
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
	t.valueFrom, t.valueTo = a, b
	if info.flags&nfPolicy != 0 {
		return t.add(start, end, rulePolicy)
	}
	return t.add(start, end, ruleAssignment)
}

// maxPhrase is how many words a passphrase may have.
const maxPhrase = 8

// phraseEnd gives the end of a phrase of words at v: of its line, or where a quote, a tag or a name begins.
func (t *text) phraseEnd(v int) int {
	s := t.s
	end := v
	for j, words := v, 0; words < maxPhrase && j < len(s); words++ {
		k := j
		for k < len(s) && !isSpace(s[k]) && !isQuote(s[k]) && !inClass("<&\\;=", s[k]) {
			k++
		}
		if k > j && s[k-1] == ',' {
			words = maxPhrase
		}
		if k == j || words > 0 && (s[k-1] == ':' || k < len(s) && s[k] == '=') {
			break
		}
		if end = k; k >= len(s) || s[k] != ' ' {
			break
		}
		j = k + 1
	}
	if end == v {
		return t.bareEnd(v, 0)
	}
	return t.trimEnd(v, end)
}

// phoneEnd gives the end of a telephone number in the usual ways of writing one.
func (t *text) phoneEnd(v int) int {
	end := v
	for j := v; j < len(t.s) && j-v < 32 && (isDigit(t.s[j]) || inClass("+ ()-./", t.s[j])); j++ {
		if isDigit(t.s[j]) {
			end = j + 1
		}
	}
	return end
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
	if isPlaceholder(val) || isTemplate(val) || info.flags&nfKind != 0 && t.p.isKind(val) {
		return true
	}
	if info.flags&nfMild != 0 && len(val) <= maxMild && isNumber(val) {
		return true
	}
	if info.flags&(nfMeasure|nfPlural) != 0 && info.class != namePhone && info.class != nameCard {
		n := 0
		for n < len(val) && (isDigit(val[n]) || val[n] == '.' || n == 0 && val[n] == '-') {
			n++
		}
		if n > 0 && (n == len(val) || !isAlnum(val[n]) && !isSpace(val[n])) && digits(val[:n]) > 0 || string(val) == "true" || string(val) == "false" {
			return true
		}
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
	if len(v) == 2 && v[0] == '%' || templateLen(v) == len(v) {
		return true
	}
	var room [20]byte
	if w := lowerInto(room[:], bytes.Trim(v, "[](){}<>*")); len(w) > 0 && len(w) < len(v) {
		switch string(w) {
		case "redacted", "filtered", "masked", "hidden", "removed", "scrubbed":
			return true
		}
	}
	for _, c := range v {
		if c != '*' && c != '.' && c != 'x' && c != 'X' {
			return false
		}
	}
	return len(v) >= 3
}

// templateLen gives the length of ${NAME}, {{ .name }} or <name> at the start of v, or 0.
func templateLen(v []byte) int {
	for _, b := range [...][2]string{{"${", "}"}, {"{{", "}}"}, {"<", ">"}} {
		if !bytes.HasPrefix(v, []byte(b[0])) {
			continue
		}
		n := bytes.Index(v[:min(len(v), maxName)], []byte(b[1]))
		if n < 0 {
			return 0
		}
		for _, c := range v[len(b[0]):n] {
			if !isLetter(c) && c != '-' && c != '_' && c != ' ' && c != '.' {
				return 0
			}
		}
		return n + len(b[1])
	}
	return 0
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
