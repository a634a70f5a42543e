package pack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"relaypack/scrape"
)

// traceBench can start traces; samples are taken by the test.
func traceBench(t *testing.T) *bench {
	b := setup(t, okboxbox(t), megabytes)
	b.recorder.openTraces()
	b.give(looked.Add(-time.Second), 1, "evRelay", []byte(`{"events":[]}`))
	b.asker.results["traceStart"] = ask("traceStart", `{"traceId":"trace-1795424853150-w8xu9e","sessionId":"sess...1f20","durationSec":30}`)
	b.asker.results["parityOne"] = ask("parityOne", `{"sessionId":"`+first+`","streams":{"controls":{"framesIn":2,"acked":1},"`+first+`":{"framesIn":1}}}`)
	return b
}

func ask(source, body string) *scrape.Result {
	return &scrape.Result{Source: source, At: looked, State: okState(looked), Body: []byte(body)}
}

// begin starts a trace, takes it over from RunTraces, and gives what was said.
func (b *bench) begin(session string) (*trace, any) {
	b.t.Helper()
	id, body, err := b.builder.StartTrace(context.Background(), session, TraceUsual)
	if err != nil {
		b.t.Fatal(err)
	}
	t := <-b.recorder.traces.begun
	if t.id != id {
		b.t.Fatalf("%s was started, %s runs", id, t.id)
	}
	return t, decode(b.t, body)
}

func (b *bench) traceNow(t *trace) any {
	b.t.Helper()
	body, err := b.builder.Trace(t.id)
	if err != nil {
		b.t.Fatal(err)
	}
	if bytes.Contains(body, []byte(first)) || hasWords(body) {
		b.t.Errorf("the trace tells too much: %s", body)
	}
	return decode(b.t, body)
}

func TestTraceKeepsNoRawID(t *testing.T) {
	b := traceBench(t)
	tr, doc := b.begin(first)
	want(t, doc, map[string]string{
		"sessionId": `"sess...1f20"`, "relayTraceId": `"trace-1795424853150-w8xu9e"`, "samples.length": `1`, "done": `false`,
		"samples.0": `{"drops":null,"errors":null,"framesIn":{"controls":2,"sess...1f20":1},"lastFrameAgeMs":null,"timestamp":` +
			fmt.Sprint(b.now.UnixMilli()) + `}`,
	})
	if got := b.asker.asks[0]; got.Source != "traceStart" || got.Params["session"] != first || got.Params["seconds"] != "30" || got.Spare {
		t.Errorf("asked %+v", got)
	}
	b.traceNow(tr)
	b.recorder.endTrace(tr, b.now.Add(time.Hour))
	want(t, b.traceNow(tr), map[string]string{"done": `true`, "endedAt": fmt.Sprint(b.now.Add(TraceUsual).UnixMilli())})
	if held := fmt.Sprintf("%s%+v", tr.raw, b.recorder.traces); strings.Contains(held, first) {
		t.Error("a trace that is over holds the raw id")
	}
	pack, made := b.build(Request{TraceID: tr.id})
	want(t, pack, map[string]string{"trace.traceId": `"` + tr.id + `"`, "trace.samples.0.framesIn.controls": `2`})
	if !bytes.Contains(made.Bytes(), []byte(`"trace":{"traceId":"`+tr.id+`","sessionId":"sess...1f20","startedAt":`)) {
		t.Error("the members are not in the format's order")
	}
	if bytes.Contains(made.Bytes(), []byte(first)) {
		t.Error("the pack holds the raw id")
	}
	for _, a := range b.asker.asks {
		if a.Source == "traceOne" && a.Params["trace"] != "trace-1795424853150-w8xu9e" {
			t.Error("the relay was asked for a trace of the agent's own")
		}
	}
}

// Of a list that has masked ids a session is known by its masked form, unless two could be meant.
func TestTraceTellsSessionsApart(t *testing.T) {
	row := func(id string, drops int) string {
		return fmt.Sprintf(`{"sessionId":"%s","drops":%d,"lastFrameAgeMs":%d}`, id, drops, drops)
	}
	for name, c := range map[string]struct {
		rows []string
		want string
	}{
		"one":          {[]string{row("sess...ffff", 1), row(mask, 7)}, `7`},
		"none":         {[]string{row("sess...ffff", 1)}, `null`},
		"two alike":    {[]string{row(mask, 7), row(mask, 8)}, `null`},
		"raw":          {[]string{row(second, 8), row(first, 7)}, `7`},
		"raw of other": {[]string{row(second, 8)}, `null`},
		"both":         {[]string{row(mask, 8), row(first, 7)}, `7`},
		"no number":    {[]string{`{"sessionId":"` + mask + `","drops":"many"}`}, `null`},
		"no list":      {nil, `null`},
	} {
		t.Run(name, func(t *testing.T) {
			b := traceBench(t)
			tr, _ := b.begin(first)
			b.give(looked, 1, "sessions", []byte(`{"sessions":[`+strings.Join(c.rows, ",")+`]}`))
			b.builder.sampleTrace(tr)
			want(t, b.traceNow(tr), map[string]string{"samples.1.drops": c.want, "samples.1.framesIn": `null`})
			b.builder.sampleTrace(tr)
			want(t, b.traceNow(tr), map[string]string{"samples.2.drops": `null`})
		})
	}
}

