package window

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

type thing struct {
	n, size int
	kind    string
}

func options(count int, age time.Duration, bytes int) Options[thing] {
	return Options[thing]{
		Count: count, Age: age, Bytes: bytes,
		Size: func(t thing) int { return t.size },
		Kind: func(t thing) string { return t.kind },
	}
}

type entry struct {
	at    time.Time
	thing thing
}

// model is the package comment, written down as simply as can be.
type model struct {
	o       Options[thing]
	all     []entry // oldest first
	evicted int
}

func (m *model) bytes() (n int) {
	for _, e := range m.all {
		n += max(e.thing.size, 0)
	}
	return n
}

func (m *model) expire(now time.Time) {
	if m.o.Age == 0 {
		return
	}
	before := len(m.all)
	m.all = slices.DeleteFunc(m.all, func(e entry) bool { return now.Sub(e.at) > m.o.Age })
	m.evicted += before - len(m.all)
}

func (m *model) push(at time.Time, t thing) {
	m.expire(at)
	if m.o.Bytes > 0 && t.size > m.o.Bytes {
		m.evicted++
		return
	}
	m.all = append(m.all, entry{at, t})
	m.shrink()
}

func (m *model) shrink() {
	for len(m.all) > m.o.Count || (m.o.Bytes > 0 && m.bytes() > m.o.Bytes) {
		rare := m.rare()
		i := slices.IndexFunc(m.all, func(e entry) bool { return !rare[e.thing.kind] })
		m.all = slices.Delete(m.all, i, i+1)
		m.evicted++
	}
}

func (m *model) rare() map[string]bool {
	count, bytes := map[string]int{}, map[string]int{}
	for _, e := range m.all {
		count[e.thing.kind]++
		bytes[e.thing.kind] += max(e.thing.size, 0)
	}
	best := map[string]bool{}
	for t := 1; t <= len(m.all); t++ {
		c, b, rare := 0, 0, map[string]bool{}
		for k := range count {
			if count[k] <= t {
				c, b, rare[k] = c+count[k], b+bytes[k], true
			}
		}
		if c <= len(m.all)/5 && b <= m.bytes()/5 {
			best = rare
		}
	}
	return best
}

func (m *model) rewrite(fn func(thing) (thing, bool)) {
	var kept []entry
	for _, e := range m.all {
		t, ok := fn(e.thing)
		switch {
		case !ok:
		case m.o.Bytes > 0 && t.size > m.o.Bytes:
			m.evicted++
		default:
			kept = append(kept, entry{e.at, t})
		}
	}
	m.all = kept
	m.shrink()
}

func contents(r *Ring[thing]) (all []entry) {
	r.Newest(func(at time.Time, t thing) bool { all = append(all, entry{at, t}); return true })
	slices.Reverse(all)
	return all
}

// FuzzRing holds the Ring against the model, step by step.
func FuzzRing(f *testing.F) {
	for seed := range uint64(60) {
		f.Add(seed, uint8(seed*5), uint8(seed%7*20), uint16(seed%5*100))
	}
	f.Fuzz(func(t *testing.T, seed uint64, count, age uint8, bytes uint16) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		o := options(int(count%60)+1, time.Duration(age)*time.Second, int(bytes))
		r, m := New(o), &model{o: o}
		now := time.Unix(1_700_000_000, 0)
		for step := range 400 {
			now = now.Add(time.Duration(rnd.IntN(4000)-200) * time.Millisecond)
			switch p := rnd.IntN(100); {
			case p < 90:
				item := thing{n: step, size: rnd.IntN(30) - 2, kind: fmt.Sprint("k", min(rnd.IntN(12), rnd.IntN(12), rnd.IntN(12)))}
				if p == 0 {
					item.size = rnd.IntN(1000)
				}
				at := now.Add(-time.Duration(max(0, rnd.IntN(40)-30)) * time.Second)
				r.Push(at, item)
				m.push(at, item)
			case p < 97:
				r.Expire(now)
				m.expire(now)
			default:
				by := rnd.IntN(5) + 2
				fn := func(x thing) (thing, bool) { x.size += by; x.kind = "k1"; return x, x.n%by != 0 }
				r.Rewrite(fn)
				m.rewrite(fn)
			}
			if got := contents(r); !slices.Equal(got, m.all) {
				t.Fatalf("step %d: got %v, want %v", step, got, m.all)
			}
			if r.Len() != len(m.all) || r.Bytes() != m.bytes() || r.Evicted() != m.evicted {
				t.Fatalf("step %d: got %d items %d bytes %d evicted, want %d %d %d",
					step, r.Len(), r.Bytes(), r.Evicted(), len(m.all), m.bytes(), m.evicted)
			}
			if len(r.slots) > o.Count+1 {
				t.Fatalf("step %d: %d slots for %d items", step, len(r.slots), o.Count)
			}
		}
	})
}
