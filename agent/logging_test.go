package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"relaypack/agent/internal/fixture"
	"relaypack/scrape"
)

func TestChangesAreToldOnce(t *testing.T) {
	log := &fixture.Page{}
	changes := newChangeLog(slog.New(slog.NewTextHandler(log, nil)), scrape.Life{})
	begun, died := time.Unix(1000, 0), time.Unix(2000, 0)
	snapshot := func(metrics, summary scrape.Status, port scrape.PortState, life scrape.Life) *scrape.Snapshot {
		return &scrape.Snapshot{Port: port, Life: life, States: map[string]scrape.State{
			"metrics": {Status: metrics}, "summary": {Status: summary, Reason: "why"}, "later": {Status: scrape.Skipped}}}
	}
	first := scrape.Life{N: 1, StartedAt: begun}
	for _, step := range []struct {
		name string
		s    *scrape.Snapshot
		want []string
	}{
		{"first look", snapshot(scrape.OK, scrape.Gated, scrape.PortOpen, first), []string{
			`level=INFO msg="source changed" source=metrics status=ok`, `level=WARN msg="source changed" source=summary status=gated reason=why`,
			`msg="relay port changed" port=open`, `msg="relay life began" life=1`}},
		{"nothing new", snapshot(scrape.OK, scrape.Gated, scrape.PortOpen, first), nil},
		{"one source heals", snapshot(scrape.OK, scrape.OK, scrape.PortOpen, first), []string{"source=summary status=ok"}},
		{"death", snapshot(scrape.Unreachable, scrape.OK, scrape.PortRefused, scrape.Life{N: 1, StartedAt: begun, EndedAt: died, End: "gone"}), []string{
			"source=metrics status=unreachable", "port=refused", `level=WARN msg="relay life ended" life=1 end=gone`}},
		{"still dead", snapshot(scrape.Unreachable, scrape.OK, scrape.PortRefused, scrape.Life{N: 1, StartedAt: begun, EndedAt: died, End: "gone"}), nil},
		{"it was not dead", snapshot(scrape.Unreachable, scrape.OK, scrape.PortRefused, first), []string{`msg="relay life goes on" life=1`}},
		{"next life", snapshot(scrape.Unreachable, scrape.OK, scrape.PortRefused, scrape.Life{N: 2}), []string{`msg="relay life began" life=2`}},
	} {
		before := len(log.String())
		changes.note(step.s)
		said := log.String()[before:]
		if lines := strings.Count(said, "\n"); lines != len(step.want) {
			t.Errorf("%s: %d lines, want %d:\n%s", step.name, lines, len(step.want), said)
		}
		for _, want := range step.want {
			if !strings.Contains(said, want) {
				t.Errorf("%s: no %q in\n%s", step.name, want, said)
			}
		}
	}
}

// The first look after a restart tells what became of the life that was known.
func TestLivesAreToldAfterARestart(t *testing.T) {
	begun, died := time.Unix(1000, 0), time.Unix(2000, 0)
	lived, ended := scrape.Life{N: 3, StartedAt: begun}, scrape.Life{N: 3, StartedAt: begun, EndedAt: died, End: "gone"}
	for _, c := range []struct {
		name        string
		last, found scrape.Life
		want        string
	}{
		{"it runs on", lived, lived, "relay life goes on life=3"},
		{"it ended meanwhile", lived, ended, "relay life ended life=3 end=gone"},
		{"it had ended before", ended, ended, ""},
		{"the next one", ended, scrape.Life{N: 4, StartedAt: died}, "relay life began life=4"},
		{"the next one, unseen end", lived, scrape.Life{N: 4, StartedAt: died}, "relay life began life=4"},
		{"nothing was known", scrape.Life{}, scrape.Life{N: 1, StartedAt: begun}, "relay life began life=1"},
	} {
		log := &fixture.Page{}
		changes := newChangeLog(slog.New(slog.NewTextHandler(log, nil)), c.last)
		for range 2 {
			changes.note(&scrape.Snapshot{Life: c.found})
		}
		said := strings.ReplaceAll(log.String(), `"`, "")
		if n := strings.Count(said, "relay life"); n > 1 || (n == 1) != (c.want != "") || !strings.Contains(said, c.want) {
			t.Errorf("%s: %s", c.name, said)
		}
	}
}
