package main

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"srve", "serve"}, {"sevre", "serve"}, {"serv", "serve"}, {"onec", "once"}, {"halth", "health"}, {"verfy", "verify"}, {"chekc", "check"},
		{"version1", "version"}, {"versions22", ""}, {"", ""}, {"kubectl", ""}, {"Serve", "serve"}, {strings.Repeat("serve", 1<<16), ""},
	} {
		got := nearest(c.name)
		if c.want == "" && got != "" || c.want != "" && got != " (did you mean "+c.want+"?)" {
			t.Errorf("%.20s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestEdits(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "ab", 2}, {"ab", "", 2}, {"ab", "ab", 0}, {"ab", "ba", 1}, {"ab", "xb", 1}, {"abc", "ac", 1}, {"kitten", "sitting", 3}} {
		if got := edits(c.a, c.b); got != c.want {
			t.Errorf("%q to %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
