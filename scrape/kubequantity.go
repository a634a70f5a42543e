package scrape

import (
	"math"
	"strconv"
	"strings"
)

// suffixes are those of Kubernetes' quantities ("128Mi", "1.5G", "500m"), the binary ones first.
var suffixes = []struct {
	text  string
	times float64
}{
	{"Ki", 1 << 10}, {"Mi", 1 << 20}, {"Gi", 1 << 30}, {"Ti", 1 << 40}, {"Pi", 1 << 50}, {"Ei", 1 << 60},
	{"n", 1e-9}, {"u", 1e-6}, {"m", 1e-3}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}, {"P", 1e15}, {"E", 1e18},
}

// quantity reads one, false for what is none or not above 0. "1e3" has an exponent, "1E" a suffix.
func quantity(text string) (float64, bool) {
	times := 1.0
	for _, s := range suffixes {
		if digits, ok := strings.CutSuffix(text, s.text); ok {
			text, times = digits, s.times
			break
		}
	}
	if text == "" || strings.Trim(text, "+0123456789.eE-") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	v *= times
	return v, err == nil && v > 0 && !math.IsInf(v, 0)
}

// bytesOf is a quantity of bytes, rounded up as Kubernetes does; 0 for none.
func bytesOf(text string) uint64 {
	v, ok := quantity(text)
	if !ok || v >= noLimit {
		return 0
	}
	return uint64(math.Ceil(v))
}

// coresOf is a quantity of CPU; 0 for none.
func coresOf(text string) float64 {
	v, _ := quantity(text)
	return max(v, 0)
}
