package verify

import "bytes"

const (
	leastCard  = 13 // digits
	mostCard   = 19
	cardNearby = 30 // bytes in which a word says that a number is a card's
)

// card finds a number with a right check digit, written in fours or next to a word that says card.
func (s *scan) card(t []byte, i int) bool {
	groups, end := cardDigits(t[i:])
	if end == 0 || i+end < len(t) && classes[t[i+end]]&isWordChar != 0 {
		return false
	}
	if groups != 3 && !saysCard(t[max(0, i-cardNearby):i]) {
		return false
	}
	s.report(KindCard, t[i:i+end], i)
	return true
}

// cardNumber says whether a whole text is the number of a card.
func cardNumber(v []byte) bool {
	_, end := cardDigits(v)
	return end > 0 && end == len(v)
}

// cardDigits reads a number of a card at the beginning of t: how many gaps stand in it and where it
// ends. end is 0 when there is none.
func cardDigits(t []byte) (groups, end int) {
	if len(t) < leastCard || t[0] < '2' || t[0] > '6' {
		return 0, 0
	}
	var digits [mostCard]byte
	n := 0
	for end < len(t) && n < mostCard {
		c := t[end]
		if c >= '0' && c <= '9' {
			digits[n] = c - '0'
			n++
		} else if (c == ' ' || c == '-') && n%4 == 0 && end+1 < len(t) && t[end+1] >= '0' && t[end+1] <= '9' {
			groups++
		} else {
			break
		}
		end++
	}
	if n < leastCard || !luhn(digits[:n]) {
		return 0, 0
	}
	return groups, end
}

func saysCard(before []byte) bool {
	before = bytes.ToLower(before)
	for _, word := range [...]string{"card", "visa", "amex", "payment"} {
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
