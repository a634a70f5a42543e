package pack

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"relaypack/scrape"
)

// captured is the body of a captured answer about a trace, without its envelope.
func captured(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../scrape/demorelay/testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	data := memberOf(text, "data")
	if data == nil {
		t.Fatalf("%s holds no data", name)
	}
	return string(data)
}

// due makes the relay's own traces over, so that the next look pays for them.
func (b *bench) due() {
	for i := range b.recorder.traces.debts {
		b.recorder.traces.debts[i].due = time.Now().Add(-time.Second)
	}
}

// What the relay tells of its own trace stands beside the agent's: so far while it runs, whole once it is
// over, and from then on without a question.
func TestRelaysOwnTrace(t *testing.T) {
	b := traceBench(t)
	tr, doc := b.begin(first)
	want(t, doc, map[string]string{"relay": `{"answer":null,"asOf":null,"cut":0,"samples":null,"status":"waiting"}`})
	b.asker.results["traceOne"] = ask("traceOne", captured(t, "tapped/ops-trace"))
	pack, _ := b.build(Request{TraceID: tr.id})
	want(t, pack, map[string]string{
		"trace.relay.status": `"told"`, "trace.relay.samples": `0`, "trace.relay.cut": `0`, "trace.relay.answer.isExpired": `false`, "trace.relay.answer.samples": `[]`,
		"trace.relay.answer.events.relay.length": `10`, "trace.relay.answer.events.session.length": `6`, "trace.relay.answer.sessionId": `"sess...3c2d"`,
		"trace.relay.answer.traceId": `"trace-1795424853150-w8xu9e"`, "trace.relay.asOf": fmt.Sprint(looked.UnixMilli()),
	})
	if got := b.asker.asks[len(b.asker.asks)-1]; got.Source != "traceOne" || got.Params["trace"] != "trace-1795424853150-w8xu9e" || got.Spare {
		t.Errorf("asked %+v", got)
	}
	b.due()
	b.asker.results["traceOne"] = ask("traceOne", captured(t, "tapped/ops-trace-expired"))
	b.builder.payDebt(context.Background())
	b.asker.asks = nil
	pack, _ = b.build(Request{TraceID: "trace-1795424853150-w8xu9e"}) // by the relay's id, too
	want(t, pack, map[string]string{"trace.traceId": `"` + tr.id + `"`, "trace.relay.status": `"told"`, "trace.relay.answer.isExpired": `true`, "trace.relay.answer.events.relay.length": `22`})
	if len(b.asker.asks) != 0 || len(b.recorder.traces.debts) != 0 {
		t.Errorf("asked %+v, owed %+v", b.asker.asks, b.recorder.traces.debts)
	}
	want(t, b.traceNow(tr), map[string]string{"relay.status": `"told"`, "relay.answer.durationMs": `10000`})
}

// A pack that is asked for when the trace is over hears it for the last time, so nothing is owed any more.
func TestRelaysOwnTraceIsReadByAPack(t *testing.T) {
	b := traceBench(t)
	tr, _ := b.begin(first)
	b.due()
	b.asker.results["traceOne"] = ask("traceOne", captured(t, "stock/ops-trace-expired"))
	pack, _ := b.build(Request{TraceID: tr.id})
	want(t, pack, map[string]string{"trace.relay.status": `"told"`, "trace.relay.answer.events": `{"relay":[],"session":[]}`})
	if len(b.recorder.traces.debts) != 0 {
		t.Errorf("owed %+v", b.recorder.traces.debts)
	}
	b.asker.results["traceOne"] = &scrape.Result{Source: "traceOne", At: looked, State: okState(looked)} // not there any more
	pack, _ = b.build(Request{TraceID: tr.id})
	want(t, pack, map[string]string{"trace.relay.status": `"told"`})
}

