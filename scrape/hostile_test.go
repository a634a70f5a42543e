package scrape

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"relaypack/scrape/profile"
)

const testProfile = `version: 1
name: test
budget:
  anonymous: {calls: 1000, per: 15m, share: 0.8}
  bearer: {calls: 1000, share: 0.5}
refusals:
  off: [Ops UI not enabled]
  absent: [Session not found]
sources:
  metrics: {path: /metrics, format: exposition, every: metrics}
  data: {path: /data, every: debug, unwrap: .data}
  behind: {path: /behind, bearer: true, every: debug, group: g}
  one: {path: '/one/{session}', every: ask, unwrap: .data}
config:
  port: [{from: target, jq: .port}]
`

func parseProfile(t testing.TB, text string) *profile.Profile {
	t.Helper()
	p, err := profile.Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatalf("profile: %v", err)
	}
	return p
}

// rawServer answers every connection with fn, which gets the path that was asked for.
func rawServer(t *testing.T, fn func(c net.Conn, path string)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() {
				defer c.Close()
				line, err := bufio.NewReader(c).ReadString('\n')
				if fields := strings.Fields(line); err == nil && len(fields) == 3 {
					fn(c, fields[1])
				}
			})
		}
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
		open.Wait()
	})
	return "http://" + l.Addr().String()
}

