package demorelay

import (
	"net/http"
	"time"
)

// allow counts a call under /api: by user when the bearer is valid, else by address.
func (r *Relay) allow(in *incoming, now time.Time) allowance {
	who, tier, limit := in.peer, "anonymous", r.opts.AnonymousLimit
	if in.user != nil {
		who = in.user.id
		if in.user.admin {
			tier, limit = "admin", r.opts.AdminLimit
		}
	}
	return r.limiter.take(who, tier, limit, now)
}

// guard says who may read ops and diagnostics; everything else is open.
func (r *Relay) guard(in *incoming) (reply, bool) {
	ops, diagnostics := in.under("/api/ops"), in.under("/api/dev/diagnostics")
	if !ops && !diagnostics {
		return reply{}, false
	}
	switch {
	case in.bearer == "":
		return refuseWith(http.StatusUnauthorized, fault{Code: "AUTH_REQUIRED", Message: "Authentication required. Please provide a valid access token."}), true
	case in.user == nil:
		return refuseWith(http.StatusUnauthorized, fault{Code: "TOKEN_INVALID", Message: "Invalid or expired access token. Please login again."}), true
	case ops:
		return r.guardOps(in)
	case !r.faults.on.diagnostics:
		return refuse(http.StatusNotFound, noDiagnostics), true
	case !in.user.admin:
		return refuse(http.StatusForbidden, "Requires admin:diagnostics capability"), true
	}
	return reply{}, false
}

// What a group that is switched off answers.
const (
	noOps         = "Ops UI not enabled"
	noDiagnostics = "Diagnostics not enabled"
)

// guardOps lets a super admin pass always, and in development everybody on loopback.
func (r *Relay) guardOps(in *incoming) (reply, bool) {
	switch {
	case in.user.admin, r.opts.Env == "development" && in.peer == "127.0.0.1":
		return reply{}, false
	case !r.faults.on.ops:
		return refuse(http.StatusNotFound, noOps), true
	}
	return refuse(http.StatusForbidden, "Requires admin role"), true
}
