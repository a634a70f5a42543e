package scrape

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"relaypack/scrape/demorelay"
)

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
		d.later(ctx, 6*time.Minute)
		d.Revoke(d.s.account.current())
		d.later(ctx, 2*time.Minute)
		if refused := d.paths(func(q demorelay.Request) bool { return q.Status == 401 }); len(refused) != 1 {
			t.Errorf("refused %v, want one call", refused)
		}
		if st := d.s.States(time.Now()); st["summary"].Status != OK {
			t.Errorf("summary %+v, want ok behind a new login", st["summary"])
		}
		d.Revoke(d.s.account.current()) // this one lasted for less than five minutes
		d.later(ctx, 4*time.Minute)
		logins := d.paths(func(q demorelay.Request) bool { return q.Path == "/api/auth/login" })
		if logins["/api/auth/login"] != 2 {
			t.Errorf("logins %v, want no third one at once", logins)
		}
		d.later(ctx, 4*time.Minute)
		if st := d.s.States(time.Now()); st["summary"].Status != OK {
			t.Errorf("summary %+v, want ok behind a third login", st["summary"])
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
		d.later(ctx, 5*time.Second) // not in the instant of a burst: a call with the bearer that is cut costs a minute's pause, also in the next life
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

// A new life of the relay may be configured otherwise, and has forgotten what was asked of the last.
func TestNewLifeStartsOver(t *testing.T) {
	opt := demorelay.DemoOptions(1)
	opt.Diagnostics, opt.AnonymousLimit = false, 10
	inBubble(t, opt, nil, func(ctx context.Context, d *demo) {
		for range 9 { // 8 of 10 calls are ours, 7 of them for bursts
			d.s.Look(ctx)
			d.later(ctx, 5*time.Second)
		}
		st := d.s.Look(ctx).States
		if st["summary"].Status != Limited || st["parity"].Status != Off {
			t.Errorf("first life: summary %+v, parity %+v", st["summary"], st["parity"])
		}
		d.later(ctx, 5*time.Second) // a start that moves by less is the same start
		d.SetSwitches(true, true, true)
		if err := d.Restart(); err != nil {
			t.Fatal(err)
		}
		st = d.s.Look(ctx).States
		if st["summary"].Status != OK || st["parity"].Status != OK || st["pack"].Status != OK {
			t.Errorf("second life: summary %+v, parity %+v, pack %+v", st["summary"], st["parity"], st["pack"])
		}
		d.judge()
	})
}

func TestRefusedConnectionShutsTheGate(t *testing.T) {
	inBubble(t, demorelay.DemoOptions(1), nil, func(ctx context.Context, d *demo) {
		d.s.Look(ctx)
		if _, open := d.s.gate.open(time.Second); !open {
			t.Fatal("the gate is shut behind a good look")
		}
		d.Kill()
		d.s.glance(ctx)
		if _, open := d.s.gate.open(time.Second); open {
			t.Error("the gate is open although the port refuses")
		}
	})
}

func TestBadAnswerShutsTheGate(t *testing.T) {
	inBubble(t, demorelay.DemoOptions(1), nil, func(ctx context.Context, d *demo) {
		d.s.Look(ctx)
		sent := time.Now()
		d.SetDatabase(false)
		d.later(ctx, 100*time.Millisecond)
		d.s.askGate(ctx, &turn{gates: 1})
		if _, open := d.s.gate.open(time.Second); open {
			t.Error("the gate is open although the last answer was no")
		}
		if d.s.gate.answered(sent); d.s.gate.good.Equal(sent) {
			t.Error("an answer that was asked for before the last one opened the gate")
		}
	})
}

// A life that is short may not see the next burst: the first good answer of a new one brings one at once.
func TestNewLifeIsReadAtOnce(t *testing.T) {
	slow := func(o *Options, _ *demorelay.Relay) {
		o.MetricsInterval, o.DebugInterval = 10*time.Second, 10*time.Minute
	}
	inBubble(t, demorelay.DemoOptions(1), slow, func(ctx context.Context, d *demo) {
		d.watch(ctx)
		d.later(ctx, time.Minute)
		rings := func(life int) int {
			return d.paths(func(q demorelay.Request) bool { return q.Status == 200 && q.Life == life })["/api/ops/events"]
		}
		if n := rings(1); n != 4 {
			t.Errorf("%d rings read in the first minute, want 4", n)
		}
		d.Kill()
		d.later(ctx, 5*time.Second)
		if err := d.Restart(); err != nil {
			t.Fatal(err)
		}
		d.later(ctx, 11*time.Second)
		if n := rings(2); n != 4 {
			t.Errorf("%d rings read of the new life, want 4", n)
		}
		d.later(ctx, 9*time.Minute)
		if n := rings(2); n != 4 {
			t.Errorf("%d rings read before the next burst is due, want 4", n)
		}
		d.later(ctx, time.Minute)
		if n := rings(2); n != 8 {
			t.Errorf("%d rings read after it, want 8", n)
		}
		d.judge()
	})
}
