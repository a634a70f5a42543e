package ship

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// small is a file system of so many bytes.
func small(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		lacking(t, "a small file system cannot be mounted here (not root?)")
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fill takes all space that is left.
func fill(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "filler")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for {
		if _, err := f.Write(make([]byte, 4096)); err != nil {
			if !errors.Is(err, syscall.ENOSPC) {
				t.Fatal(err)
			}
			return path
		}
	}
}

func TestOurDiskIsFull(t *testing.T) {
	dir := small(t, "128k")
	s := opened(t, SpoolOptions{Dir: filepath.Join(dir, "spool")})
	add(t, s, at(1), Periodic)
	add(t, s, at(2), Incident)
	add(t, s, at(3), Manual)
	s.delivered(at(3), Stored)
	filler := fill(t, dir)
	// The delivered one goes first, then the periodic one.
	if r := add(t, s, at(4), Incident); !r.Durable || len(s.Counts().Dropped) != 0 {
		t.Errorf("%+v, %v", r, s.Counts().Dropped)
	}
	if r := add(t, s, at(5), Incident); !r.Durable || s.Counts().Dropped[NoRoom] != 1 {
		t.Errorf("%+v, %v", r, s.Counts().Dropped)
	}
	// A periodic pack takes nothing from incidents: the memory holds it, and the receipt says so.
	if r := add(t, s, at(6), Periodic); r.Durable || s.Counts().NotDurable != 1 {
		t.Errorf("%+v", r)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "spool", tempPrefix+"*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if r := add(t, s, at(7), Periodic); !r.Durable {
		t.Error("there is room again")
	}
	// Everything that is there can be delivered, and nothing on disk is torn.
	bucket := stores[0].bucket(t, "")
	if err := NewShipper(bucket, s, ShipperOptions{}).Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if names := listDir(t, bucket); len(names) != 5 {
		t.Errorf("arrived: %v", names)
	}
	if again := opened(t, SpoolOptions{Dir: filepath.Join(dir, "spool")}); again.Counts().SetAside != 0 {
		t.Errorf("%+v", again.Counts())
	}
}

func TestTheStoresDiskIsFull(t *testing.T) {
	dir := small(t, "128k")
	filler := fill(t, dir)
	b, err := Open("file://"+dir, OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	spool := filled(t, SpoolOptions{Dir: t.TempDir()}, 3)
	sh := NewShipper(b, spool, ShipperOptions{})
	run(t, sh)
	waitFor(t, "a fault", func() bool { return sh.Status().Faults[Full] > 0 })
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "all packs to arrive", func() bool { return sh.Status().Delivered == 3 })
	stores[0].holds(t, b, spool)
}

// A folder that is no folder, a side file that is torn, a temp file of a life that was killed.
func TestOddThingsInAFolder(t *testing.T) {
	b := stores[0].bucket(t, "")
	name, o := object(t, oneID, 100)
	path := filepath.Join(b.(*dir).root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	old, young := filepath.Join(filepath.Dir(path), tempPrefix+strings.Repeat("a", 26)), filepath.Join(filepath.Dir(path), tempPrefix+strings.Repeat("b", 26))
	for _, file := range []string{old, young, sidePath(path)} {
		writeFile(t, file, "half")
	}
	if err := os.Chtimes(old, time.Now(), time.Now().Add(-2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	ok(t, b.Put(t.Context(), name, o)) // the side file of a put that was killed is written anew
	if how, err := deliver(t.Context(), b, name, o); err != nil || how != AlreadyThere {
		t.Errorf("%q, %v", how, err)
	}
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Error("a stale temp file stays")
	}
	if _, err := os.Stat(young); err != nil {
		t.Error("the temp file of somebody at work is gone")
	}
	writeFile(t, sidePath(path), "torn")
	_, err := deliver(t.Context(), b, name, o)
	is(t, err, ExistsUnknown)
	if g := getDir(t, b, name); !bytes.Equal(g.body, o.Body) {
		t.Error("the object was touched")
	}
	writeFile(t, filepath.Join(b.(*dir).root, "date=2026-01-01"), "a file where a folder should be")
	is(t, b.Put(t.Context(), "date=2026-01-01/namespace=n/pod=p/x", o), Refused)
}
