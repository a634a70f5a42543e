package verify

import "bytes"

// value is what stands behind a name.
type value struct {
	text   []byte
	at     int
	strict bool // the way it is written leaves no doubt that it is one
	quoted bool
	listed bool // only what looks made up is one: it stands behind a comma, a comparison, a bracket
	flag   bool // its name is a flag, behind a blank
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
	if k < len(t) && (t[k] == '\n' || t[k] == '\r' || t[k] == '|' || t[k] == '>' || t[k] == '&') {
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
	if unquoted := !v.quoted; v.listed && !madeUp(v.text) && turns(v.text) < leastListed/2 || unquoted && bracket && wordy(bytes.TrimRight(v.text, "]")) || // [Function], [Object]
		unquoted && nextLine && v.end() < len(t) && t[v.end()-1] == ':' || // the next name
		unquoted && nextLine && (isTime(v.text) || isNextName(v.text)) || len(v.text) == 1 && classes[v.text[0]]&isWordChar == 0 ||
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
	if e := operator(t, k); e > k && t[k] != '=' {
		k = e
	}
	switch c := t[k]; {
	case c == '=':
		v.strict = k == j || quotedName || isPassword(t[i:j])                                                        // in code there are blanks around it
		if k++; k < len(t) && (t[k] == '~' || t[k] == ' ' && i > 1 && t[i-1] == '-' || t[k] == ' ' && t[i] == '-') { // --password= has none
			return k, false
		} else if k < len(t) && t[k] == '=' { // a comparison
			v.listed = true
			k = skip(t, k, "= ")
			return k, k-j == 2 || isQuote(t, k)
		}
		if k < len(t) && t[k] == '>' {
			k++
		}
	case c == ':':
		k++
		v.strict = quotedName || k < len(t) && k-1 == j && (t[k] != ' ' && isPassword(t[i:j]) || t[i]|0x20 == 'x' && t[min(i+1, j)] == '-')
		if k < len(t) && t[k] == ':' {
			v.listed = true // of a directory, in base64; else it is a scope, or a cast
			return k + 1, k+1 < len(t) && t[k+1] == ' '
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
		v.listed = true
		k = skip(t, k, "|\t ")
	case hasWordAt(t, k, "is"), hasWordAt(t, k, "was"):
		k = skip(t, k+2, "s")
	case i >= 2 && t[i-1] == '-' || t[i] == '-': // a flag; dashes belong to the word
		v.strict, v.flag = k > j, true
	case c == '(' && k == j:
		v.listed = true
		k++
	case arrow(t, k) > k:
		k = arrow(t, k)
	default:
		v.listed = true // aws configure set aws_secret_access_key x
		return k, k > j && len(run(t, k)) >= leastListed && turns(run(t, k)) >= leastListed/4 && bytes.IndexByte(t[i:j], '_') > 0
	}
	return k, true
}

// ownLine: a value that stands on the line below its name, also as a block of YAML or the item of a list.
func ownLine(t []byte, k int) (at int, ok bool) {
	if k == len(t) {
		return k, false
	} else if t[k] == '|' || t[k] == '>' {
		k = skip(t, k+1, "+-0123456789 ")
	} else if bytes.HasPrefix(t[k:], []byte("&gt;")) { // a block inside HTML or XML
		k = skip(t, k+4, "+-0123456789 ")
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
	for c := range byte(' ') {
		t[c] = true
	}
	return t
}()

// untilBlank gives what stands from a place to the next blank or quote.
func untilBlank(t []byte, k int) []byte {
	end := k
	for end < len(t) && end-k < longestValue && bytes.IndexByte([]byte(" \t\r\n\"'`"), t[end]) < 0 {
		end++
	}
	return t[k:end]
}

func skip(t []byte, k int, set string) int {
	for k < len(t) && bytes.IndexByte([]byte(set), t[k]) >= 0 {
		k++
	}
	return k
}

func hasWordAt(t []byte, k int, word string) bool {
	return len(t) > k+len(word) && string(t[k:k+len(word)]) == word && t[k+len(word)] == ' '
}

// isNextName: what stands on the next line is a name of its own, with an = behind it: A_KEY=, and below it B_KEY=.
func isNextName(v []byte) bool {
	name := bytes.TrimSuffix(v, []byte("="))
	if len(name) == len(v) {
		return false
	}
	if loud(name) {
		return true
	}
	for _, c := range name {
		if (c < 'a' || c > 'z') && c != '_' && c != '.' {
			return false
		}
	}
	return len(name) > 2
}
