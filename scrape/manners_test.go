package scrape

import (
	"context"
	"maps"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"relaypack/scrape/demorelay"
	"relaypack/scrape/profile"
)

func TestLookReadsEverySource(t *testing.T) {
	inBubble(t, demorelay.DemoOptions(1), nil, func(ctx context.Context, d *demo) {
		snap := d.s.Look(ctx)
		want := map[string]Status{
			"metrics": OK, "ready": OK, "active": OK, "parity": OK, "telemetry": Skipped, "evSocket": OK, "evRelay": OK,
			"evSession": OK, "evError": OK, "errors": OK, "summary": OK, "build": Skipped, "sockets": OK, "sessions": OK,
			"relays": OK, "pack": OK, "parityOne": Skipped, "packOne": Skipped, "traceOne": Skipped, "traceStart": Skipped,
			"process": Off,
		}
		if got := statuses(snap.States); !maps.Equal(got, want) {
			t.Errorf("states %v\nwant %v", got, want)
		}
		for _, r := range snap.Results {
			if set := (r.Body != nil) != (r.Metrics != nil); r.State.Status == OK && !set {
				t.Errorf("%s: ok with %d bytes and metrics %v", r.Source, len(r.Body), r.Metrics != nil)
			}
		}
		if snap.Life.N != 1 || snap.Life.StartedAt.IsZero() || snap.Life.Source != "metrics" || snap.Port != PortOpen {
			t.Errorf("life %+v, port %s", snap.Life, snap.Port)
		}
		if len(snap.NewIDs) < 5 || !d.s.Seen().Known([]byte(d.RawSessions()[0])) {
			t.Errorf("new ids: %d", len(snap.NewIDs))
		}
		d.judge()
	})
}

// An hour in which the relay's database goes up and down at random, somebody asks for packs all the
// time, and whatever kills the relay is followed by a restart. The relay's own log is the judge.
func TestAnHourOfManners(t *testing.T) {
	for _, seed := range []uint64{1, 3} {
		opt := demorelay.DemoOptions(seed)
		opt.BearerLife = 20 * time.Minute
		login := func(o *Options, r *demorelay.Relay) {
			if seed == 3 {
				o.Bearer = nil
				o.Login = func() (string, string, bool) { return opt.Account.Email, opt.Account.Password, true }
			}
		}
		inBubble(t, opt, login, func(ctx context.Context, d *demo) {
			d.watch(ctx)
			rng := rand.New(rand.NewPCG(seed, 7))
			down := time.Duration(0)
			for end := time.Now().Add(time.Hour); time.Now().Before(end); {
				d.SetDatabase(true)
				d.later(ctx, time.Duration(rng.IntN(120_000))*time.Millisecond)
				d.s.Ask(ctx, []Ask{{Source: "parityOne", Params: map[string]string{"session": d.RawSessions()[0]}}, {Source: "traceOne", Params: map[string]string{"trace": "trace-1-abc"}}})
				d.later(ctx, time.Duration(rng.IntN(120_000))*time.Millisecond)
				d.SetDatabase(false)
				was := time.Duration(rng.IntN(60_000)) * time.Millisecond
				d.later(ctx, was)
				down += was
				d.s.Sessions(ctx)
				if !d.Alive() {
					t.Fatalf("seed %d: the relay died: %+v", seed, d.Deaths())
				}
			}
			d.judge()
			calls := d.paths(func(q demorelay.Request) bool { return q.Bearer && q.Status == 200 })
			if calls["/api/ops/summary"] < 30 || calls["/api/dev/diagnostics/parity"] < 30 || calls["/api/ops/support-pack"] != 1 {
				t.Errorf("seed %d: %v down, and of the relay was read %v", seed, down, calls)
			}
			if got := d.lives(); !slices.Equal(got, []int{1}) {
				t.Errorf("seed %d: lives %v, want one", seed, got)
			}
		})
	}
}

