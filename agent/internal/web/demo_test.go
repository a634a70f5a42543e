package web

import (
	"encoding/json"
	"strings"
	"testing"

	"relaypack/pack"
	"relaypack/scrape"
	"relaypack/scrape/demorelay"
	"relaypack/scrape/profile"
)

// TestRealBuilder: the API in front of a real builder that looked at the demo relay once.
func TestRealBuilder(t *testing.T) {
	relay := demorelay.New(demorelay.DemoOptions(1))
	served := make(chan error, 1)
	go func() { served <- relay.Serve(relay.Listener()) }()
	t.Cleanup(func() { relay.Close(); <-served })
	builder, err := newBuilder(func(p *profile.Profile, rec *pack.Recorder) pack.Asker {
		s, err := scrape.New(scrape.Options{
			Profile: p, URL: "http://relay.test:3001", Dial: relay.Dial, Bearer: relay.Bearer, Process: "off",
		})
		if err != nil {
			t.Fatal(err)
		}
		rec.Record(s.Look(t.Context()))
		return s
	})
	if err != nil {
		t.Fatal(err)
	}
	b := setup(t, nil)
	b.api.opt.Source = func() Source { return builder }

	object := func(r reply) map[string]any {
		t.Helper()
		var v map[string]any
		if err := json.Unmarshal(r.body, &v); err != nil || r.code != 200 {
			t.Fatalf("%d: %v", r.code, err)
		}
		return v
	}
	made := b.ask("POST", packPath, `{"sessionId":"`+relay.Session()+`","traceId":"trace-123","includeConfig":true}`)
	doc := object(made)
	id, _ := doc["packId"].(string)
	if made.header.Get("Content-Disposition") != `attachment; filename="support-pack-`+id+`.json"` || doc["sessionParity"] == nil {
		t.Errorf("pack %q of the demo relay: %v, parity %v", id, made.header, doc["sessionParity"])
	}
	for _, path := range gets {
		view := object(b.ask("GET", path, ""))
		if _, ok := view["asOf"]; !ok {
			t.Errorf("%s has no asOf", path)
		}
		if _, ok := view["stale"].(bool); !ok {
			t.Errorf("%s does not say whether it is stale", path)
		}
	}
	events := object(b.ask("GET", "/api/ops/events?type=socket&limit=3", ""))
	if list, _ := events["events"].([]any); len(list) != 3 {
		t.Errorf("%d events of 3", len(list))
	}
	if got := b.ask("GET", "/api/ops/history?series=no.such", ""); got.code != 400 || got.problem.Field != "series" {
		t.Errorf("a series that is not there: %d", got.code)
	}
	if strings.Contains(b.log.String(), relay.Session()) {
		t.Error("the session id stands in the log")
	}
}