func scraperFor(t testing.TB, url string, change func(*Options)) *Scraper {
	t.Helper()
	o := Options{Profile: parseProfile(t, testProfile), URL: url, Timeout: 300 * time.Millisecond, MaxBytes: 1 << 20, MetricsMaxBytes: 4 << 20}
	if change != nil {
		change(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func head(status string, headers ...string) string {
	return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\n" + strings.Join(headers, "\r\n") + "\r\n"
}

func TestHostileAnswers(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	fmt.Fprint(z, `{"success":true,"data":{}}`)
	z.Close()
	send := func(text string) func(net.Conn) { return func(c net.Conn) { fmt.Fprint(c, text) } }
	hold := func(text string, again string) func(net.Conn) {
		return func(c net.Conn) {
			fmt.Fprint(c, text)
			for {
				if _, err := fmt.Fprint(c, again); err != nil || again == "" {
					break
				}
			}
			c.Read(make([]byte, 1<<16)) // until the client is gone
			c.Read(make([]byte, 1))
		}
	}
	body := `{"success":true,"data":{"a":1}}`
	whole := func(b string) string { return head("200 OK", "Content-Length: "+strconv.Itoa(len(b))+"\r\n") + b }
	for name, c := range map[string]struct {
		answer func(net.Conn)
		status Status
		why    reason
	}{
		"good":                   {send(whole(body)), OK, because0},
		"http 1.0, no length":    {send("HTTP/1.0 200 OK\r\n\r\n" + body), OK, because0},
		"closed at once":         {send(""), Unreachable, becauseCut},
		"half a head":            {send("HTTP/1.1 200 OK\r\nX: y\r\n"), Unreachable, becauseCut},
		"half a body":            {send(head("200 OK", "Content-Length: 500\r\n") + body), Unreachable, becauseCut},
		"more than the length":   {send(head("200 OK", "Content-Length: 5\r\n") + body), Invalid, becauseNotJSON},
		"silent":                 {hold("", ""), Timeout, becauseTimeout},
		"never ends":             {hold(head("200 OK", "Content-Length: 500\r\n")+"{", ""), Timeout, becauseTimeout},
		"too large":              {hold(head("200 OK", "Transfer-Encoding: chunked\r\n"), "1000\r\n"+strings.Repeat(" ", 0x1000)+"\r\n"), TooLarge, becauseTooLarge},
		"says it is too large":   {send(head("200 OK", "Content-Length: 99999999\r\n")), TooLarge, becauseTooLarge},
		"header bomb":            {hold("HTTP/1.1 200 OK\r\n", "X-A: "+strings.Repeat("a", 1000)+"\r\n"), Invalid, becauseNotHTTP},
		"endless 1xx":            {hold("", "HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n"), Invalid, becauseNotHTTP},
		"binary":                 {send("\x00\x01\x02\xff\xfe\r\n\r\n"), Invalid, becauseNotHTTP},
		"not http":               {send("220 mail.example ESMTP\r\n"), Invalid, becauseNotHTTP},
		"length is no number":    {send(head("200 OK", "Content-Length: many\r\n") + body), Invalid, becauseNotHTTP},
		"two lengths":            {send(head("200 OK", "Content-Length: 5", "Content-Length: 6\r\n") + body), Invalid, becauseNotHTTP},
		"gzip":                   {send(head("200 OK", "Content-Encoding: gzip", fmt.Sprintf("Content-Length: %d\r\n", zipped.Len())) + zipped.String()), Invalid, becauseEncoding},
		"gzip without a word":    {send(head("200 OK", fmt.Sprintf("Content-Length: %d\r\n", zipped.Len())) + zipped.String()), Invalid, becauseNotJSON},
		"html":                   {send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>hello"), Invalid, becauseHTML},
		"html called json":       {send(whole("<!DOCTYPE html>")), Invalid, becauseHTML},
		"empty":                  {send(whole("")), Invalid, becauseEmpty},
		"no content":             {send("HTTP/1.1 204 No Content\r\n\r\n"), Invalid, becauseEmpty},
		"half a value":           {send(whole(`{"data":{"a":`)), Invalid, becauseNotJSON},
		"two values":             {send(whole(body + body)), Invalid, becauseNotJSON},
		"deep":                   {send(whole(`{"data":` + strings.Repeat("[", 500) + strings.Repeat("]", 500) + "}")), Invalid, becauseDepth},
		"another shape":          {send(whole(`[1,2]`)), Invalid, becauseNoData},
		"without the member":     {send(whole(`{"success":true}`)), Invalid, becauseNoData},
		"failed in a 200":        {send(whole(`{"success":false,"error":"x","data":{}}`)), Invalid, becauseNotSuccess},
		"redirect":               {send(head("302 Found", "Location: http://127.0.0.1:1/", "Content-Length: 0\r\n")), Invalid, becauseRedirect},
		"unauthorized":           {send(head("401 Unauthorized", "Content-Length: 0\r\n")), Unauthorized, becauseBearer},
		"forbidden":              {send(head("403 Forbidden", "Content-Length: 0\r\n")), Forbidden, becauseForbidden},
		"off":                    {send(strings.Replace(whole(`{"error":"Ops UI not enabled"}`), "200 OK", "404 Not Found", 1)), Off, becauseOff},
		"off, other shape":       {send(strings.Replace(whole(`{"error":{"code":"X","message":"Ops UI not enabled"}}`), "200 OK", "404 Not Found", 1)), Off, becauseOff},
		"absent, but not asked":  {send(strings.Replace(whole(`{"error":"Session not found"}`), "200 OK", "404 Not Found", 1)), Invalid, becauseNotThere},
		"no such path":           {send("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<pre>Cannot GET /data</pre>"), Off, becauseNoPath},
		"limited":                {send(head("429 Too Many Requests", "Retry-After: 999999", "Content-Length: 0\r\n")), Limited, becauseRelayLimit},
		"server error":           {send(head("500 Internal Server Error", "Content-Length: 0\r\n")), Invalid, becauseServer},
		"bad request":            {send(head("400 Bad Request", "Content-Length: 0\r\n")), Invalid, becauseRequest},
		"teapot":                 {send(head("418 I'm a teapot", "Content-Length: 0\r\n")), Invalid, becauseCode},
		"not utf-8":              {send(whole("{\"data\":{\"a\":\"\xff\"}}")), OK, because0},
		"error of endless words": {hold(head("500 Oh", "Transfer-Encoding: chunked\r\n"), "1000\r\n"+strings.Repeat(" ", 0x1000)+"\r\n"), TooLarge, becauseTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := scraperFor(t, rawServer(t, func(conn net.Conn, path string) {
				if path == "/data" {
					c.answer(conn)
				}
			}), nil)
			snap := s.Look(t.Context())
			st := snap.States["data"]
			if st.Status != c.status || st.Reason != string(c.why) {
				t.Errorf("%s %q, want %s %q", st.Status, st.Reason, c.status, c.why)
			}
			for _, r := range snap.Results {
				if r.Source == "data" && (r.Body != nil) != (c.status == OK) {
					t.Errorf("body %q with status %s", r.Body, c.status)
				}
			}
		})
	}
}

func TestHostilePages(t *testing.T) {
	for name, c := range map[string]struct {
		page   func(w http.ResponseWriter)
		status Status
		why    reason
		bad    int
	}{
		"good":     {func(w http.ResponseWriter) { fmt.Fprint(w, "a 1\n") }, OK, because0, 0},
		"empty":    {func(w http.ResponseWriter) { w.WriteHeader(200) }, Invalid, becauseEmpty, 0},
		"words":    {func(w http.ResponseWriter) { fmt.Fprint(w, "hello there, world\n") }, Invalid, becauseNoPage, 1},
		"json":     {func(w http.ResponseWriter) { fmt.Fprint(w, `{"a":1}`+"\n") }, Invalid, becauseNoPage, 1},
		"html":     {func(w http.ResponseWriter) { w.Header().Set("Content-Type", "text/html"); fmt.Fprint(w, "<p>") }, Invalid, becauseHTML, 0},
		"bad line": {func(w http.ResponseWriter) { fmt.Fprint(w, "a 1\nb\nc 2\n") }, OK, becauseBadLines, 2},
		"one line": {func(w http.ResponseWriter) { fmt.Fprint(w, strings.Repeat("x", 3<<20)) }, Invalid, becauseNoPage, 1},
		"huge": {func(w http.ResponseWriter) {
			for i := 0; ; i++ {
				if _, err := fmt.Fprintf(w, "a{i=\"%d\"} 1\n", i); err != nil {
					return
				}
			}
		}, TooLarge, becauseTooLarge, 0},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/metrics" {
					if got := r.Header.Get("Accept"); got != "text/plain;version=0.0.4" {
						t.Errorf("accept %q", got)
					}
					w.Header().Set("Content-Type", "text/plain; charset=utf-8; version=0.0.4")
					c.page(w)
				}
			}))
			defer srv.Close()
			s := scraperFor(t, srv.URL, func(o *Options) { o.Timeout = 3 * time.Second })
			st := s.Look(t.Context()).States["metrics"]
			if st.Status != c.status || st.Reason != string(c.why) || st.Line != c.bad {
				t.Errorf("%s %q line %d, want %s %q %d", st.Status, st.Reason, st.Line, c.status, c.why, c.bad)
			}
		})
	}
}

