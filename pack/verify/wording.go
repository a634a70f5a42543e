package verify

import "bytes"

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

// proseLike texts are prose behind a name: a small word, or a name in the spelling of programs where the
// name in front is no password's.
func proseLike(name, v []byte) bool {
	return wordy(v) || !isPassword(name) && turns(v) <= 3 && letters(bytes.TrimRight(v, ".:!?"))
}

// endings are those of English words that stand behind a name without being its value.
var endings = []string{"tion", "ed", "ing", "able", "ible", "ful", "ly", "ment", "ness", "less", "ity", "ence", "ance", "ous", "ive", "al", "ize", "ise", "ers", "ions", "ents", "ies"}

const leastCompound = 9

// compound: words written as one, as people make up passwords, longer than the words that tell a state.
func compound(v []byte) bool {
	if len(v) < leastCompound {
		return false
	}
	for _, c := range v {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	for _, e := range endings {
		if bytes.HasSuffix(v, []byte(e)) {
			return false
		}
	}
	return true
}

// isPassword says whether a name is one for what people make up and code does not compute.
func isPassword(name []byte) bool {
	if len(name) < 3 || name[0]|0x20 != 'p' {
		return false
	}
	for _, begin := range [...]string{"passw", "passphrase", "passcode", "pwd"} {
		if len(name) >= len(begin) && bytes.EqualFold(name[:len(begin)], []byte(begin)) {
			return true
		}
	}
	return false
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
	if dots == 0 || len(v) >= leastLetters && scrambled(v, 6) {
		return false
	}
	for _, c := range v {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '.') {
			return false
		}
	}
	return true
}

// isField: in what Go prints of a structure, {Password: User:bob}, the next field follows one that is empty.
func isField(t []byte, i int, v []byte) bool {
	n := bytes.IndexByte(v, ':')
	return n > 0 && i > 0 && t[i-1] == '{' && v[0] >= 'A' && v[0] <= 'Z' && wordy(v[:n])
}

// isCountOf: tokens=512 says how many, and what has less than four digits is no pin.
func isCountOf(name, v []byte, quoted bool) bool {
	n := 0
	for n < len(v) && classes[v[n]]&hasDigit != 0 {
		n++
	}
	for _, c := range v[n:] {
		if classes[c]&isWordChar != 0 {
			return false
		}
	}
	return n > 0 && (!quoted && n < leastPin || name[len(name)-1]|0x20 == 's' && len(name) > 4 && name[len(name)-2]|0x20 != 's')
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
	case "api", "access", "private", "secret", "signing", "encryption", "account", "shared", "master", "ssh", "license", "licence", "webhook", "unseal", "recovery", "stripe", "aws":
		return true
	}
	return false
}

// isQueryKey: ?key= with something random behind it, as maps and other services are asked.
func isQueryKey(t []byte, i, j int) bool {
	if i > 0 && (t[i-1] == '?' || t[i-1] == '&') && bytes.EqualFold(t[i:j], []byte("code")) && j+4 < len(t) && t[j] == '=' && (bytes.HasPrefix(t[j:], []byte("=4/0")) || bytes.HasPrefix(t[j:], []byte("=4%2F0"))) {
		return len(run(t, j+3)) >= leastListed // of Google
	}
	if i == 0 || t[i-1] != '?' && t[i-1] != '&' || !bytes.EqualFold(t[i:j], []byte("key")) || j+1 >= len(t) || t[j] != '=' {
		return false
	}
	v := run(t, j+1)
	return len(v) >= leastListed && countDigits(v) > 0 && turns(v) >= leastListed/4
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

// turns counts the changes between small letters, capitals, digits and signs in a text: words and
// names have few of them, what is made up to be hard to guess has many.
func turns(v []byte) (n int) {
	last := 0
	for i, c := range v {
		class := 4
		switch {
		case c >= 'a' && c <= 'z':
			class = 1
		case c >= 'A' && c <= 'Z':
			class = 2
		case c >= '0' && c <= '9':
			class = 3
		}
		if class != last && i > 0 && !(last == 2 && class == 1 && i == 1) {
			n++
		}
		last = class
	}
	return n
}

// humps counts the places where a capital follows a small letter, or a digit a letter or the other way
// round: a name in the spelling of programs has one at each of its words.
func humps(v []byte) (n int) {
	for i := 1; i < len(v); i++ {
		c, before := v[i], v[i-1]
		digit, wasDigit := classes[c]&hasDigit != 0, classes[before]&hasDigit != 0
		if digit != wasDigit || c >= 'A' && c <= 'Z' && before >= 'a' && before <= 'z' {
			n++
		}
	}
	return n
}

// madeUp: letters and digits, or letters and signs, as passwords have them: no version, time, size,
// number, place, path, address or name of an algorithm.
func madeUp(v []byte) bool {
	v = bytes.TrimRight(v, ".,:;!?)]")
	if len(v) < 5 || len(v) > longestValue || isTime(v) || isOurs(v) || isCode(v) || isPlace(v) || masked(v) || maskAt(v) > 0 || idle(v) {
		return false
	}
	digits, letters, signs := countDigits(v), 0, 0
	for _, c := range v {
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			letters++
		case c == '/' || c == '\\' || c == '(' || c == '=' || c == '<' || c == '.' && digits > letters:
			return false
		case c == '!' || c == '#' || c == '$' || c == '%' || c == '^' || c == '*' || c == '+' || c == '&' || c == '?' || c == '@':
			signs++
		}
	}
	if digits+signs == 0 {
		return turns(v) >= 8
	}
	if letters < 2 || signs == 0 && measured(v) {
		return false
	}
	return !isAlgorithm(v)
}

// measured: 12ms, 4096kb, v12, 0x1f, 3rd.
func measured(v []byte) bool {
	n := 0
	for n < len(v) && (v[n] >= '0' && v[n] <= '9' || v[n] == '.') {
		n++
	}
	return n > 0 && len(v)-n <= 3 && countDigits(v[n:]) == 0 || v[0]|0x20 == 'v' && countDigits(v) >= len(v)-2 || bytes.HasPrefix(v, []byte("0x"))
}

func isAlgorithm(v []byte) bool {
	v = bytes.ToLower(v)
	for _, a := range [...]string{"sha", "md5", "aes", "rsa", "hs2", "hs5", "rs2", "es2", "hmac", "pbkdf", "argon", "bcrypt", "scrypt", "base64", "base32", "utf", "oauth", "http", "ipv", "x509", "pkcs", "scram", "ed25519", "iso"} {
		if bytes.HasPrefix(v, []byte(a)) {
			return len(v) < 20 && turns(v) < 5
		}
	}
	return false
}
