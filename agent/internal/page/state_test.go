package page

import (
	"encoding/json"
	"testing"
)

// How the relay stands, of what the agent's status says.
func TestState(t *testing.T) {
	for _, c := range []struct {
		name, status    string
		word, kind, why string
		up              bool
		since           int64
		sources         string
	}{
		{"never seen", `{"sources":{"ready":{"status":"unreachable"}},"lives":[]}`, "Not seen yet", "warn", "", false, 0, "0 of 1 sources answer"},
		{"up", `{"sources":{"a":{"status":"ok"},"b":{"status":"off"}},"lives":[{"life":1,"startedAt":5,"firstSeen":9}]}`, "Up", "good", "", true, 5, "1 of 1 sources answer"},
		{"up, start unknown", `{"sources":{"a":{"status":"ok"}},"lives":[{"life":1,"startedAt":null,"firstSeen":9}]}`, "Up", "good", "", true, 9, "1 of 1 sources answer"},
		{"up in part", `{"sources":{"a":{"status":"ok"},"b":{"status":"forbidden"}},"lives":[{"life":1,"startedAt":5}]}`, "Up", "warn", "", true, 5, "1 of 2 sources answer"},
		{"hangs", `{"sources":{"a":{"status":"timeout","lastOkAt":7},"b":{"status":"stale","lastOkAt":8}},"lives":[{"life":1,"startedAt":5}]}`, "Not answering", "bad", "", false, 8, "0 of 2 sources answer"},
		{"dead", `{"sources":{"a":{"status":"ok"}},"lives":[{"life":1,"startedAt":5,"endedAt":20,"end":"gone","signal":"SIGKILL","oomKill":"certain"}]}`, "Down", "bad", "its process is gone, signal SIGKILL, out of memory: certain", false, 20, "1 of 1 sources answer"},
		{"killed once, up again", `{"sources":{"a":{"status":"ok"}},"lives":[{"life":1,"endedAt":20,"end":"gone"},{"life":2,"startedAt":30}]}`, "Up", "good", "", true, 30, "1 of 1 sources answer"},
	} {
		var v statusView
		if err := json.Unmarshal([]byte(c.status), &v); err != nil {
			t.Fatal(err)
		}
		s := stateOf(&v, &summaryView{})
		if s.Word != c.word || s.Kind != c.kind || s.Why != c.why || s.Up != c.up || s.Since != c.since || s.Sources != c.sources {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
}

// What is in trouble comes first, what is not asked last.
func TestSourcesInTroubleComeFirst(t *testing.T) {
	var names string
	for _, s := range sortedSources(map[string]source{"a": {Status: "ok"}, "b": {Status: "skipped"}, "c": {Status: "stale"}, "d": {Status: "timeout"}, "e": {Status: "ok"}}) {
		names += s.Name
	}
	if names != "dcaeb" {
		t.Errorf("order %s", names)
	}
}
