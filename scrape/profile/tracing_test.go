package profile

import "testing"

// asking is a start with sources of every kind that a trace may name; what a case adds begins in line 9.
const asking = "=" + start + `  go: {path: /go, method: POST, body: '{"s":"{session}","n":"{seconds}"}', every: ask}
  dear: {path: '/dear/{session}', every: ask, atMost: 1m}
`

// tracingCases are files with one fault each in what they say of traces.
var tracingCases = []struct{ file, want string }{
	{asking, "7:3: source go: {seconds} is for the source of tracing.start"},
	{"tracing: {}\n", "7:10: tracing samples nothing; write one of: framesIn, drops, errors, lastFrameAgeMs"},
	{"tracing: {framesIn: [{from: one, jq: .a}], frames: []}\n", "7:44: tracing has no member \"frames\"; write one of: start, framesIn, drops, errors, lastFrameAgeMs"},
	{"tracing: {framesIn: [{from: one, jq: .a}], start: {from: one, path: .id}}\n", "7:58: tracing.start: write a source with every: ask, method: POST and {session} in its path or body"},
	{asking + "tracing: {framesIn: [{from: one, jq: .a}], start: {from: go}}\n", "9:51: tracing.start has no path; write it"},
	{asking + "tracing: {framesIn: [{from: dear, jq: .a}], start: {from: go, path: .id}}\n", "9:29: tracing.framesIn: source dear is not for every sample: it has atMost or insteadOf; write another source"},
	{asking + "tracing: {framesIn: [{from: one, each: '.a[]', jq: .a}], start: {from: go, path: .id}}\n", "9:22: tracing.framesIn: source one answers for one session; leave each and session out"},
	{"tracing: {drops: [{from: data, jq: .a}]}\n", "7:19: tracing.drops: source data tells of all sessions; write each and session, which find the one"},
	{"tracing: {drops: [{from: page, each: '.a[]', session: .b, jq: .c}]}\n", "7:26: tracing.drops: source page is no JSON that is read again and again; write another source"},
	{"tracing: {drops: [{from: states, jq: .c}]}\n", "7:26: tracing.drops: there is no source \"states\"; write one of sources"},
	{"tracing: {drops: [{from: data, each: .a, session: .b, jq: .c}]}\n", "7:38: tracing.drops: each does not end in []; write the path of the elements, such as .events[]"},
	{"=" + start + "  t: {path: '/t/{trace}', every: ask}\ntracing: {drops: [{from: t, jq: .c}]}\n", "8:26: tracing.drops: write a source with every: ask and {session} in its path or body"},
	{"=" + start + "  go: {path: /go, method: POST, body: '{\"s\":\"{session}\",\"n\":\"{seconds} s\"}', every: ask}\n" +
		"tracing: {framesIn: [{from: one, jq: .a}], start: {from: go, path: .id}}\n", "7:3: source go: write {seconds} as the whole of a text; it becomes a number"},
}

func TestTracingIsRead(t *testing.T) {
	p, err := Parse("f.yaml", []byte(asking[1:]+
		"tracing: {errors: [{from: data, each: '.a[]', session: .s, jq: .e}], framesIn: [{from: one, jq: .f}], start: {from: go, path: .id}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	got := p.Tracing
	if got.Start.Source != "go" || got.Start.Path.Text != ".id" || len(got.Fields) != 2 || got.Fields[0].Name != "framesIn" {
		t.Fatalf("%+v", got)
	}
	if w := got.Fields[1].Ways[0]; w.From != "data" || w.Each.Text != ".a[]" || w.Session.Text != ".s" || w.Query.Text != ".e" {
		t.Errorf("%+v", w)
	}
	if p, err := Load("generic"); err != nil || p.Tracing != nil {
		t.Errorf("generic traces: %v %v", p, err)
	}
}
