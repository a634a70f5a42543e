package pack

import (
	"math"
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

// takeMetrics keeps a page for supportBundle.metrics. Families without samples are there too; a value
// that is no number is null.
//
// Pages repeat themselves: of a family that has the series of the look before only the values are
// taken, its names and labels were redacted when they came. A value is a number under a name of our
// own, of which the redactor changes nothing.
func (r *Recorder) takeMetrics(res *scrape.Result) {
	m := res.Metrics
	if m == nil {
		return
	}
	before := r.metrics.lookup()
	if turn := r.redactor.Turn(); turn != r.metrics.turn || len(r.metrics.harmless) > 4*len(m.Families)+64 {
		before, r.metrics = families{}, &page{turn: turn, harmless: make(map[string]bool)}
	}
	p := &page{
		life: r.life, at: res.At, omitted: m.Dropped, turn: r.metrics.turn, harmless: r.metrics.harmless,
		families: make([]*family, 0, len(m.Families)),
	}
	void, left := m.AfterTimeout || emptyLagWindow(m), maxSamples
	for i := range m.Families {
		told := &m.Families[i]
		f := before.named(told.Name)
		if f == nil && !r.harmless(told.Name, res.At) {
			p.omitted += len(told.Samples)
			continue
		}
		samples := told.Samples[:min(len(told.Samples), left)]
		left -= len(samples)
		p.omitted += len(told.Samples) - len(samples)
		if f == nil || !f.has(told.Type, samples) {
			if f = r.newFamily(told, samples, res.At); f == nil {
				p.omitted += len(samples)
				continue
			}
		}
		f.take(samples, void)
		p.families = append(p.families, f)
	}
	r.metrics = p
}

// harmless asks the redactor whether a family may stay by what its name says of a number.
func (r *Recorder) harmless(name string, at time.Time) bool {
	stays, asked := r.metrics.harmless[name]
	if asked {
		return stays
	}
	var o object
	o.number(name, 0)
	if k, ok := r.take(o.done(), at); ok {
		list, _ := members(k.clean.Bytes())
		stays = len(list) == 1 && list[0].name == name
	}
	r.metrics.harmless[name] = stays
	return stays
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
