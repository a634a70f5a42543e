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
	if s[i-1] == ']' && from > 0 && s[i] == ':' && (s[from-1] == '=' || from > 1 && isQuote(s[from-1]) && s[from-2] == '=') {
		return i + 1 // a selector of CSS: input[type=password]:focus
	}
	info, start := t.judgeName(from, to)
	if info.class == namePlain && t.isURLSignature(from, to, i) {
		info.class = nameCredential
	}
	switch {
	case info.flags&nfKept != 0:
		return i + 1
	case s[i] == '=' && foldPrefix(s[from:i], "issecret"):
		return max(i+1, t.setVariable(i))
	case s[i] == ':' && i-from == 1 && from > 0 && s[from-1] == '/' && s[from]|0x20 == 'p' && i+1 < len(s):
		return max(i+1, t.slashFlag(i))
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
		if info.flags&nfKeyed != 0 {
			if end := t.keyedValue(i+width-1, start); end > 0 {
				return end
			}
		}
		if end := t.subprotocol(start, min(i+2, len(s))); end > 0 {
			return end
		}
		return i + 1
	}
	return t.named(i, width, from, start, info)
}

// named looks at the value behind the separator at i, of width bytes, whose name s[from:], with what is around it s[start:],
// says info.
func (t *text) named(i, width, from, start int, info nameInfo) int {
	s := t.s
	v := t.valueAt(i + width - 1)
	if v < len(s) && s[v] == '\n' && bytes.HasPrefix(s[i:], []byte("=>")) {
		v = t.dumped(v)
	}
	if bytes.HasPrefix(s[min(v, len(s)):], []byte("null -> ")) { // a plan of Terraform
		v += len("null -> ")
	}
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
	if v < len(s) && inClass("\n\r\\|>", s[v]) && info.class == nameCredential {
		if a := t.lineBelow(v+scalarHead(s[v:]), s[i] == ':' && t.asked(start), info); a > 0 {
			v = a
		}
	}
	if v >= len(s) || s[v] == '\n' || s[v] == '\r' || s[i] == '=' && v > gap && i > 0 && s[i-1] != ' ' && (t.nextIsPair(v) || bytes.HasPrefix(s[from:], []byte("--"))) {
		return i + 1
	}
	if info.class == nameID || info.class == nameNoun {
		return t.idValue(i, v, info)
	}
	if s[v] == '$' {
		if end := t.hash(v); end > 0 {
			return end
		}
	}
	return t.secretValue(i, start, v, v > gap, info)
}

// valueAt gives the place of the value behind the separator at i: => and == are ones, too, and types may
// stand before it.
func (t *text) valueAt(i int) int {
	s := t.s
	v := i + 1
	for v < len(s) && v < i+4 && (s[v] == '=' || s[v] == '>' || s[v] == ':') {
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
	if n == 0 || !isLetter(s[0]) || !bytes.HasPrefix(s[n:], []byte(" = ")) {
		return 0
	}
	quote := n + 3
	for quote < len(s) && s[quote] == '\\' {
		quote++
	}
	if (quote >= len(s) || !isQuote(s[quote])) && escapedQuoteAt(s[n+3:]) == 0 {
		return 0
	}
	return n + 3
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
	if n := t.referenceLen(v); n > 0 {
		return v + n
	} else if t.callAt(v) {
		return sep + 1
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
	if a == v && b < len(s) && s[b] == ' ' {
		b = t.groupsEnd(a, b)
		end = max(end, b)
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
	if a > v && s[sep] != ' ' {
		end = t.listEnd(start, end)
	}
	t.valueFrom, t.valueTo = a, b
	if info.flags&nfPolicy != 0 {
		return t.add(start, end, rulePolicy)
	}
	return t.add(start, end, ruleAssignment)
}
