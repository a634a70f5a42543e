package main

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"relaypack/scrape/demorelay"
)

// A session may be named by its masked form while the relay lists it; a trace needs to know which one it is.
func TestTraceOfAMaskedSession(t *testing.T) {
	traced(t, demorelay.DemoOptions(1), func(a *tracing) {
		time.Sleep(time.Second)
		raw := a.relay.Session()
		masked := raw[:4] + "..." + raw[len(raw)-4:]
		begun := a.start(`{"sessionId":"` + masked + `","durationSec":1}`)
		if begun["sessionId"] != masked || begun["durationSec"] != 10.0 {
			t.Errorf("started: %v", begun)
		}
		time.Sleep(11 * time.Second)
		if doc := a.read(begun["traceId"]); len(given(column(doc, "framesIn"))) != 2 {
			t.Errorf("samples: %v", doc["samples"])
		}
		code, none := a.ask("POST", traceStart, `{"sessionId":"sess...none"}`)
		if code != http.StatusNotFound || none["field"] != "sessionId" {
			t.Errorf("one that is not live: %d %v", code, none)
		}
		a.start(`{"sessionId":"sess_unheardof0001"}`) // a raw one is its own word
	})
}

// The relay's own trace and the parity are extras: without them a trace runs all the same and says why.
func TestTraceWithoutRights(t *testing.T) {
	for _, c := range []struct {
		name         string
		diagnostics  bool
		token        string
		start, asked string // how these sources stand
		frames, ages any    // where they come from
	}{
		{"no diagnostics", false, "", "ok", "off", "sessions", "sessions"},
		{"no right", true, "RELAYPACK_RELAY_TOKEN=plain", "forbidden", "forbidden", nil, "telemetry"},
		{"no bearer", true, "RELAYPACK_RELAY_TOKEN=", "unauthorized", "unauthorized", nil, "telemetry"},
	} {
		t.Run(c.name, func(t *testing.T) {
			opt := demorelay.DemoOptions(1)
			opt.Diagnostics, opt.Env, opt.PlainBearer = c.diagnostics, "production", "plain"
			var env []string
			if c.token != "" {
				env = append(env, c.token)
			}
			traced(t, opt, func(a *tracing) {
				time.Sleep(26 * time.Second)
				begun := a.start(`{"sessionId":"` + a.relay.Session() + `","durationSec":60}`)
				if begun["stale"] != true {
					t.Errorf("nothing was told yet, and it is not stale: %v", begun)
				}
				time.Sleep(61 * time.Second) // the looks come less often, because they ask more
				doc := a.read(begun["traceId"])
				every5s(t, doc, 12)
				if got := given(column(doc, "framesIn")); (len(got) > 0) != (c.frames != nil) {
					t.Errorf("frames in %v", got)
				}
				if got := given(column(doc, "lastFrameAgeMs")); len(got) == 0 || len(got) > 2 {
					t.Errorf("ages in %v", got)
				}
				if (doc["relayTraceId"] != nil) != (c.start == "ok") {
					t.Errorf("the relay's own: %v", doc["relayTraceId"])
				}
				for source, want := range map[string]string{"traceStart": c.start, "parityOne": c.asked} {
					if got := at(doc, "sources", source, "status"); got != want {
						t.Errorf("%s is %v", source, got)
					}
				}
				for field, want := range map[string]any{"framesIn": c.frames, "lastFrameAgeMs": c.ages} {
					if got := at(doc, "provenance", "trace.samples."+field); got != want {
						t.Errorf("%s comes from %v", field, got)
					}
				}
			}, env...)
		})
	}
}

