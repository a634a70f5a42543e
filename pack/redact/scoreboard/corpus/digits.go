package corpus

import "strings"

// luhn is the check sum of card numbers modulo 10: 0 when it fits.
func luhn(s string) int {
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum % 10
}

// card is a number of one of the brands with a check digit that fits.
func (g *gen) card(sep string) string {
	brand := pick(g, "4", "51", "55", "37", "6011")
	n := 15
	if brand == "37" {
		n = 14
	}
	s := brand + g.from(digits, n-len(brand))
	s += string(digits[(10-luhn(s+"0"))%10])
	if sep == "" {
		return s
	}
	if n == 14 {
		return s[:4] + sep + s[4:10] + sep + s[10:]
	}
	return strings.Join([]string{s[:4], s[4:8], s[8:12], s[12:]}, sep)
}

// noLuhn is a number of 16 digits whose check digit does not fit.
func (g *gen) noLuhn() string {
	s := g.from("456", 1) + g.from(digits, 14)
	return s + string(digits[(11-luhn(s+"0"))%10])
}
