package ship

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// scripted is a bucket in false time, where no server can be: it answers as it is told and notes when
// it was asked for what.
type scripted struct {
	mu    sync.Mutex
	fails func(name string, n int) error // n counts the puts from 1
	holds map[string]Object
	puts  []string // of names' ids
	times []time.Time
}

func (b *scripted) String() string { return "scripted://bucket" }

func (b *scripted) Put(ctx context.Context, name string, o Object) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.puts = append(b.puts, strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], suffix))
	b.times = append(b.times, time.Now())
	if b.fails != nil {
		if err := b.fails(name, len(b.puts)); err != nil {
			return err
		}
	}
	if b.holds == nil {
		b.holds = map[string]Object{}
	}
	if _, there := b.holds[name]; there {
		return &Fault{Cause: Exists, Step: "put"}
	}
	b.holds[name] = o
	return nil
}

func (b *scripted) Look(_ context.Context, name string) (Entry, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	o, there := b.holds[name]
	if !there {
		return Entry{}, ErrAbsent
	}
	return Entry{Size: int64(len(o.Body)), SHA256: o.SHA256}, nil
}

// inFalseTime runs a shipper over packs until d has passed.
func inFalseTime(t *testing.T, b *scripted, d time.Duration, packs ...Pack) (*Shipper, *Spool) {
	t.Helper()
	spool := opened(t, SpoolOptions{})
	for _, p := range packs {
		if _, err := spool.Add(p); err != nil {
			t.Fatal(err)
		}
	}
	sh := NewShipper(b, spool, ShipperOptions{})
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	if err := sh.Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	return sh, spool
}

func TestTheMostUrgentGoesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &scripted{}
		inFalseTime(t, b, time.Second, packOf(at(1), Periodic, 10), packOf(at(5), Incident, 10), packOf(at(2), Manual, 10),
			packOf(at(3), Final, 10), packOf(at(4), Incident, 10), packOf(at(0), Periodic, 10))
		if want := []string{at(4), at(5), at(3), at(2), at(0), at(1)}; !slices.Equal(b.puts, want) {
			t.Errorf("order %v", b.puts)
		}
	})
}

func TestWaitsOfTheStoreDouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &scripted{fails: func(string, int) error { return &Fault{Cause: Forbidden, Step: "put"} }}
		sh, _ := inFalseTime(t, b, time.Hour, packOf(at(1), Incident, 10), packOf(at(2), Incident, 10))
		for i := 1; i < len(b.times); i++ {
			wait, full := b.times[i].Sub(b.times[i-1]), min(time.Second<<min(i-1, 20), longestWait)
			if wait < full/2 || wait > full+time.Millisecond {
				t.Errorf("wait %d is %v, not between half of %v and all of it", i, wait, full)
			}
		}
		// 8 doublings, then 150 to 300 s each.
		if n := len(b.puts); n < 18 || n > 34 {
			t.Errorf("%d puts in an hour", n)
		}
		if b.puts[0] != at(1) || slices.Contains(b.puts, at(2)) {
			t.Errorf("a fault of the store changed the order: %v", b.puts)
		}
		if st := sh.Status(); st.Retried != uint64(len(b.puts)) || st.Cause != Forbidden || st.NextTry.IsZero() || st.Waiting != 2 {
			t.Errorf("%+v", st)
		}
	})
}

func TestRetryAfterIsObeyedUpToAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &scripted{fails: func(_ string, n int) error {
			if n == 1 {
				return &Fault{Cause: Busy, Step: "put", RetryAfter: 40 * time.Second}
			}
			return nil
		}}
		inFalseTime(t, b, time.Hour, packOf(at(1), Incident, 10))
		if wait := b.times[1].Sub(b.times[0]); wait < 40*time.Second || wait > 44*time.Second+time.Millisecond {
			t.Errorf("waited %v", wait)
		}
	})
	for header, want := range map[string]time.Duration{"": 0, "7": 7 * time.Second, "86400": time.Minute, "-3": 0, "soon": 0,
		"Tue, 24 Nov 2026 12:00:30 GMT": 30 * time.Second, "Tue, 24 Nov 2026 13:00:00 GMT": time.Minute, "Tue, 24 Nov 2026 11:00:00 GMT": 0} {
		got := retryAfter(map[string][]string{"Retry-After": {header}, "Date": {"Tue, 24 Nov 2026 12:00:00 GMT"}})
		if got != want {
			t.Errorf("%q is %v, not %v", header, got, want)
		}
	}
}

