package pack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"relaypack/scrape"
)

func TestGapsBetweenTwoLooksOfOneLife(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	b.record(look(t, p, "tapped-early", looked.Add(-182*time.Second), early...))
	b.record(look(t, p, "tapped", looked, all...))
	doc, _ := b.build(Request{})
	want(t, doc, map[string]string{
		"eventBufferStats.socket.missed": `3187`, "eventBufferStats.relay.missed": `284`,
		"eventBufferStats.session.missed": `105`, "eventBufferStats.error.missed": `60`,
		"supportBundle.lives.length": `1`, "supportBundle.gaps.length": `4`,
		"supportBundle.gaps.0": `{"at":1795424858000,"class":"socket","from":137,"life":1,"missed":3187,"to":3323,"why":"between looks"}`,
	})
}

func TestFirstLookOfARunningRelayTellsWhatWasBefore(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	b.record(look(t, p, "tapped", looked, "evError"))
	doc, _ := b.build(Request{})
	want(t, doc, map[string]string{
		"eventBufferStats.error": `{"count":500,"evicted":0,"missed":84}`,
		"supportBundle.gaps":     `[{"at":1795424858000,"class":"error","from":1,"life":1,"missed":84,"to":84,"why":"before start"}]`,
	})
}

func TestTheSameAnswerTwiceAddsNothing(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	for i := range 3 {
		b.record(look(t, p, "tapped", looked.Add(time.Duration(i)*time.Second), all...))
	}
	doc, _ := b.build(Request{})
	want(t, doc, map[string]string{
		"eventBufferStats.socket": `{"count":500,"evicted":0,"missed":3323}`, "recentEvents.socket.length": `500`,
		"recentEvents.socket.499.id": `"rb-3324"`,
	})
}

// ring makes an answer of an event ring: ids from..to, newest first.
func ring(from, to int, session string) []byte {
	var a array
	for n := to; n >= from; n-- {
		a.raw(fmt.Appendf(nil, `{"type":"drop","sessionId":%q,"reason":"r","id":"rb-%d","timestamp":%d}`, session, n, looked.UnixMilli()+int64(n)))
	}
	return fmt.Appendf(nil, `{"events":%s}`, a.done())
}

func (b *bench) give(at time.Time, life int, source string, body []byte, more ...func(*scrape.Snapshot)) {
	s := emptyLook(b.profile, at)
	s.Life.N = life
	s.States[source] = okState(at)
	s.Results = append(s.Results, &scrape.Result{Source: source, At: at, State: okState(at), Body: body})
	for _, change := range more {
		change(s)
	}
	b.record(s)
}

func TestSequences(t *testing.T) {
	type step struct{ life, from, to int }
	for name, c := range map[string]struct {
		steps  []step
		missed string
		count  string
	}{
		"contiguous":              {[]step{{1, 1, 3}, {1, 2, 6}}, `0`, `6`},
		"hole":                    {[]step{{1, 1, 3}, {1, 6, 6}}, `2`, `4`},
		"new life from one":       {[]step{{1, 1, 3}, {2, 1, 2}}, `0`, `5`},
		"new life already evicts": {[]step{{1, 1, 3}, {2, 5, 6}}, `4`, `5`},
		"empty, then more":        {[]step{{1, 1, 0}, {1, 3, 4}}, `2`, `2`},
		"back in one life":        {[]step{{1, 8, 9}, {1, 1, 2}, {1, 3, 3}}, `7`, `5`},
	} {
		t.Run(name, func(t *testing.T) {
			b := setup(t, okboxbox(t), megabytes)
			for i, s := range c.steps {
				body := ring(s.from, s.to, "sess...1f20")
				body = bytes.ReplaceAll(body, []byte(`"timestamp":`), fmt.Appendf(nil, `"look":%d,"timestamp":`, s.life))
				b.give(looked.Add(time.Duration(i)*time.Second), s.life, "evRelay", body)
			}
			doc, _ := b.build(Request{})
			want(t, doc, map[string]string{"eventBufferStats.relay.missed": c.missed, "eventBufferStats.relay.count": c.count})
		})
	}
}

