package demorelay

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// answers collects everything that an agent would read.
func (b *bench) answers(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, path := range []string{
		"/metrics", "/api/health/telemetry", "/api/ops/summary", "/api/ops/sockets", "/api/ops/sessions",
		"/api/ops/events?type=socket&limit=500", "/api/ops/events?type=relay&limit=500", "/api/ops/events?type=session&limit=500",
		"/api/ops/events?type=error&limit=500", "/api/dev/diagnostics/health/relay", "/api/dev/diagnostics/sessions/active",
		"/api/dev/diagnostics/errors/recent?limit=500", "/api/dev/diagnostics/parity", "/api/dev/diagnostics/parity?sessionId=" + b.Session(),
	} {
		all.WriteString(b.get(t, path, 200) + "\n")
	}
	return all.String()
}

// TestSameSeedSameTraffic: what is told at an instant depends on the seed and the start alone, not on
// who looked before.
func TestSameSeedSameTraffic(t *testing.T) {
	after := func(seed uint64, looks int) (told string) {
		inBubble(t, DemoOptions(seed), func(t *testing.T, b *bench) {
			for range looks {
				time.Sleep(10 * time.Minute / time.Duration(looks))
				if looks > 1 {
					b.get(t, "/api/ops/summary", 200)
				}
			}
			told = b.tell(t)
		})
		return told
	}
	once := after(30, 1)
	if again := after(30, 1); again != once {
		t.Error("the same seed told something else")
	}
	if often := after(30, 75); often != once {
		t.Error("looking 75 times changed what is told")
	}
	if other := after(31, 1); other == once {
		t.Error("another seed told the same")
	}
}

// tell is answers without the metrics: the lag window does depend on who looked.
func (b *bench) tell(t *testing.T) string {
	t.Helper()
	_, told, _ := strings.Cut(b.answers(t), `{"activeSessions"`)
	return told
}

func TestAnHourFillsAllRings(t *testing.T) {
	inBubble(t, DemoOptions(32), func(t *testing.T, b *bench) {
		var in struct {
			Data struct{ EventBuffers map[string]fill }
		}
		if err := json.Unmarshal([]byte(b.get(t, "/api/ops/summary", 200)), &in); err != nil {
			t.Fatal(err)
		}
		if len(in.Data.EventBuffers) != 4 {
			t.Fatalf("rings: %v", in.Data.EventBuffers)
		}
		for class, f := range in.Data.EventBuffers {
			if f.Count != 500 || f.Evicted == 0 {
				t.Errorf("ring %s: %+v", class, f)
			}
			list := b.events(t, "type="+class+"&limit=500")
			if newest := fmt.Sprintf("rb-%d", f.Count+f.Evicted); list[0].ID != newest {
				t.Errorf("ring %s: newest id %s, want %s", class, list[0].ID, newest)
			}
			for i := 1; i < len(list); i++ {
				var a, z int
				fmt.Sscanf(list[i-1].ID, "rb-%d", &a)
				fmt.Sscanf(list[i].ID, "rb-%d", &z)
				if a != z+1 || list[i-1].Timestamp < list[i].Timestamp {
					t.Fatalf("ring %s: %s then %s, or out of time", class, list[i-1].ID, list[i].ID)
				}
			}
		}
	})
}

func (b *bench) events(t *testing.T, query string) []event {
	t.Helper()
	var in struct{ Data eventsAnswer }
	if err := json.Unmarshal([]byte(b.get(t, "/api/ops/events?"+query, 200)), &in); err != nil {
		t.Fatal(err)
	}
	if in.Data.Count != len(in.Data.Events) {
		t.Errorf("%s: count %d of %d events", query, in.Data.Count, len(in.Data.Events))
	}
	return in.Data.Events
}

func TestEventLimitQuirks(t *testing.T) {
	inBubble(t, DemoOptions(33), func(t *testing.T, b *bench) {
		for query, want := range map[string]int{
			"type=relay": 200, "type=relay&limit=0": 200, "type=relay&limit=x": 200, "type=relay&limit=7": 7, "type=relay&limit=7up": 7,
			"type=relay&limit=501": 500, "type=relay&limit=-3": 497, "": 200, "limit=40": 40, "type=odd&limit=40": 40,
			"limit=1": 2000, "limit=3": 2000, "limit=4": 4,
		} {
			if got := len(b.events(t, query)); got != want {
				t.Errorf("%q: %d events, want %d", query, got, want)
			}
		}
		all := b.events(t, "limit=400")
		if !slices.IsSortedFunc(all, func(a, z event) int { return int(z.Timestamp - a.Timestamp) }) {
			t.Error("all classes together are not newest first")
		}
		id := b.Session()
		own := b.events(t, "type=relay&limit=500&sessionId="+id)
		if len(own) == 0 || len(own) == 500 || own[0].SessionID != masked(id) {
			t.Errorf("%d events of one session", len(own))
		}
		if n := len(b.events(t, "type=socket&limit=500&sessionId="+id)); n != 0 {
			t.Errorf("%d socket events have a session", n)
		}
	})
}

