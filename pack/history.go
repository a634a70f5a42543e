package pack

import (
	"sort"
	"strconv"
	"time"

	"relaypack/scrape/profile"
)

const (
	maxPoints = 5000 // of one series, whatever HISTORY says
	maxSeries = 200
)

// history keeps the chosen series as numbers.
type history struct {
	span time.Duration
	step time.Duration // the usual distance of two points
	list []*series
}

// series is one ring of points, oldest first from `next` on when it is full.
type series struct {
	spec   profile.Series
	span   time.Duration
	most   int
	points []point
	next   int
}

type point struct {
	at    int64 // epoch ms
	value float64
}

func (h *history) add(spec profile.Series) *series {
	most := maxPoints
	if h.step > 0 {
		most = min(most, int(h.span/h.step)+2)
	}
	s := &series{spec: spec, span: h.span, most: max(most, 2)}
	if len(h.list) < maxSeries {
		h.list = append(h.list, s)
	}
	return s
}

// stored is every point within the span, by time.
func (h *history) stored(now time.Time) (list []storedPoints) {
	at := make(map[int64]int)
	for _, s := range h.list {
		for _, p := range s.since(time.Time{}, now) {
			i, known := at[p.at]
			if !known {
				i = len(list)
				at[p.at] = i
				list = append(list, storedPoints{p.at, make(map[string]float64)})
			}
			list[i].Values[s.spec.Name] = p.value
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].At < list[j].At })
	return list
}

func (h *history) named(name string) *series {
	for _, s := range h.list {
		if s.spec.Name == name {
			return s
		}
	}
	return nil
}

func (s *series) push(at time.Time, value float64) {
	p := point{at.UnixMilli(), value}
	if len(s.points) < s.most {
		s.points = append(s.points, p)
		return
	}
	s.points[s.next] = p
	s.next = (s.next + 1) % s.most
}

// since gives the points from an instant on that are within the span, oldest first.
func (s *series) since(from, now time.Time) []point {
	oldest := max(from.UnixMilli(), now.Add(-s.span).UnixMilli())
	if from.IsZero() {
		oldest = now.Add(-s.span).UnixMilli()
	}
	var out []point
	for i := range s.points {
		if p := s.points[(s.next+i)%len(s.points)]; p.at >= oldest {
			out = append(out, p)
		}
	}
	return out
}

func appendPoints(dst []byte, points []point) []byte {
	dst = append(dst, '[')
	for i, p := range points {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '[')
		dst = strconv.AppendInt(dst, p.at, 10)
		dst = append(dst, ',')
		dst = appendFloat(dst, p.value)
		dst = append(dst, ']')
	}
	return append(dst, ']')
}

// encode is supportBundle.history with every n-th point, the newest always among them.
func (h *history) encode(now time.Time, every int) []byte {
	var o object
	for _, s := range h.list {
		points := s.since(time.Time{}, now)
		if every > 1 {
			var kept []point
			for i, p := range points {
				if (len(points)-1-i)%every == 0 {
					kept = append(kept, p)
				}
			}
			points = kept
		}
		var one object
		one.textOrNull("unit", s.spec.Unit)
		one.number("stepMs", h.step.Milliseconds()*int64(every))
		one.raw("points", appendPoints(nil, points))
		o.raw(s.spec.Name, one.done())
	}
	return o.done()
}
