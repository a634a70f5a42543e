package pack

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"relaypack/scrape"
)

const megabytes = 8 << 20

func TestPackHasTheCapturesOwnNumbers(t *testing.T) {
	tables := map[string]struct {
		sources []string
		want    map[string]string
	}{
		"tapped": {all, map[string]string{
			"summary.environment": `"development"`, "summary.uptime": `245360`, "summary.activeSessions": `24`,
			"summary.activeConnections": `18`, "socketStats.totalConnects": `860`, "socketStats.totalAuthFails": `136`,
			"socketStats.byRole":    `{"dashboard":8,"driver":4,"overlay":3,"relay":3}`,
			"relayStats.totalDrops": `263`, "relayStats.totalFrames": `10089`,
			"runtimeStats.cpu.user": `12351`, "eventBufferStats.socket": `{"count":500,"evicted":0,"missed":3323}`,
			"recentEvents.socket.0.id": `"rb-3823"`, "recentEvents.error.499.id": `"rb-85"`,
			"supportBundle.unwired": `false`, "supportBundle.windows.socket.count": `500`,
			"supportBundle.sockets.count": `18`, "supportBundle.sessions.count": `24`, "supportBundle.errors.list.length": `200`,
			"supportBundle.provenance.relayStats": `absent`,
			"config":                              `{"diagnosticsEnabled":true,"logLevel":"info","metricsEnabled":true,"nodeEnv":"development","opsUiEnabled":true,"port":3011}`,
		}},
		"stock": {all, map[string]string{
			"summary.uptime": `169094`, "summary.activeSessions": `3`, "summary.activeConnections": `18`,
			"socketStats.totalConnects": `null`, "socketStats.totalJoins": `null`, "socketStats.byRole": `null`,
			"socketStats.totalConnections": `18`, "relayStats.totalFrames": `null`, "relayStats.activeSessions": `3`,
			"relayStats.totalDriftWarnings": `null`, "supportBundle.unwired": `true`, "supportBundle.windows": `null`,
			"recentEvents.socket": `[]`, "supportBundle.redaction.search.hits": `0`,
			"supportBundle.metrics.controlbox_telemetry_drop_total": `{"samples":[],"type":"counter"}`,
			"supportBundle.redaction.verifier.verdict":              `"clean"`,
		}},
		"tapped-early": {early, map[string]string{
			"socketStats.totalConnects": `32`, "eventBufferStats.socket": `{"count":136,"evicted":0,"missed":0}`,
			"eventBufferStats.error.missed": `0`, "supportBundle.sockets": `null`, "supportBundle.gaps": `[]`,
			"supportBundle.provenance.socketStats.totalConnects": `absent`,
		}},
	}
	for dir, table := range tables {
		t.Run(dir, func(t *testing.T) {
			p := okboxbox(t)
			b := setup(t, p, megabytes)
			b.record(look(t, p, dir, looked, table.sources...))
			doc, _ := b.build(Request{IncludeConfig: true})
			want(t, doc, table.want)
		})
	}
}

func TestFallbacksWithoutOpsRights(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	b.record(look(t, p, "tapped", looked, "metrics", "active", "parity", "errors", "relays"))
	doc, _ := b.build(Request{})
	want(t, doc, map[string]string{
		"summary.activeSessions": `24`, "socketStats.activeConnections": `18`, "socketStats.totalConnects": `null`,
		"relayStats.totalFrames": `10086`, "relayStats.totalDrops": `575`, "recentEvents.error.0.id": `"err-585"`,
		"eventBufferStats.socket": `{"count":0,"evicted":0,"missed":null}`, "config": "absent", "trace": "absent",
		"supportBundle.sources.evSocket.status": `"off"`,
	})
	provenance := doc["supportBundle"].(map[string]any)["provenance"].(map[string]any)
	if got := provenance["relayStats.totalDrops"]; got != "metrics" {
		t.Errorf("drops come from %v", got)
	}
	if got := provenance["recentEvents.error"]; got != "errors" {
		t.Errorf("error events come from %v", got)
	}
}

func TestEventCountsStandInForTotals(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	s := look(t, p, "tapped-early", looked, "evSocket", "evRelay")
	b.record(s)
	doc, _ := b.build(Request{})
	want(t, doc, map[string]string{
		"socketStats.totalConnects": `32`, "socketStats.totalDisconnects": `32`, "socketStats.totalAuthFails": `6`,
		"socketStats.totalJoins": `26`, "socketStats.totalLeaves": `26`, "relayStats.totalDriftWarnings": `6`,
	})
	b.record(look(t, p, "tapped", looked.Add(time.Second), "evSocket")) // and not any more once some were missed
	doc, _ = b.build(Request{})
	want(t, doc, map[string]string{"socketStats.totalConnects": `null`, "relayStats.totalDriftWarnings": `6`})
	b = setup(t, p, megabytes)
	b.record(look(t, p, "tapped", looked, "evSocket", "evRelay"))
	doc, _ = b.build(Request{})
	want(t, doc, map[string]string{"socketStats.totalConnects": `null`, "relayStats.totalDriftWarnings": `null`})
}