func TestHungCallShutsTheGate(t *testing.T) {
	inBubble(t, demorelay.DemoOptions(1), nil, func(ctx context.Context, d *demo) {
		d.watch(ctx)
		d.later(ctx, 40*time.Second)
		d.LockDatabase(true)
		d.later(ctx, time.Hour)
		var hung []time.Duration
		for _, q := range d.Log() {
			if q.Bearer && q.Status == 0 {
				hung = append(hung, q.At.Sub(d.begin).Round(time.Second))
			}
		}
		// 60 s, then behind 1, 2, 4, 8, 15, 15 minutes and 4 s of waiting, at the next burst.
		if len(hung) < 6 || len(hung) > 8 {
			t.Errorf("hung calls at %v, want one after 1, 2, 4, 8, 15, 15 minutes", hung)
		}
		for i, pause := range []time.Duration{1, 2, 4, 8, 15} {
			if i+1 < len(hung) && hung[i+1]-hung[i] < pause*time.Minute {
				t.Errorf("hung calls at %v: number %d came too early", hung, i+2)
			}
		}
		if st := d.s.States(time.Now())["summary"]; st.Status != Gated || st.Reason != string(becauseBackoff) || st.LastOK.IsZero() {
			t.Errorf("summary %+v, want gated with its last good time", st)
		}
		d.LockDatabase(false)
		d.later(ctx, 16*time.Minute)
		if st := d.s.States(time.Now())["summary"]; st.Status != OK {
			t.Errorf("after the lock: %+v, want ok", st)
		}
		d.judge()
	})
}

// slow makes every request take its time on the way to the relay.
type slow struct {
	net.Conn
	wait time.Duration
}

func (c slow) Write(b []byte) (int, error) {
	<-time.After(c.wait)
	return c.Conn.Write(b)
}

func TestSlowRelaySeesAllSourcesInTurn(t *testing.T) {
	for _, wait := range []time.Duration{300 * time.Millisecond, 700 * time.Millisecond, 1200 * time.Millisecond} {
		late := func(o *Options, r *demorelay.Relay) {
			o.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
				c, err := r.Dial(ctx, network, addr)
				if err != nil {
					return nil, err
				}
				return slow{c, wait}, nil
			}
		}
		inBubble(t, demorelay.DemoOptions(1), late, func(ctx context.Context, d *demo) {
			d.watch(ctx)
			d.later(ctx, 30*time.Minute)
			for name, st := range d.s.States(time.Now()) {
				src := d.s.opt.Profile.Source(name)
				if src != nil && src.Bearer && src.InsteadOf == "" && src.Every != profile.EveryAsk && st.LastOK.IsZero() {
					t.Errorf("%v a call: %s was never read: %+v", wait, name, st)
				}
			}
			d.judge()
		})
	}
}

func TestAskFindsRoomInABurst(t *testing.T) {
	late := func(o *Options, r *demorelay.Relay) {
		o.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := r.Dial(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return slow{c, 200 * time.Millisecond}, nil
		}
	}
	inBubble(t, demorelay.DemoOptions(1), late, func(ctx context.Context, d *demo) {
		d.loops.Go(func() { d.s.Look(ctx) })
		d.later(ctx, 700*time.Millisecond) // behind metrics and gate, in the burst
		begin := time.Now()
		id := d.RawSessions()[0]
		results := d.s.Ask(ctx, []Ask{
			{Source: "parityOne", Params: map[string]string{"session": id}},
			{Source: "parityOne", Params: map[string]string{"session": "none-of-these"}},
			{Source: "parityOne", Params: map[string]string{"session": "../../../api/health?x=/"}},
			{Source: "parityOne", Params: nil},
			{Source: "summary", Params: nil},
		})
		if took := time.Since(begin); took > 2*time.Second {
			t.Errorf("asks took %v beside a burst", took)
		}
		if r := results[0]; r.State.Status != OK || r.Absent || !strings.Contains(string(r.Body), id) {
			t.Errorf("parity: %+v", r.State)
		}
		if r := results[1]; r.State.Status != OK || !r.Absent || r.Body != nil {
			t.Errorf("unknown session: %+v, absent %v", r.State, r.Absent)
		}
		if r := results[2]; r.State.Status != OK || !r.Absent {
			t.Errorf("odd session: %+v", r.State)
		}
		if r := results[3]; r.State.Status != Invalid || r.State.Reason != string(becauseParameter) {
			t.Errorf("no parameter: %+v", r.State)
		}
		if r := results[4]; r.State.Status != Invalid || r.State.Reason != string(becauseNoSource) {
			t.Errorf("no ask: %+v", r.State)
		}
		ids, complete := d.s.Sessions(ctx)
		if !complete || len(ids) < 5 || !slices.ContainsFunc(ids, func(b []byte) bool { return string(b) == id }) {
			t.Errorf("sessions: %d, complete %v", len(ids), complete)
		}
		d.later(ctx, 30*time.Second)
		before := d.paths(func(q demorelay.Request) bool { return !q.Bearer })["/api/health/ready"]
		if r := d.s.Ask(ctx, []Ask{{Source: "parityOne", Params: map[string]string{"session": d.RawSessions()[0]}}})[0]; r.State.Status != OK {
			t.Errorf("ask behind a gate of its own: %+v", r.State)
		}
		if after := d.paths(func(q demorelay.Request) bool { return !q.Bearer })["/api/health/ready"]; after != before+1 {
			t.Errorf("the ask asked the gate %d times, want once", after-before)
		}
		d.judge()
	})
}

