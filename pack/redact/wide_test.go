package redact_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf16"

	"relaypack/pack/redact"
)

// wideOf writes s in UTF-16.
func wideOf(s string, mark, big bool) []byte {
	units := utf16.Encode([]rune(s))
	if mark {
		units = append([]uint16{0xfeff}, units...)
	}
	var b []byte
	for _, u := range units {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return b
}

// Text, JSON and metrics in UTF-16 come out clean, as UTF-8, whatever the chunks.
func TestUTF16(t *testing.T) {
	r := redactor(t)
	long := strings.Repeat("lap 7 of 12 at Spa, password=Tr0ub4dor 🏁\n", 9000)
	for in, want := range map[string]string{
		"lap 7, password=Tr0ub4dor, mail bob@example.com 🏁 é\n":                    "lap 7, [removed-assignment], mail [removed-email] 🏁 é\n",
		`{"lap":7,"password":"Tr0ub4dor","m":"🏁 Bearer planted.bearer.token-002"}`: `{"lap":7,"m":"🏁 [removed-bearer]"}`,
		"# TYPE x counter\nx{password=\"a\",track=\"Spa\"} 1\n":                    "# TYPE x counter\nx{track=\"Spa\"} 1\n",
		long: strings.ReplaceAll(long, "password=Tr0ub4dor", "[removed-assignment]"),
	} {
		for _, c := range []struct{ mark, big bool }{{true, false}, {true, true}, {false, false}, {false, true}} {
			src := wideOf(in, c.mark, c.big)
			got := apply(t, r, string(src), redact.Auto)
			if got != want {
				t.Errorf("mark %v, big %v: gave %.200q", c.mark, c.big, got)
			}
			for _, size := range []int{1, 3, 5000} {
				if size == 1 && len(src) > 10_000 {
					continue
				}
				var out bytes.Buffer
				if err := r.Copy(&out, &chunks{b: src, next: func() int { return size }}, redact.Auto, nil); err != nil || out.String() != want {
					t.Errorf("mark %v, big %v, chunks of %d: gave %.200q, %v", c.mark, c.big, size, out.String(), err)
				}
			}
		}
	}
	for _, in := range []string{"\x00\x00\x00\x00\x00\x00\x00\x00", "a\x00b", "\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00", "lap \x00\x007 of 12"} {
		if got := apply(t, r, in, redact.Auto); got != in {
			t.Errorf("%q is no UTF-16, gave %q", in, got)
		}
	}
	for _, in := range []string{"\xff\xfe", "\xff\xfea", "\xff\xfe\x00\xd8a\x00", "\xfe\xff\xdc\x00", "\xff\xfea\x00\x00\x00b\x00\x00\x00"} {
		got := apply(t, r, in, redact.Auto)
		if again := apply(t, r, got, redact.Auto); again != got {
			t.Errorf("%q: once %q, twice %q", in, got, again)
		}
	}
}
