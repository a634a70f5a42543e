package pack

import (
	"errors"
	"time"
)

// Errors of a view that is not there.
var (
	ErrNoView   = errors.New("no such view")
	ErrNoSeries = errors.New("no such series")
)

const (
	maxEvents     = 2000 // of one answer
	defaultEvents = 200
)

// EventFilter chooses events. Zero members choose all.
type EventFilter struct {
	Class   string    // one class; "" = all of them
	Session string    // raw or masked id
	Since   time.Time // seen by the agent at or after this instant
	Limit   int       // 0 = 200; at most 2,000
}

// Views names the views that View knows.
func Views() []string { return []string{"summary", "sockets", "sessions", "status"} }

// View gives what the agent saw last as one JSON object: {"asOf", "stale", ...}. asOf is epoch ms, null
// before the first look; stale says that a source behind it does not answer now.
//
// summary has summary, socketStats, relayStats, runtimeStats, eventBufferStats and unwired; sockets and
// sessions have count and a list of their name; status has sources, relay, process, container, lives, gaps,
// incidents, state, delivery and the agent's cost.
// Like a pack a view is verified, and what must not leave is taken out of it.
func (b *Builder) View(name string) ([]byte, error) {
	var d *draft
	switch name {
	case "summary":
		d = b.summaryView()
	case "sockets", "sessions":
		d = b.listView(name)
	case "status":
		d = b.statusView()
	default:
		return nil, ErrNoView
	}
	return d.verified(b.opts.Detector), nil
}

// view begins a view: asOf and stale come first and are the agent's own.
func view(asOf time.Time, stale bool) *draft {
	d := &draft{}
	at := []byte("null")
	if !asOf.IsZero() {
		at = appendFloat(nil, float64(asOf.UnixMilli()))
	}
	d.own(at, "asOf")
	word := no
	if stale {
		word = yes
	}
	d.own(word.encode(), "stale")
	return d
}

func (b *Builder) summaryView() *draft {
	r := b.opts.Recorder
	r.mu.RLock()
	defer r.mu.RUnlock()
	stale := r.at.IsZero()
	var newest time.Time
	body := &draft{}
	note := func(field, source string) {
		if one, ok := r.resolve(field); ok {
			stale = stale || !r.sourceOK(source)
			if one.kept.at.After(newest) {
				newest = one.kept.at
			}
		}
	}
	for _, name := range []string{"summary", "socketStats", "relayStats"} {
		r.addSection(body, name, note)
	}
	r.addRuntime(body, note)
	body.own(r.encodeWindowStats(), "eventBufferStats")
	body.own(r.unwired.encode(), "unwired")
	d := view(newest, stale || newest.IsZero())
	d.parts = append(d.parts, body.parts...)
	return d
}

func (b *Builder) listView(name string) *draft {
	r := b.opts.Recorder
	r.mu.RLock()
	defer r.mu.RUnlock()
	v := r.current(name)
	if v == nil {
		d := view(time.Time{}, true)
		d.own(nil, "count")
		d.own([]byte("[]"), name)
		return d
	}
	d := view(v.kept.at, !r.sourceOK(v.from.Source))
	d.own(appendFloat(nil, float64(v.count)), "count")
	d.add(&part{path: []string{name}, data: v.kept.clean.Bytes(), least: []byte("[]"), element: 1})
	return d
}

func (b *Builder) statusView() *draft {
	r := b.opts.Recorder
	now := b.opts.Now()
	r.mu.RLock()
	defer r.mu.RUnlock()
	d := view(r.at, r.at.IsZero())
	d.add(&part{
		path: []string{"sources"}, data: r.encodeSources(r.sourceNames(), r.standing(), now),
		least: []byte("{}"), element: 1, deepest: 1,
	})
	d.own(r.unwired.encode(), "unwired")
	r.addRelay(d, "relay")
	r.addProcess(d.add(&part{path: []string{"process"}, data: []byte("null"), least: []byte("null")}))
	d.own(r.containerNow(), "container")
	d.add(&part{path: []string{"lives"}, data: r.encodeLives(), least: []byte("[]"), element: 1})
	d.own(r.encodeGaps(), "gaps")
	d.own(r.encodeWindowStats(), "eventBufferStats")
	d.own(b.opts.Incidents(nil), "incidents")
	d.own(b.opts.Rules(nil), "rules")
	d.own(encodeState(b.opts.State()), "state")
	d.own(encodeDelivery(b.opts.Delivery()), "delivery")
	d.own(encodeSelf(b.opts.Self(), r.took, r.queryErrors.Load(), now), "self")
	return d
}

