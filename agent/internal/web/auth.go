package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

const (
	askBearer   = `Bearer realm="relaypack"`
	wrongBearer = askBearer + `, error="invalid_token"`
)

// admit lets a request through that carries one of the bearers. It says nothing of the path, so that
// nobody learns without a bearer what is there.
func (a *API) admit(r *http.Request) *problem {
	tokens := a.opt.Tokens()
	if len(tokens) == 0 {
		if p := a.misconfigured(); p != nil {
			return p
		}
		return fault(http.StatusServiceUnavailable,
			"the API is not configured: set RELAYPACK_ADMIN_TOKEN or RELAYPACK_ADMIN_TOKEN_FILE")
	}
	from := peerOf(r.RemoteAddr)
	if pause := a.guard.paused(from); pause > 0 {
		p := fault(http.StatusTooManyRequests, "too many wrong bearers came from this address")
		p.retryAfter = pause
		return p
	}
	given, ok := bearer(r.Header.Values("Authorization"))
	if ok && matches(given, tokens) {
		return nil
	}
	a.counts.authFailures.Add(1)
	p := fault(http.StatusUnauthorized, "send the admin's bearer: Authorization: Bearer ...")
	p.challenge = askBearer
	if len(r.Header.Values("Authorization")) > 0 {
		a.guard.wrong(from)
		p.Detail, p.challenge = "this is no valid bearer", wrongBearer
	}
	return p
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
