package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

	"relaypack/agent/internal/page"
)

const (
	askBearer   = `Bearer realm="relaypack"`
	wrongBearer = askBearer + `, error="invalid_token"`
)

// admit lets a request through that carries one of the admin's bearers, or the credential of a page that
// signed in with one. It says nothing of the path, so that nobody learns without a bearer what is there.
func (a *API) admit(r *http.Request) *problem {
	_, p := a.admitBy(r, func(given string, tokens []string) (fits, known bool) {
		s, known := a.page.Sessions.Find(given, tokens)
		if s != nil {
			a.page.Sessions.Use(s)
		}
		return s != nil || matches(given, tokens), known
	})
	return p
}

// admitAdmin lets a request through that carries one of the admin's bearers, and gives it.
func (a *API) admitAdmin(r *http.Request) (bearer string, p *problem) {
	return a.admitBy(r, func(given string, tokens []string) (fits, known bool) {
		_, known = a.page.Sessions.Find(given, tokens)
		return matches(given, tokens), known
	})
}

// admitSession lets a request through that carries the credential of a page that is signed in.
func (a *API) admitSession(r *http.Request) (s *page.Session, p *problem) {
	_, p = a.admitBy(r, func(given string, tokens []string) (fits, known bool) {
		s, known = a.page.Sessions.Find(given, tokens)
		return s != nil, known || matches(given, tokens)
	})
	return s, p
}

// admitBy lets a request through whose bearer fits. One that does not, but did or does elsewhere (known), is no guess.
func (a *API) admitBy(r *http.Request, fit func(given string, tokens []string) (fits, known bool)) (given string, p *problem) {
	tokens := a.opt.Tokens()
	if len(tokens) == 0 {
		if p := a.misconfigured(); p != nil {
			return "", p
		}
		return "", fault(http.StatusServiceUnavailable,
			"the API is not configured: set RELAYPACK_ADMIN_TOKEN or RELAYPACK_ADMIN_TOKEN_FILE")
	}
	from := peerOf(r.RemoteAddr)
	if pause := a.guard.paused(from); pause > 0 {
		p := fault(http.StatusTooManyRequests, "too many wrong bearers came from this address")
		p.retryAfter = pause
		return "", p
	}
	known := false
	given, ok := bearer(r.Header.Values("Authorization"))
	if ok {
		var fits bool
		if fits, known = fit(given, tokens); fits {
			return given, nil
		}
	}
	a.counts.authFailures.Add(1)
	p = fault(http.StatusUnauthorized, "send the admin's bearer: Authorization: Bearer ...")
	p.challenge = askBearer
	if len(r.Header.Values("Authorization")) > 0 {
		p.Detail, p.challenge = "this is no valid bearer", wrongBearer
		if !known {
			a.guard.wrong(from)
		}
	}
	return "", p
}

// bearer is what one Authorization header carries. Two headers carry nothing: it would be open which of
// them counts.
func bearer(values []string) (string, bool) {
	if len(values) != 1 {
		return "", false
	}
	scheme, rest, found := strings.Cut(values[0], " ")
	rest = strings.Trim(rest, " ")
	return rest, found && rest != "" && strings.EqualFold(scheme, "Bearer")
}

// matches compares with every bearer, in a time that tells neither which one fits nor how long they are.
func matches(given string, tokens []string) bool {
	mine := sha256.Sum256([]byte(given))
	hit := 0
	for _, t := range tokens {
		its := sha256.Sum256([]byte(t))
		if t != "" {
			hit |= subtle.ConstantTimeCompare(mine[:], its[:])
		}
	}
	return hit == 1
}
