package scrape

import (
	"context"
	"slices"
	"time"

	"relaypack/scrape/profile"
)

// maxGates is how often one burst may ask the gate. What has had no turn by then waits for the next
// burst, where it comes first.
const maxGates = 3

// turn is one run of calls that share a purpose and an allowance of questions to the gate.
type turn struct {
	why     purpose
	gates   int // questions to the gate left
	asked   int // anonymous calls made
	results []*Result
	over    *verdict // nothing more goes with the bearer in this turn, and why
}

func (t *turn) end(status Status, why reason) verdict {
	t.over = &verdict{status: status, why: why}
	return *t.over
}

// burst reads the debug sources that are due, one after the other.
func (s *Scraper) burst(ctx context.Context, t *turn) {
	queue := s.queue()
	ids, others, left := 0, 0, 0
	turned := make([]string, 0, len(queue))
	for _, src := range queue {
		if ctx.Err() != nil {
			return
		}
		r, had := s.step(ctx, t, src)
		if r != nil {
			t.results = append(t.results, r)
		}
		switch {
		case !had:
			left++
			continue
		case r != nil && src.GivesIDs:
			ids++
		case r != nil:
			others++
		}
		turned = append(turned, src.Name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bursts++
	for _, name := range turned {
		s.turned[name] = s.bursts
	}
	s.idsOnly = ids > 0 && others == 0 && left > 0
	if t.over == nil || t.over.status != Limited {
		s.perBurst = max(t.asked, 1)
	}
}

// queue gives the sources of a burst in order: those that list raw ids (what they list is masked
// wherever it stands later), then whatever has waited longest for a turn; where all had one in the
// same burst, and that is the rule, the profile's order: rings, then the rest. After a burst that
// did not get past the ids, these take their turn like the others.
func (s *Scraper) queue() []*profile.Source {
	s.mu.Lock()
	defer s.mu.Unlock()
	rank := func(src *profile.Source) int {
		if src.GivesIDs && !s.idsOnly {
			return -1
		}
		return s.turned[src.Name]
	}
	var due []*profile.Source
	for _, src := range s.opt.Profile.Sources {
		if src.Every == profile.EveryDebug || src.Every == profile.EveryStart {
			due = append(due, src)
		}
	}
	slices.SortStableFunc(due, func(a, b *profile.Source) int { return rank(a) - rank(b) })
	return due
}

// step reads one source of a burst, if it is needed now. turned is false when the source has had no
// turn, because nothing more goes with the bearer in this burst; r is then nil where its state stays.
func (s *Scraper) step(ctx context.Context, t *turn, src *profile.Source) (r *Result, turned bool) {
	if src.InsteadOf != "" && s.states.status(src.InsteadOf) == OK {
		s.states.pass(src.Name, Skipped, becauseNotNeeded)
		return nil, true
	}
	if src.Every == profile.EveryStart && s.doneInThisLife(src) {
		return nil, true
	}
	if !src.Bearer {
		return s.anonymous(ctx, t, src), true
	}
	if s.line.take(ctx) != nil {
		return nil, false
	}
	defer s.line.give()
	r, asked := s.behind(ctx, t, src, nil, s.opt.Timeout)
	if asked && src.Every == profile.EveryStart {
		s.noteStart(src, r)
	}
	return r, asked || t.over == nil
}

// doneInThisLife says whether a source that is read once per life needs no read now; one that gave
// nothing is tried again after five minutes.
func (s *Scraper) doneInThisLife(src *profile.Source) bool {
	life := s.Life().N
	s.mu.Lock()
	defer s.mu.Unlock()
	if n, ok := s.started[src.Name]; ok && n == life {
		return true
	}
	return time.Now().Before(s.retried[src.Name])
}

func (s *Scraper) noteStart(src *profile.Source, r *Result) {
	life := s.Life().N
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.State.Status == OK {
		s.started[src.Name] = life
		return
	}
	s.retried[src.Name] = time.Now().Add(holdTime)
}

// anonymous reads a source without the bearer that counts against the relay's limit.
func (s *Scraper) anonymous(ctx context.Context, t *turn, src *profile.Source) *Result {
	if st, held := s.holds.over(src); held {
		return s.unasked(src, st.Status, reason(st.Reason))
	}
	u, ok := s.wire.resolve(src.Path, nil)
	if !ok {
		return s.unasked(src, Invalid, becauseParameter)
	}
	if ok, why := s.budget.takeAnonymous(t.why, s.need()); !ok {
		return s.unasked(src, Limited, why)
	}
	t.asked++
	s.self.add(func(n *Self) { n.Anonymous++ })
	r, _ := s.ask(ctx, src, s.callOf(src, u))
	s.holds.note(src, r.State)
	return r
}

// need is how many anonymous calls the bursts need per window.
func (s *Scraper) need() int {
	s.mu.Lock()
	per := s.perBurst
	s.mu.Unlock()
	return s.budget.need(s.debugInterval(), per)
}
