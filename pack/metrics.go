package pack

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"relaypack/scrape"
)

const (
	maxSamples = 20000 // of one page in a pack
	// voidLag is where a minimum of the event loop's lag, in seconds, stops being one: an empty window
	// reads as 9.2e9 (or as no number), and then its other figures mean nothing either.
	voidLag = 1e9
)

// equalSeries counts, as a rule, series that became equal to another one.
const equalSeries = "equal-series"

// page is the last exposition page: clean is an array of {family, type, samples}, body the object
// name -> {type, samples} that is made of its parts. A family stands under its name only there: an
// object under a name like auth_failures_total would be removed as what the name says, though it
// holds a count.
type page struct {
	kept    kept
	body    []byte
	omitted int // samples over maxSamples
}

// takeMetrics keeps a page as supportBundle.metrics. Families without samples are there too; a value
// that is no number is null.
func (r *Recorder) takeMetrics(res *scrape.Result) {
	if res.Metrics == nil {
		return
	}
	names, ok := r.harmless(res.Metrics, res.At)
	if !ok {
		return
	}
	raw, omitted := encodeFamilies(res.Metrics, names)
	k, ok := r.take(raw, res.At)
	if !ok {
		return
	}
	r.metrics = page{kept: k, omitted: omitted}
	r.metrics.assemble()
}

// harmless asks the redactor which families may stay by what their names say of a number.
func (r *Recorder) harmless(m *scrape.Metrics, at time.Time) (map[string]bool, bool) {
	var o object
	for _, f := range m.Families {
		o.number(f.Name, 0)
	}
	k, ok := r.take(o.done(), at)
	if !ok {
		return nil, false
	}
	list, ok := members(k.clean.Bytes())
	names := make(map[string]bool, len(list))
	for _, m := range list {
		names[m.name] = true
	}
	return names, ok
}

func encodeFamilies(m *scrape.Metrics, names map[string]bool) (raw []byte, omitted int) {
	void := m.AfterTimeout || emptyLagWindow(m)
	omitted = m.Dropped
	left := maxSamples
	var a array
	for _, f := range m.Families {
		if !names[f.Name] {
			omitted += len(f.Samples)
			continue
		}
		n := min(len(f.Samples), left)
		left -= n
		omitted += len(f.Samples) - n
		a.buf = append(a.next(), `{"family":`...)
		a.buf = append(appendString(a.buf, f.Name), `,"type":`...)
		a.buf = append(appendString(a.buf, f.Type), `,"samples":[`...)
		for i, s := range f.Samples[:n] {
			if i > 0 {
				a.buf = append(a.buf, ',')
			}
			value := s.Value
			if isLagWindow(f.Name) && (void || value > voidLag) {
				value = math.NaN()
			}
			a.buf = appendSample(a.buf, s, value)
		}
		a.buf = append(a.buf, ']', '}')
	}
	return a.done(), omitted
}

// assemble makes body of the clean bytes. One of the series that became equal when a label was removed
// or masked is kept, the rest is counted under the rule `equal-series`.
func (p *page) assemble() {
	families, _ := elements(p.kept.clean.Bytes())
	names := make([]string, len(families))
	seen := make(map[string]bool, len(families))
	changed := len(p.kept.counts) > 0
	var o object
	for i, f := range families {
		names[i] = string(scalarText(memberOf(f, "family")))
		if names[i] == "" || seen[names[i]] {
			continue
		}
		seen[names[i]] = true
		var one object
		one.raw("type", memberOf(f, "type"))
		samples := memberOf(f, "samples")
		if changed {
			merged := 0
			if samples, merged = mergeEqual(samples); merged > 0 {
				p.kept.counts = addCount(p.kept.counts, equalSeries, merged)
			}
		}
		one.raw("samples", samples)
		o.raw(names[i], one.done())
	}
	p.body = o.done()
	p.kept.removed = slices.Clone(p.kept.removed)
	for i, rem := range p.kept.removed {
		p.kept.removed[i].Parent = byName(rem.Parent, names)
	}
}

// byName gives the pointer into body for one into the array.
func byName(pointer string, names []string) string {
	segments := splitPointer(pointer)
	if len(segments) == 0 {
		return pointer
	}
	i, err := strconv.Atoi(segments[0])
	if err != nil || i < 0 || i >= len(names) {
		return pointer // told by name already: of a page that was swept
	}
	segments[0] = names[i]
	return joinPointer(segments...)
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

func mergeEqual(samples []byte) (left []byte, merged int) {
	list, ok := elements(samples)
	if !ok {
		return samples, 0
	}
	seen := make(map[string]bool, len(list))
	var a array
	for _, sample := range list {
		series := string(sample[:max(0, bytes.LastIndex(sample, []byte(`,"value":`)))])
		if series != "" && seen[series] {
			merged++
			continue
		}
		seen[series] = true
		a.raw(sample)
	}
	if merged == 0 {
		return samples, 0
	}
	return a.done(), merged
}