// On the relay as it is shipped nothing counts: what it lists as live is all that there is.
func TestTraceOfAnUnwiredRelay(t *testing.T) {
	opt := demorelay.DemoOptions(1)
	opt.Wired = false
	traced(t, opt, func(a *tracing) {
		time.Sleep(26 * time.Second)
		begun := a.start(`{"sessionId":"` + a.relay.Session() + `","durationSec":10}`)
		time.Sleep(11 * time.Second)
		doc := a.read(begun["traceId"])
		for field, want := range map[string][]int{"framesIn": nil, "drops": nil, "errors": nil, "lastFrameAgeMs": {1}} {
			if got := given(column(doc, field)); !slices.Equal(got, want) {
				t.Errorf("%s in %v, want %v", field, got, want)
			}
		}
		if doc["stale"] != false || doc["relayTraceId"] == nil {
			t.Errorf("%v", doc)
		}
	})
}

// A long trace leaves questions to the gate to others, and goes on with the looks.
func TestLongTraceWithinTheBudget(t *testing.T) {
	traced(t, demorelay.DemoOptions(1), func(a *tracing) {
		time.Sleep(16 * time.Second)
		begun := a.start(`{"sessionId":"` + a.relay.Session() + `","durationSec":1000}`)
		time.Sleep(282 * time.Second)
		if doc := a.read(begun["traceId"]); doc["stale"] != false || at(doc, "sources", "parityOne", "status") != "skipped" {
			t.Errorf("a question that waits makes it stale: %v, %v", doc["stale"], at(doc, "sources", "parityOne"))
		}
		time.Sleep(8 * time.Second)
		pack := a.pack(`{"sessionId":"` + a.relay.Session() + `"}`)
		if pack["sessionParity"] == nil {
			t.Errorf("the trace left nothing to a pack: %v", at(pack, "supportBundle", "sources", "parityOne"))
		}
		time.Sleep(11 * time.Second)
		doc := a.read(begun["traceId"])
		every5s(t, doc, 60)
		frames := given(column(doc, "framesIn"))
		if len(frames) < 15 || len(frames) > 25 {
			t.Errorf("frames in samples %v", frames)
		}
		for i, n := range frames {
			if i > 0 && n-frames[i-1] > 6 { // a look comes every 30 s
				t.Errorf("between samples %d and %d nobody asked", frames[i-1], n)
			}
		}
		if got := a.asked("GET", "/api/dev/diagnostics/parity"); len(got) > 40 {
			t.Errorf("%d questions", len(got))
		}
	})
}

// Where looks come often, the question goes along with them, and what a sample has is fresh all the same.
func TestTraceBesideFrequentLooks(t *testing.T) {
	opt := demorelay.DemoOptions(1)
	opt.AdminLimit, opt.AnonymousLimit = demoLimit, demoLimit
	traced(t, opt, func(a *tracing) {
		a.most = demoLimit
		time.Sleep(16300 * time.Millisecond)
		a.start(`{"sessionId":"` + a.relay.Session() + `","durationSec":20}`)
		time.Sleep(21 * time.Second)
		asked := a.asked("GET", "/api/dev/diagnostics/parity")
		for i := range 4 {
			sampled := 16300*time.Millisecond + time.Duration(i)*5*time.Second
			if !slices.ContainsFunc(asked, func(at time.Duration) bool { return at > sampled-2*time.Second && at <= sampled && at%time.Second != 0 }) {
				t.Errorf("nothing fresh for the sample at %v: asked at %v", sampled, asked)
			}
		}
	}, "RELAYPACK_DEBUG_INTERVAL=1s")
}

