package demorelay

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"testing"
)

// wire is an answer as it stood on the wire: header names in their own spelling.
type wire struct {
	status  string
	headers map[string]string
	body    string
}

// overWire sends a request by hand and reads the answer by hand, so that no client tidies it up.
func overWire(t *testing.T, r *Relay, method, path, bearer, body string) wire {
	t.Helper()
	c, err := r.Dial(t.Context(), "tcp", "relay:1")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	head := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: relay\r\nAccept-Encoding: gzip\r\n", method, path)
	if bearer != "" {
		head += "Authorization: Bearer " + bearer + "\r\n"
	}
	if body != "" {
		head += fmt.Sprintf("Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	if _, err := io.WriteString(c, head+"\r\n"+body); err != nil {
		t.Fatal(err)
	}
	return readWire(t, bufio.NewReader(c))
}

func readWire(t *testing.T, in *bufio.Reader) wire {
	t.Helper()
	lines := textproto.NewReader(in)
	out := wire{headers: map[string]string{}}
	var err error
	if out.status, err = lines.ReadLine(); err != nil {
		t.Fatalf("read status line: %v", err)
	}
	for {
		line, err := lines.ReadLine()
		if err != nil {
			t.Fatalf("read headers: %v", err)
		}
		if line == "" {
			break
		}
		name, value, _ := strings.Cut(line, ": ")
		out.headers[name] = value
	}
	var n int
	fmt.Sscan(out.headers["Content-Length"], &n)
	raw, err := io.ReadAll(io.LimitReader(in, int64(n)))
	if err != nil {
		t.Fatalf("read body: %v", err)
	}
	out.body = string(raw)
	return out
}

// changing headers differ from answer to answer.
var changing = []string{"x-request-id", "Date", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After"}

func TestRefusalsAreTheCapturedOnes(t *testing.T) {
	for _, c := range []struct {
		capture, method, path, who, body string
		before                           func(r *Relay)
	}{
		{"400-malformed-json.txt", "POST", "/api/ops/support-pack", "admin", "{bad", nil},
		{"400-ops-trace-start-no-session.txt", "POST", "/api/ops/trace/start", "admin", "{}", nil},
		{"401-diagnostics-no-token.txt", "GET", "/api/dev/diagnostics/build", "", "", nil},
		{"401-ops-bad-token.txt", "GET", "/api/ops/summary", "bad", "", nil},
		{"401-ops-no-token.txt", "GET", "/api/ops/summary", "", "", nil},
		{"403-diagnostics-plain-user.txt", "GET", "/api/dev/diagnostics/build", "plain", "", nil},
		{"403-ops-plain-user.txt", "GET", "/api/ops/summary", "plain", "", nil},
		{"404-diagnostics-disabled.txt", "GET", "/api/dev/diagnostics/build", "admin", "", switchOff},
		{"404-diagnostics-flow-unknown-session.txt", "GET", "/api/dev/diagnostics/session/sess_none/flow", "admin", "", nil},
		{"404-diagnostics-parity-unknown-session.txt", "GET", "/api/dev/diagnostics/parity?sessionId=sess_none", "admin", "", nil},
		{"404-metrics-disabled.txt", "GET", "/metrics", "", "", switchOff},
		{"404-ops-disabled-plain-user.txt", "GET", "/api/ops/summary", "plain", "", switchOff},
		{"404-ops-trace-unknown.txt", "GET", "/api/ops/trace/trace-1-none", "admin", "", nil},
		{"404-ops-unknown-path.txt", "GET", "/api/ops/nope", "admin", "", nil},
		{"429-anonymous-health.txt", "GET", "/api/health", "", "", useUp("", 50)},
		{"429-plain-user.txt", "GET", "/api/ops/summary", "plain", "", useUp("plain", 50)},
		{"429-super-admin.txt", "GET", "/api/ops/summary", "admin", "", useUp("admin", 2000)},
		{"500-ops-support-pack-numeric-session.txt", "POST", "/api/ops/support-pack", "admin", `{"sessionId":12345}`, nil},
		{"200-ops-sockets-empty.txt", "GET", "/api/ops/sockets", "admin", "", nil},
		{"200-metrics-headers.txt", "GET", "/metrics", "", "", nil},
	} {
		t.Run(c.capture, func(t *testing.T) {
			o := DemoOptions(3)
			o.Env, o.Sessions, o.Warm = "staging", 0, 0
			b := serve(t, New(o))
			if c.before != nil {
				c.before(b.Relay)
			}
			got := overWire(t, b.Relay, c.method, c.path, bearerFor(b.Relay, c.who), c.body)
			raw, err := readCapture("errors", c.capture)
			if err != nil {
				t.Fatal(err)
			}
			want := readWire(t, bufio.NewReader(bytes.NewReader(raw)))
			compareWire(t, c.capture, got, want)
		})
	}
}

func compareWire(t *testing.T, name string, got, want wire) {
	t.Helper()
	skip := changing
	if strings.HasPrefix(name, "200") {
		skip = append([]string{"ETag", "Content-Length"}, changing...) // of a body with numbers in it
	} else if got.body != want.body {
		t.Errorf("body:\n got  %q\n want %q", got.body, want.body)
	}
	if got.status != want.status {
		t.Errorf("status line %q, want %q", got.status, want.status)
	}
	for k, v := range want.headers {
		switch g, ok := got.headers[k]; {
		case !ok:
			t.Errorf("header %s is missing", k)
		case g != v && !slices.Contains(skip, k):
			t.Errorf("header %s is %q, want %q", k, g, v)
		}
	}
	for k := range got.headers {
		if _, ok := want.headers[k]; !ok {
			t.Errorf("header %s is not the relay's", k)
		}
	}
}

func switchOff(r *Relay) { r.SetSwitches(false, false, false) }

func useUp(who string, limit int) func(*Relay) {
	return func(r *Relay) {
		for range limit {
			ask, err := newRequest("GET", "/api/nothing", bearerFor(r, who), "")
			if err != nil {
				panic(err)
			}
			r.ServeHTTP(discard{}, ask)
		}
	}
}

func bearerFor(r *Relay, who string) string {
	switch who {
	case "admin":
		return r.Bearer()
	case "plain":
		return r.PlainBearer()
	case "bad":
		return "eyJhbGciOiJIUzI1NiJ9.e30.bad"
	}
	return ""
}

// discard is a response that nobody reads.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}

func TestOpenDoors(t *testing.T) {
	o := DemoOptions(4)
	b := serve(t, New(o))
	for _, c := range []struct {
		name, path, scheme string
		want               string
	}{
		{"capital scheme", "/api/ops/sockets", "Bearer ", "200"},
		{"small scheme", "/api/ops/sockets", "bearer ", "401"},
		{"bearer in the query", "/api/ops/sockets?token=" + b.Bearer(), "", "200"},
		{"wrong one in the query", "/api/ops/sockets?token=x", "", "401"},
	} {
		q, err := newRequest("GET", c.path, "", "")
		if err != nil {
			t.Fatal(err)
		}
		if c.scheme != "" {
			q.Header.Set("Authorization", c.scheme+b.Bearer())
		}
		resp, err := b.client.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := resp.Status[:3]; got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	for _, line := range b.Log() {
		if strings.Contains(line.Query, b.Bearer()) {
			t.Error("the log holds the bearer of the query")
		}
	}
	// a super admin passes with ops switched off; in development so does every user on loopback
	b.SetSwitches(true, true, false)
	for _, bearer := range []string{b.Bearer(), b.PlainBearer()} {
		if status, _, _, err := b.ask("GET", "/api/ops/sockets", bearer, ""); err != nil || status != 200 {
			t.Errorf("ops switched off: %d %v", status, err)
		}
	}
}

func TestRequestIDIsEchoed(t *testing.T) {
	b := serve(t, New(DemoOptions(5)))
	q, err := newRequest("GET", "/metrics", "", "")
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("X-Request-ID", "mine <1>")
	resp, err := b.client.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if got := resp.Header.Get("X-Request-Id"); got != "mine <1>" {
		t.Errorf("request id %q", got)
	}
}