func TestHugeAnswersStayOutOfMemory(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		chunk := bytes.Repeat([]byte("x_total{a=\"b\"} 1\n"), 4096)
		for range 4096 { // 280 MB, were it read
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}))
	defer srv.Close()
	s := scraperFor(t, srv.URL, func(o *Options) { o.Timeout = 20 * time.Second; o.MetricsMaxBytes = 32 << 20 })
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	snap := s.Look(t.Context())
	runtime.GC()
	runtime.ReadMemStats(&after)
	if st := snap.States["metrics"]; st.Status != TooLarge {
		t.Errorf("metrics %+v", st)
	}
	if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 32<<20 {
		t.Errorf("heap grew by %d MB for a look at a relay without end", grown>>20)
	}
	runtime.KeepAlive(snap)
}

func TestBearerGoesNowhereElse(t *testing.T) {
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	var with, without atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "Bearer it-is-me" {
			with.Add(1)
			if r.URL.Path != "/prefix/behind" {
				t.Errorf("bearer to %s", r.URL.Path)
			}
		} else {
			without.Add(1)
		}
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	}))
	defer srv.Close()
	t.Setenv("HTTP_PROXY", other.URL)
	s := scraperFor(t, srv.URL+"/prefix/", func(o *Options) { o.Bearer = func() string { return "it-is-me" } })
	s.Look(t.Context())
	if with.Load() != 1 || without.Load() != 2 || elsewhere.Load() != 0 {
		t.Errorf("with %d, without %d, elsewhere %d, want 1, 2, 0", with.Load(), without.Load(), elsewhere.Load())
	}
}

