package incident

import (
	"math"
	"slices"
	"time"

	"relaypack/scrape"
	"relaypack/scrape/profile"
)

// okSlack is how much older than its source's last good answer a reading may be: the time that it
// takes to read a large answer. An older one means that this answer gave no value.
const okSlack = 2 * time.Second

// look is an input and what it is judged by.
type look struct {
	Input
	now    time.Duration
	maxAge time.Duration
	relay  *relay
}

// leaf is one condition and what it read last.
type leaf struct {
	spec     profile.Condition
	past     *past // nil: no window
	said     verdict
	at       time.Time     // of the newest reading
	seen     time.Duration // monotonic, when that one was first seen
	old      bool          // it was already old then
	value    float64       // what is compared
	text     string        // likewise
	failures int           // of a source, in a row
}

func newLeaf(spec profile.Condition) leaf {
	l := leaf{spec: spec}
	if spec.Over > 0 && spec.Kind != profile.OfRelay {
		l.past = &past{over: spec.Over}
	}
	return l
}

// begin forgets the life before. What counts from a process's start stood at 0 when a life began whose
// beginning was seen.
func (l *leaf) begin(now time.Duration, sawBirth bool) {
	if l.past == nil {
		return
	}
	l.past.reset()
	if sawBirth && l.counts() {
		l.past.add(now, 0)
	}
}

// counts says whether the reading is a count since the process started.
func (l *leaf) counts() bool {
	return l.spec.Kind == profile.OfEvents || l.spec.Take == profile.TakeRate
}

// judge says whether the condition holds, and up to when that is known. open: by the bound at which an
// open incident ends.
func (l *leaf) judge(in *look, open bool) (v verdict, evidence time.Duration) {
	switch l.spec.Kind {
	case profile.OfRelay:
		l.said = l.ofRelay(in)
		return l.said, in.now
	case profile.OfSource:
		l.said = l.ofSource(in)
		return l.said, l.seen
	}
	l.said = unknown
	r, ok := l.read(in)
	if !ok || !l.measure(in, r) {
		return unknown, 0
	}
	l.said = no
	if l.holds(open) {
		l.said = yes
	}
	return l.said, l.seen
}

func (l *leaf) ofRelay(in *look) verdict {
	l.text = string(l.spec.Relay)
	switch l.spec.Relay {
	case profile.RelayDown:
		return in.relay.down()
	case profile.RelayUp:
		switch in.relay.down() {
		case yes:
			return no
		case no:
			return yes
		}
	case profile.RelayNeverUp:
		return in.relay.neverUp()
	case profile.RelayRestarted:
		l.text = ""
		l.value = float64(in.relay.restartsIn(l.spec.Over, in.now))
		if l.value > l.spec.Bound {
			return yes
		}
		return no
	}
	return unknown
}

// ofSource judges how a source stands. A status that each read gives anew is known up to the last read.
func (l *leaf) ofSource(in *look) verdict {
	state, ok := in.States[l.spec.Name]
	if !ok || state.Status == scrape.Skipped && state.LastOK.IsZero() && !slices.Contains(l.spec.Is, string(scrape.Skipped)) {
		return unknown // it was not asked yet
	}
	text := string(state.Status)
	switch state.Status {
	case scrape.Unreachable, scrape.Timeout, scrape.Invalid, scrape.TooLarge:
		if text != l.text || state.Failures != l.failures {
			l.seen = in.now
		}
	default:
		l.seen = in.now
	}
	l.text, l.failures = text, state.Failures
	if slices.Contains(l.spec.Is, text) {
		return yes
	}
	return no
}

// read gets the newest reading, false while it is unknown.
func (l *leaf) read(in *look) (r Reading, ok bool) {
	if in.Readings == nil {
		return r, false
	}
	switch l.spec.Kind {
	case profile.OfSeries:
		r, ok = in.Readings.Series(l.spec.Name)
		ok = ok && fromSource(in, l.spec.Source, r)
	case profile.OfField:
		r, ok = in.Readings.Field(l.spec.Name)
	case profile.OfEvents:
		r, ok = in.Readings.Events(l.spec.Name, l.spec.Type)
	}
	empty := math.IsNaN(r.Number)
	if len(l.spec.Is) > 0 {
		empty = r.Text == ""
	}
	if !ok || empty || r.At.IsZero() || r.At.Before(in.Life.FirstSeen.Add(-bornSlack)) {
		return r, false
	}
	if !r.At.Equal(l.at) {
		l.at, l.seen, l.old = r.At, in.now, in.At.Sub(r.At) > in.maxAge
	}
	return r, !l.old && in.now-l.seen <= in.maxAge
}

// fromSource says whether a reading is of its source's last answer, and that answer a good one.
func fromSource(in *look, source string, r Reading) bool {
	if source == "" {
		return true
	}
	state, ok := in.States[source]
	return ok && state.Status == scrape.OK && !r.At.Before(state.LastOK.Add(-okSlack))
}

// measure makes what is compared of a reading; false while that is unknown.
func (l *leaf) measure(in *look, r Reading) bool {
	l.value, l.text = r.Number, ""
	if slices.Contains(l.spec.Is, r.Text) {
		l.text = r.Text // the profile's own word; any other is of no use
	}
	if l.spec.Of != "" {
		of, ok := in.Readings.Series(l.spec.Of)
		if !ok || !(of.Number > 0) || math.IsInf(of.Number, 0) || in.At.Sub(of.At) > in.maxAge {
			return false
		}
		l.value = r.Number / of.Number
	}
	if l.past == nil {
		return true
	}
	if l.seen == in.now { // a new one
		if l.counts() && r.Number < l.past.last {
			l.past.reset() // it began again
		}
		l.past.add(in.now, r.Number)
	}
	delta, span, ok := l.past.since()
	if !ok {
		return false
	}
	switch {
	case l.spec.Kind == profile.OfEvents:
		l.value = delta / span.Minutes()
	case l.spec.Take == profile.TakeRate:
		l.value = delta / span.Seconds()
	default:
		l.value = delta
	}
	return true
}

func (l *leaf) holds(open bool) bool {
	if len(l.spec.Is) > 0 {
		return l.text != ""
	}
	bound := l.spec.Bound
	if open {
		bound = l.spec.Until
	}
	if l.spec.Below {
		return l.value < bound
	}
	return l.value > bound
}
