package pack

import (
	"strings"
	"time"

	"relaypack/scrape"
	"relaypack/scrape/profile"
)

// resolve gives the value of a field now: of the first rule whose source is ok and whose value is
// of the life that is shown; else the first of that life that was known last.
func (r *Recorder) resolve(name string) (one *rule, ok bool) {
	s := r.sections[name]
	if s == nil {
		return nil, false
	}
	var candidates []candidate
	for _, one := range s.rules {
		usable := one.value != nil && one.kept.life == r.shown && !(one.spec.Recorded && r.unwired == yes)
		candidates = append(candidates, candidate{usable, one.spec.From, one.kept.at})
	}
	i := r.prefer(candidates, strings.HasPrefix(name, "config."))
	if i < 0 {
		return nil, false
	}
	return s.rules[i], true
}

// candidate is one way to a value, in the profile's order.
type candidate struct {
	usable bool
	source string
	at     time.Time
}

// samePast is how far apart two last known values may be and still be of the same time.
const samePast = 2 * time.Minute

// prefer picks the way to a value: the first whose source is ok; else, of what is last known, the first
// that is about as young as the youngest. What is read once in a life of the relay comes last, since it
// stays ok while it grows old, except where constant says that it does not grow old. -1: none.
func (r *Recorder) prefer(list []candidate, constant bool) int {
	youngest := time.Time{}
	for i, c := range list {
		if !c.usable || !constant && r.readOnce(c.source) {
			continue
		}
		if r.sourceOK(c.source) {
			return i
		}
		if c.at.After(youngest) {
			youngest = c.at
		}
	}
	for _, once := range []bool{false, true} {
		for i, c := range list {
			if c.usable && r.readOnce(c.source) == once && (once || !c.at.Before(youngest.Add(-samePast))) {
				return i
			}
		}
	}
	return -1
}

func (r *Recorder) readOnce(source string) bool {
	s := r.profile.Source(source)
	return s != nil && s.Every == profile.EveryStart
}

func (r *Recorder) sourceOK(name string) bool {
	switch name {
	case fromStates, fromTarget, fromEvents:
		return true
	}
	return r.states[name].Status == scrape.OK
}
