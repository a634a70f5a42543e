package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"relaypack/scrape/demorelay"
)

// A folder that cannot be used costs what it would have kept, not the agent: each pack says why.
func TestStateFolderThatCannotBeUsed(t *testing.T) {
	taken := t.TempDir()
	first := openKeeper(taken, 1<<20, slog.New(slog.DiscardHandler))
	defer first.close()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{"": noFolder, taken: lockedFolder, file: badFolder, filepath.Join(file, "below"): badFolder} {
		var log bytes.Buffer
		k := openKeeper(dir, 1<<20, slog.New(slog.NewTextHandler(&log, nil)))
		if n := k.numbers(); n.Kept || n.Why != want || k.store != nil {
			t.Errorf("%q: %+v, want %q", dir, n, want)
		}
		if told := log.Len() > 0; told != (dir != "") {
			t.Errorf("%q: log %q", dir, log.String())
		}
		if k.key() != nil {
			t.Errorf("%q: a key of a folder that is not used", dir)
		}
		k.close()
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "mine" {
		t.Error("the file was touched")
	}
}

// The first agent on a folder keeps it; the second one says so in its packs and goes on in memory.
func TestSecondAgentOnAFolder(t *testing.T) {
	dir := t.TempDir()
	inFalseTime(t, demorelay.DemoOptions(6), func(t *testing.T, relay *demorelay.Relay) {
		one, two := box(t, relay, dir), (*boxed)(nil)
		time.Sleep(15 * time.Second)
		two = boxOn(t, relay, dir)
		time.Sleep(15 * time.Second)
		state := at(two.pack(t), "supportBundle", "state").(map[string]any)
		if state["kept"] != false || state["why"] != lockedFolder || state["restoredEvents"] != 0.0 {
			t.Errorf("second: %v", state)
		}
		if state := at(one.pack(t), "supportBundle", "state").(map[string]any); state["kept"] != true {
			t.Errorf("first: %v", state)
		}
		two.end()
		one.end()
	})
}

// A disk that fills up while the agent runs costs nothing that is in memory; when there is room again all
// of it is written.
func TestDiskThatFillsUp(t *testing.T) {
	dir := smallDisk(t)
	inFalseTime(t, demorelay.DemoOptions(7), func(t *testing.T, relay *demorelay.Relay) {
		b := box(t, relay, dir)
		time.Sleep(15 * time.Second)
		ballast := filepath.Join(dir, "ballast")
		fill(t, ballast)
		time.Sleep(time.Minute)
		state := at(b.pack(t), "supportBundle", "state").(map[string]any)
		if state["kept"] != false || state["why"] != failedWrites || state["failures"].(float64) < 1 {
			t.Errorf("full: %v", state)
		}
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
		time.Sleep(writeRetry + 15*time.Second)
		before := b.pack(t)
		if state := at(before, "supportBundle", "state").(map[string]any); state["kept"] != true || state["why"] != nil {
			t.Errorf("room again: %v", state)
		}
		b.end()
		next := box(t, relay, dir)
		after := next.pack(t)
		for _, class := range []string{"socket", "relay", "session", "error"} {
			was, is := at(before, "recentEvents", class).([]any), at(after, "recentEvents", class).([]any)
			if len(is) < len(was) {
				t.Errorf("%s: %d events, %d before", class, len(is), len(was))
			}
		}
		next.end()
	})
}

// smallDisk is a file system of 4 MiB.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	mountSmall(t, dir)
	return dir
}

func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 16; size > 0; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			if !strings.Contains(err.Error(), "no space") {
				t.Fatal(err)
			}
			size /= 2
		}
	}
}

// A key that was made once names the same in the next agent; a broken one is told, and another made.
func TestKeyOfTheFolderStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		var log bytes.Buffer
		open := func() []byte {
			k := openKeeper(dir, 1<<20, slog.New(slog.NewTextHandler(&log, nil)))
			defer k.close()
			return k.key()
		}
		first := open()
		if again := open(); len(first) < leastKey || !bytes.Equal(first, again) {
			t.Errorf("%d bytes, then others", len(first))
		}
		if err := os.WriteFile(filepath.Join(dir, "pseudonym.key"), []byte("short"), 0o600); err != nil {
			t.Fatal(err)
		}
		log.Reset()
		if other := open(); bytes.Equal(first, other) || !strings.Contains(log.String(), "set aside") {
			t.Errorf("a broken key: %s", log.String())
		}
	})
}

// --check tells a folder that cannot be written; the agent itself goes on in memory, with the API up.
func TestFolderFault(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, good := range map[string]bool{"": true, dir: true, filepath.Join(dir, "new"): true, file: false, filepath.Join(file, "x"): false, filepath.Join(dir, "a", "b"): false, "/proc/relaypack": false} {
		if why := folderFault(path); (why == "") != good {
			t.Errorf("%s: %q", path, why)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
