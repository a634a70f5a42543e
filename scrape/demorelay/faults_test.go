package demorelay

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// inBubble runs a relay and a client in a bubble with false time.
func inBubble(t *testing.T, o Options, do func(t *testing.T, b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { do(t, serve(t, New(o))) })
}

func cool(seed uint64) Options {
	o := DemoOptions(seed)
	o.Warm = time.Minute
	return o
}

// dead asserts that nothing is answered and that connecting is refused.
func (b *bench) dead(t *testing.T, cause Cause) {
	t.Helper()
	if b.Alive() {
		t.Fatal("the relay lives")
	}
	if _, err := b.Dial(t.Context(), "tcp", "relay:1"); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("dial a dead relay: %v", err)
	}
	list := b.Deaths()
	if got := list[len(list)-1].Cause; got != cause {
		t.Errorf("died of %q, want %q", got, cause)
	}
}

func TestBearerKillsWhileDatabaseIsDown(t *testing.T) {
	for _, c := range []struct {
		path, who string
		status    int // 0: death
	}{
		{"/api/ops/summary", "admin", 0},
		{"/api/health/ready", "admin", 0},
		{"/api/health", "plain", 0},
		{"/api/nothing", "admin", 0},
		{"/api/ops/summary?token=%", "", 0},
		{"/api/health/ready", "", 503},
		{"/api/health", "", 503},
		{"/api/health/telemetry", "", 200},
		{"/api/ops/summary", "bad", 401},
		{"/api/ops/summary", "", 401},
		{"/metrics", "admin", 200},
	} {
		t.Run(c.path+" "+c.who, func(t *testing.T) {
			inBubble(t, cool(1), func(t *testing.T, b *bench) {
				b.SetDatabase(false)
				path := strings.Replace(c.path, "%", b.Bearer(), 1)
				status, _, answer, err := b.ask("GET", path, bearerFor(b.Relay, c.who), "")
				if c.status != 0 {
					if err != nil || status != c.status || !b.Alive() {
						t.Fatalf("status %d, %v, alive %v; want %d", status, err, b.Alive(), c.status)
					}
					return
				}
				if err == nil {
					t.Fatalf("answered %d %.100s", status, answer)
				}
				b.dead(t, BearerNoDatabase)
				line := b.Log()[0]
				if line.Status != 0 || !line.Bearer || !line.Valid || line.Database {
					t.Errorf("log has %+v", line)
				}
			})
		})
	}
}

func TestHealthKillsWhileRedisIsDown(t *testing.T) {
	inBubble(t, cool(2), func(t *testing.T, b *bench) {
		b.SetRedis(false)
		for _, harmless := range []string{"/api/health/ready", "/api/health/telemetry", "/metrics", "/api/ops/summary"} {
			b.get(t, harmless, 200)
		}
		time.Sleep(2 * time.Second)
		if !b.Alive() {
			t.Fatal("died without /api/health")
		}
		if answer := b.get(t, "/api/health", 200); !strings.Contains(answer, `"status":"healthy"`) || !strings.Contains(answer, `"redis":"error"`) {
			t.Errorf("before its death it says %s", answer)
		}
		time.Sleep(time.Second)
		b.dead(t, HealthNoRedis)
	})
}

func TestCutConnectionKillsOnlyWhileOneIdles(t *testing.T) {
	inBubble(t, cool(3), func(t *testing.T, b *bench) {
		b.get(t, "/api/health/ready", 200)
		time.Sleep(11 * time.Second)
		if !b.CutDatabase() || !b.Alive() {
			t.Fatal("an empty pool was cut, and the relay died")
		}
		b.get(t, "/api/health/ready", 200)
		time.Sleep(9 * time.Second)
		if b.CutDatabase() {
			t.Fatal("an idle connection was cut, and the relay lives")
		}
		b.dead(t, IdleConnection)
	})
}

