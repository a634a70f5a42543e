package profile

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// captures are those that the demo relay replays: one copy in the tree.
const captures = "../demorelay/testdata"

var update = flag.Bool("update", false, "write testdata/golden.txt anew; then read the difference")

// captured says which saved answer each source of okboxbox gave.
var captured = map[string][]string{
	"metrics": {"metrics.txt"}, "ready": {"health-ready.json"}, "telemetry": {"health-telemetry.json"},
	"summary": {"ops-summary.json"}, "sockets": {"ops-sockets.json"}, "sessions": {"ops-sessions.json"},
	"pack":     {"ops-support-pack.json", "ops-support-pack-minimal.json"},
	"evSocket": {"ops-events-socket.json"}, "evRelay": {"ops-events-relay.json"},
	"evSession": {"ops-events-session.json"}, "evError": {"ops-events-error.json"},
	"active": {"diagnostics-sessions-active.json"}, "relays": {"diagnostics-health-relay.json"},
	"parity": {"diagnostics-parity-list.json"}, "parityOne": {"diagnostics-parity-session.json"},
	"errors": {"diagnostics-errors-recent.json"}, "build": {"diagnostics-build.json"}, "traceOne": {"ops-trace.json"},
}

// look is what one look at a capture gave: the raw answers and the documents of all sources.
type look struct {
	p       *Profile
	now     time.Time
	bodies  map[string][]byte
	docs    map[string]any
	unwired bool
}

// rights are the ways in which a relay can be seen; each names the sources that then fail, and how.
var rights = []struct {
	name   string
	status func(*Source) string
}{
	{"all", func(*Source) string { return "ok" }},
	{"ops only", func(s *Source) string { return failing(s.Group == "diagnostics", "off") }},
	{"diagnostics only", func(s *Source) string { return failing(s.Group == "ops", "off") }},
	{"no summary", func(s *Source) string { return failing(s.Name == "summary" || s.Name == "pack", "timeout") }},
	{"no bearer", func(s *Source) string { return failing(s.Bearer, "unauthorized") }},
	{"no metrics", func(s *Source) string { return failing(s.Bearer || s.Name == "metrics", "off") }},
}

func failing(fails bool, status string) string {
	if fails {
		return status
	}
	return "ok"
}

// newLook reads a capture as a relay with these rights would have been read.
func newLook(t *testing.T, p *Profile, folder string, status func(*Source) string) *look {
	t.Helper()
	l := &look{p: p, bodies: map[string][]byte{}, docs: map[string]any{}}
	states := map[string]any{}
	for _, s := range p.Sources {
		states[s.Name] = status(s)
		body := readCapture(t, folder, s.Name)
		if body == nil || states[s.Name] != "ok" {
			continue
		}
		if s.Format == Exposition {
			l.docs[s.Name] = metricsDocument(t, body, p.Families)
			continue
		}
		if !s.Unwrap.Empty() {
			var ok bool
			if body, ok = s.Unwrap.First(body); !ok {
				states[s.Name] = "invalid"
				continue
			}
		}
		doc, _, err := Document(body)
		if err != nil {
			t.Fatalf("%s %s: %v", folder, s.Name, err)
		}
		l.bodies[s.Name], l.docs[s.Name] = body, doc
	}
	// The instant of the look is that of the summary, with or without the right to see it.
	at, ok := Path{Text: ".data.timestamp"}.First(readCapture(t, folder, "summary"))
	var ms int64
	if err := json.Unmarshal(at, &ms); !ok || err != nil {
		t.Fatal("no time in the capture")
	}
	l.now = time.UnixMilli(ms)
	l.docs[FromStates], l.docs[FromTarget] = states, map[string]any{"host": "relay", "port": 3001}
	l.docs[FromEvents] = l.countEvents(t)
	l.docs[FromProcess] = map[string]any{"startedAt": 1795424604000, "cpuUserMs": 3021, "cpuSystemMs": nil}
	l.unwired = l.isUnwired(t)
	return l
}

