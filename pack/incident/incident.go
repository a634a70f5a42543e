// Package incident judges each look by the rules of a profile and says when a pack is due.
//
//	e := incident.New(p.Incidents, incident.Options{})
//	if err := e.Restore(saved); err != nil { log it; the engine is as new }
//
//	// On every snapshot that scrape hands on, also those without results (a death, a new life):
//	changes := e.Evaluate(incident.Input{
//		At: snap.At, Life: snap.Life, Port: snap.Port, States: snap.States, Readings: recorder,
//	})
//	if opening, rules := incident.Due(changes); len(rules) > 0 {
//		pack := build(trigger incident, rules)
//		e.Packed(opening, pack.ID)
//	}
//	if len(changes) > 0 { save(e.State()) }
//
//	bundle.raw("incidents", e.AppendRecords(nil)) // open and recent incidents, for the pack
//	status := e.Summary()                         // budgets, what is unknown since when, for people and metrics
//
// A rule is quiet until its conditions have held for its hold time; then it opens, and it closes when
// they have not held for its clearing time, by the bounds that the profile gives for that (until).
// Holds are measured from one reading to the next, never from a reading to now: one high value does
// not become two because nothing newer came. A reading that is missing, older than Options.MaxAge, of
// a source that is not ok, or of the life before, is unknown, and so is what depends on it. An unknown
// rule neither opens nor closes; its hold stands still, and begins anew when that lasts longer than
// the hold itself. Summary says since when, and for want of what.
//
// # One death, one pack
//
// All rules that fire in one evaluation make one opening, so that one pack names them all. When the
// relay comes back, `relay: restarted` joins the opening of the death before it (or is held back with
// it): only where nobody saw it down does it make a pack of its own. A new life closes what was open
// about the process before (series, fields, events); what is about the relay or a source goes on.
//
// # Bounds
//
// After closing, a rule rests for its cooldown. Each rule has a budget for any hour: half of it at once,
// the rest spread, so that a storm is seen at its beginning and from time to time. All together have
// one, too, of which a quarter is kept for critical rules. What fires beyond that is held back: no
// pack, one count for the rule, told once when it begins and with the rule's next opening. Something
// held back that goes on opens as soon as the bounds let it, so silence ends as well. Budgets,
// cooldowns and open incidents outlive the agent by State and Restore. All is measured on the
// monotonic clock; saved times are wall-clock times as of the save, so a clock that was set back
// costs at most one hour of silence, and none gives a budget twice while the agent runs.
//
// An Engine keeps no text that came from the relay: names, summaries and compared texts are those of
// the profile, the rest is numbers and times. It is safe for concurrent use, and an evaluation in
// which nothing changes allocates nothing.
package incident

import (
	"slices"
	"sync"
	"time"

	"relaypack/scrape"
	"relaypack/scrape/profile"
)

// Options of an Engine.
type Options struct {
	Now    func() time.Time // wall clock, for what is told and saved; nil: time.Now
	MaxAge time.Duration    // an older reading is unknown; 0: 2 minutes
	Last   scrape.Life      // the last that the agent before has recorded; lives are numbered on from there
	WasUp  bool             // the agent before has seen the relay answer
}

// Reading is one value, and when the answer that held it was complete.
type Reading struct {
	At     time.Time
	Number float64 // NaN: none
	Text   string  // of a field that is a text; "true" or "false" of a flag; "": none
}

// Readings gives the newest values; false where the last answer gave none. Package pack's recorder
// implements it on what it keeps.
type Readings interface {
	// Series is the newest point of a kept series.
	Series(name string) (Reading, bool)
	// Field is a field of the format by its dotted name.
	Field(name string) (Reading, bool)
	// Events is how many events of a class were seen since the current life began, of one type or, with
	// "", of all.
	Events(class, kind string) (Reading, bool)
}

// Input is what one look, or one change of the relay's port or life, says.
type Input struct {
	At       time.Time
	Life     scrape.Life
	Port     scrape.PortState
	States   map[string]scrape.State
	Readings Readings // nil: none; only used during the call
}

// Engine judges. Make one with New.
type Engine struct {
	opts   Options
	limit  int // openings of all rules in any hour
	origin time.Time

	mu      sync.Mutex
	relay   relay
	rules   []*rule
	all     ledger // of all rules
	next    uint64 // number of the next opening
	records []*Record
	dropped int // records beyond the bound

	firing  []*rule // of the evaluation that runs
	changes []Change
}

// New makes an engine for a profile's rules. Without rules it says nothing.
func New(rules profile.Incidents, opts Options) *Engine {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.MaxAge <= 0 {
		opts.MaxAge = 2 * time.Minute
	}
	e := &Engine{opts: opts, limit: rules.PerHour, origin: time.Now(), next: 1}
	e.relay.life, e.relay.restored = opts.Last, opts.Last.N > 0
	e.relay.seenUp = opts.WasUp
	for _, spec := range rules.Rules {
		e.rules = append(e.rules, newRule(spec, opts.Now()))
	}
	return e
}

