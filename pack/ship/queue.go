package ship

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// State says where a pack of the spool stands.
type State string

// The states.
const (
	Waiting   State = "waiting"
	Delivered State = "delivered"
	Held      State = "held" // its name is taken in the store by something else; kept, not tried again in this life
)

// Item is a pack of the spool as the API tells it.
type Item struct {
	ID      string
	Kind    Kind
	At      time.Time
	State   State
	Durable bool  // in a file; false: it would not survive a crash
	Bytes   int64 // of the object
	SHA256  string
	Name    string // of the object
	Tries   int    // in a row that failed for the pack's own sake
	Cause   Cause  // why it is held, or ""
}

// List gives what is kept, newest first.
func (s *Spool) List() []Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	items := make([]Item, 0, len(s.packs))
	for _, e := range s.packs {
		items = append(items, e.item())
	}
	slices.SortFunc(items, func(a, b Item) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID))
	})
	return items
}

func (e *entry) item() Item {
	i := Item{ID: e.ID, Kind: e.Kind, At: e.at, State: Waiting, Durable: e.body == nil, Bytes: e.Bytes,
		SHA256: e.SHA256, Name: e.Name, Tries: e.failures, Cause: e.held}
	switch {
	case e.delivered:
		i.State = Delivered
	case e.held != "":
		i.State = Held
	}
	return i
}

// next claims the pack to deliver now: of the kind of the most worth the oldest. Without one it says
// when there will be one: 0 is never, as far as anybody knows.
func (s *Spool) next(now time.Time) (id string, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var best *entry
	for _, e := range s.packs {
		if e.delivered || e.held != "" || e.busy {
			continue
		}
		if left := e.notYet.Sub(now); left > 0 {
			if wait == 0 || left < wait {
				wait = left
			}
			continue
		}
		if best == nil || e.Kind.worth() > best.Kind.worth() || e.Kind == best.Kind && older(e, best) < 0 {
			best = e
		}
	}
	if best == nil {
		return "", wait
	}
	best.busy = true
	return best.ID, 0
}

// settle ends a claim.
func (s *Spool) settle(id string, change func(*entry)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.packs[id]; e != nil {
		e.busy = false
		change(e)
	}
}

// delivered notes that the store has a pack. Its file stays, under a name that says so; what is in
// memory goes. If the note cannot be made the pack is put again by the next life, and found there.
func (s *Spool) delivered(id string, how Arrival) {
	synced := false
	s.settle(id, func(e *entry) {
		s.counts.Delivered++
		s.counts.LastSuccess = time.Now()
		if how == AlreadyThere {
			s.counts.AlreadyThere++
		}
		defer s.saveCounts()
		if e.body != nil {
			s.remove(e)
			return
		}
		from := filepath.Join(s.o.Dir, e.file())
		e.delivered = true
		synced = os.Rename(from, filepath.Join(s.o.Dir, e.file())) == nil
		if !synced { // the file keeps the name that the next life finds
			delete(s.packs, id)
			s.bytes -= e.charged
		}
	})
	if synced {
		// Without the sync a crash of the machine could undo the rename: one put more, answered "exists".
		_ = syncFolder(s.o.Dir)
	}
}

// level is how full the spool is.
type level struct {
	waiting, held, kept int // packs; kept are delivered ones
	waitingBytes        int64
	charged             int64
	oldest              time.Time // of those that wait or are held
}

func (s *Spool) level() level {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := level{charged: s.bytes}
	for _, e := range s.packs {
		switch {
		case e.delivered:
			l.kept++
			continue
		case e.held != "":
			l.held++
		default:
			l.waiting++
		}
		l.waitingBytes += e.Bytes
		if l.oldest.IsZero() || e.at.Before(l.oldest) {
			l.oldest = e.at
		}
	}
	return l
}

// allNow forgets the waits of all packs.
func (s *Spool) allNow() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.packs {
		e.notYet = time.Time{}
	}
}
