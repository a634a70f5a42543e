package demorelay

import (
	"context"
	"net/http"
	"time"
)

const (
	poolSize   = 10                     // connections to the database
	poolIdle   = 10 * time.Second       // how long an unused one stays open
	redisDeath = 600 * time.Millisecond // from the /api/health answer to the end, measured as "within a second"
)

// faults is what is wrong with the relay and its neighbours right now; guarded by Relay.mu.
type faults struct {
	on       switches
	database bool          // is up
	redis    bool          // is up
	queried  time.Time     // last use of the database
	locked   chan struct{} // closed when the lock on the user table is released; nil: no lock
	taken    int           // pool connections that wait for it, their callers gone or not
	hung     chan struct{} // closed when the hang ends; nil: none
	stalled  time.Time     // the event loop stands still until then (by time.Now)
	draining bool
}

// switches are the relay's three configuration flags.
type switches struct{ metrics, diagnostics, ops bool }

func newFaults(o Options) faults {
	return faults{on: switches{o.Metrics, o.Diagnostics, o.OpsUI}, database: true, redis: true}
}

// SetDatabase stops or starts the database. Idle connections are not cut (CutDatabase does that):
// the relay lives on until somebody makes it ask.
func (r *Relay) SetDatabase(up bool) { r.with(func(f *faults) { f.database = up }) }

// SetRedis stops or starts Redis. While it is down, GET /api/health kills the relay.
func (r *Relay) SetRedis(up bool) { r.with(func(f *faults) { f.redis = up }) }

// SetSwitches turns /metrics, diagnostics and ops on or off, as a restart with another environment would.
func (r *Relay) SetSwitches(metrics, diagnostics, ops bool) {
	r.with(func(f *faults) { f.on = switches{metrics, diagnostics, ops} })
}

func (r *Relay) with(change func(*faults)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.faults)
}

// CutDatabase restarts the database: connections that idle in the pool are cut. If there is one,
// because the relay asked within the last 10 s, it dies of it; alive says whether it still lives.
func (r *Relay) CutDatabase() (alive bool) {
	r.mu.Lock()
	idle := !r.faults.queried.IsZero() && r.content.now().Sub(r.faults.queried) < poolIdle
	life := r.life
	r.mu.Unlock()
	if idle {
		r.die(life, IdleConnection)
	}
	return !idle
}

// LockDatabase locks or releases the user table. While it is locked every call with a valid bearer
// hangs and keeps one of the ten pool connections, even when its client has left; with all ten
// taken the gate hangs too.
func (r *Relay) LockDatabase(locked bool) {
	r.with(func(f *faults) {
		switch {
		case locked && f.locked == nil:
			f.locked = make(chan struct{})
		case !locked && f.locked != nil:
			close(f.locked)
			f.locked, f.taken = nil, 0
		}
	})
}

// PoolTaken is how many of the ten database connections wait for a lock.
func (r *Relay) PoolTaken() (n int) {
	r.with(func(f *faults) { n = f.taken })
	return n
}

// Hang stops the relay from answering anything while its port stays open, or lets it go on.
func (r *Relay) Hang(on bool) {
	r.with(func(f *faults) {
		switch {
		case on && f.hung == nil:
			f.hung = make(chan struct{})
		case !on && f.hung != nil:
			close(f.hung)
			f.hung = nil
		}
	})
}

// Stall blocks the event loop for d from now: every answer waits, and the next /metrics tells a lag
// of d, unless a scrape whose client left during the stall has eaten it.
func (r *Relay) Stall(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults.stalled = time.Now().Add(d)
	r.content.stalled(d)
}

// awake waits until the event loop turns; false: the relay died, or the client left.
func (r *Relay) awake(ctx context.Context, in *incoming) bool {
	for {
		r.mu.Lock()
		dead, hung, gone := r.dead || r.life != in.life, r.faults.hung, r.gone
		wait := time.Until(r.faults.stalled)
		r.mu.Unlock()
		if dead {
			return false
		}
		if hung == nil && wait <= 0 {
			return true
		}
		var turn <-chan time.Time
		if hung == nil {
			turn = time.After(wait)
		}
		select {
		case <-hung:
		case <-turn:
		case <-gone:
			return false
		case <-ctx.Done():
			r.leave(in)
			return false
		}
	}
}

// leave notes that a client gave up while the loop stood still: its scrape is still carried out later.
func (r *Relay) leave(in *incoming) {
	if in.path != "/metrics" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.content.abandoned()
}

// queried does what the request costs at the database before the relay answers; false: it died of
// it, or the client left.
func (r *Relay) queried(ctx context.Context, in *incoming) bool {
	looksUp := in.api() && in.user != nil
	asks := looksUp || in.path == pathReady || (in.method == http.MethodPost && in.under("/api/auth"))
	if !asks {
		return true
	}
	took := false
	for {
		r.mu.Lock()
		f := &r.faults
		dead, locked, gone := r.dead || r.life != in.life, f.locked, r.gone
		down := !f.database
		free := locked == nil || (in.path == pathReady && !looksUp && f.taken < poolSize)
		if !dead && !down && free {
			f.queried = r.content.now()
		}
		if !dead && !down && !free && !took && f.taken < poolSize {
			f.taken++
			took = true
		}
		r.mu.Unlock()
		switch {
		case dead:
			return false
		case down && looksUp:
			r.die(in.life, BearerNoDatabase)
			return false
		case down || free:
			return true // without a bearer the handler itself copes with a database that is down
		}
		select {
		case <-locked:
			took = false
		case <-gone:
			return false
		case <-ctx.Done():
			return false
		}
	}
}
