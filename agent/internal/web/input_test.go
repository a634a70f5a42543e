package web

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"relaypack/pack"
)

const packPath = "/api/ops/support-pack"

// gets are the paths that answer GET.
var gets = []string{
	"/api/ops/summary", "/api/ops/sockets", "/api/ops/sessions", "/api/ops/status", "/api/ops/events", "/api/ops/history",
}

// TestBadBodies: each bad body has its status, its field, and no echo.
func TestBadBodies(t *testing.T) {
	b := setup(t, nil)
	long := strings.Repeat("x", 201)
	for _, c := range []struct {
		name, body string
		code       int
		field      string
		header     []string
	}{
		{"no json", "hello", 400, "body", nil},
		{"only space", "  ", 400, "body", nil},
		{"cut off", `{"sessionId":"sess_1"`, 400, "body", nil},
		{"cut off in a member", `{"sessionId":`, 400, "body", nil},
		{"array", `[]`, 400, "body", nil},
		{"text", `"sess_1"`, 400, "body", nil},
		{"null", `null`, 400, "body", nil},
		{"trailing object", `{} {}`, 400, "body", nil},
		{"trailing comma", `{"sessionId":"a",}`, 400, "body", nil},
		{"binary", "\x00\xff\xfe", 400, "body", nil},
		{"byte order mark", "\ufeff{}", 400, "body", nil},
		{"not utf-8", "{\"sessionId\":\"\xff\"}", 400, "body", nil},
		{"not utf-8 in a name", "{\"session\xffId\":\"a\"}", 400, "body", nil},
		{"not utf-8 behind", "{\"sessionId\":\"a\"}\xff", 400, "body", nil},
		{"lone surrogate", `{"sessionId":"\ud800"}`, 400, "body", nil},
		{"unknown member", `{"zzzzID":"a"}`, 400, "body", nil},
		{"unknown member twice", `{"zzzzID":"a","zzzzID":"a"}`, 400, "body", nil},
		{"unknown odd member", `{"zzzz word\u202e":"a"}`, 400, "body", nil},
		{"twice", `{"traceId":"a","traceId":"b"}`, 400, "traceId", nil},
		{"number for an id", `{"sessionId":5}`, 400, "sessionId", nil},
		{"object for an id", `{"traceId":{"a":1}}`, 400, "traceId", nil},
		{"empty id", `{"sessionId":""}`, 400, "sessionId", nil},
		{"dot", `{"sessionId":"."}`, 400, "sessionId", nil},
		{"dots", `{"traceId":".."}`, 400, "traceId", nil},
		{"too long", `{"sessionId":"` + long + `"}`, 400, "sessionId", nil},
		{"too many bytes", `{"sessionId":"` + strings.Repeat("é", 101) + `"}`, 400, "sessionId", nil},
		{"control", `{"sessionId":"a\u0000b"}`, 400, "sessionId", nil},
		{"bidi", `{"sessionId":"a\u202eb"}`, 400, "sessionId", nil},
		{"zero width", `{"sessionId":"a\u200bb"}`, 400, "sessionId", nil},
		{"hangul filler", `{"sessionId":"a\u3164b"}`, 400, "sessionId", nil},
		{"text for a flag", `{"includeConfig":"true"}`, 400, "includeConfig", nil},
		{"number for a flag", `{"includeConfig":1}`, 400, "includeConfig", nil},
		{"deep", strings.Repeat(`{"sessionId":`, 20000), 413, "body", nil},
		{"deep but small", `{"sessionId":` + strings.Repeat("[", 60000), 400, "sessionId", nil},
		{"large", `{"sessionId":"` + strings.Repeat("x", 64<<10) + `"}`, 413, "body", nil},
		{"form", "sessionId=a", 415, "Content-Type", []string{"Content-Type: application/x-www-form-urlencoded"}},
		{"no type", "{}", 415, "Content-Type", []string{"Content-Type: "}},
		{"broken type", "{}", 415, "Content-Type", []string{"Content-Type: application/json; charset"}},
		{"other charset", "{}", 415, "Content-Type", []string{"Content-Type: application/json; charset=utf-16"}},
		{"encoded", "{}", 415, "Content-Encoding", []string{"Content-Encoding: gzip"}},
	} {
		got := b.ask("POST", packPath, c.body, c.header...)
		if got.code != c.code || got.problem.Field != c.field {
			t.Errorf("%s: %d %q (%s), want %d %q", c.name, got.code, got.problem.Field, got.problem.Detail, c.code, c.field)
		}
		for _, foreign := range []string{"sess_1", "xxxx", "zzzz"} {
			if strings.Contains(string(got.body), foreign) {
				t.Errorf("%s: the answer quotes what was sent: %s", c.name, got.body)
			}
		}
		if !strings.HasPrefix(got.problem.Detail, c.field+": ") && c.code == 400 {
			t.Errorf("%s: the field is %s, the reason is of another: %s", c.name, c.field, got.problem.Detail)
		}
	}
	if n := b.fake.asked(); n != 0 {
		t.Errorf("%d packs were built of bad bodies", n)
	}
}

