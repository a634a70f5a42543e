package child

import (
	"bytes"
	"errors"
	"path/filepath"
	"slices"
	"testing"
)

func TestPass(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	docs := [][]byte{[]byte("one"), {}, []byte("three")}
	if err := WriteAll(in, docs); err != nil {
		t.Fatal(err)
	}
	failed, err := pass(in, out, func(doc []byte) ([]byte, error) {
		if string(doc) == "one" {
			return []byte("half an answer"), errors.New("no")
		}
		return bytes.ToUpper(doc), nil
	})
	if err != nil || failed != 1 {
		t.Fatalf("%d documents failed, error %v; want 1, none", failed, err)
	}
	got, err := ReadAll(out)
	if want := [][]byte{{}, {}, []byte("THREE")}; err != nil || !slices.EqualFunc(got, want, bytes.Equal) {
		t.Errorf("outputs %q, error %v; want %q", got, err, want)
	}
}

func TestReadAllOfHalfAFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "docs")
	if err := WriteAll(name, [][]byte{[]byte("whole")}); err != nil {
		t.Fatal(err)
	}
	if docs, err := ReadAll(name); err != nil || len(docs) != 1 {
		t.Errorf("%q, error %v", docs, err)
	}
	if _, err := ReadAll(name + "-missing"); err == nil {
		t.Error("no error for a file that is not there")
	}
}

func TestMainWantsThreeFiles(t *testing.T) {
	if err := Main([]string{"one"}, nil, nil); err == nil {
		t.Error("no error for one argument")
	}
}

func TestPeak(t *testing.T) {
	if n, err := peak(); err != nil || n < 1<<20 {
		t.Errorf("peak of the resident set: %d, error %v; want a megabyte at least", n, err)
	}
}
