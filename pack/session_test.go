package pack

import (
	"bytes"
	"testing"
	"time"

	"relaypack/scrape"
)

const (
	first  = "sess_09e18fd41f20"
	second = "sess_aaaaaaaa1f20" // the same masked form
	mask   = "sess...1f20"
)

func sessionBench(t *testing.T) *bench {
	b := setup(t, okboxbox(t), megabytes)
	b.give(looked, 1, "evRelay", ring(1, 3, mask))
	body := []byte(`{"events":[{"type":"exception","message":"a","context":{"sessionId":"` + first + `"},"id":"rb-1","timestamp":1},` +
		`{"type":"exception","message":"b","context":{"sessionId":"` + second + `"},"id":"rb-2","timestamp":2}]}`)
	b.give(looked.Add(time.Second), 1, "evError", body)
	b.asker.results["parityOne"] = &scrape.Result{
		Source: "parityOne", At: looked, State: okState(looked),
		Body: []byte(`{"sessionId":"` + first + `","streams":{"controls":{"framesIn":2,"acked":1}},"duplicates":1,"outOfOrder":0,"lastError":"lost ` + first + `"}`),
	}
	return b
}

func TestSessionByItsRawID(t *testing.T) {
	b := sessionBench(t)
	doc, made := b.build(Request{SessionID: first})
	want(t, doc, map[string]string{
		"sessionEvents.error.length": `1`, "sessionEvents.error.0.message": `"a"`, "sessionEvents.relay.length": `3`,
		"supportBundle.sessionMatch.exact": `1`, "supportBundle.sessionMatch.masked": `3`,
		"sessionParity":                          `{"duplicates":1,"lastError":"lost sess...1f20","outOfOrder":0,"sessionId":"sess...1f20","streams":{"controls":{"acked":1,"framesIn":2}}}`,
		"supportBundle.sources.parityOne.status": `"ok"`,
	})
	// Both go out as one question; the scraper leaves the stand-in out where the first one answers.
	if len(b.asker.asks) != 2 || b.asker.asks[0].Source != "parityOne" || b.asker.asks[1].Source != "packOne" || b.asker.asks[0].Params["session"] != first {
		t.Errorf("asked %v", b.asker.asks)
	}
	if !bytes.Contains(made.Bytes(), []byte(`"streams":{"controls":{"framesIn":2,"acked":1}}`)) {
		t.Error("the members of a stream are not in the format's order")
	}
	if bytes.Contains(made.Bytes(), []byte(first)) {
		t.Error("the pack holds the raw id")
	}
}

func TestSessionByItsMaskedForm(t *testing.T) {
	t.Run("one candidate", func(t *testing.T) {
		b := sessionBench(t)
		b.asker.sessions = []string{"sess_other0000", first}
		doc, _ := b.build(Request{SessionID: mask})
		want(t, doc, map[string]string{"sessionEvents.error.length": `1`, "sessionParity.duplicates": `1`})
	})
	t.Run("several", func(t *testing.T) {
		b := sessionBench(t)
		b.asker.sessions = []string{first, second}
		doc, _ := b.build(Request{SessionID: mask})
		want(t, doc, map[string]string{
			"sessionEvents.error.length": `2`, "sessionParity": `null`, "supportBundle.sessionMatch.exact": `0`,
			"supportBundle.sessionMatch.masked": `5`, "supportBundle.sources.parityOne.status": `"ambiguous"`,
		})
		if got := at(doc, "supportBundle.sessionMatch.candidates.1"); got == "absent" || len(b.asker.asks) > 0 {
			t.Errorf("candidates end with %s, asked %v", got, b.asker.asks)
		}
	})
	t.Run("not all listed", func(t *testing.T) {
		b := sessionBench(t)
		b.asker.sessions, b.asker.partial = []string{first}, true
		doc, _ := b.build(Request{SessionID: mask})
		want(t, doc, map[string]string{"sessionParity": `null`, "supportBundle.sources.parityOne.error": `"not all live sessions could be listed"`})
	})
	t.Run("none", func(t *testing.T) {
		b := sessionBench(t)
		doc, _ := b.build(Request{SessionID: mask})
		want(t, doc, map[string]string{"sessionParity": `null`, "supportBundle.sessionMatch.candidates": `[]`})
	})
}

func TestTraceOfTheRelay(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	b.record(emptyLook(p, looked))
	b.asker.results["traceOne"] = answer(t, p, "tapped", "traceOne", looked)
	doc, _ := b.build(Request{TraceID: "trace-1795424853150-w8xu9e"})
	want(t, doc, map[string]string{
		"trace": `{"samples":[],"sessionId":"sess...3c2d","startedAt":1795424853150,"traceId":"trace-1795424853150-w8xu9e"}`,
	})
}

func TestRequestsAreBounded(t *testing.T) {
	b := setup(t, okboxbox(t), megabytes)
	long := string(bytes.Repeat([]byte("a"), maxID+1))
	if _, err := b.builder.Build(t.Context(), Request{SessionID: long}); err == nil {
		t.Error("an id without end was taken")
	}
	if _, err := b.builder.Build(t.Context(), Request{Trigger: Trigger{Kind: "whim"}}); err == nil {
		t.Error("an unknown trigger was taken")
	}
}

