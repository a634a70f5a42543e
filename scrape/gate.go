package scrape

import (
	"sync"
	"time"

	"relaypack/scrape/profile"
)

// backoff is how long the gate stays shut after a call with the bearer hung or was cut, by how often
// in a row. Each such call keeps one of the relay's ten database connections, and a call that was
// cut may be the one that ended the relay; so a new life of the relay does not shorten it.
var backoff = [...]time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute}

// gate remembers what the profile's gate source said last, without the bearer, and when it was
// asked. The bearer may leave only on a good answer that was asked for less than its MaxAge ago. The
// gate narrows the race between the answer and a database that goes down, it cannot close it.
type gate struct {
	mu     sync.Mutex
	rule   *profile.Gate // nil: the profile has none, the gate is always open
	good   time.Time     // when the last good answer was asked for; zero: shut
	shutAt time.Time     // an answer asked for before then no longer counts
	tries  int           // hung calls in a row
	until  time.Time     // back-off: no bearer before then
}

// open says until when bytes of a call with the bearer may leave, if one may start now. A quarter of
// the answer's age is kept back for the way to the relay, a tenth for the socket.
func (g *gate) open(timeout time.Duration) (until time.Time, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if g.rule == nil {
		return now.Add(timeout), true
	}
	age := g.rule.MaxAge
	if g.good.IsZero() || now.Sub(g.good) >= age-age/4 {
		return time.Time{}, false
	}
	return g.good.Add(age - age/10), true
}

// answered takes a good answer that was asked for at sent.
func (g *gate) answered(sent time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !sent.Before(g.shutAt) {
		g.good = sent
	}
}

// shut forgets the last answer: after a bad one, a connection that was refused or broke, or a new
// life of the relay.
func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.good, g.shutAt = time.Time{}, time.Now()
}

// hung notes that a call with the bearer timed out or was cut.
func (g *gate) hung() {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	g.good, g.shutAt = time.Time{}, now
	g.until = now.Add(backoff[min(g.tries, len(backoff)-1)])
	g.tries++
}

// healed notes that a call with the bearer was answered.
func (g *gate) healed() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tries, g.until = 0, time.Time{}
}

// waits says whether the gate is shut after a hung call.
func (g *gate) waits() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return time.Now().Before(g.until)
}
