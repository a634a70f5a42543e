package scrape

import (
	"hash/maphash"
	"math"
	"time"
)

// minRateSpan is the shortest time between two pages over which a rate is computed.
const minRateSpan = 200 * time.Millisecond

// rates puts the rate per second on counters, from the page before. Of that page it keeps a keyed
// 64-bit hash and a value for each series of the families that the profile names, nothing else. A
// new life of the relay gets new ones: its counters started over.
type rates struct {
	seed  maphash.Seed
	at    time.Time // monotonic; zero: no page of this life yet
	value map[uint64]float64
}

func newRates() *rates { return &rates{seed: maphash.MakeSeed()} }

// apply sets Rate on every sample of a named counter whose value did not fall since the page before,
// and keeps this page's values. A counter that fell was reset: its rate is unknown.
func (r *rates) apply(m *Metrics, named map[string]bool, at time.Time) {
	next := make(map[uint64]float64, len(r.value))
	span := at.Sub(r.at)
	known := !r.at.IsZero() && span >= minRateSpan
	for i := range m.Families {
		f := &m.Families[i]
		if f.Type != "counter" || !named[f.Name] {
			continue
		}
		for j := range f.Samples {
			s := &f.Samples[j]
			h := r.hash(f.Name, s)
			next[h] = s.Value
			before, ok := r.value[h]
			if known && ok && s.Value >= before && !math.IsInf(s.Value, 0) {
				s.Rate = (s.Value - before) / span.Seconds()
			}
		}
	}
	r.at, r.value = at, next
}

func (r *rates) hash(family string, s *Sample) uint64 {
	var h maphash.Hash
	h.SetSeed(r.seed)
	h.WriteString(family)
	for _, l := range s.Labels {
		h.WriteByte(0)
		h.WriteString(l.Name)
		h.WriteByte(0)
		h.WriteString(l.Value)
	}
	return h.Sum64()
}

// Document gives the page for the profile's queries:
//
//	{family: {type, samples: [{part, labels: {name: value}, value, rate}]}}
//
// families says which, nil means all. Numbers are float64; NaN and infinite ones, which JSON does
// not have, and the lag figures of a page after an abandoned read (AfterTimeout) are nil.
func (m *Metrics) Document(families map[string]bool) map[string]any {
	doc := make(map[string]any, len(families))
	for i := range m.Families {
		f := &m.Families[i]
		if families != nil && !families[f.Name] {
			continue
		}
		void := m.AfterTimeout && isLag(f.Name)
		samples := make([]any, len(f.Samples))
		for j := range f.Samples {
			s := &f.Samples[j]
			labels := make(map[string]any, len(s.Labels))
			for _, l := range s.Labels {
				labels[l.Name] = l.Value
			}
			value := number(s.Value)
			if void {
				value = nil
			}
			samples[j] = map[string]any{"part": s.Part, "labels": labels, "value": value, "rate": number(s.Rate)}
		}
		doc[f.Name] = map[string]any{"type": f.Type, "samples": samples}
	}
	return doc
}

func number(v float64) any {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return v
}
