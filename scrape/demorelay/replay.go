package demorelay

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Rights say what the bearer of a replayed relay may do.
type Rights string

// The rights.
const (
	RightsOps   Rights = "ops"   // a super admin: everything that was captured
	RightsPlain Rights = "plain" // signed in without rights: 403 on ops and diagnostics, as captured in staging
	RightsNone  Rights = "none"  // the bearer is not valid: 401 TOKEN_INVALID
)

// ReplayOptions say how a folder of captured answers is served.
type ReplayOptions struct {
	Seed           uint64 // of bearers and request ids
	Rights         Rights // of Bearer; default RightsOps
	Bearer         string // default: made from the seed
	Account        Account
	AdminLimit     int // as in Options
	AnonymousLimit int
}

// NewReplay makes a relay that answers with the files of a folder: metrics.txt, health-ready.json,
// ops-summary.json, ops-events-socket.json, diagnostics-parity-list.json and so on. A file that is
// not there answers as a relay that has its group switched off ("not enabled", HTML outside ops and
// diagnostics); a missing health-ready.json is {"ready":true}. Parameters choose between files, they
// do not filter: limit and the body of a pack are ignored, one session's answers are given for that
// session only. Login and refresh work as on a live relay.
//
// Its clock (Clock) stands at the newest time that the folder tells, and runs from the call on.
func NewReplay(folder fs.FS, o ReplayOptions) (*Relay, error) {
	c := &replay{started: time.Now()}
	if err := c.load(folder); err != nil {
		return nil, err
	}
	r := newFront(Options{
		Seed: o.Seed, Now: time.Now, Env: "staging", Metrics: true, Diagnostics: true, OpsUI: true,
		Bearer: o.Bearer, Account: o.Account, AdminLimit: o.AdminLimit, AnonymousLimit: o.AnonymousLimit,
	}.withDefaults())
	r.content = c
	switch o.Rights {
	case RightsOps, "":
	case RightsPlain:
		r.bearers.valid[r.opts.Bearer] = grant{user: r.bearers.plain}
	case RightsNone:
		delete(r.bearers.valid, r.opts.Bearer)
	default:
		return nil, fmt.Errorf("replay: rights must be %s, %s or %s", RightsOps, RightsPlain, RightsNone)
	}
	return r, nil
}

// SwitchTo replaces the answers by those of another folder, in the same life. The clock goes on, or
// jumps to the newest time of the folder when that is later; it never goes back.
func (r *Relay) SwitchTo(folder fs.FS) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, ok := r.content.(*replay)
	if !ok {
		return errors.New("replay: a live relay has no folder to switch")
	}
	before := c.now()
	next := &replay{started: time.Now()}
	if err := next.load(folder); err != nil {
		return err
	}
	if next.zero.Before(before) {
		next.zero = before
	}
	r.content = next
	return nil
}

// Clock is the relay's clock: Options.Now, or the captures' own.
func (r *Relay) Clock() func() time.Time {
	return func() time.Time {
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.content.now()
	}
}

// replay is the content of captured answers.
type replay struct {
	files   map[string][]byte
	zero    time.Time // the captures' clock at started
	started time.Time
}

const captureMax = 16 << 20 // of one file

func (c *replay) load(folder fs.FS) error {
	c.files = map[string][]byte{}
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return fmt.Errorf("replay: read folder: %w", err)
	}
	for _, e := range entries {
		kind := path.Ext(e.Name())
		if e.IsDir() || (kind != ".json" && kind != ".txt") {
			continue
		}
		if info, err := e.Info(); err != nil || info.Size() > captureMax {
			return fmt.Errorf("replay: %s: not readable or over %d bytes", e.Name(), captureMax)
		}
		body, err := fs.ReadFile(folder, e.Name())
		if err != nil {
			return fmt.Errorf("replay: read capture: %w", err)
		}
		c.files[e.Name()] = body
		if told := newestTime(body); told.After(c.zero) {
			c.zero = told
		}
	}
	if c.files["metrics.txt"] == nil && c.files["ops-summary.json"] == nil {
		return errors.New("replay: the folder has neither metrics.txt nor ops-summary.json")
	}
	if c.zero.IsZero() {
		c.zero = c.started
	}
	return nil
}

var toldTime = regexp.MustCompile(`"(?:timestamp|generatedAt)":(?:(\d{13})|"(\d{4}-\d\d-\d\dT[0-9:.]+Z)")`)

// newestTime is the newest timestamp or generatedAt of an answer; zero: it tells none.
func newestTime(body []byte) (newest time.Time) {
	for _, m := range toldTime.FindAllSubmatch(body, -1) {
		at, err := time.Parse(time.RFC3339, string(m[2]))
		if ms, bad := strconv.ParseInt(string(m[1]), 10, 64); bad == nil {
			at, err = time.UnixMilli(ms), nil
		}
		if err == nil && at.After(newest) {
			newest = at
		}
	}
	return newest
}

