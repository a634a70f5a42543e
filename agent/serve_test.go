package main

import (
	"bytes"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"relaypack/scrape/demorelay"
)

func TestServeBesideARelay(t *testing.T) {
	relay, address := liveRelay(t, demorelay.DemoOptions(11))
	s := startServing(t, "RELAY_URL=http://"+address, "RELAY_TOKEN="+relay.Bearer(), "ADMIN_TOKEN="+testAdmin)
	s.begun()
	for _, path := range []string{"/startupz", "/livez", "/readyz"} {
		if a := s.probed(path); a.code != http.StatusOK || string(a.body) != "ok\n" {
			t.Errorf("%s: %d %s", path, a.code, a.body)
		}
	}
	made := s.ask(http.MethodPost, s.api, "/api/ops/support-pack", usageBody)
	if made.code != http.StatusOK {
		t.Fatalf("%d %s", made.code, made.body)
	}
	doc := validPack(t, made.body)
	if want := `attachment; filename="support-pack-` + doc["packId"].(string) + `.json"`; made.header.Get("Content-Disposition") != want {
		t.Errorf("it comes as %q, want %q", made.header.Get("Content-Disposition"), want)
	}
	if doc["config"] == nil || at(doc, "supportBundle", "sources", "metrics", "status") != "ok" {
		t.Errorf("config %v, sources %v", doc["config"], at(doc, "supportBundle", "sources"))
	}
	if parity := doc["sessionParity"]; parity != nil {
		t.Errorf("parity of a session that nobody knows: %v", parity)
	}
	if at(s.pack(`{"sessionId":"`+relay.Session()+`"}`), "sessionParity") == nil {
		t.Error("no parity of a session that lives")
	}
	if a := s.ask(http.MethodPost, s.api, "/api/ops/support-pack", `{"sesionId":"x"}`); a.code != http.StatusBadRequest {
		t.Errorf("an unknown member: %d", a.code)
	}
	s.bear = "guessed-bearer-12345678"
	if a := s.get("/api/ops/summary"); a.code != http.StatusUnauthorized || a.header.Get("WWW-Authenticate") == "" {
		t.Errorf("a wrong bearer: %d", a.code)
	}
	s.scraped(relay)
}

// scraped holds the agent's own metrics to what Prometheus can read, and looks for secrets in them.
func (s *serving) scraped(relay *demorelay.Relay) {
	s.t.Helper()
	a := s.probed("/metrics")
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(a.body))
	if err != nil {
		s.t.Fatalf("/metrics: %v", err)
	}
	for _, name := range []string{"relaypack_build_info", "relaypack_looks_total", "relaypack_source_up", "relaypack_relay_calls_total",
		"relaypack_relay_eventloop_lag_max_seconds", "relaypack_ready", "relaypack_relay_up", "relaypack_relay_lives_total",
		"relaypack_source_failures", "relaypack_source_last_success_timestamp_seconds", "relaypack_window_events",
		"relaypack_window_evicted_total", "relaypack_window_missed_total", "relaypack_packs_total", "relaypack_pack_build_seconds_total",
		"relaypack_pack_last_bytes", "process_resident_memory_bytes"} {
		if f := families[name]; f == nil || len(f.Metric) == 0 {
			s.t.Errorf("/metrics has no %s", name)
		}
	}
	if v := families["relaypack_looks_total"].Metric[0].GetCounter().GetValue(); v < 1 {
		s.t.Errorf("%v looks", v)
	}
	for _, name := range []string{"relaypack_ready", "relaypack_relay_up"} {
		if v := families[name].Metric[0].GetGauge().GetValue(); v != 1 {
			s.t.Errorf("%s is %v", name, v)
		}
	}
	if lag := families["relaypack_relay_eventloop_lag_max_seconds"].Metric[0].GetGauge().GetValue(); lag <= 0 || lag > 10 {
		s.t.Errorf("a lag of %v s", lag)
	}
	for name, value := range map[string]string{"the admin's bearer": testAdmin, "the relay's bearer": relay.Bearer(), "a session": relay.Session()} {
		if bytes.Contains(a.body, []byte(value)) {
			s.t.Errorf("%s stands in /metrics", name)
		}
	}
}

