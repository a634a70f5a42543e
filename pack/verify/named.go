package verify

import "bytes"

const (
	longestValue = 256 // bytes of a value that are looked at
	longestPath  = 64  // bytes of the dotted name in front of its last word
)

// suspicious says whether one of the words in front of a value says credential.
func suspicious(before []byte) bool {
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
	case '=', ':', '"', '\'', '\\', ']', '\t':
		return true
	case '>':
		return i > 0 && t[i-1] == '<'
	case ' ':
		if t[i] == '-' || i > 0 && t[i-1] == '-' || isScheme(t[i:j]) {
			return true
		}
		return j+1 < len(t) && (t[j+1] == '=' || t[j+1] == ':' || hasWordAt(t, j+1, "is") || hasWordAt(t, j+1, "was"))
	}
	return false
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
	if says != credential && says != counted && says != identity {
		return
	}
	v := follows(t, i, j)
	if len(v.text) == 0 || maskedID(v.text) || idle(v.text) {
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
	if v.strict && says == credential || !wordy(v.text) && !isPlace(v.text) && !isCode(v.text) {
		if !v.quoted && says == credential && isCountOf(name, v.text) {
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
}

// follows gives the value behind the name that ends at j.
func follows(t []byte, i, j int) (v value) {
	k := skip(t, j, `"'\]`)
	quotedName := k > j
	k = skip(t, k, " \t")
	switch {
	case k < len(t) && t[k] == '=':
		v.strict = k == j || quotedName || isPassword(t[i:j]) // in code there are blanks around it
		if k++; k < len(t) && t[k] == '=' {
			return v // a comparison
		}
		if k < len(t) && t[k] == '>' {
			k++
		}
	case k < len(t) && t[k] == ':':
		k++
		v.strict = quotedName
	case k == j && k < len(t) && t[k] == '>':
		k++
		v.strict = true
	case hasWordAt(t, k, "is"), hasWordAt(t, k, "was"):
		k = skip(t, k+2, "s")
	case i >= 2 && t[i-1] == '-' || t[i] == '-': // a flag; dashes belong to the word
		v.strict = k > j
	default:
		return v
	}
	k = skip(t, k, " \t")
	if q := skip(t, k, `"'\`); q > k {
		k, v.strict, v.quoted = q, true, true
	}
	end := k
	for end < len(t) && end-k < longestValue && !endsValue[t[end]] {
		end++
	}
	v.text, v.at = t[k:end], k
	return v
}

var endsValue = func() (t [256]bool) {
	for _, c := range []byte(" \t\r\n\"'\\,;&<>(){}") {
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

// wordy texts are prose: small letters only, or one capital in front.
func wordy(v []byte) bool {
	v = bytes.TrimRight(v, ".:!?")
	for n, c := range v {
		if !(c >= 'a' && c <= 'z' || c == '-' || n == 0 && c >= 'A' && c <= 'Z') {
			return false
		}
	}
	return true
}

// isPassword says whether a name is one for what people make up and code does not compute.
func isPassword(name []byte) bool {
	name = bytes.ToLower(name)
	return bytes.HasPrefix(name, []byte("passw")) || bytes.HasPrefix(name, []byte("passphrase")) || bytes.HasPrefix(name, []byte("passcode")) || bytes.HasPrefix(name, []byte("pwd"))
}

// isPlace: the line, or line and column, that stands behind the name of a source file.
func isPlace(v []byte) bool {
	v = bytes.TrimRight(v, ":.")
	colon := bytes.IndexByte(v, ':') >= 0
	return (colon || len(v) < 4) && countDigits(v)+bytes.Count(v, []byte{':'}) == len(v)
}

// isCode: names joined by dots, as in req.headers.authorization.
func isCode(v []byte) bool {
	dots := bytes.Count(bytes.TrimRight(v, "."), []byte{'.'})
	if dots == 0 {
		return false
	}
	for _, c := range v {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '.') {
			return false
		}
	}
	return true
}

// isCountOf: tokens=512 says how many, and what has less than four digits is no pin.
func isCountOf(name, v []byte) bool {
	return countDigits(v) == len(v) && (len(v) < 4 || name[len(name)-1]|0x20 == 's')
}

// isKeyOf says whether the word is the second of two that say credential: api key, private key.
func isKeyOf(t []byte, i, j int) bool {
	if w := t[i:j]; !bytes.EqualFold(w, []byte("key")) && !bytes.EqualFold(w, []byte("keys")) || i == 0 || t[i-1] != ' ' {
		return false
	}
	from := i - 1
	for from > 0 && i-from < 16 && classes[t[from-1]]&isWordChar != 0 {
		from--
	}
	switch string(bytes.ToLower(t[from : i-1])) {
	case "api", "access", "private", "secret", "signing", "encryption", "account", "shared", "master", "ssh", "license", "licence", "webhook", "stripe", "aws":
		return true
	}
	return false
}

// isSignature says whether a name is that of what signs a URL, in its query or as vendors write it.
func isSignature(t []byte, i int, name []byte) bool {
	n := name[0] | 0x20
	if i == 0 || t[i-1] != '?' && t[i-1] != '&' {
		return n == 'x' && len(name) > 10 && bytes.HasSuffix(bytes.ToLower(name), []byte("signature"))
	}
	lower := bytes.ToLower(name)
	switch string(lower) {
	case "sig", "hmac", "x-amz-credential", "x-goog-credential":
		return true
	}
	return bytes.HasSuffix(lower, []byte("signature"))
}