// TestGoodBodies: near misses of the above.
func TestGoodBodies(t *testing.T) {
	b := setup(t, nil)
	most := strings.Repeat("x", 200)
	for _, c := range []struct {
		body   string
		want   pack.Request
		header []string
	}{
		{"", pack.Request{}, nil},
		{"", pack.Request{}, []string{"Content-Type: text/plain"}},
		{"{}\n", pack.Request{}, nil},
		{`{"sessionId":null,"traceId":null,"includeConfig":null}`, pack.Request{}, nil},
		{`{"sessionId":"sess_abc123def456","traceId":"trace-123","includeConfig":true}`,
			pack.Request{SessionID: "sess_abc123def456", TraceID: "trace-123", IncludeConfig: true}, nil},
		{`{"includeConfig":false}`, pack.Request{}, nil},
		{`{"sessionId":"` + most + `"}`, pack.Request{SessionID: most}, nil},
		{`{"sessionId":"..."}`, pack.Request{SessionID: "..."}, nil},
		{`{"sessionId":"a/../b é"}`, pack.Request{SessionID: "a/../b é"}, nil},
		{`{}`, pack.Request{}, []string{"Content-Type: Application/JSON; charset=UTF-8"}},
	} {
		c.want.Trigger.Kind = pack.Manual
		got := b.ask("POST", packPath, c.body, c.header...)
		if got.code != 200 {
			t.Errorf("%q: %d %s", c.body, got.code, got.body)
			continue
		}
		asked := b.fake.packs[len(b.fake.packs)-1]
		if asked.SessionID != c.want.SessionID || asked.TraceID != c.want.TraceID ||
			asked.IncludeConfig != c.want.IncludeConfig || asked.Trigger.Kind != pack.Manual {
			t.Errorf("%q: asked for %+v", c.body, asked)
		}
		if string(got.body) != string(b.fake.made.Bytes()) {
			t.Errorf("%q: the answer is not the pack itself", c.body)
		}
		want := `attachment; filename="support-pack-` + b.fake.made.ID() + `.json"`
		if got.header.Get("Content-Disposition") != want || got.header.Get("Content-Type") != "application/json" {
			t.Errorf("headers %v", got.header)
		}
	}
}

// TestQueries: parameters, good and bad.
func TestQueries(t *testing.T) {
	b := setup(t, nil)
	for _, c := range []struct {
		path, query string
		code        int
		field       string
	}{
		{"/api/ops/events", "type=socket&sessionId=abcd...wxyz&since=1764000000000&limit=2000", 200, ""},
		{"/api/ops/events", "type=all&since=2026-11-24T09:00:00.5%2B01:00&limit=1", 200, ""},
		{"/api/ops/events", "type=sockets", 400, "type"},
		{"/api/ops/events", "type=", 400, "type"},
		{"/api/ops/events", "type=socket&type=relay", 400, "type"},
		{"/api/ops/events", "sessionId=%2e%2E", 400, "sessionId"},
		{"/api/ops/events", "sessionId=%ff", 400, "sessionId"},
		{"/api/ops/events", "sessionId=a%00", 400, "sessionId"},
		{"/api/ops/events", "since=yesterday", 400, "since"},
		{"/api/ops/events", "since=-5", 400, "since"},
		{"/api/ops/events", "since=253402300800000", 400, "since"},
		{"/api/ops/events", "since=2026-11-24", 400, "since"},
		{"/api/ops/events", "limit=0", 400, "limit"},
		{"/api/ops/events", "limit=2001", 400, "limit"},
		{"/api/ops/events", "limit=1e3", 400, "limit"},
		{"/api/ops/events", "limit=%2B5", 400, "limit"},
		{"/api/ops/events", "limit=99999999999999999999", 400, "limit"},
		{"/api/ops/events", "zzzz=html", 400, "query"},
		{"/api/ops/events", "zzzz%20b=1", 400, "query"},
		{"/api/ops/events", "zzzz=1&limit=0", 400, "query"},
		{"/api/ops/events", "%zz", 400, "query"},
		{"/api/ops/events", "limit=5;type=all", 400, "query"},
		{"/api/ops/history", "series=lag&since=0", 200, ""},
		{"/api/ops/history", "", 200, ""},
		{"/api/ops/history", "series=none", 400, "series"},
		{"/api/ops/history", "series=" + strings.Repeat("x", 201), 400, "series"},
		{"/api/ops/history", "limit=5", 400, "query"},
		{"/api/ops/summary", "since=0", 400, "query"},
		{"/api/ops/status", "zzzz", 400, "query"},
	} {
		got := b.ask("GET", c.path+"?"+c.query, "")
		if got.code != c.code || got.problem.Field != c.field {
			t.Errorf("%s?%s: %d %q, want %d %q", c.path, c.query, got.code, got.problem.Field, c.code, c.field)
		}
		if strings.Contains(string(got.body), "zzzz") {
			t.Errorf("%s?%s: the answer quotes what was asked: %s", c.path, c.query, got.body)
		}
	}
	for path, known := range map[string]string{
		"/api/ops/events":  "this path takes type, sessionId, since, limit",
		"/api/ops/history": "this path takes series, since",
		"/api/ops/summary": "this path takes no parameters",
	} {
		if got := b.ask("GET", path+"?zzzz=1", ""); !strings.Contains(got.problem.Detail, known) {
			t.Errorf("%s?zzzz=1: %s, want the names that are known", path, got.problem.Detail)
		}
	}
	if got := b.ask("POST", packPath+"?zzzz=html", ""); got.code != 400 || got.problem.Field != "query" {
		t.Errorf("pack with a parameter: %d %s", got.code, got.body)
	}
	first, next := b.fake.filters[0], b.fake.filters[1]
	if first.Class != "socket" || first.Session != "abcd...wxyz" || first.Limit != 2000 || first.Since.UnixMilli() != 1764000000000 {
		t.Errorf("filter %+v", first)
	}
	if next.Class != "" || !next.Since.Equal(time.Date(2026, 11, 24, 8, 0, 0, 5e8, time.UTC)) {
		t.Errorf("filter %+v", next)
	}
	if b.fake.series[0] != "lag" || b.fake.sinces[0].UnixMilli() != 0 || !b.fake.sinces[1].IsZero() {
		t.Errorf("history was asked for %v since %v", b.fake.series, b.fake.sinces)
	}
}

