package demorelay

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"
)

func captures(folder string) *os.Root {
	root, err := os.OpenRoot(filepath.Join("testdata", folder))
	if err != nil {
		panic(err)
	}
	return root
}

// replayed serves a folder of captures in a bubble.
func replayed(t *testing.T, folder string, o ReplayOptions, do func(t *testing.T, b *bench)) {
	t.Helper()
	root := captures(folder)
	defer root.Close()
	synctest.Test(t, func(t *testing.T) {
		r, err := NewReplay(root.FS(), o)
		if err != nil {
			t.Fatal(err)
		}
		do(t, serve(t, r))
	})
}

func TestReplayGivesTheCapturesThemselves(t *testing.T) {
	for _, folder := range []string{"stock", "tapped"} {
		replayed(t, folder, ReplayOptions{Seed: 1}, func(t *testing.T, b *bench) {
			session := b.Session()
			trace := firstMember([]byte(captured(t, folder, "ops-trace.json")), "traceId")
			if session == "" || trace == "" {
				t.Fatalf("%s: session %q, trace %q", folder, session, trace)
			}
			fill := strings.NewReplacer("%S", session, "%T", trace)
			for _, w := range append(twins, struct{ capture, method, path, body string }{"metrics.txt", "GET", "/metrics", ""}) {
				status, h, answer, err := b.ask(w.method, fill.Replace(w.path), b.Bearer(), fill.Replace(w.body))
				if err != nil {
					t.Fatal(err)
				}
				raw, err := readCapture(folder, w.capture)
				if err != nil {
					t.Fatal(err)
				}
				want := 200
				if strings.HasPrefix(string(raw), `{"success":false`) {
					want = 404
				}
				if answer != string(raw) || status != want {
					t.Errorf("%s: status %d, want %d, or another body", w.capture, status, want)
				}
				if api := strings.HasPrefix(w.path, "/api"); (h.Get("X-RateLimit-Tier") == "admin") != api {
					t.Errorf("%s: tier %q", w.capture, h.Get("X-RateLimit-Tier"))
				}
			}
			for path, text := range map[string]string{
				"/api/dev/diagnostics/parity?sessionId=sess_other": "No parity data for session",
				"/api/dev/diagnostics/session/sess_other/flow":     "Session not found",
				"/api/ops/trace/trace-0-other":                     "Trace not found",
			} {
				if answer := b.get(t, path, 404); !strings.Contains(answer, text) {
					t.Errorf("%s: %s", path, answer)
				}
			}
		})
	}
}

func TestReplayRights(t *testing.T) {
	for rights, want := range map[Rights]string{RightsOps: "200 200", RightsPlain: "403 403", RightsNone: "401 401", "": "200 200"} {
		replayed(t, "tapped", ReplayOptions{Rights: rights, Bearer: "one-and-the-same"}, func(t *testing.T, b *bench) {
			var got []string
			for _, path := range []string{"/api/ops/summary", "/api/dev/diagnostics/parity"} {
				status, _, answer, err := b.ask("GET", path, "one-and-the-same", "")
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, map[int]string{200: "200", 401: "401", 403: "403"}[status])
				if status == 401 && !strings.Contains(answer, "TOKEN_INVALID") {
					t.Errorf("%s: %s", path, answer)
				}
			}
			if strings.Join(got, " ") != want {
				t.Errorf("rights %q: %v, want %s", rights, got, want)
			}
			b.get(t, "/metrics", 200)
			b.get(t, "/api/health/telemetry", 200)
		})
	}
	root := captures("tapped")
	defer root.Close()
	if _, err := NewReplay(root.FS(), ReplayOptions{Rights: "all"}); err == nil {
		t.Error("unknown rights were taken")
	}
}

func TestReplayLacksWhatIsNotThere(t *testing.T) {
	replayed(t, "tapped-early", ReplayOptions{}, func(t *testing.T, b *bench) {
		for path, text := range map[string]string{
			"/api/dev/diagnostics/parity": `{"success":false,"error":"Diagnostics not enabled"}`,
			"/api/ops/sockets":            `{"success":false,"error":"Ops UI not enabled"}`,
			"/api/health/telemetry":       "Cannot GET /api/health/telemetry",
		} {
			if answer := b.get(t, path, 404); !strings.Contains(answer, text) {
				t.Errorf("%s: %s", path, answer)
			}
		}
		if answer := b.get(t, "/api/health/ready", 200); answer != `{"ready":true}` {
			t.Errorf("gate: %s", answer)
		}
		b.SetDatabase(false)
		if status, _, answer, err := b.ask("GET", "/api/health/ready", "", ""); err != nil || status != 503 || answer != `{"ready":false}` {
			t.Errorf("gate without database: %d %s %v", status, answer, err)
		}
		if _, _, _, err := b.ask("GET", "/api/ops/summary", b.Bearer(), ""); err == nil {
			t.Error("a replayed relay survives a bearer without database")
		}
		b.dead(t, BearerNoDatabase)
	})
	if _, err := NewReplay(fstest.MapFS{"note.txt": {Data: []byte("x")}}, ReplayOptions{}); err == nil {
		t.Error("a folder without captures was taken")
	}
}

func TestReplayClockIsTheCapturesOwn(t *testing.T) {
	early, late := captures("tapped-early"), captures("tapped")
	defer early.Close()
	defer late.Close()
	synctest.Test(t, func(t *testing.T) {
		r, err := NewReplay(early.FS(), ReplayOptions{})
		if err != nil {
			t.Fatal(err)
		}
		b, clock := serve(t, r), r.Clock()
		if got := clock().UTC().Format(time.RFC3339); got != "2026-11-23T09:04:36Z" {
			t.Errorf("clock begins at %s", got)
		}
		zero := clock()
		time.Sleep(time.Minute)
		if got := clock().Sub(zero); got != time.Minute {
			t.Errorf("clock went %v in a minute", got)
		}
		if err := r.SwitchTo(late.FS()); err != nil {
			t.Fatal(err)
		}
		if got := clock().UTC().Format(time.RFC3339); got != "2026-11-23T09:07:45Z" {
			t.Errorf("after the switch the clock stands at %s", got)
		}
		if got := b.get(t, "/api/ops/summary", 200); got != captured(t, "tapped", "ops-summary.json") {
			t.Error("after the switch the old answers are given")
		}
		zero = clock()
		if err := r.SwitchTo(early.FS()); err != nil {
			t.Fatal(err)
		}
		if clock().Before(zero) {
			t.Error("the clock went back")
		}
		_, h, _, err := b.ask("GET", "/metrics", "", "")
		if err != nil || !strings.HasPrefix(h.Get("Date"), "Mon, 23 Nov 2026 09:07") {
			t.Errorf("Date is %q", h.Get("Date"))
		}
		if err := New(Options{}).SwitchTo(late.FS()); err == nil {
			t.Error("a live relay was switched")
		}
	})
}
