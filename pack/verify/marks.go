package verify

import "bytes"

// mark is a beginning behind which stand exactly so many signs of one alphabet: a beginning alone, as short as
// these are, would also be that of public ids.
type mark struct {
	text string
	of   signs
	n    int
}

// signs are the alphabets of marks.
type signs uint8

const (
	hexSigns     signs = iota // 0-9 a-f, of either case
	uuidSigns                 // 8-4-4-4-12 of hex
	smallSigns                // a-z 0-9
	capitalSigns              // A-Z 0-9
	base32Signs               // A-Z 2-7 (RFC 4648)
	bech32Signs               // BIP 173, small
	mixedSigns                // A-Z a-z 0-9 _ -
)

// marks are those that vendors and protocols write: where two lengths are in use, they have two entries.
var marks = []mark{
	{"cu_", hexSigns, 32}, {"ck_", hexSigns, 40}, {"cs_", hexSigns, 40}, {"sk_", hexSigns, 48}, {"EXO", hexSigns, 24}, {"ATTA", hexSigns, 72}, {"waka_", uuidSigns, 36}, {"sdk-", uuidSigns, 36},
	{"access-sandbox-", uuidSigns, 36}, {"access-development-", uuidSigns, 36}, {"access-production-", uuidSigns, 36}, {"npg_", mixedSigns, 12}, {"AVNS_", mixedSigns, 19}, {"SCW", capitalSigns, 17},
	{"AQVN", mixedSigns, 36}, {"YC", mixedSigns, 38}, {"4b1d", mixedSigns, 38}, {"tvly-", mixedSigns, 32}, {"pa-", mixedSigns, 43}, {"nsec1", bech32Signs, 58},
	{"SU", base32Signs, 56}, {"SA", base32Signs, 56}, {"SO", base32Signs, 56}, {"SN", base32Signs, 56}, {"SC", base32Signs, 56}, {"SX", base32Signs, 56}, // NATS
	{"S", base32Signs, 55}, // Stellar
}

// marksAt has them by their first sign, markLengths the bits of their whole lengths.
var marksAt, markLengths = func() (at [256][]mark, lengths [256][2]uint64) {
	for _, m := range marks {
		c, n := m.text[0], len(m.text)+m.n
		at[c] = append(at[c], m)
		lengths[c][n>>6] |= 1 << (n & 63)
	}
	return at, lengths
}()

// marked finds one of them, which the word from i to j is as a whole.
func (s *scan) marked(t []byte, i, j int) bool {
	n := j - i
	if n >= 128 || markLengths[t[i]][n>>6]>>(n&63)&1 == 0 {
		return false
	}
	for _, m := range marksAt[t[i]] {
		if rest := t[i+min(n, len(m.text)) : j]; len(rest) == m.n && string(t[i:i+len(m.text)]) == m.text && m.of.are(rest) {
			s.report(KindVendor, t[i:j], i)
			return true
		}
	}
	return false
}

// are says whether a value is of an alphabet, and looks drawn from it.
func (a signs) are(v []byte) bool {
	digits, capitals, turned := countDigits(v), 0, turns(v)
	for i, c := range v {
		ok := true
		switch a {
		case hexSigns:
			ok = hexValue[c] >= 0
		case uuidSigns:
			if i == 8 || i == 13 || i == 18 || i == 23 {
				ok = c == '-'
			} else {
				ok = hexValue[c] >= 0
			}
		case smallSigns:
			ok = c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		case capitalSigns:
			ok = c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		case base32Signs:
			ok = c >= 'A' && c <= 'Z' || c >= '2' && c <= '7'
		case bech32Signs:
			ok = bytes.IndexByte([]byte("qpzry9x8gf2tvdw0s3jn54khce6mua7l"), c) >= 0
		}
		if !ok {
			return false
		}
		if c >= 'A' && c <= 'Z' {
			capitals++
		}
	}
	switch a {
	case hexSigns, uuidSigns:
		return turned >= 5
	case mixedSigns:
		return digits > 0 && capitals > 0 && turned >= 4 || capitals > 3 && turned >= 6 && scrambled(v, 7)
	}
	return digits > 1 && turned >= 4
}

// casks are the four signs that Azure puts into its values, by how far from the end of their base64 they stand.
var casks = [...]struct {
	length, fromEnd int
	text            string
}{{88, 12, "+ASt"}, {88, 12, "ACDb"}, {88, 12, "+ABa"}, {88, 12, "+AMC"}, {88, 12, "APIM"}, {44, 11, "AIoT"}, {44, 11, "+ASb"}, {44, 11, "+AEh"}, {44, 11, "+ARm"},
	{44, 11, "AzCa"}, {52, 10, "AzSe"}, {52, 10, "+ACR"}, {56, 12, "AzFu"}}

// cask finds a value of Azure in the run of base64 that begins at i, or one or two signs before it.
func (s *scan) cask(t []byte, i int) bool {
	if len(t)-i < 40 {
		return false
	}
	for i > 0 && (t[i-1] == '/' || t[i-1] == '+') {
		i--
	}
	end := i
	for end < len(t) && end-i < 90 && (base64Value[t[end]] >= 0 && t[end] != '-' && t[end] != '_') {
		end++
	}
	for end < len(t) && t[end] == '=' && end-i < 90 {
		end++
	}
	for _, c := range casks {
		if at := end - c.fromEnd; end-i == c.length && string(t[at:at+4]) == c.text && turns(t[i:at]) > 8 {
			s.report(KindVendor, t[i:end], i)
			return true
		}
	}
	return false
}

// isAssertion says whether base64 is a response or an assertion of SAML: the first words of the XML tell.
func isAssertion(v []byte) bool {
	if len(v) < 48 {
		return false
	}
	var head [36]byte
	bits, n, k := uint32(0), uint(0), 0
	for _, c := range v {
		if base64Value[c] < 0 {
			return false
		}
		bits = bits<<6 | uint32(base64Value[c])
		if n += 6; n >= 8 {
			n -= 8
			head[k] = byte(bits >> n)
			if k++; k == len(head) {
				break
			}
		}
	}
	name := head[:bytes.IndexAny(append(head[:len(head):len(head)], ' '), " ")]
	return head[0] == '<' && (bytes.HasSuffix(name, []byte(":Response")) || bytes.HasSuffix(name, []byte(":Assertion")))
}
