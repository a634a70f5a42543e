package redact_test

import (
	"os"
	"testing"

	"relaypack/pack/redact"
)

// BenchmarkAppend: captured answers as they come, and the same once they are clean, which is the floor.
func BenchmarkAppend(b *testing.B) {
	r := redactor(b)
	for _, name := range []string{"tapped/ops-events-error.json", "tapped/ops-events-socket.json", "tapped/ops-support-pack.json", "tapped/metrics.txt"} {
		src, err := os.ReadFile(captures + "/" + name)
		if err != nil {
			b.Fatal(err)
		}
		clean, err := r.Append(nil, src, redact.Auto, nil)
		if err != nil {
			b.Fatal(err)
		}
		for kind, s := range map[string][]byte{"raw": src, "clean": clean} {
			b.Run(name+"/"+kind, func(b *testing.B) {
				b.SetBytes(int64(len(s)))
				b.ReportAllocs()
				var dst []byte
				for b.Loop() {
					dst, _ = r.Append(dst[:0], s, redact.Auto, nil)
				}
			})
		}
	}
}
