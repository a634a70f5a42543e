package pack

import (
	"bytes"
	"errors"
	"slices"
	"sort"
	"time"

	"relaypack/pack/window"
	"relaypack/scrape"
	"relaypack/scrape/profile"
)

const (
	maxElements  = 5000 // elements of one list that are looked at
	maxTypes     = 64   // types of one class that are counted apart
	otherType    = "other"
	patienceWith = 3 // failures in a row before a fallback takes over from a source that was fine
)

// class is one window and the ways to fill it.
type class struct {
	name     string
	ring     *window.Ring[*event]
	variants []*variant
	tracks   map[string]*track // by prefix of the ids
	missed   int64             // since the agent's start, over all lives
	answered bool              // some source has answered since then; else missed is not known
	seen     seen

	restored      map[uint64]struct{} // events of the agent before, by event.same
	evictedBefore int                 // by the windows of agents before
	resumed       bool                // restored, and nothing was read since
	touched       bool                // changed since Entries

	// Of the relay's current life, for the pseudo-source `events`.
	life   *life
	types  map[string]int
	count  int
	readAt time.Time // when a source was read last; zero: not in this life
	used   *variant  // nil: no source has answered yet
	broken bool      // something was missed, ids went back, or two variants were used
}

// variant is one source of a class.
type variant struct {
	spec    profile.EventSource
	life    *life
	started bool  // it has answered in this life
	newest  int64 // newest timestamp seen in this life, epoch ms
}

func (o RecorderOptions) newClass(spec profile.EventClass) *class {
	c := &class{name: spec.Class, tracks: make(map[string]*track), ring: window.New(window.Options[*event]{
		Count: o.WindowEvents, Age: o.WindowAge, Bytes: o.WindowBytes,
		Size: (*event).size,
		Kind: func(e *event) string { return e.kind },
	})}
	for _, v := range spec.Variants {
		c.variants = append(c.variants, &variant{spec: v})
	}
	c.seen.turn(0)
	return c
}

// takeEvents reads the new events of every class whose source is in this look.
func (r *Recorder) takeEvents(s *scrape.Snapshot) {
	answers := make(map[string]*scrape.Result, len(s.Results))
	for _, res := range s.Results {
		answers[res.Source] = res
	}
	for _, c := range r.classes {
		if c.life != r.life {
			c.life, c.types, c.count, c.used, c.broken, c.readAt = r.life, make(map[string]int), 0, nil, false, time.Time{}
		}
		v := r.choose(c, s.States)
		if v == nil {
			continue
		}
		if res := answers[v.spec.From]; res != nil && res.State.Status == scrape.OK && res.Body != nil {
			r.readEvents(c, v, res)
		}
	}
}

// choose gives the variant that counts now: the first whose source is ok. While nothing feeds the
// relay's recorders, one that only they fill comes last. One slow answer of a source that was fine in
// this life is no reason to change over: the same events would come in two shapes.
func (r *Recorder) choose(c *class, states map[string]scrape.State) *variant {
	var empty *variant
	for _, v := range c.variants {
		state := states[v.spec.From]
		switch {
		case state.Status != scrape.OK:
			wasFine := v.life == r.life && v.started
			if wasFine && passing(state.Status) && state.Failures < patienceWith {
				return nil
			}
		case v.spec.Recorded && r.unwired == yes:
			empty = v
		default:
			return v
		}
	}
	return empty
}

// passing says whether a status is likely to be over soon.
func passing(s scrape.Status) bool {
	return s != scrape.Off && s != scrape.Forbidden && s != scrape.Unauthorized
}

// found is one new element of an answer.
type found struct {
	raw      []byte
	id       []byte
	sequence int64
	time     int64
	key      uint64
	same     uint64 // event.same, 0: not reckoned yet
}

// readEvents takes one answer: what is new in it goes to the window, oldest first.
func (r *Recorder) readEvents(c *class, v *variant, res *scrape.Result) {
	if !v.spec.Each.HasList(res.Body) {
		return // an answer that is to have it and has it not is no list of nothing
	}
	if v.life != r.life {
		*v = variant{spec: v.spec, life: r.life}
	}
	if c.used != nil && c.used != v {
		c.broken = true
	}
	c.used, c.answered, v.started, c.touched, c.readAt = v, true, true, true, res.At
	t := c.track(v.spec.Prefix, r.life)
	fresh, sequences := r.findNew(c, v, t, res.Body)
	g, missed := t.follow(sequences)
	if missed > 0 {
		g.why = r.whyMissed(c, g.why)
		g.at, g.class, g.life = res.At, c.name, r.life
		r.addGap(g)
		c.missed = addMissed(c.missed, missed)
	}
	c.resumed = false
	c.broken = c.broken || missed > 0 || t.wentBack
	for _, f := range fresh {
		c.seen.add(f.key)
		r.push(c, v, f, res.At)
	}
}

// whyMissed says why events are missing of which nothing is known but that they were before the first
// answer of this life, or between two of them.
func (r *Recorder) whyMissed(c *class, why string) string {
	switch {
	case c.resumed:
		return whyNoAgent
	case why == whyBeforeStart && len(r.lives) > 1: // the agent ran when this life began
		return whyBetweenLooks
	}
	return why
}

