package verify

import (
	"strings"
	"testing"
)

func TestGlanceSeesWhatIsKnown(t *testing.T) {
	d := New(Options{
		Known:  func(word []byte) bool { return string(word) == "wren4471gate" || string(word) == "heron8" },
		Values: [][]byte{[]byte("quietly humming")},
	})
	for text, want := range map[string]bool{
		`{"a":"quietly humming"}`:                  true,
		"x cXVpZXRseSBodW1taW5n y":                 true,
		"71756965746c792068756d6d696e67":           true,
		`["wren4471gate"]`:                         true,
		"room:wren4471gate:driver":                 true,
		"build-wren4471gate":                       true,
		"quietly  humming, wren4471gates, and":     false,
		"heron8":                                   false, // too short for a word that is asked for
		"":                                         false,
		strings.Repeat("1732460000123 quiet ", 50): false,
	} {
		if got := d.Glance([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	before := d.Turn()
	d.SetValues([][]byte{[]byte("another value")})
	if d.Turn() == before || d.Glance([]byte("quietly humming")) || !d.Glance([]byte("another value")) {
		t.Error("values that were set are not those that are seen")
	}
}
