package web

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"relaypack/agent/internal/page"
	"relaypack/pack"
	"relaypack/scrape"
	"relaypack/scrape/demorelay"
	"relaypack/scrape/profile"
)

// besideRelay is an API of a real builder that looked at a made-up relay once.
func besideRelay(t *testing.T, change func(*Options, *http.Server)) *bench {
	t.Helper()
	relay := demorelay.New(demorelay.DemoOptions(1))
	served := make(chan error, 1)
	go func() { served <- relay.Serve(relay.Listener()) }()
	t.Cleanup(func() { relay.Close(); <-served })
	builder, err := newBuilder(func(p *profile.Profile, rec *pack.Recorder) pack.Asker {
		s, err := scrape.New(scrape.Options{Profile: p, URL: "http://relay.test:3001", Dial: relay.Dial, Bearer: relay.Bearer, Process: "off"})
		if err != nil {
			t.Fatal(err)
		}
		rec.Record(s.Look(t.Context()))
		return s
	})
	if err != nil {
		t.Fatal(err)
	}
	return setup(t, func(o *Options, srv *http.Server) {
		o.Source = func() Source { return builder }
		if change != nil {
			change(o, srv)
		}
	})
}

// signIn gives the header of a page that signed in.
func (b *bench) signIn() string {
	b.t.Helper()
	var v struct {
		Credential string `json:"credential"`
	}
	if got := b.ask("POST", sessionPath, ""); got.code != 201 || json.Unmarshal(got.body, &v) != nil || v.Credential == "" {
		b.t.Fatalf("sign in: %d %.100s", got.code, got.body)
	}
	return "Authorization: Bearer " + v.Credential
}

// plainly asks without what all other answers promise: the page's files have a policy of their own.
func (b *bench) plainly(method, path string, header ...string) *http.Response {
	b.t.Helper()
	req, err := http.NewRequest(method, "http://"+b.addr+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		if req.Header.Set(name, value); name == "Host" {
			req.Host = value
		}
	}
	res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { res.Body.Close() })
	return res
}

// The page's files are for everybody who asks by an allowed name, and hold nothing.
func TestPageFiles(t *testing.T) {
	b := setup(t, nil)
	for path, kind := range map[string]string{"/admin/ops": "text/html; charset=utf-8", "/admin/ops/ops.css": "text/css; charset=utf-8",
		"/admin/ops/ops.js": "text/javascript; charset=utf-8", "/admin/ops/icon.svg": "image/svg+xml"} {
		res := b.plainly("GET", path, "Sec-Fetch-Site: cross-site")
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != kind || res.Header.Get("Content-Security-Policy") != page.Policy {
			t.Errorf("%s: %d %v", path, res.StatusCode, res.Header)
		}
		if res := b.plainly("GET", path, "Host: evil.example"); res.StatusCode != 421 {
			t.Errorf("%s for another name: %d", path, res.StatusCode)
		}
		if res := b.plainly("POST", path); res.StatusCode != 405 {
			t.Errorf("POST %s: %d", path, res.StatusCode)
		}
	}
	for _, path := range []string{"/", "/admin/ops/"} {
		if res := b.plainly("GET", path); res.StatusCode != 302 || res.Header.Get("Location") != "/admin/ops" {
			t.Errorf("%s leads to %d %s", path, res.StatusCode, res.Header.Get("Location"))
		}
	}
}

// pagePaths are what a page asks for, each with a body.
var pagePaths = map[string]string{
	"/admin/ops/events": `{}`, "/admin/ops/trace": `{"traceId":"trace-1"}`, "/admin/ops/preview": `{}`, "/admin/ops/preview/part": `{"hold":"x","part":"y"}`,
	"/admin/ops/preview/search": `{"hold":"x","text":"y"}`, "/admin/ops/preview/pack": `{"hold":"x"}`,
}

