package ship

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// The ladder: what is delivered goes first, then broken files, then what waits, the kind of the least
// worth first and of a kind the oldest. A pack never takes room from one of more worth.

// makeRoom frees room for a pack of a kind, or says that there is none; then nothing was given up.
func (s *Spool) makeRoom(kind Kind, need int64) bool {
	s.mu.Lock()
	dropped := []*entry{}
	victims := s.victims(kind)
	count := 0
	if need > 0 {
		count = 1
	}
	var could int64
	for _, e := range victims {
		could += e.charged
	}
	for _, a := range s.asides {
		could += a.charged
	}
	ok := s.bytes-could+need <= s.o.MaxBytes && len(s.packs)-len(victims)+count <= spoolPacks
	for ok && (s.bytes+need > s.o.MaxBytes || len(s.packs)+count > spoolPacks) {
		if (len(victims) == 0 || !victims[0].delivered) && len(s.asides) > 0 && s.bytes+need > s.o.MaxBytes {
			s.removeAside()
			continue
		}
		e := victims[0]
		victims = victims[1:]
		if e.delivered {
			s.remove(e)
			continue
		}
		s.giveUp(NoRoom, e)
		dropped = append(dropped, e)
	}
	s.mu.Unlock()
	s.tell(dropped, NoRoom)
	return ok
}

// giveUpOne removes the ladder's next victim, for a disk that is full before the bounds are.
func (s *Spool) giveUpOne(kind Kind) bool {
	s.mu.Lock()
	victims := slices.DeleteFunc(s.victims(kind), func(e *entry) bool { return e.body != nil })
	if len(s.asides) > 0 && (len(victims) == 0 || !victims[0].delivered) {
		s.removeAside()
		s.mu.Unlock()
		return true
	}
	if len(victims) == 0 {
		s.mu.Unlock()
		return false
	}
	e := victims[0]
	if e.delivered {
		s.remove(e)
		s.mu.Unlock()
		return true
	}
	s.giveUp(NoRoom, e)
	s.mu.Unlock()
	s.tell([]*entry{e}, NoRoom)
	return true
}

// victims are the packs that one of this kind may take room from, in the order in which they go.
func (s *Spool) victims(kind Kind) []*entry {
	var v []*entry
	for _, e := range s.packs {
		if !e.busy && (e.delivered || e.Kind.worth() <= kind.worth()) {
			v = append(v, e)
		}
	}
	slices.SortFunc(v, func(a, b *entry) int {
		if a.delivered != b.delivered {
			if a.delivered {
				return -1
			}
			return 1
		}
		if !a.delivered && a.Kind != b.Kind {
			return cmp.Compare(a.Kind.worth(), b.Kind.worth())
		}
		return older(a, b)
	})
	return v
}

func older(a, b *entry) int {
	if c := a.at.Compare(b.at); c != 0 {
		return c
	}
	return cmp.Compare(a.ID, b.ID)
}

// expire gives up what is older than the bound.
func (s *Spool) expire() {
	limit := time.Now().Add(-s.o.MaxAge)
	s.mu.Lock()
	var dropped []*entry
	for _, e := range s.packs {
		if e.busy || !e.at.Before(limit) {
			continue
		}
		if e.delivered {
			s.remove(e)
		} else {
			dropped = append(dropped, e)
		}
	}
	s.giveUp(TooOld, dropped...)
	s.mu.Unlock()
	s.tell(dropped, TooOld)
}

// remove takes a pack out; s.mu is held.
func (s *Spool) remove(e *entry) {
	delete(s.packs, e.ID)
	s.bytes -= e.charged
	if e.body == nil {
		os.Remove(filepath.Join(s.o.Dir, e.file()))
	}
}

// drop counts a pack that never came in.
func (s *Spool) drop(e *entry, why Reason) {
	s.count(func(c *SpoolCounts) { c.Dropped[why]++ })
	s.tell([]*entry{e}, why)
}

func (s *Spool) tell(dropped []*entry, why Reason) {
	if s.o.OnDrop == nil {
		return
	}
	slices.SortFunc(dropped, older)
	for _, e := range dropped {
		s.o.OnDrop(Drop{e.ID, e.Kind, why})
	}
}
