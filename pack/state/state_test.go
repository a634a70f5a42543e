package state

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// small are bounds that a test reaches soon.
var small = Options{MaxBytes: 64 << 10, MaxSegment: 4 << 10, Schema: 1}

// scratch gives an empty folder, in memory where the system has such a place: these tests sync a lot.
// TMPDIR names another place.
func scratch(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "state-")
	if err == nil && os.Getenv("TMPDIR") != "" {
		os.Remove(dir)
	}
	if err != nil || os.Getenv("TMPDIR") != "" {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func mustOpen(t testing.TB, dir string, o Options) (*Store, Report) {
	t.Helper()
	s, rep, err := Open(dir, o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { s.Close() })
	return s, rep
}

// numbered is record n: its content and length follow from n, so that it can be known again.
func numbered(n int) Record {
	text := strconv.Itoa(n) + ":" + strings.Repeat(string(rune('a'+n%26)), n*37%300)
	return Record{Kind: byte(n%7 + 1), Data: []byte(text)}
}

// numberOf reads it back and checks every byte.
func numberOf(r Record) (int, error) {
	text, _, _ := bytes.Cut(r.Data, []byte(":"))
	n, err := strconv.Atoi(string(text))
	if err != nil {
		return 0, fmt.Errorf("no number in a record of %d bytes", len(r.Data))
	}
	if want := numbered(n); want.Kind != r.Kind || !bytes.Equal(want.Data, r.Data) {
		return 0, fmt.Errorf("record %d is not as it was", n)
	}
	return n, nil
}

func numbers(from, to int) (out []Record) {
	for n := from; n <= to; n++ {
		out = append(out, numbered(n))
	}
	return out
}

func sequence(from, to int) iter.Seq[Record] { return slices.Values(numbers(from, to)) }

// replayed gives the numbers of all records.
func replayed(t testing.TB, s *Store) (out []int) {
	t.Helper()
	err := s.Replay(func(r Record) error {
		n, err := numberOf(r)
		out = append(out, n)
		return err
	})
	if err != nil {
		t.Fatalf("replay: %v", err)
	}
	return out
}

func run(from, to int) (out []int) {
	for n := from; n <= to; n++ {
		out = append(out, n)
	}
	return out
}

func wantNumbers(t testing.TB, s *Store, want []int) {
	t.Helper()
	if got := replayed(t, s); !slices.Equal(got, want) {
		t.Fatalf("replayed %v, want %v", got, want)
	}
}

func appendAll(t testing.TB, s *Store, from, to int) {
	t.Helper()
	for n := from; n <= to; n++ {
		if err := s.Append(numbered(n)); err != nil {
			t.Fatalf("append %d: %v", n, err)
		}
	}
}

func names(t testing.TB, dir string) (out []string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		out = append(out, e.Name())
	}
	return out
}

func TestRecordsComeBackInOrderOverRestarts(t *testing.T) {
	dir := filepath.Join(scratch(t), "deep", "state")
	for life := range 5 {
		s, rep := mustOpen(t, dir, small)
		if rep.Records != int64(life*40) || rep.Torn != (Loss{}) || rep.Broken+rep.Newer+rep.Missing+rep.Unmoved != 0 {
			t.Fatalf("life %d: %+v", life, rep)
		}
		wantNumbers(t, s, run(1, life*40))
		for n := life*40 + 1; n <= life*40+40; n += 4 {
			if err := s.Append(numbers(n, n+3)...); err != nil {
				t.Fatal(err)
			}
		}
		wantNumbers(t, s, run(1, life*40+40))
		if st := s.Stats(); st.Appends != 10 || st.LastAppend.IsZero() || st.Bytes != sizeOf(t, dir) || st.Failures != 0 {
			t.Fatalf("stats %+v, %d bytes in the folder", st, sizeOf(t, dir))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.Append(numbered(1)); !errors.Is(err, ErrClosed) {
			t.Fatalf("append after Close: %v", err)
		}
	}
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Fatalf("folder: %v %v", info.Mode(), err)
	}
	for _, name := range names(t, dir) {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("%s: %v %v", name, info.Mode(), err)
		}
	}
}