// What the captures must never give away: raw ids, and what was planted.
func TestNothingOfTheCapturesLeaks(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	b.record(look(t, p, "tapped", looked, all...))
	b.asker.results["parityOne"] = answer(t, p, "tapped", "parityOne", looked)
	doc, made := b.build(Request{SessionID: "sess_09e18fd43c2d", TraceID: "trace-1795424853150-w8xu9e", IncludeConfig: true})
	planted := []string{"planted-pw-001", "planted.driver@example.com", "planted.bearer", "sk_test_planted003", "planted00004", "hunter2"}
	for _, raw := range planted {
		if bytes.Contains(made.Bytes(), []byte(raw)) {
			t.Errorf("the pack holds %s", raw)
		}
	}
	if found := regexp.MustCompile(`sess_[a-z0-9]+`).Find(made.Bytes()); found != nil {
		t.Errorf("the pack holds a raw session id: %s", found)
	}
	want(t, doc, map[string]string{"sessionParity.sessionId": `"sess...3c2d"`, "sessionParity.duplicates": `3`})
	words := regexp.MustCompile(`(?i)token|key|secret`).FindAllString(string(made.Bytes()), -1)
	if hits := at(doc, "supportBundle.redaction.search.hits"); len(words) == 0 || hits != itoa(len(words)) {
		t.Errorf("search tells %s hits, the owner's check finds %d", hits, len(words))
	}
	raws, err := filepath.Glob(filepath.Join(captures, "tapped", "*.json"))
	if err != nil || len(raws) == 0 {
		t.Fatal("no captures")
	}
	if data, _ := os.ReadFile(raws[0]); len(data) == 0 {
		t.Fatal("an empty capture proves nothing")
	}
}

func itoa(n int) string { return strings.TrimSpace(string(appendFloat(nil, float64(n)))) }

func TestTopLevelOrderIsTheFormats(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	b.record(look(t, p, "tapped", looked, all...))
	_, made := b.build(Request{SessionID: "sess_09e18fd43c2d", TraceID: "trace-1", IncludeConfig: true})
	list, ok := members(made.Bytes())
	if !ok {
		t.Fatal("no object")
	}
	var names []string
	for _, m := range list {
		names = append(names, m.name)
	}
	const order = "packId generatedAt generatedAtIso summary socketStats relayStats runtimeStats eventBufferStats " +
		"recentEvents supportBundle sessionParity sessionEvents trace config"
	if got := strings.Join(names, " "); got != order {
		t.Errorf("order is %s", got)
	}
	if first := at(decode(t, made.Bytes()), "recentEvents.socket.0"); !strings.Contains(string(made.Bytes()), `{"type":"join","socketId":`) {
		t.Errorf("members of events have lost their order: %s", first)
	}
	if !regexp.MustCompile(`^pack-\d{13}-[a-z0-9]{6}$`).MatchString(made.ID()) {
		t.Errorf("id %s", made.ID())
	}
}

func TestAskedForButNotToBeHad(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	s := emptyLook(p, looked)
	s.Target = scrape.Target{}
	b.record(s)
	doc, _ := b.build(Request{SessionID: "sess_nobody123", TraceID: "trace-1", IncludeConfig: true})
	want(t, doc, map[string]string{
		"sessionParity": `null`, "sessionEvents": `{"error":[],"relay":[],"session":[],"socket":[]}`, "trace": `null`,
		"config.logLevel": `null`, "summary.uptime": `null`,
	})
	doc, _ = b.build(Request{})
	want(t, doc, map[string]string{"sessionParity": "absent", "sessionEvents": "absent", "trace": "absent", "config": "absent"})
}

// What is read once in a life stays ok for ever: after a death it may not push out what was seen last.
func TestDeadRelayGivesTheNewestOfItsValues(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	b.record(look(t, p, "tapped", looked, all...))
	later := looked.Add(5 * time.Minute)
	var repeated []string
	for _, name := range all {
		if name != "pack" {
			repeated = append(repeated, name)
		}
	}
	b.now = later
	b.record(look(t, p, "tapped", later, repeated...))
	s := emptyLook(p, later.Add(2*time.Second))
	for name := range s.States {
		s.States[name] = scrape.State{Status: scrape.Gated, Reason: "the gate gave no good answer", Code: 200, LastOK: later, Since: later}
	}
	s.States["pack"] = scrape.State{Status: scrape.OK, LastOK: looked, Since: looked}
	b.record(s)
	doc, _ := b.build(Request{IncludeConfig: true})
	want(t, doc, map[string]string{
		"supportBundle.sources.summary.error": `"the gate gave no good answer"`,
		"supportBundle.errors.asOf":           strconv.FormatInt(later.UnixMilli(), 10), "config.port": `3011`, "config.logLevel": `"info"`,
	})
	if got := doc["supportBundle"].(map[string]any)["provenance"].(map[string]any)["summary.uptime"]; got != "summary" {
		t.Errorf("uptime is from %v, want summary", got)
	}
}

