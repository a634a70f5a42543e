package pack

import (
	"math"
	"testing"
	"time"

	"relaypack/scrape"
)

func metricsOf(t *testing.T, m *scrape.Metrics) map[string]any {
	b := setup(t, okboxbox(t), megabytes)
	s := emptyLook(b.profile, looked)
	s.States["metrics"] = okState(looked)
	s.Results = []*scrape.Result{{Source: "metrics", At: looked, State: okState(looked), Metrics: m}}
	b.record(s)
	doc, _ := b.build(Request{})
	return doc
}

func TestMetricsKeepWhatHasNoNumber(t *testing.T) {
	doc := metricsOf(t, &scrape.Metrics{Families: []scrape.Family{
		{Name: "empty_total", Type: "counter"},
		{Name: "odd", Type: "gauge", Samples: []scrape.Sample{{Value: math.NaN()}, {Value: math.Inf(1), Labels: []scrape.Label{{Name: "le", Value: "+Inf"}}}, {Value: 1.5e300, Part: "sum"}}},
		{Name: "http_auth_failures_total", Type: "counter", Samples: []scrape.Sample{{Value: 3}}},
	}})
	want(t, doc, map[string]string{
		"supportBundle.metrics.empty_total":                              `{"samples":[],"type":"counter"}`,
		"supportBundle.metrics.odd.samples":                              `[{"labels":{},"value":null},{"labels":{"le":"+Inf"},"value":null},{"labels":{},"part":"sum","value":1.5e+300}]`,
		"supportBundle.metrics.http_auth_failures_total.samples.0.value": `3`,
	})
}

func TestEmptyLagWindowIsVoid(t *testing.T) {
	family := func(name string, v float64) scrape.Family {
		return scrape.Family{Name: "controlbox_nodejs_eventloop_lag_" + name, Type: "gauge", Samples: []scrape.Sample{{Value: v}}}
	}
	for name, c := range map[string]struct{ least, max, wantMax float64 }{
		"just reset":  {9223372036.854776, 0, -1},
		"no number":   {math.NaN(), 0, -1},
		"real window": {0.009, 0.2, 0.2},
	} {
		t.Run(name, func(t *testing.T) {
			doc := metricsOf(t, &scrape.Metrics{Families: []scrape.Family{family("seconds", 0.007), family("min_seconds", c.least), family("max_seconds", c.max)}})
			max := "null"
			if c.wantMax >= 0 {
				max = string(appendFloat(nil, c.wantMax))
			}
			want(t, doc, map[string]string{
				"supportBundle.metrics.controlbox_nodejs_eventloop_lag_max_seconds.samples.0.value": max,
				"supportBundle.metrics.controlbox_nodejs_eventloop_lag_seconds.samples.0.value":     `0.007`,
			})
		})
	}
}

func TestSeriesThatBecomeEqualAreMerged(t *testing.T) {
	sample := func(credential string, v float64) scrape.Sample {
		return scrape.Sample{Value: v, Labels: []scrape.Label{{Name: "role", Value: "driver"}, {Name: "api_key", Value: credential}}}
	}
	doc := metricsOf(t, &scrape.Metrics{Families: []scrape.Family{
		{Name: "clients", Type: "gauge", Samples: []scrape.Sample{sample("abc-111", 1), sample("abc-222", 2), {Value: 5, Labels: []scrape.Label{{Name: "role", Value: "overlay"}}}}},
	}})
	want(t, doc, map[string]string{
		"supportBundle.metrics.clients.samples":               `[{"labels":{"role":"driver"},"value":1},{"labels":{"role":"overlay"},"value":5}]`,
		"supportBundle.redaction.counts.equal-series":         `1`,
		"supportBundle.redaction.removed.0.pointer":           `"/supportBundle/metrics/clients/samples/0/labels"`,
		"supportBundle.redaction.sections.supportBundle.self": "absent",
	})
}

func TestPagesAreBounded(t *testing.T) {
	f := scrape.Family{Name: "many", Type: "gauge", Samples: make([]scrape.Sample, maxSamples+7)}
	doc := metricsOf(t, &scrape.Metrics{Families: []scrape.Family{f, {Name: "after", Type: "gauge", Samples: f.Samples[:1]}}})
	want(t, doc, map[string]string{
		"supportBundle.metrics.many.samples.length": itoa(maxSamples), "supportBundle.metrics.after.samples": `[]`,
		"supportBundle.size.seriesOmitted": `8`,
	})
}

func TestProcess(t *testing.T) {
	b := setup(t, okboxbox(t), megabytes)
	s := emptyLook(b.profile, looked)
	s.States["process"] = okState(looked)
	s.Results = []*scrape.Result{{Source: "process", At: looked, State: okState(looked), Process: &scrape.Process{
		Pid: 7, Found: "port", State: "S", StartedAt: looked.Add(-time.Minute), CPUUser: 1500 * time.Millisecond, RSS: 1 << 20, VMS: 1 << 21,
		Threads: 11, FDs: -1, Args: []string{"node", "server.js", "--password", "hunter2hunter2", "a b"}, Unreadable: []string{"fds"},
	}}}
	b.record(s)
	doc, _ := b.build(Request{})
	want(t, doc, map[string]string{
		"supportBundle.process.cpuUserMs": `1500`, "supportBundle.process.openDescriptors": `null`, "supportBundle.process.residentBytes": `1048576`,
		"supportBundle.process.unreadable": `["fds"]`, "runtimeStats.cpu.user": `1500`, "summary.uptime": `60000`,
	})
	if got := at(doc, "supportBundle.process.command"); got != `"node server.js [removed-flag] \"a b\""` {
		t.Errorf("the command line is %s", got)
	}
}
