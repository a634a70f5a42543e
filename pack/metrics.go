package pack

import (
	"bytes"
	"math"
	"strings"

	"relaypack/scrape"
)

const (
	maxSamples = 20000 // of one page in a pack
	// voidLag is where a minimum of the event loop's lag, in seconds, stops being one: an empty window
	// reads as 9.2e9 (or as no number), and then its other figures mean nothing either.
	voidLag = 1e9
)

// takeMetrics keeps a page as supportBundle.metrics: name -> {type, samples}. Families without
// samples are there too; a value that is no number is null.
func (r *Recorder) takeMetrics(res *scrape.Result) {
	if res.Metrics == nil {
		return
	}
	raw, omitted := encodeMetrics(res.Metrics)
	k, ok := r.take(raw, res.At)
	if !ok {
		return
	}
	if len(k.counts) > 0 {
		k = r.mergeEqualSeries(k)
	}
	r.metrics, r.seriesOmitted = k, omitted
}

func encodeMetrics(m *scrape.Metrics) (raw []byte, omitted int) {
	void := m.AfterTimeout || emptyLagWindow(m)
	omitted = m.Dropped
	left := maxSamples
	var o object
	for _, f := range m.Families {
		n := min(len(f.Samples), left)
		left -= n
		omitted += len(f.Samples) - n
		o.name(f.Name)
		o.buf = append(o.buf, `{"type":`...)
		o.buf = appendString(o.buf, f.Type)
		o.buf = append(o.buf, `,"samples":[`...)
		for i, s := range f.Samples[:n] {
			if i > 0 {
				o.buf = append(o.buf, ',')
			}
			value := s.Value
			if isLagWindow(f.Name) && (void || value > voidLag) {
				value = math.NaN()
			}
			o.buf = appendSample(o.buf, s, value)
		}
		o.buf = append(o.buf, ']', '}')
	}
	return o.done(), omitted
}

func appendSample(dst []byte, s scrape.Sample, value float64) []byte {
	dst = append(dst, '{')
	if s.Part != "" {
		dst = append(dst, `"part":`...)
		dst = append(appendString(dst, s.Part), ',')
	}
	dst = append(dst, `"labels":{`...)
	for i, l := range s.Labels {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, l.Name), ':')
		dst = appendString(dst, l.Value)
	}
	dst = append(dst, `},"value":`...)
	return append(appendFloat(dst, value), '}')
}

// isLagWindow tells the figures of prom-client's event-loop-delay histogram, which every read of the
// page resets. The plain ..._eventloop_lag_seconds is timed at the read and stands.
func isLagWindow(name string) bool {
	return strings.Contains(name, "eventloop_lag_") && !strings.HasSuffix(name, "eventloop_lag_seconds")
}

// emptyLagWindow says whether another reader had just reset the window: then a maximum of 0 is not
// "no lag" but "not known".
func emptyLagWindow(m *scrape.Metrics) bool {
	for _, f := range m.Families {
		if isLagWindow(f.Name) && strings.Contains(f.Name, "_min_") && len(f.Samples) > 0 {
			least := f.Samples[0].Value
			return math.IsNaN(least) || least > voidLag
		}
	}
	return false
}

// mergeEqualSeries keeps one of the series that became equal when a label was removed or masked, and
// counts the rest under the rule `equal-series`.
func (r *Recorder) mergeEqualSeries(k kept) kept {
	families, ok := members(k.clean.Bytes())
	if !ok {
		return k
	}
	var o object
	merged := 0
	for _, f := range families {
		body, n := mergeFamily(f.value)
		merged += n
		o.raw(f.name, body)
	}
	if merged == 0 {
		return k
	}
	again, ok := r.take(o.done(), k.at)
	if !ok {
		return k
	}
	k.clean = again.clean
	k.counts = addCount(k.counts, "equal-series", merged)
	return k
}

func mergeFamily(family []byte) (body []byte, merged int) {
	list, ok := elements(memberOf(family, "samples"))
	if !ok {
		return family, 0
	}
	seen := make(map[string]bool, len(list))
	var a array
	for _, sample := range list {
		series := sample[:bytes.LastIndex(sample, []byte(`,"value":`))+1]
		if len(series) > 0 && seen[string(series)] {
			merged++
			continue
		}
		seen[string(series)] = true
		a.raw(sample)
	}
	if merged == 0 {
		return family, 0
	}
	var o object
	o.raw("type", memberOf(family, "type"))
	o.raw("samples", a.done())
	return o.done(), merged
}
