package scrape

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"relaypack/scrape/profile"
)

// Bounds of the login.
const (
	loginPause  = time.Minute // between two tries
	maxLoginTry = 1 << 20     // bytes of the answer
)

// account holds the bearer: the configured one, else one that a login gave. What a login gave lives
// in memory only. It is renewed at 80 % of its life, and anew when the relay did not accept it.
type account struct {
	configured func() string
	login      func() (email, password string, ok bool)
	obtained   func(bearer, renewal string)
	rule       *profile.Login

	mu      sync.Mutex
	bearer  string
	renewal string    // what a refresh wants
	spent   string    // the one that the last refresh used; a relay may give no other
	renewAt time.Time // monotonic; zero: unknown
	got     time.Time // when the bearer came
	tried   time.Time
	refused [2]string // e-mail and password that were not accepted
	freeAt  time.Time // when these may be tried again
}

// current is the bearer to send now, "" when there is none.
func (a *account) current() string {
	if b := a.configured(); b != "" {
		return b
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.bearer
}

// usable says whether a bearer is there or could be had by a login.
func (a *account) usable() bool {
	if a.current() != "" {
		return true
	}
	_, _, ok := a.login()
	return ok && a.rule != nil
}

// due says whether a login or a refresh is to be made now.
func (a *account) due() bool {
	if a.rule == nil || a.configured() != "" {
		return false
	}
	email, password, ok := a.login()
	if !ok {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	switch {
	case !a.tried.IsZero() && now.Sub(a.tried) < loginPause:
		return false
	case a.refused == [2]string{email, password} && now.Before(a.freeAt):
		return false
	}
	return a.bearer == "" || !a.renewAt.IsZero() && !now.Before(a.renewAt)
}

// rejected drops a bearer of a login that the relay no longer accepts. One that it did not accept
// for even five minutes will not get better by another login: that waits.
func (a *account) rejected(bearer string) {
	email, password, _ := a.login()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.bearer == bearer {
		if time.Since(a.got) < holdTime {
			a.refused, a.freeAt = [2]string{email, password}, time.Now().Add(holdTime)
		}
		a.bearer, a.renewal, a.spent, a.renewAt = "", "", "", time.Time{}
	}
}

// request gives path and body of the next try: a refresh where the relay has one, else a login.
func (a *account) request() (path, body string) {
	email, password, _ := a.login()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tried = time.Now()
	form := map[string]string{"email": email, "password": password}
	path = a.rule.Path
	a.spent = ""
	if a.bearer != "" && a.renewal != "" && a.rule.Refresh != "" {
		path, form = a.rule.Refresh, map[string]string{"refreshToken": a.renewal}
		a.renewal, a.spent = "", a.renewal // when it fails, the next try logs in
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(form) // a map of texts cannot fail
	return path, out.String()
}

var errNoBearer = errors.New("login: the answer has no bearer")

// take reads the answer of a try.
func (a *account) take(ctx context.Context, body []byte, wall time.Time) error {
	raw, ok := a.rule.Bearer.First(body)
	bearer := unquote(raw)
	if !ok || !sendable(bearer) {
		return errNoBearer
	}
	renewal := ""
	if raw, ok := a.rule.Renew.First(body); ok {
		renewal = unquote(raw)
	}
	if a.obtained != nil {
		a.obtained(bearer, renewal)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if renewal == "" {
		renewal = a.spent
	}
	a.bearer, a.renewal, a.spent, a.got = bearer, renewal, "", time.Now()
	a.renewAt, a.refused = time.Time{}, [2]string{}
	if ms, ok := runMillis(ctx, a.rule.Expires, body, wall); ok {
		if life := time.UnixMilli(ms).Sub(wall); life > 0 {
			a.renewAt = time.Now().Add(life / 5 * 4)
		}
	}
	return nil
}

// denied notes that the relay does not accept the account itself.
func (a *account) denied() {
	email, password, _ := a.login()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refused, a.freeAt = [2]string{email, password}, time.Now().Add(holdTime)
}

// sendable says whether a text can stand in a header.
func sendable(bearer string) bool {
	for i := range len(bearer) {
		if bearer[i] <= ' ' || bearer[i] >= 0x7f {
			return false
		}
	}
	return bearer != "" && len(bearer) <= 16<<10
}

// logIn makes one try, behind an open gate. It is called with the line taken.
func (s *Scraper) logIn(ctx context.Context, t *turn) {
	if ok, why := s.budget.takeAnonymous(forRequest, s.need()); !ok {
		s.states.pass(LoginSource, Limited, why)
		return
	}
	path, body := s.account.request()
	refresh := path != s.opt.Profile.Login.Path
	src := &profile.Source{Name: LoginSource, Path: path, Method: http.MethodPost, Format: profile.JSON}
	u, _ := s.wire.resolve(path, nil)
	a := s.wire.do(ctx, &call{
		method: src.Method, url: u, body: body, accept: "application/json",
		timeout: s.opt.Timeout, maxBytes: maxLoginTry,
	})
	t.asked++
	s.self.add(func(n *Self) { n.Anonymous++; n.Logins++ })
	v, value := s.weigh(src, a)
	switch {
	case v.status == OK && s.account.take(ctx, value, s.opt.Now()) != nil:
		v = verdict{status: Invalid, why: becauseNoData}
	case v.status == Unauthorized && !refresh:
		s.account.denied()
		v.why = becauseLogin
	}
	s.states.read(LoginSource, stateOf(v, a))
}
