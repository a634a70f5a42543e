package pack

import (
	"math"
	"time"

	"relaypack/pack/incident"
)

// Readings gives the newest values to the judge of incident rules.
func (r *Recorder) Readings() incident.Readings { return readings{r} }

type readings struct{ r *Recorder }

// Series is the newest point of a kept series.
func (v readings) Series(name string) (incident.Reading, bool) {
	v.r.mu.RLock()
	defer v.r.mu.RUnlock()
	s := v.r.history.named(name)
	if s == nil || len(s.points) == 0 {
		return incident.Reading{}, false
	}
	p := s.points[(s.next+len(s.points)-1)%len(s.points)]
	return incident.Reading{At: time.UnixMilli(p.at), Number: p.value}, true
}

// Field is a field of the format, as a pack would tell it now, where it is a number, a text or a flag.
func (v readings) Field(name string) (incident.Reading, bool) {
	v.r.mu.RLock()
	defer v.r.mu.RUnlock()
	one, ok := v.r.resolve(name)
	if !ok {
		return incident.Reading{}, false
	}
	reading := incident.Reading{At: one.kept.at, Number: math.NaN()}
	switch one.value[0] {
	case '{', '[':
		return incident.Reading{}, false
	case '"':
		reading.Text = string(scalarText(one.value))
		if one.given { // a size that is told with its unit
			reading.Number = one.number
		}
	case 't', 'f':
		reading.Text = string(one.value)
	default:
		reading.Number = one.number
	}
	return reading, true
}

// Events counts the events of a class, or of one type of it, since the relay's life began.
func (v readings) Events(class, kind string) (incident.Reading, bool) {
	v.r.mu.RLock()
	defer v.r.mu.RUnlock()
	c := v.r.class(class)
	if c == nil || c.life != v.r.life || c.readAt.IsZero() {
		return incident.Reading{}, false
	}
	n := c.count
	if kind != "" {
		n = c.types[kind]
	}
	return incident.Reading{At: c.readAt, Number: float64(n)}, true
}