// sizeOf is what the segments take.
func sizeOf(t testing.TB, dir string) (total int64) {
	for _, name := range names(t, dir) {
		if _, ok := segmentNumber(name); ok {
			info, err := os.Stat(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			total += info.Size()
		}
	}
	return total
}

func TestCompactLeavesTheSnapshotAlone(t *testing.T) {
	dir := scratch(t)
	s, _ := mustOpen(t, dir, small)
	if s.Due() {
		t.Fatal("an empty log is due")
	}
	n := 0
	for ; !s.Due(); n++ {
		appendAll(t, s, n+1, n+1)
	}
	if got := sizeOf(t, dir); got < small.MaxSegment || got > 2*small.MaxSegment {
		t.Fatalf("due at %d bytes", got)
	}
	if err := s.Compact(sequence(n-9, n)); err != nil {
		t.Fatal(err)
	}
	if s.Due() || s.Stats().Files != 1 || s.Stats().Compactions != 1 {
		t.Fatalf("after it: due %v, %+v", s.Due(), s.Stats())
	}
	if got := names(t, dir); len(got) != 2 {
		t.Fatalf("files %v", got)
	}
	wantNumbers(t, s, run(n-9, n))
	appendAll(t, s, n+1, n+30)
	wantNumbers(t, s, run(n-9, n+30))
	s.Close()
	s, rep := mustOpen(t, dir, small)
	wantNumbers(t, s, run(n-9, n+30))
	if rep.Records != 40 || rep.Missing+rep.Broken != 0 {
		t.Fatalf("%+v", rep)
	}
	if err := s.Compact(sequence(1, 0)); err != nil { // nothing is to be kept
		t.Fatal(err)
	}
	s.Close()
	s, rep = mustOpen(t, dir, small)
	wantNumbers(t, s, nil)
	if rep.Broken+rep.Torn.Bytes != 0 {
		t.Fatalf("%+v", rep)
	}
}

func TestSnapshotOfManyBatches(t *testing.T) {
	dir := scratch(t)
	o := Options{MaxBytes: 8 << 20}
	s, _ := mustOpen(t, dir, o)
	appendAll(t, s, 1, 10)
	const n = 4000 // 600 KB
	if err := s.Compact(sequence(1, n)); err != nil {
		t.Fatal(err)
	}
	appendAll(t, s, n+1, n+1)
	s.Close()
	s, rep := mustOpen(t, dir, o)
	if rep.Batches < 5 || rep.Segments != 1 {
		t.Fatalf("%+v", rep)
	}
	wantNumbers(t, s, run(1, n+1))
	// 4 MB is over a third of 8 MB: refused, and nothing changes.
	err := s.Compact(func(yield func(Record) bool) {
		for range 40 {
			if !yield(Record{Kind: 1, Data: make([]byte, 100<<10)}) {
				return
			}
		}
	})
	if !errors.Is(err, ErrTooLarge) {
		t.Fatalf("too large a snapshot: %v", err)
	}
	if err := s.Compact(slices.Values([]Record{{Data: make([]byte, 3<<20)}})); !errors.Is(err, ErrTooLarge) {
		t.Fatalf("too large a record: %v", err)
	}
	appendAll(t, s, n+2, n+2)
	wantNumbers(t, s, run(1, n+2))
	if got := names(t, dir); len(got) != 2 {
		t.Fatalf("files %v", got)
	}
}

func TestTooLargeABatchIsRefusedWhole(t *testing.T) {
	s, _ := mustOpen(t, scratch(t), small)
	appendAll(t, s, 1, 1)
	room := int(small.MaxSegment) - headerSize - frameSize - 1 - 2
	for size, fits := range map[int]bool{room: true, room + 1: false} {
		err := s.Append(Record{Kind: 9, Data: make([]byte, size)})
		if errors.Is(err, ErrTooLarge) == fits || (err == nil) != fits {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	if st := s.Stats(); st.Failures != 1 || st.Appends != 2 || !strings.Contains(st.LastError, "too large") {
		t.Fatalf("%+v", st)
	}
}

func TestBoundsDropTheOldestAndCountIt(t *testing.T) {
	dir := scratch(t)
	s, _ := mustOpen(t, dir, small)
	last := 0
	for s.Stats().Dropped.Files < 3 {
		last++
		appendAll(t, s, last, last)
		if got := sizeOf(t, dir); got > small.MaxBytes {
			t.Fatalf("%d bytes", got)
		}
	}
	st := s.Stats()
	got := replayed(t, s)
	if !slices.Equal(got, run(int(st.Dropped.Records)+1, last)) || st.Dropped.Bytes < 2*small.MaxSegment {
		t.Fatalf("dropped %+v, from %d to %d are there", st.Dropped, got[0], got[len(got)-1])
	}
	s.Close()
	s, rep := mustOpen(t, dir, small)
	wantNumbers(t, s, got)
	if rep.Missing != 0 {
		t.Fatalf("what the bounds took is missing: %+v", rep)
	}
}

func TestFilesAreBounded(t *testing.T) {
	dir := scratch(t)
	for n := 1; n <= maxSegments+9; n++ {
		o := Options{Schema: uint16(n)} // each life begins a segment
		s, _ := mustOpen(t, dir, o)
		appendAll(t, s, n, n)
		if due := s.Due(); due != (n > maxSegments/2) {
			t.Fatalf("%d files: due %v", n, due)
		}
		s.Close()
	}
	if got := len(names(t, dir)); got != maxSegments+1 {
		t.Fatalf("%d files", got)
	}
}

func TestLaterFormatAndSchemaAreSetAsideUntouched(t *testing.T) {
	dir := scratch(t)
	o := small
	for schema := range uint16(3) {
		o.Schema = schema + 1
		s, _ := mustOpen(t, dir, o)
		appendAll(t, s, int(schema)*10+1, int(schema)*10+10)
		s.Close()
	}
	later := laterFormat()
	if err := os.WriteFile(filepath.Join(dir, segmentName(99)), later, 0o600); err != nil {
		t.Fatal(err)
	}
	o.Schema = 2
	s, rep := mustOpen(t, dir, o)
	if rep.Newer != 2 || rep.Broken != 0 || len(rep.Aside) != 2 || rep.Aside[0].Why != whyFormat || rep.Aside[1].Why != whySchema {
		t.Fatalf("%+v", rep)
	}
	if got, err := os.ReadFile(filepath.Join(dir, rep.Aside[0].Name)); err != nil || !bytes.Equal(got, later) {
		t.Fatalf("the later one: %q %v", got, err)
	}
	wantNumbers(t, s, run(1, 20))
	schemas := map[uint16]int{}
	s.Replay(func(r Record) error { schemas[r.Schema]++; return nil })
	if schemas[1] != 10 || schemas[2] != 10 {
		t.Fatalf("schemas %v", schemas)
	}
	appendAll(t, s, 21, 30)
	s.Close()
	s, rep = mustOpen(t, dir, o)
	if rep.Newer != 0 || rep.Earlier != 2 {
		t.Fatalf("%+v", rep)
	}
	wantNumbers(t, s, run(1, 30))
}

func TestReplayStopsAtTheCallersError(t *testing.T) {
	s, _ := mustOpen(t, scratch(t), small)
	appendAll(t, s, 1, 9)
	enough, n := errors.New("enough"), 0
	err := s.Replay(func(Record) error {
		if n++; n == 3 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || n != 3 {
		t.Fatalf("%v after %d", err, n)
	}
	if err := os.Remove(filepath.Join(s.disk.dir, segmentName(1))); err != nil {
		t.Fatal(err)
	}
	if err := s.Replay(func(Record) error { return nil }); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("a segment that is gone: %v", err)
	}
}