func (c *replay) now() time.Time { return c.zero.Add(time.Since(c.started)) }

// A replayed relay always tells the same: a new life, a stall or an abandoned scrape change nothing.

func (c *replay) begin(time.Time, int)  {}
func (c *replay) stalled(time.Duration) {}
func (c *replay) abandoned()            {}

func (c *replay) answer(q *question) reply {
	method := q.method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	route := method + " " + q.path
	switch {
	case route == "GET /metrics" && q.on.metrics && c.files["metrics.txt"] != nil:
		return reply{http.StatusOK, kindExposition, c.files["metrics.txt"]}
	case route == "GET "+pathReady && (!q.database || c.files["health-ready.json"] == nil):
		return readyReply(q.database)
	}
	if name, ok := openCaptures[route]; ok {
		return c.file(name, noSuchPath(q.method, q.path))
	}
	if rest, ok := strings.CutPrefix(q.path, "/api/ops/"); ok {
		return c.ops(q, method+" "+rest)
	}
	if rest, ok := strings.CutPrefix(q.path, "/api/dev/diagnostics/"); ok {
		return c.diagnostics(q, method+" "+rest)
	}
	return noSuchPath(q.method, q.path)
}

var openCaptures = map[string]string{
	"GET /api/health": "health.json", "GET " + pathReady: "health-ready.json", "GET /api/health/telemetry": "health-telemetry.json",
}

var opsCaptures = map[string]string{
	"GET summary": "ops-summary.json", "GET sockets": "ops-sockets.json", "GET sessions": "ops-sessions.json",
	"POST trace/start": "ops-trace-start.json", "POST support-pack": "ops-support-pack.json",
}

var diagnosticsCaptures = map[string]string{
	"GET health/relay": "diagnostics-health-relay.json", "GET sessions/active": "diagnostics-sessions-active.json",
	"GET errors/recent": "diagnostics-errors-recent.json", "GET build": "diagnostics-build.json",
	"GET metrics/snapshot": "diagnostics-metrics-snapshot.json", "POST support-bundle": "diagnostics-support-bundle.json",
}

// file is a captured body with the status that it had; a captured refusal says so in its envelope.
func (c *replay) file(name string, missing reply) reply {
	body := c.files[name]
	switch {
	case body == nil:
		return missing
	case bytes.HasPrefix(body, []byte(`{"success":false`)):
		return reply{http.StatusNotFound, kindJSON, body}
	}
	return reply{http.StatusOK, kindJSON, body}
}

func (c *replay) ops(q *question, route string) reply {
	off := refuse(http.StatusNotFound, noOps)
	name, ok := opsCaptures[route]
	switch {
	case ok && name == "ops-support-pack.json" && c.files[name] == nil:
		return c.file("ops-support-pack-minimal.json", off)
	case ok:
		return c.file(name, off)
	case route == "GET events":
		switch class := q.query.Get("type"); class {
		case "socket", "relay", "session", "error":
			return c.file("ops-events-"+class+".json", off)
		}
		return c.file("ops-events-all-limit40.json", off)
	}
	if id, ok := strings.CutPrefix(route, "GET trace/"); ok {
		return c.about(id, "traceId", "ops-trace.json", "Trace not found", off)
	}
	return noSuchPath(q.method, q.path)
}

func (c *replay) diagnostics(q *question, route string) reply {
	off := refuse(http.StatusNotFound, noDiagnostics)
	if name, ok := diagnosticsCaptures[route]; ok {
		return c.file(name, off)
	}
	if route == "GET parity" {
		if id := q.query.Get("sessionId"); id != "" {
			return c.about(id, "sessionId", "diagnostics-parity-session.json", "No parity data for session", off)
		}
		return c.file("diagnostics-parity-list.json", off)
	}
	if rest, ok := strings.CutPrefix(route, "GET session/"); ok {
		if id, ok := strings.CutSuffix(rest, "/flow"); ok {
			return c.about(id, "sessionId", "diagnostics-session-flow.json", "Session not found", off)
		}
	}
	return noSuchPath(q.method, q.path)
}

// about gives a captured answer only for the session or trace that it is about.
func (c *replay) about(id, member, name, unknown string, missing reply) reply {
	if body := c.files[name]; body != nil && firstMember(body, member) != id {
		return refuse(http.StatusNotFound, unknown)
	}
	return c.file(name, missing)
}

// firstMember is the value of the first string member of that name, "" without one.
func firstMember(body []byte, name string) string {
	_, rest, ok := bytes.Cut(body, []byte(`"`+name+`":"`))
	value, _, closed := bytes.Cut(rest, []byte{'"'})
	if !ok || !closed {
		return ""
	}
	return string(value)
}