// What is not told is told as such, and what was told before stays.
func TestRelaysOwnTraceThatIsNotTold(t *testing.T) {
	gated := &scrape.Result{Source: "traceOne", State: scrape.State{Status: scrape.Gated}}
	gone := &scrape.Result{Source: "traceOne", At: looked, State: okState(looked)}
	large := ask("traceOne", `{"traceId":"x","note":"`+strings.Repeat("lap ", maxRelayTold/4)+`"}`)
	for name, c := range map[string]struct {
		res  *scrape.Result
		asks int
		want string
		owed int
	}{
		"gated once":   {gated, 1, `"waiting"`, 1},
		"never":        {gated, debtTries, `"not answered"`, 0},
		"not there":    {gone, 1, `"not there"`, 0},
		"too large":    {large, 1, `"not usable"`, 0},
		"no object":    {ask("traceOne", `["text"]`), 1, `"not usable"`, 0},
		"without list": {ask("traceOne", `{"traceId":"x"}`), 1, `"told"`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := traceBench(t)
			tr, _ := b.begin(first)
			b.due()
			b.asker.results["traceOne"] = c.res
			for range c.asks {
				b.builder.payDebt(context.Background())
			}
			doc := b.traceNow(tr)
			want(t, doc, map[string]string{"relay.status": c.want, "relay.samples": `null`})
			if len(b.recorder.traces.debts) != c.owed {
				t.Errorf("owed %+v", b.recorder.traces.debts)
			}
		})
	}
}

// The answer is cleaned like any other, cut where it is long, and swept for what is learned later.
func TestRelaysOwnTraceIsCleanedAndCut(t *testing.T) {
	b := traceBench(t)
	tr, _ := b.begin(first)
	var events array
	for i := range maxRelayListed + 50 {
		events.raw(fmt.Appendf(nil, `{"type":"drop","id":"rb-%d","sessionId":"%s","detail":"of %s password=hunter2secret by peer-77aa88bb99"}`, 1000-i, second, first))
	}
	b.due()
	b.asker.results["traceOne"] = ask("traceOne", `{"traceId":"x","apiKey":"hunter2secret","samples":[{"n":1}],"events":{"relay":`+string(events.done())+`}}`)
	b.builder.payDebt(context.Background())
	pack, made := b.build(Request{TraceID: tr.id})
	want(t, pack, map[string]string{"trace.relay.samples": `1`, "trace.relay.cut": `50`, "trace.relay.answer.events.relay.length": fmt.Sprint(maxRelayListed),
		"trace.relay.answer.events.relay.0.id": `"rb-1000"`})
	for _, planted := range []string{first, second, "hunter2secret", "apiKey"} {
		if strings.Contains(string(made.Bytes()), planted) {
			t.Errorf("the pack holds %s", planted)
		}
	}
	if !strings.Contains(string(made.Bytes()), "peer-77aa88bb99") {
		t.Fatal("nothing is left to sweep")
	}
	b.known["peer-77aa88bb99"] = true
	s := emptyLook(b.profile, looked.Add(2*time.Second))
	s.NewIDs = [][]byte{[]byte("peer-77aa88bb99")}
	b.record(s)
	if kept := tr.own.kept.clean.Bytes(); strings.Contains(string(kept), "peer-77aa88bb99") {
		t.Error("it is kept")
	}
}

// Where a pack would grow over its limit the relay's answer goes first: the windows have its events.
func TestRelaysOwnTraceGivesWay(t *testing.T) {
	b := setup(t, okboxbox(t), MinBytes)
	b.recorder.openTraces()
	b.give(looked.Add(-time.Second), 1, "evRelay", []byte(`{"events":[]}`))
	b.asker.results["traceStart"] = ask("traceStart", `{"traceId":"trace-1795424853150-w8xu9e"}`)
	tr, _ := b.begin(first)
	b.due()
	b.asker.results["traceOne"] = ask("traceOne", `{"note":"`+strings.Repeat("lap ", MinBytes/4)+`"}`)
	b.builder.payDebt(context.Background())
	doc, _ := b.build(Request{TraceID: tr.id})
	want(t, doc, map[string]string{"trace.relay": `null`, "trace.relayTraceId": `"trace-1795424853150-w8xu9e"`, "trace.samples.length": `1`})
	if cut := at(doc, "supportBundle.size.cut"); !strings.Contains(cut, `"what":"trace.relay"`) {
		t.Errorf("cut %s", cut)
	}
}
