package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"relaypack/agent/internal/fixture"
	"relaypack/agent/internal/web"
	"relaypack/scrape"
	"relaypack/scrape/demorelay"
)

const traceStart = "/api/ops/trace/start"

// tracing is an agent with its looks, its traces and its API, but no port, beside a relay of the same
// bubble of false time.
type tracing struct {
	t     *testing.T
	relay *demorelay.Relay
	api   *web.API
	begin time.Time
	loops sync.WaitGroup
	stop  context.CancelFunc
	log   fixture.Page
	said  bytes.Buffer // all answers
	most  int          // anonymous calls in 15 minutes
}

// traced runs a test with such an agent. Afterwards nothing that it said may hold a raw session id, and
// the relay's log nothing that the manners forbid.
func traced(t *testing.T, opt demorelay.Options, run func(a *tracing), env ...string) {
	t.Helper()
	inFalseTime(t, opt, func(t *testing.T, relay *demorelay.Relay) {
		a := &tracing{t: t, relay: relay, begin: time.Now(), most: 40}
		s := configuredBy(t, append([]string{"RELAYPACK_RELAY_URL=http://relay.test:3001", "RELAYPACK_RELAY_TOKEN=" + relay.Bearer(),
			"RELAYPACK_ADMIN_TOKEN=" + strings.Repeat("a", 16), "RELAYPACK_PROCESS=off"}, env...))
		s.dial = relay.Dial
		o, err := observe(s, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		log := slog.New(slog.NewTextHandler(&a.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		a.api = web.New(web.Options{Source: func() web.Source { return o.builder }, Log: log, Now: time.Now,
			Tokens: func() []string { return []string{strings.Repeat("a", 16)} }})
		ctx, stop := context.WithCancel(t.Context())
		a.stop = stop
		a.loops.Go(func() { _ = o.scraper.Run(ctx, func(s *scrape.Snapshot) { o.recorder.Record(s) }) })
		a.loops.Go(func() { o.builder.RunTraces(ctx) })
		run(a)
		stop()
		a.loops.Wait()
		a.judge()
	})
}

// ask sends a request as the admin does.
func (a *tracing) ask(method, path, body string) (code int, doc map[string]any) {
	a.t.Helper()
	r := httptest.NewRequest(method, "http://localhost"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+strings.Repeat("a", 16))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	a.api.ServeHTTP(w, r)
	a.said.Write(w.Body.Bytes())
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		a.t.Fatalf("%s: %v in %.300s", path, err, w.Body)
	}
	return w.Code, doc
}

// start starts a trace that must be possible.
func (a *tracing) start(body string) (doc map[string]any) {
	a.t.Helper()
	code, doc := a.ask("POST", traceStart, body)
	if code != http.StatusCreated {
		a.t.Fatalf("start: %d %v", code, doc)
	}
	return doc
}

// read gives a trace that must be there.
func (a *tracing) read(id any) map[string]any {
	a.t.Helper()
	code, doc := a.ask("GET", "/api/ops/trace/"+id.(string), "")
	if code != http.StatusOK {
		a.t.Fatalf("trace: %d %v", code, doc)
	}
	return doc
}

// pack gives a pack that follows its schema.
func (a *tracing) pack(body string) map[string]any {
	a.t.Helper()
	code, doc := a.ask("POST", "/api/ops/support-pack", body)
	raw, err := json.Marshal(doc)
	if code != http.StatusOK || err != nil {
		a.t.Fatalf("pack: %d %v", code, err)
	}
	return validPack(a.t, raw)
}

// judge holds what was said and asked to what is promised.
func (a *tracing) judge() {
	a.t.Helper()
	for _, id := range a.relay.RawSessions() {
		if bytes.Contains(a.said.Bytes(), []byte(id)) || strings.Contains(a.log.String(), id) {
			a.t.Errorf("a raw session id was told: %s", id)
		}
	}
	anonymous, pages := 0, 0
	for _, q := range a.relay.Log() {
		at := q.At.Sub(a.begin).Round(time.Millisecond)
		switch {
		case q.Bearer && (q.Gate < 0 || !q.GateOpen || q.Gate > 2*time.Second):
			a.t.Errorf("at %v: the bearer to %s, gate asked %v before", at, q.Path, q.Gate)
		case q.Path == "/metrics":
			pages++
		case !q.Bearer:
			anonymous++
		}
	}
	ran := time.Since(a.begin)
	if most := int(ran/(15*time.Second)) + 1; pages > most {
		a.t.Errorf("%d reads of /metrics in %v, want %d at most", pages, ran, most)
	}
	if most := a.most * (int(ran/(15*time.Minute)) + 1); anonymous > most {
		a.t.Errorf("%d anonymous calls in %v", anonymous, ran)
	}
	for _, d := range a.relay.Deaths() {
		if d.Cause != demorelay.Killed {
			a.t.Errorf("we killed it: %s", d.Cause)
		}
	}
}

// asked gives when the relay was asked for a path that begins so, since the agent began.
func (a *tracing) asked(method, prefix string) (at []time.Duration) {
	for _, q := range a.relay.Log() {
		if q.Method == method && strings.HasPrefix(q.Path, prefix) {
			at = append(at, q.At.Sub(a.begin).Round(time.Millisecond))
		}
	}
	return at
}

// column is a field of all samples, nil where it is null.
func column(doc map[string]any, field string) (values []any) {
	samples, _ := doc["samples"].([]any)
	for _, s := range samples {
		values = append(values, s.(map[string]any)[field])
	}
	return values
}

// given are the places at which a column has a value.
func given(values []any) (at []int) {
	for i, v := range values {
		if v != nil {
			at = append(at, i)
		}
	}
	return at
}

// every5s says whether n samples were taken, one at the start and one every 5 s.
func every5s(t *testing.T, doc map[string]any, n int) {
	t.Helper()
	stamps := column(doc, "timestamp")
	if len(stamps) != n {
		t.Errorf("%d samples, want %d", len(stamps), n)
	}
	for i, at := range stamps {
		if off := at.(float64) - doc["startedAt"].(float64) - float64(i)*5000; off < 0 || off > 500 {
			t.Errorf("sample %d is %v ms off", i, off)
		}
	}
}

func TestTraceOverTheWholePath(t *testing.T) {
	traced(t, demorelay.DemoOptions(1), func(a *tracing) {
		time.Sleep(16 * time.Second) // between two looks at everything, which come every 30 s
		begun := a.start(`{"sessionId":"` + a.relay.Session() + `"}`)
		id := begun["traceId"].(string)
		masked := a.relay.Session()[:4] + "..." + a.relay.Session()[len(a.relay.Session())-4:]
		if begun["sessionId"] != masked || begun["durationSec"] != 30.0 || begun["done"] != false || begun["endedAt"] != nil ||
			begun["expiresAt"].(float64)-begun["startedAt"].(float64) != 30000 || begun["relayTraceId"] == nil {
			t.Errorf("started: %v", begun)
		}
		time.Sleep(12 * time.Second)
		code, running := a.ask("POST", traceStart, `{"sessionId":"another"}`)
		if code != http.StatusConflict || running["traceId"] != id || running["expiresAt"] != begun["expiresAt"] {
			t.Errorf("a second one: %d %v", code, running)
		}
		every5s(t, a.read(id), 3)
		time.Sleep(30 * time.Second)
		doc := a.read(id)
		every5s(t, doc, 6)
		if doc["done"] != true || doc["endedAt"] != doc["expiresAt"] || doc["stale"] != false || doc["asOf"] != column(doc, "timestamp")[5] {
			t.Errorf("over: %v", doc)
		}
		// The parity is asked for each sample. The rest comes with the look at 30 s, 14 s after the start.
		if got := given(column(doc, "framesIn")); len(got) != 6 {
			t.Errorf("frames in samples %v", got)
		}
		first, last := column(doc, "framesIn")[0].(map[string]any), column(doc, "framesIn")[5].(map[string]any)
		if first["controls"].(float64) >= last["controls"].(float64) {
			t.Errorf("frames do not come: %v then %v", first, last)
		}
		for _, field := range []string{"drops", "errors", "lastFrameAgeMs"} {
			if got := given(column(doc, field)); !slices.Equal(got, []int{3}) {
				t.Errorf("%s in samples %v", field, got)
			}
		}
		if got := doc["provenance"]; at(got, "trace.samples.framesIn") != "parityOne" || at(got, "trace.samples.drops") != "sessions" {
			t.Errorf("provenance %v", got)
		}
		a.start(`{"sessionId":"` + a.relay.Session() + `","durationSec":10}`) // there is room again
		holdsItsTrace(t, a.pack(`{"traceId":"`+id+`"}`), doc, masked)
		holdsItsTrace(t, a.pack(`{"traceId":"`+doc["relayTraceId"].(string)+`"}`), doc, masked)
		// The look at 30 s has just asked the gate, so the question goes along with it and not at 31 s.
		asked, seconds := a.asked("GET", "/api/dev/diagnostics/parity"), []int{}
		for _, at := range asked {
			seconds = append(seconds, int(at.Seconds()))
		}
		if want := []int{0, 16, 21, 26, 30, 30, 36, 41, 58}; !slices.Equal(seconds, want) { // the looks ask for the list of them
			t.Errorf("asked at %v, want %v", seconds, want)
		}
		if got := a.asked("POST", "/api/ops/trace/start"); len(got) != 2 || got[0] != 16*time.Second {
			t.Errorf("the relay's own trace was started at %v", got)
		}
		time.Sleep(time.Minute)
		// The relay keeps a trace for good unless it is read after its end: by the pack above, and by a look.
		if got := a.asked("GET", "/api/ops/trace/"); len(got) != 2 || got[0] != 58*time.Second || got[1] != 90*time.Second {
			t.Errorf("the relay's own traces were read at %v", got)
		}
	})
}

// holdsItsTrace says whether a pack has the trace as the API gave it, and events of its session alone.
func holdsItsTrace(t *testing.T, pack, doc map[string]any, masked string) {
	t.Helper()
	trace := pack["trace"].(map[string]any)
	for _, name := range []string{"traceId", "sessionId", "startedAt", "samples", "expiresAt", "endedAt", "durationSec", "done", "relayTraceId"} {
		got, _ := json.Marshal(trace[name])
		want, _ := json.Marshal(doc[name])
		if !bytes.Equal(got, want) {
			t.Errorf("trace.%s is %.200s, want %.200s", name, got, want)
		}
	}
	n := 0
	for class, list := range trace["events"].(map[string]any) {
		for _, e := range list.([]any) {
			n++
			id := at(e, "sessionId")
			if id == nil {
				id = at(e, "context", "sessionId")
			}
			if room, _ := at(e, "room").(string); id == nil {
				_, after, _ := strings.Cut(room, "session:")
				id, _, _ = strings.Cut(after, ":")
			}
			if id != masked {
				t.Errorf("an event of class %s is of %v", class, id)
			}
		}
	}
	if n == 0 {
		t.Error("no event of the trace's session")
	}
	relay := trace["relay"].(map[string]any) // of all sessions, and without samples
	if relay["status"] != "told" || relay["samples"] != 0.0 || at(relay, "answer", "traceId") != trace["relayTraceId"] ||
		at(relay, "answer", "isExpired") != true || len(at(relay, "answer", "events", "relay").([]any)) == 0 {
		t.Errorf("the relay's own trace: %.300v", relay)
	}
	if got := at(pack, "supportBundle", "provenance", "trace.samples.framesIn"); got != "parityOne" {
		t.Errorf("provenance %v", got)
	}
}
