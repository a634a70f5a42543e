package page

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// drawn is a hub whose parts a test sets.
func drawnBy(parts *atomic.Pointer[[]update], stopping *atomic.Bool) *Page {
	draw := func(bool) []update { return *parts.Load() }
	return &Page{hub: newHub(draw, stopping.Load, time.Now)}
}

func updates(list ...update) *[]update { return &list }

// All readers get everything first, and then what changed, drawn once for all of them.
func TestHubDrawsOnceForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var parts atomic.Pointer[[]update]
		var stopping atomic.Bool
		parts.Store(updates(update{name: "a", html: []byte("one\ntwo")}, update{name: "b", html: []byte("<b>")}))
		p := drawnBy(&parts, &stopping)
		var streams []*stream
		ctx, cancel := context.WithCancel(t.Context())
		for range 3 {
			s := newStream()
			streams = append(streams, s)
			go p.Live(ctx, s, forever)
		}
		synctest.Wait()
		for _, s := range streams {
			if got := s.take(); got != "event: a\ndata: one\ndata: two\n\nevent: b\ndata: <b>\n\n" {
				t.Errorf("first: %q", got)
			}
		}
		parts.Store(updates(update{name: "a", html: []byte("one\ntwo")}, update{name: "b", html: []byte("c")}, update{name: "rows", html: []byte("r"), once: true}))
		p.Looked()
		synctest.Wait()
		for _, s := range streams {
			if got := s.take(); got != "event: b\ndata: c\n\nevent: rows\ndata: r\n\n" {
				t.Errorf("then: %q", got)
			}
		}
		if p.hub.drawn.Load() != 2 {
			t.Errorf("drawn %d times", p.hub.drawn.Load())
		}
		late := newStream()
		go p.Live(ctx, late, forever)
		synctest.Wait()
		if got := late.take(); strings.Contains(got, "rows") || !strings.Contains(got, "event: b\ndata: c\n") {
			t.Errorf("who comes late gets %q", got)
		}
		cancel()
		synctest.Wait()
		if n := len(p.hub.readers); n != 0 {
			t.Errorf("%d readers are left", n)
		}
	})
}

// A reader that does not read is dropped, and keeps nobody else from reading.
func TestHubDropsTheSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var parts atomic.Pointer[[]update]
		var stopping atomic.Bool
		parts.Store(updates(update{name: "n", html: []byte("0")}))
		p := drawnBy(&parts, &stopping)
		slow, err := p.hub.join() // reads nothing
		if err != nil {
			t.Fatal(err)
		}
		quick := newStream()
		ctx, cancel := context.WithCancel(t.Context())
		go p.Live(ctx, quick, forever)
		synctest.Wait()
		for i := range streamBehind + 3 {
			parts.Store(updates(update{name: "n", html: []byte(strings.Repeat("x", i+1))}))
			p.Looked()
			synctest.Wait()
		}
		if p.hub.dropped.Load() != 1 || !slow.slow || p.hub.readers[slow] {
			t.Errorf("%d dropped", p.hub.dropped.Load())
		}
		if got := quick.take(); !strings.Contains(got, strings.Repeat("x", streamBehind+3)) {
			t.Errorf("the quick one got %q", got)
		}
		cancel()
		synctest.Wait()
	})
}

func TestLiveEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var parts atomic.Pointer[[]update]
		var stopping atomic.Bool
		parts.Store(updates())
		p := drawnBy(&parts, &stopping)
		var left atomic.Int64
		left.Store(int64(time.Minute))
		expired, stopped := newStream(), newStream()
		ended := make(chan string, 2)
		go func() {
			p.Live(t.Context(), expired, func() time.Duration { return time.Duration(left.Load()) })
			ended <- "expired"
		}()
		go func() { p.Live(t.Context(), stopped, forever); ended <- "stopped" }()
		synctest.Wait()
		left.Store(0)
		if which := <-ended; which != "expired" || !strings.Contains(expired.take(), "event: expired\n") {
			t.Errorf("%s ended first", which)
		}
		time.Sleep(streamBeat) // on the bubble's clock
		synctest.Wait()
		if !strings.Contains(stopped.take(), ": still here\n") {
			t.Error("a stream without news has no sign of life")
		}
		stopping.Store(true)
		if which := <-ended; which != "stopped" || !strings.Contains(stopped.take(), "event: stopping\n") {
			t.Errorf("%s ended", which)
		}
	})
}

func TestHubIsBounded(t *testing.T) {
	var parts atomic.Pointer[[]update]
	var stopping atomic.Bool
	parts.Store(updates())
	p := drawnBy(&parts, &stopping)
	var all []*reader
	for range maxStreams {
		r, err := p.hub.join()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	if _, err := p.hub.join(); !errors.Is(err, ErrFull) {
		t.Errorf("one too many: %v", err)
	}
	for _, r := range all {
		p.hub.leave(r)
	}
}