// An id of a shape that nobody knows is masked wherever the answer for it has it.
func TestTraceOfAnUnusualID(t *testing.T) {
	const odd = "r2d2-night-of-le-mans-7f"
	b := traceBench(t)
	b.asker.results["parityOne"] = ask("parityOne", `{"streams":{"`+odd+`":{"framesIn":1}}}`)
	tr, doc := b.begin(odd)
	want(t, doc, map[string]string{"sessionId": `"r2d2...s-7f"`, "samples.0.framesIn": `{"r2d2...s-7f":1}`})
	b.traceNow(tr)
}

// While nothing feeds the relay's recorders, what they list counts nothing.
func TestTraceOfUnwiredNumbers(t *testing.T) {
	b := traceBench(t)
	tr, _ := b.begin(first)
	rows := []byte(`{"sessions":[{"sessionId":"` + mask + `","drops":0,"lastFrameAgeMs":0}]}`)
	b.give(looked, 1, "summary", []byte(`{"sessions":{"active":3},"relay":{"activeSessions":0,"totalFrames":0},"sockets":{"totalConnects":0}}`))
	b.give(looked, 1, "sessions", rows)
	b.builder.sampleTrace(tr)
	b.give(looked, 1, "summary", []byte(`{"sessions":{"active":3},"relay":{"activeSessions":3,"totalFrames":9},"sockets":{"totalConnects":1}}`))
	b.give(looked, 1, "sessions", rows)
	b.builder.sampleTrace(tr)
	want(t, b.traceNow(tr), map[string]string{"samples.1.drops": `null`, "samples.2.drops": `0`})
}

// A better way counts whenever it has something new, and provenance follows.
func TestTraceTakesTheBestWay(t *testing.T) {
	b := traceBench(t)
	b.asker.results["parityOne"] = &scrape.Result{Source: "parityOne", State: scrape.State{Status: scrape.Gated}}
	tr, doc := b.begin(first)
	want(t, doc, map[string]string{"samples.0.framesIn": `null`, "stale": `true`})
	b.give(looked, 1, "sessions", []byte(`{"sessions":[{"sessionId":"`+mask+`","rates":{"baseline":3,"controls":4,"total":7}}]}`))
	b.builder.sampleTrace(tr)
	want(t, b.traceNow(tr), map[string]string{"samples.1.framesIn": `{"baseline":3,"controls":4}`, "stale": `false`,
		"provenance": `{"trace.samples.framesIn":"sessions"}`})
	b.asker.results["parityOne"] = ask("parityOne", `{"streams":{"controls":{"framesIn":5}}}`)
	b.builder.askTrace(t.Context(), tr)
	b.builder.sampleTrace(tr)
	want(t, b.traceNow(tr), map[string]string{"samples.2.framesIn": `{"controls":5}`, "provenance": `{"trace.samples.framesIn":"parityOne"}`})
	if last := b.asker.asks[len(b.asker.asks)-1]; !last.Spare {
		t.Error("a sample does not wait for others")
	}
}

func TestOneTraceAtATime(t *testing.T) {
	b := traceBench(t)
	tr, _ := b.begin(first)
	var running *TraceRunning
	if _, _, err := b.builder.StartTrace(t.Context(), second, TraceUsual); !errors.As(err, &running) || running.ID != tr.id || !running.Ends.Equal(tr.ends()) {
		t.Errorf("a second one: %v", err)
	}
	b.recorder.endTrace(tr, b.now)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := b.builder.StartTrace(gone, first, TraceUsual); !errors.Is(err, context.Canceled) {
		t.Errorf("of a client that left: %v", err)
	}
	b.begin(first) // there is room again
}

func TestTraceNeedsOneSession(t *testing.T) {
	for name, c := range map[string]struct {
		live    []string
		partial bool
		want    error
	}{
		"none":    {[]string{"sess_other0000"}, false, ErrNoSession},
		"several": {[]string{first, second}, false, ErrManySessions},
		"perhaps": {[]string{first}, true, ErrSessionsUnknown},
		"one":     {[]string{"sess_other0000", first}, false, nil},
	} {
		b := traceBench(t)
		b.asker.sessions, b.asker.partial = c.live, c.partial
		_, _, err := b.builder.StartTrace(t.Context(), mask, TraceUsual)
		if !errors.Is(err, c.want) || (err != nil) != (b.recorder.traces.current == nil) {
			t.Errorf("%s: %v, and the place is taken: %v", name, err, b.recorder.traces.current != nil)
		}
	}
}

