package window

import (
	"fmt"
	"runtime"
	"testing"
	"time"
)

var start = time.Date(2026, 11, 23, 9, 7, 0, 0, time.UTC)

func count(r *Ring[thing], kind string) (n int) {
	r.Newest(func(_ time.Time, t thing) bool {
		if t.kind == kind {
			n++
		}
		return true
	})
	return n
}

func TestFloodOfOneKindKeepsTheRare(t *testing.T) {
	r := New(options(500, 0, 0))
	r.Push(start, thing{kind: "auth_fail"})
	for i := range 20 {
		r.Push(start, thing{n: i, kind: "connect"})
	}
	for i := range 100_000 {
		r.Push(start, thing{n: i, kind: "drop"})
	}
	if a, c, d := count(r, "auth_fail"), count(r, "connect"), count(r, "drop"); a != 1 || c != 20 || d != 479 {
		t.Errorf("auth_fail %d, connect %d, drop %d", a, c, d)
	}
	r.Push(start.Add(time.Hour), thing{kind: "auth_fail"})
	if n := count(r, "auth_fail"); n != 2 {
		t.Errorf("after a second one: %d auth_fail", n)
	}
}

func TestFloodWithoutKindsPushesOutAll(t *testing.T) { // the near miss: without Kind nothing is rare
	o := options(500, 0, 0)
	o.Kind = nil
	r := New(o)
	r.Push(start, thing{kind: "auth_fail"})
	for range 500 {
		r.Push(start, thing{kind: "drop"})
	}
	if n := count(r, "auth_fail"); n != 0 || r.Evicted() != 1 {
		t.Errorf("auth_fail %d, evicted %d", n, r.Evicted())
	}
}

func TestRareKindsHoldAFifthAtMost(t *testing.T) {
	r := New(options(500, 0, 0))
	for _, k := range []string{"a", "b", "c", "d"} {
		for i := range 100 {
			r.Push(start, thing{n: i, kind: k})
		}
	}
	for i := range 5000 {
		r.Push(start, thing{n: i, kind: "flood"})
	}
	rare := r.Len() - count(r, "flood")
	if rare > 100 || rare < 60 {
		t.Errorf("%d places for the rare kinds, want 60 to 100 of 500", rare)
	}
}

func TestFloodOfBytesKeepsTheRare(t *testing.T) {
	r := New(options(500, 0, 10_000))
	r.Push(start, thing{kind: "auth_fail", size: 100})
	for range 1000 {
		r.Push(start, thing{kind: "stack", size: 900})
	}
	if n := count(r, "auth_fail"); n != 1 || r.Bytes() > 10_000 || r.Len() < 11 {
		t.Errorf("auth_fail %d, %d bytes, %d items", n, r.Bytes(), r.Len())
	}
}

func TestSizes(t *testing.T) {
	r := New(options(10, 0, 100))
	r.Push(start, thing{n: 1, size: 0})
	r.Push(start, thing{n: 2, size: -5})
	r.Push(start, thing{n: 3, size: 101})
	if r.Len() != 2 || r.Bytes() != 0 || r.Evicted() != 1 {
		t.Errorf("%d items, %d bytes, %d evicted", r.Len(), r.Bytes(), r.Evicted())
	}
	r.Push(start, thing{n: 4, size: 100})
	if r.Len() != 3 || r.Bytes() != 100 {
		t.Errorf("exactly Bytes: %d items, %d bytes", r.Len(), r.Bytes())
	}
	if r := New(Options[thing]{}); r.o.Count != 1 {
		t.Error("a Ring without bounds must hold one item")
	}
}

func TestAge(t *testing.T) {
	r := New(options(10, time.Hour, 0))
	r.Push(start, thing{n: 1})
	r.Push(start.Add(30*time.Minute), thing{n: 2})
	r.Expire(start.Add(time.Hour))
	if r.Len() != 2 {
		t.Errorf("exactly Age is not too old: %d items", r.Len())
	}
	r.Expire(start.Add(time.Hour + 1))
	if r.Len() != 1 || r.Evicted() != 1 {
		t.Errorf("%d items, %d evicted", r.Len(), r.Evicted())
	}
	r.Push(start, thing{n: 3}) // the clock went back
	r.Expire(start.Add(time.Hour + 1))
	if got := contents(r); len(got) != 1 || got[0].thing.n != 2 {
		t.Errorf("after the clock went back: %v", got)
	}
}

func TestEvictedItemsCanBeCollected(t *testing.T) {
	r := New(Options[*thing]{Count: 2})
	gone := make(chan bool, 1)
	first := &thing{n: 1}
	runtime.AddCleanup(first, func(c chan bool) { c <- true }, gone)
	r.Push(start, first)
	first = nil
	r.Push(start, &thing{n: 2})
	r.Push(start, &thing{n: 3})
	for range 100 {
		runtime.GC()
		select {
		case <-gone:
			runtime.KeepAlive(r)
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Error("the ring still holds what it evicted")
}

func BenchmarkPush(b *testing.B) {
	for _, kinds := range []int{1, 6, 50} {
		b.Run(fmt.Sprintf("kinds=%d", kinds), func(b *testing.B) {
			names := make([]string, kinds)
			for i := range names {
				names[i] = fmt.Sprint("kind", i)
			}
			r := New(options(500, 24*time.Hour, 1<<20))
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				i++
				k := 0
				if i%8 == 0 {
					k = i / 8 % kinds
				}
				r.Push(start, thing{n: i, size: 100, kind: names[k]})
			}
		})
	}
}
