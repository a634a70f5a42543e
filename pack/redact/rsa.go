package redact

import "bytes"

// rsaMember removes the text of an element of a private RSA key, as .NET writes it: <D>, <P>, <Q>, <DP>, <DQ>, <InverseQ>. Its
// tag ends at i; 0: it is none. Modulus and Exponent are public.
func (t *text) rsaMember(tag []byte, i int) int {
	switch string(tag) {
	case "D", "P", "Q", "DP", "DQ", "InverseQ":
	default:
		return 0
	}
	s := t.s
	end := i + 1
	for end < len(s) && (isAlnum(s[end]) || inClass("+/=\\\n\r ", s[end])) {
		end++
	}
	if end-i < 40 || !bytes.HasPrefix(s[end:], []byte("</")) || !mixed(s[i+1:end]) {
		return 0
	}
	return t.add(i+1, end, rulePEM)
}

// groupsEnd gives the end of a seed in base32 that is written in groups of 4 or 5, the first of which is s[a:b]; b: it is none.
func (t *text) groupsEnd(a, b int) int {
	s := t.s
	n, groups, end := b-a, 0, a-1
	for k := a; (n == 4 || n == 5) && k+n <= len(s); k += n + 1 {
		for _, c := range s[k : k+n] {
			if (c < 'A' || c > 'Z') && (c < '2' || c > '7') {
				n = 0
			}
		}
		if n == 0 || t.wordAt(k+n) {
			break
		}
		groups, end = groups+1, k+n
		if end >= len(s) || s[end] != ' ' {
			break
		}
	}
	if groups < 3 {
		return b
	}
	return end
}
