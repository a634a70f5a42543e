package verify

import "bytes"

// Four numbers with dots between them that are no address, but the version of a program.

// isVersion: four numbers behind such a word, or behind the name of a program and a slash, are a version.
func isVersion(t []byte, i int) bool {
	before := bytes.ToLower(t[max(0, i-10):i])
	for _, end := range [...]string{"version ", "version: ", "version=", "build ", "release "} {
		if bytes.HasSuffix(before, []byte(end)) {
			return true
		}
	}
	if i == 0 || versionNamed(t, i) {
		return i > 0
	}
	if t[i-1] != '/' {
		return false
	}
	from := i - 1
	for from > 0 && i-from < 32 && classes[t[from-1]]&isWordChar != 0 {
		from--
	}
	program := t[from : i-1]
	return len(program) > 0 && countDigits(program) == 0 && (from == 0 || bytes.IndexByte([]byte(" \t\r\n\"'(;,["), t[from-1]) >= 0)
}

const (
	mostBetween = 4  // words that a format writes between a name and its value
	versionGap  = 96 // bytes between the two
)

// versionNamed: the name in front of i ends with the word version, with nothing but signs between the two and the
// words that formats write there: s:11:, string(11), value=, <string>.
func versionNamed(t []byte, i int) bool {
	k := i
	for words := 0; words <= mostBetween && i-k < versionGap; words++ {
		for k > 0 && classes[t[k-1]]&isWordChar == 0 {
			if k--; i-k >= versionGap || t[k] == ',' && words == 0 && t[k+1] != '"' && t[k+1] != '<' || t[k] == '}' && words == 0 || t[k] == '.' && words == 0 {
				return false
			}
		}
		end := k
		for k > 0 && end-k < longestPath && classes[t[k-1]]&isWordChar != 0 {
			k--
		}
		word := bytes.ToLower(t[k:end])
		if bytes.HasSuffix(word, []byte("version")) || bytes.HasSuffix(word, []byte("release")) {
			return true
		}
		if !isBetween(word) {
			return false
		}
	}
	return false
}

// isBetween: a word that formats write between a name and a value, or a length.
func isBetween(word []byte) bool {
	switch string(word) {
	case "value", "string", "stringvalue", "string_value", "val", "v", "s", "x", "default", "null", "text", "name", "cdata", "sz", "some", "n":
		return true
	}
	return len(word) > 0 && len(word) <= 3 && countDigits(word) == len(word)
}
