package scrape

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"relaypack/scrape/demorelay"
	"relaypack/scrape/profile"
)

// demo is a demo relay in a bubble of false time, and a Scraper that looks at it.
type demo struct {
	*demorelay.Relay
	t     *testing.T
	s     *Scraper
	begin time.Time
	loops sync.WaitGroup

	mu    sync.Mutex
	snaps []*Snapshot
}

// inBubble runs a test against a demo relay in false time.
func inBubble(t *testing.T, opt demorelay.Options, change func(*Options, *demorelay.Relay), run func(ctx context.Context, d *demo)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		relay := demorelay.New(opt)
		served := make(chan error, 1)
		go func() { served <- relay.Serve(relay.Listener()) }()
		p, err := profile.Load("okboxbox")
		if err != nil {
			t.Fatalf("profile: %v", err)
		}
		o := Options{Profile: p, URL: "http://relay.test:3001", Dial: relay.Dial, Bearer: relay.Bearer, Process: "off"}
		if change != nil {
			change(&o, relay)
		}
		s, err := New(o)
		if err != nil {
			t.Fatalf("new scraper: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		d := &demo{Relay: relay, t: t, s: s, begin: time.Now()}
		run(ctx, d)
		cancel()
		d.loops.Wait()
		synctest.Wait()
		if err := relay.Close(); err != nil {
			t.Errorf("close relay: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("serve relay: %v", err)
		}
	})
}

// watch runs the Scraper beside the test until ctx ends.
func (d *demo) watch(ctx context.Context) {
	d.loops.Go(func() {
		if err := d.s.Run(ctx, d.keep); err != nil {
			d.t.Errorf("run: %v", err)
		}
	})
}

func (d *demo) keep(snap *Snapshot) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range snap.Results {
		if r.Metrics != nil { // good until the next page is read
			r.Metrics.Families = slices.Clone(r.Metrics.Families)
			for i := range r.Metrics.Families {
				r.Metrics.Families[i].Samples = slices.Clone(r.Metrics.Families[i].Samples)
			}
		}
	}
	d.snaps = append(d.snaps, snap)
}

// lives gives the numbers of the lives that the snapshots told of, each once.
func (d *demo) lives() (n []int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, snap := range d.snaps {
		if len(n) == 0 || n[len(n)-1] != snap.Life.N {
			n = append(n, snap.Life.N)
		}
	}
	return n
}

func (d *demo) anomalies() (out []Anomaly) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, snap := range d.snaps {
		out = append(out, snap.Anomalies...)
	}
	return out
}

// later lets false time pass.
func (d *demo) later(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// judge reads the relay's own log for what the manners forbid.
func (d *demo) judge() {
	d.t.Helper()
	log := d.Log()
	if len(log) == 0 || d.LogDropped() > 0 {
		d.t.Fatalf("relay log: %d requests, %d dropped", len(log), d.LogDropped())
	}
	var anonymous, bearer []time.Time
	for _, q := range log {
		at := q.At.Sub(d.begin).Round(time.Millisecond)
		switch {
		case q.Path == "/api/health", strings.Contains(q.Path, "inject"):
			d.t.Errorf("at %v: %s %s", at, q.Method, q.Path)
		case strings.Contains(q.Path, "metrics/snapshot"), strings.Contains(q.Path, "support-bundle"):
			d.t.Errorf("at %v: %s resets the lag window", at, q.Path)
		case q.Bearer && (q.Gate < 0 || !q.GateOpen):
			d.t.Errorf("at %v life %d: bearer to %s behind a shut gate", at, q.Life, q.Path)
		case q.Bearer && q.Gate > 2*time.Second:
			d.t.Errorf("at %v life %d: bearer to %s, gate asked %v before", at, q.Life, q.Path, q.Gate)
		}
		switch {
		case q.Bearer:
			bearer = append(bearer, q.At)
		case strings.HasPrefix(q.Path, "/api"):
			anonymous = append(anonymous, q.At)
		}
	}
	for _, death := range d.Deaths() {
		if death.Cause == demorelay.BearerNoDatabase || death.Cause == demorelay.HealthNoRedis {
			d.t.Errorf("at %v we killed it: %s", death.At.Sub(d.begin), death.Cause)
		}
	}
	if n := busiest(anonymous, 15*time.Minute); n > 40 {
		d.t.Errorf("anonymous calls in 15 minutes: %d, want 40 at most", n)
	}
	if n := busiest(bearer, 15*time.Minute); n > 1000 {
		d.t.Errorf("calls with the bearer in 15 minutes: %d, want 1000 at most", n)
	}
}

// busiest is the largest number of instants within any window.
func busiest(at []time.Time, window time.Duration) (most int) {
	for i := range at {
		end, _ := slices.BinarySearchFunc(at, at[i].Add(window), func(a, b time.Time) int { return a.Compare(b) })
		most = max(most, end-i)
	}
	return most
}

// paths counts the requests by path that pick takes.
func (d *demo) paths(pick func(demorelay.Request) bool) map[string]int {
	n := map[string]int{}
	for _, q := range d.Log() {
		if pick(q) {
			n[q.Path]++
		}
	}
	return n
}

func statuses(states map[string]State) map[string]Status {
	out := map[string]Status{}
	for name, st := range states {
		out[name] = st.Status
	}
	return out
}
