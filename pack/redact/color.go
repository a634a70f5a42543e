package redact

// esc begins the codes by which programs colour what they write to a terminal: ESC [ 31 m.
const esc = 0x1b

// colorAt gives the length of such a code at the start of s, or 0.
func colorAt(s []byte) int {
	if len(s) < 3 || s[0] != esc || s[1] != '[' {
		return 0
	}
	n := 2
	for n < len(s) && n < 24 && (isDigit(s[n]) || s[n] == ';') {
		n++
	}
	if n >= len(s) || !isLetter(s[n]) {
		return 0
	}
	return n + 1
}

// colorBefore gives the length of such a code at the end of s, or 0.
func colorBefore(s []byte) int {
	n := len(s)
	if n < 3 || s[n-1] != 'm' {
		return 0
	}
	k := n - 1
	for k > 0 && n-k < 24 && (isDigit(s[k-1]) || s[k-1] == ';') {
		k--
	}
	if k < 2 || s[k-1] != '[' || s[k-2] != esc {
		return 0
	}
	return n - k + 2
}
