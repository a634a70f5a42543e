package pack

import (
	"errors"
	"fmt"
	"hash/maphash"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"relaypack/pack/redact"
	"relaypack/scrape"
	"relaypack/scrape/profile"
)

const maxLives = 50

// RecorderOptions says what a Recorder keeps.
type RecorderOptions struct {
	Profile         *profile.Profile
	Redactor        *redact.Redactor
	Learned         *Learned                       // the set that Redactor tells of ids; nil: what it learns is not swept for
	States          func() map[string]scrape.State // how the sources stand at this moment; nil: as in the last look
	WindowEvents    int                            // most events of a class; at least 1
	WindowAge       time.Duration                  // longest time since the agent first saw an event
	WindowBytes     int                            // most bytes of a class
	History         time.Duration                  // how much of the chosen series is kept
	MetricsInterval time.Duration                  // the step of the series
	Environment     string                         // in place of what the relay says, "" = the relay's
	Identity        Identity
	Durable         bool             // somebody calls Entries and writes them
	Now             func() time.Time // nil: time.Now
}

// Recorder turns looks into what a pack is made of. It keeps only bytes that the redactor made,
// numbers, times and keyed hashes. It is safe for concurrent use.
type Recorder struct {
	opts     RecorderOptions
	profile  *profile.Profile
	redactor *redact.Redactor
	ruleSet  string
	seed     maphash.Seed

	mu       sync.RWMutex
	classes  []*class
	sections map[string]*section
	fields   []*section // the same, in the profile's order
	bySource map[string][]*rule
	barren   map[string]bool // sources whose last answer gave no value of those that are read from it
	live     []*rule
	recorded []*rule
	lists    []*list
	history  history
	measured []measured // of the look that is being taken
	metrics  *page
	process  kept
	pod      kept // what the cluster says of it
	told     toldList
	traces   traces

	container []byte // of process's life: numbers alone

	journal journal              // what the next Entries hands out
	lastOK  map[string]time.Time // of sources, as the agent before has seen them

	at      time.Time // of the last look; zero: none yet
	took    lookTimes
	states  map[string]scrape.State
	port    scrape.PortState
	life    *life
	shown   *life // whose values a pack tells: the one before life while that one only boots
	lives   []*life
	gaps    []gap
	unwired tristate

	gapsDropped int
	refused     atomic.Int64 // values that could not be read or redacted, and so were not kept
	queryErrors atomic.Int64 // expressions that gave an error or ran out of time
}

// lookTimes is what looks cost.
type lookTimes struct {
	count         int
	last, longest time.Duration // of the scrape
	record        time.Duration // of the last Record
}

// NewRecorder checks the options and makes an empty Recorder.
func NewRecorder(opts RecorderOptions) (*Recorder, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	var faults []error
	if opts.Profile == nil {
		faults = append(faults, errors.New("no profile"))
	}
	if opts.Redactor == nil {
		faults = append(faults, errors.New("no redactor"))
	}
	if opts.WindowEvents < 1 || opts.WindowBytes < 1 {
		faults = append(faults, errors.New("a window of less than one event or byte"))
	}
	if opts.WindowAge < 0 || opts.History < 0 || opts.MetricsInterval < 0 {
		faults = append(faults, errors.New("a negative time"))
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("make recorder: %w", errors.Join(faults...))
	}
	r := &Recorder{
		opts: opts, profile: opts.Profile, redactor: opts.Redactor, ruleSet: opts.Redactor.RuleSet(),
		seed: maphash.MakeSeed(), sections: make(map[string]*section), bySource: make(map[string][]*rule), barren: make(map[string]bool),
		states: make(map[string]scrape.State), history: history{span: opts.History, step: opts.MetricsInterval},
		life: &life{}, metrics: newPage(), traces: newTraces(),
	}
	r.shown = r.life
	r.newSections(opts.Profile)
	for _, spec := range opts.Profile.Events {
		r.classes = append(r.classes, opts.newClass(spec))
	}
	for _, spec := range opts.Profile.Lists {
		r.lists = append(r.lists, newList(spec))
	}
	return r, nil
}

// Record takes one look. Of the snapshot nothing is kept but what passed the redactor.
func (r *Recorder) Record(s *scrape.Snapshot) {
	r.mu.Lock()
	defer r.mu.Unlock()
	began := r.opts.Now()
	r.sweepAll(s.NewIDs)
	before := r.life
	was := before.Life
	r.enter(s)
	r.journal.noteLives(was, before.Life, r.life != before)
	r.hear(s)
	r.states = r.withLastOK(s.States)
	r.at, r.port = s.At, s.Port
	for _, res := range s.Results {
		r.takeKubernetes(res)
		if res.State.Status != scrape.OK {
			continue
		}
		r.takeSections(res)
		r.takeLists(res)
		r.takeMetrics(res)
		r.takeProcess(res)
	}
	r.judgeUnwired()
	r.takeHistory()
	r.takeEvents(s)
	r.followTraces(s)
	r.addAnomalies(s)
	if r.shown == r.life {
		r.takePseudo(s)
	}
	r.sweepAll(r.opts.Learned.take())
	for _, c := range r.classes {
		c.ring.Expire(s.At)
	}
	r.took.count++
	r.took.last = s.Took
	r.took.longest = max(r.took.longest, s.Took)
	r.took.record = r.opts.Now().Sub(began)
}

