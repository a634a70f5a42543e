package scrape

import (
	"fmt"
	"sync"
	"testing"
)

func TestSeenForgetsWhatWasListedLongestAgo(t *testing.T) {
	s := NewSeen()
	id := func(i int) []byte { return fmt.Appendf(nil, "sess_%d", i) }
	for i := range maxSeen {
		if !s.Add(id(i)) {
			t.Fatalf("id %d: not new", i)
		}
	}
	if s.Add(id(0)) { // listed again: now the youngest
		t.Error("id 0 was new again")
	}
	s.Add(id(maxSeen))
	if !s.Known(id(0)) || s.Known(id(1)) || !s.Known(id(2)) || !s.Known(id(maxSeen)) || s.Len() != maxSeen {
		t.Errorf("known 0, 1, 2, new: %v %v %v %v; %d", s.Known(id(0)), s.Known(id(1)), s.Known(id(2)), s.Known(id(maxSeen)), s.Len())
	}
	if s.Known([]byte("error")) {
		t.Error("knows a word that was never listed")
	}
}

func TestSeenKnownDoesNotAllocate(t *testing.T) {
	s := NewSeen()
	s.Add([]byte("sess_1"))
	word := []byte("sess_1")
	if n := testing.AllocsPerRun(100, func() { s.Known(word) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestSeenFromManySides(t *testing.T) {
	s := NewSeen()
	var all sync.WaitGroup
	for g := range 4 {
		all.Go(func() {
			for i := range 1000 {
				s.Add(fmt.Appendf(nil, "%d-%d", g%2, i))
				s.Known(fmt.Appendf(nil, "%d", i))
			}
		})
	}
	all.Wait()
	if s.Len() != 2000 {
		t.Errorf("%d ids, want 2000", s.Len())
	}
}
