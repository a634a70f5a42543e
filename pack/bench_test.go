package pack

import (
	"fmt"
	"testing"

	"relaypack/scrape"
)

// full is a Recorder with 2,000 events and 1,000 series.
func full(t testing.TB) *bench {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	s := look(t, p, "tapped", looked, all...)
	for _, res := range s.Results {
		if res.Metrics == nil {
			continue
		}
		f := scrape.Family{Name: "app_requests_total", Type: "counter"}
		for i := res.Metrics.Series; i < 1000; i++ {
			f.Samples = append(f.Samples, scrape.Sample{Value: float64(i), Labels: []scrape.Label{{Name: "path", Value: fmt.Sprintf("/p/%d", i)}, {Name: "code", Value: "200"}}})
		}
		res.Metrics.Families = append(res.Metrics.Families, f)
	}
	b.record(s)
	return b
}

func BenchmarkBuild(b *testing.B) {
	w := full(b)
	_, made := w.build(Request{IncludeConfig: true})
	b.SetBytes(int64(len(made.Bytes())))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.builder.Build(b.Context(), Request{IncludeConfig: true}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRecord is a look that brings nothing new.
func BenchmarkRecord(b *testing.B) {
	w := full(b)
	s := look(b, w.profile, "tapped", looked, all...)
	b.ReportAllocs()
	for b.Loop() {
		w.record(s)
	}
}