// now is the monotonic instant, since the engine was made.
func (e *Engine) now() time.Duration { return time.Since(e.origin) }

// Evaluate judges one input and gives what changed, nil for nothing.
func (e *Engine) Evaluate(in Input) []Change {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.now()
	e.changes, e.firing = nil, e.firing[:0]
	if e.relay.observe(in, now) {
		e.endLife(now)
	}
	look := look{Input: in, now: now, maxAge: e.opts.MaxAge, relay: &e.relay}
	for _, r := range e.rules {
		v, evidence := r.judge(&look)
		switch r.advance(v, evidence, now, e.opts.Now) {
		case fires:
			e.firing = append(e.firing, r)
		case clears:
			e.close(r, ByClearing, now)
		}
	}
	if len(e.firing) > 0 {
		e.fire(in, now)
	}
	return e.changes
}

// endLife closes what was about the process before and forgets its numbers.
func (e *Engine) endLife(now time.Duration) {
	for _, r := range e.rules {
		if !r.ofProcess {
			continue
		}
		for i := range r.leaves {
			r.leaves[i].begin(now, e.relay.sawBirth)
		}
		r.inStreak = false
		if r.phase == open || r.phase == held {
			e.close(r, ByNewLife, now)
		}
	}
}

// close ends an incident, or what was held back of one.
func (e *Engine) close(r *rule, why string, now time.Duration) {
	was := r.phase
	r.phase = quiet
	if was != open {
		return
	}
	r.closed, r.wasOpen = now, true
	r.record.ClosedAt, r.record.ClosedBy = e.opts.Now(), why
	e.changes = append(e.changes, Change{Kind: Closed, Why: why, Record: r.record.clone()})
	r.record = nil
}

// fire decides what becomes of the rules that want to open.
func (e *Engine) fire(in Input, now time.Duration) {
	lead, fresh := false, false
	for _, r := range e.firing {
		r.why, r.joins = e.allows(r, now)
		lead = lead || r.why == ""
		fresh = fresh || r.phase != held
	}
	if lead {
		e.all.add(now)
	} else if !fresh {
		return // what was held back still is
	}
	opening := e.next
	for _, r := range e.firing {
		switch {
		case r.why == "":
			r.ledger.add(now)
			e.open(r, opening, false, in)
		case r.joins > 0:
			e.open(r, r.joins, true, in)
		case lead:
			e.open(r, opening, false, in) // a pack is made anyway: it names all
		case r.phase != held:
			e.holdBack(r, in)
		}
		e.relay.noteDeath(r)
	}
	if lead {
		e.next++
	}
	e.tellSiblings()
}

// allows says why a rule may not open ("": it may), and which opening it joins instead (0: none).
func (e *Engine) allows(r *rule, now time.Duration) (why string, joins uint64) {
	if d := e.relay.death; r.ofRestart && d.known {
		return WithDeath, d.opening
	}
	limit := e.limit
	if r.spec.Severity != profile.Critical {
		limit -= e.limit / 4
	}
	switch {
	case r.wasOpen && now-r.closed < r.spec.Cooldown:
		return InCooldown, 0
	case !r.ledger.allows(r.spec.PerHour, now):
		return OverBudget, 0
	case e.all.used(now) >= limit:
		return OverTotal, 0
	}
	return "", 0
}

// open makes the record of an incident.
func (e *Engine) open(r *rule, opening uint64, joined bool, in Input) {
	if r.phase == held { // delayed, not dropped
		r.heldBack--
		r.heldTotal--
	}
	r.phase = open
	r.record = e.newRecord(r, in)
	r.record.Opening, r.record.Joined = opening, joined
	r.record.HeldBack, r.heldBack = r.heldBack, 0
	e.keep(r.record)
	e.changes = append(e.changes, Change{Kind: Opened, Record: *r.record})
}

// holdBack counts what makes no pack. It is told once, until the rule opens again.
func (e *Engine) holdBack(r *rule, in Input) {
	r.phase = held
	r.heldBack++
	r.heldTotal++
	if r.heldBack == 1 {
		record := e.newRecord(r, in)
		record.HeldBack = 1
		e.changes = append(e.changes, Change{Kind: HeldBack, Why: r.why, Record: *record})
	}
}

// tellSiblings names, in each record that was just made, the other rules that are open or held back.
func (e *Engine) tellSiblings() {
	for i := range e.changes {
		c := &e.changes[i]
		if c.Kind == Closed {
			continue
		}
		for _, r := range e.rules {
			if r.spec.Name != c.Record.Rule && (r.phase == open || r.phase == held) {
				c.Record.Siblings = append(c.Record.Siblings, r.spec.Name)
			}
		}
		for _, r := range e.firing {
			if r.record != nil && r.spec.Name == c.Record.Rule {
				r.record.Siblings = slices.Clone(c.Record.Siblings)
			}
		}
	}
}
