package scrape

import (
	"os"
	"path/filepath"
	"testing"
)

// A relay whose memory runs full between two looks was near its limit when it was glanced at.
func TestMemoryIsGlancedAt(t *testing.T) {
	proc := t.TempDir()
	page := os.Getpagesize()
	resident := func(text string) {
		if err := os.MkdirAll(filepath.Join(proc, "7"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(proc, "7", "statm"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h := &held{identity: identity{pid: 7}}
	h.look(&Process{RSS: uint64(50 * page), PodLimit: uint64(100 * page)})
	for _, c := range []struct {
		statm string
		want  bool
	}{{"500 89 3 1 0 9 0", false}, {"", false}, {"500", false}, {"500 x 3", false}, {"500 90 3 1 0 9 0", true}, {"500 20 3 1 0 9 0", true}} {
		resident(c.statm)
		h.glance(proc)
		if h.near != c.want {
			t.Errorf("%q: near is %v", c.statm, h.near)
		}
	}
	h.look(&Process{RSS: uint64(50 * page), PodLimit: uint64(100 * page)}) // a look knows better
	if h.near {
		t.Error("near although a look saw less")
	}
	h = &held{identity: identity{pid: 7}}
	h.look(&Process{RSS: 1})
	resident("500 1000 3 1 0 9 0")
	if h.glance(proc); h.near {
		t.Error("near a limit that nobody knows")
	}
}