// Events gives events of the windows, newest first, as {"asOf", "stale", "events": [...]}. Each is the
// relay's event, as kept, with its class as a first member `class`.
func (b *Builder) Events(f EventFilter) []byte {
	r := b.opts.Recorder
	var s *session
	if f.Session != "" {
		s = b.named(f.Session)
	}
	if f.Limit <= 0 {
		f.Limit = defaultEvents
	}
	f.Limit = min(f.Limit, maxEvents)
	r.mu.RLock()
	stale := r.at.IsZero()
	var windows [][]*event
	for _, c := range r.classes {
		if f.Class != "" && f.Class != c.name {
			continue
		}
		stale = stale || c.used == nil || !r.sourceOK(c.used.spec.From)
		windows = append(windows, c.window(func(e *event) bool { return f.fits(e, s) }))
	}
	d := view(r.at, stale)
	r.mu.RUnlock()
	p := d.add(&part{path: []string{"events"}, least: []byte("[]"), element: 1})
	var a array
	for _, e := range newestOf(windows, f.Limit) {
		a.raw(e.withClass())
	}
	p.data = a.done()
	return d.verified(b.opts.Detector)
}

// named is a session by an id alone: nothing is asked of the relay.
func (b *Builder) named(id string) *session {
	s := &session{}
	s.hash, s.masked = sessionHashes(b.opts.Redactor, []byte(id))
	if !isMasked(id) {
		s.raw = []byte(id)
	}
	return s
}

func (f EventFilter) fits(e *event, s *session) bool {
	if !f.Since.IsZero() && e.firstSeen.Before(f.Since) {
		return false
	}
	if s == nil {
		return true
	}
	exact, masked := s.fits(e)
	return exact || masked
}

// newestOf merges windows, each newest first, by timestamp; within a class the order stays.
func newestOf(windows [][]*event, limit int) []*event {
	var out []*event
	for len(out) < limit {
		next := -1
		for i, w := range windows {
			if len(w) > 0 && (next < 0 || w[0].timestamp > windows[next][0].timestamp) {
				next = i
			}
		}
		if next < 0 {
			return out
		}
		out = append(out, windows[next][0])
		windows[next] = windows[next][1:]
	}
	return out
}

// withClass is the event's bytes behind a member `class`; one of the relay's own of that name goes.
func (e *event) withClass() []byte {
	var o object
	o.text("class", e.class)
	list, ok := members(e.clean.Bytes())
	if !ok {
		o.raw("event", e.clean.Bytes())
	}
	for _, m := range list {
		if m.name != "class" {
			o.raw(m.name, m.value)
		}
	}
	return o.done()
}

// History gives a kept series from an instant on (zero: all of it) as {"asOf", "stale", "series",
// "unit", "stepMs", "points": [[ms, value], ...]}, oldest first. Without a name it gives "names".
func (b *Builder) History(name string, since time.Time) ([]byte, error) {
	r := b.opts.Recorder
	now := b.opts.Now()
	r.mu.RLock()
	defer r.mu.RUnlock()
	if name == "" {
		d := view(r.at, r.at.IsZero())
		var a array
		for _, s := range r.history.list {
			a.text(s.spec.Name)
		}
		d.add(&part{path: []string{"names"}, data: a.done(), least: []byte("[]"), element: 1})
		return d.verified(b.opts.Detector), nil
	}
	s := r.history.named(name)
	if s == nil {
		return nil, ErrNoSeries
	}
	points := s.since(since, now)
	var newest time.Time
	if len(points) > 0 {
		newest = time.UnixMilli(points[len(points)-1].at)
	}
	d := view(newest, !r.sourceOK(s.spec.Rule.From))
	series := func(path, value string) {
		d.add(&part{path: []string{path}, data: appendStringOrNull(nil, value), least: []byte("null")})
	}
	series("series", s.spec.Name)
	series("unit", s.spec.Unit)
	d.own(appendFloat(nil, float64(r.history.step.Milliseconds())), "stepMs")
	d.own(appendPoints(nil, points), "points")
	return d.verified(b.opts.Detector), nil
}
