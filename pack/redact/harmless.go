package redact

import "bytes"

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
	if isPlaceholder(val) || isTemplate(val) || isVariable(val) || t.variable(val) || info.flags&nfKind != 0 && t.p.isKind(val) {
		return true
	}
	if info.flags&nfMild != 0 && len(val) <= maxMild && isNumber(val) {
		return true
	}
	for _, kind := range [...]string{"int(", "float(", "bool("} { // of PHP's dumps
		if inner, ok := bytes.CutPrefix(val, []byte(kind)); ok && info.flags&(nfMeasure|nfPlural) != 0 {
			val = bytes.TrimSuffix(inner, []byte(")"))
		}
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
		if c != '*' && c != '.' && c != 'x' && c != 'X' && c != '#' {
			return false
		}
	}
	return len(v) >= 3
}

// templateLen gives the length of ${NAME}, {{ .name }} or <name> at the start of v, or 0.
func templateLen(v []byte) int {
	for _, b := range [...][2]string{{"${{", "}}"}, {"${", "}"}, {"<%", "%>"}, {"#{", "}"}, {"%{", "}"}, {"{{", "}}"}, {"<", ">"}} {
		if !bytes.HasPrefix(v, []byte(b[0])) {
			continue
		}
		n := bytes.Index(v[:min(len(v), maxName)], []byte(b[1]))
		if n < 0 {
			return 0
		}
		for _, c := range v[len(b[0]):n] {
			if !isLetter(c) && c != '-' && c != '_' && c != ' ' && c != '.' && (!isDigit(c) || b[0] != "${") {
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
