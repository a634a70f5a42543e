package need

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// told is a test that notes how it would have ended.
type told struct {
	testing.TB
	skipped, failed string
}

func (t *told) Helper() {}

func (t *told) Skipf(format string, args ...any) { t.skipped = fmt.Sprintf(format, args...) }

func (t *told) Fatalf(format string, args ...any) { t.failed = fmt.Sprintf(format, args...) }

func TestCITurnsASkipIntoAFailure(t *testing.T) {
	const absent = "relaypack-tool-that-is-nowhere"
	for _, c := range []struct {
		ci    string
		fails bool
	}{{"true", true}, {"", false}, {"false", false}} {
		t.Run("CI="+c.ci, func(t *testing.T) {
			t.Setenv("CI", c.ci)
			inner := &told{TB: t}
			if path := Tool(inner, absent); path != "" && !c.fails {
				t.Errorf("a path of what is not there: %s", path)
			}
			failed, skipped := inner.failed != "", inner.skipped != ""
			if failed != c.fails || !c.fails && !skipped {
				t.Errorf("failed %q, skipped %q", inner.failed, inner.skipped)
			}
		})
	}
}

func TestToolThatIsThere(t *testing.T) {
	dir := t.TempDir()
	want := filepath.Join(dir, "made-up-tool")
	if err := os.WriteFile(want, []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	for _, ci := range []string{"", "true"} {
		t.Setenv("CI", ci)
		inner := &told{TB: t}
		if got := Tool(inner, "made-up-tool"); got != want || inner.failed != "" || inner.skipped != "" {
			t.Errorf("CI=%s: %q, failed %q, skipped %q", ci, got, inner.failed, inner.skipped)
		}
	}
}
