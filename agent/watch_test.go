package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const cannedBearer = "abcdefghij0123456789"

// cannedAgent answers as an agent does whose relay has died, and which says things that no screen may obey.
func cannedAgent(t *testing.T) *httptest.Server {
	t.Helper()
	answers := map[string]string{
		"/api/ops/status": `{"asOf":1795534321315,"sources":{"metrics":{"status":"timeout","error":"no answer in time","ageMs":20000},"ready":{"status":"ok","ageMs":5},
			"pack":{"status":"ok","ageMs":61000},"build":{"status":"skipped"},"x\u001b[2J":{"status":"ok"}},
			"lives":[{"life":1,"startedAt":1795534195000,"endedAt":1795534316341,"end":"gone","signal":"SIGKILL"}],"relay":{"port":"refused"},
			"incidents":[{"rule":"relay-down","closedAt":null},{"rule":"drop-rate","closedAt":5}],"process":{"residentBytes":26382336},"self":{"residentBytes":33251328,"lookMs":22},"delivery":null}`,
		"/api/ops/summary": `{"asOf":1795534321315,"summary":{"environment":"dev\u202eelopment","uptime":61000,"activeSessions":6,"activeConnections":null},
			"relayStats":{"totalFrames":215996,"totalDrops":1263,"ingestRate":59.916},"runtimeStats":{"memory":{"heapUsed":"52MB","heapTotal":"79MB"}}}`,
		"/api/ops/events": `{"events":[{"class":"error","type":"db_error","message":"\u001b]0;title\u0007 <b>","id":"rb-2","timestamp":1795534316100},
			{"class":"socket","type":"join","socketId":"4mxb...AAcI","id":"rb-1","timestamp":1795534316000},5]}`,
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := answers[r.URL.Path]
		switch {
		case r.Header.Get("Authorization") != "Bearer "+cannedBearer:
			w.WriteHeader(http.StatusUnauthorized)
		case !ok:
			w.WriteHeader(http.StatusNotFound)
		default:
			_, _ = io.WriteString(w, body)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func cannedView(t *testing.T) *view {
	t.Helper()
	s := cannedAgent(t)
	base, err := agentAddress(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	w := &watcher{base: base, bearer: cannedBearer, client: s.Client(), interval: time.Second}
	v, err := w.look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestScreenFitsAnyTerminal(t *testing.T) {
	v := cannedView(t)
	for _, size := range [][2]int{{1, 1}, {20, 5}, {80, 24}, {200, 60}} {
		for _, c := range []ink{{}, {on: true}} {
			lines := v.lines(c, size[0], size[1])
			if len(lines) > size[1] {
				t.Errorf("%v: %d lines", size, len(lines))
			}
			for _, line := range lines {
				if columns(line) > size[0] {
					t.Errorf("%v: %d columns in %q", size, columns(line), line)
				}
				if c.on && strings.Count(line, "\x1b[") > 0 && !strings.Contains(line, "\x1b[0m") {
					t.Errorf("%v: a colour runs on: %q", size, line)
				}
			}
		}
	}
}

// Without colours no line holds an escape: neither ours nor one of the relay.
func TestScreenObeysNobody(t *testing.T) {
	text := strings.Join(cannedView(t).lines(ink{}, 120, 40), "\n")
	if strings.ContainsAny(text, "\x1b\x07\u202e") {
		t.Errorf("a control character in %q", text)
	}
	for _, want := range []string{"✕ dead since 15:31:56 (gone, SIGKILL)", "incidents open: relay-down\n", "sessions 6", "sockets unknown", "timeout (no answer in time): metrics",
		"pack 1 min 1 s", "1 source not asked", `dev\u202eelopment`, `x\u001b[2J`, `15:31:56.100 error    db_error         message \u001b]0;title\u0007 <b>`, "an event that cannot be read"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestFreshEventsComeOnce(t *testing.T) {
	v := cannedView(t)
	seen := map[string]bool{}
	first := v.fresh(seen, true)
	if len(first) != 3 || !strings.Contains(first[1], "join") || !strings.Contains(first[2], "db_error") {
		t.Errorf("the first look gives %q, want the newest last", first)
	}
	if again := v.fresh(seen, false); len(again) != 0 {
		t.Errorf("told twice: %q", again)
	}
}

func TestAgentAddress(t *testing.T) {
	for text, want := range map[string]string{
		"http://127.0.0.1:9731":           "http://127.0.0.1:9731",
		"http://localhost:9731/admin/ops": "http://localhost:9731",
		"http://[::1]:1/":                 "http://[::1]:1",
		"https://ops.example":             "https://ops.example",
		"http://ops.example":              "", "ftp://127.0.0.1": "", "127.0.0.1:9731": "", "http://u:p@127.0.0.1": "", "http://127.0.0.1/x": "", "http://127.0.0.1?q": "", "": "",
	} {
		u, err := agentAddress(text)
		if got := fmt.Sprint(u); err == nil && got != want || err != nil && want != "" {
			t.Errorf("%q gives %s, %v; want %q", text, got, err, want)
		}
	}
}
