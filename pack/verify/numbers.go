package verify

import "bytes"

const (
	leastCard  = 13 // digits
	mostCard   = 19
	cardNearby = 30 // bytes in which a word says that a number is a card's
)

// card finds a number with a right check digit: of a known brand, written in groups, or next to a word
// that says card.
func (s *scan) card(t []byte, i int) bool {
	if c := t[i]; c < '2' || c > '6' {
		return false
	}
	if i > 1 && t[i-1] == '.' && classes[t[i-2]]&hasDigit != 0 { // decimals
		return false
	}
	n, groups, end := cardDigits(t[i:])
	if end == 0 || i+end < len(t) && (classes[t[i+end]]&isWordChar != 0 || t[i+end] == '.' && i+end+1 < len(t) && classes[t[i+end+1]]&hasDigit != 0) {
		return false
	}
	if !(groups >= 2 && grouped(groups, n) || groups == 0 && n >= 15 && branded(t[i:], n)) && !saysCard(t[max(0, i-cardNearby):i]) {
		return false
	}
	s.report(KindCard, t[i:i+end], i)
	return true
}

// cardNumber says whether a whole text is the number of a card.
func cardNumber(v []byte) bool {
	_, _, end := cardDigits(v)
	return end > 0 && end == len(v)
}

// grouped: 4 4 4 4, 4 6 5, 4 6 4, 4 4 4 4 3.
func grouped(groups, n int) bool {
	return n == 16 && groups == 3 || n == 15 && groups == 2 || n == 14 && groups == 2 || n == 19 && groups == 4
}

// branded: numbers that the brands give out at a length (ISO/IEC 7812, the brands' own ranges).
func branded(v []byte, n int) bool {
	first := func(digits int) (x int) {
		for _, c := range v[:digits] {
			x = x*10 + int(c-'0')
		}
		return x
	}
	two, four := first(2), first(4)
	switch {
	case two == 34 || two == 37:
		return n == 15
	case v[0] == '4':
		return n == 16 || n == 19
	case four == 5018, four == 5019, four == 5020, four == 5038, four == 5893, four == 6304, four == 6759, four >= 6761 && four <= 6763: // Maestro, Dankort
		return n == 16
	case two >= 51 && two <= 55, four >= 2221 && four <= 2720, two == 35, four == 6011, two == 65, four >= 6440 && four <= 6499:
		return n == 16
	}
	return two == 62 && n >= 16
}

// cardDigits reads a number of a card at the beginning of t: its digits, how many gaps stand in it and
// where it ends. end is 0 when there is none.
func cardDigits(t []byte) (n, groups, end int) {
	if len(t) < leastCard || t[0] < '2' || t[0] > '6' {
		return 0, 0, 0
	}
	var digits [mostCard]byte
	amex := t[0] == '3'
	for end < len(t) && n < mostCard {
		if c := t[end]; c >= '0' && c <= '9' {
			digits[n] = c - '0'
			n++
			end++
			continue
		}
		gap := cardGap(t[end:])
		if gap == 0 || n%4 != 0 && !(amex && (n == 10 || n == 4)) || end+gap >= len(t) || classes[t[end+gap]]&hasDigit == 0 {
			break
		}
		groups++
		end += gap
	}
	if n < leastCard || !luhn(digits[:n]) {
		return 0, 0, 0
	}
	return n, groups, end
}

// cardGap gives the length of what separates groups of digits: a blank of some kind, a dash, a dot.
func cardGap(t []byte) int {
	switch t[0] {
	case ' ', '-', '.', '+':
		return 1
	}
	for _, blank := range [...]string{"\u00a0", "\u2009", "\u202f", "\u2007", "\u2011"} {
		if bytes.HasPrefix(t, []byte(blank)) {
			return len(blank)
		}
	}
	return 0
}

func saysCard(before []byte) bool {
	before = bytes.ToLower(before)
	for _, word := range [...]string{"card", "visa", "amex", "payment", "pan ", "pan=", "pan:"} {
		if bytes.Contains(before, []byte(word)) {
			return true
		}
	}
	return false
}

func luhn(d []byte) bool {
	sum := 0
	for i := range d {
		n := int(d[len(d)-1-i])
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

const (
	leastPhone = 7 // digits
	mostPhone  = 15
)

// phone looks for a number where a value of a name that says phone begins: digits, and what people group
// them with.
func (s *scan) phone(t []byte, from int) {
	from = skip(t, from, " \t\"'\\>")
	end, digits := from, 0
	for end < len(t) && end-from < 2*mostPhone && digits <= mostPhone {
		if c := t[end]; c >= '0' && c <= '9' {
			digits++
		} else if bytes.IndexByte([]byte("+ ()-./"), c) < 0 {
			break
		}
		end++
	}
	number := bytes.TrimRight(t[from:end], " ()-./+")
	whole := from+len(number) < end || end == len(t) || classes[t[end]]&isWordChar == 0
	if digits >= leastPhone && digits <= mostPhone && whole && !isTime(number) {
		s.report(KindPhone, number, from)
	}
}
