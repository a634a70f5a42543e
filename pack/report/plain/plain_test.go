package plain_test

import (
	"testing"

	"relaypack/pack/report/plain"
)

func TestTextShowsWhatCannotBeSeen(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "",
		"Zürich 東京 🏁":            "Zürich 東京 🏁",
		"a\x1b[2Jb":              `a\u001b[2Jb`,
		"one\ntwo\t":             `one\u000atwo\u0009`,
		"\u202egnp.exe":          `\u202egnp.exe`,
		"pass\u200bword":         `pass\u200bword`,
		"\ufeffx":                `\ufeffx`,
		"a\u2028b":               `a\u2028b`,
		"tag \U000e0041":         `tag \U000e0041`,
		"\xff\xc3":               `\xff\xc3`,
		"\u0085":                 `\u0085`,
		"kept \ufffd as written": "kept \ufffd as written",
	} {
		if got := plain.Text(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}

func TestCutKeepsWholeCharacters(t *testing.T) {
	for _, c := range []struct {
		in   string
		most int
		kept string
		left int
	}{{"abc", 3, "abc", 0}, {"abcd", 3, "abc", 1}, {"aé", 2, "a", 2}, {"é", 0, "", 2}, {"x", -1, "", 1}} {
		if kept, left := plain.Cut(c.in, c.most); kept != c.kept || left != c.left {
			t.Errorf("%q at %d: %q and %d left", c.in, c.most, kept, left)
		}
	}
}
