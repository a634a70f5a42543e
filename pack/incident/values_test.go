package incident

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"relaypack/scrape"
	"relaypack/scrape/profile"
)

// values are readings that a test sets.
type values struct{ series, fields, events map[string]Reading }

func newValues() values {
	return values{map[string]Reading{}, map[string]Reading{}, map[string]Reading{}}
}

func (v values) Series(name string) (Reading, bool) { r, ok := v.series[name]; return r, ok }
func (v values) Field(name string) (Reading, bool)  { r, ok := v.fields[name]; return r, ok }
func (v values) Events(class, kind string) (Reading, bool) {
	r, ok := v.events[class+" "+kind]
	return r, ok
}

// rulesOf parses incident rules beside sources, series, fields and events that they can name.
func rulesOf(t testing.TB, rules string) profile.Incidents {
	t.Helper()
	p, err := profile.Parse("rules.yaml", []byte(`version: 1
name: test
sources:
  page: {path: /metrics, format: exposition, every: metrics}
  data: {path: /data, every: debug}
history:
  - {name: a, unit: count, from: page, jq: .a}
  - {name: b, unit: count, from: page, jq: .b}
  - {name: c, unit: count, from: data, jq: .c}
sections: {summary: {activeSessions: [{from: data, jq: .s}], environment: [{from: data, jq: .e}]}}
config: {metricsEnabled: [{from: data, jq: .m}]}
events:
  error: [{from: data, each: '.e[]', id: .id, time: .t, type: .type}]
`+rules))
	if err != nil {
		t.Fatal(err)
	}
	return p.Incidents
}

// ruleText writes one rule; more is what follows `when`.
func ruleText(name, when, more string) string {
	return "    - {name: " + name + ", summary: S, when: " + when + more + "}\n"
}

// desk drives an engine in false time.
type desk struct {
	t      *testing.T
	e      *Engine
	rules  profile.Incidents
	began  time.Time
	in     Input
	values values
	offset time.Duration // of the wall clock
	said   []string
}

// onDesk runs a test in a bubble, with a living relay of which all sources are fine.
func onDesk(t *testing.T, rules string, test func(d *desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := &desk{t: t, values: newValues(), began: time.Now(), rules: rulesOf(t, "incidents:\n  rules:\n"+rules)}
		d.e = New(d.rules, Options{Now: d.now})
		d.in = Input{Port: scrape.PortOpen, Readings: d.values, States: map[string]scrape.State{}}
		d.live(1)
		for _, source := range []string{"page", "data", "process"} {
			d.status(source, scrape.OK)
		}
		test(d)
	})
}

func (d *desk) now() time.Time { return time.Now().Add(d.offset) }

// live begins a life.
func (d *desk) live(n int) {
	d.in.Life = scrape.Life{N: n, FirstSeen: d.now(), StartedAt: d.now(), Source: "page", Pid: int32(100 + n)}
	d.in.Port = scrape.PortOpen
}

// die ends it.
func (d *desk) die() {
	d.in.Life.EndedAt, d.in.Life.End, d.in.Port = d.now(), "gone", scrape.PortRefused
}

func (d *desk) status(source string, s scrape.Status) {
	state := d.in.States[source]
	state.Status = s
	if s == scrape.OK {
		state.LastOK, state.Failures = d.now(), 0
	} else {
		state.Failures++
	}
	d.in.States[source] = state
}

func (d *desk) set(series string, value float64) {
	d.values.series[series] = Reading{At: d.now(), Number: value}
}

func (d *desk) count(class string, n float64) {
	d.values.events[class] = Reading{At: d.now(), Number: n}
}

// look evaluates now and notes what changed.
func (d *desk) look() []Change {
	d.in.At = d.now()
	changes := d.e.Evaluate(d.in)
	for _, c := range changes {
		switch {
		case c.Kind == Opened && c.Record.Joined:
			d.said = append(d.said, "join "+c.Record.Rule)
		case c.Kind == Opened:
			d.said = append(d.said, "open "+c.Record.Rule)
		default:
			d.said = append(d.said, fmt.Sprintf("%s %s %s", c.Kind, c.Record.Rule, c.Why))
		}
	}
	return changes
}

// after waits, sets one series and looks.
func (d *desk) after(wait time.Duration, series string, value float64) []Change {
	time.Sleep(wait)
	d.set(series, value)
	return d.look()
}

// want holds what changed since the last call.
func (d *desk) want(said ...string) {
	d.t.Helper()
	if !slices.Equal(d.said, said) {
		d.t.Errorf("at %s: said [%s], want [%s]", time.Since(d.began), strings.Join(d.said, ", "), strings.Join(said, ", "))
	}
	d.said = nil
}
