package redact

import "bytes"

// guess recognises the format from the first bytes.
func guess(s []byte) Format {
	i := skipSpace(s, 0)
	if i >= len(s) {
		return Text
	}
	switch s[i] {
	case '{', '"':
		return JSON
	case '[':
		j := skipSpace(s, i+1)
		if j >= len(s) || s[j] == '{' || s[j] == '[' || s[j] == '"' || s[j] == ']' || scalarEnd(s, j) > 0 {
			return JSON
		}
		return Text
	case '#':
		switch w, _ := commentWord(s, i); string(w) {
		case "HELP", "TYPE", "UNIT":
			return Metrics
		}
		return Text
	}
	line, _, _ := bytes.Cut(s[i:], []byte{'\n'})
	if isSample(bytes.TrimRight(line, "\r")) {
		return Metrics
	}
	return Text
}

// isSample says whether a line is NAME{LABELS} VALUE [TIME].
func isSample(line []byte) bool {
	i := 0
	for i < len(line) && (isLetter(line[i]) || line[i] == '_' || line[i] == ':' || i > 0 && isDigit(line[i])) {
		i++
	}
	if i == 0 || i == len(line) || line[i-1] == ':' {
		return false
	}
	if line[i] == '{' {
		n := bytes.LastIndexByte(line, '}')
		if n < 0 || n > i+1 && bytes.IndexByte(line[i:n], '=') < 0 {
			return false
		}
		i = n + 1
	}
	return numbersOnly(line[i:], 2)
}

// numbersOnly says whether s is one to most numbers with blanks between them.
func numbersOnly(s []byte, most int) bool {
	n := 0
	for i := skipSpace(s, 0); i < len(s); i = skipSpace(s, i) {
		start := i
		for i < len(s) && !isSpace(s[i]) {
			i++
		}
		if n++; !isFloat(s[start:i]) {
			return false
		}
	}
	return n > 0 && n <= most
}

// isFloat says whether v is a number as exposition writes it.
func isFloat(v []byte) bool {
	v = bytes.TrimLeft(v, "+-")
	if foldPrefix(v, "nan") && len(v) == 3 || foldPrefix(v, "inf") && len(v) == 3 {
		return true
	}
	if len(v) == 0 || len(v) > 64 || !isDigit(v[0]) && v[0] != '.' {
		return false
	}
	hex := len(v) > 2 && v[0] == '0' && v[1]|0x20 == 'x'
	for _, c := range v {
		if !isDigit(c) && c|0x20 != 'e' && !inClass(".-+_", c) && (!hex || !isHex(c) && c|0x20 != 'x' && c|0x20 != 'p') {
			return false
		}
	}
	return true
}
