package pack

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"relaypack/scrape"
)

// bypass is a value that only the detector knows: what a hole in the redactor would let through.
const bypass = "zxbypass4711"

var bypasses = map[string]struct {
	plant   func(s *scrape.Snapshot)
	want    map[string]string
	took    string
	pointer string
}{
	"member of an event": {
		func(s *scrape.Snapshot) { replaceBody(s, "evSocket", `"role":"overlay"`, `"role":"`+bypass+`"`) },
		map[string]string{"recentEvents.socket.length": `500`, "recentEvents.socket.1.role": "absent", "recentEvents.socket.1.id": `"rb-3822"`},
		`"field"`, `"/recentEvents/socket/1"`,
	},
	"name in an event": {
		func(s *scrape.Snapshot) { replaceBody(s, "evError", `"subsystem"`, `"`+bypass+`"`) },
		map[string]string{"recentEvents.error.length": `500`},
		`"field"`, `"/recentEvents/error/0"`,
	},
	"field of the format": {
		func(s *scrape.Snapshot) {
			replaceBody(s, "summary", `"environment":"development"`, `"environment":"`+bypass+`"`)
		},
		map[string]string{"summary.environment": `null`, "summary.uptime": `245360`},
		`"field"`, `"/summary"`,
	},
	"name in a map": {
		func(s *scrape.Snapshot) { replaceBody(s, "summary", `"overlay":`, `"`+bypass+`":`) },
		map[string]string{"socketStats.byRole.relay": `3`},
		`"field"`, `"/socketStats"`,
	},
	"label": {
		func(s *scrape.Snapshot) {
			for _, res := range s.Results {
				if res.Metrics != nil {
					f := &res.Metrics.Families[len(res.Metrics.Families)-1]
					f.Samples = append(f.Samples, scrape.Sample{Labels: []scrape.Label{{Name: "a", Value: bypass}}, Value: 1})
				}
			}
		},
		map[string]string{"summary.uptime": `245360`},
		`"field"`, `"/supportBundle/metrics"`,
	},
	"element of a list": {
		func(s *scrape.Snapshot) { replaceBody(s, "sockets", `"surface":"relay"`, `"surface":"`+bypass+`"`) },
		map[string]string{"supportBundle.sockets.list.length": `18`},
		`"field"`, `"/supportBundle/sockets"`,
	},
}

func TestBypassSpoilsAFieldAndNotThePack(t *testing.T) {
	for name, c := range bypasses {
		t.Run(name, func(t *testing.T) {
			p := okboxbox(t)
			b := setup(t, p, megabytes, bypass)
			s := look(t, p, "tapped", looked, all...)
			c.plant(s)
			b.record(s)
			doc, made := b.build(Request{IncludeConfig: true})
			if bytes.Contains(made.Bytes(), []byte(bypass)) {
				t.Fatal("the bypass is in the pack")
			}
			if made.Verdict() != Cleaned {
				t.Errorf("verdict %s", made.Verdict())
			}
			want(t, doc, c.want)
			want(t, doc, map[string]string{
				"supportBundle.redaction.verifier.removed.0.took":    c.took,
				"supportBundle.redaction.verifier.removed.0.pointer": c.pointer,
				"supportBundle.redaction.verifier.verdict":           `"cleaned"`,
			})
		})
	}
}

func replaceBody(s *scrape.Snapshot, source, old, with string) {
	for _, res := range s.Results {
		if res.Source == source {
			if !bytes.Contains(res.Body, []byte(old)) {
				panic("nothing to replace in " + source)
			}
			res.Body = bytes.ReplaceAll(res.Body, []byte(old), []byte(with))
		}
	}
}

func TestFloodOfFindingsEnds(t *testing.T) {
	b := setup(t, okboxbox(t), megabytes, bypass)
	b.recorder.opts.WindowBytes = megabytes
	var a array
	for n := 500; n > 0; n-- {
		var o object
		for i := range 20 {
			o.text(fmt.Sprintf("m%d", i), bypass)
		}
		o.text("id", fmt.Sprintf("rb-%d", n))
		o.number("timestamp", int64(n))
		a.raw(o.done())
	}
	b.give(looked, 1, "evError", fmt.Appendf(nil, `{"events":%s}`, a.done()))
	began := time.Now()
	doc, made := b.build(Request{})
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
	if bytes.Contains(made.Bytes(), []byte(bypass)) {
		t.Error("the bypass is in the pack")
	}
	if made.Verdict() != Cleaned {
		t.Errorf("a flood in one class cost the pack: %s", made.Verdict())
	}
	want(t, doc, map[string]string{"recentEvents.error.length": `500`, "recentEvents.error.0": `{"id":"rb-500","timestamp":500}`})
}

