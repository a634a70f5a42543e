package pack

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"time"

	"relaypack/pack/redact"
	"relaypack/pack/verify"
	"relaypack/scrape"
)

// MinBytes is the least size limit of a pack: the minimal pack fits it many times.
const MinBytes = 64 << 10

// maxID bounds the ids in a request, in bytes.
const maxID = 200

// Asker puts the questions to the relay that only a request can name. *scrape.Scraper is one.
type Asker interface {
	// Ask puts all questions behind one gate and gives a result for each.
	Ask(ctx context.Context, asks []scrape.Ask) []*scrape.Result
	// Sessions gives the raw ids of the relay's live sessions at this moment. It is false when a
	// place that lists them could not be asked.
	Sessions(ctx context.Context) (ids [][]byte, complete bool)
}

var _ Asker = (*scrape.Scraper)(nil)

// BuilderOptions says what a Builder makes packs of.
type BuilderOptions struct {
	Recorder  *Recorder
	Redactor  *redact.Redactor // nil: the Recorder's
	Detector  *verify.Detector
	Asker     Asker // nil: nothing is asked, sessionParity and trace are null
	MaxBytes  int   // hard limit of a pack, at least MinBytes
	Generator Generator
	Now       func() time.Time        // nil: time.Now
	Self      func() SelfNumbers      // nil: unknown
	Incidents func(dst []byte) []byte // appends the open and recent incidents as a JSON array of clean values; nil: none
	Rules     func(dst []byte) []byte // appends how the rules of incidents and their budgets stand, for the status view; nil: null
	State     func() StateNumbers     // nil: nothing is kept
	Delivery  func() DeliveryNumbers  // nil: nothing is delivered
}

// Builder makes packs of what a Recorder kept. It is safe for concurrent use.
type Builder struct{ opts BuilderOptions }

// NewBuilder checks the options.
func NewBuilder(opts BuilderOptions) (*Builder, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Self == nil {
		opts.Self = func() SelfNumbers { return SelfNumbers{} }
	}
	if opts.Incidents == nil {
		opts.Incidents = func(dst []byte) []byte { return append(dst, "[]"...) }
	}
	if opts.Rules == nil {
		opts.Rules = func(dst []byte) []byte { return append(dst, "null"...) }
	}
	if opts.State == nil {
		opts.State = func() StateNumbers { return StateNumbers{Why: "no folder configured"} }
	}
	if opts.Delivery == nil {
		opts.Delivery = func() DeliveryNumbers { return DeliveryNumbers{} }
	}
	var faults []error
	if opts.Recorder == nil {
		faults = append(faults, errors.New("no recorder"))
	} else if opts.Redactor == nil {
		opts.Redactor = opts.Recorder.redactor
	}
	if opts.Detector == nil {
		faults = append(faults, errors.New("no detector"))
	}
	if opts.MaxBytes < MinBytes {
		faults = append(faults, fmt.Errorf("a size limit below %d bytes", MinBytes))
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("make builder: %w", errors.Join(faults...))
	}
	return &Builder{opts}, nil
}

// Build makes one pack. Asking the relay takes at most 3 s, and nothing that the relay does or does
// not makes Build fail: its only errors are about the request.
func (b *Builder) Build(ctx context.Context, req Request) (*Pack, error) {
	_, p, err := b.build(ctx, req)
	return p, err
}

// build gives the draft beside the pack that was made of it.
func (b *Builder) build(ctx context.Context, req Request) (*draft, *Pack, error) {
	if len(req.SessionID) > maxID || len(req.TraceID) > maxID {
		return nil, nil, fmt.Errorf("build pack: an id of more than %d bytes", maxID)
	}
	switch req.Trigger.Kind {
	case "", Manual, Periodic, Incident, Final:
	default:
		return nil, nil, errors.New("build pack: unknown kind of trigger")
	}
	asked := b.ask(ctx, req)
	now := b.opts.Now()
	d, ladder := b.draft(now, req, asked)
	d.fit(ladder)
	body := d.verified(b.opts.Detector)
	return d, &Pack{id: d.id, at: now, verdict: d.verdict, body: body}, nil
}

