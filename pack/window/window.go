// Package window keeps the newest things within bounds of count, age and bytes.
//
//	w := window.New(window.Options[Event]{Count: 500, Age: 24 * time.Hour, Kind: kindOf})
//	w.Push(now, event)
//
// A Ring promises three things: it never holds more than its bounds, it counts what the bounds pushed
// out, and it gives its items in the order in which they came. One thing makes it more than a queue:
// a flood of one kind cannot push out the few items of a rare one. A fifth of the places (and of the
// bytes) is kept for the rarest kinds; see Options.Kind.
package window

import (
	"slices"
	"time"
)

const (
	reserve  = 5  // one part in so many is kept for the rarest kinds
	maxKinds = 64 // further kinds share one place, so that made-up kinds cost no memory
)

// Options bounds a Ring.
type Options[T any] struct {
	Count int           // most items; 0: unbounded
	Age   time.Duration // longest time since Push; 0: unbounded
	Bytes int           // most bytes, as Size counts them; 0: unbounded
	Size  func(T) int   // nil: every item counts 0 bytes

	// Kind tells items apart; nil: all alike. When the ring is full, the kinds are taken from the rarest
	// on; those that together hold at most a fifth of the places (and of the bytes) are spared, and the
	// oldest item of all others goes. Age spares nobody.
	Kind func(T) string
}

// Ring keeps items in the order of Push. It is not safe for concurrent use.
type Ring[T any] struct {
	opts    Options[T]
	slots   []slot[T] // in the order of Push, some of them empty
	kinds   map[string]*kind
	live    int
	bytes   int
	evicted int
}

type slot[T any] struct {
	at   time.Time
	item T
	size int
	kind *kind // nil: the slot is empty
}

// kind is what the ring holds of one kind: queue has the places of its items in slots, oldest first.
type kind struct {
	queue []int
	bytes int
}

// New makes an empty Ring.
func New[T any](o Options[T]) *Ring[T] {
	return &Ring[T]{opts: o, kinds: map[string]*kind{}}
}

// Push adds an item that was first seen at `at` and evicts what the bounds push out. An item that is
// larger than the whole ring goes at once, and is counted.
func (r *Ring[T]) Push(at time.Time, item T) {
	size := 0
	if r.opts.Size != nil {
		size = r.opts.Size(item)
	}
	if r.opts.Bytes > 0 && size > r.opts.Bytes {
		r.evicted++
		return
	}
	r.Expire(at)
	r.add(slot[T]{at: at, item: item, size: size, kind: r.kindOf(item)})
	for r.over() {
		r.evict()
	}
	if empty := len(r.slots) - r.live; empty > 16 && empty > r.live {
		r.compact()
	}
}

// Expire evicts what is too old at now.
func (r *Ring[T]) Expire(now time.Time) {
	if r.opts.Age <= 0 {
		return
	}
	oldest := now.Add(-r.opts.Age)
	for i := range r.slots {
		if r.slots[i].kind == nil {
			continue
		}
		if !r.slots[i].at.Before(oldest) {
			return
		}
		r.drop(i)
		r.evicted++
	}
}

// Newest calls fn from the newest to the oldest item until it returns false.
func (r *Ring[T]) Newest(fn func(at time.Time, item T) bool) {
	for i := len(r.slots) - 1; i >= 0; i-- {
		if s := &r.slots[i]; s.kind != nil && !fn(s.at, s.item) {
			return
		}
	}
}

// Rewrite replaces or (false) drops each item, oldest first; what it drops is not counted as evicted.
// What the new items are too large for is evicted as in Push.
func (r *Ring[T]) Rewrite(fn func(item T) (T, bool)) {
	old := r.slots
	r.slots, r.kinds, r.live, r.bytes = nil, map[string]*kind{}, 0, 0
	for _, s := range old {
		if s.kind == nil {
			continue
		}
		if item, keep := fn(s.item); keep {
			size := 0
			if r.opts.Size != nil {
				size = r.opts.Size(item)
			}
			r.add(slot[T]{at: s.at, item: item, size: size, kind: r.kindOf(item)})
		}
	}
	for r.over() {
		r.evict()
	}
}

// Len is the number of items.
func (r *Ring[T]) Len() int { return r.live }

// Bytes is the size of all items.
func (r *Ring[T]) Bytes() int { return r.bytes }

// Evicted counts what the bounds pushed out.
func (r *Ring[T]) Evicted() int { return r.evicted }

func (r *Ring[T]) kindOf(item T) *kind {
	name := ""
	if r.opts.Kind != nil {
		name = r.opts.Kind(item)
	}
	k := r.kinds[name]
	if k == nil && len(r.kinds) >= maxKinds {
		name = ""
		k = r.kinds[name]
	}
	if k == nil {
		k = &kind{}
		r.kinds[name] = k
	}
	return k
}

func (r *Ring[T]) add(s slot[T]) {
	s.kind.queue = append(s.kind.queue, len(r.slots))
	s.kind.bytes += s.size
	r.slots = append(r.slots, s)
	r.live++
	r.bytes += s.size
}

func (r *Ring[T]) over() bool {
	return r.live > 0 && (r.opts.Count > 0 && r.live > r.opts.Count || r.opts.Bytes > 0 && r.bytes > r.opts.Bytes)
}

// evict drops the oldest item that is of no spared kind.
func (r *Ring[T]) evict() {
	victim, first := -1, -1
	spared := r.spared()
	for _, k := range r.kinds {
		if len(k.queue) == 0 {
			continue
		}
		head := k.queue[0]
		if first < 0 || head < first {
			first = head
		}
		if !slices.Contains(spared, k) && (victim < 0 || head < victim) {
			victim = head
		}
	}
	if victim < 0 {
		victim = first
	}
	r.drop(victim)
	r.evicted++
}

// spared gives the rarest kinds, as many as fit into their part of the places and bytes.
func (r *Ring[T]) spared() []*kind {
	if len(r.kinds) < 2 {
		return nil
	}
	byCount := make([]*kind, 0, len(r.kinds))
	for _, k := range r.kinds {
		if len(k.queue) > 0 {
			byCount = append(byCount, k)
		}
	}
	// Among equals the one with the older head comes first, so that the choice does not hang on the map's order.
	slices.SortFunc(byCount, func(a, b *kind) int {
		if d := len(a.queue) - len(b.queue); d != 0 {
			return d
		}
		return a.queue[0] - b.queue[0]
	})
	count, bytes := 0, 0
	for i, k := range byCount {
		count += len(k.queue)
		bytes += k.bytes
		if r.opts.Count > 0 && count > r.opts.Count/reserve || r.opts.Bytes > 0 && bytes > r.opts.Bytes/reserve {
			return byCount[:i]
		}
	}
	return byCount
}

// drop empties a slot that is the oldest of its kind.
func (r *Ring[T]) drop(i int) {
	s := &r.slots[i]
	s.kind.queue = s.kind.queue[1:]
	s.kind.bytes -= s.size
	r.live--
	r.bytes -= s.size
	*s = slot[T]{}
}

// compact closes the empty slots.
func (r *Ring[T]) compact() {
	kept := make([]slot[T], 0, r.live+r.live/2+16)
	for _, k := range r.kinds {
		k.queue = make([]int, 0, len(k.queue)+1)
	}
	for _, s := range r.slots {
		if s.kind != nil {
			s.kind.queue = append(s.kind.queue, len(kept))
			kept = append(kept, s)
		}
	}
	r.slots = kept
	for name, k := range r.kinds {
		if len(k.queue) == 0 {
			delete(r.kinds, name)
		}
	}
}
