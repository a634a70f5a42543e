package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"relaypack/scrape/demorelay"
)

// target is the demo relay behind a page of many series.
type target struct {
	relay   *demorelay.Relay
	address string
	server  *http.Server
	more    int

	mu    sync.Mutex
	looks int
	first time.Time
}

func newTarget(series int) (*target, error) {
	opt := demorelay.DemoOptions(1)
	opt.Warm = time.Hour
	t := &target{relay: demorelay.New(opt)}
	page := httptest.NewRecorder()
	t.relay.ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for line := range strings.Lines(page.Body.String()) {
		if line[0] != '#' {
			series--
		}
	}
	t.more = max(series, 0)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	t.address = l.Addr().String()
	t.server = &http.Server{Handler: t}
	go t.server.Serve(l)
	return t, nil
}

func (t *target) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/metrics" {
		t.relay.ServeHTTP(w, r)
		return
	}
	page := httptest.NewRecorder()
	t.relay.ServeHTTP(page, r)
	look := t.count()
	body := appendSeries(page.Body.Bytes(), t.more, look)
	w.Header().Set("Content-Type", page.Header().Get("Content-Type"))
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	w.Write(body)
}

func (t *target) count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.looks++; t.looks == 1 {
		t.first = time.Now()
	}
	return t.looks
}

func (t *target) seen() (looks int, first time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.looks, t.first
}

// appendSeries adds families of ten series: two counters to a histogram. At each look another twentieth
// of them has moved.
func appendSeries(b []byte, n, look int) []byte {
	for i := range n {
		family, member := i/10, i%10
		moved := (look + 19 - i%20) / 20 * 3
		if family%3 < 2 {
			if member == 0 {
				b = fmt.Appendf(b, "# HELP relay_route_%d_total Requests by route.\n# TYPE relay_route_%d_total counter\n", family, family)
			}
			b = fmt.Appendf(b, "relay_route_%d_total{route=\"/api/v1/route-%d\",code=\"20%d\",role=\"driver\"} %d\n", family, i, member, 1000+moved)
			continue
		}
		switch member {
		case 0:
			b = fmt.Appendf(b, "# HELP relay_took_%d_seconds Time by route.\n# TYPE relay_took_%d_seconds histogram\n", family, family)
			fallthrough
		default:
			b = fmt.Appendf(b, "relay_took_%d_seconds_bucket{route=\"r\",le=\"%g\"} %d\n", family, 0.001*float64(int(1)<<member), 1000+moved)
		case 8:
			b = fmt.Appendf(b, "relay_took_%d_seconds_sum{route=\"r\"} %g\n", family, float64(moved)*0.25)
		case 9:
			b = fmt.Appendf(b, "relay_took_%d_seconds_count{route=\"r\"} %d\n", family, 1000+moved)
		}
	}
	return b
}
