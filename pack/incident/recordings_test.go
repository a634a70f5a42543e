package incident

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"relaypack/scrape/profile"
)

// recordings says what each recording makes of the built-in rules: RULE@SECOND opens, +RULE joins an
// opening, -RULE closes, (RULE) is held back. every: with each source read in each look, every 5 s.
// usual: /metrics in every third and the rest in every sixth, as the agent does by default.
var recordings = []struct{ name, every, usual string }{
	{"healthy-idle", "", ""},
	{"healthy-busy", "", ""},
	{"traffic-surge", "", ""},
	{"stuck-session", "", ""},
	{"token-expired", "", ""},
	{"rate-limited", "", ""},
	{"database-down", "", ""},
	{"auth-fail-storm", "drop-rate@100", "drop-rate@120"},
	// Sampled every 30 s, 80 s of errors are over before they have lasted for a minute.
	{"drop-storm", "drop-rate@100 error-burst@125", "drop-rate@120"},
	{"event-loop-stall", "event-loop-lag@95", "event-loop-lag@105"},
	{"descriptor-leak", "descriptors-near-limit@100 relay-not-answering@135",
		"descriptors-near-limit@105 relay-not-answering@135 -relay-not-answering@185"},
	{"memory-growth-oom-kill",
		"memory-near-limit@115 -memory-near-limit@130 relay-down@130 relay-restarted@130 -relay-down@135 -relay-restarted@140",
		"memory-near-limit@115 -memory-near-limit@130 relay-down@130 relay-restarted@130 -relay-down@135 -relay-restarted@140"},
	{"half-dead", "relay-down@60 -relay-down@140 +relay-restarted@140 -relay-restarted@150", "relay-down@60 -relay-down@140 +relay-restarted@140 -relay-restarted@150"},
	{"crash-loop",
		"relay-down@60 -relay-down@65 +relay-restarted@65 -relay-restarted@75 relay-down@80 -relay-down@85 +relay-restarted@85 -relay-restarted@95 relay-down@100 -relay-down@105 +relay-restarted@105 -relay-restarted@115 (relay-down)@120 (relay-restarted)@125",
		"relay-down@60 -relay-down@65 +relay-restarted@65 -relay-restarted@75 relay-down@80 -relay-down@85 +relay-restarted@85 -relay-restarted@95 relay-down@100 -relay-down@105 +relay-restarted@105 -relay-restarted@115 (relay-down)@120 (relay-restarted)@125"},
	{"database-down-kills-relay", "relay-down@60 +relay-restarted@85 -relay-restarted@90 +relay-restarted@110 -relay-down@125 -relay-restarted@130", "relay-down@60 +relay-restarted@85 -relay-restarted@90 +relay-restarted@110 -relay-down@125 -relay-restarted@130"},
}

func TestRecordings(t *testing.T) {
	files, err := os.ReadDir("testdata/recordings")
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]struct{ Cause string }
	data, err := os.ReadFile("testdata/recordings/cases.json")
	if err != nil || json.Unmarshal(data, &cases) != nil {
		t.Fatal(err)
	}
	if len(recordings) != 15 || len(cases) != 15 || len(files) != 15+2 {
		t.Errorf("%d recordings in the table, %d cases, %d files", len(recordings), len(cases), len(files))
	}
	for _, c := range recordings {
		if got := run(t, "okboxbox", c.name, 1, 1); got != c.every {
			t.Errorf("%s, all in each look:\ngot  %s\nwant %s", c.name, got, c.every)
		}
		if got := run(t, "okboxbox", c.name, 3, 6); got != c.usual {
			t.Errorf("%s, at the usual intervals:\ngot  %s\nwant %s", c.name, got, c.usual)
		}
		if healthy := cases[c.name].Cause == "none"; healthy && c.every+c.usual != "" {
			t.Errorf("%s is healthy", c.name)
		}
	}
}

