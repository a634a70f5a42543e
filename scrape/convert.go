package scrape

import (
	"math"
	"strconv"

	dto "github.com/prometheus/client_model/go"
)

// add takes over what expfmt read.
func (p *page) add(mf *dto.MetricFamily) {
	if len(mf.GetMetric()) == 0 {
		return
	}
	f := p.of(mf.GetName())
	if f == nil {
		p.m.Dropped += len(mf.GetMetric())
		return
	}
	for _, m := range mf.GetMetric() {
		labels := make([]Label, 0, len(m.GetLabel())+1)
		for _, l := range m.GetLabel() {
			labels = append(labels, Label{l.GetName(), l.GetValue()})
		}
		switch {
		case m.Counter != nil:
			p.put(f, Sample{Labels: labels, Value: m.Counter.GetValue()})
		case m.Gauge != nil:
			p.put(f, Sample{Labels: labels, Value: m.Gauge.GetValue()})
		case m.Untyped != nil:
			p.put(f, Sample{Labels: labels, Value: m.Untyped.GetValue()})
		case m.Summary != nil:
			p.summary(f, labels, m.Summary)
		case m.Histogram != nil:
			p.histogram(f, labels, m.Histogram)
		}
	}
}

func (p *page) summary(f *Family, labels []Label, s *dto.Summary) {
	for _, q := range s.GetQuantile() {
		p.put(f, Sample{Labels: with(labels, "quantile", q.GetQuantile()), Value: q.GetValue()})
	}
	if s.SampleSum != nil {
		p.put(f, Sample{Part: "sum", Labels: labels, Value: s.GetSampleSum()})
	}
	if s.SampleCount != nil {
		p.put(f, Sample{Part: "count", Labels: labels, Value: float64(s.GetSampleCount())})
	}
}

func (p *page) histogram(f *Family, labels []Label, h *dto.Histogram) {
	for _, b := range h.GetBucket() {
		v := float64(b.GetCumulativeCount())
		if b.CumulativeCountFloat != nil {
			v = b.GetCumulativeCountFloat()
		}
		p.put(f, Sample{Part: "bucket", Labels: with(labels, "le", b.GetUpperBound()), Value: v})
	}
	if h.SampleSum != nil {
		p.put(f, Sample{Part: "sum", Labels: labels, Value: h.GetSampleSum()})
	}
	switch {
	case h.SampleCountFloat != nil:
		p.put(f, Sample{Part: "count", Labels: labels, Value: h.GetSampleCountFloat()})
	case h.SampleCount != nil:
		p.put(f, Sample{Part: "count", Labels: labels, Value: float64(h.GetSampleCount())})
	}
}

// with adds a bound as a label, spelled as Prometheus spells it.
func with(labels []Label, name string, v float64) []Label {
	text := strconv.FormatFloat(v, 'g', -1, 64)
	if math.IsInf(v, 1) {
		text = "+Inf"
	}
	return append(labels[:len(labels):len(labels)], Label{name, text})
}
