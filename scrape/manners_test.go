package scrape

import (
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
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
			"relays": OK, "pack": OK, "parityOne": Skipped, "traceOne": Skipped, "process": Off,
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
	for _, seed := range []uint64{1, 2, 3} {
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
				d.s.Ask(ctx, []Ask{{"parityOne", map[string]string{"session": d.RawSessions()[0]}}, {"traceOne", map[string]string{"trace": "trace-1-abc"}}})
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

func TestLoginAgainWhenTheBearerRunsOut(t *testing.T) {
	opt := demorelay.DemoOptions(1)
	opt.BearerLife = 10 * time.Minute
	account := func(o *Options, _ *demorelay.Relay) {
		o.Bearer = nil
		o.Login = func() (string, string, bool) { return opt.Account.Email, opt.Account.Password, true }
	}
	inBubble(t, opt, account, func(ctx context.Context, d *demo) {
		d.watch(ctx)
		d.later(ctx, time.Hour)
		d.judge()
		tries := d.paths(func(q demorelay.Request) bool { return strings.HasPrefix(q.Path, "/api/auth") && q.Status == 200 })
		if tries["/api/auth/login"] != 1 || tries["/api/auth/refresh"] < 6 || tries["/api/auth/refresh"] > 8 {
			t.Errorf("logins %v, want one and a refresh every 8 minutes", tries)
		}
		if refused := d.paths(func(q demorelay.Request) bool { return q.Status == 401 }); len(refused) > 0 {
			t.Errorf("refused %v, want none", refused)
		}
		if st := d.s.States(time.Now()); st["summary"].Status != OK || st[LoginSource].Status != OK {
			t.Errorf("summary %+v, login %+v", st["summary"], st[LoginSource])
		}
	})
}

func TestLoginAnewAfter401(t *testing.T) {
	opt := demorelay.DemoOptions(1)
	account := func(o *Options, _ *demorelay.Relay) {
		o.Bearer = nil
		o.Login = func() (string, string, bool) { return opt.Account.Email, opt.Account.Password, true }
	}
	inBubble(t, opt, account, func(ctx context.Context, d *demo) {
		d.watch(ctx)
		d.later(ctx, 100*time.Second)
		d.Revoke(d.s.account.current())
		d.later(ctx, 2*time.Minute)
		if refused := d.paths(func(q demorelay.Request) bool { return q.Status == 401 }); len(refused) != 1 {
			t.Errorf("refused %v, want one call", refused)
		}
		if st := d.s.States(time.Now()); st["summary"].Status != OK {
			t.Errorf("summary %+v, want ok behind a new login", st["summary"])
		}
		d.judge()
	})
}

func TestWrongPasswordIsTriedEveryFiveMinutes(t *testing.T) {
	opt := demorelay.DemoOptions(1)
	password := "wrong"
	account := func(o *Options, _ *demorelay.Relay) {
		o.Bearer = nil
		o.Login = func() (string, string, bool) { return opt.Account.Email, password, true }
	}
	inBubble(t, opt, account, func(ctx context.Context, d *demo) {
		for range 15 { // without Run, so that the password can change between looks
			d.s.Look(ctx)
			d.later(ctx, time.Minute)
		}
		tries := d.paths(func(q demorelay.Request) bool { return q.Status == 401 })
		if tries["/api/auth/login"] != 3 {
			t.Errorf("tries %v, want 3 in 15 minutes", tries)
		}
		st := d.s.States(time.Now())
		if st["summary"].Status != Unauthorized || st[LoginSource].Reason != string(becauseLogin) || st["telemetry"].Status != OK {
			t.Errorf("summary %+v, login %+v, telemetry %+v", st["summary"], st[LoginSource], st["telemetry"])
		}
		password = opt.Account.Password
		if st := d.s.Look(ctx).States; st["summary"].Status != OK {
			t.Errorf("right password: %+v, want ok at once", st["summary"])
		}
		d.judge()
	})
}

func TestRefusedBearerCostsOneCallPerFiveMinutes(t *testing.T) {
	bearer := "not-accepted"
	configured := func(o *Options, _ *demorelay.Relay) { o.Bearer = func() string { return bearer } }
	inBubble(t, demorelay.DemoOptions(1), configured, func(ctx context.Context, d *demo) {
		for range 12 {
			d.s.Look(ctx)
			d.later(ctx, 75*time.Second)
		}
		refused := d.paths(func(q demorelay.Request) bool { return q.Bearer && q.Status == 401 })
		if n := refused["/api/dev/diagnostics/sessions/active"]; n != 3 || len(refused) != 1 {
			t.Errorf("refused %v, want 3 in 15 minutes", refused)
		}
		bearer = d.Bearer()
		if st := d.s.Look(ctx).States; st["summary"].Status != OK {
			t.Errorf("good bearer: %+v, want ok at once", st["summary"])
		}
		d.judge()
	})
}

func TestWhatIsOffCostsOneCallPerFiveMinutes(t *testing.T) {
	opt := demorelay.DemoOptions(1)
	opt.Diagnostics, opt.OpsUI, opt.Env = false, false, "staging"
	inBubble(t, opt, nil, func(ctx context.Context, d *demo) {
		d.watch(ctx)
		d.later(ctx, 14*time.Minute)
		got := d.paths(func(q demorelay.Request) bool { return q.Bearer && q.Status == 404 })
		if n := got["/api/dev/diagnostics/sessions/active"]; n != 3 || len(got) != 1 {
			t.Errorf("switched off: asked %v, want 3 times one of the group", got)
		}
		st := d.s.States(time.Now())
		if st["parity"].Status != Off || st["parity"].Reason != string(becauseOff) || st["summary"].Status != OK {
			t.Errorf("parity %+v, summary %+v", st["parity"], st["summary"]) // a super admin reads ops even so
		}
		d.SetSwitches(true, true, true)
		d.later(ctx, 6*time.Minute)
		if st := d.s.States(time.Now()); st["parity"].Status != OK || st["errors"].Status != OK {
			t.Errorf("switched on: parity %+v, errors %+v", st["parity"], st["errors"])
		}
		d.judge()
	})
}

func TestForbiddenGroups(t *testing.T) {
	opt := demorelay.DemoOptions(1)
	opt.Env = "staging"
	plain := func(o *Options, r *demorelay.Relay) { o.Bearer = r.PlainBearer }
	inBubble(t, opt, plain, func(ctx context.Context, d *demo) {
		d.watch(ctx)
		d.later(ctx, 14*time.Minute)
		got := d.paths(func(q demorelay.Request) bool { return q.Bearer })
		if got["/api/dev/diagnostics/sessions/active"] != 3 || got["/api/ops/events"] != 3 || len(got) != 2 {
			t.Errorf("asked %v, want 3 calls for each group", got)
		}
		if st := d.s.States(time.Now()); st["summary"].Status != Forbidden || st["telemetry"].Status != OK {
			t.Errorf("summary %+v, telemetry %+v", st["summary"], st["telemetry"])
		}
		d.judge()
	})
}

func TestNewLifeAndClockStep(t *testing.T) {
	var step time.Duration
	var mu sync.Mutex
	clock := func(o *Options, _ *demorelay.Relay) {
		o.Now = func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			return time.Now().Add(step)
		}
	}
	inBubble(t, demorelay.DemoOptions(1), clock, func(ctx context.Context, d *demo) {
		d.watch(ctx)
		d.later(ctx, 5*time.Minute)
		mu.Lock()
		step = time.Hour
		mu.Unlock()
		d.later(ctx, 5*time.Minute)
		if got := d.lives(); !slices.Equal(got, []int{1}) {
			t.Errorf("lives after a clock step %v, want one", got)
		}
		if got := d.anomalies(); len(got) != 1 || got[0].What != "clock-step" {
			t.Errorf("anomalies %+v, want one clock step", got)
		}
		d.Kill()
		d.later(ctx, 1500*time.Millisecond)
		if life := d.s.Life(); life.EndedAt.IsZero() || life.End != "port-closed" {
			t.Errorf("a second after the death: %+v", life)
		}
		d.later(ctx, 20*time.Second)
		if err := d.Restart(); err != nil {
			t.Fatal(err)
		}
		d.later(ctx, 40*time.Second)
		if got := d.lives(); !slices.Equal(got, []int{1, 2}) {
			t.Errorf("lives after a restart %v, want two", got)
		}
		if life := d.s.Life(); !life.EndedAt.IsZero() || life.StartedAt.IsZero() {
			t.Errorf("second life %+v", life)
		}
		calls := d.paths(func(q demorelay.Request) bool { return q.Status == 200 && q.Life == 2 })
		if calls["/api/ops/support-pack"] != 1 {
			t.Errorf("second life: %v, want the support pack once", calls)
		}
		if got := d.anomalies(); len(got) != 1 {
			t.Errorf("anomalies %+v, want no more", got)
		}
		d.judge()
	})
}

func TestDrainedRelayIsPortClosed(t *testing.T) {
	inBubble(t, demorelay.DemoOptions(1), nil, func(ctx context.Context, d *demo) {
		d.watch(ctx)
		d.later(ctx, 50*time.Second)
		d.Drain()
		d.later(ctx, 1100*time.Millisecond)
		d.mu.Lock()
		last := d.snaps[len(d.snaps)-1]
		d.mu.Unlock()
		if last.Port != PortRefused || last.Life.End != "port-closed" || len(last.Results) != 0 {
			t.Errorf("port %s, life %+v, results %d", last.Port, last.Life, len(last.Results))
		}
		d.later(ctx, 2*time.Minute)
		if st := d.s.States(time.Now()); st["metrics"].Status != Unreachable || st["metrics"].Reason != string(becauseRefused) || st["metrics"].Failures < 5 {
			t.Errorf("metrics %+v", st["metrics"])
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
			{"parityOne", map[string]string{"session": id}},
			{"parityOne", map[string]string{"session": "none-of-these"}},
			{"parityOne", map[string]string{"session": "../../../api/health?x=/"}},
			{"parityOne", nil},
			{"summary", nil},
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
		d.judge()
	})
}

func TestAskOfAHungRelayEndsInTime(t *testing.T) {
	inBubble(t, demorelay.DemoOptions(1), nil, func(ctx context.Context, d *demo) {
		d.s.Look(ctx)
		d.LockDatabase(true)
		begin := time.Now()
		one := Ask{"parityOne", map[string]string{"session": "sess_1"}}
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

func TestAbandonedPageMakesTheNextLagUnknown(t *testing.T) {
	inBubble(t, demorelay.DemoOptions(1), nil, func(ctx context.Context, d *demo) {
		d.watch(ctx)
		d.later(ctx, 20*time.Second)
		d.Stall(20 * time.Second)
		d.later(ctx, 70*time.Second)
		var marks []bool
		d.mu.Lock()
		defer d.mu.Unlock()
		for _, snap := range d.snaps {
			for _, r := range snap.Results {
				if r.Metrics != nil {
					marks = append(marks, r.Metrics.AfterTimeout)
				}
			}
		}
		if n := slices.Index(marks, true); n < 1 || slices.Contains(marks[n+1:], true) {
			t.Errorf("marked pages %v, want exactly the first good one after the stall", marks)
		}
	})
}

func TestRatesOfNamedCounters(t *testing.T) {
	inBubble(t, demorelay.DemoOptions(1), nil, func(ctx context.Context, d *demo) {
		d.watch(ctx)
		d.later(ctx, 35*time.Second)
		d.mu.Lock()
		defer d.mu.Unlock()
		var rates []float64
		for _, snap := range d.snaps {
			for _, r := range snap.Results {
				if r.Metrics == nil {
					continue
				}
				for _, f := range r.Metrics.Families {
					if f.Name == "controlbox_telemetry_frames_in_total" {
						sum := 0.0
						for _, s := range f.Samples {
							sum += s.Rate
						}
						rates = append(rates, sum)
					}
				}
			}
		}
		if len(rates) != 3 || !math.IsNaN(rates[0]) || !(rates[1] > 10 && rates[1] < 200) || math.IsNaN(rates[2]) {
			t.Errorf("frames per second by page: %v", rates)
		}
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