// net/http sends a GET again by itself when a kept connection turns out to be dead, and prints what
// comes unasked on one. A connection for each call leaves room for neither.
func TestEveryCallHasItsOwnConnection(t *testing.T) {
	text := strings.Replace(testProfile, "  one:", "  again: {path: /again, bearer: true, every: debug}\n  one:", 1)
	var calls atomic.Int32
	url := rawServer(t, func(c net.Conn, path string) {
		if path == "/behind" || path == "/again" {
			calls.Add(1)
		}
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 hunter2\r\n\r\n")
	})
	var printed bytes.Buffer
	log.SetOutput(&printed)
	defer log.SetOutput(os.Stderr)
	s := scraperFor(t, url, func(o *Options) {
		o.Profile = parseProfile(t, text)
		o.Bearer = func() string { return "it-is-me" }
	})
	states := s.Look(t.Context()).States
	if calls.Load() != 2 || states["behind"].Status != OK || states["again"].Status != OK {
		t.Errorf("bearer left %d times, want 2; behind %+v, again %+v", calls.Load(), states["behind"], states["again"])
	}
	if printed.Len() > 0 {
		t.Errorf("printed %q", printed.String())
	}
}

func TestCutCallShutsTheGate(t *testing.T) {
	s := scraperFor(t, rawServer(t, func(net.Conn, string) {}), func(o *Options) {
		o.Bearer = func() string { return "it-is-me" }
	})
	if s.Look(t.Context()); !s.gate.waits() {
		t.Error("a call that was cut did not shut the gate")
	}
}

func TestGateWantsMoreThanAnAnswer(t *testing.T) {
	text := strings.Replace(testProfile, "sources:\n", "gate: {source: ready, open: '.ready == true', maxAge: 2s}\nsources:\n  ready: {path: /ready, every: gate}\n", 1)
	for answer, open := range map[string]bool{
		`{"ready":true}`: true, `{"ready":false}`: false, `{"ready":"true"}`: false, `{}`: false, `[]`: false, `true`: false, ``: false, `<p>ready</p>`: false,
	} {
		var bearer atomic.Int32
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "" {
				bearer.Add(1)
			}
			fmt.Fprint(w, answer)
		}))
		s := scraperFor(t, srv.URL, func(o *Options) {
			o.Profile = parseProfile(t, text)
			o.Bearer = func() string { return "it-is-me" }
		})
		st := s.Look(t.Context()).States["behind"]
		if (bearer.Load() == 1) != open || (st.Status == Gated) == open {
			t.Errorf("%s: bearer left %d times, %+v", answer, bearer.Load(), st)
		}
		srv.Close()
	}
}

func TestLeashHoldsLateBytes(t *testing.T) {
	var calls atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { calls.Add(1) }))
	defer srv.Close()
	s := scraperFor(t, srv.URL, nil)
	u, _ := s.wire.resolve("/behind", nil)
	c := &call{method: "GET", url: u, bearer: "it-is-me", until: time.Now().Add(-time.Millisecond), timeout: time.Second, maxBytes: 100}
	if a := s.wire.do(context.Background(), c); a.status != Gated || a.left || calls.Load() != 0 {
		t.Errorf("late: %s, left %v, arrived %d", a.status, a.left, calls.Load())
	}
	c.until = time.Now().Add(time.Minute)
	if a := s.wire.do(context.Background(), c); a.status != OK || !a.left || calls.Load() != 1 {
		t.Errorf("in time: %s, left %v, arrived %d", a.status, a.left, calls.Load())
	}
}

func TestReasonsAreOurOwnWords(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "reasons.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		lit, ok := node.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		n++
		for _, word := range []string{"token", "key", "secret"} {
			if strings.Contains(strings.ToLower(lit.Value), word) {
				t.Errorf("%s contains %q", lit.Value, word)
			}
		}
		return true
	})
	if n < 40 {
		t.Errorf("only %d reasons found", n)
	}
}
