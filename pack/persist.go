package pack

import (
	"time"

	"relaypack/scrape"
)

// slowEvery is how often what a look replaces as a whole is handed out: values, lists, the page of
// metrics. A relay's death hands them out at once; events, lives and points go with each look.
const slowEvery = 30 * time.Second

// journal gathers what the next Entries and Values hand out.
type journal struct {
	events  []*event
	gaps    []gap
	points  map[int64]map[string]float64 // by epoch ms
	lives   bool                         // changed
	dead    bool                         // the relay was seen to go
	rewrite bool                         // something that was handed out before holds what a sweep has cleaned since
	slow    time.Time                    // when values, lists and the page were handed out last
}

// Entries gives what must outlive the agent and is small, since the last call, in order: how the relay's
// lives stand, gaps, events and points. The caller writes it before anything else is done with the look,
// and before it hands in the next one. rewrite: what was written before must go, as soon as this is safe;
// Everything takes its place. Without RecorderOptions.Durable there is nothing.
func (r *Recorder) Entries() (list []Entry, rewrite bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.opts.Durable {
		return nil, false
	}
	j := &r.journal
	if j.lives {
		list = append(list, r.storedLives())
	}
	list = append(list, r.storedLook())
	for _, g := range j.gaps {
		list = append(list, storedOfGap(g))
	}
	for _, c := range r.classes {
		if c.touched {
			list = append(list, r.storedClass(c))
			c.touched = false
		}
	}
	for _, e := range j.events {
		list = append(list, r.storedEvent(e))
	}
	for at, values := range j.points {
		list = append(list, entryOf(entryPoints, storedPoints{at, values}))
	}
	r.journal = journal{slow: j.slow, dead: j.dead, rewrite: j.rewrite}
	return list, r.journal.rewrite
}

// Values gives what looks replace as a whole, values, lists, the page of metrics and the process, when it
// is due: every 30 s, and when the relay ended; else nothing. It takes longer than Entries to write, so
// it comes after.
func (r *Recorder) Values() []Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	now, slow := r.opts.Now(), r.journal.slow
	if !r.opts.Durable || !r.journal.dead && now.Sub(slow) < slowEvery && !now.Before(slow) {
		return nil
	}
	r.journal.dead, r.journal.slow = false, now
	return r.storedValues()
}

// Everything gives all that is kept now, in place of all that Entries and Values gave before.
func (r *Recorder) Everything() []Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.opts.Durable {
		return nil
	}
	r.journal = journal{slow: r.opts.Now()}
	return r.whole()
}

func (r *Recorder) whole() []Entry {
	list := []Entry{r.storedLives(), r.storedLook()}
	for _, g := range r.gaps {
		list = append(list, storedOfGap(g))
	}
	for _, c := range r.classes {
		list = append(list, r.storedClass(c))
		window := c.window(nil)
		for i := len(window) - 1; i >= 0; i-- {
			list = append(list, r.storedEvent(window[i]))
		}
		c.touched = false
	}
	for _, one := range r.history.stored(r.opts.Now()) {
		list = append(list, entryOf(entryPoints, one))
	}
	return append(list, r.storedValues()...)
}

func (r *Recorder) storedLook() Entry {
	look := storedLook{At: r.at.UnixMilli(), Port: r.port, LastOK: make(map[string]int64)}
	for name, s := range r.states {
		if !s.LastOK.IsZero() {
			look.LastOK[name] = s.LastOK.UnixMilli()
		}
	}
	return entryOf(entryLook, look)
}

func (r *Recorder) storedLives() Entry {
	all := storedLives{Shown: r.shown.N}
	for _, l := range r.lives {
		all.Lives = append(all.Lives, l.Life)
		if l.answered {
			all.Answered = append(all.Answered, l.N)
		}
	}
	return entryOf(entryLives, all)
}

func storedOfGap(g gap) Entry {
	one := storedGap{At: g.at.UnixMilli(), Class: g.class, From: g.from, To: g.to, Missed: g.missed, Why: g.why}
	if g.life != nil {
		one.Life = g.life.N
	}
	return entryOf(entryGap, one)
}

func (r *Recorder) storedClass(c *class) Entry {
	one := storedClass{
		Name: c.name, Missed: c.missed, Evicted: c.evicted(), Answered: c.answered, Types: c.types, Count: c.count, Broken: c.broken,
	}
	if c.life != nil {
		one.Life = c.life.N
	}
	if c.used != nil {
		one.Used = c.used.spec.From
	}
	for prefix, t := range c.tracks {
		if t.started {
			one.Tracks = append(one.Tracks, storedTrack{Prefix: prefix, Life: t.life.N, WentBack: t.wentBack, Last: t.last})
		}
	}
	for _, v := range c.variants {
		if v.life != nil {
			one.Variants = append(one.Variants, storedVariant{From: v.spec.From, Life: v.life.N, Started: v.started, Newest: v.newest})
		}
	}
	return entryOf(entryClass, one)
}

func (r *Recorder) storedEvent(e *event) Entry {
	return entryOf(entryEvent, storedEvent{
		storedKept: e.kept.stored(), Class: e.class, ID: e.id, Sequence: e.sequence, Timestamp: e.timestamp,
		Type: e.kind, Raw: e.raw, Masked: e.masked, Same: e.same,
	})
}

// storedValues is what looks replace: the values of all rules, the lists, the page, the process.
func (r *Recorder) storedValues() (list []Entry) {
	for _, rules := range r.bySource {
		for _, one := range rules {
			if given := one.value != nil || one.given; one.series == nil && (given || one.written) {
				one.written = given // a null is written once
				list = append(list, entryOf(entryValue, storedValue{one.kept.stored(), one.name(), one.number, one.given}))
			}
		}
	}
	for _, l := range r.lists {
		for _, v := range l.variants {
			if v.known || v.written {
				v.written = v.known
				list = append(list, entryOf(entryList, storedList{v.kept.stored(), v.name(l), v.count}))
			}
		}
	}
	if page, ok := r.metrics.stored(); ok {
		list = append(list, entryOf(entryPage, page))
	}
	if r.process.clean.Len() > 0 {
		list = append(list, entryOf(entryProcess, storedProcess{r.process.stored(), r.container}))
	}
	return list
}

// name tells a rule from all others, also in the next agent.
func (one *rule) name() string {
	if one.spec.Query == nil {
		return one.section.field + " " + one.spec.From
	}
	return one.section.field + " " + one.spec.From + " " + one.spec.Query.Text
}

func (v *listing) name(l *list) string { return l.name + " " + v.from.Source + " " + v.from.Path.Text }

func (j *journal) point(at time.Time, series string, value float64, wanted bool) {
	if !wanted {
		return
	}
	ms := at.UnixMilli()
	if j.points == nil {
		j.points = make(map[int64]map[string]float64)
	}
	if j.points[ms] == nil {
		j.points[ms] = make(map[string]float64)
	}
	j.points[ms][series] = value
}

// noteLives keeps for Entries what a look did to the relay's lives.
func (j *journal) noteLives(before, after scrape.Life, changed bool) {
	if changed || before != after {
		j.lives = true
	}
	if before.EndedAt.IsZero() && !after.EndedAt.IsZero() || changed {
		j.dead = true
	}
}
