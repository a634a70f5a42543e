// Package window keeps the newest things within bounds of count, age and bytes.
//
// Make a Ring with New, Push what comes in, call Expire when time passes, and read it with Newest:
//
//	r := window.New(window.Options[Event]{Count: 500, Age: 24 * time.Hour, Bytes: 1 << 20, Size: Event.Len, Kind: Event.Type})
//	r.Push(now, event)
//	r.Newest(func(at time.Time, e Event) bool { ...; return true })
//
// # What is promised
//
// After each call the Ring holds at most Count items and at most Bytes bytes; after Expire(now) nothing
// in it is older than Age. Items come out in the order of Push, whatever their times. Evicted counts each
// item that a bound pushed out, also one that is larger than Bytes and therefore never stays.
//
// # Which item goes
//
// When the Ring is full, the oldest item goes that does not belong to a rare kind. A kind is rare when it
// has at most T items, where T is the largest number for which all kinds of at most T items together hold
// no more than a fifth of the items and no more than a fifth of the bytes. So a flood of one kind pushes
// out itself, and the one refused login from before it stays, while at least four fifths of the places are
// a plain window of the newest. Age knows no rare kinds: what is too old goes. A flood of items that are
// all of different kinds has no common kind; then nothing is rare and the oldest goes.
//
// # Cost
//
// Push costs the same however many items there are; it grows only with the number of different kinds in
// the Ring, and only when something has to go. Memory is about 100 bytes an item beside the item itself,
// allocated as the Ring fills, and never more than Count items were worth.
//
// # What is not promised
//
// A Ring is not safe for concurrent use, and a callback must not change the Ring that calls it.
package window

import "time"

// Options bounds a Ring.
type Options[T any] struct {
	Count int            // most items; less than 1 counts as 1
	Age   time.Duration  // longest time since the `at` of Push; 0: unbounded
	Bytes int            // most bytes, as Size counts them; 0: unbounded
	Size  func(T) int    // bytes of an item, below 0 counts as 0; nil: every item has 0
	Kind  func(T) string // items of rare kinds keep a fifth of the places; nil: all are alike
}

// Ring keeps items in the order of Push. It is not safe for concurrent use.
type Ring[T any] struct {
	o       Options[T]
	slots   []slot[T]
	free    int // first unused slot, linked by next; none: -1
	oldest  int // ends of the list of all items in the order of Push; empty: -1
	newest  int
	kinds   kindSet
	bytes   int
	evicted int
	pushed  uint64
	mixed   bool // some item has an earlier time than one that was pushed before it
}

// slot is one place: an item linked to its neighbours in the order of Push and to the next one of its kind.
type slot[T any] struct {
	item       T
	at         time.Time
	seq        uint64 // counts Pushes
	size       int
	kind       *kind
	prev, next int
	nextOfKind int
}

// New makes an empty Ring. It allocates when items come in.
func New[T any](o Options[T]) *Ring[T] {
	o.Count = max(o.Count, 1)
	r := &Ring[T]{o: o}
	r.clear()
	return r
}

func (r *Ring[T]) clear() {
	r.slots, r.free, r.oldest, r.newest = r.slots[:0], -1, -1, -1
	r.kinds, r.bytes, r.mixed = kindSet{byName: map[string]*kind{}}, 0, false
}

// Push adds an item that was first seen at `at` and evicts what the bounds push out: first what is older
// than Age at that time, then, oldest first, what is too much. An item larger than Bytes is evicted at once.
func (r *Ring[T]) Push(at time.Time, item T) {
	r.Expire(at)
	size := r.sizeOf(item)
	if r.o.Bytes > 0 && size > r.o.Bytes {
		r.evicted++
		return
	}
	r.add(at, item, size)
	r.shrink()
}

func (r *Ring[T]) sizeOf(item T) int {
	if r.o.Size == nil {
		return 0
	}
	return max(r.o.Size(item), 0)
}

