package state

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestFullDisk fills a real file system, makes space again, and looks at what was promised. It needs the
// right to mount; what a full disk does is shown without it by TestOneFaultAnywhere too.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=160k,mode=0700"); err != nil {
		t.Skipf("no file system to fill: mount: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	s, _ := mustOpen(t, dir, Options{MaxBytes: 8 << 20, MaxSegment: 32 << 10})
	ballast := dir + "/ballast"
	if err := os.WriteFile(ballast, make([]byte, 64<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	last := 0
	fill := func() (err error) {
		for ; err == nil; last += 20 {
			err = s.Append(numbers(last+1, last+20)...)
		}
		last -= 20
		return err
	}
	if err := fill(); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("full: %v", err)
	}
	if st := s.Stats(); st.Failures != 1 || !strings.Contains(st.LastError, "no space left") || last < 200 {
		t.Fatalf("%d records, %+v", last, st)
	}
	for range 3 { // it stays full: nothing changes
		if err := s.Append(numbers(last+1, last+20)...); !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("still full: %v", err)
		}
		wantNumbers(t, s, run(1, last))
	}
	if err := s.Compact(sequence(1, last)); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("compact on a full disk: %v", err)
	}
	wantNumbers(t, s, run(1, last))
	s.Close()
	s, rep := mustOpen(t, dir, Options{}) // a start on a full disk
	if rep.Broken+rep.Missing+rep.Torn.Bytes != 0 {
		t.Fatalf("%+v", rep)
	}
	wantNumbers(t, s, run(1, last))
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	was := last
	if err := fill(); !errors.Is(err, syscall.ENOSPC) || last == was {
		t.Fatalf("after it healed: %d more, %v", last-was, err)
	}
	s.Close()
	s, _ = mustOpen(t, dir, Options{})
	wantNumbers(t, s, run(1, last))
	s.Close()
}

func TestReadOnlyFileSystem(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_RDONLY, "size=64k"); err != nil {
		t.Skipf("no read-only file system: mount: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, 0) })
	if _, _, err := Open(dir, small); !errors.Is(err, syscall.EROFS) {
		t.Errorf("the folder: %v", err)
	}
	if _, _, err := Open(dir+"/below", small); !errors.Is(err, syscall.EROFS) {
		t.Errorf("a folder in it: %v", err)
	}
}
