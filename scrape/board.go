package scrape

import (
	"maps"
	"sync"
	"time"
)

// board holds how every source stands.
type board struct {
	now func() time.Time
	mu  sync.Mutex
	at  map[string]State
}

func newBoard(now func() time.Time, names []string) *board {
	b := &board{now: now, at: map[string]State{}}
	for _, name := range names {
		b.at[name] = State{Status: Skipped, Reason: string(becauseNotAsked), Since: now()}
	}
	return b
}

// read takes the outcome of a read and gives the whole state: failures in a row, since when.
func (b *board) read(name string, st State) State {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := b.at[name]
	st.LastOK, st.Failures, st.Since = before.LastOK, before.Failures+1, before.Since
	now := b.now()
	if st.Status == OK {
		st.LastOK, st.Failures = now, 0
	}
	if st.Status != before.Status {
		st.Since = now
	}
	b.at[name] = st
	return st
}

// pass notes that a source was not read, and why; what is known of its last read stays.
func (b *board) pass(name string, status Status, why reason) State {
	b.mu.Lock()
	defer b.mu.Unlock()
	st := b.at[name]
	if st.Status != status {
		st.Status, st.Since = status, b.now()
	}
	st.Reason = string(why)
	b.at[name] = st
	return st
}

func (b *board) status(name string) Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.at[name].Status
}

func (b *board) all() map[string]State {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.at)
}

// Self is what a Scraper did, since it was made.
type Self struct {
	Looks         int
	LastLook      time.Duration
	LongestLook   time.Duration
	TotalLook     time.Duration
	Anonymous     int           // calls without the bearer that count against the relay's limit: gate, login, fallbacks
	Bearer        int           // calls with the bearer
	Metrics       int           // reads of the relay's exposition
	Gates         int           // of the anonymous calls: questions to the gate
	Logins        int           // of the anonymous calls: logins and refreshes
	Refused       int           // calls that were not made because our share of a limit was used up
	DebugInterval time.Duration // as it is now; longer than configured when the relay's limit wants it
}

// tally counts for Self.
type tally struct {
	mu sync.Mutex
	n  Self
}

func (t *tally) add(change func(*Self)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	change(&t.n)
}

func (t *tally) look(took time.Duration) {
	t.add(func(n *Self) {
		n.Looks++
		n.LastLook, n.LongestLook, n.TotalLook = took, max(n.LongestLook, took), n.TotalLook+took
	})
}

func (t *tally) read() Self {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.n
}
