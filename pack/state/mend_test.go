package state

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

// TestSnapshotCutShort has a snapshot of several batches that ends with a whole one, but not with its last.
// No crash leaves that: a snapshot gets its name when it is on disk.
func TestSnapshotCutShort(t *testing.T) {
	top := scratch(t)
	s, _ := mustOpen(t, filepath.Join(top, "whole"), Options{Schema: 1})
	if err := s.Compact(sequence(1, 4000)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	files := load(t, filepath.Join(top, "whole"))
	all := recordsOf(files)[segmentName(1)]
	if len(all) < 4 {
		t.Fatalf("%d batches", len(all))
	}
	dir := filepath.Join(top, "cut")
	for i, b := range all[:len(all)-1] {
		for _, more := range []int{0, 1, frameSize + 9} {
			cut := maps.Clone(files)
			cut[segmentName(1)] = cut[segmentName(1)][:b.end+more]
			build(t, dir, cut)
			got, rep, _ := survives(t, dir, fmt.Sprintf("after %d batches and %d bytes", i+1, more), Options{Schema: 1})
			if want := b.numbers[len(b.numbers)-1]; len(got) != want || rep.Broken != 1 || rep.Aside[0].Why != whyShort || rep.Aside[0].Kept != int64(want) {
				t.Fatalf("%d records, want %d; %+v", len(got), want, rep)
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

// TestCrashWhileMending ends a start between any two of its calls, while it sets aside and repairs; no
// later start finds less than an undisturbed one.
func TestCrashWhileMending(t *testing.T) {
	dice := rand.New(rand.NewPCG(seedOf(t), 5))
	top := scratch(t)
	files, last := smallState(t, filepath.Join(top, "whole"))
	for name, data := range files {
		if _, ok := segmentNumber(name); ok {
			files[name] = slices.Concat(data[:headerSize], []byte("x"), data[headerSize:])
		}
	}
	dir := filepath.Join(top, "again")
	crash := errors.New("crash")
	for steps, done := 0, false; !done; steps++ {
		for _, power := range []bool{false, true} {
			build(t, dir, files)
			l, n := ledgerOf(files), 0
			s, _, err := openWith(dir, small, func(st step) error {
				if n++; n > steps {
					return crash
				}
				l.note(st)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			s.Close()
			done = n <= steps
			left := l.killed()
			if power {
				left = l.after(dice)
			}
			build(t, dir, left)
			if got, rep, _ := survives(t, dir, fmt.Sprintf("crash after call %d", steps), small); !slices.Equal(got, run(2, last)) {
				t.Fatalf("crash after call %d, power lost %v: %v, %+v", steps, power, got, rep)
			}
		}
		if steps > 100 {
			t.Fatal("a start without end")
		}
	}
}

// TestMendingThatIsRefused has a broken segment and no space to copy it, or no right to rename it: it is
// read as it is, nothing is appended to it, and a later start mends it.
func TestMendingThatIsRefused(t *testing.T) {
	top := scratch(t)
	files, last := smallState(t, filepath.Join(top, "whole"))
	segments := slices.Sorted(maps.Keys(recordsOf(files)))
	for _, name := range segments {
		files[name] = slices.Concat(files[name][:headerSize], []byte("x"), files[name][headerSize:])
	}
	for _, kind := range []action{createFile, writeFile, renameFile} {
		dir := filepath.Join(top, string(kind))
		build(t, dir, files)
		refuse := true
		s, rep, err := openWith(dir, small, func(st step) error {
			if refuse && st.do == kind {
				return syscall.ENOSPC
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if rep.Unmoved != int64(len(segments)) || rep.Broken != 0 || len(rep.Aside) != len(segments) || rep.Aside[0].Why != whyDamaged {
			t.Fatalf("%s: %+v", kind, rep)
		}
		wantNumbers(t, s, run(2, last))
		refuse = false
		appendAll(t, s, last+1, last+1)
		wantNumbers(t, s, run(2, last+1))
		s.Close()
		s, rep = mustOpen(t, dir, small)
		if rep.Broken != int64(len(segments)) {
			t.Fatalf("%s: %+v", kind, rep)
		}
		wantNumbers(t, s, run(2, last+1))
	}
}
