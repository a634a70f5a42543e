package incident

import (
	"time"

	"relaypack/scrape"
)

const (
	maxRestarts = 64                     // remembered; more than any rule counts
	startSlack  = 2 * time.Second        // starts by one source that differ by more are two starts
	otherSlack  = 5 * time.Second        // likewise by different sources, which disagree by up to 3.5 s
	bornSlack   = 100 * time.Millisecond // an answer can be complete a moment before the life that it tells of is noted
)

// relay is what is known of the relay's port and lives.
type relay struct {
	life     scrape.Life
	port     scrape.PortState
	seenUp   bool // its port was seen open, by this agent or the one before
	sawBirth bool // the current life began while an agent watched
	restored bool // life is the last that the agent before has seen
	wasDown  bool // at the evaluation before
	restarts []time.Duration
	death    death // of the last time that it went down
}

// death is what became of the incident of the relay's going down.
type death struct {
	known   bool
	opening uint64 // 0: it was held back
}

// observe takes the relay's state and says whether a new life took the place of another one.
func (y *relay) observe(in Input, now time.Duration) (anew bool) {
	y.port = in.Port
	y.seenUp = y.seenUp || in.Port == scrape.PortOpen
	if in.Life.N > 0 {
		anew = y.enter(in.Life, now)
	}
	if !y.wasDown && (anew || y.down() == yes) {
		y.death = death{} // that life's end was not seen, or is only now
	}
	switch y.down() {
	case yes:
		y.wasDown = true
	case no:
		y.wasDown = false
	}
	return anew
}

// enter takes the relay's life. Which look belongs to which life is not judged here: whoever records the
// looks numbers them, over all agents.
func (y *relay) enter(life scrape.Life, now time.Duration) (anew bool) {
	before := y.life
	anew = before.N > 0 && life.N != before.N
	switch {
	case anew:
		y.sawBirth = !y.restored
		born := 1
		if !y.restored {
			born = min(max(life.N-before.N, 1), maxRestarts)
		}
		for range born {
			y.restarts = append(y.restarts, now)
		}
		y.restarts = y.restarts[max(0, len(y.restarts)-maxRestarts):]
	case before.N == 0:
		y.sawBirth = false
	}
	y.life, y.restored = life, false
	return anew
}

// noteDeath keeps what became of an incident of the relay's going down.
func (y *relay) noteDeath(r *rule) {
	switch {
	case !r.ofDeath():
	case r.phase == open:
		y.death = death{known: true, opening: r.record.Opening}
	default:
		y.death = death{known: true}
	}
}

// down says whether a relay that was up is not any more.
func (y *relay) down() verdict {
	switch {
	case !y.seenUp:
		return unknown
	case y.life.N > 0 && !y.life.EndedAt.IsZero(), y.port == scrape.PortRefused:
		return yes
	case y.port == scrape.PortUnknown:
		return unknown
	}
	return no
}

func (y *relay) neverUp() verdict {
	switch {
	case y.seenUp:
		return no
	case y.port == scrape.PortRefused:
		return yes
	}
	return unknown
}

// restartsIn counts the new lives of a window.
func (y *relay) restartsIn(over, now time.Duration) int {
	n := 0
	for _, at := range y.restarts {
		if now-at < over {
			n++
		}
	}
	return n
}
