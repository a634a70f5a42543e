package pack

import (
	"fmt"
	"hash/maphash"
)

// seen remembers which events were recorded, in two generations, so that it is bounded and an event
// that the window has evicted does not come back while the relay still lists it.
type seen struct{ now, before map[uint64]struct{} }

func (s *seen) has(key uint64) bool {
	if _, ok := s.now[key]; ok {
		return true
	}
	_, ok := s.before[key]
	if ok {
		s.now[key] = struct{}{}
	}
	return ok
}

func (s *seen) add(key uint64) { s.now[key] = struct{}{} }

// turn begins a new generation when the current one holds several answers of n events.
func (s *seen) turn(n int) {
	if s.now == nil || len(s.now) > max(2000, 3*n) {
		s.before, s.now = s.now, make(map[uint64]struct{}, n)
	}
}

// restoredBefore says whether the agent before has recorded an event, and then notes it as seen.
func (r *Recorder) restoredBefore(c *class, v *variant, f *found, id []byte) bool {
	if len(c.restored) == 0 {
		return false
	}
	f.same = r.sameHash(v, id, f)
	if _, known := c.restored[f.same]; known {
		c.seen.add(f.key)
		return true
	}
	return false
}

// sameHash identifies an event as eventKey does, in all agents that share the pseudonyms' key.
func (r *Recorder) sameHash(v *variant, id []byte, f *found) uint64 {
	if id == nil {
		id = f.raw
	}
	text := fmt.Appendf(nil, "%d %d %s ", r.life.N, f.time, v.spec.Prefix)
	return r.redactor.Hash("event", append(text, id...))
}

// eventKey identifies an event by life, class, prefix, id and timestamp.
func (r *Recorder) eventKey(v *variant, id []byte, stamp int64, raw []byte) uint64 {
	var h maphash.Hash
	h.SetSeed(r.seed)
	h.WriteString(v.spec.Prefix)
	maphash.WriteComparable(&h, struct {
		life  *life
		stamp int64
	}{r.life, stamp})
	if id == nil {
		id = raw // no id: the same bytes are the same event
	}
	h.Write(id)
	return h.Sum64()
}

// sequenceOf is the number behind the prefix of an id, 0 where there is none.
func sequenceOf(id []byte, prefix string) int64 {
	if len(id) <= len(prefix) || string(id[:len(prefix)]) != prefix {
		return 0
	}
	var n int64
	for _, c := range id[len(prefix):] {
		if c < '0' || c > '9' || n > maxSequence/10 {
			return 0
		}
		n = n*10 + int64(c-'0')
	}
	return n
}
