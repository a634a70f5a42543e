package scrape

import (
	"context"
	"sync"
	"time"

	"relaypack/scrape/profile"
)

// Bounds of what a request may ask.
const (
	askTime  = 3 * time.Second // for all asks of a request together
	maxAsks  = 8
	askGates = 2 // questions to the gate
)

// Ask puts questions that only a request can name, one after the other, all together within 3 s and
// behind the same gate and budget as a burst; a burst that is under way makes room between two of
// its calls. There is one result for each of the first 8 asks, in their order. A parameter goes into
// one path segment or one query value, whatever is in it. Whether they can wait (Spare) the first says
// for all.
func (s *Scraper) Ask(ctx context.Context, asks []Ask) []*Result {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	s.glance(ctx) // so that the answers count for the right life
	t := &turn{why: forRequest, gates: askGates}
	if len(asks) > 0 && asks[0].Spare {
		t.gates = s.budget.spare(s.need())
	}
	var results []*Result
	for _, a := range asks[:min(len(asks), maxAsks)] {
		src := s.opt.Profile.Source(a.Source)
		if src == nil || src.Every != profile.EveryAsk {
			results = append(results, &Result{Source: a.Source, At: s.opt.Now(), State: State{
				Status: Invalid, Reason: string(becauseNoSource), Since: s.opt.Now()}})
			continue
		}
		if src.InsteadOf != "" && answered(results, src.InsteadOf) {
			results = append(results, s.unasked(src, Skipped, becauseNotNeeded))
			continue
		}
		if !s.pace.allow(src, time.Now()) {
			results = append(results, s.unasked(src, Limited, becauseOften))
			continue
		}
		r := s.request(ctx, t, src, a.Params)
		r.Life, _ = s.lives.current()
		results = append(results, r)
	}
	return results
}

// answered says whether a source of this request gave an answer, be it that there is nothing.
func answered(results []*Result, source string) bool {
	for _, r := range results {
		if r.Source == source {
			return r.State.Status == OK
		}
	}
	return false
}

// pace keeps the least time between two asks of the sources that have one.
type pace struct {
	mu   sync.Mutex
	last map[string]time.Time
}

func (p *pace) allow(src *profile.Source, now time.Time) bool {
	if src.AtMost == 0 {
		return true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if last, asked := p.last[src.Name]; asked && now.Sub(last) < src.AtMost {
		return false
	}
	if p.last == nil {
		p.last = map[string]time.Time{}
	}
	p.last[src.Name] = now
	return true
}

// request makes one call for a request.
func (s *Scraper) request(ctx context.Context, t *turn, src *profile.Source, params map[string]string) *Result {
	if s.line.take(ctx) != nil {
		return s.unasked(src, Skipped, becauseNoTime)
	}
	defer s.line.give()
	timeout := s.opt.Timeout
	if end, ok := ctx.Deadline(); ok {
		timeout = min(timeout, time.Until(end))
	}
	if timeout < min(leastTime, s.opt.Timeout) {
		return s.unasked(src, Skipped, becauseNoTime)
	}
	if !src.Bearer {
		return s.plainRequest(ctx, t, src, params)
	}
	r, _ := s.behind(ctx, t, src, params, timeout)
	return r
}

func (s *Scraper) plainRequest(ctx context.Context, t *turn, src *profile.Source, params map[string]string) *Result {
	u, ok := s.wire.resolve(src.Path, params)
	if !ok {
		return s.unasked(src, Invalid, becauseParameter)
	}
	if ok, why := s.budget.takeAnonymous(t.why, s.need()); !ok {
		return s.unasked(src, Limited, why)
	}
	c := s.callOf(src, u)
	c.body = fillBody(src.Body, params)
	s.self.add(func(n *Self) { n.Anonymous++ })
	r, _ := s.ask(ctx, src, c)
	return r
}

// Sessions gives the raw session ids that the relay lists right now, for finding the one that a
// masked id means. The caller keeps them no longer than its request. It is false when a place that
// lists them could not be asked. At most 3 s, behind the same gate and budget as Ask.
func (s *Scraper) Sessions(ctx context.Context) (ids [][]byte, complete bool) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	t := &turn{why: forRequest, gates: askGates}
	complete = true
	known := map[string]bool{}
	for _, kind := range s.opt.Profile.IDs {
		if kind.Kind != "session" {
			continue
		}
		for _, from := range kind.Raw {
			src := s.opt.Profile.Source(from.Source)
			if src == nil || src.InsteadOf != "" && s.states.status(src.InsteadOf) == OK {
				continue
			}
			r := s.request(ctx, t, src, nil)
			if r.State.Status != OK {
				complete = false
				continue
			}
			eachID(from.Path, r.Body, func(id []byte) {
				if !known[string(id)] && len(ids) < maxSeen {
					known[string(id)] = true
					ids = append(ids, id)
				}
			})
		}
	}
	return ids, complete
}

// eachID calls fn with a copy of every raw id at a place of an answer.
func eachID(path profile.Path, body []byte, fn func(id []byte)) {
	// An answer that was walked once is JSON, so the walk does not fail.
	_ = path.Each(body, func(v []byte) error {
		if id := unquote(v); id != "" && len(id) <= maxParameter {
			fn([]byte(id))
		}
		return nil
	})
}
