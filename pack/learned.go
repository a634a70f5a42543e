package pack

import (
	"sync"

	"relaypack/scrape"
)

// maxPending bounds the ids that wait for the sweep at the end of a look. What comes on top is known
// from then on, but what was kept before is not swept for it.
const maxPending = 1000

// Learned remembers the raw ids that the redactor met in fields that hold one: what a field named may
// stand in text that was kept before. It is made before the redactor, which tells it (redact.Options
// Learn) and asks it (Known), and the Recorder sweeps for what came to it during a look.
type Learned struct {
	seen *scrape.Seen

	mu      sync.Mutex
	pending [][]byte // raw, until the end of the look
}

// NewLearned makes an empty set.
func NewLearned() *Learned { return &Learned{seen: scrape.NewSeen()} }

// Learn notes an id of any kind. It does not keep id.
func (l *Learned) Learn(_ string, id []byte) {
	if !l.seen.Add(id) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.pending) < maxPending {
		l.pending = append(l.pending, append([]byte(nil), id...))
	}
}

// Known says whether word was learned.
func (l *Learned) Known(word []byte) bool { return l.seen.Known(word) }

// take gives the ids that were learned since the last call, and forgets them.
func (l *Learned) take() [][]byte {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	ids := l.pending
	l.pending = nil
	return ids
}
