package redact

import "bytes"

// What stands in the place of a credential without being one: a variable, a member of a configuration, a call that reads
// one, a part of a template, a text that only fills space.

// referenceRoots are what a dotted reference begins with: config.password, process.env.TOKEN, var.db_password.
const referenceRoots = `this self process os config configuration cfg conf settings options opts env environ request req params args
	ctx context var local locals module data props secrets vault app system each input state`

// isReferences says whether v is one reference, or two with a colon between: $user:$pass.
func isReferences(v []byte) bool {
	user, pass, two := bytes.Cut(v, []byte{':'})
	return isVariable(v) || two && isVariable(user) && isVariable(pass)
}

// isVariable says whether all of v names a variable of a shell, of a template, of a batch file: $API_KEY, $1, ${x},
// %TOKEN%, #{password}, {0}, <user>, [PASSWORD].
func isVariable(v []byte) bool {
	for len(v) > 2 && v[0] == '$' && v[1] == '$' {
		v = v[1:]
	}
	n := len(v)
	if n < 2 {
		return false
	}
	switch last := v[n-1]; {
	case v[0] == '$' && (isNumber(v[1:]) && n == 2 || isUpperName(v[1:])):
		return true
	case v[0] == '%' && last == '%', v[0] == '[' && last == ']':
		return isUpperName(v[1 : n-1])
	case v[0] == '{' && last == '}':
		inner := bytes.TrimSpace(v[1 : n-1])
		return len(inner) == 0 || isNumber(inner) && n <= 4 || isLowerName(inner) || isUpperName(inner)
	}
	return templateLen(v) == n
}

// isUpperName says whether v is the name of a variable of a shell as they are written, in capitals: DB_PASS_2.
func isUpperName(v []byte) bool {
	letters, bars := 0, 0
	for i, c := range v {
		switch {
		case c >= 'A' && c <= 'Z':
			letters++
		case c == '_':
			bars++
		case !isDigit(c) || i == 0:
			return false
		}
	}
	return letters >= 2 && (bars > 0 || letters == len(v))
}

// isLowerName says whether v is a name in small letters, perhaps dotted: password, self.api_key.
func isLowerName(v []byte) bool {
	for _, c := range v {
		if (c < 'a' || c > 'z') && c != '_' && c != '.' {
			return false
		}
	}
	return len(v) > 2
}

// isFiller says whether v only fills space: xxxx, ####, ----, 0000, one sign again and again.
func isFiller(v []byte) bool {
	first := byte(0)
	for _, c := range v {
		if c == '-' || c == '_' || c == '.' {
			continue
		}
		if first == 0 {
			first = c
		}
		if lower(c) != lower(first) {
			return false
		}
	}
	return len(v) >= 3
}

// variable says whether v is a variable whose name says that it holds a credential itself: $password, $db_password.
func (t *text) variable(v []byte) bool {
	for len(v) > 2 && v[0] == '$' && v[1] == '$' {
		v = v[1:]
	}
	if len(v) < 4 || v[0] != '$' || digits(v) > 0 {
		return false
	}
	for _, c := range v[1:] {
		if !isLetter(c) && c != '_' {
			return false
		}
	}
	info := t.p.classify(v[1:])
	return info.class == nameCredential && info.flags&nfTail == 0
}

// referenceLen gives the length of the reference that stands at v without quotes, 0 when there is none: config.password,
// request.body['x'], getPassword(), $_POST["x"], $(cat file).
func (t *text) referenceLen(v int) int {
	s := t.s
	i := v
	dollar := i < len(s) && s[i] == '$'
	if dollar {
		if i++; i < len(s) && s[i] == '(' {
			return t.closedLen(v, i)
		}
	}
	parts, first := 0, i
	for i < len(s) && i-v < maxName {
		from := i
		for i < len(s) && (isLetter(s[i]) || s[i] == '_' || dollar && parts > 0 && isDigit(s[i])) {
			i++
		}
		if i == from {
			return 0
		}
		if parts++; i >= len(s) {
			break
		}
		if s[i] == '[' || s[i] == '(' {
			n := t.closedLen(i, i)
			if n == 0 || s[i] == '(' && !t.reads(s[from:i], s[i+1:i+n-1]) {
				return 0
			}
			if parts++; s[i] == '(' {
				first = -1
			}
			i += n
		}
		switch {
		case i < len(s) && s[i] == '.' && i+1 < len(s) && isLetter(s[i+1]):
			i++
		case bytes.HasPrefix(s[i:], []byte("->")):
			i += 2
		default:
			return t.referenceEnd(v, i, first, parts, dollar)
		}
	}
	return t.referenceEnd(v, i, first, parts, dollar)
}

// referenceEnd judges what referenceLen went over, s[v:i].
func (t *text) referenceEnd(v, i, first, parts int, dollar bool) int {
	s := t.s
	if i < len(s) && !t.endsAt(i) || parts < 2 {
		return 0
	}
	if first < 0 || dollar {
		return i - v
	}
	var room [16]byte
	end := first
	for end < i && isLetter(s[end]) {
		end++
	}
	if t.p.r.tab.words[string(lowerInto(room[:], s[first:end]))]&wRoot == 0 {
		return 0
	}
	return i - v
}

// reads says whether a call of this name with these arguments reads a credential and does not hold one: it has nothing in
// quotes but the name of a variable.
func (t *text) reads(name, arguments []byte) bool {
	if digits(arguments) > 0 && !isUpperName(bytes.Trim(arguments, "\"'\\")) {
		return false
	}
	if !bytes.ContainsAny(arguments, "\"'`") {
		return true
	}
	inner := bytes.Trim(arguments, " \"'`\\")
	if isUpperName(inner) {
		return true
	}
	for _, word := range [...]string{"env", "environ", "get", "property", "prompt", "input", "getpass"} {
		if len(name) >= len(word) && foldPrefix(name[len(name)-len(word):], word) {
			return !bytes.ContainsAny(inner, "\"'`")
		}
	}
	return false
}

// closedLen gives the length from v to behind the bracket that closes the one at open, on the same line; 0: none does.
func (t *text) closedLen(v, open int) int {
	s := t.s
	depth := 0
	for i := open; i < len(s) && i-open < maxApart && s[i] != '\n'; i++ {
		switch s[i] {
		case '(', '[':
			depth++
		case ')', ']':
			if depth--; depth == 0 {
				return i + 1 - v
			}
		}
	}
	return 0
}
