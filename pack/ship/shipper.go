package ship

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"time"
)

// ShipperOptions are what a Shipper tells and to whom.
type ShipperOptions struct {
	Log *slog.Logger // a line for each pack delivered or held, and for each change of the store's state; nil: none
}

// Shipper delivers a spool's packs to a bucket, one at a time, the most urgent first. What fails for
// the store's sake makes all packs wait, what fails for a pack's own sake makes that pack wait.
type Shipper struct {
	bucket Bucket
	spool  *Spool
	log    *slog.Logger
	turn   chan struct{} // holds one thing while nobody delivers

	mu       sync.Mutex
	failures int // attempts in a row that no pack came out of
	notYet   time.Time
	draining bool
	status   Status // the members that the spool does not know
}

// NewShipper starts nothing.
func NewShipper(b Bucket, s *Spool, o ShipperOptions) *Shipper {
	sh := &Shipper{bucket: b, spool: s, log: o.Log, turn: make(chan struct{}, 1)}
	if sh.log == nil {
		sh.log = slog.New(slog.DiscardHandler)
	}
	sh.turn <- struct{}{}
	sh.status.Store = b.String()
	sh.status.Faults = map[Cause]uint64{}
	return sh
}

// Run delivers until ctx ends; an attempt on its way is then cut short, and its pack stays.
func (s *Shipper) Run(ctx context.Context) error {
	for {
		wait := s.step(ctx)
		if wait == 0 && ctx.Err() == nil {
			continue
		}
		if wait < 0 || wait > sweepEvery {
			wait = sweepEvery
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-s.spool.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// Drain delivers what waits, with one more chance for all that failed, until nothing is left that can
// be tried before ctx ends. It gives nil when no pack waits; held packs do not count. It works while
// Run runs and after.
func (s *Shipper) Drain(ctx context.Context) error {
	s.mu.Lock()
	s.draining, s.failures, s.notYet = true, 0, time.Time{}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.draining = false
		s.mu.Unlock()
	}()
	s.spool.allNow()
	for {
		wait := s.step(ctx)
		left := s.spool.level().waiting
		if left == 0 {
			return nil
		}
		if deadline, ok := ctx.Deadline(); ctx.Err() == nil && ok && time.Now().Add(wait).After(deadline) {
			return fmt.Errorf("drain: %d packs wait, and nothing can be tried in the time left", left)
		}
		if wait < 0 { // Run is on it, or a pack was only just taken
			wait = firstWait
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("drain: %d packs wait: %w", left, ctx.Err())
		case <-timer.C:
		}
	}
}

// step makes at most one attempt. It says how long to wait for the next: 0 is not at all, less than 0
// is until a pack comes in.
func (s *Shipper) step(ctx context.Context) time.Duration {
	select {
	case <-ctx.Done():
		return -1
	case <-s.turn:
	}
	defer func() { s.turn <- struct{}{} }()
	if ctx.Err() != nil {
		return -1
	}
	s.spool.expire()
	s.mu.Lock()
	wait := time.Until(s.notYet)
	s.mu.Unlock()
	if wait > 0 {
		return wait
	}
	id, wait := s.spool.next(time.Now())
	if id == "" {
		if wait == 0 {
			return -1
		}
		return wait
	}
	return s.attempt(ctx, id)
}

func (s *Shipper) attempt(ctx context.Context, id string) time.Duration {
	body, name, err := s.spool.object(id)
	if err != nil {
		s.unreadable(id, err)
		return 0
	}
	from := time.Now()
	arrival, err := deliver(ctx, s.bucket, name, objectOf(body))
	if err == nil {
		s.arrived(id, arrival, len(body), time.Since(from))
		s.spool.delivered(id, arrival)
		return 0
	}
	if ctx.Err() != nil { // we were stopped; that says nothing of the store
		s.spool.settle(id, func(*entry) {})
		return -1
	}
	return s.failed(id, faultOf("put", err))
}

// unreadable is a pack whose file is gone, damaged (it is no longer in the spool then) or cannot be
// read now.
func (s *Shipper) unreadable(id string, err error) {
	gone := errors.Is(err, ErrDamaged) || errors.Is(err, ErrNoPack)
	s.spool.settle(id, func(e *entry) {
		e.failures++
		e.notYet = time.Now().Add(backoff(e.failures, firstWait, longestOwn))
	})
	s.log.Error("spooled pack not readable", "pack", id, "setAside", gone)
}

func (s *Shipper) arrived(id string, how Arrival, size int, took time.Duration) {
	s.mu.Lock()
	healed := s.status.Cause != ""
	s.failures, s.notYet = 0, time.Time{}
	s.status.Cause = ""
	s.mu.Unlock()
	if healed {
		s.log.Info("store takes packs again", "store", s.bucket.String())
	}
	s.log.Info("pack delivered", "pack", id, "store", s.bucket.String(), "arrival", string(how),
		"bytes", size, "ms", took.Milliseconds())
}

// failed decides who waits. A fault of the store makes all wait; one that may be the pack's own doing
// (it comes right after another pack went through) makes that pack wait, too, so that it does not
// stand in the way of the others.
func (s *Shipper) failed(id string, f *Fault) time.Duration {
	if f.Cause == ExistsOther || f.Cause == ExistsUnknown {
		s.spool.settle(id, func(e *entry) { e.held = f.Cause })
		s.note(f)
		s.log.Error("pack held: its name is taken in the store", "pack", id, "store", s.bucket.String(), "cause", string(f.Cause), "hint", f.Hint())
		return 0
	}
	s.mu.Lock()
	suspect := s.failures == 0 && f.mayBeThere() || !f.ofStore()
	s.failures++
	if f.ofStore() || s.failures > 1 {
		longest := longestWait
		if s.draining {
			longest = drainWait
		}
		s.notYet = time.Now().Add(max(backoff(s.failures, firstWait, longest), after(f.RetryAfter)))
	}
	changed := s.status.Cause != f.Cause
	s.status.Cause = f.Cause
	s.mu.Unlock()
	s.spool.count(func(c *SpoolCounts) { c.Retried++ })
	s.spool.settle(id, func(e *entry) {
		if !suspect {
			return
		}
		e.failures++
		first := suspectWait
		if f.Cause == Refused {
			first = refusedWait
		}
		e.notYet = time.Now().Add(backoff(e.failures, first, longestOwn))
	})
	s.note(f)
	if changed {
		s.log.Warn("store does not take packs", "pack", id, "store", s.bucket.String(), "fault", f.Error(), "hint", f.Hint())
	}
	return 0
}

func (s *Shipper) note(f *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status.Faults[f.Cause]++
	s.status.LastFault, s.status.LastFaultHint, s.status.LastFaultAt = f.Error(), f.Hint(), time.Now()
}

// Status is where delivery stands.
type Status struct {
	Store string // its address, without user and query

	Waiting, Held, Kept int           // packs: undelivered, held for good, delivered and still kept
	WaitingBytes        int64         // of the objects that wait or are held
	SpoolBytes          int64         // of all that is kept, as charged against the bound
	OldestWaiting       time.Duration // age of the oldest that waits or is held, 0 without one

	SpoolCounts
	Faults map[Cause]uint64 // by cause, since the Shipper was made

	Cause         Cause // of the store's fault now, "" when the last attempt went through
	LastFault     string
	LastFaultHint string
	LastFaultAt   time.Time
	NextTry       time.Time // when the store is tried again, zero when it need not wait
}

// Status gives a snapshot.
func (s *Shipper) Status() Status {
	level, counts := s.spool.level(), s.spool.Counts()
	s.mu.Lock()
	st := s.status
	st.Faults = maps.Clone(st.Faults)
	if s.notYet.After(time.Now()) {
		st.NextTry = s.notYet
	}
	s.mu.Unlock()
	st.SpoolCounts = counts
	st.Waiting, st.Held, st.Kept = level.waiting, level.held, level.kept
	st.WaitingBytes, st.SpoolBytes = level.waitingBytes, level.charged
	if !level.oldest.IsZero() {
		st.OldestWaiting = max(time.Since(level.oldest), 0)
	}
	return st
}