// A look of a relay that hangs takes long: a pack that is asked for meanwhile has the sources as they
// are, and the values as they were.
func TestSourcesAreOfThisMoment(t *testing.T) {
	b := setup(t, okboxbox(t), megabytes)
	b.record(look(t, b.profile, "tapped", looked, all...))
	b.recorder.opts.States = func() map[string]scrape.State {
		return map[string]scrape.State{"metrics": {Status: scrape.Timeout, Reason: "no complete answer in time", Failures: 1, LastOK: looked, Since: looked.Add(4 * time.Second)}}
	}
	doc, _ := b.build(Request{})
	want(t, doc, map[string]string{"supportBundle.sources.metrics.status": `"timeout"`, "supportBundle.sources.metrics.failures": `1`, "runtimeStats.memory.heapUsed": `"60MB"`})
}

func TestDeadRelayGivesLastKnownValues(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	b.record(look(t, p, "tapped", looked, all...))
	died := looked.Add(time.Minute)
	s := emptyLook(p, died)
	for name := range s.States {
		s.States[name] = scrape.State{Status: scrape.Unreachable, Reason: "connection refused", LastOK: looked, Failures: 4, Since: died.Add(-30 * time.Second)}
	}
	s.Port = scrape.PortRefused
	s.Life.EndedAt, s.Life.End = died, "gone"
	b.record(s)
	b.now = died.Add(time.Second)
	doc, _ := b.build(Request{})
	want(t, doc, map[string]string{
		"summary.uptime": `245360`, "relayStats.totalDrops": `263`, "runtimeStats.cpu.user": `12351`,
		"recentEvents.socket.length": `500`, "supportBundle.sockets.count": `18`, "supportBundle.relay.port": `"refused"`,
		"supportBundle.sources.summary.status": `"unreachable"`, "supportBundle.sources.summary.ageMs": `61000`,
		"supportBundle.sources.summary.error": `"connection refused"`, "supportBundle.lives.0.end": `"gone"`,
	})
}

func TestNewLifeVoidsTheValuesOfTheOld(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	b.record(look(t, p, "tapped", looked, all...))
	again := looked.Add(time.Minute)
	s := look(t, p, "tapped-early", again, "metrics", "evSocket")
	s.Life = scrape.Life{N: 2, StartedAt: again, Source: "process", FirstSeen: again, Pid: 7}
	b.record(s)
	doc, _ := b.build(Request{})
	want(t, doc, map[string]string{
		"summary.environment": `null`, "supportBundle.sockets": `null`, "supportBundle.windows": `null`,
		"supportBundle.lives.length": `2`, "supportBundle.lives.0.end": `"replaced"`, "supportBundle.lives.1.pid": `7`,
		"recentEvents.socket.0.id": `"rb-136"`, "recentEvents.socket.136.id": `"rb-3823"`,
		"eventBufferStats.socket.missed": `3323`, // the old life's alone: the new one was seen from rb-1 on
	})
}

// A relay in a crash loop has a new process every few seconds and answers nothing: what was known
// before the first crash is what the reader needs.
func TestLivesThatOnlyBootLeaveTheLastValues(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	b.record(look(t, p, "tapped", looked, all...))
	for i := range 3 {
		at := looked.Add(time.Duration(10+5*i) * time.Second)
		s := emptyLook(p, at)
		for name := range s.States {
			s.States[name] = scrape.State{Status: scrape.Unreachable, Reason: "connection refused", LastOK: looked}
		}
		s.Port = scrape.PortRefused
		s.Life = scrape.Life{N: 2 + i, StartedAt: at, Source: "process", FirstSeen: at, Pid: int32(70 + i)}
		s.Results = []*scrape.Result{{Source: scrape.ProcessSource, At: at, State: okState(at), Process: &scrape.Process{Pid: s.Life.Pid, StartedAt: at, CPUUser: time.Second, RSS: 5000}}}
		b.record(s)
	}
	doc, _ := b.build(Request{})
	want(t, doc, map[string]string{
		"summary.uptime": `245360`, "summary.environment": `"development"`, "runtimeStats.cpu.user": `12351`, "supportBundle.sockets.count": `18`,
		"supportBundle.lives.length": `4`, "supportBundle.lives.0.shown": `true`, "supportBundle.lives.3.shown": `false`, "supportBundle.process.pid": `72`,
	})
	again := looked.Add(time.Minute)
	s := look(t, p, "stock", again, "metrics")
	s.Life = scrape.Life{N: 4, StartedAt: looked.Add(20 * time.Second), Source: "process", FirstSeen: looked.Add(20 * time.Second), Pid: 72}
	b.record(s)
	doc, _ = b.build(Request{})
	want(t, doc, map[string]string{
		"summary.environment": `null`, "supportBundle.sockets": `null`, "supportBundle.lives.0.shown": `false`, "supportBundle.lives.3.shown": `true`,
	})
}