// enter takes over the relay's life. The first one that is known adopts what was seen before it was.
func (r *Recorder) enter(s *scrape.Snapshot) {
	for _, l := range r.lives {
		if l != r.life && l.N == s.Before.N && s.Before.N > 0 {
			r.journal.lives = r.journal.lives || l.Ending != s.Before.Ending
			l.Ending = s.Before.Ending // known a while after the next life began
		}
	}
	switch {
	case s.Life.N == 0:
		return
	case r.life.N == 0:
		r.lives = append(r.lives, r.life)
	case s.Life.N != r.life.N:
		if s.Before.N == r.life.N && !s.Before.EndedAt.IsZero() {
			r.life.Life = s.Before
		}
		if r.life.EndedAt.IsZero() {
			r.life.EndedAt, r.life.End = s.Life.FirstSeen, "replaced"
		}
		r.life = &life{}
		r.lives = append(r.lives, r.life)
		if len(r.lives) > maxLives {
			r.lives = slices.Delete(r.lives, 0, 1)
		}
	}
	r.life.Life = s.Life
}

// hear lets a new life void the values of the one before, which are of another process: not before it
// has answered, so that a relay that only boots, or dies while it does, leaves what was known last. Of
// a relay that never answers there is its process alone, and its pod.
func (r *Recorder) hear(s *scrape.Snapshot) {
	for _, res := range s.Results {
		if res.State.Status == scrape.OK && res.Process == nil && res.Pod == nil {
			r.journal.lives = r.journal.lives || !r.life.answered
			r.life.answered = true
		}
	}
	if (r.life.answered || !r.shown.answered) && r.shown != r.life {
		r.shown, r.journal.lives = r.life, true
	}
}

// Conclude takes over how the current life ended before a look at the next one is recorded, which voids
// what is known of it. What was never seen to end ended when the next one was seen.
func (r *Recorder) Conclude(before, next scrape.Life) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.life.N == 0 || next.N == r.life.N {
		return
	}
	if before.N == r.life.N {
		r.life.Life = before
	}
	if r.life.EndedAt.IsZero() {
		r.life.EndedAt, r.life.End = next.FirstSeen, "replaced"
	}
	r.journal.lives = true
}

// standing is how the sources stand: a look of a relay that hangs takes long, and a pack that is asked
// for meanwhile says so.
func (r *Recorder) standing() map[string]scrape.State {
	if r.opts.States == nil {
		return r.states
	}
	return r.withLastOK(r.opts.States())
}

// withLastOK adds when a source was read last by the agent before.
func (r *Recorder) withLastOK(states map[string]scrape.State) map[string]scrape.State {
	states = maps.Clone(states)
	for name, at := range r.lastOK {
		if s, known := states[name]; known && s.LastOK.IsZero() {
			s.LastOK = at
			states[name] = s
		}
	}
	return states
}

// sweepAll redacts again what names an id that was not known when it was kept.
func (r *Recorder) sweepAll(ids [][]byte) {
	if len(ids) == 0 {
		return
	}
	for _, c := range r.classes {
		c.ring.Rewrite(func(e *event) (*event, bool) { return r.sweepEvent(e, ids) })
	}
	for _, rules := range r.bySource {
		for _, one := range rules {
			if changed, _ := r.sweep(&one.kept, ids); changed {
				one.value = fieldOf(one.kept, one.section.leaf())
			}
		}
	}
	for _, l := range r.lists {
		for _, v := range l.variants {
			if _, ok := r.sweep(&v.kept, ids); !ok {
				v.known = false
			}
		}
	}
	r.sweepPage(ids)
	r.sweep(&r.process, ids)
	r.sweep(&r.pod, ids)
	r.told.sweep(r, ids)
	r.sweepTraces(ids)
}

// sweepEvent gives a new entry where it changes one: a pack that is being built may hold the old.
func (r *Recorder) sweepEvent(e *event, ids [][]byte) (*event, bool) {
	if !containsAny(e.clean.Bytes(), ids) {
		return e, true
	}
	next := &event{
		kept: e.kept, class: e.class, id: e.id, sequence: e.sequence, firstSeen: e.firstSeen,
		timestamp: e.timestamp, kind: e.kind, ruleSet: r.ruleSet, raw: e.raw, masked: e.masked, same: e.same,
	}
	next.counts = slices.Clone(e.counts)
	next.removed = slices.Clone(e.removed)
	if _, ok := r.sweep(&next.kept, ids); !ok {
		return nil, false
	}
	next.words = hasWords(next.clean.Bytes())
	return next, true
}

// window gives a class's events, newest first; at most `most` of those that fit.
func (c *class) window(fits func(*event) bool) []*event {
	out := make([]*event, 0, c.ring.Len())
	c.ring.Newest(func(_ time.Time, e *event) bool {
		if fits == nil || fits(e) {
			out = append(out, e)
		}
		return true
	})
	return out
}

func (r *Recorder) class(name string) *class {
	for _, c := range r.classes {
		if c.name == name {
			return c
		}
	}
	return nil
}
