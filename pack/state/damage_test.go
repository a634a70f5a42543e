package state

import (
	"bytes"
	"encoding/binary"
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
	const more = 1_000_000
	if err := s.Append(numbered(more)); err != nil {
		t.Fatalf("%s: append: %v", damage, err)
	}
	s.Close()
	s, again, err := Open(dir, o)
	if err != nil {
		t.Fatalf("%s: open again: %v", damage, err)
	}
	defer s.Close()
	if now := replayed(t, s); !slices.Equal(now, append(slices.Clone(got), more)) {
		t.Fatalf("%s: after a restart %v, before it %v", damage, now, got)
	}
	if again.Broken+again.Newer != 0 || again.Torn != (Loss{}) {
		t.Fatalf("%s: told again: %+v", damage, again)
	}
	return got, rep, key
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

// TestFilesThatWereSetAsideAreBounded breaks a file at each start.
func TestFilesThatWereSetAsideAreBounded(t *testing.T) {
	dir := scratch(t)
	later := laterFormat()
	for life := range 3 * maxAsides {
		if err := os.WriteFile(filepath.Join(dir, segmentName(uint64(5000+life))), bytes.Repeat([]byte("x"), 9000), 0o600); err != nil {
			t.Fatal(err)
		}
		if life < 2 {
			if err := os.WriteFile(filepath.Join(dir, segmentName(6000)), later, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s, rep := mustOpen(t, dir, small)
		if rep.Broken != 1 || (rep.Newer == 1) != (life < 2) {
			t.Fatalf("life %d: %+v", life, rep)
		}
		st := s.Stats()
		if st.AsideFiles > maxAsides || st.AsideBytes > small.MaxBytes/2 {
			t.Fatalf("life %d: %+v", life, st)
		}
		s.Close()
	}
	broken, newer := 0, 0
	for _, name := range names(t, dir) {
		if a, ok := asideOf(name); ok && a.newer {
			newer++
		} else if ok {
			broken++
		}
	}
	if newer != 2 || broken != 3 { // of 9,000 bytes each in 32 KiB
		t.Fatalf("%d broken and %d newer files", broken, newer)
	}
}

// laterFormat is a file of a version to come.
func laterFormat() []byte {
	b := slices.Concat([]byte(magic), []byte{version + 1, 0, 1, 0, 0, 0, 0, 0}, []byte("whatever it is"))
	binary.LittleEndian.PutUint32(b[12:], checksum(b[:12]))
	return b
}

// TestSegmentsUnderWrongNames has copies that somebody made: they say nothing new and harm nothing.
func TestSegmentsUnderWrongNames(t *testing.T) {
	top := scratch(t)
	files, last := smallState(t, filepath.Join(top, "whole"))
	want := run(2, last)
	var segments []string
	for name := range files {
		if _, ok := segmentNumber(name); ok {
			segments = append(segments, name)
		}
	}
	slices.Sort(segments)
	dir := filepath.Join(top, "copied")
	for _, from := range segments {
		for _, to := range []uint64{1, 2, 5, 6, 7, 1 << 40, noLimit} {
			if segmentName(to) == from || files[segmentName(to)] != nil {
				continue
			}
			copied := maps.Clone(files)
			copied[segmentName(to)] = files[from]
			build(t, dir, copied)
			s, rep := mustOpen(t, dir, small)
			if got := replayed(t, s); !slices.Equal(got, want) {
				t.Fatalf("%s as %s: got %v, want %v; %+v", from, segmentName(to), got, want, rep)
			}
			s.Close()
		}
	}
}
