package demorelay

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

const (
	base36   = "0123456789abcdefghijklmnopqrstuvwxyz"
	hexSigns = "0123456789abcdef"
	alnum    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	urlSigns = alnum + "-_"
)

// word makes n signs of an alphabet.
func word(rng *rand.Rand, alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[rng.IntN(len(alphabet))]
	}
	return string(b)
}

func hexWord(rng *rand.Rand, n int) string { return word(rng, hexSigns, n) }

func uuid(rng *rand.Rand) string {
	return fmt.Sprintf("%s-%s-4%s-%c%s-%s", hexWord(rng, 8), hexWord(rng, 4), hexWord(rng, 3), "89ab"[rng.IntN(4)], hexWord(rng, 3), hexWord(rng, 12))
}

// sessionID is the relay's usual shape, always with a letter and a digit.
func sessionID(rng *rand.Rand) string {
	return "sess_" + hexWord(rng, 10) + word(rng, "abcdef", 1) + word(rng, "0123456789", 1)
}

// socketID is socket.io's shape: 20 signs, the last four count. The four that stay when it is masked do
// not spell "key" by chance: the owner's search finds nothing in a demo's pack.
func socketID(rng *rand.Rand, n int) string {
	head := word(rng, urlSigns, 16)
	for strings.Contains(strings.ToLower(head[:4]), "key") {
		head = word(rng, urlSigns, 16)
	}
	return head + "AA" + string(urlSigns[n>>6&63]) + string(urlSigns[n&63])
}

// masked is upstream's redaction: ids of 8 characters or fewer stay as they are.
func masked(id string) string {
	if len(id) <= 8 {
		return id
	}
	return id[:4] + "..." + id[len(id)-4:]
}

// between is a number of milliseconds in [low, high).
func between(rng *rand.Rand, low, high int64) int64 { return low + rng.Int64N(high-low) }

// unsteady is a smooth-looking number in [0,1) that depends on the seed, a name and an instant only.
func unsteady(seed uint64, name string, ms int64) float64 {
	h := seed ^ 0x9e3779b97f4a7c15
	for _, c := range []byte(name) {
		h = (h ^ uint64(c)) * 0x100000001b3
	}
	h ^= uint64(ms)
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	h ^= h >> 33
	return float64(h>>11) / (1 << 53)
}

// jsInt reads as JavaScript's parseInt(text, 10): leading digits count, no digits give ok false.
func jsInt(text string) (n int, ok bool) {
	text = strings.TrimLeft(text, " \t\r\n")
	end := 0
	if end < len(text) && (text[end] == '-' || text[end] == '+') {
		end++
	}
	digits := end
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(text[:end])
	return n, err == nil && end > digits
}
