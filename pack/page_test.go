package pack

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"relaypack/scrape"
)

// steady makes pages of families that keep what stands for their series from page to page.
type steady struct {
	families []scrape.Family
}

func newSteady(families, samples int) *steady {
	p := &steady{}
	for i := range families {
		p.families = append(p.families, scrape.Family{Name: fmt.Sprintf("thing_%d_total", i), Type: "counter"})
		for range samples {
			p.grow(i)
		}
	}
	return p
}

func (p *steady) grow(i int) {
	f := &p.families[i]
	f.Samples = append(f.Samples, scrape.Sample{
		Series: new(scrape.Series),
		Labels: []scrape.Label{{Name: "n", Value: fmt.Sprint(len(f.Samples))}, {Name: "who", Value: "driver@example.com"}},
	})
}

func (p *steady) page(value float64) *scrape.Metrics {
	m := &scrape.Metrics{}
	for _, f := range p.families {
		f.Samples = append([]scrape.Sample(nil), f.Samples...)
		for i := range f.Samples {
			f.Samples[i].Value = value + float64(i)/8
		}
		m.Families = append(m.Families, f)
		m.Series += len(f.Samples)
	}
	return m
}

// alone is the same page as a relay's first one.
func alone(m *scrape.Metrics) *scrape.Metrics {
	fresh := &scrape.Metrics{Series: m.Series}
	for _, f := range m.Families {
		f.Samples = append([]scrape.Sample(nil), f.Samples...)
		for i := range f.Samples {
			f.Samples[i].Series = nil
		}
		fresh.Families = append(fresh.Families, f)
	}
	return fresh
}

func takePage(b *bench, m *scrape.Metrics) {
	s := emptyLook(b.profile, looked)
	s.States["metrics"] = okState(looked)
	s.Results = []*scrape.Result{{Source: "metrics", At: looked, State: okState(looked), Metrics: m}}
	b.record(s)
}

func TestPageOfKnownSeriesIsAsItWouldBeAlone(t *testing.T) {
	seed := rand.Uint64()
	t.Log("seed", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	b, p := setup(t, okboxbox(t), megabytes), newSteady(12, 5)
	for n := range 60 {
		i, j := r.IntN(len(p.families)), r.IntN(len(p.families))
		switch r.IntN(6) {
		case 0:
			p.grow(i)
		case 1:
			p.families[i], p.families[j] = p.families[j], p.families[i]
		case 2:
			p.families[i].Samples = p.families[i].Samples[1:]
			p.grow(i)
		case 3:
			p.families[i].Type = []string{"gauge", "counter"}[r.IntN(2)]
		case 4:
			p.families[i].Name = fmt.Sprintf("other_%d", n)
		}
		m := p.page(float64(r.IntN(1000)))
		takePage(b, m)
		fresh := setup(t, okboxbox(t), megabytes)
		takePage(fresh, alone(m))
		got, account := b.recorder.metrics.told()
		want, wanted := fresh.recorder.metrics.told()
		if string(got) != string(want) || fmt.Sprint(account.counts, account.removed) != fmt.Sprint(wanted.counts, wanted.removed) {
			t.Fatalf("page %d: %.300s\nalone: %.300s\n%v %v\n%v %v", n, got, want, account.counts, account.removed, wanted.counts, wanted.removed)
		}
		if len(account.counts) == 0 || strings.Contains(string(got), "example.com") {
			t.Fatal("the address is still there, or nothing was removed")
		}
	}
}

// What became known as secret after a series came must not stay in its labels.
func TestPageIsRedactedAnewWhenAValueBecomesKnown(t *testing.T) {
	b := setup(t, okboxbox(t), megabytes)
	p := newSteady(1, 1)
	p.families[0].Samples[0].Labels[0].Value = "grey heron on a gate"
	takePage(b, p.page(1))
	if err := b.recorder.redactor.SetValues([][]byte{[]byte("grey heron on a gate")}); err != nil {
		t.Fatal(err)
	}
	takePage(b, p.page(2))
	if body, _ := b.recorder.metrics.told(); strings.Contains(string(body), "heron") || !strings.Contains(string(body), "[removed-") {
		t.Errorf("%s", body)
	}
}

// An id that is learned later is swept out of labels that were kept.
func TestPageIsSwept(t *testing.T) {
	b, p := setup(t, okboxbox(t), megabytes), newSteady(2, 2)
	p.families[0].Samples[1].Labels[0].Value = "zq81kdmwpx4471"
	takePage(b, p.page(7))
	b.known["zq81kdmwpx4471"] = true
	s := emptyLook(b.profile, looked.Add(time.Second))
	s.NewIDs = [][]byte{[]byte("zq81kdmwpx4471")}
	b.record(s)
	body, account := b.recorder.metrics.told()
	if strings.Contains(string(body), "zq81kdmwpx4471") || !strings.Contains(string(body), "zq81...4471") || !strings.Contains(string(body), `"value":7.125`) {
		t.Errorf("%s", body)
	}
	if b.recorder.metrics.omitted != 0 || len(account.counts) < 2 {
		t.Errorf("omitted %d, counts %v", b.recorder.metrics.omitted, account.counts)
	}
	takePage(b, p.page(8))
	if again, _ := b.recorder.metrics.told(); strings.Contains(string(again), "zq81kdmwpx4471") || !strings.Contains(string(again), `"value":8.125`) {
		t.Errorf("the look after: %s", again)
	}
}

// BenchmarkMetrics is the page of a look, as the recorder takes it, with all series those of the look
// before, and with one family that is new each time.
func BenchmarkMetrics(b *testing.B) {
	for _, families := range []int{100, 1000} {
		w, p := setup(b, okboxbox(b), megabytes), newSteady(families, 10)
		m := p.page(1)
		res := &scrape.Result{Source: "metrics", At: looked, State: okState(looked), Metrics: m}
		b.Run(fmt.Sprintf("%d series", families*10), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w.recorder.takeMetrics(res)
			}
		})
		b.Run(fmt.Sprintf("%d series, one family new", families*10), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for i := range m.Families[0].Samples {
					m.Families[0].Samples[i].Series = new(scrape.Series)
				}
				w.recorder.takeMetrics(res)
			}
		})
	}
}