// TestRecordingsWithoutRights: /metrics and the process alone still tell what ends a relay.
func TestRecordingsWithoutRights(t *testing.T) {
	for _, c := range recordings {
		var want []string
		for word := range strings.FieldsSeq(c.every) {
			if !strings.Contains(word, "error-burst") {
				want = append(want, word)
			}
		}
		if got := run(t, "okboxbox", c.name, 1, 1<<30); got != strings.Join(want, " ") {
			t.Errorf("%s: got %s, want %s", c.name, got, want)
		}
	}
}

// TestGenericOnHealthyRecordings: the relay's names are not those of the generic profile, so there its
// rules see the process, the port and whether the page comes.
func TestGenericOnHealthyRecordings(t *testing.T) {
	for name, want := range map[string]string{
		"healthy-busy": "", "healthy-idle": "", "traffic-surge": "",
		"half-dead":              "relay-down@60 -relay-down@140 +relay-restarted@140 -relay-restarted@150",
		"memory-growth-oom-kill": "memory-near-limit@115 -memory-near-limit@130 relay-down@130 relay-restarted@130 -relay-down@135 -relay-restarted@140",
	} {
		if got := run(t, "generic", name, 1, 1<<30); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

// TestCapturesAreQuiet: a relay that goes on answering as in the captures has no incident.
func TestCapturesAreQuiet(t *testing.T) {
	p, err := profile.Load("okboxbox")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"stock", "tapped", "tapped-early"} {
		at := func(name string) []byte {
			data, err := os.ReadFile(filepath.Join("..", "..", "scrape", "demorelay", "testdata", folder, name))
			if err != nil {
				t.Fatal(err)
			}
			return data
		}
		page, err := json.Marshal(string(at("metrics.txt")))
		if err != nil {
			t.Fatal(err)
		}
		sources := map[string]recordedSource{
			"tcp": {Status: "open"}, "process": {Status: "ok", Body: []byte(`{"pid":7,"startTicks":5,"rssBytes":1e8,"fds":30}`)},
			"metrics": {200.0, page}, "summary": {200.0, at("ops-summary.json")}, "events.error": {200.0, at("ops-events-error.json")},
		}
		synctest.Test(t, func(t *testing.T) {
			e := New(p.Incidents, Options{})
			r := newReplayed(t, p)
			for i := range 60 {
				look := recordedLook{At: time.Now().UnixMilli(), Sources: sources}
				if i > 0 {
					sources["events.error"] = recordedSource{200.0, []byte(`{"data":{"events":[]}}`)} // nothing new
				}
				if changes := e.Evaluate(r.take(look, true, true)); changes != nil {
					t.Errorf("%s: %+v", folder, changes)
				}
				time.Sleep(15 * time.Second)
			}
			for _, rule := range e.Summary().Rules {
				judged := rule.UnknownSince == nil
				if never := rule.Rule == "memory-near-limit"; judged == never && rule.Rule != "drop-rate" { // stock has no sample
					t.Errorf("%s: %+v", folder, rule)
				}
			}
		})
	}
}

// run replays a recording through a built-in profile.
func run(t *testing.T, profileName, recording string, metricsEvery, debugEvery int) string {
	t.Helper()
	p, err := profile.Load(profileName)
	if err != nil {
		t.Fatal(err)
	}
	looks := readRecording(t, recording)
	var out []string
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		first := time.UnixMilli(looks[0].At)
		e := New(p.Incidents, Options{Now: func() time.Time { return first.Add(time.Since(begin)) }})
		r := newReplayed(t, p)
		for i, l := range looks {
			time.Sleep(time.UnixMilli(l.At).Sub(first) - time.Since(begin))
			for _, c := range e.Evaluate(r.take(l, i%metricsEvery == 0, debugEvery <= len(looks) && i%debugEvery == 0)) {
				out = append(out, tell(c, (l.At-looks[0].At+500)/1000))
			}
		}
	})
	return strings.Join(out, " ")
}

func tell(c Change, second int64) string {
	form := "%s@%d"
	switch {
	case c.Kind == Closed:
		form = "-%s@%d"
	case c.Kind == HeldBack:
		form = "(%s)@%d"
	case c.Record.Joined:
		form = "+%s@%d"
	}
	return fmt.Sprintf(form, c.Record.Rule, second)
}