func (r *Ring[T]) add(at time.Time, item T, size int) {
	name := ""
	if r.o.Kind != nil {
		name = r.o.Kind(item)
	}
	if r.newest >= 0 && at.Before(r.slots[r.newest].at) {
		r.mixed = true
	}
	i := r.place()
	k := r.kinds.get(name)
	r.pushed++
	r.slots[i] = slot[T]{item: item, at: at, seq: r.pushed, size: size, kind: k, prev: r.newest, next: -1, nextOfKind: -1}
	if r.newest >= 0 {
		r.slots[r.newest].next = i
	} else {
		r.oldest = i
	}
	r.newest = i
	if k.count == 0 {
		k.first, k.firstSeq = i, r.pushed
	} else {
		r.slots[k.last].nextOfKind = i
	}
	k.last = i
	r.kinds.grow(k, size)
	r.bytes += size
}

// place finds a slot: a used one first, so that memory follows the largest number of items, not of Pushes.
func (r *Ring[T]) place() int {
	if i := r.free; i >= 0 {
		r.free = r.slots[i].next
		return i
	}
	r.slots = append(r.slots, slot[T]{})
	return len(r.slots) - 1
}

// shrink evicts until the bounds of count and bytes hold.
func (r *Ring[T]) shrink() {
	for r.kinds.items > r.o.Count || (r.o.Bytes > 0 && r.bytes > r.o.Bytes) {
		r.remove(r.kinds.victim(r.bytes).first)
		r.evicted++
	}
}

// remove takes out slot i, which must be the oldest of its kind unless the caller mends the kind's list.
func (r *Ring[T]) remove(i int) {
	s := &r.slots[i]
	if s.prev >= 0 {
		r.slots[s.prev].next = s.next
	} else {
		r.oldest = s.next
	}
	if s.next >= 0 {
		r.slots[s.next].prev = s.prev
	} else {
		r.newest = s.prev
	}
	if k := s.kind; s.nextOfKind >= 0 {
		k.first, k.firstSeq = s.nextOfKind, r.slots[s.nextOfKind].seq
	}
	r.bytes -= s.size
	r.kinds.shrink(s.kind, s.size)
	*s = slot[T]{next: r.free}
	r.free = i
}

// Expire evicts what is older than Age at now.
func (r *Ring[T]) Expire(now time.Time) {
	if r.o.Age <= 0 {
		return
	}
	limit := now.Add(-r.o.Age)
	if r.mixed {
		r.expireMixed(limit)
		return
	}
	for r.oldest >= 0 && r.slots[r.oldest].at.Before(limit) {
		r.remove(r.oldest)
		r.evicted++
	}
}

// expireMixed looks at every item, because a clock that went back left times out of order.
func (r *Ring[T]) expireMixed(limit time.Time) {
	before := r.kinds.items
	r.rebuild(func(s *slot[T]) bool { return !s.at.Before(limit) })
	r.evicted += before - r.kinds.items
}

// Newest calls fn from the newest to the oldest item until it returns false.
func (r *Ring[T]) Newest(fn func(at time.Time, item T) bool) {
	for i := r.newest; i >= 0; i = r.slots[i].prev {
		if !fn(r.slots[i].at, r.slots[i].item) {
			return
		}
	}
}

// Rewrite replaces or (false) drops each item, oldest first; times stay as they are. What fn drops is not
// counted as evicted; what the bounds push out because items grew is.
func (r *Ring[T]) Rewrite(fn func(item T) (T, bool)) {
	r.rebuild(func(s *slot[T]) bool {
		item, keep := fn(s.item)
		if !keep {
			return false
		}
		s.item, s.size = item, r.sizeOf(item)
		if r.o.Bytes > 0 && s.size > r.o.Bytes {
			r.evicted++
			return false
		}
		return true
	})
	r.shrink()
}

// rebuild makes the Ring anew from the items that keep accepts and may change, oldest first.
func (r *Ring[T]) rebuild(keep func(*slot[T]) bool) {
	kept := make([]slot[T], 0, r.kinds.items)
	for i := r.oldest; i >= 0; i = r.slots[i].next {
		if s := r.slots[i]; keep(&s) {
			kept = append(kept, s)
		}
	}
	clear(r.slots)
	r.clear()
	for i := range kept {
		r.add(kept[i].at, kept[i].item, kept[i].size)
	}
}

// Len is the number of items.
func (r *Ring[T]) Len() int { return r.kinds.items }

// Bytes is the size of all items, as Size counts them.
func (r *Ring[T]) Bytes() int { return r.bytes }

// Evicted counts what the bounds pushed out since New.
func (r *Ring[T]) Evicted() int { return r.evicted }
