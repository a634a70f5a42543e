package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestBearer: who is let in, on every path below /api, known or not.
func TestBearer(t *testing.T) {
	b := setup(t, nil)
	for _, c := range []struct {
		header string
		code   int
	}{
		{"Authorization: Bearer " + admin, 200},
		{"Authorization: bearer " + second, 200},
		{"Authorization: BEARER  " + admin + " ", 200},
		{"Authorization: ", 401},
		{"Authorization: Bearer", 401},
		{"Authorization: Bearer " + guess, 401},
		{"Authorization: Bearer " + admin + "x", 401},
		{"Authorization: Bearer " + admin[1:], 401},
		{"Authorization: Basic " + admin, 401},
		{"Authorization: " + admin, 401},
		{"Authorization: Bearer " + admin + ", Bearer " + second, 401},
	} {
		got := b.ask("GET", "/api/ops/summary", "", c.header)
		if got.code != c.code {
			t.Errorf("%s: %d, want %d", c.header, got.code, c.code)
		}
		if challenge := got.header.Get("WWW-Authenticate"); (got.code == 401) != strings.HasPrefix(challenge, "Bearer") {
			t.Errorf("%s: %d with challenge %q", c.header, got.code, challenge)
		}
	}
	for _, path := range append([]string{"/api", "/api/", "/api/nothing", packPath}, gets...) {
		for _, method := range []string{"GET", "POST", "OPTIONS"} {
			if got := b.ask(method, path, "", "Authorization: "); got.code != 401 {
				t.Errorf("%s %s without a bearer: %d", method, path, got.code)
			}
		}
	}
	twice, err := http.NewRequest("GET", "http://"+b.addr+"/api/ops/summary", nil)
	if err != nil {
		t.Fatal(err)
	}
	twice.Header["Authorization"] = []string{"Bearer " + admin, "Bearer " + admin}
	if got := b.send(twice); got.code != 401 {
		t.Errorf("two headers: %d", got.code)
	}
}

// TestNoBearerIsEmpty: an empty configured bearer lets nobody in.
func TestNoBearerIsEmpty(t *testing.T) {
	if matches("", []string{""}) || matches("x", nil) || !matches("x", []string{"y", "x"}) {
		t.Error("wrong bearers match")
	}
}

// TestGuessing: the tenth wrong bearer of a minute brings a pause, the next ones longer ones.
func TestGuessing(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	var mu sync.Mutex
	b := setup(t, func(o *Options, _ *http.Server) {
		o.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	})
	forward := func(d time.Duration) { mu.Lock(); now = now.Add(d); mu.Unlock() }
	wrong := func() int { return b.ask("GET", "/api/ops/summary", "", "Authorization: Bearer "+guess).code }
	right := func() reply { return b.ask("GET", "/api/ops/summary", "") }

	for range 30 { // nine a minute are borne for ever
		if code := wrong(); code != 401 {
			t.Fatalf("a slow guess: %d", code)
		}
		forward(7 * time.Second)
	}
	forward(2 * time.Minute)
	for _, pause := range []string{"5", "10", "20"} {
		for i := range maxWrong {
			if code := wrong(); code != 401 {
				t.Fatalf("guess %d: %d", i, code)
			}
		}
		if got := right(); got.code != 429 || got.header.Get("Retry-After") != pause {
			t.Errorf("after ten guesses: %d, Retry-After %q, want %s", got.code, got.header.Get("Retry-After"), pause)
		}
		if code := wrong(); code != 429 {
			t.Errorf("a guess in the pause: %d", code)
		}
		forward(20 * time.Second)
		if got := right(); got.code != 200 {
			t.Errorf("after the pause: %d", got.code)
		}
	}
	if n := strings.Count(b.log.String(), "address is paused"); n != 3 {
		t.Errorf("%d lines for 3 pauses:\n%s", n, b.log)
	}
	if b.value("relaypack_http_guess_pauses_total") != 3 || b.value("relaypack_http_auth_failures_total") != 60 {
		t.Errorf("pauses %v, failures %v", b.value("relaypack_http_guess_pauses_total"), b.value("relaypack_http_auth_failures_total"))
	}
}

// TestGuessTable: it stays within its bound, and a pause ends at five minutes.
func TestGuessTable(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	g := &guard{now: func() time.Time { return now }, log: slog.New(slog.DiscardHandler), peers: map[string]*peer{}}
	for i := range 3 * maxPeers {
		g.wrong(peerOf(fmt.Sprintf("10.0.%d.%d:1", i>>8, i&255)))
		now = now.Add(time.Millisecond)
	}
	if len(g.peers) != maxPeers || g.evicted != 2*maxPeers {
		t.Errorf("%d addresses, %d evicted", len(g.peers), g.evicted)
	}
	last := time.Duration(0)
	for range 12 {
		for range maxWrong {
			g.wrong("10.9.9.9")
		}
		last = g.paused("10.9.9.9")
		now = now.Add(last)
		g.paused("10.9.9.9")
	}
	if last != longestPause {
		t.Errorf("the pause grew to %v", last)
	}
	for remote, want := range map[string]string{
		"10.1.2.3:99": "10.1.2.3", "[::ffff:10.1.2.3]:9": "10.1.2.3", "[::1]:9": "::1",
		"[2001:db8::1:2:3]:9": "2001:db8::/64", "[fe80::1%eth0]:9": "fe80::/64", "@": "unknown",
	} {
		if got := peerOf(remote); got != want {
			t.Errorf("peer of %s: %s, want %s", remote, got, want)
		}
	}
}

