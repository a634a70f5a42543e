package state

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// smallState is a folder with a snapshot and two segments behind it, a key, and a file that was set aside.
func smallState(t *testing.T, dir string) (files map[string][]byte, last int) {
	t.Helper()
	o := small
	o.MaxSegment = leastSegment
	s, _ := mustOpen(t, dir, o)
	if _, err := s.PseudonymKey(); err != nil {
		t.Fatal(err)
	}
	appendAll(t, s, 1, 3)
	if err := s.Compact(sequence(2, 3)); err != nil {
		t.Fatal(err)
	}
	for last = 3; s.Stats().Files < 3; last++ {
		appendAll(t, s, last+1, last+1)
	}
	appendAll(t, s, last+1, last+1)
	s.Close()
	aside := segmentName(1) + brokenInfix + "20261124T115332.000Z"
	if err := os.WriteFile(filepath.Join(dir, aside), []byte("what was broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	files = load(t, dir)
	return files, last + 1
}

// survives opens a damaged folder and checks that what is there is in order and as it was, that the
// agent can go on, and that the damage is told once.
func survives(t *testing.T, dir, damage string, o Options) (got []int, rep Report, key Key) {
	t.Helper()
	s, rep, err := Open(dir, o)
	if err != nil {
		t.Fatalf("%s: open: %v", damage, err)
	}
	if key, err = s.PseudonymKey(); err != nil {
		t.Fatalf("%s: key: %v", damage, err)
	}
	got = replayed(t, s)
	if !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
		t.Fatalf("%s: not in order or not once: %v", damage, got)
	}
	if rep.Records != int64(len(got)) || rep.Unmoved > 0 {
		t.Fatalf("%s: %d records, told of %+v", damage, len(got), rep)
	}
	if st := s.Stats(); st.Bytes != sizeOf(t, dir) || st.Files != rep.Segments {
		t.Fatalf("%s: %d bytes on disk, told of %+v", damage, sizeOf(t, dir), st)
	}
	const more = 1_000_000
	if err := s.Append(numbered(more)); err != nil {
		t.Fatalf("%s: append: %v", damage, err)
	}
	want := shapes(s)
	s.Close()
	s, again, err := Open(dir, o)
	if err != nil {
		t.Fatalf("%s: open again: %v", damage, err)
	}
	defer s.Close()
	if now := shapes(s); !slices.Equal(now, want) {
		t.Fatalf("%s: segments %+v, before %+v", damage, now, want)
	}
	if now := replayed(t, s); !slices.Equal(now, append(slices.Clone(got), more)) {
		t.Fatalf("%s: after a restart %v, before it %v", damage, now, got)
	}
	if again.Broken+again.Newer != 0 || again.Torn != (Loss{}) {
		t.Fatalf("%s: told again: %+v", damage, again)
	}
	return got, rep, key
}

// shapes is what a store knows of its segments.
func shapes(s *Store) (out []segment) {
	for _, seg := range s.segments {
		one := *seg
		one.sealed = false
		out = append(out, one)
	}
	return out
}

func TestEachFileCutAtEveryByte(t *testing.T) {
	top := scratch(t)
	files, _ := smallState(t, filepath.Join(top, "whole"))
	whole := recordsOf(files)
	if len(whole) < 3 {
		t.Fatalf("%d segments", len(whole))
	}
	newest := slices.Max(slices.Collect(maps.Keys(whole)))
	dir := filepath.Join(top, "cut")
	for name, data := range files {
		for size := range data {
			cut := maps.Clone(files)
			cut[name] = data[:size]
			build(t, dir, cut)
			damage := fmt.Sprintf("%s cut to %d of %d bytes", name, size, len(data))
			got, rep, key := survives(t, dir, damage, small)
			if key.Replaced != (name == keyName) || key.Made != key.Replaced {
				t.Fatalf("%s: key %+v", damage, key)
			}
			want, boundary := []int(nil), false
			for _, segment := range slices.Sorted(maps.Keys(whole)) {
				for _, b := range whole[segment] {
					if segment != name || b.end <= size {
						want = append(want, b.numbers...)
						boundary = boundary || segment == name && b.end == size
					}
				}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%s: got %v, want %v", damage, got, want)
			}
			told := rep.Broken > 0 || rep.Torn.Bytes > 0 || rep.Missing > 0
			if _, segment := whole[name]; segment && told == (boundary && name == newest) {
				t.Fatalf("%s: told %+v", damage, rep)
			}
			if torn := rep.Torn.Bytes > 0; torn && name != newest {
				t.Fatalf("%s: no append can have left that, told %+v", damage, rep)
			}
		}
	}
}

type wholeBatch struct {
	end     int
	numbers []int
}

// recordsOf reads sound segments.
func recordsOf(files map[string][]byte) map[string][]wholeBatch {
	out := map[string][]wholeBatch{}
	for name, data := range files {
		if _, ok := segmentNumber(name); !ok {
			continue
		}
		scan(newReader(bytes.NewReader(data), int64(len(data))), span{low: 1, limit: noLimit, schema: 1}, func(f *frame) error {
			b := wholeBatch{end: int(f.end)}
			_, err := f.each(func(r Record) error {
				n, err := numberOf(r)
				b.numbers = append(b.numbers, n)
				return err
			})
			out[name] = append(out[name], b)
			return err
		})
	}
	return out
}

// TestBitsFlippedAtRandom flips bits in a large state, and holds that all records are there but those of
// the batches that were hit.
func TestBitsFlippedAtRandom(t *testing.T) {
	seed := seedOf(t)
	dice := rand.New(rand.NewPCG(seed, 4))
	top := scratch(t)
	o := Options{MaxBytes: 4 << 20, Schema: 1}
	s, _ := mustOpen(t, filepath.Join(top, "whole"), o)
	if err := s.Compact(sequence(1, 3000)); err != nil {
		t.Fatal(err)
	}
	for n := 3001; n <= 9000; n += 20 {
		if err := s.Append(numbers(n, n+19)...); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	files := load(t, filepath.Join(top, "whole"))
	whole := recordsOf(files)
	segments := slices.Sorted(maps.Keys(whole))
	dir := filepath.Join(top, "flipped")
	for round := range 60 {
		flipped, hit := maps.Clone(files), map[string][]int{}
		for range 1 + dice.IntN(4) {
			name := segments[dice.IntN(len(segments))]
			at := dice.IntN(len(flipped[name]))
			if round%4 == 0 {
				at = dice.IntN(headerSize)
			}
			flipped[name] = bytes.Clone(flipped[name])
			flipped[name][at] ^= 1 << dice.IntN(8)
			hit[name] = append(hit[name], at)
		}
		build(t, dir, flipped)
		damage := fmt.Sprintf("round %d, %v", round, hit)
		got, rep, _ := survives(t, dir, damage, o)
		var want []int
		for _, name := range segments {
			from := headerSize
			for _, b := range whole[name] {
				if !slices.ContainsFunc(hit[name], func(at int) bool {
					return at >= from && at < b.end && !bytes.Equal(flipped[name][from:b.end], files[name][from:b.end])
				}) {
					want = append(want, b.numbers...)
				}
				from = b.end
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%s: %d records, want %d; %+v", damage, len(got), len(want), rep)
		}
		if changed := !maps.EqualFunc(files, flipped, bytes.Equal); changed != (rep.Broken > 0 || rep.Torn.Bytes > 0) {
			t.Fatalf("%s: told %+v", damage, rep)
		}
		for _, a := range rep.Aside {
			if base, _, ok := strings.Cut(a.Name, brokenInfix); !ok || a.Why == "" || a.Bytes != int64(len(flipped[base])) {
				t.Fatalf("%s: told %+v", damage, a)
			}
			base, _, _ := strings.Cut(a.Name, brokenInfix)
			if data, err := os.ReadFile(filepath.Join(dir, a.Name)); err != nil || !bytes.Equal(data, flipped[base]) {
				t.Fatalf("%s: %s is not the broken file: %v", damage, a.Name, err)
			}
		}
	}
}
