package pack

import (
	"slices"
	"time"

	"relaypack/scrape"
)

// addBundle adds supportBundle: all that the owner's format left open. It gives the rungs of the size
// ladder that cut it.
func (b *Builder) addBundle(d *draft, req Request, a *answers, match []byte, provenance *object) []rung {
	r := b.opts.Recorder
	bundle := func(name string, data []byte) *part {
		return d.add(&part{path: []string{"supportBundle", name}, data: appendRaw(nil, data), least: []byte("null")})
	}
	own := func(name string, data []byte) { d.own(data, "supportBundle", name) }

	own("schemaVersion", []byte{'0' + SchemaVersion})
	b.addOrigin(d, req)
	p := bundle("sources", r.encodeSources(r.sourceNames(), b.states(a), d.at))
	p.least, p.element, p.deepest = []byte("{}"), 1, 1
	for _, l := range r.lists {
		if v := r.current(l.name); v != nil {
			provenance.text("supportBundle."+l.name, v.from.Source)
		}
	}
	p = bundle("provenance", provenance.done())
	p.least, p.owned = []byte("{}"), 1
	own("unwired", r.unwired.encode())
	r.addRelay(d, "supportBundle", "relay")
	p = bundle("lives", r.encodeLives())
	p.least, p.element = []byte("[]"), 1
	own("gaps", r.encodeGaps())
	r.addBundleField(bundle("windows", nil), "windows")
	r.addProcess(bundle("process", nil))
	own("container", r.containerNow())
	r.addKubernetes(bundle("kubernetes", nil))
	metrics := r.addMetrics(bundle("metrics", nil))
	history := bundle("history", r.history.encode(d.at, 1))
	history.least, history.element, history.deepest = []byte("{}"), 1, 1
	sockets := r.addList(bundle("sockets", nil), "sockets")
	sessions := r.addList(bundle("sessions", nil), "sessions")
	own("sessionMatch", match)
	errors := r.addList(bundle("errors", nil), "errors")
	own("incidents", b.opts.Incidents(nil))
	d.told = d.add(&part{path: []string{"supportBundle", "redaction"}, fixed: true})
	own("state", encodeState(b.opts.State()))
	own("delivery", encodeDelivery(b.opts.Delivery()))
	own("self", encodeSelf(b.opts.Self(), r.took, r.queryErrors.Load(), d.at))
	d.sized = d.add(&part{path: []string{"supportBundle", "size"}, fixed: true})
	rungs := []rung{{history, r.coarsen(d.at)}, sockets, sessions, errors, metrics}
	for _, list := range []rung{errors, sessions, sockets} {
		rungs = append(rungs, rung{list.p, dropList})
	}
	return rungs
}

// addOrigin adds generator, identity and trigger.
func (b *Builder) addOrigin(d *draft, req Request) {
	r, g, id := b.opts.Recorder, b.opts.Generator, b.opts.Recorder.opts.Identity
	generator := func(name, hash string) []byte {
		var o object
		o.text("name", g.Name)
		o.text("version", g.Version)
		o.textOrNull("commit", g.Commit)
		o.textOrNull("profile", name)
		o.textOrNull("profileHash", hash)
		o.text("ruleSet", b.opts.Redactor.RuleSet())
		return o.done()
	}
	d.add(&part{path: []string{"supportBundle", "generator"}, data: generator(r.profile.Name, r.profile.Hash), least: generator("", "")})

	var identity, nobody object
	for _, m := range [][2]string{{"pod", id.Pod}, {"namespace", id.Namespace}, {"node", id.Node}, {"host", id.Host}} {
		identity.textOrNull(m[0], m[1])
		nobody.raw(m[0], nil)
	}
	d.add(&part{path: []string{"supportBundle", "identity"}, data: identity.done(), least: nobody.done(), owned: 1})

	trigger := func(rules []string) []byte {
		var a array
		for _, rule := range rules {
			a.text(rule)
		}
		kind, at := req.Trigger.Kind, req.Trigger.At
		if kind == "" {
			kind = Manual
		}
		if at.IsZero() {
			at = d.at
		}
		var o object
		o.text("kind", string(kind))
		o.raw("rules", a.done())
		o.instant("at", at)
		return o.done()
	}
	d.add(&part{path: []string{"supportBundle", "trigger"}, data: trigger(req.Trigger.Rules), least: trigger(nil)})
}

// states is how the sources stand: at the last look, and those that were just asked now.
func (b *Builder) states(a *answers) map[string]scrape.State {
	standing := b.opts.Recorder.standing()
	states := make(map[string]scrape.State, len(standing))
	for name, s := range standing {
		states[name] = s
	}
	for name, why := range a.refused {
		status := scrape.Skipped
		if why == whyManyCandidates {
			status = scrape.Ambiguous
		}
		states[name] = scrape.State{Status: status, Reason: why}
	}
	for name, res := range a.results {
		states[name] = res.State
	}
	return states
}

