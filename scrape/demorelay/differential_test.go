package demorelay

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func readCapture(folder, name string) ([]byte, error) {
	return os.ReadFile(filepath.Join("testdata", folder, name))
}

// twins are the requests whose answers are held against a capture; %S becomes a live session id.
var twins = []struct{ capture, method, path, body string }{
	{"ops-summary.json", "GET", "/api/ops/summary", ""},
	{"ops-sockets.json", "GET", "/api/ops/sockets", ""},
	{"ops-sessions.json", "GET", "/api/ops/sessions", ""},
	{"ops-events-socket.json", "GET", "/api/ops/events?type=socket&limit=500", ""},
	{"ops-events-relay.json", "GET", "/api/ops/events?type=relay&limit=500", ""},
	{"ops-events-session.json", "GET", "/api/ops/events?type=session&limit=500", ""},
	{"ops-events-error.json", "GET", "/api/ops/events?type=error&limit=500", ""},
	{"ops-trace-start.json", "POST", "/api/ops/trace/start", `{"sessionId":"%S","durationSec":10}`},
	{"ops-support-pack.json", "POST", "/api/ops/support-pack", `{"sessionId":"%S","traceId":"%T","includeConfig":true}`},
	{"ops-trace.json", "GET", "/api/ops/trace/%T", ""},
	{"diagnostics-build.json", "GET", "/api/dev/diagnostics/build", ""},
	{"diagnostics-errors-recent.json", "GET", "/api/dev/diagnostics/errors/recent?limit=500", ""},
	{"diagnostics-health-relay.json", "GET", "/api/dev/diagnostics/health/relay", ""},
	{"diagnostics-metrics-snapshot.json", "GET", "/api/dev/diagnostics/metrics/snapshot", ""},
	{"diagnostics-parity-list.json", "GET", "/api/dev/diagnostics/parity", ""},
	{"diagnostics-parity-session.json", "GET", "/api/dev/diagnostics/parity?sessionId=%S", ""},
	{"diagnostics-session-flow.json", "GET", "/api/dev/diagnostics/session/%S/flow", ""},
	{"diagnostics-sessions-active.json", "GET", "/api/dev/diagnostics/sessions/active", ""},
	{"diagnostics-support-bundle.json", "POST", "/api/dev/diagnostics/support-bundle", `{"includeDbSample":true,"sessionId":"%S"}`},
	{"health.json", "GET", "/api/health", ""},
	{"health-ready.json", "GET", "/api/health/ready", ""},
	{"health-telemetry.json", "GET", "/api/health/telemetry", ""},
}

func TestLiveAnswersHaveTheShapeOfTheCaptures(t *testing.T) {
	for folder, wired := range map[string]bool{"stock": false, "tapped": true} {
		t.Run(folder, func(t *testing.T) {
			o := DemoOptions(11)
			o.Wired = wired
			b := serve(t, New(o))
			id, trace := b.Session(), ""
			for _, w := range twins {
				if wired && w.capture == "diagnostics-support-bundle.json" {
					w.body = `{"includeDbSample":true}` // taken without a session
				}
				fill := strings.NewReplacer("%S", id, "%T", trace)
				status, _, answer, err := b.ask(w.method, fill.Replace(w.path), b.Bearer(), fill.Replace(w.body))
				if err != nil {
					t.Fatalf("%s: %v", w.capture, err)
				}
				want := captured(t, folder, w.capture)
				if ok := status == 200; ok == strings.HasPrefix(want, `{"success":false`) {
					t.Errorf("%s: status %d", w.capture, status)
				}
				if w.capture == "ops-trace-start.json" {
					trace = firstMember([]byte(answer), "traceId")
				}
				sameShape(t, w.capture, answer, want)
			}
		})
	}
}

// Lists that hold by chance more or fewer kinds: the newest ten errors, events of one span or one
// session, the newest hundred of a class, the rooms of a visitor. Their elements are those of the
// other answers.
var byChance = regexp.MustCompile(`(errors|relay|session|socket|error|rooms|joinedRooms):\[[^\[\]]*\]`)

// whole are the answers that those elements come from.
var whole = regexp.MustCompile(`^(ops-events|diagnostics-errors|ops-sessions|diagnostics-sessions)`)

func sameShape(t *testing.T, name, answer, want string) {
	t.Helper()
	got, wanted := shape(t, answer), shape(t, want)
	if !whole.MatchString(name) {
		got, wanted = byChance.ReplaceAllString(got, "$1:[]"), byChance.ReplaceAllString(wanted, "$1:[]")
	}
	got, wanted = oneEach(got), oneEach(wanted)
	if got != wanted {
		i := 0
		for i < min(len(got), len(wanted)) && got[i] == wanted[i] {
			i++
		}
		from := max(0, i-80)
		t.Errorf("%s differs at %d:\n got  %.300s\n want %.300s", name, i, got[from:], wanted[from:])
	}
}

// oneEach takes out what became equal in a list of kinds.
func oneEach(shape string) string {
	for {
		once := twice.ReplaceAllStringFunc(shape, func(m string) string {
			a, b, _ := strings.Cut(m, " | ")
			if a == b {
				return a
			}
			return m
		})
		if once == shape {
			return shape
		}
		shape = once
	}
}

var twice = regexp.MustCompile(`\{[^{}]*\} \| \{[^{}]*\}`)

// skeleton is a metrics page without its numbers: declarations, and which series there are.
func skeleton(page string) (declared []string, series []string) {
	for line := range strings.Lines(page) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "#"):
			declared = append(declared, line)
		case line != "":
			name, _, _ := strings.Cut(line, " ")
			series = append(series, name)
		}
	}
	return declared, series
}

func TestMetricsPageIsThatOfTheCaptures(t *testing.T) {
	for folder, wired := range map[string]bool{"stock": false, "tapped": true} {
		o := DemoOptions(12)
		o.Wired = wired
		b := serve(t, New(o))
		page := b.get(t, "/metrics", 200)
		declared, series := skeleton(page)
		wantDeclared, wantSeries := skeleton(captured(t, folder, "metrics.txt"))
		if len(declared) != 82 || !slices.Equal(declared, wantDeclared) {
			t.Errorf("%s: %d lines of HELP and TYPE, or other ones:\n%s", folder, len(declared), strings.Join(declared, "\n"))
		}
		slices.Sort(series)
		slices.Sort(wantSeries)
		if !slices.Equal(series, wantSeries) {
			t.Errorf("%s: series differ:\n got  %v\n want %v", folder, series, wantSeries)
		}
		if blank := strings.Count(page, "\n\n"); blank != 40 || !strings.HasSuffix(page, "\n") {
			t.Errorf("%s: %d blank lines between 41 families", folder, blank)
		}
	}
}

func TestImmediateRescrapeFindsAnEmptyLagWindow(t *testing.T) {
	now := time.UnixMilli(1_795_424_857_000)
	o := DemoOptions(13)
	o.Now = func() time.Time { return now }
	b := serve(t, New(o))
	first := b.get(t, "/metrics", 200)
	second := b.get(t, "/metrics", 200)
	re := regexp.MustCompile(`(?m)^controlbox_nodejs_eventloop_lag_(?:min|max|mean|stddev|p50|p90|p99)_seconds .*$`)
	want := re.FindAllString(captured(t, "tapped", "metrics-immediate-rescrape.txt"), -1)
	if got := re.FindAllString(second, -1); !slices.Equal(got, want) || len(want) != 7 {
		t.Errorf("rescrape:\n got  %q\n want %q", got, want)
	}
	if slices.Equal(re.FindAllString(first, -1), want) {
		t.Error("the first scrape found an empty window too")
	}
}
