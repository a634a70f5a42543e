package ship

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var start = time.Now()

// at is the id of a pack that was made n seconds after these tests started.
func at(n int) string { return idOf(start.Add(time.Duration(n)*time.Second), n) }

func idOf(made time.Time, n int) string {
	return fmt.Sprintf("pack-%013d-abc%03d", made.UnixMilli(), n%1000)
}

func add(t *testing.T, s *Spool, id string, kind Kind) Receipt {
	t.Helper()
	r, err := s.Add(packOf(id, kind, 2000))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func opened(t *testing.T, o SpoolOptions) *Spool {
	t.Helper()
	s, err := OpenSpool(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ids(s *Spool) []string {
	var out []string
	for _, i := range s.List() {
		out = append(out, i.ID+" "+string(i.Kind)+" "+string(i.State))
	}
	return out
}

// both runs a test on a spool with a folder and on one without.
func both(t *testing.T, test func(t *testing.T, dir string)) {
	t.Run("folder", func(t *testing.T) { test(t, t.TempDir()) })
	t.Run("memory", func(t *testing.T) { test(t, "") })
}

func TestAddReadList(t *testing.T) {
	both(t, func(t *testing.T, dir string) {
		s := opened(t, SpoolOptions{Dir: dir})
		r := add(t, s, at(1), Manual)
		if r.Durable != (dir != "") {
			t.Errorf("durable: %v", r.Durable)
		}
		got, err := s.Read(at(1))
		if err != nil || string(got) != string(line(at(1), 2000)) {
			t.Errorf("read back: %v", err)
		}
		if _, err := s.Add(packOf(at(1), Incident, 10)); !errors.Is(err, ErrTwice) {
			t.Errorf("the same id again: %v", err)
		}
		if _, err := s.Read(at(2)); !errors.Is(err, ErrNoPack) {
			t.Errorf("an unknown id: %v", err)
		}
		for _, bad := range []Pack{
			packOf("pack-1-abc123", Manual, 10), packOf("../../../etc/passwd", Manual, 10), packOf("pack-1764000000000-ABC123", Manual, 10),
			packOf(at(3), "odd", 10), {ID: at(3), Kind: Manual, JSON: []byte("{}\n{}")}, {ID: at(3), Kind: Manual, JSON: nil},
		} {
			if _, err := s.Add(bad); err == nil {
				t.Errorf("%q %q was taken", bad.ID, bad.Kind)
			}
		}
		if c := s.Counts(); c.Added != 1 || len(c.Dropped) != 0 {
			t.Errorf("%+v", c)
		}
	})
}

// The ladder: a spool for four packs.
func TestWhoGoesWhenRoomRunsOut(t *testing.T) {
	both(t, func(t *testing.T, dir string) {
		var drops []Drop
		probe := opened(t, SpoolOptions{Dir: ""})
		add(t, probe, at(1), Manual)
		room := 4*probe.bytes + 200
		if dir != "" {
			room = 4 * blockBytes
		}
		s := opened(t, SpoolOptions{Dir: dir, MaxBytes: room, OnDrop: func(d Drop) { drops = append(drops, d) }})
		for i, k := range []Kind{Incident, Periodic, Manual, Periodic} {
			add(t, s, at(i), k)
		}
		add(t, s, at(10), Final)    // for the older periodic one
		add(t, s, at(11), Incident) // for the other
		add(t, s, at(12), Incident) // for the manual one
		if _, err := s.Add(packOf(at(13), Periodic, 2000)); !errors.Is(err, ErrNoRoom) {
			t.Errorf("a periodic pack in a full spool of better ones: %v", err)
		}
		add(t, s, at(14), Incident) // for the final one
		add(t, s, at(15), Incident) // for the oldest incident
		want := []Drop{{at(1), Periodic, NoRoom}, {at(3), Periodic, NoRoom}, {at(2), Manual, NoRoom}, {at(13), Periodic, NoRoom}, {at(10), Final, NoRoom}, {at(0), Incident, NoRoom}}
		if !slices.Equal(drops, want) {
			t.Errorf("dropped %v", drops)
		}
		if c := s.Counts(); c.Dropped[NoRoom] != 6 || s.bytes > room {
			t.Errorf("counts %v, %d bytes", c.Dropped, s.bytes)
		}
		if _, err := s.Add(packOf(at(20), Incident, int(room)*3)); !errors.Is(err, ErrNoRoom) || s.Counts().Dropped[TooLarge] != 1 {
			t.Errorf("a pack larger than the spool: %v", err)
		}
		if len(s.List()) != 4 {
			t.Errorf("kept %v", ids(s))
		}
	})
}

func TestDeliveredPacksStayWhileThereIsRoom(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, SpoolOptions{Dir: dir, MaxBytes: 3 * blockBytes})
	add(t, s, at(1), Incident)
	add(t, s, at(2), Periodic)
	s.delivered(at(1), Stored)
	s = opened(t, SpoolOptions{Dir: dir, MaxBytes: 3 * blockBytes}) // a new life knows
	if got := ids(s); !slices.Equal(got, []string{at(2) + " periodic waiting", at(1) + " incident delivered"}) {
		t.Fatalf("%v", got)
	}
	if id, _ := s.next(time.Now()); id != at(2) {
		t.Errorf("next is %q", id)
	}
	s.settle(at(2), func(*entry) {})
	add(t, s, at(3), Periodic)
	add(t, s, at(4), Periodic) // the delivered incident goes before a periodic one that waits
	if got := ids(s); !slices.Equal(got, []string{at(4) + " periodic waiting", at(3) + " periodic waiting", at(2) + " periodic waiting"}) {
		t.Errorf("%v", got)
	}
	if c := s.Counts(); len(c.Dropped) != 0 {
		t.Errorf("a delivered pack is no loss: %v", c.Dropped)
	}
}

func TestAPackOnItsWayIsNotTaken(t *testing.T) {
	s := opened(t, SpoolOptions{MaxBytes: 2500})
	add(t, s, at(1), Periodic)
	if id, _ := s.next(time.Now()); id != at(1) {
		t.Fatal("not claimed")
	}
	if _, err := s.Add(packOf(at(2), Incident, 2000)); !errors.Is(err, ErrNoRoom) {
		t.Errorf("room was taken from what is being delivered: %v", err)
	}
	s.settle(at(1), func(*entry) {})
	add(t, s, at(3), Incident)
}

func TestOldPacksGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var drops []Drop
		s := opened(t, SpoolOptions{MaxAge: 2 * time.Hour, OnDrop: func(d Drop) { drops = append(drops, d) }})
		old := idOf(time.Now(), 0)
		add(t, s, old, Incident)
		time.Sleep(3 * time.Hour) // false time
		add(t, s, idOf(time.Now(), 1), Periodic)
		if !slices.Equal(drops, []Drop{{old, Incident, TooOld}}) || len(s.List()) != 1 {
			t.Errorf("%v, kept %v", drops, ids(s))
		}
	})
}

