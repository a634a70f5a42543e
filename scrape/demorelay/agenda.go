package demorelay

import "container/heap"

// agenda holds what is going to happen, in order of time; equal times in the order of their entry.
type agenda struct {
	items []item
	count uint64
}

type item struct {
	at    int64 // epoch ms
	entry uint64
	do    func(at int64)
}

func (a *agenda) Len() int { return len(a.items) }
func (a *agenda) Less(i, j int) bool {
	x, y := &a.items[i], &a.items[j]
	return x.at < y.at || (x.at == y.at && x.entry < y.entry)
}
func (a *agenda) Swap(i, j int) { a.items[i], a.items[j] = a.items[j], a.items[i] }
func (a *agenda) Push(x any)    { a.items = append(a.items, x.(item)) }
func (a *agenda) Pop() any {
	last := a.items[len(a.items)-1]
	a.items = a.items[:len(a.items)-1]
	return last
}

// later enters something to do.
func (w *world) later(at int64, do func(at int64)) {
	w.agenda.count++
	heap.Push(&w.agenda, item{at, w.agenda.count, do})
}

// every enters something that comes back after a random pause of low to high milliseconds, until it
// says false.
func (w *world) every(at, low, high int64, do func(at int64) bool) {
	w.later(at+between(w.rng, low, high), func(at int64) {
		if do(at) {
			w.every(at, low, high, do)
		}
	})
}

// always makes something that never says false.
func always(do func(at int64)) func(at int64) bool {
	return func(at int64) bool { do(at); return true }
}

// advance lets everything happen that is due by now. A clock that went back changes nothing.
func (w *world) advance(now int64) {
	for w.agenda.Len() > 0 && w.agenda.items[0].at <= now {
		next := heap.Pop(&w.agenda).(item)
		w.at = next.at
		next.do(next.at)
	}
	w.at = max(w.at, now)
}