// sourceNames are the sources of the profile in its order, then the process and what else a look told.
func (r *Recorder) sourceNames() []string {
	var names []string
	for _, s := range r.profile.Sources {
		names = append(names, s.Name)
	}
	var more []string
	for name := range r.states {
		if !slices.Contains(names, name) {
			more = append(more, name)
		}
	}
	slices.Sort(more)
	return append(names, more...)
}

// addRelay adds what is known of the relay as a whole: its port and its build.
func (r *Recorder) addRelay(d *draft, path ...string) {
	p := d.add(&part{path: path, owned: 1})
	fill := func(build []byte) []byte {
		var o object
		o.textOrNull("port", string(r.port))
		o.raw("build", build)
		return o.done()
	}
	p.least = fill(nil)
	p.data = p.least
	if one, ok := r.resolve("relayBuild"); ok {
		p.data = fill(one.value)
		p.take(one.kept.within("relayBuild"), "build")
	}
}

func (r *Recorder) addBundleField(p *part, name string) {
	if one, ok := r.resolve(name); ok {
		p.data = one.value
		p.take(one.kept.within(name))
	}
}

func (r *Recorder) addProcess(p *part) {
	p.owned = 1
	if (r.process.life == r.life || r.process.life == r.shown) && r.process.clean.Len() > 0 {
		p.data = r.process.clean.Bytes()
		p.take(r.process)
	}
}

func (r *Recorder) containerNow() []byte {
	if r.process.life != r.life && r.process.life != r.shown {
		return nil
	}
	return r.container
}

// addMetrics adds the last page, which the ladder drops as its last rung.
func (r *Recorder) addMetrics(p *part) rung {
	p.element, p.deepest = 1, 3
	if r.metrics.life == r.shown {
		body, account := r.metrics.told()
		p.data = body
		p.take(account)
	}
	families, _ := members(p.data)
	return rung{p, drop(len(families))}
}

// addList adds sockets, sessions or errors.
func (r *Recorder) addList(p *part, name string) rung {
	p.owned, p.element = 1, 2
	v := r.current(name)
	if v == nil {
		return rung{p, func(*part) (int, int) { return 0, 0 }}
	}
	var counts []byte
	if name == "errors" {
		if one, ok := r.resolve("errorCounts"); ok {
			counts = one.value
			p.take(one.kept.within("errorCounts"), "bySubsystem")
		}
	}
	p.data = v.encode(name == "errors", counts)
	p.take(v.kept, "list")
	return rung{p, shorten}
}

// coarsen makes the history's step larger.
func (r *Recorder) coarsen(now time.Time) func(*part) (int, int) {
	return func(p *part) (int, int) {
		r.mu.RLock()
		defer r.mu.RUnlock()
		points := 0
		for _, s := range r.history.list {
			points += len(s.points)
		}
		p.data = r.history.encode(now, coarser)
		return points, points / coarser
	}
}

// encodeWindowStats is eventBufferStats: the agent's own windows. What was missed is not known before
// a source has answered.
func (r *Recorder) encodeWindowStats() []byte {
	var o object
	for _, name := range r.classNames() {
		var one object
		if c := r.class(name); c != nil {
			one.number("count", int64(c.ring.Len()))
			one.number("evicted", int64(c.evicted()))
			if c.answered {
				one.number("missed", c.missed)
			} else {
				one.raw("missed", nil)
			}
		} else {
			one.number("count", 0)
			one.number("evicted", 0)
			one.raw("missed", nil)
		}
		o.raw(name, one.done())
	}
	return o.done()
}

// encodeLives is supportBundle.lives: the relay's lives that the windows span, oldest first.
func (r *Recorder) encodeLives() []byte {
	var a array
	for _, l := range r.lives {
		var one object
		one.number("life", int64(l.N))
		one.instant("startedAt", l.StartedAt)
		one.textOrNull("source", l.Source)
		one.instant("firstSeen", l.FirstSeen)
		one.instant("endedAt", l.EndedAt)
		one.textOrNull("end", l.End)
		one.positive("pid", int64(l.Pid))
		one.encodeEnding(l.Ending)
		one.raw("events", r.eventsOf(l))
		one.raw("shown", encodeBool(l == r.shown))
		a.raw(one.done())
	}
	return a.done()
}

// eventsOf counts the events of a life in the windows, by class: the newest so many of the last life, then
// those of the one before, and so on.
func (r *Recorder) eventsOf(l *life) []byte {
	var o object
	for _, c := range r.classes {
		n := int64(0)
		c.ring.Newest(func(_ time.Time, e *event) bool {
			if e.life == l {
				n++
			}
			return true
		})
		o.number(c.name, n)
	}
	return o.done()
}

// encodeGaps is supportBundle.gaps, oldest first.
func (r *Recorder) encodeGaps() []byte {
	var a array
	for _, g := range r.gaps {
		var one object
		one.textOrNull("class", g.class)
		one.number("life", int64(g.life.N))
		one.positive("from", g.from)
		one.positive("to", g.to)
		one.number("missed", g.missed)
		one.instant("at", g.at)
		one.text("why", g.why)
		a.raw(one.done())
	}
	return a.done()
}
