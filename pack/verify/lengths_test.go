package verify_test

import (
	"strings"
	"testing"
)

// No text is too short for the places that a rule looks at: a sign at each place of words of each length,
// and each known text cut at each of its bytes.
func TestAnyLength(t *testing.T) {
	d := detector()
	scanned := 0
	try := func(s string) {
		defer func() {
			if p := recover(); p != nil {
				t.Fatalf("%q: %v", s, p)
			}
		}()
		d.Scan([]byte(s))
		scanned++
	}
	for _, word := range []string{strings.Repeat("4f1e88e0", 9), strings.Repeat("q7Xz", 18)} {
		for n := range len(word) {
			for at := range n {
				for _, sign := range []string{"-", "_", ".", "~", ":", "$", "=", "/", "\""} {
					try(word[:at] + sign + word[at:n])
				}
			}
		}
	}
	var all []string
	for _, row := range leftovers {
		all = append(append(all, row.find...), row.pass...)
	}
	for _, row := range carried {
		all = append(append(all, row.find...), row.pass...)
	}
	for _, s := range all {
		for n := range s {
			try(s[:n])
			try(s[n:])
		}
	}
	if scanned < 50_000 {
		t.Errorf("only %d texts were scanned", scanned)
	}
}
