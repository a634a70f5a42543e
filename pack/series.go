package pack

import "time"

// Series is one kept series of the profile: nothing but numbers, and a name and a unit of the operator.
type Series struct {
	Name, Unit string
	Points     []Point // oldest first
}

// Point is one value.
type Point struct {
	At    time.Time
	Value float64
}

// Series gives all kept series, and the usual distance of two points.
func (b *Builder) Series() (all []Series, step time.Duration) {
	r := b.opts.Recorder
	now := b.opts.Now()
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, s := range r.history.list {
		one := Series{Name: s.spec.Name, Unit: s.spec.Unit}
		for _, p := range s.since(time.Time{}, now) {
			one.Points = append(one.Points, Point{time.UnixMilli(p.at), p.value})
		}
		all = append(all, one)
	}
	return all, r.history.step
}