func TestLockedDatabaseUsesUpThePool(t *testing.T) {
	inBubble(t, cool(4), func(t *testing.T, b *bench) {
		b.client.Timeout = 4 * time.Second
		b.LockDatabase(true)
		for i := range poolSize {
			b.get(t, "/metrics", 200)
			if status, _, _, err := b.ask("GET", "/api/health/ready", "", ""); err != nil || status != 200 {
				t.Fatalf("gate after %d hung calls: %d %v", i, status, err)
			}
			if _, _, _, err := b.ask("GET", "/api/ops/summary", b.Bearer(), ""); !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("locked call %d: %v", i, err)
			}
			if got := b.PoolTaken(); got != i+1 {
				t.Fatalf("%d connections taken after %d calls whose clients have left", got, i+1)
			}
		}
		if _, _, _, err := b.ask("GET", "/api/health/ready", "", ""); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("gate with an empty pool: %v", err)
		}
		b.get(t, "/metrics", 200)
		b.LockDatabase(false)
		b.get(t, "/api/ops/summary", 200)
		b.get(t, "/api/health/ready", 200)
	})
}

func TestReleasedLockAnswersThoseWhoWaited(t *testing.T) {
	inBubble(t, cool(5), func(t *testing.T, b *bench) {
		b.LockDatabase(true)
		got := make(chan int, 1)
		go func() {
			status, _, _, _ := b.ask("GET", "/api/ops/sockets", b.Bearer(), "")
			got <- status
		}()
		synctest.Wait()
		time.Sleep(3 * time.Second)
		b.LockDatabase(false)
		if status := <-got; status != 200 {
			t.Errorf("status %d", status)
		}
	})
}

func TestStallDelaysAnswersAndShowsInTheLag(t *testing.T) {
	inBubble(t, cool(6), func(t *testing.T, b *bench) {
		b.get(t, "/metrics", 200)
		time.Sleep(time.Second)
		b.Stall(3 * time.Second)
		from := time.Now()
		if page := b.get(t, "/metrics", 200); !strings.Contains(page, "eventloop_lag_max_seconds 3\n") {
			t.Error("the stall is not in the lag")
		}
		if took := time.Since(from); took != 3*time.Second {
			t.Errorf("answered after %v", took)
		}
		// a scrape that gave up eats the evidence
		b.client.Timeout = time.Second
		b.Stall(5 * time.Second)
		if _, _, _, err := b.ask("GET", "/metrics", "", ""); err == nil {
			t.Fatal("answered while stalled")
		}
		time.Sleep(6 * time.Second)
		if page := b.get(t, "/metrics", 200); strings.Contains(page, "eventloop_lag_max_seconds 5") {
			t.Error("the abandoned scrape did not reset the window")
		}
	})
}

func TestHangAnswersNothingUntilItEnds(t *testing.T) {
	inBubble(t, cool(7), func(t *testing.T, b *bench) {
		b.client.Timeout = 2 * time.Second
		b.Hang(true)
		if _, _, _, err := b.ask("GET", "/metrics", "", ""); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("hung relay: %v", err)
		}
		b.Hang(false)
		b.get(t, "/metrics", 200)
	})
}

func TestLogTellsTheAgeOfTheGate(t *testing.T) {
	inBubble(t, cool(11), func(t *testing.T, b *bench) {
		b.get(t, "/api/ops/sockets", 200) // no gate was ever asked
		b.ask("GET", "/api/health/ready", "", "")
		time.Sleep(1500 * time.Millisecond)
		b.get(t, "/api/ops/sockets", 200)
		b.SetDatabase(false)
		b.ask("GET", "/api/health/ready", "", "")
		b.ask("GET", "/metrics", "", "")
		log := b.Log()
		if log[0].Gate != -1 || log[0].GateOpen {
			t.Errorf("before the first gate: %+v", log[0])
		}
		if log[2].Gate != 1500*time.Millisecond || !log[2].GateOpen || log[2].Status != 200 {
			t.Errorf("1.5 s after an open gate: %+v", log[2])
		}
		b.SetDatabase(true)
		time.Sleep(time.Second)
		b.get(t, "/api/health/ready", 200) // with the bearer: no gate
		b.ask("GET", "/metrics", "", "")
		if last := b.Log()[6]; last.Gate != time.Second || last.GateOpen {
			t.Errorf("the gate that was asked with the bearer counts: %+v", last)
		}
		if last := log[4]; last.Gate != 0 || last.GateOpen || last.Database {
			t.Errorf("after a shut gate: %+v", last)
		}
	})
}
