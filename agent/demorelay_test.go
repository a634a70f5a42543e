package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"relaypack/pack"
	"relaypack/scrape"
	"relaypack/scrape/demorelay"
)

// An hour of the demo's relay goes through the agent: no canary and no raw id comes out anywhere, and the
// owner's own search of the pack finds nothing.
func TestDemoRelayKeepsItsSecrets(t *testing.T) {
	for seed := range uint64(5) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			relay, address := liveRelay(t, demorelay.DemoOptions(seed))
			s := configuredBy(t, []string{"RELAYPACK_RELAY_URL=http://" + address, "RELAYPACK_RELAY_TOKEN=" + relay.Bearer(),
				"RELAYPACK_ADMIN_TOKEN=" + testAdmin, "RELAYPACK_PROCESS=off"})
			o, err := observe(s, nil)
			if err != nil {
				t.Fatal(err)
			}
			var log bytes.Buffer
			changes := newChangeLog(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})), scrape.Life{})
			look := func() {
				snapshot := o.scraper.Look(t.Context())
				o.recorder.Record(snapshot)
				changes.note(snapshot)
			}
			look()
			relay.Raise("gateway", "lost session "+relay.Session()+" of "+relay.Bearer(), nil)
			look()
			answers := everyAnswer(t, o, relay.Session())
			answers["the log"] = log.Bytes()
			if len(answers["the pack"]) < 100_000 {
				t.Errorf("a pack of %d bytes only", len(answers["the pack"]))
			}
			ids := rawOf(t, relay)
			for place, out := range answers {
				for _, hit := range ids.in(out) {
					t.Errorf("%s stands in %s", hit, place)
				}
			}
			if hits := regexp.MustCompile(`(?i).{0,30}(token|key|secret).{0,30}`).FindAll(answers["the pack"], -1); len(hits) > 0 {
				t.Errorf("the owner's search finds %d: %q", len(hits), hits[0])
			}
		})
	}
}

// The search would find what comes out.
func TestRawSearchFinds(t *testing.T) {
	relay, _ := liveRelay(t, demorelay.DemoOptions(1))
	ids := rawOf(t, relay)
	for _, value := range append(relay.Canaries(), relay.Session(), relay.RawSockets()[0], relay.Bearer()) {
		for _, form := range spellings(value) {
			if len(ids.in([]byte(`{"message":"lost `+form+`, again"}`))) == 0 {
				t.Errorf("%s is not found as %s", value, form)
			}
		}
	}
	if hits := ids.in([]byte(`{"message":"all is well","sessionId":"sess...2d8e"}`)); len(hits) > 0 {
		t.Errorf("found %q in what holds nothing", hits)
	}
}

const indexed = 6 // bytes of a form by which it is found

// rawIndex finds thousands of values in one pass, each under the first bytes of its forms.
type rawIndex map[[indexed]byte][]rawForm

type rawForm struct{ form, value string }

// rawOf indexes all that a relay knows and nobody else may learn. Ids of fewer than eight characters or
// without a digit are ordinary words outside a field that holds an id, and are left out.
func rawOf(t *testing.T, relay *demorelay.Relay) rawIndex {
	t.Helper()
	index := rawIndex{}
	add := func(what, value string) {
		for _, form := range spellings(value) {
			if len(form) < indexed {
				t.Fatalf("%s %q is too short to look for", what, form)
			}
			index[[indexed]byte([]byte(form))] = append(index[[indexed]byte([]byte(form))], rawForm{form, what + " " + value})
		}
	}
	for _, c := range relay.Planted() {
		add("canary "+c.Kind, c.Value)
	}
	ids := 0
	for what, values := range map[string][]string{"session": relay.RawSessions(), "socket": relay.RawSockets()} {
		for _, id := range values {
			if len(id) >= 8 && strings.ContainsAny(id, "0123456789") {
				ids++
				add(what, id)
			}
		}
	}
	add("bearer", relay.Bearer())
	add("bearer", testAdmin)
	if len(relay.Planted()) < 10 || ids < 20 {
		t.Fatalf("only %d canaries and %d ids to look for", len(relay.Planted()), ids)
	}
	return index
}

// in names each value that stands in out, once.
func (x rawIndex) in(out []byte) []string {
	var hits []string
	seen := map[string]bool{}
	for i := 0; i+indexed <= len(out); i++ {
		for _, f := range x[[indexed]byte(out[i:i+indexed])] {
			if !seen[f.value] && bytes.HasPrefix(out[i:], []byte(f.form)) {
				seen[f.value] = true
				hits = append(hits, f.value+" (as "+string(out[max(0, i-60):min(len(out), i+len(f.form)+20)])+")")
			}
		}
	}
	return hits
}

// A relay in the stock state, with everything off: the pack is as valid, and holds as little.
func TestPackOfABareRelay(t *testing.T) {
	for name, o := range map[string]demorelay.Options{
		"all off": {Seed: 3, Sessions: 4}, "not wired": {Seed: 4, Sessions: 4, Metrics: true, Diagnostics: true, OpsUI: true},
		"nobody there": {Seed: 5, Metrics: true},
	} {
		t.Run(name, func(t *testing.T) {
			relay, address := liveRelay(t, o)
			s := configuredBy(t, []string{"RELAYPACK_RELAY_URL=http://" + address, "RELAYPACK_RELAY_TOKEN=" + relay.Bearer(), "RELAYPACK_PROCESS=off"})
			obs, err := observe(s, nil)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				made, err := obs.builder.Build(t.Context(), pack.Request{SessionID: "sess_abc123def456", TraceID: "trace-123", IncludeConfig: true})
				if err != nil {
					t.Fatal(err)
				}
				validPack(t, made.Bytes())
				for _, id := range relay.RawSessions() {
					if len(id) >= 8 && bytes.Contains(made.Bytes(), []byte(id)) {
						t.Errorf("session %s came out", id)
					}
				}
				obs.look(t.Context())
			}
		})
	}
}
