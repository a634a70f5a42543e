package report_test

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"relaypack/pack/report"
)

// The contrast of WCAG 2: text 4.5:1 (AA), parts of a picture and borders of controls 3:1, on each background on which they stand.
func TestTokensHaveContrast(t *testing.T) {
	light, dark, ok := strings.Cut(report.Tokens, "@media screen and (prefers-color-scheme: dark)")
	if !ok {
		t.Fatal("no dark tokens")
	}
	for scheme, css := range map[string]string{"light": light, "dark": dark} {
		colour := map[string]float64{}
		for _, m := range regexp.MustCompile(`--([a-z0-9-]+): #([0-9a-f]{6});`).FindAllStringSubmatch(css, -1) {
			colour[m[1]] = luminance(t, m[2])
		}
		pages := []string{"page", "panel", "sunk"}
		for _, c := range []struct {
			least float64
			front string
			back  []string
		}{
			{4.5, "text", append(pages, "mark-back", "good-back", "warn-back", "bad-back")},
			{4.5, "text-soft", pages},
			{4.5, "link", pages},
			{4.5, "accent", pages},
			{4.5, "on-accent", []string{"accent"}},
			{4.5, "good", append(pages, "good-back")},
			{4.5, "warn", append(pages, "warn-back")},
			{4.5, "bad", append(pages, "bad-back")},
			{3, "edge", pages}, {3, "focus", pages},
			{3, "chart-1", pages}, {3, "chart-2", pages}, {3, "chart-3", pages}, {3, "chart-4", pages}, {3, "chart-5", pages}, {3, "chart-6", pages},
		} {
			for _, back := range c.back {
				a, okA := colour[c.front]
				b, okB := colour[back]
				if !okA || !okB {
					t.Errorf("%s: no colour %s or %s", scheme, c.front, back)
					continue
				}
				if got := (max(a, b) + 0.05) / (min(a, b) + 0.05); got < c.least {
					t.Errorf("%s: %s on %s has %.2f:1, want %v:1", scheme, c.front, back, got, c.least)
				}
			}
		}
	}
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	v, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	part := func(shift uint) float64 {
		c := float64(v>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
}
