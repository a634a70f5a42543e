package scrape

import (
	"container/list"
	"hash/maphash"
	"sync"
)

// maxSeen is how many ids a Seen remembers.
const maxSeen = 10000

// Seen remembers which raw session ids the relay has shown, as keyed 64-bit hashes, so that an id is
// found again inside text although it is never kept. It holds at most 10,000; the one that was
// listed longest ago goes first. Two ids share a hash with a chance of about 3 in 10^12 when full.
// It is safe for concurrent use; the zero value is not usable.
type Seen struct {
	seed  maphash.Seed
	mu    sync.RWMutex
	at    map[uint64]*list.Element
	order *list.List // of uint64, newest in front
}

// NewSeen makes an empty set with a seed of its own.
func NewSeen() *Seen {
	return &Seen{seed: maphash.MakeSeed(), at: map[uint64]*list.Element{}, order: list.New()}
}

// Add notes that the relay listed id, and says whether that was for the first time.
func (s *Seen) Add(id []byte) (firstTime bool) {
	h := maphash.Bytes(s.seed, id)
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.at[h]; ok {
		s.order.MoveToFront(e)
		return false
	}
	if s.order.Len() == maxSeen {
		last := s.order.Back()
		delete(s.at, last.Value.(uint64))
		s.order.Remove(last)
	}
	s.at[h] = s.order.PushFront(h)
	return true
}

// Known says whether word is a raw id that was listed. It does not allocate.
func (s *Seen) Known(word []byte) bool {
	h := maphash.Bytes(s.seed, word)
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, ok := s.at[h]
	return ok
}

// Len is the number of ids remembered.
func (s *Seen) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.order.Len()
}
