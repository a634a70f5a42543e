package demorelay

import (
	"math"
	"slices"
)

const (
	silentMs    = 5 * 60_000 // the socket layer drops a session after this much silence
	sweepMs     = 30_000     // and looks that often
	trackedMax  = 200        // sessions that the ops recorder keeps; upstream has no bound
	parityMax   = 2000       // parity entries; upstream has no bound
	driftKept   = 100
	rateWindow  = 60_000
	ackEvery    = 20 // frames of which the sender wants one acknowledged
	senderAhead = 3.4140625
)

var tracks = [...]string{"Spa", "Watkins Glen", "Suzuka", "Daytona Road", "Road America", "Nordschleife"}

// session is one race, from its first frame on. Frames are not simulated one by one: their number
// follows from the rate and the time.
type session struct {
	id, masked string
	track      string
	drivers    int
	created    int64
	stopped    int64   // when frames ended; 0: they still come
	perMs      float64 // frames per millisecond, both streams
	drops      int
	errors     int
	drifts     []drift
	duplicates int
	outOfOrder int
	lastError  string
	ownClock   bool // the sender's clock has fractions of a millisecond
}

// drift is a frame whose clock was far off.
type drift struct {
	frame int
	ms    float64
}

// frames counts the frames of both streams that had come by the instant at.
func (s *session) frames(at int64) (baseline, controls int) {
	if s.stopped != 0 {
		at = min(at, s.stopped)
	}
	total := float64(max(0, at-s.created)) * s.perMs
	return int(total / 3), int(total * 2 / 3)
}

func (s *session) total(at int64) int {
	b, c := s.frames(at)
	return b + c
}

// lastFrame is when the newest frame came.
func (s *session) lastFrame(at int64) int64 {
	_, c := s.frames(at)
	return s.created + int64(float64(c)*1.5/s.perMs)
}

// shown says whether the socket layer still lists it: it looks for silent ones every 30 s.
func (s *session) shown(at int64) bool {
	if s.stopped == 0 {
		return true
	}
	return at-s.stopped <= silentMs+sweepMs-(at%sweepMs)
}

// sessions is what both layers know of them. A session that ended properly leaves all lists but
// parity; one that fell silent stays in the recorder's.
type sessions struct {
	slots   []*session // live ones, by their place
	tracked []*session // of the ops recorder, in order of creation
	recent  []*session // ended within the last minute: they still count in the ingest rate
	parity  []*session // every session of this life, frozen when it stopped

	doneBaseline, doneControls int // frames of sessions that are no longer tracked
	totalDrops, totalDrifts    int
	invalid, incidents         int
}

// activeAt lists what the socket layer knows, in order of creation.
func (t *sessions) activeAt(at int64) []*session {
	out := []*session{}
	for _, s := range t.tracked {
		if s.shown(at) {
			out = append(out, s)
		}
	}
	return out
}

// find looks a raw id up among the active ones.
func (t *sessions) find(id string, at int64) *session {
	for _, s := range t.tracked {
		if s.id == id && s.shown(at) {
			return s
		}
	}
	return nil
}

func (t *sessions) parityOf(id string) *session {
	for _, s := range t.parity {
		if s.id == id {
			return s
		}
	}
	return nil
}

func (t *sessions) add(s *session) {
	t.tracked = append(t.tracked, s)
	t.parity = append(t.parity, s)
	if len(t.parity) > parityMax {
		t.parity = t.parity[1:]
	}
	if len(t.tracked) > trackedMax {
		i := slices.IndexFunc(t.tracked, func(s *session) bool { return s.stopped != 0 })
		t.forget(t.tracked[max(i, 0)])
	}
}

// forget takes a session out of the recorder; its frames stay in the totals.
func (t *sessions) forget(s *session) {
	b, c := s.frames(math.MaxInt64 / 2)
	t.doneBaseline += b
	t.doneControls += c
	t.tracked = slices.DeleteFunc(t.tracked, func(o *session) bool { return o == s })
}

// end stops the frames; said: the sender said so, else it just fell silent.
func (t *sessions) end(s *session, at int64, said bool) {
	s.stopped = at
	if !said {
		return
	}
	t.forget(s)
	t.recent = append(t.recent, s)
	t.recent = slices.DeleteFunc(t.recent, func(o *session) bool { return o.stopped < at-rateWindow })
}

// totals counts frames since the start of this life.
func (t *sessions) totals(at int64) (baseline, controls int) {
	baseline, controls = t.doneBaseline, t.doneControls
	for _, s := range t.tracked {
		b, c := s.frames(at)
		baseline, controls = baseline+b, controls+c
	}
	return baseline, controls
}

// rate is the ingest rate: frames of the last 60 s, divided by 60.
func (t *sessions) rate(at int64) float64 {
	n := 0
	for _, list := range [2][]*session{t.tracked, t.recent} {
		for _, s := range list {
			n += s.total(at) - s.total(at-rateWindow)
		}
	}
	return float64(n) / 60
}

// lastFrame is the newest frame of all; 0: none yet.
func (t *sessions) lastFrame(at int64) (newest int64) {
	for _, s := range t.tracked {
		if s.total(at) > 0 {
			newest = max(newest, s.lastFrame(at))
		}
	}
	return newest
}

// driftSamples are the clock differences of the newest 100 frames.
func (s *session) driftSamples(seed uint64, at int64) []float64 {
	total := s.total(at)
	out := make([]float64, 0, min(total, driftKept))
	for i := max(0, total-driftKept); i < total; i++ {
		ms := math.Floor(unsteady(seed, s.id, int64(i)) * 3)
		for _, d := range s.drifts {
			if d.frame == i {
				ms = d.ms
			}
		}
		out = append(out, ms)
	}
	return out
}