func readCapture(t *testing.T, folder, source string) []byte {
	t.Helper()
	for _, name := range captured[source] {
		data, err := os.ReadFile(filepath.Join(captures, folder, name))
		if err == nil {
			return data
		}
		if !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	return nil
}

// metricsDocument makes the document that queries see of an exposition.
func metricsDocument(t *testing.T, page []byte, families map[string]bool) any {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	parsed, err := parser.TextToMetricFamilies(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	doc := map[string]any{}
	for name, family := range parsed {
		if !families[name] {
			continue
		}
		samples := []any{}
		for _, m := range family.Metric {
			samples = append(samples, simpleSample(m))
		}
		doc[name] = map[string]any{"type": strings.ToLower(family.GetType().String()), "samples": samples}
	}
	return doc
}

func simpleSample(m *dto.Metric) any {
	labels := map[string]any{}
	for _, l := range m.Label {
		labels[l.GetName()] = l.GetValue()
	}
	v := m.GetCounter().GetValue() + m.GetGauge().GetValue() // one of them is nil
	value := any(v)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		value = nil
	}
	return map[string]any{"part": "", "labels": labels, "value": value, "rate": nil}
}

// countEvents makes the pseudo-source events out of the rings, as a first look at them would.
func (l *look) countEvents(t *testing.T) any {
	t.Helper()
	out := map[string]any{}
	for _, class := range l.p.Events {
		for _, v := range class.Variants {
			body := l.bodies[v.From]
			if body == nil {
				continue
			}
			types, n, oldest := map[string]any{}, 0, ""
			err := v.Each.Each(body, func(e []byte) error {
				kind, _ := v.Type.First(e)
				id, _ := v.ID.First(e)
				count, _ := types[strings.Trim(string(kind), `"`)].(int)
				types[strings.Trim(string(kind), `"`)] = count + 1
				n, oldest = n+1, strings.Trim(string(id), `"`)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			complete := n > 0 && oldest == v.Prefix+"1"
			out[class.Class] = map[string]any{"complete": complete, "types": types, "count": n}
			break
		}
	}
	return out
}

// first evaluates rules as a pack does: the first value that is not null wins.
func (l *look) first(t *testing.T, rules []Rule) (value any, from string) {
	t.Helper()
	for _, r := range rules {
		doc, here := l.docs[r.From]
		if !here || r.Recorded && l.unwired {
			continue
		}
		v, err := r.Query.Run(context.Background(), doc, l.now)
		if err != nil {
			t.Errorf("%s on %s: %v", r.Query.Text, r.From, err)
		}
		if v != nil {
			return v, r.From
		}
	}
	return nil, "-"
}

func (l *look) isUnwired(t *testing.T) bool {
	live, given := false, false
	for _, r := range l.p.Unwired.Live {
		if v, _ := l.first(t, []Rule{r}); v != nil && v != json.Number("0") {
			live = true
		}
	}
	for _, r := range l.p.Unwired.Recorded {
		v, _ := l.first(t, []Rule{r})
		if v != nil && v != json.Number("0") {
			return false
		}
		given = given || v != nil
	}
	return live && given
}

// list cuts a list out of the first source that counts, and says how long it is.
func (l *look) list(t *testing.T, variants []From) (n int, from string) {
	t.Helper()
	for _, v := range variants {
		if l.bodies[v.Source] == nil || v.Recorded && l.unwired {
			continue
		}
		if err := v.Path.Each(l.bodies[v.Source], func([]byte) error { n++; return nil }); err != nil {
			t.Fatal(err)
		}
		return n, v.Source
	}
	return 0, "-"
}

// TestGolden holds every field of every capture, with all rights and without some, against
// testdata/golden.txt: field, value, source.
func TestGolden(t *testing.T) {
	p, err := Load("okboxbox")
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	for _, folder := range []string{"stock", "tapped", "tapped-early"} {
		for _, r := range rights {
			l := newLook(t, p, folder, r.status)
			fmt.Fprintf(&got, "# %s, %s, unwired %v\n", folder, r.name, l.unwired)
			for _, s := range append(p.Sections, p.Bundle...) {
				l.print(t, &got, s.Field, s.Rules)
			}
			for _, list := range p.Lists {
				n, from := l.list(t, list.Variants)
				fmt.Fprintf(&got, "%s\t%d elements\t%s\n", list.Name, n, from)
			}
			l.print(t, &got, "(start)", p.Starts)
			for _, h := range p.History {
				l.print(t, &got, "(history) "+h.Name, []Rule{h.Rule})
			}
		}
	}
	golden := filepath.Join("testdata", "golden.txt")
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	compareLines(t, golden, got.String())
}

func (l *look) print(t *testing.T, w *bytes.Buffer, field string, rules []Rule) {
	v, from := l.first(t, rules)
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(w, "%s\t%s\t%s\n", field, text, from)
}

func compareLines(t *testing.T, golden, got string) {
	t.Helper()
	file, err := os.Open(golden)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, head, n := strings.Split(got, "\n"), "", 0
	for want := bufio.NewScanner(file); want.Scan(); n++ {
		if strings.HasPrefix(want.Text(), "#") {
			head = want.Text()
		}
		if n >= len(lines) || lines[n] != want.Text() {
			t.Fatalf("%s line %d (%s)\nwant %s\ngot  %s", golden, n+1, head, want.Text(), lines[min(n, len(lines)-1)])
		}
	}
	if n != len(lines)-1 || n == 0 {
		t.Fatalf("%d lines, want %d", len(lines)-1, n)
	}
}
