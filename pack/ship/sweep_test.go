package ship

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What killed lives left in the folders of all days goes, once it is an hour old; what is young, has
// another name or is no plain file stays, wherever it is.
func TestTempFilesOfKilledLivesGo(t *testing.T) {
	b := stores[0].bucket(t, "")
	root := b.(*dir).root
	temp := func(n string) string { return tempPrefix + strings.Repeat(n, 26) }
	name, o := object(t, oneID, 100)
	today := filepath.Dir(name)
	old := time.Now().Add(-2 * time.Hour)
	put := func(path string, at time.Time) {
		t.Helper()
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	gone := []string{today + "/" + temp("a"), "date=2025-01-01/namespace=_none/pod=x/" + temp("b"), "date=2024-01-01/namespace=y/pod=z.1/" + temp("c")}
	stays := []string{
		"date=2025-01-01/namespace=_none/pod=x/" + tempPrefix + "notes",                   // not our form
		"date=2025-01-01/namespace=_none/pod=x/" + temp("d") + ".bak",                     //
		"date=2025-01-01/namespace=_none/pod=x/x" + temp("e"),                             //
		"date=2025-01-01/namespace=_none/pod=x/" + strings.ToUpper(temp("f")),             //
		"date=2025-01-01/namespace=_none/pod=x/pack-1764000000000-abc124.json.gz",         // an object
		"date=2025-01-01/namespace=_none/pod=x/.pack-1764000000000-abc124.json.gz.sha256", //
		"date=2025-01-01/namespace=_none/pod=x/" + temp("g") + "/" + temp("h"),            // a folder of that name
		"date=2025-01-01/" + temp("k"), temp("l"), "other/namespace=y/pod=z/" + temp("m"), // where we put nothing
	}
	for _, path := range append(gone, stays...) {
		put(path, old)
	}
	young := "date=2025-01-01/namespace=_none/pod=x/" + temp("n")
	put(young, time.Now().Add(-50*time.Minute))
	link := filepath.Join(root, "date=2025-01-01/namespace=_none/pod=x", temp("p"))
	if err := os.Symlink(filepath.Join(root, stays[0]), link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(root, "other/namespace=y"), filepath.Join(root, "date=2025-01-01/namespace=linked")); err != nil {
		t.Fatal(err)
	}
	if err := b.Put(t.Context(), name, o); err != nil {
		t.Fatal(err)
	}
	is := func(path string) bool {
		_, err := os.Lstat(filepath.Join(root, path))
		return err == nil
	}
	for _, path := range gone {
		if is(path) {
			t.Errorf("%s is still there", path)
		}
	}
	for _, path := range append(stays, young, strings.TrimPrefix(link, root)) {
		if !is(path) {
			t.Errorf("%s was removed", path)
		}
	}
	// Each folder once in a life: what comes later is the next life's.
	put(gone[1], old)
	again, _ := object(t, "pack-1764000000009-abc123", 100)
	if err := b.Put(t.Context(), again, o); err != nil {
		t.Fatal(err)
	}
	if !is(gone[1]) {
		t.Error("the folder was looked through twice")
	}
	if err := (&dir{root: root}).Put(t.Context(), strings.Replace(again, "9-abc123", "8-abc123", 1), o); err != nil {
		t.Fatal(err)
	}
	if is(gone[1]) {
		t.Error("the next life leaves it")
	}
}