// A relay without a source that answers has its process alone, and that one is of the life that is.
func TestProcessAloneIsOfTheNewLifeAtOnce(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	for i := range 2 {
		at := looked.Add(time.Duration(i) * time.Minute)
		s := emptyLook(p, at)
		s.Life = scrape.Life{N: 1 + i, StartedAt: at, Source: "process", FirstSeen: at, Pid: int32(70 + i)}
		s.Results = []*scrape.Result{{Source: scrape.ProcessSource, At: at, State: okState(at), Process: &scrape.Process{Pid: s.Life.Pid, StartedAt: at, CPUUser: time.Duration(2-i) * time.Second}}}
		b.record(s)
	}
	doc, _ := b.build(Request{})
	want(t, doc, map[string]string{"runtimeStats.cpu.user": `1000`, "supportBundle.process.pid": `71`, "supportBundle.lives.1.shown": `true`})
}

// The operating system gives zeros for the memory of a process that is just dying.
func TestDyingProcessHasNoMemoryFigures(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	s := look(t, p, "stock", looked)
	s.Results = []*scrape.Result{{Source: scrape.ProcessSource, At: looked, State: okState(looked), Process: &scrape.Process{Pid: 7, State: "zombie"}}}
	b.record(s)
	doc, _ := b.build(Request{})
	want(t, doc, map[string]string{"supportBundle.process.residentBytes": `null`, "supportBundle.process.virtualBytes": `null`, "supportBundle.process.cpuUserMs": `0`})
}

func TestSummaryEnvironmentCanBeConfigured(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	b.recorder.opts.Environment = "production"
	b.record(look(t, p, "tapped", looked, all...))
	doc, _ := b.build(Request{})
	want(t, doc, map[string]string{"summary.environment": `"production"`})
}

func TestEndOfALifeAndItsContainerAreTold(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	n := func(n uint64) *uint64 { return &n }
	quota := 1.5
	s := look(t, p, "stock", looked, "metrics")
	s.Life.Pid = 7
	s.Results = append(s.Results, &scrape.Result{Source: scrape.ProcessSource, At: looked, State: okState(looked), Process: &scrape.Process{
		Pid: 7, Container: &scrape.Container{Version: 2, MemoryLimit: n(1 << 30), WorkingSet: n(5), OOMKills: n(0), CPUQuota: &quota},
	}})
	b.record(s)
	doc, _ := b.build(Request{})
	want(t, doc, map[string]string{
		"supportBundle.container":        `{"asOf":1795424858000,"cgroupVersion":2,"cpuLimitCores":1.5,"memoryLimitBytes":1073741824,"memoryUsageBytes":null,"oomKills":0,"periods":null,"throttledMs":null,"throttledPeriods":null,"workingSetBytes":5}`,
		"supportBundle.lives.0.exitCode": `null`, "supportBundle.lives.0.oomKill": `null`,
	})
	again := looked.Add(time.Minute)
	s = emptyLook(p, again)
	s.Before = b.recorder.life.Life
	s.Before.EndedAt, s.Before.End = again, "gone"
	s.Life = scrape.Life{N: 2, StartedAt: again, Source: "process", FirstSeen: again, Pid: 8}
	b.record(s)
	s.Before.Ending = scrape.Ending{Known: true, Code: 137, Signal: 9, Name: "SIGKILL", OOM: scrape.OOMProbable} // its parent took its time
	b.record(s)
	doc, _ = b.build(Request{})
	want(t, doc, map[string]string{
		"supportBundle.lives.0.exitCode": `137`, "supportBundle.lives.0.signal": `"SIGKILL"`, "supportBundle.lives.0.oomKill": `"probable"`,
		"supportBundle.lives.1.exitCode": `null`, "supportBundle.container.oomKills": `0`,
	})
	s.Results = []*scrape.Result{{Source: scrape.ProcessSource, At: again, State: okState(again), Process: &scrape.Process{Pid: 8}}}
	b.record(s)
	doc, _ = b.build(Request{})
	want(t, doc, map[string]string{"supportBundle.container": `null`})
}
