package pack

import (
	"bytes"
	"context"
	"strings"
	"time"

	"relaypack/scrape"
	"relaypack/scrape/profile"
)

// queryTime bounds one expression on one answer.
const queryTime = 250 * time.Millisecond

// The pseudo-sources: what no single answer holds. They are evaluated at the end of a look.
const (
	fromStates = profile.FromStates // {source: status}
	fromTarget = profile.FromTarget // {host, port}
	fromEvents = profile.FromEvents // {class: {complete, types: {type: n}, count}}
)

// section is one field and the ways to it, best first.
type section struct {
	field string // dotted name
	shape shape
	rules []*rule
}

// numeric is the section of rules that give no field, only a number: of `unwired` and of history.
var numeric = &section{shape: number}

// rule is one way to a value, and the value that it gave last.
type rule struct {
	spec    profile.Rule
	section *section
	series  *series // set for a kept series: then value goes there
	kept    kept
	value   []byte // within kept.clean; nil: null
	number  float64
	given   bool          // number is one
	written bool          // Entries gave a value out
	path    *profile.Path // set where the expression only names a place: then the relay's order of members stays
}

// newSections makes the table of all rules by the source that they read.
func (r *Recorder) newSections(p *profile.Profile) {
	for _, list := range [][]profile.Section{p.Sections, p.Bundle} {
		for _, spec := range list {
			s := &section{field: spec.Field, shape: shapeOf(spec.Field)}
			for _, one := range spec.Rules {
				s.rules = append(s.rules, r.newRule(one, s))
			}
			r.sections[spec.Field] = s
			r.fields = append(r.fields, s)
		}
	}
	if p.Unwired != nil {
		for _, one := range p.Unwired.Live {
			r.live = append(r.live, r.newRule(one, numeric))
		}
		for _, one := range p.Unwired.Recorded {
			r.recorded = append(r.recorded, r.newRule(one, numeric))
		}
	}
	for _, spec := range p.History {
		one := r.newRule(spec.Rule, numeric)
		one.series = r.history.add(spec)
	}
}

func (r *Recorder) newRule(spec profile.Rule, s *section) *rule {
	one := &rule{spec: spec, section: s}
	if spec.Query != nil && (s.shape == numbers || s.shape == objects) {
		if path, err := profile.ParsePath(spec.Query.Text); err == nil {
			one.path = &path
		}
	}
	r.bySource[spec.From] = append(r.bySource[spec.From], one)
	return one
}

// takeSections evaluates every rule that reads this answer.
func (r *Recorder) takeSections(res *scrape.Result) {
	rules := r.bySource[res.Source]
	if len(rules) == 0 {
		return
	}
	var doc any
	switch {
	case res.Body != nil:
		decoded, _, err := profile.Document(res.Body)
		if err != nil {
			r.queryErrors.Add(1)
			return
		}
		doc = decoded
	case res.Metrics != nil:
		doc = res.Metrics.Document(r.profile.Families)
	case res.Process != nil:
		doc = processDocument(res.Process)
	}
	read, gave := false, false
	for _, one := range rules {
		if r.shown == r.life || one.series != nil {
			r.evaluate(one, doc, res.Body, res.At, false)
			read, gave = true, gave || one.value != nil || one.given
		}
	}
	r.barren[res.Source] = read && !gave
}

// takePseudo evaluates the rules on what the look as a whole says. A status of which a rule makes
// nothing (unreachable) leaves what an earlier one showed.
func (r *Recorder) takePseudo(s *scrape.Snapshot) {
	states := make(map[string]any, len(s.States))
	for name, state := range s.States {
		states[name] = string(state.Status)
	}
	events := make(map[string]any, len(r.classes))
	for _, c := range r.classes {
		types := make(map[string]any, len(c.types))
		for kind, n := range c.types {
			types[kind] = n
		}
		events[c.name] = map[string]any{"complete": c.complete(r.unwired), "types": types, "count": c.count}
	}
	docs := []struct {
		from string
		doc  any
	}{
		{fromStates, states},
		{fromTarget, map[string]any{"host": s.Target.Host, "port": s.Target.Port}},
		{fromEvents, events},
	}
	for _, d := range docs {
		for _, one := range r.bySource[d.from] {
			r.evaluate(one, d.doc, nil, s.At, d.from != fromEvents)
		}
	}
}

