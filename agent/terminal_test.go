package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestTerminalEscapes(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "a pack: 12 \u00b0C, \u6f22\n\tx", "a pack: 12 \u00b0C, \u6f22\n\tx"},
		{"colour", "\x1b[31mred", `\u001b[31mred`},
		{"line turned back", "a\rb\b", `a\u000db\u0008`},
		{"C1", "\u009b2J", `\u009b2J`},
		{"bidi", "a\u202eb\u2066c\u200f", `a\u202eb\u2066c\u200f`},
		{"no UTF-8", "a\xffb\xc3", `a\xffb`}, // the last byte may be half of a character
	} {
		for size := 1; size <= len(c.in); size++ {
			var out bytes.Buffer
			w := &terminal{w: &out}
			for rest := []byte(c.in); len(rest) > 0; {
				n := min(size, len(rest))
				if wrote, err := w.Write(rest[:n]); wrote != n || err != nil {
					t.Fatalf("%s: %d, %v", c.name, wrote, err)
				}
				rest = rest[n:]
			}
			if out.String() != c.want {
				t.Errorf("%s in pieces of %d: %q, want %q", c.name, size, out.String(), c.want)
			}
		}
	}
}

func TestOnlyTerminalsAreEscaped(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var buffer bytes.Buffer
	if w := forTerminal(f); w != f {
		t.Error("a file is taken for a terminal")
	}
	if w := forTerminal(&buffer); w != &buffer {
		t.Error("a buffer is taken for a terminal")
	}
}
