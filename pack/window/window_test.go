package window_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"relaypack/pack/window"
)

type thing struct {
	n    int
	kind string
	size int
}

var start = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

func ring(count, bytes int, age time.Duration) *window.Ring[thing] {
	return window.New(window.Options[thing]{Count: count, Bytes: bytes, Age: age,
		Size: func(t thing) int { return t.size }, Kind: func(t thing) string { return t.kind }})
}

func content(r *window.Ring[thing]) []thing {
	var out []thing
	r.Newest(func(_ time.Time, t thing) bool { out = append(out, t); return true })
	slices.Reverse(out)
	return out
}

func TestFloodSparesTheRare(t *testing.T) {
	r := ring(100, 0, 0)
	for i := range 20 {
		r.Push(start, thing{n: i, kind: "auth_fail"})
	}
	for i := range 5000 {
		r.Push(start, thing{n: i, kind: "join"})
	}
	rare := 0
	for _, it := range content(r) {
		if it.kind == "auth_fail" {
			rare++
		}
	}
	if r.Len() != 100 || rare != 20 || r.Evicted() != 4920 {
		t.Fatalf("%d items, %d rare ones, %d evicted; want 100, 20, 4920", r.Len(), rare, r.Evicted())
	}
	// A near miss: one more than a fifth is no rare kind, and its oldest goes.
	r.Push(start, thing{n: 20, kind: "auth_fail"})
	r.Push(start, thing{kind: "join"})
	if first := content(r)[0]; first.kind != "auth_fail" || first.n != 1 {
		t.Fatalf("oldest is %+v, want auth_fail 1", first)
	}
}

func TestBounds(t *testing.T) {
	r := ring(0, 100, 0)
	r.Push(start, thing{n: 1, size: 101})
	if r.Len() != 0 || r.Evicted() != 1 {
		t.Fatalf("an item larger than the ring: %d kept, %d evicted", r.Len(), r.Evicted())
	}
	r.Push(start, thing{n: 2, size: 60})
	r.Push(start, thing{n: 3, size: 60})
	if got := content(r); len(got) != 1 || got[0].n != 3 || r.Bytes() != 60 {
		t.Fatalf("bytes: %+v, %d bytes", got, r.Bytes())
	}
	r = ring(0, 0, time.Hour)
	r.Push(start, thing{n: 1})
	r.Push(start.Add(30*time.Minute), thing{n: 2})
	r.Expire(start.Add(time.Hour))
	if r.Len() != 2 {
		t.Fatal("an item of exactly the age is still kept")
	}
	r.Expire(start.Add(time.Hour + 1))
	if got := content(r); len(got) != 1 || got[0].n != 2 || r.Evicted() != 1 {
		t.Fatalf("age: %+v, %d evicted", got, r.Evicted())
	}
}

func TestRewrite(t *testing.T) {
	r := ring(10, 0, 0)
	for i := range 10 {
		r.Push(start, thing{n: i, kind: "k", size: 1})
	}
	r.Rewrite(func(it thing) (thing, bool) { it.size = 2; return it, it.n%2 == 0 })
	got := content(r)
	if len(got) != 5 || got[0].n != 0 || got[4].n != 8 || r.Bytes() != 10 || r.Evicted() != 0 {
		t.Fatalf("%+v, %d bytes, %d evicted", got, r.Bytes(), r.Evicted())
	}
}

// naive is the same ring, told as simply as it can be told.
type naive struct {
	count, bytes int
	items        []thing
	evicted      int
}

func (m *naive) push(it thing) {
	if m.bytes > 0 && it.size > m.bytes {
		m.evicted++
		return
	}
	m.items = append(m.items, it)
	for {
		total := 0
		for _, x := range m.items {
			total += x.size
		}
		if (m.count == 0 || len(m.items) <= m.count) && (m.bytes == 0 || total <= m.bytes) {
			return
		}
		m.items = slices.Delete(m.items, m.victim(), m.victim()+1)
		m.evicted++
	}
}

func (m *naive) victim() int {
	type group struct {
		kind            string
		n, bytes, first int
	}
	var groups []group
	for i, x := range m.items {
		g := slices.IndexFunc(groups, func(g group) bool { return g.kind == x.kind })
		if g < 0 {
			groups = append(groups, group{kind: x.kind, first: i})
			g = len(groups) - 1
		}
		groups[g].n++
		groups[g].bytes += x.size
	}
	slices.SortStableFunc(groups, func(a, b group) int { return a.n - b.n })
	spared := map[string]bool{}
	n, bytes := 0, 0
	if len(groups) > 1 {
		for _, g := range groups {
			n += g.n
			bytes += g.bytes
			if m.count > 0 && n > m.count/5 || m.bytes > 0 && bytes > m.bytes/5 {
				break
			}
			spared[g.kind] = true
		}
	}
	for i, x := range m.items {
		if !spared[x.kind] {
			return i
		}
	}
	return 0
}

func TestLikeTheNaiveOne(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 1))
	for round := range 200 {
		m := &naive{count: rnd.IntN(30), bytes: rnd.IntN(3) * 200}
		r := ring(m.count, m.bytes, 0)
		for i := range 300 {
			it := thing{n: i, kind: fmt.Sprint(min(rnd.IntN(6), rnd.IntN(6))), size: rnd.IntN(40)}
			m.push(it)
			r.Push(start, it)
			if got := content(r); !slices.Equal(got, m.items) || r.Evicted() != m.evicted || r.Len() != len(m.items) {
				t.Fatalf("round %d, push %d, count %d, bytes %d:\n got %v (%d evicted)\nwant %v (%d)", round, i, m.count, m.bytes, got, r.Evicted(), m.items, m.evicted)
			}
		}
	}
}

func TestMadeUpKindsCostNothing(t *testing.T) {
	r := ring(50, 0, 0)
	for i := range 100_000 {
		r.Push(start, thing{n: i, kind: fmt.Sprint(i)})
	}
	if r.Len() != 50 {
		t.Fatalf("%d items, want 50", r.Len())
	}
}

func BenchmarkPush(b *testing.B) {
	r := ring(500, 0, 0)
	kinds := []string{"join", "leave", "connect", "auth_fail"}
	for i := range b.N {
		r.Push(start, thing{n: i, kind: kinds[i%4], size: 100})
	}
}

func ExampleRing() {
	w := window.New(window.Options[string]{Count: 2})
	for _, s := range []string{"a", "b", "c"} {
		w.Push(start, s)
	}
	w.Newest(func(_ time.Time, s string) bool { fmt.Println(s); return true })
	fmt.Println(w.Evicted(), "evicted")
	// Output:
	// c
	// b
	// 1 evicted
}