func TestSweepMasksWhatWasKeptBeforeTheIDWasKnown(t *testing.T) {
	const id = "race-0417-a7f3c2"
	b := setup(t, okboxbox(t), megabytes)
	body := []byte(`{"events":[{"type":"handler_error","message":"lost ` + id + ` at turn 3","id":"rb-1","timestamp":1795424858000}]}`)
	b.give(looked, 1, "evError", body)
	if _, made := b.build(Request{}); !bytes.Contains(made.Bytes(), []byte(id)) {
		t.Fatal("the id was masked before it was known: the test shows nothing")
	}
	b.known[id] = true
	b.give(looked.Add(time.Second), 1, "evRelay", ring(1, 1, "sess...1f20"), func(s *scrape.Snapshot) { s.NewIDs = [][]byte{[]byte(id)} })
	doc, made := b.build(Request{})
	if bytes.Contains(made.Bytes(), []byte(id)) {
		t.Error("the id is still there")
	}
	want(t, doc, map[string]string{
		"recentEvents.error.0.message": `"lost race...f3c2 at turn 3"`, "supportBundle.redaction.verifier.verdict": `"clean"`,
	})
}

// What a field named is an id also in the text that was kept before.
func TestSweepMasksWhatAFieldNamedLater(t *testing.T) {
	const id = "Q7x_race-0417-a7f3c2"
	b := setup(t, okboxbox(t), megabytes)
	b.give(looked, 1, "evError", []byte(`{"events":[{"type":"handler_error","message":"lost `+id+` at turn 3","id":"rb-1","timestamp":1795424858000}]}`))
	if _, made := b.build(Request{}); !bytes.Contains(made.Bytes(), []byte(id)) {
		t.Fatal("the id was masked before it was known: the test shows nothing")
	}
	b.give(looked.Add(time.Second), 1, "evError", []byte(`{"events":[{"type":"handler_error","message":"again","context":{"socketId":"`+id+`"},"id":"rb-2","timestamp":1795424859000}]}`))
	doc, made := b.build(Request{})
	if bytes.Contains(made.Bytes(), []byte(id)) {
		t.Error("the id is still there")
	}
	want(t, doc, map[string]string{"recentEvents.error.1.message": `"lost Q7x_...f3c2 at turn 3"`})
}

