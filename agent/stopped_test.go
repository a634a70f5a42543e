package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"relaypack/pack/ship"
	"relaypack/scrape/demorelay"
)

// The agent is told to stop while its relay lives: a last pack is on disk at once, and delivered before the
// end, as far as the store lets it within GRACE; what is left waits for the next start, and arrives then.
func TestStopLeavesALastPack(t *testing.T) {
	relay, address := liveRelay(t, demorelay.DemoOptions(33))
	dir := t.TempDir()
	state, bucket, missing := filepath.Join(dir, "state"), t.TempDir(), filepath.Join(dir, "missing")
	serve := func(store string) *running {
		program := startProgram(t, "serve", "RELAYPACK_RELAY_URL=http://"+address, "RELAYPACK_RELAY_TOKEN="+relay.Bearer(), "RELAYPACK_PROCESS=off",
			"RELAYPACK_ADMIN_TOKEN="+testAdmin, "RELAYPACK_LISTEN="+freePort(t), "RELAYPACK_PROBE_LISTEN="+freePort(t),
			"RELAYPACK_STATE_DIR="+state, "RELAYPACK_PUSH_URL=file://"+store, "RELAYPACK_GRACE=4s", "RELAYPACK_PUSH_INTERVAL=0")
		s := &serving{t: t, api: program.variable("RELAYPACK_LISTEN"), bear: testAdmin}
		program.listening(t, s.api)
		eventually(t, "a look", func() bool { return len(eventsOf(t, s)) > 100 })
		return program
	}
	waiting := func() []string {
		list, err := filepath.Glob(filepath.Join(state, "spool", "*.final.waiting"))
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	program := serve(missing)
	told := time.Now()
	if err := program.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the last pack on disk", func() bool { return len(waiting()) == 1 })
	kept := time.Since(told)
	<-program.ended
	took := time.Since(told)
	t.Logf("kept after %v, ended after %v", kept, took)
	if program.err != nil || took > 10*time.Second || kept > took/2 && kept > time.Second {
		t.Errorf("%v: kept after %v, ended after %v: %s", program.err, kept, took, program.stderr.String())
	}
	if left := waiting(); len(left) != 1 || !strings.Contains(program.stderr.String(), "packs wait for the next start") {
		t.Errorf("%v wait", left)
	}
	serve(bucket).end(t, syscall.SIGTERM)
	if n := len(objectsIn(bucket)); n != 2 || len(waiting()) != 0 {
		t.Errorf("%d objects, %v wait", n, waiting())
	}
	for _, path := range objectsIn(bucket) {
		if doc := unpacked(t, path); at(doc, "supportBundle", "trigger", "kind") != "final" {
			t.Errorf("%v", at(doc, "supportBundle", "trigger"))
		}
	}
	wholeObjects(t, bucket)
}

// Each interval has one periodic pack, at a time that is another one for each agent and interval.
func TestPeriodicPacksComeOutOfStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const hours, agents = 6, 3
		began := time.Now()
		phases := map[time.Duration]bool{}
		for range agents {
			s := configuredBy(t, []string{"RELAYPACK_PROCESS=off", "RELAYPACK_RELAY_URL=http://relay.test:3001"})
			o, err := observe(s, time.Now)
			if err != nil {
				t.Fatal(err)
			}
			sh, err := newShipping(s, o, &keeper{}, time.Now, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), hours*time.Hour)
			from := time.Now()
			sh.periodic(ctx)
			cancel()
			slots := map[time.Duration]int{}
			for _, it := range sh.spool.List() {
				since := it.At.Sub(from)
				slots[since/s.pushInterval]++
				phases[since%s.pushInterval] = true
				if it.Kind != ship.Periodic {
					t.Errorf("a pack of kind %s", it.Kind)
				}
			}
			for slot := range time.Duration(hours) {
				if slots[slot] != 1 {
					t.Errorf("%d packs in hour %d", slots[slot], slot)
				}
			}
		}
		if len(phases) < agents*hours-1 || time.Since(began) != agents*hours*time.Hour {
			t.Errorf("%d different times of %d", len(phases), agents*hours)
		}
	})
}