// TestMethodsAndPaths: what is not in the table is a problem, and HEAD is GET without a body.
func TestMethodsAndPaths(t *testing.T) {
	b := setup(t, nil)
	for _, path := range gets {
		get, head := b.ask("GET", path, ""), b.ask("HEAD", path, "")
		if get.code != 200 || head.code != 200 || len(head.body) != 0 ||
			get.header.Get("Content-Length") != head.header.Get("Content-Length") {
			t.Errorf("%s: GET %d %v, HEAD %d %v", path, get.code, get.header, head.code, head.header)
		}
		for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "BREW"} {
			if got := b.ask(method, path, ""); got.code != 405 || got.header.Get("Allow") != "GET, HEAD" {
				t.Errorf("%s %s: %d, Allow %q", method, path, got.code, got.header.Get("Allow"))
			}
		}
	}
	for _, method := range []string{"GET", "HEAD", "OPTIONS"} {
		if got := b.ask(method, packPath, ""); got.code != 405 || got.header.Get("Allow") != "POST" {
			t.Errorf("%s %s: %d, Allow %q", method, packPath, got.code, got.header.Get("Allow"))
		}
	}
	for _, path := range []string{
		"/admin", "/admin/opsy", "/metrics", "/livez", "/apiary", "/api", "/api/", "/api/ops", "/api/ops/summary/", "/api/ops/packs/",
		"/api/ops/{id}", "/api/ops/trace", "/api/ops/trace/start/x", "/api/ops/Summary", "//api/ops/summary", "/x/../api/ops/summary",
		"/api/ops%2Fsummary", "/api/ops/%73ummary", "/api/ops/..%2f..%2fetc/passwd", "/%00",
	} {
		if got := b.ask("GET", path, ""); got.code != 404 {
			t.Errorf("GET %s: %d", path, got.code)
		}
	}
	if n := b.value("relaypack_http_requests_total", "other", "404"); n < 10 {
		t.Errorf("%v requests to nowhere were counted", n)
	}
	if n := b.value("relaypack_http_requests_total", packPath, "405"); n != 3 {
		t.Errorf("%v requests with a wrong method were counted, want 3", n)
	}
}

// FuzzPackRequest: whatever is accepted is an object that encoding/json reads to the same values, with ids
// that keep the rules; whatever is refused names a field and gives no request to build on.
func FuzzPackRequest(f *testing.F) {
	for _, seed := range []string{`{}`, `{"sessionId":"a","traceId":null,"includeConfig":true}`, `{"traceId":"\u00e9"}`, `{"x":1}`, `{"traceId":"a","traceId":"a"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var got pack.Request
		if p := decodePackRequest(body, &got); p != nil {
			if p.Status != 400 || p.Field == "" || !strings.Contains(p.Detail, ": ") {
				t.Errorf("refused by %+v", p)
			}
			return
		}
		var want struct {
			SessionID     string `json:"sessionId"`
			TraceID       string `json:"traceId"`
			IncludeConfig bool   `json:"includeConfig"`
		}
		if err := json.Unmarshal(body, &want); err != nil {
			t.Fatalf("accepted, but %v", err)
		}
		if got.SessionID != want.SessionID || got.TraceID != want.TraceID || got.IncludeConfig != want.IncludeConfig {
			t.Errorf("%+v, want %+v", got, want)
		}
		for _, id := range []string{got.SessionID, got.TraceID} {
			if id != "" && IDFault(id) != "" {
				t.Errorf("an id was accepted that %s", IDFault(id))
			}
		}
	})
}
