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
	var left []string
	others := 0
	for _, src := range s.queue() {
		if ctx.Err() != nil {
			break
		}
		r, had := s.step(ctx, t, src)
		switch {
		case !had:
			left = append(left, src.Name)
		case r != nil:
			t.results = append(t.results, r)
		}
		if had && src.Bearer && !src.GivesIDs {
			others++
		}
	}
	if others == 0 && len(left) > 0 { // not even past those that give ids: these wait next time
		left = append([]string{""}, left...)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leftOver = left
	s.perBurst = max(t.asked, 1)
}

// queue gives the sources of a burst in order: those that list raw ids (what they list is masked
// wherever it stands later), then what had no turn in the last burst, then the profile's order
// (rings, the rest). When the last burst did not get past the ids, its left-overs go first of all.
func (s *Scraper) queue() []*profile.Source {
	s.mu.Lock()
	left := s.leftOver
	s.mu.Unlock()
	rank := func(src *profile.Source) int {
		waited := slices.Contains(left, src.Name)
		switch {
		case waited && !src.GivesIDs && left[0] == "":
			return 0
		case src.GivesIDs:
			return 1
		case waited:
			return 2
		}
		return 3
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

// step reads one source of a burst, if it is needed now. It is false when the source must wait for
// its turn in a later burst: then its state stays.
func (s *Scraper) step(ctx context.Context, t *turn, src *profile.Source) (*Result, bool) {
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
	if r == nil {
		return nil, false
	}
	if asked && src.Every == profile.EveryStart {
		s.noteStart(src, r)
	}
	return r, true
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
