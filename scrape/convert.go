package scrape

import (
	"math"
	"strconv"

	dto "github.com/prometheus/client_model/go"
)

// appendSamples takes over what expfmt read of a family.
func appendSamples(to []Sample, mf *dto.MetricFamily) []Sample {
	for _, m := range mf.GetMetric() {
		labels := make([]Label, 0, len(m.GetLabel())+1)
		for _, l := range m.GetLabel() {
			labels = append(labels, Label{l.GetName(), l.GetValue()})
		}
		switch {
		case m.Counter != nil:
			to = append(to, Sample{Labels: labels, Value: m.Counter.GetValue()})
		case m.Gauge != nil:
			to = append(to, Sample{Labels: labels, Value: m.Gauge.GetValue()})
		case m.Untyped != nil:
			to = append(to, Sample{Labels: labels, Value: m.Untyped.GetValue()})
		case m.Summary != nil:
			to = appendSummary(to, labels, m.Summary)
		case m.Histogram != nil:
			to = appendHistogram(to, labels, m.Histogram)
		}
	}
	return to
}

func appendSummary(to []Sample, labels []Label, s *dto.Summary) []Sample {
	for _, q := range s.GetQuantile() {
		to = append(to, Sample{Labels: with(labels, "quantile", q.GetQuantile()), Value: q.GetValue()})
	}
	if s.SampleSum != nil {
		to = append(to, Sample{Part: "sum", Labels: labels, Value: s.GetSampleSum()})
	}
	if s.SampleCount != nil {
		to = append(to, Sample{Part: "count", Labels: labels, Value: float64(s.GetSampleCount())})
	}
	return to
}

func appendHistogram(to []Sample, labels []Label, h *dto.Histogram) []Sample {
	for _, b := range h.GetBucket() {
		v := float64(b.GetCumulativeCount())
		if b.CumulativeCountFloat != nil {
			v = b.GetCumulativeCountFloat()
		}
		to = append(to, Sample{Part: "bucket", Labels: with(labels, "le", b.GetUpperBound()), Value: v})
	}
	if h.SampleSum != nil {
		to = append(to, Sample{Part: "sum", Labels: labels, Value: h.GetSampleSum()})
	}
	switch {
	case h.SampleCountFloat != nil:
		to = append(to, Sample{Part: "count", Labels: labels, Value: h.GetSampleCountFloat()})
	case h.SampleCount != nil:
		to = append(to, Sample{Part: "count", Labels: labels, Value: float64(h.GetSampleCount())})
	}
	return to
}

// with adds a bound as a label, spelled as Prometheus spells it.
func with(labels []Label, name string, v float64) []Label {
	text := strconv.FormatFloat(v, 'g', -1, 64)
	if math.IsInf(v, 1) {
		text = "+Inf"
	}
	return append(labels[:len(labels):len(labels)], Label{name, text})
}