// Only a session asks for what a page shows: the admin's bearer opens one and is no good for more.
func TestPageNeedsASession(t *testing.T) {
	b := besideRelay(t, nil)
	session := b.signIn()
	for path, body := range pagePaths {
		for _, header := range []string{"Authorization: ", "Authorization: Bearer " + admin, "Authorization: Bearer x"} {
			if got := b.ask("POST", path, body, header); got.code != 401 {
				t.Errorf("%s with %q: %d", path, header, got.code)
			}
		}
		if got := b.ask("POST", path, body, session, "Sec-Fetch-Site: cross-site"); got.code != 403 {
			t.Errorf("%s for another site: %d", path, got.code)
		}
		if got := b.ask("POST", path, body, session, "Origin: http://evil.example"); got.code != 403 {
			t.Errorf("%s of another origin: %d", path, got.code)
		}
		if got := b.ask("GET", path, "", session); got.code != 405 {
			t.Errorf("GET %s: %d", path, got.code)
		}
		if got := b.ask("POST", path, `{"more":1}`, session); got.code != 400 {
			t.Errorf("%s with an unknown member: %d", path, got.code)
		}
	}
	if got := b.ask("POST", sessionPath, "", session); got.code != 401 {
		t.Errorf("a session opens a session: %d", got.code)
	}
	if got := b.ask("POST", sessionPath, "", "Sec-Fetch-Site: same-site"); got.code != 403 {
		t.Errorf("another site signs in: %d", got.code)
	}
	if got := b.ask("POST", "/admin/ops/nothing", "", session); got.code != 404 {
		t.Errorf("what is not there: %d", got.code)
	}
	if got := b.ask("GET", "/api/ops/status", "", session); got.code != 200 {
		t.Errorf("a session asks the API: %d", got.code)
	}
	if got := b.ask("DELETE", sessionPath, "", session); got.code != 204 {
		t.Errorf("sign out: %d", got.code)
	}
	for range 3 * maxWrong { // a tab that goes on asking guesses nothing
		if got := b.ask("POST", "/admin/ops/events", "{}", session); got.code != 401 {
			t.Fatalf("after the sign-out: %d", got.code)
		}
	}
	if got := b.ask("GET", "/api/ops/status", ""); got.code != 200 {
		t.Errorf("an ended session counts as a guess: %d", got.code)
	}
	for range maxWrong {
		b.ask("POST", sessionPath, "", "Authorization: Bearer "+guess)
	}
	if got := b.ask("POST", sessionPath, ""); got.code != 429 {
		t.Errorf("guesses at the door: %d", got.code)
	}
}

func TestPageInput(t *testing.T) {
	b := besideRelay(t, nil)
	session := b.signIn()
	for _, c := range []struct {
		path, body string
		code       int
		field      string
	}{
		{"/admin/ops/events", `{"class":"relay","type":"drop","from":0,"to":1795424857449,"text":"x","sessionId":"sess_1"}`, 200, ""},
		{"/admin/ops/events", `{"from":"yesterday"}`, 400, "from"},
		{"/admin/ops/events", `{"to":-1}`, 400, "to"},
		{"/admin/ops/events", `{"sessionId":""}`, 400, "sessionId"},
		{"/admin/ops/events", `{"text":"` + strings.Repeat("x", 1001) + `"}`, 400, "text"},
		{"/admin/ops/events", `[]`, 400, "body"},
		{"/admin/ops/trace", `{"traceId":"trace-1"}`, 404, ""},
		{"/admin/ops/preview", `{"leaveOut":["nobody"]}`, 400, "part"},
		{"/admin/ops/preview", `{"leaveOut":"recentEvents.error"}`, 400, "leaveOut"},
		{"/admin/ops/preview", `{"leaveOut":[1]}`, 400, "leaveOut"},
		{"/admin/ops/preview", `{"includeConfig":"yes"}`, 400, "includeConfig"},
		{"/admin/ops/preview", `{"hold":"x"}`, 410, ""},
		{"/admin/ops/preview/pack", `{"hold":"x"}`, 410, ""},
		{"/admin/ops/preview/search", `{"hold":"x","text":"key"}`, 410, ""},
	} {
		got := b.ask("POST", c.path, c.body, session)
		if got.code != c.code || got.problem.Field != c.field {
			t.Errorf("%s %.60s: %d at %q, want %d at %q", c.path, c.body, got.code, got.problem.Field, c.code, c.field)
		}
	}
}

// Guests that stay longer than the server lets a request last are kept, and sent off when the agent stops.
func TestPageStreamsOutliveTheLimits(t *testing.T) {
	var mu sync.Mutex
	stopping := false
	b := besideRelay(t, func(o *Options, srv *http.Server) {
		srv.ReadTimeout, srv.WriteTimeout = 300*time.Millisecond, 300*time.Millisecond
		o.Stopping = func() bool { mu.Lock(); defer mu.Unlock(); return stopping }
	})
	from := time.Now()
	res := b.plainly("GET", "/admin/ops/live", b.signIn())
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	heard := map[string]bool{}
	for lines.Scan() {
		name, ok := strings.CutPrefix(lines.Text(), "event: ")
		if ok {
			heard[name] = true
		}
		if heard["self"] && time.Since(from) > time.Second {
			mu.Lock()
			stopping = true
			mu.Unlock()
		}
		if name == "clock" && heard["charts"] || name == "self" {
			b.api.Looked() // each brings another state of the clock; one at a time, or the guest is dropped as slow
		}
	}
	if lines.Err() != nil || !heard["stopping"] {
		t.Errorf("the stream ended with %v after %v, heard %v", lines.Err(), time.Since(from), heard)
	}
}
