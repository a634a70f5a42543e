package pack

import (
	"strconv"
	"time"
)

// Trace gives one of this agent's traces so far as JSON: {"asOf", "stale", "traceId", "sessionId"
// masked, "startedAt", "samples", "expiresAt", "endedAt", "durationSec", "done", "relayTraceId",
// "relay", "provenance", "sources"}. asOf is the time of the last sample. ErrNoTrace when there is none of that
// id: the agent remembers its newest 16, and none of an agent before. Like a pack it is verified.
func (b *Builder) Trace(id string) ([]byte, error) {
	r := b.opts.Recorder
	r.mu.RLock()
	t := r.findTrace(id)
	if t == nil {
		r.mu.RUnlock()
		return nil, ErrNoTrace
	}
	var newest time.Time
	if len(t.samples) > 0 {
		newest = t.samples[len(t.samples)-1].at
	}
	d := view(newest, t.stale)
	var provenance object
	t.addTo(d, func(field, source string) { provenance.text(field, source) })
	d.add(&part{path: []string{"provenance"}, data: provenance.done(), least: []byte("{}"), owned: 1})
	d.add(&part{
		path: []string{"sources"}, data: r.encodeSources(r.traceSources(), r.standing(), b.opts.Now()),
		least: []byte("{}"), element: 1, deepest: 1,
	})
	r.mu.RUnlock()
	return d.verified(b.opts.Detector), nil
}

// traceSources are the sources that a trace reads, and the one that starts the relay's own.
func (r *Recorder) traceSources() (names []string) {
	known := map[string]bool{"": true}
	add := func(name string) {
		if !known[name] {
			known[name] = true
			names = append(names, name)
		}
	}
	add(r.profile.Tracing.Start.Source)
	for _, f := range r.profile.Tracing.Fields {
		for _, w := range f.Ways {
			add(w.From)
		}
	}
	return names
}

// addTo adds the trace's members below prefix, the format's four first, and notes which source gave
// which field of the newest samples.
func (t *trace) addTo(d *draft, note func(field, source string), prefix ...string) (relay *part) {
	at := func(name string) []string { return append(prefix[:len(prefix):len(prefix)], name) }
	number := func(name string, v float64) { d.own(appendFloat(nil, v), at(name)...) }
	instant := func(name string, v time.Time) {
		if v.IsZero() {
			d.own(nil, at(name)...)
			return
		}
		number(name, float64(v.UnixMilli()))
	}
	d.own(appendString(nil, t.id), at("traceId")...)
	d.add(&part{path: at("sessionId"), data: appendString(nil, string(t.name)), least: []byte("null")})
	instant("startedAt", t.started)
	p := d.add(&part{path: at("samples"), least: []byte("[]"), element: 1})
	p.data = t.encodeSamples(p)
	instant("expiresAt", t.ends())
	instant("endedAt", t.ended)
	number("durationSec", t.length.Seconds())
	done := no
	if !t.ended.IsZero() {
		done = yes
	}
	d.own(done.encode(), at("done")...)
	p = d.add(&part{path: at("relayTraceId"), least: []byte("null")})
	p.data = appendRaw(nil, fieldOf(t.relay, "traceId"))
	p.take(t.relay.within("traceId"))
	relay = t.own.addTo(d, at("relay"))
	for _, f := range t.fields {
		if f.source != "" {
			note("trace.samples."+f.spec.Name, f.source)
		}
	}
	return relay
}

func (t *trace) encodeSamples(p *part) []byte {
	var a array
	for i, s := range t.samples {
		var o object
		o.instant("timestamp", s.at)
		for j, f := range sampleFields {
			if s.values[j] == nil {
				o.raw(f.name, nil)
				continue
			}
			o.raw(f.name, fieldOf(*s.values[j], f.name))
			p.take(*s.values[j], strconv.Itoa(i))
		}
		a.raw(o.done())
	}
	return a.done()
}

// addTrace adds the agent's own trace to a pack, with the events of its session and time. It gives the
// rungs of the size ladder that cut these: in their turn, and as the last resort.
func (r *Recorder) addTrace(d *draft, t *trace, note func(field, source string)) (turn []rung, last rung) {
	relay := t.addTo(d, note, "trace")
	events := make([][]*event, 0, len(r.classes))
	names := r.classNames()
	for _, name := range names {
		var list []*event
		if c := r.class(name); c != nil {
			list = c.window(t.fits)
		}
		events = append(events, list)
	}
	p := d.add(&part{path: []string{"trace", "events"}, owned: 1, element: 2})
	p.least = encodeTraceEvents(&part{}, names, make([][]*event, len(names)))
	p.data = encodeTraceEvents(p, names, events)
	thin := func(newest, oldest int) func(*part) (int, int) {
		return func(p *part) (before, after int) {
			for i, list := range events {
				before += len(list)
				if len(list) > newest+oldest {
					events[i] = append(list[:newest:newest], list[len(list)-oldest:]...)
				}
				after += len(events[i])
			}
			if after < before {
				p.counts, p.removed, p.dropped = nil, nil, 0
				p.data = encodeTraceEvents(p, names, events)
			}
			return before, after
		}
	}
	turn = []rung{{relay, dropOwn}, {p, thin(newestKept, oldestKept)}}
	return turn, rung{p, thin(newestLeft, oldestLeft)}
}

func encodeTraceEvents(p *part, names []string, events [][]*event) []byte {
	var o object
	for i, name := range names {
		var a array
		for j, e := range events[i] {
			a.raw(e.clean.Bytes())
			p.take(e.kept, name, strconv.Itoa(j))
		}
		o.raw(name, a.done())
	}
	return o.done()
}