func TestLongEventIsCutWithAMark(t *testing.T) {
	long := strings.Repeat("lorem ipsum ", 4000)
	for name, event := range map[string]string{
		"long text":    `{"type":"exception","message":"` + long + `","id":"rb-1","timestamp":5}`,
		"many members": `{"type":"exception","context":{` + strings.Repeat(`"a":[1,2,3],`, 3000) + `"z":1},"id":"rb-1","timestamp":5}`,
		"deep":         `{"type":"exception","context":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `,"id":"rb-1","timestamp":5}`,
	} {
		t.Run(name, func(t *testing.T) {
			short := cutEvent([]byte(event))
			if len(short) > maxEvent || !json.Valid(short) {
				t.Fatalf("%d bytes, valid %v", len(short), json.Valid(short))
			}
			want(t, decode(t, short), map[string]string{"id": `"rb-1"`, "timestamp": `5`, "type": `"exception"`, "_cut": itoa(len(event))})
		})
	}
	b := setup(t, okboxbox(t), megabytes)
	b.give(looked, 1, "evError", []byte(`{"events":[{"type":"exception","message":"`+long+`","id":"rb-1","timestamp":5}]}`))
	doc, _ := b.build(Request{})
	if got := at(doc, "recentEvents.error.0._cut"); got == "absent" {
		t.Error("the event in the pack has no mark")
	}
	if short := []byte(`{"id":"rb-1"}`); len(cutEvent(short)) > 100 {
		t.Error("a short event became long")
	}
}

func TestFallbackTakesOverOnlyWhenItMust(t *testing.T) {
	errorRing := []byte(`{"events":[{"type":"exception","message":"m","id":"rb-1","timestamp":1000}]}`)
	second := []byte(`{"errors":[{"id":"err-2","timestamp":2000,"subsystem":"db","message":"later"},{"id":"err-1","timestamp":1000,"subsystem":"db","message":"m"}]}`)
	count := func(t *testing.T, status scrape.Status, failures int) string {
		b := setup(t, okboxbox(t), megabytes)
		b.give(looked, 1, "evError", errorRing)
		b.give(looked.Add(time.Second), 1, "errors", second, func(s *scrape.Snapshot) {
			s.States["evError"] = scrape.State{Status: status, Failures: failures}
		})
		doc, _ := b.build(Request{})
		return at(doc, "recentEvents.error.length")
	}
	for name, c := range map[string]struct {
		status   scrape.Status
		failures int
		want     string
	}{
		"one slow answer":  {scrape.Timeout, 1, `1`},
		"slow for long":    {scrape.Timeout, 3, `2`}, // the event known from the ring does not come again
		"rights withdrawn": {scrape.Forbidden, 1, `2`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := count(t, c.status, c.failures); got != c.want {
				t.Errorf("%s events, want %s", got, c.want)
			}
		})
	}
}

func TestUnwiredRelayReadsTheOtherStore(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	s := look(t, p, "stock", looked, all...)
	for _, res := range s.Results {
		if res.Source == "errors" {
			res.Body = []byte(`{"count":1,"errors":[{"id":"err-1","timestamp":1000,"subsystem":"db","message":"m","metadata":{"sessionId":"sess_09e18fd43c2d"}}],"countsBySubsystem":{"db":1}}`)
		}
	}
	b.record(s)
	doc, _ := b.build(Request{SessionID: "sess_09e18fd43c2d"})
	want(t, doc, map[string]string{
		"supportBundle.unwired": `true`, "recentEvents.error.0.id": `"err-1"`, "sessionEvents.error.length": `1`,
		"supportBundle.errors.bySubsystem": `{"db":1}`, "supportBundle.sessionMatch.exact": `1`,
	})
}

// A relay whose answers have another shape than the profile says has told of no events and of nobody: that
// is not the same as telling that there are none.
func TestAnswersOfAnotherShapeGiveNoZeros(t *testing.T) {
	for _, body := range []string{`"nope"`, `{}`, `null`, `[]`, `{"items":[]}`, `{"events":null}`, `{"events":{"a":1}}`, `{"events":[1,2,"x"]}`, `{"events":[{"type":"connect"}]}`} {
		b := setup(t, okboxbox(t), megabytes)
		for _, source := range []string{"evSocket", "evRelay", "sockets", "sessions", "summary", "active"} {
			b.give(looked, 1, source, []byte(body))
		}
		doc, _ := b.build(Request{})
		for _, path := range []string{"socketStats.totalConnects", "socketStats.totalAuthFails", "socketStats.totalJoins", "relayStats.totalDriftWarnings", "supportBundle.sockets", "supportBundle.sessions"} {
			if got := at(doc, path); got != "null" {
				t.Errorf("%s: %s is %s", body, path, got)
			}
		}
		if got := at(doc, "eventBufferStats.socket.missed"); !bytes.Contains([]byte(body), []byte(`"events":[`)) && got != "null" {
			t.Errorf("%s: missed is %s", body, got)
		}
		b.recorder.states["summary"] = okState(looked)
		if doc, _ = b.build(Request{}); at(doc, "supportBundle.sources.summary.error") != `"the answer holds nothing of what is read from it"` {
			t.Errorf("%s: summary says %s", body, at(doc, "supportBundle.sources.summary"))
		}
	}
	b := setup(t, okboxbox(t), megabytes)
	b.give(looked, 1, "evSocket", []byte(`{"events":[]}`))
	doc, _ := b.build(Request{})
	want(t, doc, map[string]string{"socketStats.totalConnects": `0`, "eventBufferStats.socket.missed": `0`})
}

// Socket events tell of a session by its room alone.
func TestSocketEventsOfASessionAreFoundByItsRoom(t *testing.T) {
	b := setup(t, okboxbox(t), megabytes)
	b.give(looked, 1, "evSocket", []byte(`{"events":[`+
		`{"type":"join","socketId":"abcd...wxyz","room":"session:`+mask+`","id":"rb-4","timestamp":4},`+
		`{"type":"join","socketId":"abcd...wxyz","room":"broadcast:session:`+mask+`:dash","id":"rb-3","timestamp":3},`+
		`{"type":"join","socketId":"abcd...wxyz","room":"session:sess...0000","id":"rb-2","timestamp":2},`+
		`{"type":"connect","socketId":"abcd...wxyz","id":"rb-1","timestamp":1}]}`))
	doc, _ := b.build(Request{SessionID: first})
	want(t, doc, map[string]string{"sessionEvents.socket.length": `2`, "sessionEvents.socket.0.id": `"rb-4"`, "sessionEvents.socket.1.id": `"rb-3"`, "supportBundle.sessionMatch.masked": `2`})
}

// No count, share or time is below 0: whoever says so does not know it.
func TestImpossibleNumbersAreNull(t *testing.T) {
	b := setup(t, okboxbox(t), megabytes)
	b.give(looked, 1, "summary", []byte(`{"uptime":{"uptimeMs":-1},"sessions":{"active":-5},"relay":{"totalDrops":-0.5,"totalFrames":0}}`))
	doc, _ := b.build(Request{})
	want(t, doc, map[string]string{"summary.uptime": `null`, "summary.activeSessions": `null`, "relayStats.totalDrops": `null`, "relayStats.totalFrames": `0`})
}

func TestStaleSourceHasNoEmptyReason(t *testing.T) {
	if got := encodeReason(scrape.State{Status: scrape.Stale, Code: 200}); got != nil {
		t.Errorf("%q", got)
	}
}