// draft joins what the Recorder holds now, in the order of the format.
func (b *Builder) draft(now time.Time, req Request, a *answers) (*draft, []rung) {
	r := b.opts.Recorder
	r.mu.RLock()
	defer r.mu.RUnlock()
	a.keepTo(r.shown)
	d := &draft{id: newID("pack", now), at: now, limit: b.opts.MaxBytes}
	d.constants = redactionConstants{b.opts.Redactor.RuleSet(), b.opts.Redactor.Epoch(), b.opts.Redactor.Exceptions()}
	d.omitted = omissions{series: r.metrics.omitted, gaps: r.gapsDropped, refused: r.refused.Load()}

	d.own(appendString(nil, d.id), "packId")
	d.own(strconv.AppendInt(nil, now.UnixMilli(), 10), "generatedAt")
	d.own(appendString(nil, now.UTC().Format("2006-01-02T15:04:05.000Z")), "generatedAtIso")
	var provenance object
	note := func(field, source string) { provenance.text(field, source) }
	for _, name := range []string{"summary", "socketStats", "relayStats"} {
		r.addSection(d, name, note)
	}
	r.addRuntime(d, note)
	d.own(r.encodeWindowStats(), "eventBufferStats")
	windows := r.addEvents(d, "recentEvents", nil, note)
	rungs := eventRungs(windows, newestKept, oldestKept)

	// supportBundle stands before the parts that only a request has, but tells of them.
	late := &draft{}
	match := []byte("null")
	if a.session != nil {
		b.asked(late, "sessionParity", a.session.toldOf(), a, note)
		parts, exact, masked := r.addSessionEvents(late, a.session)
		match = a.session.encodeMatch(b.opts.Redactor, exact, masked)
		rungs = append(rungs, eventRungs(parts, newestKept, oldestKept)...)
		windows = append(windows, parts...)
	}
	var last []rung
	if t := r.findTrace(req.TraceID); req.TraceID != "" && t != nil {
		thin, thinner := r.addTrace(late, t, note)
		rungs, last = append(rungs, thin...), append(last, thinner)
	} else if req.TraceID != "" {
		b.asked(late, "trace", r.toldOfTrace(req.TraceID), a, note)
	}
	if req.IncludeConfig {
		r.addSection(late, "config", note)
	}
	rungs = append(rungs, b.addBundle(d, req, a, match, &provenance)...)
	rungs = append(append(rungs, eventRungs(windows, newestLeft, oldestLeft)...), last...)
	d.parts = append(d.parts, late.parts...)
	return d, rungs
}

// addSection adds one object of format fields, null where nothing gave a value. A config of which
// nothing is known is null as a whole.
func (r *Recorder) addSection(d *draft, name string, note func(field, source string)) {
	p := d.add(&part{path: []string{name}, owned: 1})
	var o, least object
	given := false
	for _, f := range formatFields {
		if f.section != name {
			continue
		}
		value := r.fieldValue(p, f, note)
		given = given || value != nil
		o.raw(f.name, value)
		least.raw(f.name, nil)
	}
	p.data, p.least = o.done(), least.done()
	if name == "config" {
		p.least = []byte("null")
		if !given {
			p.reduce()
		}
	}
}

// addRuntime adds runtimeStats, the one section of two levels.
func (r *Recorder) addRuntime(d *draft, note func(field, source string)) {
	p := d.add(&part{path: []string{"runtimeStats"}, owned: 2})
	var memory, cpu, noMemory, noCPU object
	for _, f := range formatFields {
		switch f.section {
		case "runtimeStats.memory":
			memory.raw(f.name, r.fieldValue(p, f, note))
			noMemory.raw(f.name, nil)
		case "runtimeStats.cpu":
			cpu.raw(f.name, r.fieldValue(p, f, note))
			noCPU.raw(f.name, nil)
		}
	}
	var o, least object
	o.raw("memory", memory.done())
	o.raw("cpu", cpu.done())
	least.raw("memory", noMemory.done())
	least.raw("cpu", noCPU.done())
	p.data, p.least = o.done(), least.done()
}

// fieldValue is the value of a field of the format now, nil where nothing gives one.
func (r *Recorder) fieldValue(p *part, f field, note func(field, source string)) []byte {
	name := f.section + "." + f.name
	if name == "summary.environment" && r.opts.Environment != "" {
		note(name, "configuration")
		return appendString(nil, r.opts.Environment)
	}
	one, ok := r.resolve(name)
	if !ok {
		return nil
	}
	note(name, one.spec.From)
	p.take(one.kept)
	return one.value
}

// addEvents adds the windows of the format's classes, and of further ones that the profile has.
func (r *Recorder) addEvents(d *draft, section string, fits func(*event) bool, note func(field, source string)) (parts []*part) {
	for _, name := range r.classNames() {
		p := d.add(&part{path: []string{section, name}, least: []byte("[]"), element: 1})
		p.setEvents(nil)
		if c := r.class(name); c != nil {
			p.setEvents(c.window(fits))
			if note != nil && c.used != nil {
				note(section+"."+name, c.used.spec.From)
			}
		}
		parts = append(parts, p)
	}
	return parts
}

// addSessionEvents adds the events of one session, and says how many were found how.
func (r *Recorder) addSessionEvents(d *draft, s *session) (parts []*part, exact, masked int) {
	parts = r.addEvents(d, "sessionEvents", func(e *event) bool {
		byRaw, byMask := s.fits(e)
		if byRaw {
			exact++
		}
		if byMask {
			masked++
		}
		return byRaw || byMask
	}, nil)
	return parts, exact, masked
}

// classNames are the classes of the format, then those that only the profile has.
func (r *Recorder) classNames() []string {
	names := append([]string(nil), formatClasses...)
	for _, c := range r.classes {
		known := false
		for _, name := range formatClasses {
			known = known || name == c.name
		}
		if !known {
			names = append(names, c.name)
		}
	}
	return names
}

// signs are the 32 of which names and pack ids are made: none of the three words can be spelled.
const signs = "0123456789abcdfghjkmnpqrstuvwxyz"

// newID is <kind>-<ms>-<6 random signs>.
func newID(kind string, now time.Time) string {
	var random [6]byte
	_, _ = rand.Read(random[:]) // never fails: it ends the program instead
	for i, c := range random {
		random[i] = signs[c%32]
	}
	return fmt.Sprintf("%s-%013d-%s", kind, max(0, now.UnixMilli()), random[:])
}