// TestHosts: loopback and what is listed, whatever the port.
func TestHosts(t *testing.T) {
	b := setup(t, nil)
	for host, code := range map[string]int{
		"127.0.0.1:9731": 200, "127.8.9.10": 200, "localhost": 200, "LOCALHOST:1": 200, "localhost.": 200, "[::1]": 200,
		"[::1]:80": 200, "ops.example": 200, "OPS.example:9999": 200,
		"evil.example": 421, "127.0.0.1.evil.example": 421, "localhost.evil.example": 421, "ops.example.evil": 421,
		"0.0.0.0": 421, "10.0.0.1:9731": 421, "[::2]": 421, "0x7f.1": 421, "2130706433": 421, "127.1": 421, ".": 421,
	} {
		if got := b.ask("GET", "/api/ops/summary", "", "Host: "+host); got.code != code {
			t.Errorf("Host %s: %d, want %d", host, got.code, code)
		}
	}
}

// TestBrowsers: another site's request is refused before its bearer is looked at.
func TestBrowsers(t *testing.T) {
	b := setup(t, nil)
	for header, code := range map[string]int{
		"Sec-Fetch-Site: same-origin": 200, "Sec-Fetch-Site: none": 200,
		"Sec-Fetch-Site: cross-site": 403, "Sec-Fetch-Site: same-site": 403,
		"Origin: http://" + b.addr: 200, "Origin: http://127.0.0.1:1": 403,
		"Origin: https://evil.example": 403, "Origin: null": 403,
	} {
		for _, path := range []string{"/api/ops/summary", "/api/nothing"} {
			want := code
			if code == 200 && path == "/api/nothing" {
				want = 404
			}
			if got := b.ask("GET", path, "", header); got.code != want {
				t.Errorf("%s with %s: %d, want %d", path, header, got.code, want)
			}
		}
	}
	if got := b.ask("OPTIONS", packPath, "", "Origin: https://evil.example", "Authorization: "); got.code != 403 {
		t.Errorf("preflight: %d", got.code)
	}
}

// TestNotNow: each state in which there is no answer, and that a bearer is wanted before it is told.
func TestNotNow(t *testing.T) {
	faults := []string{"RELAYPACK_RELAY_URL: no URL"}
	for name, c := range map[string]struct {
		change func(*Options)
		detail string
		faults []string
		retry  string
		bare   int // without a bearer
	}{
		"no bearer": {func(o *Options) { o.Tokens = func() []string { return nil } }, "RELAYPACK_ADMIN_TOKEN", nil, "", 503},
		"no bearer and faults": {func(o *Options) {
			o.Tokens = func() []string { return nil }
			o.Faults = func() []string { return faults }
		}, "configuration", faults, "", 503},
		"faults":      {func(o *Options) { o.Faults = func() []string { return faults } }, "configuration", faults, "", 401},
		"stopping":    {func(o *Options) { o.Stopping = func() bool { return true } }, "stopping", nil, "30", 401},
		"not started": {func(o *Options) { o.Source = func() Source { return nil } }, "not begun", nil, "1", 401},
	} {
		b := setup(t, func(o *Options, _ *http.Server) { c.change(o) })
		for _, path := range append([]string{packPath}, gets...) {
			method := "GET"
			if path == packPath {
				method = "POST"
			}
			got := b.ask(method, path, "")
			if got.code != 503 || !strings.Contains(got.problem.Detail, c.detail) || !slices.Equal(got.problem.Faults, c.faults) ||
				got.header.Get("Retry-After") != c.retry {
				t.Errorf("%s, %s: %d %s %v", name, path, got.code, got.body, got.header)
			}
			if bare := b.ask(method, path, "", "Authorization: "); bare.code != c.bare {
				t.Errorf("%s, %s without a bearer: %d, want %d", name, path, bare.code, c.bare)
			}
		}
	}
}

// TestPanic: a handler that panics answers 500 and says nothing of what it panicked with.
func TestPanic(t *testing.T) {
	b := setup(t, nil)
	b.fake.hold = func(context.Context) { panic("foreign text") }
	for range 3 * maxBuilds { // and gives its turn back
		got := b.ask("POST", packPath, "")
		if got.code != 500 || strings.Contains(string(got.body)+b.log.String(), "foreign") {
			t.Fatalf("%d %s\n%s", got.code, got.body, b.log)
		}
	}
	if !strings.Contains(b.log.String(), "at=access_test.go:") || b.value("relaypack_http_panics_total") != 6 {
		t.Errorf("panics %v\n%s", b.value("relaypack_http_panics_total"), b.log)
	}
}

// TestPanicInAnswer: an answer that broke off midway ends with its connection, not as if it were whole.
func TestPanicInAnswer(t *testing.T) {
	var panics atomic.Uint64
	addr := start(t, &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handle(&answer{ResponseWriter: w}, r, slog.New(slog.DiscardHandler), &panics, func(w *answer, _ *http.Request) *problem {
			w.Write([]byte("half"))
			panic("foreign text")
		})
	})})
	res, err := http.Get("http://" + addr)
	if err == nil {
		defer res.Body.Close()
		var body []byte
		body, err = io.ReadAll(res.Body)
		if err == nil {
			t.Errorf("half an answer came as a whole one: %q", body)
		}
	}
	if panics.Load() != 1 {
		t.Errorf("%d panics were counted", panics.Load())
	}
}
