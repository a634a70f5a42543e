package scrape

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"relaypack/scrape/profile"
)

// callOf describes the request for a source; limits are the source's own or the configured ones.
func (s *Scraper) callOf(src *profile.Source, u *url.URL) *call {
	c := &call{
		method: src.Method, url: u, body: src.Body, accept: "application/json",
		timeout: s.opt.Timeout, maxBytes: s.opt.MaxBytes,
	}
	if src.Format == profile.Exposition {
		c.accept, c.maxBytes = "text/plain;version=0.0.4", s.opt.MetricsMaxBytes
	}
	if src.MaxBytes > 0 {
		c.maxBytes = src.MaxBytes
	}
	if c.method == "" {
		c.method = http.MethodGet
	}
	return c
}

// ask makes the call of a source and takes its answer: the state, the life that it speaks of, the
// limits that it announces. A read that our own end stopped changes no state.
func (s *Scraper) ask(ctx context.Context, src *profile.Source, c *call) (*Result, *answer) {
	var m *Metrics
	if src.Format == profile.Exposition {
		c.read = func(r io.Reader) (err error) {
			m, err = s.pageOf(src).read(r)
			return err
		}
	}
	a := s.wire.do(ctx, c)
	v, value := s.weigh(src, a)
	if v.status == Skipped {
		return s.unasked(src, Skipped, v.why), a
	}
	r := &Result{Source: src.Name, At: s.opt.Now(), Absent: v.absent, State: stateOf(v, a)}
	if v.status == OK && src.Format == profile.Exposition {
		s.weighPage(src, r, m)
	} else if v.status == OK && !v.absent {
		r.Body = value
	}
	r.State = s.states.read(src.Name, r.State)
	if r.State.Status == OK {
		s.learn(ctx, src, r, a.sent)
	}
	if src.Format == profile.Exposition {
		s.compare(src, r, a)
	}
	return r, a
}

// pageOf gives what reads the pages of a source: for those of the looks, of which one is made after the
// other, one that remembers.
func (s *Scraper) pageOf(src *profile.Source) *page {
	if src.Every != profile.EveryMetrics {
		return newPage(s.opt.Profile.Families)
	}
	if s.pages[src.Name] == nil {
		s.pages[src.Name] = newPage(s.opt.Profile.Families)
	}
	return s.pages[src.Name]
}

// weigh judges an answer and lets gate and budget hear of it.
func (s *Scraper) weigh(src *profile.Source, a *answer) (verdict, []byte) {
	if a.status == Unreachable {
		s.gate.shut()
	}
	if a.code != 0 && src.Every != profile.EveryMetrics {
		s.budget.heard(a.left, a.code, a.header)
	}
	if a.status != OK {
		return verdict{status: a.status, why: a.why}, nil
	}
	return judge(src, s.opt.Profile.Refusals, a)
}

// weighPage says what a page that was read in full is worth.
func (s *Scraper) weighPage(src *profile.Source, r *Result, m *Metrics) {
	switch {
	case m == nil || len(m.Families) == 0 && m.BadLines == 0:
		r.State.Status, r.State.Reason = Invalid, string(becauseEmpty)
	case len(m.Families) == 0:
		r.State.Status, r.State.Reason, r.State.Line = Invalid, string(becauseNoPage), m.BadLine
	case m.BadLines > 0:
		r.State.Reason, r.State.Line = string(becauseBadLines), m.BadLine
		r.Metrics = m
	default:
		r.Metrics = m
	}
}

// compare puts a page beside the one before: rates, and whether that one was given up. It comes
// after learn, because a new life has no page before.
func (s *Scraper) compare(src *profile.Source, r *Result, a *answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Metrics == nil {
		s.abandoned[src.Name] = s.abandoned[src.Name] || a.hung
		return
	}
	r.Metrics.AfterTimeout = s.abandoned[src.Name]
	s.abandoned[src.Name] = false
	if s.rates[src.Name] == nil {
		s.rates[src.Name] = newRates()
	}
	s.rates[src.Name].apply(r.Metrics, s.opt.Profile.Families, a.done)
}

// unasked is the result for a source that was not read.
func (s *Scraper) unasked(src *profile.Source, status Status, why reason) *Result {
	return &Result{Source: src.Name, At: s.opt.Now(), State: s.states.pass(src.Name, status, why)}
}

func stateOf(v verdict, a *answer) State {
	return State{Status: v.status, Reason: string(v.why), Code: a.code, Took: a.done.Sub(a.sent), Bytes: a.bytes}
}

// learn tells the lives what a good answer says about the relay's start and its event ids. sent is
// when the answer was asked for: what an earlier life said must not count for a later one.
func (s *Scraper) learn(ctx context.Context, src *profile.Source, r *Result, sent time.Time) {
	s.lives.alive(sent)
	for _, rule := range s.opt.Profile.Starts {
		if rule.From != src.Name {
			continue
		}
		if ms, ok := s.startOf(ctx, rule.Query, r); ok {
			s.born(s.lives.start(src.Name, time.UnixMilli(ms), sent))
		}
	}
	if r.Body == nil {
		return
	}
	for _, class := range s.opt.Profile.Events {
		if len(class.Variants) == 0 || class.Variants[0].From != src.Name {
			continue
		}
		if id, ok := newestID(&class.Variants[0], r.Body); ok {
			s.born(s.lives.newest(class.Class, id, sent))
		}
	}
}

func (s *Scraper) startOf(ctx context.Context, q *profile.Query, r *Result) (int64, bool) {
	if r.Metrics == nil {
		return runMillis(ctx, q, r.Body, r.At)
	}
	v, err := q.Run(ctx, r.Metrics.Document(s.opt.Profile.Families), r.At)
	if err != nil {
		return 0, false
	}
	return wholeMillis(v)
}

// born starts over everything that the relay forgot when it began a new life.
func (s *Scraper) born(anew bool) {
	if !anew {
		return
	}
	s.kube.wake()
	s.gate.shut()
	s.budget.renew()
	s.holds.forget()
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.rates)
	clear(s.retried)
	clear(s.abandoned)
}