func TestServeThroughDeathAndLife(t *testing.T) {
	relay, address := liveRelay(t, demorelay.DemoOptions(12))
	s := startServing(t, "RELAY_URL=http://"+address, "RELAY_TOKEN="+relay.Bearer(), "ADMIN_TOKEN="+testAdmin)
	s.begun()
	before := s.pack("")
	died := time.Now()
	relay.Kill()
	var after map[string]any
	eventually(t, "metrics told as unreachable", func() bool {
		after = s.pack("")
		return at(after, "supportBundle", "sources", "metrics", "status") == "unreachable"
	})
	source := func(doc any, member string) float64 {
		n, ok := at(doc, "supportBundle", "sources", "metrics", member).(float64)
		if !ok {
			t.Fatalf("metrics has no %s", member)
		}
		return n
	}
	if since := source(after, "since"); since < float64(died.Add(-time.Second).UnixMilli()) || since > float64(time.Now().UnixMilli()) {
		t.Errorf("unreachable since %.0f, killed at %d", since, died.UnixMilli())
	}
	if age := source(after, "ageMs"); age <= 0 || source(after, "lastOkAt") > float64(died.UnixMilli()+1) {
		t.Errorf("the last good answer is %v ms old, of %v", age, source(after, "lastOkAt"))
	}
	for _, section := range []string{"summary", "runtimeStats", "socketStats", "relayStats"} {
		for name, was := range before[section].(map[string]any) {
			if was != nil && at(after, section, name) == nil {
				t.Errorf("%s.%s went with the relay", section, name)
			}
		}
	}
	for class, list := range after["recentEvents"].(map[string]any) {
		if events, _ := list.([]any); len(events) == 0 {
			t.Errorf("the %s events went with the relay", class)
		}
	}
	for _, path := range []string{"/readyz", "/livez"} {
		if a := s.probed(path); a.code != http.StatusOK {
			t.Errorf("%s hangs on the relay: %d %s", path, a.code, a.body)
		}
	}
	if err := relay.Restart(); err != nil {
		t.Fatal(err)
	}
	var lives []any
	eventually(t, "a second life", func() bool {
		lives = at(s.pack(""), "supportBundle", "lives").([]any)
		return len(lives) == 2
	})
	if at(lives, "0", "endedAt") == nil || at(lives, "1", "life") != 2.0 || at(lives, "1", "endedAt") != nil {
		t.Errorf("lives: %v", lives)
	}
	eventually(t, "metrics as before", func() bool {
		return at(s.pack(""), "supportBundle", "sources", "metrics", "status") == "ok"
	})
}

// A pack that is being built when the agent is told to stop is still handed out.
func TestStopAnswersWhatIsUnderWay(t *testing.T) {
	relay, address := liveRelay(t, demorelay.DemoOptions(13))
	s := startServing(t, "RELAY_URL=http://"+address, "RELAY_TOKEN="+relay.Bearer(), "ADMIN_TOKEN="+testAdmin)
	s.begun()
	relay.Hang(true)
	defer relay.Hang(false)
	made := make(chan answer, 1)
	go func() {
		made <- s.ask(http.MethodPost, s.api, "/api/ops/support-pack", `{"sessionId":"`+relay.Session()+`"}`)
	}()
	eventually(t, "a pack under way", func() bool {
		for _, f := range s.agent.api.Families() {
			if f.GetName() == "relaypack_http_packs_building" {
				return f.Metric[0].GetGauge().GetValue() == 1
			}
		}
		return false
	})
	from := time.Now()
	s.stop()
	a := <-made
	if a.code != http.StatusOK {
		t.Fatalf("the pack under way: %d %s", a.code, a.body)
	}
	validPack(t, a.body)
	<-s.ended
	if s.err != nil {
		t.Error(s.err)
	}
	if took := time.Since(from); took > 10*time.Second {
		t.Errorf("the end took %v", took)
	}
	for _, address := range []string{s.api, s.probe} {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			t.Errorf("%s still listens", address)
		}
	}
}

func TestStopIsPromptWhenIdle(t *testing.T) {
	s := startServing(t, "RELAY_URL=http://"+freePort(t), "ADMIN_TOKEN="+testAdmin)
	s.begun()
	from := time.Now()
	s.stop()
	<-s.ended
	if took := time.Since(from); s.err != nil || took > 2*time.Second {
		t.Errorf("the end took %v: %v", took, s.err)
	}
}

