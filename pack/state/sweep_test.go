package state

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

const rawID = "raw-session-id-4711"

func names4711(b []byte) bool { return bytes.Contains(b, []byte(rawID)) }

// clean4711 masks the id in a record, and drops a record of kind 50.
func clean4711(r Record) (Record, bool) {
	r.Data = bytes.ReplaceAll(r.Data, []byte(rawID), []byte("raw-...4711-and-longer"))
	return r, r.Kind != 50
}

// holdsID looks into every byte of every file.
func holdsID(t testing.TB, dir string) (found []string) {
	t.Helper()
	files := load(t, dir)
	for name, data := range files {
		if names4711(data) {
			found = append(found, name)
		}
	}
	return found
}

func TestSweepLeavesNoByteOfWhatWasFoul(t *testing.T) {
	dir := scratch(t)
	s, _ := mustOpen(t, dir, small)
	foul := func(kind byte) Record { return Record{Kind: kind, Data: []byte(`{"id":"` + rawID + `"}`)} }
	if err := s.Compact(slices.Values([]Record{numbered(1), foul(40), numbered(2)})); err != nil {
		t.Fatal(err)
	}
	appendAll(t, s, 3, 60)
	for _, r := range []Record{foul(50), foul(41)} {
		if err := s.Append(r); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	clean := segmentName(500) + brokenInfix + "20261124T115332.000Z"
	for name, text := range map[string]string{
		segmentName(501) + brokenInfix + "20261124T115332.000Z":   strings.Repeat(".", 256<<10-len(rawID)/2) + rawID,
		segmentName(502) + newerInfix + "20261124T115332.000Z-17": rawID,
		segmentName(503) + tempSuffix:                             rawID,
		clean:                                                     "nothing of it",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o := small
	o.MaxBytes = 1 << 20
	s, _ = mustOpen(t, dir, o)
	before := load(t, dir)
	if len(holdsID(t, dir)) < 4 {
		t.Fatalf("the id is in %v", holdsID(t, dir))
	}
	res, err := s.Sweep(names4711, clean4711)
	if err != nil || res.Files != 2 || res.Dropped != 1 || res.Removed != 2 {
		t.Fatalf("%+v %v", res, err)
	}
	if found := holdsID(t, dir); len(found) > 0 {
		t.Fatalf("still in %v", found)
	}
	if data, err := os.ReadFile(filepath.Join(dir, clean)); err != nil || len(data) == 0 {
		t.Errorf("a clean file that was set aside is gone: %v", err)
	}
	after := load(t, dir)
	same := 0
	for name := range before {
		if _, ok := segmentNumber(name); ok && bytes.Equal(before[name], after[name]) {
			same++
		}
	}
	if same == 0 {
		t.Error("every segment was rewritten, also where nothing was foul")
	}
	check := func() {
		t.Helper()
		var got []int
		masked := 0
		err := s.Replay(func(r Record) error {
			if r.Kind == 40 || r.Kind == 41 {
				masked++
				return nil
			}
			n, err := numberOf(r)
			got = append(got, n)
			return err
		})
		if err != nil || masked != 2 || !slices.Equal(got, run(1, 60+len(got)-60)) || len(got) < 60 {
			t.Fatalf("%d masked, %v, %v", masked, got, err)
		}
	}
	check()
	appendAll(t, s, 61, 61)
	check()
	want := shapes(s)
	s.Close()
	s, rep := mustOpen(t, dir, small)
	if now := shapes(s); !slices.Equal(now, want) {
		t.Fatalf("segments %+v, before %+v", now, want)
	}
	if rep.Broken+rep.Missing+rep.Torn.Bytes != 0 {
		t.Fatalf("%+v", rep)
	}
	check()
	if res, err := s.Sweep(names4711, clean4711); err != nil || res != (Swept{}) {
		t.Fatalf("a second time: %+v %v", res, err)
	}
	if res, err := s.Sweep(nil, clean4711); err != nil || res.Removed != 1 || res.Changed != 63 {
		t.Fatalf("all of it: %+v %v", res, err)
	}
	check()
}

// TestSweepOutlivesTheLossOfPower: what is gone when it returns stays gone.
func TestSweepOutlivesTheLossOfPower(t *testing.T) {
	name := segmentName(501)
	for _, c := range []struct {
		files   []string
		refused int // removals that fail, the first ones
		sweeps  int // that fail with them
	}{
		{[]string{name + brokenInfix + "20261124T115332.000Z"}, 0, 0},
		{[]string{name + brokenInfix + "20261124T115332.000Z"}, 1, 1},
		{[]string{name + tempSuffix}, 1, 0}, // at Open
		{[]string{name + tempSuffix}, 2, 0}, // and when the sweep begins
		{[]string{name + tempSuffix}, 3, 1}, // and when it ends
	} {
		dir := scratch(t)
		files := map[string][]byte{}
		for _, name := range c.files {
			files[name] = []byte(rawID)
		}
		build(t, dir, files)
		l, left := ledgerOf(files), c.refused
		s, _, err := openWith(dir, small, func(st step) error {
			if st.do == removeFile && left > 0 {
				left--
				return syscall.EBUSY
			}
			l.note(st)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		failed := 0
		for ; ; failed++ {
			if _, err := s.Sweep(names4711, clean4711); err == nil {
				break
			}
		}
		if failed != c.sweeps {
			t.Errorf("%+v: %d sweeps failed", c, failed)
		}
		for name := range l.after(nil) {
			t.Errorf("%+v: %s is back", c, name)
		}
		s.Close()
	}
}

func TestSweepThatCannotWriteSaysSo(t *testing.T) {
	dir := scratch(t)
	full := false
	s, _, err := openWith(dir, small, func(st step) error {
		if full && st.do == createFile {
			return syscall.ENOSPC
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Append(Record{Kind: 40, Data: []byte(rawID)}); err != nil {
		t.Fatal(err)
	}
	full = true
	if _, err := s.Sweep(names4711, clean4711); !errors.Is(err, syscall.ENOSPC) || s.Stats().Failures != 1 {
		t.Fatalf("%v %+v", err, s.Stats())
	}
	full = false
	if _, err := s.Sweep(names4711, clean4711); err != nil || len(holdsID(t, dir)) > 0 {
		t.Fatalf("asked again: %v, in %v", err, holdsID(t, dir))
	}
}