// findNew gives what the answer holds that was not recorded, oldest first, and all its sequences.
func (r *Recorder) findNew(c *class, v *variant, t *track, body []byte) (fresh []found, sequences []int64) {
	told := c.newestElsewhere(v)
	n := 0
	err := v.spec.Each.Each(body, func(raw []byte) error {
		if n++; n > maxElements {
			return errEnough
		}
		if raw[0] != '{' { // nobody can say which event it is
			c.broken = true
			r.refused.Add(1)
			return nil
		}
		f := found{raw: raw}
		id, _ := v.spec.ID.First(raw)
		if id = scalarText(id); id == nil {
			c.broken = true // what was seen and what was missed cannot be told
		}
		f.id = id
		f.sequence = sequenceOf(id, v.spec.Prefix)
		if stamp, ok := v.spec.Time.First(raw); ok {
			f.time, _ = scalarInt(stamp)
		}
		if f.sequence > 0 {
			sequences = append(sequences, f.sequence)
		}
		f.key = r.eventKey(v, id, f.time, raw)
		if !c.seen.has(f.key) && (told == 0 || f.time > told) && !r.restoredBefore(c, v, &f, id) {
			fresh = append(fresh, f)
		}
		v.newest = max(v.newest, f.time)
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		r.refused.Add(1)
	}
	c.seen.turn(n)
	if t.restored > 0 && len(sequences) > 0 && slices.Max(sequences) >= t.restored {
		fresh = slices.DeleteFunc(fresh, func(f found) bool { return f.sequence > 0 && f.sequence <= t.restored })
	}
	oldestFirst(fresh)
	return fresh, sequences
}

// newestElsewhere is the newest time that another variant told of in this life: up to there the
// events are known in another shape.
func (c *class) newestElsewhere(v *variant) (newest int64) {
	for _, other := range c.variants {
		if other != v && other.life == v.life {
			newest = max(newest, other.newest)
		}
	}
	return newest
}

func oldestFirst(fresh []found) {
	numbered := true
	for _, f := range fresh {
		numbered = numbered && f.sequence > 0
	}
	switch {
	case numbered:
		sort.SliceStable(fresh, func(i, j int) bool { return fresh[i].sequence < fresh[j].sequence })
	case len(fresh) > 1 && fresh[0].time > fresh[len(fresh)-1].time:
		for i, j := 0, len(fresh)-1; i < j; i, j = i+1, j-1 {
			fresh[i], fresh[j] = fresh[j], fresh[i]
		}
	}
}

// push redacts one new event and gives it to its window.
func (r *Recorder) push(c *class, v *variant, f found, at time.Time) {
	session := sessionIn(&v.spec, f.raw)
	body := f.raw
	if v.spec.Map != nil {
		if body = r.mapEvent(v.spec.Map, f.raw, at); body == nil {
			r.refused.Add(1)
			return
		}
	}
	k, ok := r.keepEvent(body, at)
	if !ok {
		return
	}
	e := &event{kept: k, class: c.name, sequence: f.sequence, firstSeen: at, timestamp: f.time, ruleSet: r.ruleSet}
	e.raw, e.masked = sessionHashes(r.redactor, session)
	e.id = cleanText(v.spec.ID, k.clean.Bytes())
	e.kind = c.intern(cleanText(v.spec.Type, k.clean.Bytes()))
	e.words = hasWords(k.clean.Bytes())
	if r.opts.Durable {
		if e.same = f.same; e.same == 0 {
			e.same = r.sameHash(v, f.id, &f)
		}
		r.journal.events = append(r.journal.events, e)
	}
	c.types[e.kind]++
	c.count++
	c.ring.Push(at, e)
}

// sessionIn is the id of an event's session, nil without one.
func sessionIn(spec *profile.EventSource, raw []byte) []byte {
	value, _ := spec.Session.First(raw)
	text := scalarText(value)
	if spec.Behind == "" {
		return text
	}
	_, id, found := bytes.Cut(text, []byte(spec.Behind))
	if !found {
		return nil
	}
	id, _, _ = bytes.Cut(id, []byte(":"))
	return id
}

// cleanText is a short text out of clean bytes, "" without one.
func cleanText(p profile.Path, clean []byte) string {
	raw, ok := p.First(clean)
	if !ok {
		return ""
	}
	text := scalarText(raw)
	return string(text[:min(len(text), 64)])
}

func (c *class) intern(kind string) string {
	if _, ok := c.types[kind]; !ok && len(c.types) >= maxTypes {
		return otherType
	}
	return kind
}

// evicted counts what the window's bounds pushed out, over all agents that kept it.
func (c *class) evicted() int { return c.evictedBefore + c.ring.Evicted() }

// complete says whether the counts by type are totals: every event since id 1 of this life was seen.
func (c *class) complete(unwired tristate) bool {
	return c.used != nil && !c.broken && unwired != yes
}
