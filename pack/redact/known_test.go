package redact_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"relaypack/pack/redact"
)

// BenchmarkKnown: a captured answer with so many known values, none of which is in it.
func BenchmarkKnown(b *testing.B) {
	src := capture(b, "tapped/ops-events-error.json")
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 8, 64, 256} {
		var values [][]byte
		for range n {
			v := make([]byte, 12+r.IntN(30))
			for i := range v {
				v[i] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"[r.IntN(64)]
			}
			values = append(values, v)
		}
		red, err := redact.New(redact.Options{Values: values})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			var dst []byte
			begin := cpuTime()
			for b.Loop() {
				dst, _ = red.Append(dst[:0], src, redact.JSON, nil)
			}
			reportCPU(b, len(src), begin)
		})
	}
	values := make([][]byte, 256)
	for i := range values {
		values[i] = fmt.Appendf(nil, "value-%d-%x", i, r.Uint64())
	}
	b.Run("set", func(b *testing.B) {
		red, _ := redact.New(redact.Options{})
		b.ReportAllocs()
		for b.Loop() {
			if err := red.SetValues(values); err != nil {
				b.Fatal(err)
			}
		}
	})
}
