package page

import (
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"time"

	"relaypack/pack"
)

const (
	holdLife   = 10 * time.Minute // how long a pack is held to be looked at
	maxHolds   = 8                // packs of all sessions
	maxHeld    = 24 << 20         // bytes of all of them; the newest is always held
	perSession = 2                // the one that is looked at, and the one before
)

// ErrNoHold is the error of a pack that is held no longer, or that is another session's.
var ErrNoHold = errors.New("this preview is over; build it again")

// hold is one pack that somebody looks at.
type hold struct {
	id    string
	of    hash          // session
	whole *pack.Preview // as it was built
	pack  *pack.Preview // with parts left out, or the same
	end   *time.Timer
}

// holds are the packs that somebody looks at before they leave. They are safe for concurrent use.
type holds struct {
	now func() time.Time

	mu    sync.Mutex
	list  []*hold // oldest first
	early uint64  // ended because there were too many
}

// keep holds a pack for a session and gives the id under which the same session finds it.
func (h *holds) keep(s *Session, whole, p *pack.Preview) string {
	one := &hold{id: rand.Text(), of: s.id, whole: whole, pack: p}
	h.mu.Lock()
	defer h.mu.Unlock()
	one.end = time.AfterFunc(holdLife, func() { h.drop(func(other *hold) bool { return other == one }) })
	h.list = append(h.list, one)
	for i := 0; i < len(h.list)-1; {
		if mine, bytes := h.load(s.id); len(h.list) > maxHolds || bytes > maxHeld || mine > perSession && h.list[i].of == s.id {
			h.list[i].end.Stop()
			h.list = slices.Delete(h.list, i, i+1)
			h.early++
			continue
		}
		i++
	}
	return one.id
}

// load is how many packs a session has, and how many bytes all have.
func (h *holds) load(of hash) (mine, bytes int) {
	for _, one := range h.list {
		bytes += len(one.pack.Pack().Bytes())
		if one.whole != one.pack {
			bytes += len(one.whole.Pack().Bytes())
		}
		if one.of == of {
			mine++
		}
	}
	return mine, bytes
}

func (h *holds) find(s *Session, id string) (*hold, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, one := range h.list {
		if one.id == id && one.of == s.id {
			return one, nil
		}
	}
	return nil, ErrNoHold
}

// drop ends the holds that fit.
func (h *holds) drop(fits func(*hold) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = slices.DeleteFunc(h.list, func(one *hold) bool {
		if !fits(one) {
			return false
		}
		one.end.Stop()
		return true
	})
}

// SignOut ends a session and forgets what it looked at.
func (p *Page) SignOut(s *Session) {
	p.Sessions.Close(s)
	p.holds.drop(func(one *hold) bool { return one.of == s.id })
}