func TestFaultyConfigurationIsServed(t *testing.T) {
	relay, address := liveRelay(t, demorelay.DemoOptions(14))
	s := startServing(t, "RELAY_URL=http://"+address, "RELAY_TOKEN="+relay.Bearer(), "ADMIN_TOKEN="+testAdmin, "GRACE=-4s", "LOG_FORMAT=Xml77secretive")
	s.begun()
	if a := s.probed("/livez"); a.code != http.StatusOK {
		t.Errorf("/livez: %d", a.code)
	}
	for place, a := range map[string]answer{"/readyz": s.probed("/readyz"), "the API": s.get("/api/ops/summary"),
		"a pack": s.ask(http.MethodPost, s.api, "/api/ops/support-pack", usageBody)} {
		_, faults := a.problem(t)
		text := strings.Join(faults, "\n")
		if a.code != http.StatusServiceUnavailable || !strings.Contains(text, "RELAYPACK_GRACE: ") || !strings.Contains(text, "RELAYPACK_LOG_FORMAT: ") {
			t.Errorf("%s: %d %v", place, a.code, faults)
		}
		if strings.Contains(text, "secretive") {
			t.Errorf("%s quotes the value", place)
		}
	}
	s.records(relay)
}

// records sees to it that the agent goes on looking.
func (s *serving) records(relay *demorelay.Relay) {
	s.t.Helper()
	n := s.agent.observer.scraper.Self().Looks
	eventually(s.t, "more looks", func() bool { return s.agent.observer.scraper.Self().Looks > n })
	if !slices.ContainsFunc(relay.Log(), func(r demorelay.Request) bool { return r.Path == "/metrics" && r.Status == http.StatusOK }) {
		s.t.Error("the relay was never asked for its metrics")
	}
}

func TestWithoutAdminTheRecordingGoesOn(t *testing.T) {
	relay, address := liveRelay(t, demorelay.DemoOptions(15))
	s := startServing(t, "RELAY_URL=http://"+address, "RELAY_TOKEN="+relay.Bearer())
	s.begun()
	if detail, _ := s.get("/api/ops/summary").problem(t); !strings.Contains(detail, "RELAYPACK_ADMIN_TOKEN") {
		t.Errorf("the API says %q", detail)
	}
	a := s.probed("/readyz")
	if _, faults := a.problem(t); a.code != http.StatusServiceUnavailable || !strings.Contains(strings.Join(faults, " "), "RELAYPACK_ADMIN_TOKEN") {
		t.Errorf("/readyz: %d %v", a.code, faults)
	}
	s.records(relay)
}

// A port that is taken is a degraded state: all else works, and the API comes when the port is free.
func TestTakenPort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := startServing(t, "RELAY_URL=http://"+freePort(t), "ADMIN_TOKEN="+testAdmin, "LISTEN="+l.Addr().String())
	s.api = l.Addr().String()
	eventually(t, "the fault in the log", func() bool { return strings.Contains(s.log.String(), "cannot listen, trying again") })
	eventually(t, "/readyz", func() bool { return s.probed("/readyz").code == http.StatusServiceUnavailable })
	if _, faults := s.probed("/readyz").problem(t); !slices.Contains(faults, "cannot listen on "+s.api) {
		t.Errorf("/readyz: %v", faults)
	}
	if a := s.probed("/livez"); a.code != http.StatusOK {
		t.Errorf("/livez: %d", a.code)
	}
	l.Close()
	eventually(t, "the API on the port that is free now", func() bool { return s.get("/api/ops/status").code == http.StatusOK })
	if a := s.probed("/readyz"); a.code != http.StatusOK {
		t.Errorf("/readyz: %d %s", a.code, a.body)
	}
}

func TestTakenPortDoesNotHoldTheEnd(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := startServing(t, "RELAY_URL=http://"+freePort(t), "ADMIN_TOKEN="+testAdmin, "LISTEN="+l.Addr().String())
	eventually(t, "the fault in the log", func() bool { return strings.Contains(s.log.String(), "cannot listen, trying again") })
	from := time.Now()
	s.stop()
	<-s.ended
	if took := time.Since(from); s.err != nil || took > 2*time.Second {
		t.Errorf("the end took %v: %v", took, s.err)
	}
}
