package main

import (
	"bytes"
	"strings"
	"testing"

	"relaypack/pack/redact/scoreboard/corpus"
	"relaypack/pack/redact/scoreboard/score"
	"relaypack/pack/redact/scoreboard/tool"
)

// play1 scores a light tool in this process.
func play1(t *testing.T, name string, docs []corpus.Doc) score.Result {
	t.Helper()
	f, err := tool.Light(name)
	if err != nil {
		t.Fatal(err)
	}
	outputs := make([][]byte, len(docs))
	for i, d := range docs {
		out, err := f(d.Bytes)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		outputs[i] = bytes.Clone(out)
	}
	r, err := judge(name, docs, outputs)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The scale has two ends: what changes nothing, and what leaves nothing.
func TestEndsOfTheScale(t *testing.T) {
	for _, part := range []corpus.Part{corpus.Open, corpus.HeldKinds, corpus.HeldCarriers} {
		docs := corpus.Generate(11, part)
		if r := play1(t, "null", docs); r.Recall() != 0 || r.KeptPercent() != 100 || r.ValidPercent() != 100 {
			t.Errorf("null: recall %.2f, kept %.2f, valid %.2f; want 0, 100, 100", r.Recall(), r.KeptPercent(), r.ValidPercent())
		}
		if r := play1(t, "empty", docs); r.Recall() != 100 || r.KeptPercent() != 0 || r.ValidPercent() != 0 {
			t.Errorf("empty: recall %.2f, kept %.2f, valid %.2f; want 100, 0, 0", r.Recall(), r.KeptPercent(), r.ValidPercent())
		}
	}
}

// Whoever takes out just the places of the secrets gets all the points: no part
// of a secret stands anywhere else, and no look-alike is part of one.
func TestPerfectRedactorIsPossible(t *testing.T) {
	for _, part := range []corpus.Part{corpus.Open, corpus.HeldKinds, corpus.HeldCarriers} {
		docs := corpus.Generate(12, part)
		outputs := make([][]byte, len(docs))
		for i, d := range docs {
			outputs[i] = perfect(d)
		}
		r, err := judge("perfect", docs, outputs)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range r.Misses {
			t.Errorf("%s in %s: %q stands elsewhere", m.Kind, m.Carrier, m.Left)
		}
		for _, m := range r.Destroyed {
			if m.Carrier != "html-json" && !strings.HasPrefix(m.Carrier, "json-in-json") { // there all items share one run
				t.Errorf("%s in %s: %q is part of a secret's place", m.Kind, m.Carrier, m.Text)
			}
		}
	}
}

func perfect(d corpus.Doc) []byte {
	out, from := []byte(nil), 0
	for _, p := range d.Plants {
		if !p.Alike() && p.Start >= from {
			out = append(append(out, d.Bytes[from:p.Start]...), "[x]"...)
			from = p.End
		}
	}
	return append(out, d.Bytes[from:]...)
}

// floors are what the tools must reach on each of these seeds, in percent.
var floors = []struct {
	tool         string
	recall, kept float64
}{
	{"relaypack", 99.5, 99.8},
	{"verify", 99.3, 99.7},
}

func TestFloors(t *testing.T) {
	for _, seed := range []uint64{21, 22, 23} {
		docs := corpus.Generate(seed, corpus.Open)
		for _, f := range floors {
			r := play1(t, f.tool, docs)
			if r.Recall() < f.recall || r.KeptPercent() < f.kept || r.ValidPercent() != 100 {
				t.Errorf("seed %d, %s: recall %.2f (want %.1f), kept %.2f (want %.1f), valid JSON %.2f (want 100)", seed, f.tool, r.Recall(), f.recall, r.KeptPercent(), f.kept, r.ValidPercent())
			}
		}
	}
}

func TestTable(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run([]string{"-seed", "1", "-only", "no-such-tool"}, &out, &errs); code == 0 {
		t.Error("a tool that does not exist gives no error")
	}
	out.Reset()
	if code := run([]string{"-heldout", "no-such-part"}, &out, &errs); code != 2 || out.Len() > 0 {
		t.Errorf("a part that does not exist gives code %d and %q", code, out.String())
	}
	rows := []row{{Result: score.Result{Tool: "null", Alikes: 4, Kept: 3}}}
	out.Reset()
	printTable(&out, options{seed: 7}, nil, rows)
	for _, want := range []string{"Seed 7,", "| tool | recall |", "| null | 0.00 % | 75.00 % |"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}