// The relay dies in the middle: the samples go on, with nothing in them, and it is not asked for more.
func TestTraceOfARelayThatDies(t *testing.T) {
	traced(t, demorelay.DemoOptions(1), func(a *tracing) {
		time.Sleep(16 * time.Second)
		session := a.relay.Session()
		begun := a.start(`{"sessionId":"` + session + `","durationSec":60}`)
		time.Sleep(11 * time.Second)
		a.relay.Kill()
		time.Sleep(20 * time.Second)
		dead := a.read(begun["traceId"])
		if got := given(column(dead, "framesIn")); !slices.Equal(got, []int{0, 1, 2}) || dead["stale"] != true || dead["done"] != false {
			t.Errorf("frames in %v, stale %v", got, dead["stale"])
		}
		if parity := a.pack(`{"sessionId":"` + session + `"}`)["sessionParity"]; at(parity, "streams", "controls", "framesIn") == nil {
			t.Errorf("the parity that the trace saw is lost: %v", parity)
		}
		if err := a.relay.Restart(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(31 * time.Second)
		doc := a.read(begun["traceId"])
		every5s(t, doc, 12)
		if doc["done"] != true || doc["stale"] != false {
			t.Errorf("done %v, stale %v", doc["done"], doc["stale"])
		}
		if trace := a.pack(`{"traceId":"` + begun["traceId"].(string) + `"}`)["trace"]; at(trace, "samples", "11") == nil {
			t.Errorf("pack: %v", trace)
		}
	})
}

// The database goes down in the middle: the gate is shut, so no bearer leaves, and the relay lives.
func TestTraceBehindAShutGate(t *testing.T) {
	traced(t, demorelay.DemoOptions(1), func(a *tracing) {
		time.Sleep(16 * time.Second)
		begun := a.start(`{"sessionId":"` + a.relay.Session() + `"}`)
		time.Sleep(6 * time.Second)
		a.relay.SetDatabase(false)
		time.Sleep(10 * time.Second)
		shut := a.read(begun["traceId"])
		a.relay.SetDatabase(true)
		time.Sleep(15 * time.Second)
		doc := a.read(begun["traceId"])
		if got := given(column(doc, "framesIn")); !slices.Equal(got, []int{0, 1, 4, 5}) {
			t.Errorf("frames in %v", got)
		}
		if shut["stale"] != true || doc["stale"] != false || at(shut, "sources", "parityOne", "status") != "gated" {
			t.Errorf("shut: %v, later stale %v", at(shut, "sources", "parityOne"), doc["stale"])
		}
	})
}

// When the agent stops, the trace ends, and no other begins; one that is started anew knows of none.
func TestTraceEndsWithTheAgent(t *testing.T) {
	traced(t, demorelay.DemoOptions(1), func(a *tracing) {
		time.Sleep(16 * time.Second)
		id := a.start(`{"sessionId":"` + a.relay.Session() + `"}`)["traceId"]
		time.Sleep(7 * time.Second)
		a.stop()
		a.loops.Wait()
		doc := a.read(id)
		every5s(t, doc, 2)
		if ran := doc["endedAt"].(float64) - doc["startedAt"].(float64); doc["done"] != true || ran < 7000 || ran > 7500 {
			t.Errorf("done %v after %v ms", doc["done"], ran)
		}
		if code, why := a.ask("POST", traceStart, `{"sessionId":"a"}`); code != http.StatusServiceUnavailable {
			t.Errorf("while it stops: %d %v", code, why)
		}
	})
	traced(t, demorelay.DemoOptions(1), func(a *tracing) {
		time.Sleep(time.Second)
		const lost = "trace-1735654800000-abc123"
		if code, _ := a.ask("GET", "/api/ops/trace/"+lost, ""); code != http.StatusNotFound {
			t.Errorf("a lost trace: %d", code)
		}
		pack := a.pack(`{"traceId":"` + lost + `"}`)
		if trace, there := pack["trace"]; trace != nil || !there {
			t.Errorf("in a pack it is %v", trace)
		}
	})
}

// A profile that says nothing of traces has none.
func TestTraceNeedsAProfileThatKnowsHow(t *testing.T) {
	traced(t, demorelay.DemoOptions(1), func(a *tracing) {
		time.Sleep(time.Second)
		code, why := a.ask("POST", traceStart, `{"sessionId":"`+a.relay.Session()+`"}`)
		if code != http.StatusNotImplemented || why["detail"] != "the profile does not say how to trace a session" {
			t.Errorf("%d %v", code, why)
		}
	}, "RELAYPACK_PROFILE=generic")
}