func TestForeignFilesAreLeftAlone(t *testing.T) {
	dir := t.TempDir()
	foreign := []string{"README", "pack-1764000000000-abc123.json", "broken-something", "pack-1764000000000-abc123.odd.waiting", "sub"}
	for _, name := range foreign {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, tempPrefix+"abc"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := opened(t, SpoolOptions{Dir: dir, MaxBytes: blockBytes})
	if c := s.Counts(); c.SetAside != 0 || c.Unfinished != 1 || len(s.List()) != 0 {
		t.Errorf("%+v", c)
	}
	add(t, s, at(1), Periodic)
	for _, name := range foreign {
		if b, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(b) != "mine" {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
}

// One file cut at every byte, and each of its bytes changed: the spool opens, serves the other packs,
// and never hands out what was not written.
func TestEveryCutAndEveryFlip(t *testing.T) {
	whole := t.TempDir()
	s := opened(t, SpoolOptions{Dir: whole})
	if _, err := s.Add(packOf(at(1), Incident, 300)); err != nil {
		t.Fatal(err)
	}
	add(t, s, at(2), Manual)
	name := at(1) + ".incident.waiting"
	content, err := os.ReadFile(filepath.Join(whole, name))
	if err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile(filepath.Join(whole, at(2)+".manual.waiting"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	try := func(what string, spoiled []byte) {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			os.Remove(filepath.Join(dir, f.Name()))
		}
		for file, b := range map[string][]byte{name: spoiled, at(2) + ".manual.waiting": other} {
			if err := os.WriteFile(filepath.Join(dir, file), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s := opened(t, SpoolOptions{Dir: dir})
		if _, err := s.Read(at(1)); err == nil {
			t.Fatalf("%s: handed out", what)
		}
		if _, err := s.Read(at(2)); err != nil {
			t.Fatalf("%s: the other pack: %v", what, err)
		}
		if c := s.Counts(); c.SetAside != 1 || c.Dropped[Torn] != 1 || len(s.List()) != 1 {
			t.Fatalf("%s: %+v, kept %v", what, c, ids(s))
		}
		if _, err := os.Stat(filepath.Join(dir, "broken-"+name)); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	for i := range content {
		try(fmt.Sprintf("cut at %d of %d", i, len(content)), content[:i])
		flipped := slices.Clone(content)
		flipped[i] ^= 1 << (i % 8)
		try(fmt.Sprintf("bit of byte %d flipped", i), flipped)
	}
	try("longer", append(slices.Clone(content), 0))
}

func TestBrokenFilesHaveABound(t *testing.T) {
	dir := t.TempDir()
	for i := range 20 {
		if err := os.WriteFile(filepath.Join(dir, at(i)+".periodic.waiting"), []byte("torn"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := opened(t, SpoolOptions{Dir: dir})
	files, err := filepath.Glob(filepath.Join(dir, "broken-*"))
	if err != nil || len(files) != spoolAsides || s.Counts().SetAside != 20 {
		t.Errorf("%d broken files kept, %d counted, %v", len(files), s.Counts().SetAside, err)
	}
	if !strings.HasSuffix(files[len(files)-1], at(19)+".periodic.waiting") {
		t.Errorf("not the newest: %v", files)
	}
	s = opened(t, SpoolOptions{Dir: dir})
	if n := len(s.asides); n != spoolAsides || s.Counts().SetAside != 20 || s.Counts().Dropped[Torn] != 20 {
		t.Errorf("the next life sees %d of them, counts %d", n, s.Counts().SetAside)
	}
}

func TestAFolderThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := OpenSpool(SpoolOptions{Dir: filepath.Join(file, "spool")})
	if err == nil {
		t.Error("no word of it")
	}
	if r := add(t, s, at(1), Incident); r.Durable {
		t.Error("durable where nothing is")
	}
}

func TestFolderGoneWhileRunning(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "spool")
	s := opened(t, SpoolOptions{Dir: dir})
	add(t, s, at(1), Manual)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if r := add(t, s, at(2), Incident); r.Durable || s.Counts().NotDurable != 1 {
		t.Errorf("%+v, %+v", r, s.Counts())
	}
	if _, err := s.Read(at(1)); !errors.Is(err, ErrDamaged) {
		t.Errorf("a pack whose file is gone: %v", err)
	}
	if _, err := s.Read(at(2)); err != nil {
		t.Error(err)
	}
	for i := range 1000 {
		if _, err := s.Add(packOf(at(10+i), Incident, 800_000)); err != nil {
			if !errors.Is(err, ErrNoRoom) || s.Counts().Dropped[NoDisk] != 1 {
				t.Errorf("%v, %v", err, s.Counts().Dropped)
			}
			return
		}
	}
	t.Error("the memory has no bound")
}
