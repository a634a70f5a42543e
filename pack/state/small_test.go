package state

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPseudonymKeyIsMadeOnce(t *testing.T) {
	dir := scratch(t)
	s, _ := mustOpen(t, dir, small)
	first, err := s.PseudonymKey()
	if err != nil || !first.Made || first.Replaced || len(first.Text) != keySigns {
		t.Fatalf("%+v %v", first, err)
	}
	s.Close()
	s, _ = mustOpen(t, dir, small)
	again, err := s.PseudonymKey()
	if err != nil || again.Made || again.Replaced || !bytes.Equal(again.Text, first.Text) {
		t.Fatalf("%+v %v", again, err)
	}
	path := filepath.Join(dir, keyName)
	data, err := os.ReadFile(path)
	if err != nil || string(data) != string(first.Text)+"\n" {
		t.Fatalf("the file: %q %v", data, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v %v", info.Mode(), err)
	}
	other, _ := mustOpen(t, scratch(t), small)
	if k, err := other.PseudonymKey(); err != nil || bytes.Equal(k.Text, first.Text) {
		t.Fatalf("two installations, one key: %v", err)
	}
}

func TestBrokenPseudonymKeyIsSetAside(t *testing.T) {
	sound := keyLine(bytes.Repeat([]byte{7}, keyBytes))
	for name, c := range map[string]struct {
		content string
		broken  bool
	}{
		"as it is":      {sound + "\n", false},
		"one sign":      {"1" + sound[1:] + "\n", true},
		"its checksum":  {sound[:keySigns-1] + "z\n", true},
		"no line end":   {sound, true},
		"capital signs": {strings.ToUpper(sound) + "\n", true},
		"empty":         {"", true},
		"a large file":  {strings.Repeat("0", maxSmall+1), true},
	} {
		dir := scratch(t)
		if err := os.WriteFile(filepath.Join(dir, keyName), []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		s, _ := mustOpen(t, dir, small)
		k, err := s.PseudonymKey()
		if err != nil || k.Replaced != c.broken || k.Made != c.broken || len(k.Text) != keySigns {
			t.Errorf("%s: %+v %v", name, k, err)
		}
		if st := s.Stats(); (st.AsideFiles == 1 || len(s.asides) == 1) != c.broken && len(c.content) < maxSmall {
			t.Errorf("%s: %d files set aside", name, len(s.asides))
		}
	}
}

func TestPseudonymKeyThatCannotBeReadIsNotReplaced(t *testing.T) {
	dir := scratch(t)
	if err := os.WriteFile(filepath.Join(dir, keyName), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused := errors.New("refused")
	s, _, err := openWith(dir, small, func(st step) error {
		if st.do == renameFile {
			return refused
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if k, err := s.PseudonymKey(); !errors.Is(err, refused) || k.Text != nil {
		t.Fatalf("%+v %v", k, err)
	}
	if data, err := os.ReadFile(filepath.Join(dir, keyName)); err != nil || string(data) != "x" {
		t.Fatalf("%q %v", data, err)
	}
}

func TestFilesBesideTheLog(t *testing.T) {
	dir := scratch(t)
	s, _ := mustOpen(t, dir, small)
	if _, err := s.ReadFile("budget.json"); !errors.Is(err, fs.ErrNotExist) || strings.Contains(err.Error(), dir) {
		t.Fatalf("none: %v", err)
	}
	for _, text := range []string{"first", "", "third"} {
		if err := s.WriteFile("budget.json", []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := s.ReadFile("budget.json"); err != nil || string(got) != text {
			t.Fatalf("%q %v", got, err)
		}
	}
	for _, name := range []string{"", "a", "lock", ".json", "../a.json", "A.json", "a/b.json", "a.txt", strings.Repeat("a", 33) + ".json"} {
		if err := s.WriteFile(name, nil); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("write %q: %v", name, err)
		}
		if _, err := s.ReadFile(name); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("read %q: %v", name, err)
		}
	}
	if err := s.WriteFile("a.json", make([]byte, maxSmall+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("large: %v", err)
	}
	s.Close()
	if err := s.WriteFile("a.json", nil); !errors.Is(err, ErrClosed) {
		t.Errorf("closed: %v", err)
	}
	if got := names(t, dir); len(got) != 2 {
		t.Errorf("files %v", got)
	}
}
