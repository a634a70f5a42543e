package ship

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Totals go on in the next life, and the one after: what was dropped, delivered and tried again.
func TestCountsOutliveTheAgent(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, SpoolOptions{Dir: dir, MaxBytes: 3 * blockBytes})
	since := s.Counts().Since
	for i := range 5 {
		add(t, s, at(i), Periodic) // two give way
	}
	s.delivered(at(3), Stored)
	s.count(func(c *SpoolCounts) { c.Retried += 3 })
	for range 2 {
		s = opened(t, SpoolOptions{Dir: dir, MaxBytes: 3 * blockBytes})
		c := s.Counts()
		if c.Dropped[NoRoom] != 2 || c.Delivered != 1 || c.Retried != 3 || c.LastSuccess.IsZero() || c.Since.UnixMilli() != since.UnixMilli() {
			t.Errorf("%+v", c)
		}
	}
	add(t, s, at(6), Incident)
	add(t, s, at(7), Incident)
	if c := opened(t, SpoolOptions{Dir: dir, MaxBytes: 3 * blockBytes}).Counts(); c.Dropped[NoRoom] != 3 || c.Added < 6 {
		t.Errorf("%+v", c)
	}
}

// A life that ends between the count of a drop and the drop leaves a file that is not counted again, and
// not delivered either.
func TestDropIsCountedOnceWhereverTheLifeEnds(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, SpoolOptions{Dir: dir})
	add(t, s, at(1), Periodic)
	add(t, s, at(2), Periodic)
	path := filepath.Join(dir, at(1)+".periodic.waiting")
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	s.giveUp(TooOld, s.packs[at(1)])
	s.mu.Unlock()
	if err := os.WriteFile(path, body, 0o600); err != nil { // as a kill before the removal leaves it
		t.Fatal(err)
	}
	for range 2 {
		next := opened(t, SpoolOptions{Dir: dir})
		if c := next.Counts(); c.Dropped[TooOld] != 1 || len(next.List()) != 1 || next.List()[0].ID != at(2) {
			t.Errorf("%+v, %v", c.Dropped, ids(next))
		}
	}
}

// What of the totals' file is no totals of ours is set aside, and no reason not to start.
func TestBrokenCounts(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, SpoolOptions{Dir: dir})
	add(t, s, at(1), Periodic)
	s.count(func(c *SpoolCounts) { c.Retried = 7 })
	path := filepath.Join(dir, countsFile)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string][]byte{
		"another version": bytes.Replace(good, []byte("counts-1"), []byte("counts-2"), 1),
		"longer":          append(bytes.Clone(good), '\n'),
		"no JSON":         []byte(countsMagic + hashOf([]byte("x")) + "\nx\n"),
	}
	for i := range good {
		cases["cut at "+string(rune('0'+i%10))+strings.Repeat("+", i/10)] = good[:i]
		flipped := bytes.Clone(good)
		flipped[i] ^= 1 << (i % 8)
		cases["flipped at "+string(rune('0'+i%10))+strings.Repeat("+", i/10)] = flipped
	}
	for name, content := range cases {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		next := opened(t, SpoolOptions{Dir: dir})
		if c := next.Counts(); c.Retried != 0 || c.SetAside != 1 || time.Since(c.Since) > time.Minute || len(next.List()) != 1 {
			t.Fatalf("%s: %+v", name, c)
		}
		aside, err := os.ReadFile(filepath.Join(dir, asidePrefix+countsFile))
		if err != nil || !bytes.Equal(aside, content) {
			t.Fatalf("%s: set aside: %q, %v", name, aside, err)
		}
	}
	if err := os.WriteFile(path, good, 0o600); err != nil {
		t.Fatal(err)
	}
	if c := opened(t, SpoolOptions{Dir: dir}).Counts(); c.Retried != 7 {
		t.Errorf("%+v", c)
	}
}

// A store that fails is counted over lives, too.
func TestRetriesOutliveTheAgent(t *testing.T) {
	folder := t.TempDir()
	for life := uint64(1); life <= 2; life++ {
		s := opened(t, SpoolOptions{Dir: folder})
		if life == 1 {
			add(t, s, at(1), Incident)
		}
		sh := NewShipper(&dir{root: filepath.Join(folder, "missing")}, s, ShipperOptions{})
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		_ = sh.Run(ctx) // ends with ctx
		cancel()
		if st := sh.Status(); st.Retried != life || st.Delivered != 0 || st.Cause != NoBucket {
			t.Errorf("life %d: %+v", life, st)
		}
	}
}
