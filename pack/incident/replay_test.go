package incident

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"relaypack/scrape"
	"relaypack/scrape/profile"
)

// recordedLook is one line of a recording; testdata/recordings/README.md describes it.
type recordedLook struct {
	At      int64
	Sources map[string]recordedSource
}

type recordedSource struct {
	Status any
	Body   json.RawMessage
}

func readRecording(t *testing.T, name string) []recordedLook {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "recordings", name+".ndjson.gz"))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var looks []recordedLook
	lines := bufio.NewScanner(plain)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l recordedLook
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		looks = append(looks, l)
	}
	if len(looks) < 20 || lines.Err() != nil {
		t.Fatalf("%s: %d looks, %v", name, len(looks), lines.Err())
	}
	return looks
}

// replayed turns recorded looks into inputs, as the scraper and the recorder would.
type replayed struct {
	t      *testing.T
	p      *profile.Profile
	values values
	in     Input
	ticks  float64
	opened bool
	pages  map[string]float64 // counters of the page before, by family and labels
	pageAt time.Time
}

func newReplayed(t *testing.T, p *profile.Profile) *replayed {
	r := &replayed{t: t, p: p, values: newValues()}
	r.in = Input{States: map[string]scrape.State{}, Readings: r.values}
	return r
}

// take reads one look; metrics and debug say which sources are due in it.
func (r *replayed) take(l recordedLook, metrics, debug bool) Input {
	r.in.At = time.UnixMilli(l.At)
	r.takeLife(l)
	due := map[string]string{"process": "process"}
	if metrics {
		due["metrics"] = "metrics"
	}
	if debug {
		due["summary"], due["evSocket"], due["evRelay"], due["evSession"], due["evError"] =
			"summary", "events.socket", "events.relay", "events.session", "events.error"
	}
	for source, recorded := range due {
		if _, ok := l.Sources[recorded]; !ok {
			continue
		}
		r.takeSource(source, l.Sources[recorded].Status, l.Sources[recorded].Body)
	}
	return r.in
}

func (r *replayed) takeLife(l recordedLook) {
	port, _ := l.Sources["tcp"].Status.(string)
	switch {
	case strings.HasPrefix(port, "open"):
		r.in.Port = scrape.PortOpen
	case port == "ECONNREFUSED":
		r.in.Port = scrape.PortRefused
	default:
		r.in.Port = scrape.PortTimeout
	}
	var p struct{ Pid, StartTicks float64 }
	if l.Sources["process"].Status == "ok" {
		if err := json.Unmarshal(l.Sources["process"].Body, &p); err != nil {
			r.t.Fatal(err)
		}
		if p.StartTicks != r.ticks {
			r.ticks, r.opened = p.StartTicks, false
			r.in.Life = scrape.Life{N: r.in.Life.N + 1, FirstSeen: r.in.At, Pid: int32(p.Pid)}
			clear(r.values.events)
		}
	} else if r.in.Life.EndedAt.IsZero() {
		r.in.Life.EndedAt, r.in.Life.End = r.in.At, "gone"
	}
	r.opened = r.opened || r.in.Port == scrape.PortOpen
	if r.opened && r.in.Port == scrape.PortRefused && r.in.Life.EndedAt.IsZero() {
		r.in.Life.EndedAt, r.in.Life.End = r.in.At, "port-closed"
	}
}

func statusOf(recorded any) scrape.Status {
	switch s := recorded.(type) {
	case float64:
		switch s {
		case 200:
			return scrape.OK
		case 401:
			return scrape.Unauthorized
		case 429:
			return scrape.Limited
		}
		return scrape.Invalid
	case string:
		switch {
		case s == "ok":
			return scrape.OK
		case s == "timeout":
			return scrape.Timeout
		case strings.HasPrefix(s, "skipped"):
			return scrape.Gated
		}
	}
	return scrape.Unreachable
}

