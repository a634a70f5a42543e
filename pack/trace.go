package pack

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"strconv"
	"time"

	"relaypack/scrape"
	"relaypack/scrape/profile"
)

// Bounds of the agent's own traces.
const (
	TraceLeast      = 10 * time.Second // shortest trace; shorter ones are made as long
	TraceMost       = 300 * time.Second
	TraceUsual      = 30 * time.Second
	traceStep       = 5 * time.Second
	maxTraceSamples = int(TraceMost / traceStep)
	maxTraces       = 16 // that are remembered, the running one among them; the oldest goes first
	maxDebts        = 16 // traces of the relay that wait to be read once
	debtTries       = 5
	freshEnough     = 2 * time.Second // of an answer at a sample: it is not asked for again
	debtPatience    = time.Second     // behind the end of the relay's trace
)

// Why no trace was started or is there.
var (
	ErrNoTrace         = errors.New("no such trace")
	ErrNoTracing       = errors.New("the profile does not say how to trace a session")
	ErrNotTracing      = errors.New("nothing runs traces now")
	ErrNoSession       = errors.New(whyNoCandidate)
	ErrManySessions    = errors.New(whyManyCandidates)
	ErrSessionsUnknown = errors.New(whyNotAllListed)
)

// TraceRunning says that a trace runs, and that there can be only one.
type TraceRunning struct {
	ID   string
	Ends time.Time
}

// Error names neither.
func (*TraceRunning) Error() string { return "a trace runs" }

// trace watches one session for a while. All of it is guarded by Recorder.mu. The session's raw id is
// in it alone, and only while it runs.
type trace struct {
	id      string
	raw     []byte // nil: it has not begun, or it is over
	hash    uint64 // of the raw id
	masked  uint64 // of the masked form
	name    []byte // the masked form
	length  time.Duration
	started time.Time
	begun   time.Time // the same instant by a clock that nobody sets
	ended   time.Time // zero: it runs

	relay     kept   // the id of the relay's own trace under "traceId"; empty: none
	relayHash uint64 // of that id, as toldOfTrace has it; 0: none
	own       relayTrace
	fields    []traced
	samples   []sample
	heard     time.Time // when a source that is asked about the session has answered last; zero: not since the last sample
	stale     bool      // the last question got no answer, or there was no answer yet
	closed    map[string]time.Time
}

// traces are this agent's, oldest first; guarded by Recorder.mu. They do not outlive it.
type traces struct {
	list    []*trace
	current *trace        // being started, or running
	open    bool          // RunTraces runs
	begun   chan *trace   // to RunTraces
	looked  chan struct{} // a burst has just been recorded
	debts   []debt
}

// debt is a trace that was started in the relay: it keeps one until it is read after its end.
type debt struct {
	id    string
	due   time.Time
	tries int
}

func newTraces() traces {
	return traces{begun: make(chan *trace, 1), looked: make(chan struct{}, 1)}
}

// findTrace gives a trace by its id or by that of the relay's own trace beside it, nil for none.
func (r *Recorder) findTrace(id string) *trace {
	hash := r.toldOfTrace(id).hash
	for _, t := range r.traces.list {
		if t.id == id || t.relayHash == hash {
			return t
		}
	}
	return nil
}

// hasTrace is for callers that do not hold the lock.
func (r *Recorder) hasTrace(id string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.findTrace(id) != nil
}

// StartTrace begins to trace one session, named raw or masked, for TraceLeast to TraceMost (a length
// outside is moved to the bound). It gives the id and, as JSON, what Trace gives: {"traceId", "sessionId" masked,
// "startedAt", "samples", "expiresAt", "endedAt", "durationSec", "done", "relayTraceId"}, and how the
// sources stand that it asks. The relay's own trace is started beside it; where that cannot be had,
// there is none, and `sources` says why. It asks the relay twice, at most 3 s each. Errors: those
// above, *TraceRunning, ctx's, and an id that is empty or over 200 bytes.
func (b *Builder) StartTrace(ctx context.Context, sessionID string, length time.Duration) (id string, body []byte, err error) {
	if b.opts.Recorder.profile.Tracing == nil {
		return "", nil, ErrNoTracing
	}
	if len(sessionID) == 0 || len(sessionID) > maxID {
		return "", nil, fmt.Errorf("start trace: an id of 1 to %d bytes is needed", maxID)
	}
	t, err := b.reserveTrace(min(max(length, TraceLeast), TraceMost))
	if err != nil {
		return "", nil, err
	}
	defer b.releaseTrace(t)
	s, err := b.traceable(ctx, sessionID)
	if err != nil {
		return "", nil, err
	}
	b.opts.Recorder.beginTrace(t, s, b.opts.Now())
	b.askTrace(ctx, t, b.startAsks(t)...)
	if err := ctx.Err(); err != nil {
		return "", nil, fmt.Errorf("start trace: %w", err)
	}
	b.sampleTrace(t)
	if !b.opts.Recorder.enterTrace(t) {
		return "", nil, ErrNotTracing
	}
	body, err = b.Trace(t.id)
	return t.id, body, err
}

