package page

import (
	"math"
	"testing"
)

func TestNumbersHaveUnits(t *testing.T) {
	f := func(v float64) *float64 { return &v }
	n := func(v int64) *int64 { return &v }
	for _, c := range []struct{ got, want string }{
		{count(0), "0"}, {count(f(-1234567)), "-1,234,567"}, {count(n(999)), "999"}, {count(int64(1000)), "1,000"},
		{count(uint64(7)), "7"}, {count(59.966666), "59.97"}, {count(f(1e18)), "1e+18"}, {count((*float64)(nil)), none}, {count(math.NaN()), none},
		{size(f(0)), "0 B"}, {size(n(1023)), "1023 B"}, {size(n(1536)), "1.5 KiB"}, {size(n(125 << 20)), "125 MiB"}, {size((*int64)(nil)), none},
		{millis(f(0.44)), "0.4 ms"}, {millis(f(31.97)), "32 ms"}, {millis(f(1234)), "1.2 s"}, {millis(f(245360)), "4 min 5 s"}, {millis((*float64)(nil)), none},
		{span(f(0)), "0 s"}, {span(f(59_999)), "59 s"}, {span(f(60_000)), "1 min"}, {span(f(3_840_000)), "1 h 4 min"}, {span(f(26 * 3600_000)), "1 d 2 h"}, {span(f(24*3600_000 + 5000)), "1 d"},
		{spaced("125MB"), "125 MB"}, {spaced("much"), "much"},
		{pair("createdAt", "1795424857449").Text, ""}, {pair("ageMs", "61000").Text, "1 min 1 s"}, {pair("drops", "1234").Text, "1,234"},
		{pair("rates", `{"baseline":1,"total":2}`).Text, "baseline 1, total 2"}, {pair("room", "session:\u202esess").Text, `session:\u202esess`},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	if at := pair("createdAt", "1795424857449").At; at != 1795424857449 {
		t.Errorf("an instant is %d", at)
	}
}