func TestRawIDsStandWhereUpstreamLeavesThem(t *testing.T) {
	inBubble(t, DemoOptions(36), func(t *testing.T, b *bench) {
		raw, short := b.Session(), ""
		for _, id := range b.RawSessions() {
			if len(id) <= 8 {
				short = id
			}
		}
		if short == "" || !strings.HasPrefix(raw, "sess_") {
			t.Fatalf("no short id, or session %q", raw)
		}
		for _, path := range []string{"/api/dev/diagnostics/sessions/active", "/api/dev/diagnostics/parity", "/api/dev/diagnostics/health/relay", "/api/health/telemetry"} {
			if answer := b.get(t, path, 200); !strings.Contains(answer, raw) || !strings.Contains(answer, short) {
				t.Errorf("%s has no raw ids", path)
			}
		}
		for _, path := range []string{"/api/ops/summary", "/api/ops/sessions", "/api/ops/sockets", "/api/ops/events?type=relay&limit=500"} {
			if answer := b.get(t, path, 200); strings.Contains(answer, raw) || !strings.Contains(answer, masked(raw)) || !strings.Contains(answer, short) {
				t.Errorf("%s: raw id, or no masked one, or no short one", path)
			}
		}
		known := b.RawSockets()
		var in struct{ Data relaysAnswer }
		json.Unmarshal([]byte(b.get(t, "/api/dev/diagnostics/health/relay", 200)), &in)
		for _, row := range in.Data.Relays {
			if !slices.ContainsFunc(known, func(id string) bool { return strings.HasPrefix(id, strings.TrimSuffix(row.SocketID, "...")) }) {
				t.Errorf("socket %s is not among the raw ids", row.SocketID)
			}
		}
	})
}

func TestSilentSessionLeavesTheSocketLayerOnly(t *testing.T) {
	o := DemoOptions(37)
	o.Warm = 2 * time.Hour
	inBubble(t, o, func(t *testing.T, b *bench) {
		var in struct {
			Data struct {
				Relay    struct{ ActiveSessions int }
				Sessions struct {
					Active  int
					Details []summarySession
				}
			}
		}
		if err := json.Unmarshal([]byte(b.get(t, "/api/ops/summary", 200)), &in); err != nil {
			t.Fatal(err)
		}
		if in.Data.Sessions.Active >= in.Data.Relay.ActiveSessions {
			t.Errorf("socket layer has %d sessions, recorder %d", in.Data.Sessions.Active, in.Data.Relay.ActiveSessions)
		}
		for _, s := range in.Data.Sessions.Details {
			if s.AgeMs > silentMs+sweepMs {
				t.Errorf("session %s is listed after %d ms of silence", s.SessionID, s.AgeMs)
			}
		}
	})
}

func TestIdleRelayCostsNothingInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := serve(t, New(DemoOptions(41)))
		b.get(t, "/metrics", 200)
		time.Sleep(3 * time.Hour) // nothing wakes up in between
		b.get(t, "/api/ops/summary", 200)
	})
}

func BenchmarkLook(b *testing.B) {
	o := DemoOptions(42)
	now := time.UnixMilli(1_795_424_857_000)
	o.Now = func() time.Time { return now }
	r := New(o)
	ask, err := newRequest("GET", "/api/ops/summary", r.Bearer(), "")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		now = now.Add(time.Second)
		r.ServeHTTP(discard{}, ask)
	}
}

func BenchmarkWarmHour(b *testing.B) {
	o := DemoOptions(43)
	ask, err := newRequest("GET", "/api/health/ready", "", "")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		New(o).ServeHTTP(discard{}, ask) // the first request computes the hour
	}
}

func TestMaskIsUpstreams(t *testing.T) {
	for id, want := range map[string]string{ // from the tapped capture, raw and masked
		"sess_046c09931dce": "sess...1dce", "mTgk0QtgvQOMUa4EAAYR": "mTgk...AAYR", "ninechars": "nine...hars", "eightchr": "eightchr", "short": "short",
	} {
		if got := masked(id); got != want {
			t.Errorf("%s is masked as %s, want %s", id, got, want)
		}
	}
}
