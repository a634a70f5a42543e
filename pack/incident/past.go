package incident

import "time"

// maxPast is how many points of a window are kept; they lie at least a sixtieth of it apart.
const maxPast = 64

// past is the window of one condition: what stood when, so that a rise can be measured.
type past struct {
	over   time.Duration
	points [maxPast]struct {
		at    time.Duration
		value float64
	}
	from, n int
	at      time.Duration // of the newest reading
	last    float64
}

func (p *past) reset() { p.from, p.n, p.last = 0, 0, 0 }

// add takes a reading. After a gap of more than the window a rise is measured over the gap; after one
// of more than ten, what was before says nothing.
func (p *past) add(at time.Duration, value float64) {
	if gap := at - p.at; p.n > 0 && gap > p.over {
		before, last := p.at, p.last
		p.reset()
		if gap <= 10*p.over {
			p.add(before, last)
		}
	}
	p.at, p.last = at, value
	if p.n > 0 && at-p.points[(p.from+p.n-1)%maxPast].at < p.over/60 {
		return
	}
	if p.n == maxPast {
		p.from, p.n = (p.from+1)%maxPast, p.n-1
	}
	slot := &p.points[(p.from+p.n)%maxPast]
	slot.at, slot.value = at, value
	p.n++
	for p.n > 1 && at-p.points[(p.from+1)%maxPast].at >= p.over {
		p.from, p.n = (p.from+1)%maxPast, p.n-1
	}
}

// since gives the rise over the window up to the newest reading, and the time that it took; false
// before half of the window is known.
func (p *past) since() (delta float64, span time.Duration, ok bool) {
	if p.n == 0 {
		return 0, 0, false
	}
	oldest := p.points[p.from]
	span = p.at - oldest.at
	return p.last - oldest.value, span, span > 0 && span >= p.over/2
}
