package scrape

import (
	"context"
	"slices"
	"sync"
	"time"

	"relaypack/scrape/profile"
)

// Look takes one whole look: port and process, the metrics, the gate, the debug sources, and the pod. It
// never fails: what a source did not give is told by its state. A Run that follows goes on from it.
func (s *Scraper) Look(ctx context.Context) *Snapshot {
	if s.kube == nil {
		return s.look(ctx, true, true)
	}
	var pod *Result
	var asked sync.WaitGroup
	asked.Go(func() { pod = s.readPod(ctx) })
	snap := s.look(ctx, true, true)
	asked.Wait()
	snap.Results, snap.States = append(snap.Results, pod), s.States(snap.At)
	return snap
}

// look reads the sources that are due.
func (s *Scraper) look(ctx context.Context, metrics, debug bool) *Snapshot {
	if s.looking.take(ctx) != nil {
		return s.snapshot(nil, time.Now())
	}
	defer s.looking.give()
	begin := time.Now()
	s.glance(ctx) // first, so that what follows counts for the right life
	var results []*Result
	if metrics {
		results = append(results, s.readProcess())
		results = append(results, s.readMetrics(ctx)...)
		s.note(&s.lastMetrics, begin)
	}
	if s.burstDue(debug, results) {
		t := &turn{why: forBurst, gates: maxGates}
		s.openBurst(ctx, t)
		s.burst(ctx, t)
		results = append(results, t.results...)
		s.note(&s.lastDebug, begin)
	}
	snap := s.snapshot(results, begin)
	s.self.look(snap.Took)
	return snap
}

// burstDue says whether a burst is to be made: when it is its time, and at the first good answer of a
// new life, which may not last until then. A new life has a new allowance.
func (s *Scraper) burstDue(debug bool, results []*Result) bool {
	life, _ := s.lives.current()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !debug {
		answered := slices.ContainsFunc(results, func(r *Result) bool { return r.Metrics != nil })
		debug = answered && life.N != s.burstIn
	}
	if debug {
		s.burstIn = life.N
	}
	return debug
}

// unread says whether no burst was made yet in this life of the relay, or it ended: another one may have begun.
func (s *Scraper) unread() bool {
	life, _ := s.lives.current()
	s.mu.Lock()
	defer s.mu.Unlock()
	return life.N != s.burstIn || !life.EndedAt.IsZero()
}

func (s *Scraper) note(at *time.Time, when time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*at = when
}

// readMetrics reads the sources of the metrics interval.
func (s *Scraper) readMetrics(ctx context.Context) (results []*Result) {
	t := &turn{why: forBurst, gates: 1}
	for _, src := range s.opt.Profile.Sources {
		if src.Every != profile.EveryMetrics || ctx.Err() != nil {
			continue
		}
		if src.Bearer {
			if r, _ := s.step(ctx, t, src); r != nil {
				results = append(results, r)
			}
			continue
		}
		u, ok := s.wire.resolve(src.Path, nil)
		if !ok {
			results = append(results, s.unasked(src, Invalid, becauseParameter))
			continue
		}
		s.self.add(func(n *Self) { n.Metrics++ })
		r, _ := s.ask(ctx, src, s.callOf(src, u))
		results = append(results, r)
	}
	return append(results, t.results...)
}

// openBurst asks the gate also when there is no bearer to send: what it says about the relay's
// database is worth a call.
func (s *Scraper) openBurst(ctx context.Context, t *turn) {
	if s.opt.Profile.Gate == nil || s.line.take(ctx) != nil {
		return
	}
	defer s.line.give()
	s.enter(ctx, t)
}

// readProcess reads the relay's process.
func (s *Scraper) readProcess() *Result {
	begin := time.Now()
	id, why := s.identify()
	r := &Result{Source: ProcessSource, At: s.opt.Now()}
	if why.why == becauseSwitchedOff {
		r.State = s.states.pass(ProcessSource, why.status, why.why)
		return r
	}
	if why.status != OK {
		r.State = s.states.read(ProcessSource, State{Status: why.status, Reason: string(why.why)})
		return r
	}
	r.Process = s.finder.read(id)
	r.State = s.states.read(ProcessSource, State{Status: OK, Took: time.Since(begin)})
	return r
}