func (r *replayed) takeSource(source string, recorded any, body json.RawMessage) {
	state := r.in.States[source]
	state.Status = statusOf(recorded)
	state.Failures++
	if state.Status == scrape.OK {
		state.LastOK, state.Failures = r.in.At, 0
	}
	r.in.States[source] = state
	if state.Status != scrape.OK {
		return
	}
	if class, ok := strings.CutPrefix(source, "ev"); ok {
		r.takeEvents(strings.ToLower(class), body)
		return
	}
	doc := r.document(source, body)
	for _, s := range r.p.History {
		if s.Rule.From != source {
			continue
		}
		v, err := s.Rule.Query.Run(context.Background(), doc, r.in.At)
		if err != nil {
			r.t.Fatalf("%s: %v", s.Name, err)
		}
		delete(r.values.series, s.Name)
		if n, ok := asNumber(v); ok {
			r.values.series[s.Name] = Reading{At: r.in.At, Number: n}
		}
	}
}

func asNumber(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int:
		return float64(n), true
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	}
	return 0, false
}

func (r *replayed) takeEvents(class string, body json.RawMessage) {
	var answer struct {
		Data struct{ Events []struct{ Type, ID string } }
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		r.t.Fatal(err)
	}
	count := func(name string, n float64) {
		r.values.events[name] = Reading{At: r.in.At, Number: r.values.events[name].Number + n}
	}
	count(class+" ", float64(len(answer.Data.Events)))
	for _, e := range answer.Data.Events {
		count(class+" "+e.Type, 1)
	}
}

func (r *replayed) document(source string, body json.RawMessage) any {
	switch source {
	case "metrics":
		var page string
		if err := json.Unmarshal(body, &page); err != nil {
			r.t.Fatal(err)
		}
		return r.metrics(page)
	case "process":
		var p struct {
			RssBytes, FDs float64
			CgroupMemory  *struct{ LimitBytes, UsageBytes, CacheBytes float64 }
		}
		if err := json.Unmarshal(body, &p); err != nil {
			r.t.Fatal(err)
		}
		doc := map[string]any{"rss": p.RssBytes, "fds": p.FDs, "workingSet": nil, "memoryLimit": nil}
		if m := p.CgroupMemory; m != nil {
			doc["workingSet"], doc["memoryLimit"] = m.UsageBytes-m.CacheBytes, m.LimitBytes
		}
		return doc
	}
	var answer struct{ Data json.RawMessage }
	if err := json.Unmarshal(body, &answer); err != nil {
		r.t.Fatal(err)
	}
	doc, _, err := profile.Document(answer.Data)
	if err != nil {
		r.t.Fatal(err)
	}
	return doc
}

// metrics is the document of a page, with the rates since the page before.
func (r *replayed) metrics(page string) any {
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(page))
	if err != nil {
		r.t.Fatal(err)
	}
	doc, counters := map[string]any{}, map[string]float64{}
	for name, f := range families {
		samples := []any{}
		for _, m := range f.Metric {
			labels, id := map[string]any{}, name
			for _, l := range m.Label {
				labels[l.GetName()] = l.GetValue()
				id += " " + l.GetName() + "=" + l.GetValue()
			}
			value := m.GetGauge().GetValue()
			sample := map[string]any{"part": "", "labels": labels, "rate": nil}
			if f.GetType() == dto.MetricType_COUNTER {
				value = m.GetCounter().GetValue()
				counters[id] = value
				if before, ok := r.pages[id]; ok && value >= before {
					sample["rate"] = (value - before) / r.in.At.Sub(r.pageAt).Seconds()
				}
			}
			if sample["value"] = any(value); math.IsNaN(value) {
				sample["value"] = nil
			}
			samples = append(samples, sample)
		}
		doc[name] = map[string]any{"type": strings.ToLower(f.GetType().String()), "samples": samples}
	}
	r.pages, r.pageAt = counters, r.in.At
	return doc
}
