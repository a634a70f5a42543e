package redact

import "bytes"

// isVersion says whether four numbers are a version: a word before them says so, or they end in .0.0.
func (t *text) isVersion(i int, quad []byte) bool {
	if bytes.HasSuffix(quad, []byte(".0.0")) || bytes.HasSuffix(quad, []byte(".0")) && i > 0 && t.s[i-1] == '/' {
		return true
	}
	if i > 1 && t.s[i-1] == '/' { // a product and its version: Chrome/120.0.60.1
		j := i - 1
		for j > 0 && isLetter(t.s[j-1]) {
			j--
		}
		if j < i-2 && t.s[j] >= 'A' && t.s[j] <= 'Z' && (j == 0 || t.s[j-1] != '/') {
			return true
		}
	}
	before := bytes.TrimRight(t.s[max(t.done, i-24):i], " =:\"'`>|\\")
	for _, w := range [...]string{"version", "Version", "VERSION", "release", "ver", "build", "v", "section", "Section", "OID",
		"chapter", "firmware", "revision", "rev", "patch", "Build", "Firmware", "Release", "Ver"} {
		if bytes.HasSuffix(before, []byte(w)) {
			at := len(before) - len(w)
			return at == 0 || !isAlnum(before[at-1]) || w[0] <= 'Z' && before[at-1] >= 'a' // fileVersion
		}
	}
	return false
}

// ipv6 looks at a global unicast address (2000::/3) at i; all others stay.
func (t *text) ipv6(i int) int {
	s := t.s
	if i > 0 && (s[i-1] == ':' && !t.labelBefore(i-1) || s[i-1] == '.') {
		return 0
	}
	var addr [16]byte
	end, ok := parseIPv6(s, i, &addr)
	if !ok || end < len(s) && (isAlnum(s[end]) || s[end] == ':' || s[end] == '_') {
		return 0
	}
	return t.nameIP(i, end, addr[:])
}

// labelBefore says whether the word that ends at i is no group of an address: Addr:2a02:...
func (t *text) labelBefore(i int) bool {
	j := i
	for j > 0 && i-j < maxName && t.p.r.tab.class[t.s[j-1]]&cWord != 0 {
		j--
	}
	if j > 0 && t.s[j-1] == '\\' { // \tfd00:...
		j++
	}
	for ; j < i; j++ {
		if isLetter(t.s[j]) && !isHex(t.s[j]) {
			return true
		}
	}
	return false
}

// parseIPv6 reads groups of hex digits; :: may stand once, an IPv4 address at the end.
func parseIPv6(s []byte, i int, addr *[16]byte) (end int, ok bool) {
	var groups [8]uint16
	n, gap, j := 0, -1, i
	for n < 8 {
		start, v := j, 0
		for j < len(s) && isHex(s[j]) && j-start < 4 {
			v = v<<4 | hexValue(s[j])
			j++
		}
		if j == start {
			break
		}
		if j < len(s) && s[j] == '.' && n <= 6 {
			if v4, e, ok := parseIPv4(s, start); ok {
				groups[n], groups[n+1] = uint16(v4>>16), uint16(v4)
				n, j = n+2, e
				break
			}
		}
		groups[n] = uint16(v)
		n++
		if j+1 < len(s) && s[j] == ':' && s[j+1] == ':' && gap < 0 {
			gap, j = n, j+2
			continue
		}
		if n == 8 || j+1 >= len(s) || s[j] != ':' || !isHex(s[j+1]) {
			break
		}
		j++
	}
	if n < 8 && gap < 0 || n == 8 && gap >= 0 || n == 0 {
		return i, false
	}
	if gap < 0 {
		gap = 8
	}
	for k := range n {
		at := k
		if k >= gap {
			at = 8 - n + k
		}
		addr[2*at], addr[2*at+1] = byte(groups[k]>>8), byte(groups[k])
	}
	return j, true
}

func hexValue(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	default:
		return int(c|0x20-'a') + 10
	}
}

// card looks at a card number at i: 13 to 19 digits, in one run or in groups with single blanks or
// dashes between, an issuer's first digits, a length that the issuer uses, and the Luhn sum.
func (t *text) card(i int) int {
	s := t.s
	if s[i] < '2' || s[i] > '6' || i > 0 && (s[i-1] == '.' || s[i-1] == '-') { // no issuer's digit: times in ms go at once
		return 0
	}
	var d [20]byte
	n, j, group := 0, i, 0
	for j < len(s) {
		switch c := s[j]; {
		case isDigit(c):
			if n == len(d) {
				return 0
			}
			d[n] = c - '0'
			n, group, j = n+1, group+1, j+1
			continue
		case (c == ' ' || c == '-' || c == '.' || c == '+') && group >= 4 && group <= 6 && j+1 < len(s) && isDigit(s[j+1]) && n < 16:
			group, j = 0, j+1
			continue
		}
		break
	}
	if j < len(s) && (t.wordAt(j) || s[j] == '.' && j+1 < len(s) && isDigit(s[j+1])) || !cardNumber(d[:n]) {
		return 0
	}
	return t.add(i, j, ruleCard)
}

func cardNumber(d []byte) bool {
	if len(d) < 13 {
		return false
	}
	two := int(d[0])*10 + int(d[1])
	four := two*100 + int(d[2])*10 + int(d[3])
	n := len(d)
	switch {
	case d[0] == 4 && (n == 13 || n == 16 || n == 19):
	case n == 16 && (two >= 51 && two <= 55 || four >= 2221 && four <= 2720):
	case n == 15 && (two == 34 || two == 37):
	case n >= 16 && (four == 6011 || two == 65 || four >= 3528 && four <= 3589 || two == 62 || four >= 6440 && four <= 6499):
	case n == 16 && (four == 5018 || four == 5019 || four == 5020 || four == 5038 || four == 5893 || four == 6304 || four == 6759 || four >= 6761 && four <= 6763): // Maestro, Dankort
	case n == 14 && (two == 36 || two == 38 || four >= 3000 && four <= 3059):
	default:
		return false
	}
	sum := 0
	for k := range d {
		v := int(d[n-1-k])
		if k%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}

// isQuad says whether all of s is four numbers with points between.
func isQuad(s []byte) bool {
	_, end, ok := parseIPv4(s, 0)
	return ok && end == len(s)
}
