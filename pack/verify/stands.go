package verify

import "bytes"

// What stands in the place of a value and is none: variables of shells and templates, expressions of programs, texts that
// only fill space. They are told by their grammar: an expression that holds no text and no number of its own gives
// nothing away.

const longestExpression = 160 // bytes

// standsFor says whether an expression stands at k, without quotes around it, or all of a text in quotes.
func standsFor(t []byte, k int, quoted bool) bool {
	for k+1 < len(t) && t[k] == '$' && t[k+1] == '$' {
		k++
	}
	e := expression(t, k)
	if len(e) < 2 {
		return false
	}
	if filler(e) || enclosed(e) {
		return true
	}
	switch e[0] {
	case '%':
		return len(e) == 2 || e[len(e)-1] == '%' && loud(e[1:len(e)-1])
	case '$':
		if e[1] == '(' {
			return !quoted || e[len(e)-1] == ')'
		}
		name := e[1 : 1+nameLength(e[1:])]
		if rest := e[1+len(name):]; len(rest) > 0 {
			return len(name) > 0 && !quoted && (rest[0] == '[' || bytes.HasPrefix(rest, []byte("->")))
		}
		return len(name) == 1 && classes[name[0]]&hasDigit != 0 || loud(name) || countDigits(name) == 0 && senseOf(name) == credential
	}
	if k > 0 && t[k-1] == '[' && e[len(e)-1] == ']' {
		return loud(e[:len(e)-1])
	}
	return !quoted && computed(e)
}

// expression reads to where one ends: a blank, a quote or a sign that joins two, outside of brackets.
func expression(t []byte, k int) []byte {
	depth, quote := 0, byte(0)
	at := k
	if k > 0 && t[k-1] == '[' {
		if n := bytes.IndexByte(t[k:min(len(t), k+longestExpression)], ']'); n >= 0 {
			return t[k : k+n+1]
		}
	}
	for end := min(len(t), k+longestExpression); at < end; at++ {
		c := t[at]
		switch {
		case c == '\n':
			return t[k:at]
		case quote != 0:
			if c == quote {
				quote = 0
			}
			continue
		case c == '(' || c == '[' || c == '{' || c == '<' && at == k:
			depth++
			continue
		case (c == ')' || c == ']' || c == '}' || c == '>') && depth > 0:
			depth--
			continue
		case depth > 0:
			if c == '"' || c == '\'' {
				quote = c
			}
			continue
		case c == '>' && at > k && t[at-1] == '-':
			continue
		case endsValue[c]:
			return t[k:at]
		}
	}
	return t[k:at]
}

// enclosed: ${x}, {{ x }}, #{x}, %{x}, <x>, {0}, with names inside and nothing behind.
func enclosed(e []byte) bool {
	for _, b := range [...]struct{ open, shut string }{{"${", "}"}, {"{{", "}}"}, {"#{", "}"}, {"%{", "}"}, {"<", ">"}, {"{", "}"}} {
		if !bytes.HasPrefix(e, []byte(b.open)) || !bytes.HasSuffix(e, []byte(b.shut)) || len(e) < len(b.open)+len(b.shut)+1 {
			continue
		}
		inside := e[len(b.open) : len(e)-len(b.shut)]
		if len(inside) == 1 && classes[inside[0]]&hasDigit != 0 {
			return true
		}
		for _, c := range inside {
			if !(c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == '-' || c == '.' || c == ' ' || c >= '0' && c <= '9' && b.open == "${") {
				return false
			}
		}
		return b.open != "{" || !bytes.ContainsAny(inside, capitals)
	}
	return false
}

func nameLength(v []byte) (n int) {
	for n < len(v) && classes[v[n]]&isWordChar != 0 && v[n] != '-' {
		n++
	}
	return n
}

// loud: the name of a variable in capitals, API_KEY or PASSWORD.
func loud(v []byte) bool {
	bars := bytes.Count(v, []byte{'_'})
	for i, c := range v {
		if (c < 'A' || c > 'Z') && c != '_' && (classes[c]&hasDigit == 0 || i == 0) {
			return false
		}
	}
	return len(v)-bars >= 2 && (bars > 0 || countDigits(v) == 0)
}

// filler: one sign again and again.
func filler(v []byte) bool {
	v = bytes.Trim(v, "-_.")
	if len(v) < 3 {
		return false
	}
	for _, c := range v {
		if c|0x20 != v[0]|0x20 && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

// holders are what programs keep settings in.
var holders = [][]byte{[]byte("this"), []byte("self"), []byte("process"), []byte("os"), []byte("config"), []byte("configuration"), []byte("cfg"), []byte("conf"), []byte("settings"),
	[]byte("options"), []byte("opts"), []byte("env"), []byte("environ"), []byte("request"), []byte("req"), []byte("params"), []byte("args"), []byte("ctx"), []byte("context"), []byte("var"), []byte("local"),
	[]byte("locals"), []byte("module"), []byte("data"), []byte("props"), []byte("secrets"), []byte("vault"), []byte("app"), []byte("system"), []byte("each"), []byte("input"), []byte("state")}

// computed: config.password, request.body['x'], os.Getenv("X"), readPassword(): names joined by dots, of which the first
// holds settings or one is called, with no text in it that is no name.
func computed(e []byte) bool {
	first := e[:nameLength(e)]
	known := false
	for _, h := range holders {
		known = known || bytes.EqualFold(first, h)
	}
	joined := false
	for len(e) > 0 {
		n := nameLength(e)
		name := e[:n]
		if n == 0 || countDigits(name) > 0 {
			return false
		}
		if e = e[n:]; len(e) > 0 && (e[0] == '(' || e[0] == '[') {
			n := bytes.IndexAny(e, ")]")
			if n < 0 || !plainArguments(name, e[1:n], known || e[0] == '(') {
				return false
			}
			known, joined = known || e[0] == '(', true
			e = e[n+1:]
		}
		if len(e) == 0 {
			break
		}
		if e[0] != '.' || len(e) < 2 {
			return false
		}
		joined, e = true, e[1:]
	}
	return known && joined
}

// plainArguments: nothing, names, or in quotes the name of a variable of the environment or of a member.
func plainArguments(name, arguments []byte, known bool) bool {
	inside := bytes.Trim(arguments, " \"'`\\")
	if len(inside) == len(bytes.TrimSpace(arguments)) {
		return countDigits(inside) == 0
	}
	lower := bytes.ToLower(name)
	reads := bytes.HasSuffix(lower, []byte("env")) || bytes.HasSuffix(lower, []byte("environ")) || bytes.HasSuffix(lower, []byte("get"))
	return known && !bytes.ContainsAny(inside, "\"'`") && (loud(inside) || countDigits(inside) == 0 && (reads || len(inside) < 12 && bytes.IndexByte(arguments, '(') < 0))
}
