package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"relaypack/pack"
)

// traces is a Source that notes which traces it is asked for.
type traces struct {
	*fake
	session string
	length  time.Duration
	err     error
	starts  int
}

const someTrace = "trace-1735654800000-abc123"

func (f *traces) StartTrace(_ context.Context, session string, length time.Duration) (string, []byte, error) {
	f.session, f.length = session, length
	f.starts++
	return someTrace, []byte(`{"traceId":"` + someTrace + `"}`), f.err
}

func (f *traces) Trace(id string) ([]byte, error) {
	if id != someTrace {
		return nil, pack.ErrNoTrace
	}
	return []byte(`{"asOf":null,"stale":true}`), nil
}

func tracesBench(t *testing.T) (*bench, *traces) {
	b := setup(t, nil)
	f := &traces{fake: b.fake}
	b.api.opt.Source = func() Source { return f }
	return b, f
}

func TestTraceBodies(t *testing.T) {
	b, f := tracesBench(t)
	for _, c := range []struct {
		body   string
		code   int
		field  string
		length time.Duration
	}{
		{`{"sessionId":"sess_1"}`, 201, "", 30 * time.Second},
		{`{"sessionId":"sess_1","durationSec":null}`, 201, "", 30 * time.Second},
		{`{"durationSec":60,"sessionId":"sess_1"}`, 201, "", time.Minute},
		{`{"sessionId":"sess_1","durationSec":12.5}`, 201, "", 12500 * time.Millisecond},
		{`{"sessionId":"sess_1","durationSec":10}`, 201, "", 10 * time.Second},
		{`{"sessionId":"sess_1","durationSec":9}`, 201, "", 10 * time.Second},
		{`{"sessionId":"sess_1","durationSec":-1}`, 201, "", 10 * time.Second},
		{`{"sessionId":"sess_1","durationSec":300}`, 201, "", 300 * time.Second},
		{`{"sessionId":"sess_1","durationSec":301}`, 201, "", 300 * time.Second},
		{`{"sessionId":"sess_1","durationSec":1e999}`, 201, "", 300 * time.Second},
		{`{"sessionId":"sess_1","durationSec":-1e999}`, 201, "", 10 * time.Second},
		{`{"sessionId":"sess...1f20"}`, 201, "", 30 * time.Second},
		{``, 400, "sessionId", 0},
		{`{}`, 400, "sessionId", 0},
		{`{"sessionId":null}`, 400, "sessionId", 0},
		{`{"sessionId":""}`, 400, "sessionId", 0},
		{`{"sessionId":7}`, 400, "sessionId", 0},
		{`{"sessionId":".."}`, 400, "sessionId", 0},
		{`{"sessionId":"a","durationSec":"30"}`, 400, "durationSec", 0},
		{`{"sessionId":"a","durationSec":true}`, 400, "durationSec", 0},
		{`{"sessionId":"a","durationSec":[30]}`, 400, "durationSec", 0},
		{`{"sessionId":"a","sessionId":"b"}`, 400, "sessionId", 0},
		{`{"sessionId":"a","traceId":"b"}`, 400, "body", 0},
		{`{"sessionId":"a","durationSec":NaN}`, 400, "body", 0},
		{`[]`, 400, "body", 0},
	} {
		f.length, f.starts = 0, 0
		got := b.ask("POST", tracePath+"start", c.body)
		if got.code != c.code || got.problem.Field != c.field || f.length != c.length || f.starts != map[int]int{201: 1}[c.code] {
			t.Errorf("%s: %d %q (%s), %v, %d starts", c.body, got.code, got.problem.Field, got.problem.Detail, f.length, f.starts)
		}
		if c.code == 201 && got.header.Get("Location") != tracePath+someTrace {
			t.Errorf("%s: at %q", c.body, got.header.Get("Location"))
		}
	}
	if strings.Contains(b.log.String(), "sess") {
		t.Error("the log names the session")
	}
}

func TestTraceRoutes(t *testing.T) {
	b, _ := tracesBench(t)
	for _, c := range []struct {
		method, path, body string
		code               int
		header             []string
	}{
		{"GET", tracePath + someTrace, "", 200, nil},
		{"HEAD", tracePath + someTrace, "", 200, nil},
		{"GET", tracePath + "trace-1735654800000-abc124", "", 404, nil},
		{"GET", tracePath, "", 404, nil},
		{"GET", tracePath + someTrace + "/more", "", 404, nil},
		{"GET", tracePath + "%2e%2e", "", 404, nil},
		{"GET", tracePath + someTrace + "?x=1", "", 400, nil},
		{"POST", tracePath + someTrace, "", 405, nil},
		{"GET", tracePath + "start", "", 405, nil},
		{"POST", tracePath + "start?x=1", `{"sessionId":"a"}`, 400, nil},
		{"POST", tracePath + "start", `{"sessionId":"a"}`, 415, []string{"Content-Type: text/plain"}},
		{"POST", tracePath + "start", `{"sessionId":"` + strings.Repeat("a", 64<<10) + `"}`, 413, nil},
		{"POST", tracePath + "start", `{"sessionId":"a"}`, 401, []string{"Authorization: "}},
		{"GET", tracePath + someTrace, "", 401, []string{"Authorization: "}},
		{"GET", tracePath + someTrace, "", 421, []string{"Host: evil.example"}},
	} {
		if got := b.ask(c.method, c.path, c.body, c.header...); got.code != c.code {
			t.Errorf("%s %s: %d (%s), want %d", c.method, c.path, got.code, got.problem.Detail, c.code)
		}
	}
	if n := b.value("relaypack_http_requests_total", tracePath+"{id}", "200"); n != 2 {
		t.Errorf("%v traces are counted", n)
	}
}

// Each reason for no trace has its status, and a trace that runs is told.
func TestNoTrace(t *testing.T) {
	b, f := tracesBench(t)
	ends := time.Now().Add(20 * time.Second)
	for _, c := range []struct {
		err   error
		code  int
		field string
		after string
	}{
		{&pack.TraceRunning{ID: someTrace, Ends: ends}, 409, "", "20"},
		{pack.ErrNoTracing, 501, "", ""},
		{pack.ErrNotTracing, 503, "", "30"},
		{pack.ErrNoSession, 404, "sessionId", ""},
		{pack.ErrManySessions, 422, "sessionId", ""},
		{pack.ErrSessionsUnknown, 503, "sessionId", "30"},
		{errors.New("something of the relay's"), 500, "", ""},
	} {
		f.err = c.err
		got := b.ask("POST", tracePath+"start", `{"sessionId":"sess_1"}`)
		if got.code != c.code || got.problem.Field != c.field || got.header.Get("Retry-After") != c.after {
			t.Errorf("%v: %d %q after %q", c.err, got.code, got.problem.Field, got.header.Get("Retry-After"))
		}
		if running := c.code == http.StatusConflict; running != (got.problem.TraceID == someTrace) || running != (got.problem.ExpiresAt == ends.UnixMilli()) {
			t.Errorf("%v: tells of %q until %d", c.err, got.problem.TraceID, got.problem.ExpiresAt)
		}
		if strings.Contains(string(got.body), "of the relay's") {
			t.Errorf("the answer quotes: %s", got.body)
		}
	}
	b.api.opt.Source = func() Source { return f.fake } // one that cannot trace
	if got := b.ask("POST", tracePath+"start", `{"sessionId":"sess_1"}`); got.code != 501 {
		t.Errorf("a source that cannot trace: %d", got.code)
	}
	if got := b.ask("GET", tracePath+someTrace, ""); got.code != 404 {
		t.Errorf("a source that cannot trace: %d", got.code)
	}
}
