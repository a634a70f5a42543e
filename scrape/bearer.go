package scrape

import (
	"context"
	"time"

	"relaypack/scrape/profile"
)

// leastTime is what must be left of a request's time for one more call: one that our own end cuts
// short would keep a database connection of the relay.
const leastTime = time.Second

// behind asks a source with the bearer: only where nothing is known to stand in its way, only behind
// the gate, only within the budget. It is called with the line taken. asked is false when the source
// itself was not asked; r is nil when a burst has no question to the gate left for it.
func (s *Scraper) behind(ctx context.Context, t *turn, src *profile.Source, params map[string]string, timeout time.Duration) (r *Result, asked bool) {
	u, ok := s.wire.resolve(src.Path, params)
	if !ok {
		return s.unasked(src, Invalid, becauseParameter), false
	}
	until, bearer, no := s.admit(ctx, t, src)
	if no.why == becauseTurn && t.why == forBurst {
		return nil, false
	}
	if no.status != "" {
		return s.unasked(src, no.status, no.why), false
	}
	c := s.callOf(src, u)
	c.body = fillBody(src.Body, params)
	c.bearer, c.until, c.timeout = bearer, until, timeout
	s.self.add(func(n *Self) { n.Bearer++ })
	r, a := s.ask(ctx, src, c)
	switch {
	case a.hung && a.left:
		s.gate.hung()
		t.end(Gated, becauseBackoff)
	case a.status == OK:
		s.gate.healed()
	}
	if r.State.Status == Unauthorized {
		s.holds.rejected(bearer)
		s.account.rejected(bearer)
	}
	s.holds.note(src, r.State)
	return r, true
}

// admit decides whether a call with the bearer may be made now. If so it has spent one call of the
// budget, and gives the bearer and the instant before which it must have left; if not, no says why.
func (s *Scraper) admit(ctx context.Context, t *turn, src *profile.Source) (until time.Time, bearer string, no verdict) {
	if st, held := s.holds.over(src); held {
		return until, "", verdict{status: st.Status, why: reason(st.Reason)}
	}
	if no := s.obstacle(t); no.status != "" {
		return until, "", no
	}
	if until, no = s.enter(ctx, t); no.status != "" {
		return until, "", no
	}
	if s.account.due() {
		s.logIn(ctx, t)
		if until, no = s.enter(ctx, t); no.status != "" { // a login can take longer than the gate is open
			return until, "", no
		}
	}
	bearer = s.account.current()
	switch {
	case bearer == "":
		return until, "", verdict{status: Unauthorized, why: becauseLogin}
	case !sendable(bearer), !s.holds.accepts(bearer):
		return until, "", verdict{status: Unauthorized, why: becauseBearer}
	}
	if ok, why := s.budget.takeBearer(); !ok {
		return until, "", verdict{status: Limited, why: why}
	}
	return until, bearer, verdict{}
}

// obstacle says what stands in the way of every call with the bearer, before the gate is asked.
func (s *Scraper) obstacle(t *turn) verdict {
	bearer := s.account.current()
	switch {
	case !s.account.usable():
		return verdict{status: Unauthorized, why: becauseNoBearer}
	case bearer == "" && !s.account.due():
		return verdict{status: Unauthorized, why: becauseLogin}
	case bearer != "" && !s.holds.accepts(bearer) && !s.account.due():
		return verdict{status: Unauthorized, why: becauseBearer}
	case s.gate.waits():
		return verdict{status: Gated, why: becauseBackoff}
	case t.over != nil:
		return *t.over
	}
	if ok, why := s.budget.mayBear(); !ok {
		return verdict{status: Limited, why: why}
	}
	return verdict{}
}

// enter gives the instant until which the gate is open, asking it when its last answer is too old.
func (s *Scraper) enter(ctx context.Context, t *turn) (until time.Time, no verdict) {
	if until, ok := s.gate.open(s.opt.Timeout); ok {
		return until, verdict{}
	}
	if t.gates == 0 {
		return until, t.end(Skipped, becauseTurn)
	}
	if no := s.askGate(ctx, t); no.status != "" {
		return until, no
	}
	if until, ok := s.gate.open(s.opt.Timeout); ok {
		return until, verdict{}
	}
	return until, t.end(Gated, becauseGateAge)
}

// askGate asks the profile's gate, without the bearer, and says what it stands in the way with.
func (s *Scraper) askGate(ctx context.Context, t *turn) (no verdict) {
	src := s.opt.Profile.Source(s.opt.Profile.Gate.Source)
	t.gates--
	if ok, why := s.budget.takeAnonymous(t.why, s.need()); !ok {
		s.gate.shut()
		t.results = append(t.results, s.unasked(src, Limited, why))
		return t.end(Limited, why)
	}
	u, _ := s.wire.resolve(src.Path, nil) // a gate has no parameters: the profile's check
	t.asked++
	s.self.add(func(n *Self) { n.Anonymous++; n.Gates++ })
	r, a := s.ask(ctx, src, s.callOf(src, u))
	t.results = append(t.results, r)
	switch r.State.Status {
	case OK:
		if open, ok := runQuery(ctx, s.opt.Profile.Gate.Open, r.Body, r.At); ok && open == true {
			s.gate.answered(a.sent)
			return verdict{}
		}
		no = verdict{status: Gated, why: becauseNotReady}
	case Limited:
		no = verdict{status: Limited, why: becauseRelayLimit}
	case Skipped:
		no = verdict{status: Skipped, why: becauseStopped}
	default:
		no = verdict{status: Gated, why: becauseGate}
		if a.code == 503 {
			no.why = becauseNotReady
		}
	}
	s.gate.shut()
	return t.end(no.status, no.why)
}
