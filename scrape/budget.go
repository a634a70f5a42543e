package scrape

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"relaypack/scrape/profile"
)

// Bounds of the budget.
const (
	askReserve = 8                // anonymous calls per window that bursts leave to asks and logins
	maxPause   = 15 * time.Minute // longest obedience to Retry-After and RateLimit-Reset
	slots      = 900              // of a sliding window: one per second of 15 minutes
)

// purpose says what an anonymous call is made for.
type purpose int

const (
	forBurst   purpose = iota // gate and fallbacks of the regular looks
	forRequest                // gate of an ask, and logins
	purposes
)

// sliding counts calls over the last window, in slots of a fixed number, so that its size does not
// depend on the limit. A call counts until its whole slot is out of the window: never too few.
type sliding struct {
	width time.Duration // of a slot
	slot  int64         // newest
	count [slots + 1]int32
	total int
}

func (s *sliding) advance(at time.Duration) {
	now := int64(at / s.width)
	for ; s.slot < now; s.slot++ {
		if now-s.slot > slots+1 {
			s.slot = now - slots - 1
		}
		i := (s.slot + 1) % (slots + 1)
		s.total -= int(s.count[i])
		s.count[i] = 0
	}
}

func (s *sliding) add(at time.Duration) {
	s.advance(at)
	s.count[s.slot%(slots+1)]++
	s.total++
}

// principal is one account of the relay's rate limit: the address without a bearer, or the bearer.
type principal struct {
	limit  int // our share of a window's calls
	calls  [purposes]sliding
	paused time.Time // until then nothing is asked
}

func (p *principal) used(at time.Duration) (n int) {
	for i := range p.calls {
		p.calls[i].advance(at)
		n += p.calls[i].total
	}
	return n
}

// budget holds our share of the relay's rate limits, for calls without and with the bearer. All its
// times are monotonic. A new life of the relay, which forgot its own counts, gets a new one.
type budget struct {
	mu        sync.Mutex
	rules     profile.Budget
	origin    time.Time
	anonymous principal
	bearer    principal
	refused   int // calls that were not made because of it, ever
}

func newBudget(rules profile.Budget) *budget {
	b := &budget{rules: rules, origin: time.Now()}
	b.renew()
	return b
}

// renew starts over.
func (b *budget) renew() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rules.Window <= 0 {
		b.rules.Window = 15 * time.Minute
	}
	width := max(b.rules.Window/slots, time.Millisecond)
	fresh := func(limit int) principal {
		p := principal{limit: limit}
		for i := range p.calls {
			p.calls[i].width = width
		}
		return p
	}
	b.anonymous = fresh(b.rules.AnonymousCalls)
	b.bearer = fresh(share(b.rules.BearerCalls, b.rules.BearerShare))
}

func share(limit int, part float64) int { return int(float64(limit) * part) }

// takeAnonymous spends one anonymous call, or says that there is none for this purpose. Bursts leave
// askReserve to requests; requests leave to bursts what these need per window (need).
func (b *budget) takeAnonymous(why purpose, need int) (ok bool, because reason) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	p := &b.anonymous
	if now.Before(p.paused) {
		b.refused++
		return false, becauseRelayLimit
	}
	at := now.Sub(b.origin)
	if p.used(at) >= p.limit || p.calls[why].total >= b.own(why, need) {
		b.refused++
		return false, becauseOwnLimit
	}
	p.calls[why].add(at)
	return true, because0
}

// own is the part of the anonymous calls that one purpose may use.
func (b *budget) own(why purpose, need int) int {
	if why == forRequest {
		return max(b.reserve(), b.anonymous.limit-need)
	}
	return b.anonymous.limit - b.reserve()
}

// spare is how many questions to the gate (none or one) may go to a request that can wait: such ones
// leave a third of what requests may use to the others.
func (b *budget) spare(need int) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := &b.anonymous
	own := b.own(forRequest, need)
	if all := p.used(time.Since(b.origin)); all >= p.limit || p.calls[forRequest].total >= own-own/3 {
		return 0
	}
	return 1
}

// reserve is what bursts leave to requests: askReserve, or a fifth of a small limit.
func (b *budget) reserve() int { return min(askReserve, b.anonymous.limit/5) }

// mayBear says whether a call with the bearer is left, without spending it.
func (b *budget) mayBear() (ok bool, because reason) { return b.bear(0) }

// takeBearer spends one call with the bearer, or says that there is none left.
func (b *budget) takeBearer() (ok bool, because reason) { return b.bear(1) }

func (b *budget) bear(n int) (ok bool, because reason) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	p := &b.bearer
	at := now.Sub(b.origin)
	switch {
	case now.Before(p.paused):
		b.refused++
		return false, becauseRelayLimit
	case p.used(at) >= p.limit:
		b.refused++
		return false, becauseOwnLimit
	}
	if n > 0 {
		p.calls[forBurst].add(at)
	}
	return true, because0
}

// heard takes in what an answer says about limits. An answer 401 to a call with a bearer was counted
// by the relay against the address, so it is here too, and its headers speak of the address.
func (b *budget) heard(withBearer bool, code int, h http.Header) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	p, part := &b.anonymous, b.rules.AnonymousShare
	switch {
	case withBearer && code == http.StatusUnauthorized:
		p.calls[forBurst].add(now.Sub(b.origin))
	case withBearer:
		p, part = &b.bearer, b.rules.BearerShare
	}
	limit, left, reset := count(h, "RateLimit-Limit"), count(h, "RateLimit-Remaining"), seconds(h, "RateLimit-Reset")
	if code == http.StatusTooManyRequests {
		p.pause(now, h, reset)
		return
	}
	if limit < 0 {
		return
	}
	if w := policyWindow(h); w > b.rules.Window { // a limit for longer than our window: our part of it
		limit = int(int64(limit) * int64(b.rules.Window) / int64(w))
		left = -1
	}
	p.limit = share(limit, part)
	// What is left beyond our share belongs to people on the same address; the bearer is ours alone.
	rest := 0
	if p == &b.anonymous {
		rest = limit - p.limit
	}
	if left >= 0 && left <= rest && reset > 0 {
		p.paused = now.Add(min(reset, maxPause))
	}
}

func (p *principal) pause(now time.Time, h http.Header, reset time.Duration) {
	wait := seconds(h, "Retry-After")
	if wait < 0 {
		wait = reset
	}
	if wait < 0 {
		wait = time.Minute
	}
	p.paused = now.Add(min(max(wait, time.Second), maxPause))
}

// stretch gives the time between two bursts at which their anonymous calls (perBurst each) stay
// within what bursts may use.
func (b *budget) stretch(interval time.Duration, perBurst int) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	for1 := max(b.anonymous.limit-b.reserve(), 1)
	return max(interval, time.Duration(perBurst)*b.rules.Window/time.Duration(for1))
}

// need is how many anonymous calls bursts make per window.
func (b *budget) need(interval time.Duration, perBurst int) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return int((b.rules.Window+interval-1)/interval) * perBurst
}

func (b *budget) refusals() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.refused
}

// policyWindow reads w of `RateLimit-Policy: 50;w=900`; negative where there is none.
func policyWindow(h http.Header) time.Duration {
	_, w, ok := strings.Cut(h.Get("RateLimit-Policy"), "w=")
	if !ok {
		return -1
	}
	w, _, _ = strings.Cut(w, ";")
	return seconds(http.Header{"W": {w}}, "W")
}

func count(h http.Header, name string) int {
	if d := seconds(h, name); d >= 0 {
		return int(d / time.Second)
	}
	return -1
}