// A relay that died cannot be asked any more: what it said last about a session stays.
func TestSessionParityOutlivesTheRelay(t *testing.T) {
	const parity = `{"duplicates":1,"lastError":"lost sess...1f20","outOfOrder":0,"sessionId":"sess...1f20","streams":{"controls":{"acked":1,"framesIn":2}}}`
	b := sessionBench(t)
	b.build(Request{SessionID: first})
	b.asker.results = map[string]*scrape.Result{
		"parityOne": {Source: "parityOne", State: scrape.State{Status: scrape.Unreachable, Reason: "connection refused"}},
		"packOne":   {Source: "packOne", State: scrape.State{Status: scrape.Unreachable, Reason: "connection refused"}},
	}
	doc, _ := b.build(Request{SessionID: first})
	want(t, doc, map[string]string{"sessionParity": parity, "supportBundle.sources.parityOne.status": `"unreachable"`})
	doc, _ = b.build(Request{SessionID: mask}) // nothing is live any more
	want(t, doc, map[string]string{"sessionParity": parity})
	doc, _ = b.build(Request{SessionID: second}) // never asked for
	want(t, doc, map[string]string{"sessionParity": `null`})

	parityOne := b.asker.results["parityOne"]
	b.asker.results["parityOne"] = &scrape.Result{Source: "parityOne", At: looked, State: okState(looked), Body: []byte(`{"sessionId":"` + second + `","duplicates":7}`)}
	b.build(Request{SessionID: second})
	b.asker.results["parityOne"] = parityOne
	doc, _ = b.build(Request{SessionID: mask}) // fits both
	want(t, doc, map[string]string{"sessionParity": `null`})
	doc, _ = b.build(Request{SessionID: second})
	want(t, doc, map[string]string{"sessionParity.duplicates": `7`})

	b.asker.results["parityOne"] = &scrape.Result{Source: "parityOne", Absent: true, State: okState(looked)}
	doc, _ = b.build(Request{SessionID: first})
	want(t, doc, map[string]string{"sessionParity": `null`}) // it lives, and has nothing

	delete(b.asker.results, "parityOne")
	b.asker.results["packOne"] = &scrape.Result{Source: "packOne", State: scrape.State{Status: scrape.Unreachable}}
	b.give(looked.Add(time.Minute), 2, "evRelay", ring(1, 3, mask))
	b.asker.results["parityOne"] = &scrape.Result{Source: "parityOne", State: scrape.State{Status: scrape.Timeout}}
	doc, _ = b.build(Request{SessionID: first})
	want(t, doc, map[string]string{"sessionParity": `null`}) // it was of the life before
}

// An answer of the next life does not stand beside the values of the one before.
func TestAnswerOfTheNextLifeIsNotTold(t *testing.T) {
	b := sessionBench(t)
	shown := b.recorder.life.Life
	b.asker.results["parityOne"].Life = shown
	b.asker.results["packOne"] = &scrape.Result{Source: "packOne", State: scrape.State{Status: scrape.Skipped}} // as where the first one answers
	doc, _ := b.build(Request{SessionID: first})
	want(t, doc, map[string]string{"sessionParity.duplicates": `1`})
	b.asker.results["parityOne"].Body = []byte(`{"sessionId":"` + first + `","duplicates":0}`)
	next, ended := shown, shown
	next.N++
	ended.EndedAt, ended.End = looked, "port-closed"
	for name, life := range map[string]scrape.Life{"next": next, "ended": ended} {
		b.asker.results["parityOne"].Life = life
		doc, _ = b.build(Request{SessionID: first})
		want(t, doc, map[string]string{
			"sessionParity.duplicates":               `1`, // as it was said last in this life
			"supportBundle.sources.parityOne.status": `"skipped"`, "supportBundle.sources.parityOne.error": `"its answer is of the relay's next life"`,
		})
		if t.Failed() {
			t.Log(name)
		}
	}
}

// What is kept of a session holds no id that is learned later.
func TestKeptParityIsSweptForNewIDs(t *testing.T) {
	b := sessionBench(t)
	b.asker.results["parityOne"].Body = []byte(`{"sessionId":"` + first + `","lastError":"handed over to peer-77aa88bb99"}`)
	b.build(Request{SessionID: first})
	b.asker.results = map[string]*scrape.Result{"parityOne": {State: scrape.State{Status: scrape.Timeout}}, "packOne": {State: scrape.State{Status: scrape.Timeout}}}
	b.known["peer-77aa88bb99"] = true
	s := emptyLook(b.profile, looked.Add(2*time.Second))
	s.NewIDs = [][]byte{[]byte("peer-77aa88bb99")}
	b.record(s)
	doc, _ := b.build(Request{SessionID: first})
	want(t, doc, map[string]string{"sessionParity.lastError": `"handed over to peer...bb99"`})
}

func TestAnswersAboutSessionsAreBounded(t *testing.T) {
	var list toldList
	for i := range uint64(maxAskedFor + 10) {
		list.keep(told{section: "sessionParity", hash: i + 1, values: map[string]askedValue{"streams": {}}})
	}
	if n := len(list.list); n != maxAskedFor || list.last(told{section: "sessionParity", hash: 10}, nil) != nil || list.last(told{section: "sessionParity", hash: 11}, nil) == nil {
		t.Errorf("%d answers are kept", n)
	}
}