// What cannot be taken out of its place costs the section, and in the agent's own parts the pack.
func TestEscalation(t *testing.T) {
	for name, c := range map[string]struct {
		value   string
		verdict Verdict
		want    map[string]string
	}{
		"identity":    {"relay-0", Cleaned, map[string]string{"supportBundle.identity.pod": `null`, "supportBundle.identity.namespace": `"race"`}},
		"source name": {"evSocket", Cleaned, map[string]string{"supportBundle.sources.evSocket": "absent", "supportBundle.sources.evRelay.status": `"ok"`}},
		"constant":    {"schemaVersion", Minimal, map[string]string{"recentEvents.socket": `[]`, "supportBundle.sources": `{}`, "supportBundle.redaction.verifier.verdict": `"minimal"`}},
	} {
		t.Run(name, func(t *testing.T) {
			p := okboxbox(t)
			b := setup(t, p, megabytes, c.value)
			b.record(look(t, p, "tapped", looked, all...))
			doc, made := b.build(Request{IncludeConfig: true, SessionID: "sess_09e18fd43c2d", TraceID: "trace-1"})
			if made.Verdict() != c.verdict {
				t.Errorf("verdict %s", made.Verdict())
			}
			want(t, doc, c.want)
		})
	}
}

func TestEditsChangeWhatTheyNameAndNothingElse(t *testing.T) {
	const doc = `{"a":{"b~/c":[1,2,{"x":"y"}],"d":1.50},"a2":"\u0041","e":[]}`
	for name, c := range map[string]struct {
		pointer string
		change  change
		want    string
	}{
		"member":       {"/a/d", remove, `{"a":{"b~/c":[1,2,{"x":"y"}]},"a2":"\u0041","e":[]}`},
		"element":      {"/a/b~0~1c/1", remove, `{"a":{"b~/c":[1,{"x":"y"}],"d":1.50},"a2":"\u0041","e":[]}`},
		"first":        {"/a", remove, `{"a2":"\u0041","e":[]}`},
		"null":         {"/a/b~0~1c/2/x", toNull, `{"a":{"b~/c":[1,2,{"x":null}],"d":1.50},"a2":"\u0041","e":[]}`},
		"not there":    {"/a/zz/y", remove, doc},
		"into a text":  {"/a2/0", remove, doc},
		"into nothing": {"/e/0", remove, doc},
	} {
		t.Run(name, func(t *testing.T) {
			e := &edits{}
			e.add(splitPointer(c.pointer), c.change)
			if got := string(e.apply([]byte(doc))); got != c.want {
				t.Errorf("got %s", got)
			}
		})
	}
	e := &edits{}
	e.add([]string{"a"}, remove)
	if got := string(e.apply([]byte(`{"a":`))); got != "null" {
		t.Errorf("broken JSON became %s", got)
	}
}

// Random looks: whatever a relay says, a pack fits schema and limit and does not hold the bypass.
func TestRandomLooks(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	p := okboxbox(t)
	for range 40 {
		limit := MinBytes << rng.IntN(4)
		b := setup(t, p, limit, bypass)
		life := 1
		for i := range 1 + rng.IntN(4) {
			when := looked.Add(time.Duration(i) * 15 * time.Second)
			b.now = when
			s := emptyLook(p, when)
			if rng.IntN(4) == 0 {
				life++
			}
			s.Life.N = life
			for _, name := range all {
				res := randomResult(rng, name, when)
				s.States[name] = res.State
				s.Results = append(s.Results, res)
			}
			b.record(s)
		}
		_, made := b.build(Request{SessionID: "sess_x1234567", IncludeConfig: rng.IntN(2) == 0})
		if len(made.Bytes()) > limit {
			t.Fatalf("%d bytes of at most %d", len(made.Bytes()), limit)
		}
		if bytes.Contains(made.Bytes(), []byte(bypass)) {
			t.Fatal("the bypass is in the pack")
		}
	}
}

func randomResult(rng *rand.Rand, source string, when time.Time) *scrape.Result {
	res := &scrape.Result{Source: source, At: when, State: okState(when)}
	if rng.IntN(5) == 0 {
		res.State = scrape.State{Status: scrape.Timeout, Failures: rng.IntN(9), Since: when}
		return res
	}
	if source == "metrics" {
		res.Metrics = &scrape.Metrics{}
		for i := range rng.IntN(50) {
			f := scrape.Family{Name: fmt.Sprintf("f%d_%s", i, randomText(rng)), Type: "gauge"}
			for range rng.IntN(20) {
				f.Samples = append(f.Samples, scrape.Sample{Value: rng.NormFloat64(), Labels: []scrape.Label{{Name: "l", Value: randomText(rng)}}})
			}
			res.Metrics.Families = append(res.Metrics.Families, f)
		}
		return res
	}
	list := func() string {
		var a array
		for i := range rng.IntN(200) {
			a.raw(fmt.Appendf(nil, `{"id":"rb-%d","timestamp":%d,"sessionId":%s,"x":%s}`, rng.IntN(1000), i, randomValue(rng, 0), randomValue(rng, 0)))
		}
		return string(a.done())
	}
	one := list()
	res.Body = []byte(`{"events":` + one + `,"errors":` + one + `,"sockets":` + one + `,"sessions":` + one + `,"relays":` + one + `,"relay":` + randomValue(rng, 0) + `,"uptime":` + randomValue(rng, 0) + `,"build":` + randomValue(rng, 0) +
		`,"config":{"port":` + randomValue(rng, 2) + `},"eventBuffers":` + randomValue(rng, 0) + `}`)
	return res
}

