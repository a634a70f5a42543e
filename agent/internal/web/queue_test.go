package web

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestQueue: two packs are built at once, eight wait, the eleventh is refused, and everybody who waited
// gets a pack.
func TestQueue(t *testing.T) {
	b := setup(t, nil)
	begun, release := make(chan struct{}, 16), make(chan struct{})
	b.fake.hold = func(context.Context) { begun <- struct{}{}; <-release }
	var all sync.WaitGroup
	for range maxBuilds + maxWaiting {
		all.Go(func() {
			if got := b.ask("POST", packPath, ""); got.code != 200 {
				t.Errorf("a request that waited: %d", got.code)
			}
		})
	}
	<-begun
	<-begun
	b.until("all wait", func() bool { return b.value("relaypack_http_packs_waiting") == maxWaiting })
	got := b.ask("POST", packPath, "")
	if got.code != 429 || got.header.Get("Retry-After") == "" {
		t.Errorf("one too many: %d %v", got.code, got.header)
	}
	if got := b.ask("GET", "/api/ops/summary", ""); got.code != 200 {
		t.Errorf("a view meanwhile: %d", got.code)
	}
	if n := b.value("relaypack_http_packs_building"); n != maxBuilds {
		t.Errorf("%v are being built", n)
	}
	close(release)
	all.Wait()
	b.idle()
	if b.value("relaypack_http_pack_refused_total") != 1 {
		t.Errorf("%v were refused", b.value("relaypack_http_pack_refused_total"))
	}
}

// TestClientLeaves: a client that goes away frees its place in the queue, and its build hears of it.
func TestClientLeaves(t *testing.T) {
	b := setup(t, nil)
	begun := make(chan struct{}, 16)
	b.fake.hold = func(ctx context.Context) { begun <- struct{}{}; <-ctx.Done() }
	ctx, leave := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for range maxBuilds + 3 {
		all.Go(func() {
			req, _ := http.NewRequestWithContext(ctx, "POST", "http://"+b.addr+packPath, nil)
			req.Header.Set("Authorization", "Bearer "+admin)
			if res, err := http.DefaultClient.Do(req); err == nil {
				res.Body.Close()
				t.Errorf("a client that left got %d", res.StatusCode)
			}
		})
	}
	<-begun
	<-begun
	b.until("three wait", func() bool { return b.value("relaypack_http_packs_waiting") == 3 })
	leave()
	all.Wait()
	b.idle()
	b.until("all are counted", func() bool { return b.value("relaypack_http_requests_total", packPath, "gone") == maxBuilds+3 })
}

// TestWaitEnds: nobody waits longer than the answer would have time for.
func TestWaitEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		for range maxBuilds {
			if _, err := q.enter(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), maxWait)
		defer cancel()
		begin := time.Now()
		if _, err := q.enter(ctx); err == nil || time.Since(begin) != maxWait {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
		if building, waiting := q.load(); building != maxBuilds || waiting != 0 {
			t.Errorf("%d build, %d wait", building, waiting)
		}
	})
}

// TestLongBuild: a build longer than the read timeout is no client that left.
func TestLongBuild(t *testing.T) {
	const read = 50 * time.Millisecond
	b := setup(t, func(_ *Options, s *http.Server) { s.ReadTimeout = read })
	b.fake.hold = func(ctx context.Context) {
		select {
		case <-ctx.Done():
		case <-time.After(4 * read):
		}
	}
	for _, body := range []string{"", "{}"} {
		if got := b.ask("POST", packPath, body); got.code != 200 {
			t.Errorf("body %q: %d %s", body, got.code, got.body)
		}
	}
}

// until waits for a state that the server reaches by itself.
func (b *bench) until(what string, reached func() bool) {
	b.t.Helper()
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !reached() {
		select {
		case <-tick.C:
		case <-deadline:
			var page strings.Builder
			for _, f := range b.api.Families() {
				page.WriteString(f.String() + "\n")
			}
			b.t.Fatalf("%s: not within 10 s\n%s", what, page.String())
		}
	}
}

// idle waits until nothing is under way, and checks that every place was given back.
func (b *bench) idle() {
	b.t.Helper()
	b.until("idle", func() bool { return b.value("relaypack_http_in_flight") == 0 })
	if len(b.api.builds.places) != 0 || len(b.api.builds.turns) != 0 {
		b.t.Errorf("%d places and %d turns are still taken", len(b.api.builds.places), len(b.api.builds.turns))
	}
}