func (r *Recorder) evaluate(one *rule, doc any, body []byte, at time.Time, keepLast bool) {
	if doc == nil || one.spec.Query == nil {
		return
	}
	v, err := r.run(one.spec.Query, doc, at)
	if err != nil {
		v = nil
	}
	raw := one.section.shape.encode(v)
	if raw != nil && one.path != nil {
		if written, ok := one.path.First(body); ok {
			raw = written
		}
	}
	if len(raw) > maxValue {
		raw = nil
	}
	n, given := toFloat(v)
	if one.section.field != "" && one.section.shape == number && n < 0 {
		raw, given = nil, false // no count, time or share: whoever says so does not know it
	}
	if raw == nil && keepLast && one.kept.life == r.shown {
		return
	}
	one.number, one.given = n, given
	if one.series != nil {
		if one.given {
			r.measured = append(r.measured, measured{one, at})
		}
		return
	}
	one.value, one.kept = nil, kept{life: r.life, at: at}
	if raw != nil && one.section.field != "" {
		one.kept, one.value = r.takeField(one.section.leaf(), raw, at)
	}
}

// measured is a number for a kept series that waits until it is known whether the relay is unwired.
type measured struct {
	rule *rule
	at   time.Time
}

// takeHistory gives the numbers of this look to their series.
func (r *Recorder) takeHistory() {
	for _, m := range r.measured {
		if !m.rule.spec.Recorded || r.unwired != yes {
			m.rule.series.push(m.at, m.rule.number)
			r.journal.point(m.at, m.rule.series.spec.Name, m.rule.number, r.opts.Durable)
		}
	}
	r.measured = r.measured[:0]
}

// run evaluates an expression under its time limit. Errors are counted, never quoted.
func (r *Recorder) run(q *profile.Query, doc any, at time.Time) (any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), queryTime)
	defer cancel()
	v, err := q.Run(ctx, doc, at)
	if err != nil {
		r.queryErrors.Add(1)
	}
	return v, err
}

// mapEvent turns an element of another shape into the class's shape, nil where that fails.
func (r *Recorder) mapEvent(q *profile.Query, raw []byte, at time.Time) []byte {
	doc, _, err := profile.Document(raw)
	if err != nil {
		return nil
	}
	v, err := r.run(q, doc, at)
	if err != nil {
		return nil
	}
	return objects.encode(v)
}

// takeField redacts a value under its name, which tells the redactor what the value is.
func (r *Recorder) takeField(name string, raw []byte, at time.Time) (kept, []byte) {
	var o object
	o.raw(name, raw)
	k, ok := r.take(o.done(), at)
	if !ok {
		return kept{life: r.life, at: at}, nil
	}
	return k, fieldOf(k, name)
}

// fieldOf is the value of a field that takeField kept, nil when it was removed or is null.
func fieldOf(k kept, name string) []byte {
	value := memberOf(k.clean.Bytes(), name)
	if bytes.Equal(value, []byte("null")) {
		return nil
	}
	return value
}

func (s *section) leaf() string { return s.field[strings.LastIndexByte(s.field, '.')+1:] }

// tristate is a yes, a no, or null in the pack.
type tristate uint8

const (
	unknown tristate = iota
	yes
	no
)

func (t tristate) encode() []byte {
	return [][]byte{unknown: []byte("null"), yes: []byte("true"), no: []byte("false")}[t]
}

// judgeUnwired says whether the relay's recorders are fed: something is live while all that was
// recorded, as far as it was given, is 0. Without anything live a 0 may be the truth, and nothing is known.
func (r *Recorder) judgeUnwired() {
	r.unwired = unknown
	if len(r.recorded) == 0 {
		return
	}
	given := false
	for _, one := range r.recorded {
		if !one.given || one.kept.life != r.shown {
			continue
		}
		if one.number > 0 {
			r.unwired = no
			return
		}
		given = true
	}
	for _, one := range r.live {
		if given && one.given && one.kept.life == r.shown && one.number > 0 {
			r.unwired = yes
		}
	}
}