func randomText(rng *rand.Rand) string {
	words := []string{"a", bypass, "key", "Sess_1f20", "ü", "\\", "\"", "/", "~", "tok", "en", "\n", "é\u2028", strings.Repeat("long ", 200)}
	return words[rng.IntN(len(words))] + words[rng.IntN(len(words))]
}

func randomValue(rng *rand.Rand, depth int) string {
	switch n := rng.IntN(8); {
	case n == 0 && depth < 4:
		return "[" + randomValue(rng, depth+1) + ", " + randomValue(rng, depth+1) + "]"
	case n <= 2 && depth < 4:
		name := appendString(nil, randomText(rng))
		return "{" + string(name) + ": " + randomValue(rng, depth+1) + "}"
	case n == 3:
		return "null"
	case n == 4:
		return fmt.Sprint(rng.Float64() * 1e6)
	case n == 5:
		return "true"
	default:
		return string(appendString(nil, randomText(rng)))
	}
}

// What was read and found clean in one pack is not read again for the next, but what became known in
// between must not leave: neither a value nor an id, of which the redactor has not heard.
func TestWhatBecameKnownSinceTheLastPackIsFound(t *testing.T) {
	for name, learn := range map[string]func(*bench){
		"nothing": func(*bench) {},
		"value":   func(b *bench) { b.builder.opts.Detector.SetValues([][]byte{[]byte("quietlyhumming")}) },
		"encoded": func(b *bench) { b.builder.opts.Detector.SetValues([][]byte{[]byte("pond reeds")}) },
		"id":      func(b *bench) { b.known["wren4471gate"] = true },
	} {
		t.Run(name, func(t *testing.T) {
			b := setup(t, okboxbox(t), megabytes)
			s := emptyLook(b.profile, looked)
			s.States["evRelay"] = okState(looked)
			s.Results = []*scrape.Result{{Source: "evRelay", At: looked, State: okState(looked), Body: []byte(
				`{"events":[{"id":"relay-1","timestamp":1,"type":"note","data":{"a":"quietlyhumming","b":"cG9uZCByZWVkcw==","c":"wren4471gate","d":"plain"}}]}`)}}
			b.record(s)
			if _, p := b.build(Request{}); p.Verdict() != Clean || !strings.Contains(string(p.Bytes()), "wren4471gate") {
				t.Fatalf("the first pack: %s", p.Verdict())
			}
			learn(b)
			_, p := b.build(Request{})
			left := strings.Contains(string(p.Bytes()), "quietlyhumming") && strings.Contains(string(p.Bytes()), "cG9uZCByZWVkcw") && strings.Contains(string(p.Bytes()), "wren4471gate")
			if clean := name == "nothing"; left != clean || (p.Verdict() == Clean) != clean || !strings.Contains(string(p.Bytes()), `"d":"plain"`) {
				t.Errorf("verdict %s, all is still there: %v\n%.600s", p.Verdict(), left, p.Bytes())
			}
		})
	}
}

// Only what was read in this turn of the detector is left out of what it reads.
func TestUnreadEventsAreRead(t *testing.T) {
	b := setup(t, okboxbox(t), megabytes)
	var events []*event
	for _, text := range []string{`{"n":"new"}`, `{"n":"read"}`, `{"n":"read in an earlier turn"}`} {
		k, ok := b.recorder.take([]byte(text), looked)
		if !ok {
			t.Fatal("not taken")
		}
		events = append(events, &event{kept: k})
	}
	turn := b.builder.opts.Detector.Turn()
	if turn == 0 {
		t.Fatal("the turn of what was never read")
	}
	d := &draft{}
	d.add(&part{path: []string{"events"}}).setEvents(events)
	if d.unread(turn) != nil {
		t.Error("nothing was read, and something is left out")
	}
	events[1].verified.Store(turn)
	events[2].verified.Store(turn - 1)
	if got := string(d.unread(turn)); got != `{"events":[{"n":"new"},0,{"n":"read in an earlier turn"}]}` {
		t.Error(got)
	}
	d.parts[0].edited = true
	if d.unread(turn) != nil {
		t.Error("an edited part does not hold the bytes that were read")
	}
}
