package state

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// faulty opens a folder in which calls of one kind can be refused.
func faulty(t *testing.T, dir string) (s *Store, refuse func(action, error)) {
	t.Helper()
	var kind action
	var fault error
	s, _, err := openWith(dir, small, func(st step) error {
		if st.do != kind || fault == nil {
			return nil
		}
		if kind == writeFile { // part of it fits
			f, err := (&disk{dir: dir}).open(st.name, os.O_WRONLY)
			if err != nil {
				t.Error(err)
			}
			f.WriteAt(st.data[:len(st.data)/2], st.at)
			f.Close()
		}
		return fault
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, func(k action, err error) { kind, fault = k, err }
}

func TestRefusedAppendGivesItsSpaceBack(t *testing.T) {
	dir := scratch(t)
	s, refuse := faulty(t, dir)
	appendAll(t, s, 1, 5)
	size := sizeOf(t, dir)
	refuse(writeFile, syscall.ENOSPC)
	for range 3 {
		if err := s.Append(numbers(6, 9)...); !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
		if got := sizeOf(t, dir); got != size || len(names(t, dir)) != 2 {
			t.Fatalf("%d bytes, before it %d; %v", got, size, names(t, dir))
		}
	}
	refuse("", nil)
	appendAll(t, s, 6, 9)
	wantNumbers(t, s, run(1, 9))
}

// TestNothingIsAppendedBehindAFailedSync: what such a file will hold nobody knows.
func TestNothingIsAppendedBehindAFailedSync(t *testing.T) {
	dir := scratch(t)
	s, refuse := faulty(t, dir)
	appendAll(t, s, 1, 5)
	refuse(syncFile, syscall.EIO)
	if err := s.Append(numbered(6)); !errors.Is(err, syscall.EIO) {
		t.Fatal(err)
	}
	refuse("", nil)
	was, err := os.ReadFile(filepath.Join(dir, segmentName(1)))
	if err != nil {
		t.Fatal(err)
	}
	appendAll(t, s, 6, 9)
	if now, err := os.ReadFile(filepath.Join(dir, segmentName(1))); err != nil || string(now) != string(was) || s.Stats().Files != 2 {
		t.Fatalf("the old file went from %d to %d bytes, %v", len(was), len(now), err)
	}
	wantNumbers(t, s, run(1, 9))
}

// TestRenameThatWasDoneAndRefused is what a file system behind a network may answer when it is asked twice.
func TestRenameThatWasDoneAndRefused(t *testing.T) {
	dir := scratch(t)
	s, _, err := openWith(dir, small, func(st step) error {
		if st.do != renameFile {
			return nil
		}
		if err := os.Rename(filepath.Join(dir, st.name), filepath.Join(dir, st.to)); err != nil {
			t.Error(err)
		}
		return syscall.ENOENT
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	appendAll(t, s, 1, 60)
	if err := s.Compact(sequence(11, 60)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sweep(nil, func(r Record) (Record, bool) { return r, true }); err != nil {
		t.Fatal(err)
	}
	if k, err := s.PseudonymKey(); err != nil || !k.Made {
		t.Fatalf("%+v %v", k, err)
	}
	appendAll(t, s, 61, 70)
	wantNumbers(t, s, run(11, 70))
	s.Close()
	s, _ = mustOpen(t, dir, small)
	wantNumbers(t, s, run(11, 70))
}

func TestSegmentThatCannotBeginLeavesNoFile(t *testing.T) {
	for _, kind := range []action{createFile, writeFile, syncFile, renameFile, syncFolder} {
		dir := scratch(t)
		s, refuse := faulty(t, dir)
		refuse(kind, syscall.EIO)
		if err := s.Append(numbered(1)); !errors.Is(err, syscall.EIO) {
			t.Fatal(err)
		}
		if err := s.Compact(sequence(1, 9)); !errors.Is(err, syscall.EIO) {
			t.Fatal(err)
		}
		if got := names(t, dir); len(got) != 1 {
			t.Fatalf("%s: files %v", kind, got)
		}
		refuse("", nil)
		appendAll(t, s, 1, 2)
		wantNumbers(t, s, run(1, 2))
	}
}
