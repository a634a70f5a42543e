package pack

import (
	"sort"
	"time"

	"relaypack/scrape"
)

const (
	maxGaps     = 200
	maxSequence = 1e15      // above it an id's number is not believed
	maxMissed   = 1<<53 - 1 // what every reader of JSON can still hold exactly
)

// The reasons of a gap, gaps.*.why.
const (
	whyBeforeStart  = "before start"  // the relay had evicted them before the agent first looked
	whyBetweenLooks = "between looks" // the relay evicted them between two looks
	whyNoAgent      = "no agent ran"  // the relay evicted them while no agent ran
	whyIDsWentBack  = "ids went back" // under an unchanged start of the relay: an anomaly, not a new life
	whyClockStep    = "clock step"    // the wall clock was set, the relay lives on
)

// gap tells of events that nobody can have any more, or of an anomaly.
type gap struct {
	at       time.Time
	class    string // "": no class
	life     *life
	from, to int64 // first and last missing sequence; 0: unknown
	missed   int64
	why      string
}

// addGap keeps the newest gaps and counts the rest.
func (r *Recorder) addGap(g gap) {
	if len(r.gaps) >= maxGaps {
		r.gaps = append(r.gaps[:0], r.gaps[1:]...)
		r.gapsDropped++
	}
	r.gaps = append(r.gaps, g)
	if r.opts.Durable {
		r.journal.gaps = append(r.journal.gaps, g)
	}
}

func (r *Recorder) addAnomalies(s *scrape.Snapshot) {
	for _, a := range s.Anomalies {
		why := whyClockStep
		if a.What == "ids-went-back" {
			why = whyIDsWentBack
		}
		r.addGap(gap{at: a.At, class: a.Class, life: r.life, why: why})
	}
}

// track is one sequence of ids in one life. Sources that list the same ids share it.
type track struct {
	life     *life
	started  bool
	wentBack bool
	last     int64 // highest sequence seen
	restored int64 // up to there the agent before has recorded them
}

// track gives the sequence of the ids with this prefix, a new one in a new life.
func (c *class) track(prefix string, now *life) *track {
	t := c.tracks[prefix]
	if t == nil || t.life != now {
		t = &track{life: now}
		c.tracks[prefix] = t
	}
	return t
}

// follow takes the sequences of one answer, accounts for what lies missing between them and what
// was seen before, and says how many events were missed.
func (t *track) follow(sequences []int64) (g gap, missed int64) {
	sort.Slice(sequences, func(i, j int) bool { return sequences[i] < sequences[j] })
	first := !t.started
	t.started = true
	if len(sequences) == 0 {
		return gap{}, 0
	}
	highest := sequences[len(sequences)-1]
	if highest < t.last {
		t.last, t.restored = highest, 0
		t.wentBack = true
		return gap{}, 0
	}
	for _, n := range sequences {
		if n <= t.last {
			continue
		}
		if n > t.last+1 {
			if g.from == 0 {
				g.from = t.last + 1
			}
			g.to = n - 1
			missed += n - t.last - 1
		}
		t.last = n
	}
	g.missed, g.why = missed, whyBetweenLooks
	if first {
		g.why = whyBeforeStart
	}
	return g, missed
}

func addMissed(a, b int64) int64 { return min(a+b, maxMissed) }
