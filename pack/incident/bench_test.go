package incident

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"relaypack/scrape"
)

// BenchmarkEvaluate judges 20 rules of all kinds on a look in which nothing changes. At most 20 µs and
// no allocation.
func BenchmarkEvaluate(b *testing.B) {
	var rules strings.Builder
	for i, when := range []string{
		"{relay: down}", "{relay: restarted}", "{series: a, above: 10}", "{series: a, of: b, above: 0.9}",
		"{series: c, take: rate, over: 1m, above: 5}", "{events: error, over: 1m, above: 60}",
		"{all: [{relay: up}, {source: page, status: [unreachable, timeout]}]}", "{field: summary.activeSessions, below: 1}",
		"{field: summary.environment, is: [test]}", "{any: [{series: a, above: 10}, {series: b, below: 1}]}",
	} {
		fmt.Fprint(&rules, ruleText(fmt.Sprintf("r%d", 2*i), when, ", for: 30s"), ruleText(fmt.Sprintf("r%d", 2*i+1), when, ""))
	}
	e := New(rulesOf(b, "incidents:\n  rules:\n"+rules.String()), Options{})
	v := newValues()
	fine := scrape.State{Status: scrape.OK}
	in := Input{
		Life: scrape.Life{N: 1}, Port: scrape.PortOpen, Readings: v,
		States: map[string]scrape.State{"page": fine, "data": fine, "process": fine},
	}
	n := 0.0
	look := func() {
		n++
		in.At = time.Now()
		r := Reading{At: in.At, Number: 5}
		v.series["a"], v.series["b"], v.fields["summary.activeSessions"] = r, r, r
		v.series["b"] = Reading{At: in.At, Number: 50}
		v.series["c"] = Reading{At: in.At, Number: 7}
		v.events["error "] = r
		v.fields["summary.environment"] = Reading{At: in.At, Text: "production"}
		if changes := e.Evaluate(in); changes != nil {
			b.Fatalf("%+v", changes)
		}
	}
	look()
	b.ReportAllocs()
	for b.Loop() {
		look()
	}
}

func TestQuietEvaluationAllocatesNothing(t *testing.T) {
	onDesk(t, deathRules+ruleText("r", "{series: a, above: 10}", "")+ruleText("e", "{events: error, above: 10}", ""), func(d *desk) {
		d.count("error ", 0)
		d.after(0, "a", 5)
		if n := testing.AllocsPerRun(100, func() { d.after(second, "a", 5) }); n != 0 {
			t.Errorf("%v allocations", n)
		}
	})
}

func BenchmarkState(b *testing.B) {
	e := New(rulesOf(b, "incidents:\n  rules:\n"+ruleText("r", "{series: a, above: 10}", quickRule+"60")), Options{})
	b.ReportAllocs()
	for b.Loop() {
		e.State()
	}
}
