package demorelay

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const (
	limitWindow = 15 * time.Minute
	limitKeys   = 10_000 // users and addresses counted at once; beyond that the oldest windows go
)

// limiter counts calls per user or address in fixed windows that begin with the first call. It
// lives in the relay's memory: a restart forgets it. Guarded by Relay.mu.
type limiter struct{ windows map[string]*limitCount }

type limitCount struct {
	ends time.Time
	used int
}

// allowance is what the limiter says about one call.
type allowance struct {
	tier  string
	limit int
	used  int // this call included
	reset int // whole seconds until the window ends
}

// take counts a call; refused calls count too but do not extend the window.
func (l *limiter) take(who, tier string, limit int, now time.Time) allowance {
	c := l.windows[who]
	if c == nil || !now.Before(c.ends) {
		if len(l.windows) >= limitKeys || l.windows == nil {
			l.windows = map[string]*limitCount{}
		}
		c = &limitCount{ends: now.Add(limitWindow)}
		l.windows[who] = c
	}
	c.used++
	return allowance{tier, limit, c.used, int((c.ends.Sub(now) + time.Second - 1) / time.Second)}
}

func (a allowance) over() bool { return a.used > a.limit }

func (a allowance) headers(h http.Header) {
	h["X-RateLimit-Tier"] = []string{a.tier}
	h["RateLimit-Policy"] = []string{fmt.Sprintf("%d;w=900", a.limit)}
	h["RateLimit-Limit"] = []string{strconv.Itoa(a.limit)}
	h["RateLimit-Remaining"] = []string{strconv.Itoa(max(0, a.limit-a.used))}
	h["RateLimit-Reset"] = []string{strconv.Itoa(a.reset)}
	if a.over() {
		h["Retry-After"] = []string{strconv.Itoa(a.reset)}
	}
}

// refusal is the 429 body; its retryAfterMs is always the whole window, as upstream has it.
func (a allowance) refusal() reply {
	return refuseWith(http.StatusTooManyRequests, fault{
		Code:    "RATE_LIMIT_EXCEEDED",
		Message: fmt.Sprintf("Rate limit exceeded. Limit: %d requests per 15 minutes.", a.limit),
		Tier:    a.tier, RetryAfterMs: limitWindow.Milliseconds(),
	})
}
