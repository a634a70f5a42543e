package state

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestForeignFilesAreLeftAlone(t *testing.T) {
	dir := scratch(t)
	for _, name := range []string{"notes.txt", "notes.txt.tmp", "log-1.seg", "log-00000000000000ZZ.seg", "x.broken-20261124T115332.000Z",
		"pseudonym.key.bak", "log-0000000000000001.seg.broken-yesterday", ".relaypack-tmp", "Log.json" + tempSuffix} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "spool"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	before := names(t, dir)
	s, rep := mustOpen(t, dir, small)
	appendAll(t, s, 1, 100)
	if err := s.Compact(sequence(1, 5)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sweep(nil, func(r Record) (Record, bool) { return r, true }); err != nil {
		t.Fatal(err)
	}
	if rep.Foreign != len(before) || !rep.Shared || len(rep.Aside) != 0 {
		t.Fatalf("%+v", rep)
	}
	after := names(t, dir)
	for _, name := range before {
		if data, err := os.ReadFile(filepath.Join(dir, name)); name != "spool" && (err != nil || string(data) != name) {
			t.Errorf("%s: %q %v", name, data, err)
		}
		if !slices.Contains(after, name) {
			t.Errorf("%s is gone", name)
		}
	}
	if info, _ := os.Stat(dir); info.Mode().Perm() != 0o755 {
		t.Errorf("a shared folder was changed: %v", info.Mode())
	}
}

func TestWhereNoFolderCanBe(t *testing.T) {
	top := scratch(t)
	plain := filepath.Join(top, "plain")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	link := func(to, name string) string {
		name = filepath.Join(top, name)
		if err := os.Symlink(to, name); err != nil {
			t.Fatal(err)
		}
		return name
	}
	real := filepath.Join(top, "real")
	if err := os.Mkdir(real, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ dir, fault string }{
		{"", "no name"},
		{plain, "a file stands"},
		{filepath.Join(plain, "below"), "not a directory"},
		{link("nowhere", "dangling"), "leads nowhere"},
		{link("itself", "itself"), "symbolic link"},
		{link(plain, "to-plain"), "a file stands"},
		{link(real, "to-real"), ""},
		{"/proc/state", "make it"}, // a file system that takes no folder, whoever asks
	} {
		s, _, err := Open(c.dir, small)
		if c.fault == "" {
			if err != nil {
				t.Errorf("%s: %v", c.dir, err)
				continue
			}
			s.Close()
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.fault) || strings.Contains(err.Error(), top) {
			t.Errorf("%s: %v, want %q and no path", c.dir, err, c.fault)
		}
	}
}

func TestLinksAreNotFollowed(t *testing.T) {
	dir, outside := scratch(t), filepath.Join(scratch(t), "outside")
	if err := os.WriteFile(outside, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{segmentName(1), segmentName(2) + tempSuffix, keyName, keyName + tempSuffix, segmentName(1) + tempSuffix} {
		if err := os.Symlink(outside, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	s, rep := mustOpen(t, dir, small)
	if rep.Broken != 1 || rep.Aside[0].Why != whyIrregular {
		t.Fatalf("%+v", rep)
	}
	appendAll(t, s, 1, 50)
	if k, err := s.PseudonymKey(); err != nil || !k.Replaced {
		t.Fatalf("%+v %v", k, err)
	}
	if err := s.Compact(sequence(1, 50)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sweep(nil, func(r Record) (Record, bool) { return r, true }); err != nil {
		t.Fatal(err)
	}
	wantNumbers(t, s, run(1, 50))
	if data, err := os.ReadFile(outside); err != nil || string(data) != "precious" {
		t.Fatalf("outside: %q %v", data, err)
	}
	s.Close()
	locked := scratch(t)
	if err := os.Symlink(outside, filepath.Join(locked, lockName)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Open(locked, small); err == nil || !strings.Contains(err.Error(), "lock state folder") {
		t.Fatalf("a linked lock: %v", err)
	}
}

func TestFoldersUnderOurNamesAreSetAside(t *testing.T) {
	dir := scratch(t)
	if err := os.MkdirAll(filepath.Join(dir, segmentName(7), "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	s, rep := mustOpen(t, dir, small)
	if rep.Broken != 1 {
		t.Fatalf("%+v", rep)
	}
	appendAll(t, s, 1, 9)
	if _, err := s.Sweep(nil, func(r Record) (Record, bool) { return r, true }); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, rep.Aside[0].Name, "full")); err != nil {
		t.Fatal(err)
	}
}