// Events are of a trace by when the agent saw them first, whatever the relay wrote as their time.
func TestEventsOfATrace(t *testing.T) {
	b := traceBench(t)
	b.give(looked, 1, "evRelay", ring(1, 2, mask))
	b.now = looked.Add(time.Second)
	tr, _ := b.begin(first)
	b.give(looked.Add(20*time.Second), 1, "evRelay", ring(1, 4, mask))
	b.recorder.endTrace(tr, looked.Add(31*time.Second))
	b.give(looked.Add(50*time.Second), 1, "evRelay", ring(1, 5, mask)) // of before the end, perhaps
	b.give(looked.Add(80*time.Second), 1, "evRelay", ring(1, 6, mask))
	doc, _ := b.build(Request{TraceID: tr.id})
	want(t, doc, map[string]string{
		"recentEvents.relay.length": `6`, "trace.events.relay.length": `3`, "trace.events.relay.0.id": `"rb-5"`,
		"trace.events.relay.2.id": `"rb-3"`, "trace.events.socket": `[]`, "trace.events.error": `[]`,
	})
}

// The newest traces are remembered, and no more.
func TestTracesAreBounded(t *testing.T) {
	b := traceBench(t)
	var ids []string
	for range maxTraces + 2 {
		tr, _ := b.begin(first)
		for range maxTraceSamples + 5 {
			b.builder.sampleTrace(tr)
		}
		if len(tr.samples) != maxTraceSamples {
			t.Fatalf("%d samples", len(tr.samples))
		}
		b.recorder.endTrace(tr, b.now)
		ids = append(ids, tr.id)
	}
	if _, err := b.builder.Trace(ids[1]); !errors.Is(err, ErrNoTrace) {
		t.Errorf("the second is still there: %v", err)
	}
	if _, err := b.builder.Trace(ids[2]); err != nil {
		t.Errorf("the third: %v", err)
	}
	if n := len(b.recorder.traces.debts); n != maxDebts {
		t.Errorf("%d traces of the relay are to be read", n)
	}
}

// What is kept of a trace is swept for ids that are learned later, and cleaned of what only the detector knows.
func TestTraceIsCleanedLater(t *testing.T) {
	b := setup(t, okboxbox(t), megabytes, "planted-value-77")
	b.recorder.openTraces()
	b.give(looked, 1, "evRelay", []byte(`{"events":[]}`))
	b.asker.results["parityOne"] = ask("parityOne", `{"streams":{"peer-77aa88bb99":{"framesIn":2},"planted-value-77":{"framesIn":3},"controls":{"framesIn":4}}}`)
	b.asker.results["traceStart"] = ask("traceStart", `{"traceId":"of peer-77aa88bb99"}`)
	tr, doc := b.begin(first)
	want(t, doc, map[string]string{"samples.0.framesIn": `{"controls":4,"peer-77aa88bb99":2}`, "relayTraceId": `"of peer-77aa88bb99"`})
	b.known["peer-77aa88bb99"] = true
	s := emptyLook(b.profile, looked.Add(2*time.Second))
	s.NewIDs = [][]byte{[]byte("peer-77aa88bb99")}
	b.record(s)
	if kept := tr.relay.clean.Bytes(); bytes.Contains(kept, []byte("peer-77aa88bb99")) {
		t.Errorf("it is kept: %s", kept)
	}
	for _, doc := range []any{b.traceNow(tr), at1(b.build(Request{TraceID: tr.id}))} {
		if text := at(doc, "samples.0.framesIn"); strings.Contains(text, "peer-77aa88bb99") || strings.Contains(text, "planted") || !strings.Contains(text, `"controls":4`) {
			t.Errorf("frames %s", text)
		}
	}
}

func at1(doc map[string]any, _ *Pack) any { return doc["trace"] }

// The events of a trace are thinned like others when a pack would grow over its limit.
func TestTraceEventsAreThinned(t *testing.T) {
	b := setup(t, okboxbox(t), MinBytes)
	b.recorder.openTraces()
	b.now = looked.Add(-time.Second)
	tr, _ := b.begin(first)
	b.give(looked, 1, "evRelay", ring(1, 400, mask))
	doc, _ := b.build(Request{TraceID: tr.id})
	want(t, doc, map[string]string{"trace.events.relay.length": `120`, "trace.events.relay.0.id": `"rb-400"`, "trace.events.relay.119.id": `"rb-1"`})
	if cut := at(doc, "supportBundle.size.cut"); !strings.Contains(cut, `{"after":120,"before":400,"what":"trace.events"}`) {
		t.Errorf("cut %s", cut)
	}
}
