package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"relaypack/agent/internal/web"
	"relaypack/pack"
	"relaypack/scrape"
)

// Made-up secrets of every row of the redaction policy are planted in a captured relay's answers, in
// every place where the relay puts foreign text; none may come out of the agent, in any spelling.
func TestPlantedSecretsStayIn(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	p := planter{rand.New(rand.NewPCG(seed, 3))}
	folder := capture(t, "tapped")
	secrets := p.all()
	for i, s := range secrets {
		plant(t, folder, i, s)
	}
	odd := "Race-" + p.from(upper, 3) + "-" + p.from(digits, 6) // a session id of no shape, known because the relay lists it
	listSession(t, folder, odd)
	secrets = append(secrets, planted{row: "id seen elsewhere, in text", value: odd})
	plant(t, folder, len(secrets)-1, planted{text: "lost " + odd + ", again", row: "id seen elsewhere"})

	_, o, relay := replayed(t, folder, true)
	plant(t, folder, len(secrets), planted{text: "upstream got " + testAdmin + " and " + relay.Bearer()})
	secrets = append(secrets, planted{row: "the API's own bearer", value: testAdmin}, planted{row: "the relay's bearer", value: relay.Bearer()})
	relay.SwitchTo(folder)

	var log bytes.Buffer
	changes := newChangeLog(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})), scrape.Life{})
	snapshot := o.scraper.Look(t.Context())
	o.recorder.Record(snapshot)
	changes.note(snapshot)
	for name, out := range everyAnswer(t, o, "sess_09e18fd43c2d") {
		search(t, name, out, secrets)
	}
	search(t, "the log", log.Bytes(), secrets)
}

// everyAnswer collects all that the agent gives to anybody, the pack with one session in it.
func everyAnswer(t *testing.T, o *observer, session string) map[string][]byte {
	t.Helper()
	made, err := o.builder.Build(t.Context(), pack.Request{SessionID: session, TraceID: "trace-123", IncludeConfig: true})
	if err != nil {
		t.Fatal(err)
	}
	validPack(t, made.Bytes())
	if made.Verdict() == pack.Minimal {
		t.Error("planted strings silenced the pack")
	}
	out := map[string][]byte{"the pack": made.Bytes(), "events": o.builder.Events(pack.EventFilter{Limit: 2000})}
	for _, view := range pack.Views() {
		if out[view], err = o.builder.View(view); err != nil {
			t.Fatal(err)
		}
	}
	if out["history"], err = o.builder.History("", time.Time{}); err != nil {
		t.Fatal(err)
	}
	var _ web.Source = o.builder
	return out
}

func search(t *testing.T, place string, out []byte, secrets []planted) {
	t.Helper()
	for _, s := range secrets {
		for _, form := range spellings(s.value) {
			if i := bytes.Index(out, []byte(form)); i >= 0 {
				t.Errorf("%s: %s came out in %s: ...%s...", s.row, s.value, place, out[max(0, i-80):min(len(out), i+len(form)+20)])
				break
			}
		}
	}
}

// plant puts one secret into the i-th newest event of both error stores, and its prose into the
// reasons of socket and relay events, a stack, a track's name and a label as well.
func plant(t *testing.T, folder fstest.MapFS, i int, s planted) {
	t.Helper()
	change(t, folder, "ops-events-error.json", func(d map[string]any) {
		e := d["events"].([]any)[i].(map[string]any)
		if s.text != "" {
			e["message"] = s.text
			e["stack"] = "Error: " + s.text + "\n    at run (/srv/controlbox/dist/index.js:7:1)"
		}
		if s.members != "" {
			var context map[string]any
			if err := json.Unmarshal([]byte("{"+s.members+"}"), &context); err != nil {
				t.Fatalf("%s: %v", s.row, err)
			}
			e["context"] = context
		}
	})
	change(t, folder, "diagnostics-errors-recent.json", func(d map[string]any) {
		e := d["errors"].([]any)[i].(map[string]any)
		if s.text != "" {
			e["message"] = s.text
		}
		if s.members != "" {
			e["metadata"] = json.RawMessage("{" + s.members + "}")
		}
	})
	if s.text == "" {
		return
	}
	for _, file := range []string{"ops-events-socket.json", "ops-events-relay.json"} {
		change(t, folder, file, func(d map[string]any) { d["events"].([]any)[i].(map[string]any)["reason"] = s.text })
	}
	change(t, folder, "ops-sessions.json", func(d map[string]any) {
		list := d["sessions"].([]any)
		list[i%len(list)].(map[string]any)["state"] = s.text
	})
	f := folder["metrics.txt"]
	f.Data = append(f.Data, fmt.Sprintf("controlbox_incident_events_total{type=%s} 1\n", strconv.Quote(s.text))...)
}

func listSession(t *testing.T, folder fstest.MapFS, id string) {
	t.Helper()
	change(t, folder, "diagnostics-sessions-active.json", func(d map[string]any) {
		list := d["sessions"].([]any)
		list[0].(map[string]any)["sessionId"] = id
	})
}

// change decodes one captured answer, changes its data and writes it back, numbers as they were.
func change(t *testing.T, folder fstest.MapFS, file string, fn func(data map[string]any)) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(folder[file].Data))
	dec.UseNumber()
	var doc map[string]any
	if err := dec.Decode(&doc); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	fn(doc["data"].(map[string]any))
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(doc); err != nil {
		t.Fatal(err)
	}
	folder[file] = &fstest.MapFile{Data: []byte(b.String())}
}
