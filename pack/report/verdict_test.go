package report_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"relaypack/pack/report"
)

var verdictOf = regexp.MustCompile(`(?s)<section class="verdict ([a-z]*)" aria-label="Verdict">(.*?)</section>`)

// What is said of a relay is what the pack knows, and never that all is well.
func TestVerdict(t *testing.T) {
	const made = `"generatedAt":1795534321315`
	alive := `"lives":[{"life":1,"startedAt":1795534195000,"endedAt":null}],"relay":{"port":"open"}`
	ok := `"sources":{"summary":{"status":"ok","lastOkAt":1795534320315}}`
	for name, c := range map[string]struct{ pack, level, want string }{
		"dead": {`{` + made + `,"supportBundle":{` + ok + `,"lives":[{"endedAt":1795534311315,"end":"gone","signal":"SIGKILL","oomKill":"probable"}]}}`, "bad",
			"The relay is dead: it ended at 2026-11-24 15:31:51.315 UTC, 10 s before this pack (its process is gone, SIGKILL, probably for want of memory)."},
		"exit code": {`{` + made + `,"supportBundle":{` + ok + `,"lives":[{"endedAt":1795534311315,"end":"gone","exitCode":1}]}}`, "bad", "(its process is gone, exit code 1)"},
		"alive":     {`{` + made + `,"supportBundle":{` + ok + `,` + alive + `}}`, "", "The relay was alive: summary answered, 1 s before this pack."},
		"no fault":  {`{` + made + `,"supportBundle":{` + ok + `,` + alive + `}}`, "", "Nothing in this pack tells of a fault. It can only tell of what it looked at."},
		"silent": {`{` + made + `,"supportBundle":{"sources":{"summary":{"status":"timeout","lastOkAt":1795534021315,"since":1795534025000}},` + alive + `}}`, "bad",
			"The relay is there, but does not answer. Its last answer came at 2026-11-24 15:27:01.315 UTC, 5 min before this pack (summary)."},
		"failing": {`{` + made + `,"supportBundle":{"sources":{"summary":{"status":"ok","lastOkAt":1795534320315},"metrics":{"status":"timeout","since":1795534025000},"x":{"status":"skipped"}},` + alive + `}}`, "warn",
			"1 of 3 sources did not answer as they should: metrics timeout since 15:27:05."},
		"many failing": {`{` + made + `,"supportBundle":{"sources":{"summary":{"status":"ok","lastOkAt":1795534320315},"a":{"status":"gated"},"b":{"status":"gated"},"c":{"status":"gated"},"d":{"status":"gated"},"e":{"status":"timeout"}},` + alive + `}}`, "warn",
			"5 of 6 sources did not answer as they should: 4 gated (a, b, c, d), 1 timeout (e)."},
		"refused":    {`{` + made + `,"supportBundle":{` + ok + `,"lives":[{"life":1}],"relay":{"port":"refused"}}}`, "bad", "port refuses connections"},
		"never seen": {`{` + made + `,"supportBundle":{"sources":{},"lives":[]}}`, "bad", "had not seen the relay alive"},
		"restarted": {`{` + made + `,"supportBundle":{` + ok + `,"lives":[{"endedAt":1795534311315,"end":"replaced"},{"life":2}]}}`, "bad",
			"It ended once before, last at 2026-11-24 15:31:51.315 UTC (another process took its place)."},
		"critical incident": {`{` + made + `,"supportBundle":{` + ok + `,` + alive + `,"incidents":[{"rule":"drop-rate","severity":"critical","openedAt":1}]}}`, "bad", "1 incident open: drop-rate."},
		"closed incident":   {`{` + made + `,"supportBundle":{` + ok + `,` + alive + `,"incidents":[{"rule":"drop-rate","severity":"critical","openedAt":1,"closedAt":2}]}}`, "warn", "1 incident closed again: drop-rate."},
		"memory":            {`{` + made + `,"supportBundle":{` + ok + `,` + alive + `,"container":{"workingSetBytes":970000000,"memoryLimitBytes":1073741824}}}`, "bad", "Memory is near its limit: 925 MiB of 1.0 GiB (90 %)."},
		"enough memory":     {`{` + made + `,"supportBundle":{` + ok + `,` + alive + `,"container":{"workingSetBytes":900000000,"memoryLimitBytes":1073741824}}}`, "", "Nothing in this pack tells of a fault"},
		"oom in the pod":    {`{` + made + `,"supportBundle":{` + ok + `,` + alive + `,"kubernetes":{"containers":[{"name":"relay","lastEnded":{"reason":"OOMKilled","exitCode":137}}]}}}`, "bad", "container relay ended: OOMKilled, exit code 137."},
		"unknown numbers":   {`{` + made + `,"summary":{"uptime":null,"activeSessions":3},"supportBundle":{` + ok + `,` + alive + `}}`, "warn", "1 of 2 numbers of the relay are unknown."},
		"lost events":       {`{` + made + `,"supportBundle":{` + ok + `,` + alive + `,"gaps":[{"why":"before start","missed":9},{"why":"between looks","missed":4}]}}`, "warn", "4 events were lost before anybody could read them."},
		"minimal":           {`{` + made + `,"supportBundle":{` + ok + `,` + alive + `,"redaction":{"verifier":{"verdict":"minimal"}}}}`, "warn", "This is a minimal pack"},
		"foreign":           {`{` + made + `}`, "", "This pack does not say how the relay was"},
	} {
		m := verdictOf.FindStringSubmatch(strings.ReplaceAll(page(t, []byte(c.pack)), "&#39;", "'"))
		if m == nil {
			t.Fatalf("%s: no verdict", name)
		}
		if m[1] != c.level || !strings.Contains(m[2], c.want) {
			t.Errorf("%s: level %q, want %q; no %q in %s", name, m[1], c.level, c.want, m[2])
		}
	}
}

func TestText(t *testing.T) {
	var b bytes.Buffer
	if err := report.Text(&b, crash(t)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Support pack pack-1795534321315-m47m6f\n",
		"\n  x It ended 3 times before, last at 2026-11-24 15:31:56.341 UTC (its process is gone, SIGKILL).\n",
		"\n  Sockets          26\n",
		"\n  2026-11-24 15:31:56.341 relay      life 3 ended: its process is gone, SIGKILL\n",
		"\nEvents: socket   500 socket (join 175, ",
		"\nRedaction: 988 changes",
		"\nNot in this pack: kubernetes, trace.\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

func TestTextTellsSourcesThatFail(t *testing.T) {
	var b bytes.Buffer
	err := report.Text(&b, []byte(`{"supportBundle":{"sources":{"metrics":{"status":"timeout","ageMs":61000,"error":"no answer in time"},"ready":{"status":"ok"}}}}`))
	if want := "  metrics      timeout      last good answer 1 min 1 s before; no answer in time\n"; err != nil || !strings.Contains(b.String(), want) || strings.Contains(b.String(), "  ready") {
		t.Errorf("%v: want %q in\n%s", err, want, b.String())
	}
}