// Where diagnostics are off the relay's own pack is asked for a session, once a minute at most.
func TestAStandInIsAskedWhereItIsNeeded(t *testing.T) {
	inBubble(t, demorelay.DemoOptions(1), nil, func(ctx context.Context, d *demo) {
		asks := func() []Status {
			params := map[string]string{"session": d.RawSessions()[0] + `"}`}
			if got := d.s.Ask(ctx, []Ask{{Source: "parityOne", Params: params}, {Source: "packOne", Params: params}}); len(got) == 2 {
				return []Status{got[0].State.Status, got[1].State.Status}
			}
			return nil
		}
		if got := asks(); !slices.Equal(got, []Status{OK, Skipped}) {
			t.Errorf("with diagnostics: %v", got)
		}
		d.SetSwitches(true, false, true)
		if got := asks(); !slices.Equal(got, []Status{Off, OK}) {
			t.Errorf("without: %v", got)
		}
		if got := asks(); got[1] != Limited {
			t.Errorf("again at once: %v", got)
		}
		d.later(ctx, time.Minute)
		if got := asks(); got[1] != OK {
			t.Errorf("a minute later: %v", got)
		}
		d.judge()
	})
}

func TestAskOfAHungRelayEndsInTime(t *testing.T) {
	inBubble(t, demorelay.DemoOptions(1), nil, func(ctx context.Context, d *demo) {
		d.s.Look(ctx)
		d.LockDatabase(true)
		begin := time.Now()
		one := Ask{Source: "parityOne", Params: map[string]string{"session": "sess_1"}}
		results := d.s.Ask(ctx, []Ask{one, one, one})
		if took := time.Since(begin); took > 3100*time.Millisecond {
			t.Errorf("asks took %v, want 3 s at most", took)
		}
		if results[0].State.Status != Timeout || results[1].State.Status == OK || d.PoolTaken() != 1 {
			t.Errorf("first %+v, second %+v, connections taken %d", results[0].State, results[1].State, d.PoolTaken())
		}
		d.judge()
	})
}

func TestRateLimitIsObeyed(t *testing.T) {
	opt := demorelay.DemoOptions(1)
	opt.AnonymousLimit, opt.AdminLimit = 10, 30
	inBubble(t, opt, nil, func(ctx context.Context, d *demo) {
		d.watch(ctx)
		d.later(ctx, time.Hour)
		if over := d.paths(func(q demorelay.Request) bool { return q.Status == 429 }); len(over) > 0 {
			t.Errorf("over the limit: %v", over)
		}
		anonymous := d.paths(func(q demorelay.Request) bool { return !q.Bearer && q.Path != "/metrics" })
		bearer := d.paths(func(q demorelay.Request) bool { return q.Bearer })
		n := 0
		for _, c := range bearer {
			n += c
		}
		if anonymous["/api/health/ready"] < 16 || anonymous["/api/health/ready"] > 8*4 || n < 40 || n > 15*5 {
			t.Errorf("gates %v, bearer %d %v", anonymous, n, bearer)
		}
		if self := d.s.Self(); self.DebugInterval < 2*time.Minute || self.Refused == 0 {
			t.Errorf("self %+v, want a stretched interval", self)
		}
		d.judge()
	})
}
