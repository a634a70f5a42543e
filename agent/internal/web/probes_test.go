package web

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// TestProbes: each state of each probe, by any Host and without a bearer.
func TestProbes(t *testing.T) {
	var started, alive bool
	var reasons []string
	b := &bench{t: t}
	b.addr = start(t, Server(NewProbes(ProbeOptions{
		Started: func() bool { return started }, Alive: func() bool { return alive },
		NotReady: func() []string { return reasons },
		Metrics:  func() []*dto.MetricFamily { return []*dto.MetricFamily{gauge("relaypack_up", "Up.", 1)} },
	}), nil))
	get := func(path string) reply { return b.ask("GET", path, "", "Authorization: ", "Host: 10.1.2.3:9732") }
	reasons = []string{"RELAYPACK_PROFILE: no such file"}
	for _, path := range []string{"/startupz", "/livez", "/readyz"} {
		if got := get(path); got.code != 503 {
			t.Errorf("%s at first: %d", path, got.code)
		}
	}
	if got := get("/readyz"); !slices.Equal(got.problem.Faults, reasons) {
		t.Errorf("reasons: %s", got.body)
	}
	started, alive, reasons = true, true, nil
	for _, path := range []string{"/startupz", "/livez", "/readyz", "/metrics"} {
		if got, head := get(path), b.ask("HEAD", path, ""); got.code != 200 || head.code != 200 || len(head.body) != 0 {
			t.Errorf("%s: %d, HEAD %d", path, got.code, head.code)
		}
		if got := b.ask("POST", path, ""); got.code != 405 || got.header.Get("Allow") != "GET, HEAD" {
			t.Errorf("POST %s: %d", path, got.code)
		}
	}
	for _, path := range []string{"/", "/api/ops/summary", "/livez/", "/healthz", "/debug/pprof/"} {
		if got := get(path); got.code != 404 {
			t.Errorf("%s: %d", path, got.code)
		}
	}
}

// TestExposition: the page can be read by the reader that Prometheus' own tools use, and has every family.
func TestExposition(t *testing.T) {
	b := setup(t, nil)
	b.ask("GET", "/api/ops/summary", "")
	odd := math.NaN()
	extra := gauge("relaypack_odd", "A value that is unknown.", 0)
	extra.Metric[0].Gauge.Value = &odd
	probe := &bench{t: t, addr: start(t, Server(NewProbes(ProbeOptions{
		Metrics: func() []*dto.MetricFamily { return append(b.api.Families(), extra) },
	}), nil))}
	got := probe.ask("GET", "/metrics", "")
	if want := "text/plain; version=0.0.4"; got.code != 200 || !strings.HasPrefix(got.header.Get("Content-Type"), want) {
		t.Fatalf("%d %v", got.code, got.header)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(got.body))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(b.api.Families(), extra) {
		if families[f.GetName()].GetHelp() != f.GetHelp() || families[f.GetName()].GetType() != f.GetType() {
			t.Errorf("%s is not on the page", f.GetName())
		}
	}
	if line := `relaypack_http_requests_total{code="200",route="/api/ops/summary"} 1`; !strings.Contains(string(got.body), line) {
		t.Errorf("%s is not on the page:\n%s", line, got.body)
	}
	broken := &bench{t: t, addr: start(t, Server(NewProbes(ProbeOptions{
		Metrics: func() []*dto.MetricFamily { return []*dto.MetricFamily{{}} },
	}), nil))}
	if got := broken.ask("GET", "/metrics", ""); got.code != 500 {
		t.Errorf("a family without a name: %d", got.code)
	}
}
