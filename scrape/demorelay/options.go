package demorelay

import (
	"time"
)

// Options say what kind of relay to run. The zero value is the relay as its code ships it: every
// switch off, recorders not wired, no traffic.
type Options struct {
	Seed uint64           // of everything made up; the same seed gives the same secrets, ids and traffic
	Life int              // number of the first life, from 1 (the default); another life has other traffic and, but for two, other sessions
	Now  func() time.Time // the relay's clock; default time.Now

	Wired       bool   // the ops recorders are fed; false: counters 0, rings and parity empty, as the stock release
	Env         string // NODE_ENV; default "development", in which every signed-in user on loopback may read ops
	Port        int    // what its configuration claims; default 3001
	Metrics     bool   // METRICS_ENABLED
	Diagnostics bool   // DIAGNOSTICS_ENABLED
	OpsUI       bool   // OPS_UI_ENABLED

	AdminLimit     int // calls per 15 minutes of a super admin; default 2000
	AnonymousLimit int // calls per 15 minutes of an address without a valid bearer, or of a user without a product; default 50

	Bearer      string        // of a super admin, never expires; default: made from the seed
	PlainBearer string        // of a signed-in user without rights; default: made from the seed
	Account     Account       // a super admin who can log in; empty: nobody can
	BearerLife  time.Duration // of a bearer that a login gave; default 24h

	Sessions        int           // live at any time, 0 (no traffic at all) to 100; from 2 on one of them has an id of seven characters
	FramesPerSecond float64       // of each session; default 12
	Warm            time.Duration // traffic that had already happened at the start; an hour fills all four rings beyond 500, ten minutes show every canary
}

// Account can log in by POST /api/auth/login.
type Account struct{ Email, Password string }

// DemoOptions is a relay with everything on, recorders wired, five sessions, and an hour behind it.
func DemoOptions(seed uint64) Options {
	return Options{
		Seed: seed, Wired: true, Metrics: true, Diagnostics: true, OpsUI: true,
		Account:  Account{Email: "crew.chief@example.com", Password: "made-up-for-the-demo-1"},
		Sessions: 5, Warm: time.Hour,
	}
}

func (o Options) withDefaults() Options {
	o.Life = max(o.Life, 1)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Env == "" {
		o.Env = "development"
	}
	o.Port = orDefault(o.Port, 3001)
	o.AdminLimit = orDefault(o.AdminLimit, 2000)
	o.AnonymousLimit = orDefault(o.AnonymousLimit, 50)
	o.BearerLife = orDefault(o.BearerLife, 24*time.Hour)
	o.FramesPerSecond = orDefault(o.FramesPerSecond, 12)
	o.Sessions = min(max(o.Sessions, 0), 100)
	o.Warm = max(o.Warm, 0)
	return o
}

func orDefault[T int | float64 | time.Duration](v, def T) T {
	if v <= 0 {
		return def
	}
	return v
}