// snapshot puts a look together.
func (s *Scraper) snapshot(results []*Result, begin time.Time) *Snapshot {
	snap := &Snapshot{At: s.opt.Now(), Results: results, Target: s.target}
	snap.States = s.States(snap.At)
	snap.Life, snap.Before = s.lives.current()
	snap.Port, snap.Anomalies = s.lives.take()
	for _, r := range results {
		if r.Body != nil {
			snap.NewIDs = append(snap.NewIDs, s.meet(r)...)
		}
	}
	snap.Took = time.Since(begin)
	return snap
}

// meet notes the raw ids that an answer lists and gives those that were never seen before.
func (s *Scraper) meet(r *Result) (fresh [][]byte) {
	for _, kind := range s.opt.Profile.IDs {
		for _, from := range kind.Raw {
			if from.Source != r.Source {
				continue
			}
			eachID(from.Path, r.Body, func(id []byte) {
				if s.opt.Seen.Add(id) && len(fresh) < maxSeen {
					fresh = append(fresh, id)
				}
			})
		}
	}
	return fresh
}

// Run looks at the relay until ctx ends: metrics and debug sources at their intervals (both in one
// look when both are due, a look that comes late skips what it missed; at once when a relay that was not
// read yet opens its port, since it may not live until then), port and process every second, the pod every
// 30 s and soon after these changed. sink is called from one goroutine at a time, for every look, and for
// every change of port, process or life without results; a sink that takes long makes the next look late.
func (s *Scraper) Run(ctx context.Context, sink func(*Snapshot)) error {
	handing := newSemaphore()
	hand := func(snap *Snapshot) {
		if handing.take(ctx) == nil {
			defer handing.give()
			sink(snap)
		}
	}
	var loops sync.WaitGroup
	loops.Go(func() { s.watch(ctx, hand) })
	loops.Go(func() { s.looks(ctx, hand) })
	loops.Go(func() { s.followPod(ctx, hand) })
	loops.Wait()
	return nil
}

// looks is the loop of the looks.
func (s *Scraper) looks(ctx context.Context, hand func(*Snapshot)) {
	s.mu.Lock()
	metrics, debug := s.lastMetrics, s.lastDebug
	s.mu.Unlock()
	now := time.Now()
	metrics, debug = first(metrics, s.opt.MetricsInterval, now), first(debug, s.debugInterval(), now)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.opened:
			if s.unread() {
				metrics = time.Now()
				timer.Reset(0)
			}
			continue
		case <-timer.C:
		}
		began := time.Now()
		dueMetrics, dueDebug := !began.Before(metrics), !began.Before(debug)
		if dueMetrics || dueDebug {
			snap := s.look(ctx, dueMetrics, dueDebug)
			if ctx.Err() != nil {
				return
			}
			hand(snap)
		}
		now := time.Now()
		if dueMetrics {
			metrics = next(metrics, s.opt.MetricsInterval, now)
		}
		s.mu.Lock()
		early := !dueDebug && !s.lastDebug.Before(began)
		s.mu.Unlock()
		switch {
		case early:
			debug = now.Add(s.debugInterval())
		case dueDebug:
			debug = next(debug, s.debugInterval(), now)
		}
		timer.Reset(min(metrics.Sub(now), debug.Sub(now)))
	}
}

// first is when something is due that was done at last (zero: never).
func first(last time.Time, interval time.Duration, now time.Time) time.Time {
	if last.IsZero() || now.Sub(last) >= interval {
		return now
	}
	return last.Add(interval)
}

// next is the first instant after now on the clock that due and interval make.
func next(due time.Time, interval time.Duration, now time.Time) time.Time {
	if missed := now.Sub(due) / interval; missed >= 0 {
		return due.Add((missed + 1) * interval)
	}
	return due
}