// reserveTrace takes the one place that there is.
func (b *Builder) reserveTrace(length time.Duration) (*trace, error) {
	r := b.opts.Recorder
	now := b.opts.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	switch running := r.traces.current; {
	case !r.traces.open:
		return nil, ErrNotTracing
	case running != nil:
		return nil, &TraceRunning{ID: running.id, Ends: running.ends()}
	}
	t := &trace{id: newID("trace", now), started: now, length: length, stale: true}
	for _, f := range r.profile.Tracing.Fields {
		t.fields = append(t.fields, traced{spec: f, fresh: make([]*kept, len(f.Ways))})
	}
	r.traces.current = t
	return t, nil
}

// releaseTrace gives the place back where no trace came of it.
func (b *Builder) releaseTrace(t *trace) {
	r := b.opts.Recorder
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, known := range r.traces.list {
		if known == t {
			return
		}
	}
	t.raw = nil
	if r.traces.current == t {
		r.traces.current = nil
	}
}

// traceable is the session of a name, where that is one session.
func (b *Builder) traceable(ctx context.Context, id string) (*session, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	s := b.session(ctx, id)
	switch {
	case s.raw != nil:
		return s, nil
	case len(s.candidates) > 1:
		return nil, ErrManySessions
	case s.partial:
		return nil, ErrSessionsUnknown
	}
	return nil, ErrNoSession
}

func (r *Recorder) beginTrace(t *trace, s *session, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t.raw, t.hash, t.masked = s.raw, s.hash, s.masked
	t.name = r.redactor.Mask(nil, "session", s.raw)
	t.started, t.begun = now, time.Now()
}

// startAsks starts the relay's own trace.
func (b *Builder) startAsks(t *trace) []scrape.Ask {
	start := b.opts.Recorder.profile.Tracing.Start
	if start.Source == "" {
		return nil
	}
	return []scrape.Ask{{Source: start.Source, Params: map[string]string{
		"session": string(t.raw), "seconds": strconv.FormatFloat(t.length.Seconds(), 'f', -1, 64),
	}}}
}

// enterTrace makes the trace known and hands it to RunTraces. False: nothing runs traces any more.
func (r *Recorder) enterTrace(t *trace) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.traces.open {
		return false
	}
	if len(r.traces.list) == maxTraces {
		r.traces.list = append(r.traces.list[:0], r.traces.list[1:]...)
	}
	r.traces.list = append(r.traces.list, t)
	r.traces.begun <- t // there is only one, so there is room
	return true
}

// takeStart keeps the id of the relay's own trace, and that it is to be read once.
func (b *Builder) takeStart(t *trace, res *scrape.Result) {
	r := b.opts.Recorder
	start := r.profile.Tracing.Start
	if res.Source != start.Source || res.State.Status != scrape.OK || res.Body == nil {
		return
	}
	raw, ok := start.Path.First(res.Body)
	id := string(scalarText(raw))
	if !ok || id == "" || len(id) > maxID || distinct(t.raw) && containsAny(raw, [][]byte{t.raw}) {
		return
	}
	t.relay, _ = r.takeField("traceId", raw, res.At)
	t.relayHash = maphash.String(r.seed, id) | 1
	if len(b.sourcesOf("trace.")) == 0 {
		return
	}
	t.own.status = relayWaits
	if len(r.traces.debts) == maxDebts {
		r.traces.debts = append(r.traces.debts[:0], r.traces.debts[1:]...)
	}
	r.traces.debts = append(r.traces.debts, debt{id: id, due: time.Now().Add(t.length + debtPatience)})
}

// endTrace ends a trace, at the latest when it was to end.
func (r *Recorder) endTrace(t *trace, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ends := t.ends(); now.After(ends) {
		now = ends
	}
	t.ended, t.raw, t.closed = now, nil, make(map[string]time.Time)
	for i := range t.fields {
		clear(t.fields[i].fresh)
	}
	if r.traces.current == t {
		r.traces.current = nil
	}
}

func (t *trace) ends() time.Time { return t.started.Add(t.length) }

// fits says whether an event is of the trace's session and of its time: the agent saw it first after
// the trace began and not later than at the first look after its end. Its own timestamp decides
// nothing: the relay may have written anything there.
func (t *trace) fits(e *event) bool {
	if last, closed := t.closed[e.class]; e.firstSeen.Before(t.started) || closed && e.firstSeen.After(last) {
		return false
	}
	if t.hash != 0 && e.raw != 0 {
		return e.raw == t.hash
	}
	return e.masked != 0 && e.masked == t.masked
}

// asksOf are the sources that each sample of a trace asks, in the order of the profile's ways.
func asksOf(p *profile.Profile) (names []string) {
	known := make(map[string]bool)
	for _, f := range p.Tracing.Fields {
		for _, w := range f.Ways {
			if s := p.Source(w.From); s != nil && s.Every == profile.EveryAsk && !known[w.From] {
				known[w.From] = true
				names = append(names, w.From)
			}
		}
	}
	return names
}
