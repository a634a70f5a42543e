package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"relaypack/agent/internal/fixture"
)

// Files are looked at every 10 s; each change of their state is one line.
func TestPollFiles(t *testing.T) {
	dir := t.TempDir()
	bearer, named := filepath.Join(dir, "bearer"), filepath.Join(dir, "named")
	write := func(path, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(bearer, "first-Bearer-4711")
	write(named, "0123456789abcdef")
	s, faults := checked(t, "RELAYPACK_RELAY_TOKEN_FILE="+bearer, "RELAYPACK_PSEUDONYM_KEY_FILE="+named)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	log := &fixture.Page{}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		calls, looks := 0, 0
		go pollFiles(ctx, s.files(), slog.New(slog.NewTextHandler(log, nil)), func() { looks++ }, func() { calls++ })
		for _, step := range []struct {
			name  string
			do    func()
			want  string // in the one line that is said; "" for silence
			first string
			calls int
		}{
			{"nothing", func() {}, "", "first-Bearer-4711", 0},
			{"another bearer", func() { write(bearer, "second-Bearer-0815\n") }, `msg="file changed" variable=RELAYPACK_RELAY_TOKEN_FILE`, "second-Bearer-0815", 1},
			{"only a line end", func() { write(bearer, "second-Bearer-0815") }, "", "second-Bearer-0815", 1},
			{"gone", func() { os.Remove(bearer) }, "its last content stays in force", "second-Bearer-0815", 1},
			{"still gone", func() {}, "", "second-Bearer-0815", 1},
			{"back", func() { write(bearer, "third-Bearer-2342") }, `msg="file usable again"`, "third-Bearer-2342", 2},
			{"another name for ids", func() { write(named, "fedcba9876543210") }, "counts from the next start on", "third-Bearer-2342", 3},
		} {
			before := len(log.String())
			step.do()
			time.Sleep(filePoll)
			synctest.Wait()
			said := log.String()[before:]
			if strings.Count(said, "\n") != min(len(step.want), 1) || !strings.Contains(said, step.want) {
				t.Errorf("%s: it says %q, want %q", step.name, said, step.want)
			}
			if s.bearer.first() != step.first || calls != step.calls {
				t.Errorf("%s: %s, %d calls", step.name, s.bearer.first(), calls)
			}
		}
		cancel()
		synctest.Wait()
		if looks != 7 {
			t.Errorf("%d looks around in 7 turns", looks)
		}
	})
	if strings.Contains(log.String(), "Bearer-") || strings.Contains(log.String(), "fedcba98") {
		t.Errorf("a value stands in the log:\n%s", log)
	}
	if string(s.pseudonymKey) != "0123456789abcdef" {
		t.Error("the key changed while the agent runs")
	}
}