// One pack that always breaks the store's answer must not keep the others.
func TestAPackThatAlwaysFailsStandsAside(t *testing.T) {
	for _, cause := range []Cause{Broken, Refused} {
		t.Run(string(cause), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &scripted{fails: func(name string, _ int) error {
					if strings.Contains(name, at(1)) {
						return &Fault{Cause: cause, Step: "put"}
					}
					return nil
				}}
				packs := []Pack{packOf(at(1), Incident, 10)}
				for i := range 20 {
					packs = append(packs, packOf(at(2+i), Periodic, 10))
				}
				sh, spool := inFalseTime(t, b, 2*time.Minute, packs...)
				if st := sh.Status(); st.Delivered != 20 || st.Waiting != 1 {
					t.Errorf("%d delivered in two minutes: %v", st.Delivered, b.puts)
				}
				if i := spool.List(); len(i) != 1 || i[0].Tries == 0 {
					t.Errorf("%+v", i)
				}
			})
		})
	}
}

func TestANameThatIsTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		other, unknown, same := packOf(at(1), Incident, 10), packOf(at(2), Incident, 10), packOf(at(3), Incident, 10)
		b := &scripted{holds: map[string]Object{}}
		for p, o := range map[*Pack]Object{&other: {Body: []byte("x"), SHA256: hashOf([]byte("x"))}, &unknown: {Body: []byte("x")}} {
			name, err := Name(p.ID, p.Namespace, p.Pod)
			if err != nil {
				t.Fatal(err)
			}
			b.holds[name] = o
		}
		name, err := Name(same.ID, same.Namespace, same.Pod)
		if err != nil {
			t.Fatal(err)
		}
		body, err := compress(same.JSON)
		if err != nil {
			t.Fatal(err)
		}
		b.holds[name] = objectOf(body)
		sh, spool := inFalseTime(t, b, 48*time.Hour, other, unknown, same)
		st := sh.Status()
		if st.Delivered != 1 || st.AlreadyThere != 1 || st.Held != 2 || st.Retried != 0 || st.Faults[ExistsOther] != 1 || st.Faults[ExistsUnknown] != 1 || st.Cause != "" {
			t.Errorf("%+v", st)
		}
		for _, i := range spool.List() {
			if i.State != Held || i.Cause == "" {
				t.Errorf("%+v", i)
			}
		}
		if len(b.puts) != 3 {
			t.Errorf("tried %v", b.puts)
		}
	})
}

// A store that takes a pack and never says so: the put runs into its time, the look has some left.
func TestNoAnswerAfterCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &silent{}
		spool := opened(t, SpoolOptions{})
		add(t, spool, at(1), Incident)
		sh := NewShipper(b, spool, ShipperOptions{})
		from := time.Now()
		if err := sh.Drain(t.Context()); err != nil {
			t.Error(err)
		}
		st := sh.Status()
		if took := time.Since(from); took != attemptTime(0) || st.AlreadyThere != 1 || st.Retried != 0 || len(b.puts) != 1 {
			t.Errorf("after %v: %+v", took, st)
		}
	})
}

type silent struct{ scripted }

func (b *silent) Put(ctx context.Context, name string, o Object) error {
	if err := b.scripted.Put(ctx, name, o); err != nil {
		return err
	}
	<-ctx.Done()
	return &Fault{Cause: Unsure, Step: "put", err: ctx.Err()}
}

func (b *silent) Look(ctx context.Context, name string) (Entry, error) {
	if ctx.Err() != nil {
		return Entry{}, &Fault{Cause: Unreachable, Step: "look", err: ctx.Err()}
	}
	return b.scripted.Look(ctx, name)
}

func TestDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := true
		b := &scripted{fails: func(_ string, n int) error {
			if down {
				return &Fault{Cause: Unreachable, Step: "put"}
			}
			return nil
		}}
		sh, spool := inFalseTime(t, b, time.Hour, packOf(at(1), Periodic, 10))
		if _, err := spool.Add(packOf(at(2), Final, 10)); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
		defer cancel()
		time.AfterFunc(10*time.Second, func() { b.mu.Lock(); down = false; b.mu.Unlock() })
		from := time.Now()
		if err := sh.Drain(ctx); err != nil {
			t.Error(err)
		}
		if took := time.Since(from); took < 10*time.Second || took > 13*time.Second {
			t.Errorf("drained after %v: the waits of a drain are short", took)
		}
		if st := sh.Status(); st.Delivered != 2 {
			t.Errorf("%+v", st)
		}
	})
}

func TestDrainEndsWithItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &scripted{fails: func(string, int) error { return &Fault{Cause: Unreachable, Step: "put"} }}
		spool := opened(t, SpoolOptions{})
		add(t, spool, at(1), Final)
		sh := NewShipper(b, spool, ShipperOptions{})
		ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
		defer cancel()
		from := time.Now()
		if err := sh.Drain(ctx); err == nil {
			t.Error("no word of the pack that waits")
		}
		if took := time.Since(from); took > 25*time.Second || len(b.puts) < 10 {
			t.Errorf("%v, %d puts", took, len(b.puts))
		}
		second, stop := context.WithCancel(t.Context())
		stop() // the second signal
		from = time.Now()
		if err := sh.Drain(second); err == nil || time.Since(from) > 0 {
			t.Errorf("cut short: %v after %v", err, time.Since(from))
		}
	})
}

// Drain while Run runs: each pack goes once.
func TestDrainBesideRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &scripted{}
		spool := opened(t, SpoolOptions{})
		sh := NewShipper(b, spool, ShipperOptions{})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- sh.Run(ctx) }()
		for i := range 50 {
			add(t, spool, at(i), Periodic)
		}
		if err := sh.Drain(t.Context()); err != nil {
			t.Error(err)
		}
		cancel()
		<-ended
		if len(b.puts) != 50 || sh.Status().Delivered != 50 {
			t.Errorf("%d puts", len(b.puts))
		}
	})
}

func TestALinePerChangeOfState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		b := &scripted{fails: func(_ string, n int) error {
			if n < 8 {
				return &Fault{Cause: Forbidden, Step: "put", Status: 403, err: errors.New("planted-by-the-store")}
			}
			return nil
		}}
		spool := opened(t, SpoolOptions{})
		add(t, spool, at(1), Manual)
		sh := NewShipper(b, spool, ShipperOptions{Log: slog.New(slog.NewTextHandler(&out, nil))})
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		_ = sh.Run(ctx) // ends with its time
		if n := strings.Count(out.String(), "\n"); n != 3 || strings.Contains(out.String(), "planted") {
			t.Errorf("%d lines:\n%s", n, out.String())
		}
	})
}

// What an operator reads may land in a pack, where three words must not stand.
func TestWordsThatMayStandInAPack(t *testing.T) {
	causes := []Cause{Unreachable, Unsure, Busy, Broken, Forbidden, NoLogin, ClockOff, NoBucket, Full, Exists, ExistsOther, ExistsUnknown, Refused}
	for _, c := range causes {
		f := &Fault{Cause: c, Step: "put", Status: 1, Detail: wordsFor(errors.New("x"))}
		said := strings.ToLower(fmt.Sprint(f.Error(), f.Hint(), TooOld, NoRoom, TooLarge, NoDisk, Torn, Waiting, Delivered, Held, Stored, AlreadyThere))
		for _, word := range []string{"token", "key", "secret"} {
			if strings.Contains(said, word) {
				t.Errorf("%q holds %q", said, word)
			}
		}
	}
}
