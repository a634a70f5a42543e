package demorelay

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestMaskedSocketIDsSpellNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for n := range 300_000 { // one in about 16,000 would
		if id := masked(socketID(rng, n)); strings.Contains(strings.ToLower(id), "key") {
			t.Fatalf("the masked id %s has the word", id)
		}
	}
}
