package pack

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"relaypack/pack/redact"
	"relaypack/pack/verify"
	"relaypack/scrape"
	"relaypack/scrape/profile"
)

const captures = "../scrape/demorelay/testdata"

// looked is the captures' own time.
var looked = time.Date(2026, 11, 23, 9, 7, 38, 0, time.UTC)

// captureFiles says which captured answer each source of the built-in profile has.
var captureFiles = map[string]string{
	"metrics": "metrics.txt", "ready": "health-ready.json", "active": "diagnostics-sessions-active.json",
	"parity": "diagnostics-parity-list.json", "evSocket": "ops-events-socket.json",
	"evRelay": "ops-events-relay.json", "evSession": "ops-events-session.json", "evError": "ops-events-error.json",
	"errors": "diagnostics-errors-recent.json", "summary": "ops-summary.json", "sockets": "ops-sockets.json",
	"sessions": "ops-sessions.json", "relays": "diagnostics-health-relay.json", "build": "diagnostics-build.json",
	"pack": "ops-support-pack.json", "parityOne": "diagnostics-parity-session.json", "traceOne": "ops-trace.json",
}

func okboxbox(t testing.TB) *profile.Profile {
	t.Helper()
	p, err := profile.Load("okboxbox")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// answer reads one captured answer as the scraper hands it on.
func answer(t testing.TB, p *profile.Profile, dir, source string, at time.Time) *scrape.Result {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(captures, dir, captureFiles[source]))
	if err != nil {
		t.Fatal(err)
	}
	res := &scrape.Result{Source: source, At: at, State: okState(at)}
	if source == "metrics" {
		res.Metrics = readPage(t, data)
		return res
	}
	res.Body = data
	if src := p.Source(source); src != nil && !src.Unwrap.Empty() {
		body, ok := src.Unwrap.First(data)
		if !ok {
			t.Fatalf("%s/%s has nothing at %s", dir, source, src.Unwrap.Text)
		}
		res.Body = body
	}
	return res
}

func okState(at time.Time) scrape.State {
	return scrape.State{Status: scrape.OK, LastOK: at, Since: at, Took: 5 * time.Millisecond, Bytes: 100}
}

// look makes a snapshot of captured answers; sources without an answer are off.
func look(t testing.TB, p *profile.Profile, dir string, at time.Time, sources ...string) *scrape.Snapshot {
	t.Helper()
	s := emptyLook(p, at)
	for _, name := range sources {
		res := answer(t, p, dir, name, at)
		s.Results = append(s.Results, res)
		s.States[name] = res.State
	}
	return s
}

func emptyLook(p *profile.Profile, at time.Time) *scrape.Snapshot {
	s := &scrape.Snapshot{
		At: at, States: map[string]scrape.State{}, Port: scrape.PortOpen, Target: scrape.Target{Host: "127.0.0.1", Port: 3001},
		Life: scrape.Life{N: 1, StartedAt: looked.Add(-4 * time.Minute), Source: "metrics", FirstSeen: at},
	}
	for _, src := range p.Sources {
		s.States[src.Name] = scrape.State{Status: scrape.Off, Reason: "not enabled in the relay", Since: at}
	}
	return s
}

// all are the sources of a look with every right.
var all = []string{
	"metrics", "active", "parity", "evSocket", "evRelay", "evSession", "evError", "errors",
	"summary", "sockets", "sessions", "relays", "build", "pack",
}

// early are those that the capture tapped-early has.
var early = []string{"metrics", "evSocket", "evRelay", "evSession", "evError", "summary"}

var labelPattern = regexp.MustCompile(`(\w+)="((?:[^"\\]|\\.)*)"`)

// readPage reads an exposition page of plain lines.
func readPage(t testing.TB, data []byte) *scrape.Metrics {
	t.Helper()
	m := &scrape.Metrics{}
	in := bufio.NewScanner(bytes.NewReader(data))
	for in.Scan() {
		line := in.Text()
		words := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, "# TYPE "):
			m.Families = append(m.Families, scrape.Family{Name: words[2], Type: words[3]})
			continue
		case len(words) < 2 || line[0] == '#':
			continue
		}
		f := &m.Families[len(m.Families)-1]
		name, _, _ := strings.Cut(words[0], "{")
		value, err := strconv.ParseFloat(words[len(words)-1], 64)
		if err != nil {
			t.Fatal(err)
		}
		s := scrape.Sample{Part: strings.TrimPrefix(strings.TrimPrefix(name, f.Name), "_"), Value: value, Rate: math.NaN()}
		for _, l := range labelPattern.FindAllStringSubmatch(line, -1) {
			s.Labels = append(s.Labels, scrape.Label{Name: l[1], Value: l[2]})
		}
		f.Samples = append(f.Samples, s)
		m.Series++
	}
	return m
}

// bench is a Recorder and a Builder over one clock, with all that they know of ids and secrets.
type bench struct {
	t        testing.TB
	profile  *profile.Profile
	recorder *Recorder
	builder  *Builder
	now      time.Time
	known    map[string]bool
	asker    *asker
}

type asker struct {
	asks     []scrape.Ask
	results  map[string]*scrape.Result
	sessions []string
	partial  bool
}

func (a *asker) Ask(_ context.Context, asks []scrape.Ask) []*scrape.Result {
	a.asks = append(a.asks, asks...)
	var out []*scrape.Result
	for _, ask := range asks {
		if res := a.results[ask.Source]; res != nil {
			out = append(out, res)
			continue
		}
		out = append(out, &scrape.Result{Source: ask.Source, State: scrape.State{Status: scrape.OK}, Absent: true})
	}
	return out
}

func (a *asker) Sessions(context.Context) (ids [][]byte, complete bool) {
	for _, id := range a.sessions {
		ids = append(ids, []byte(id))
	}
	return ids, !a.partial
}

// setup makes a bench; planted are values that only the detector knows.
func setup(t testing.TB, p *profile.Profile, maxBytes int, planted ...string) *bench {
	t.Helper()
	b := &bench{t: t, profile: p, now: looked, known: map[string]bool{}, asker: &asker{results: map[string]*scrape.Result{}}}
	var kinds []redact.IDKind
	for _, k := range p.IDs {
		kinds = append(kinds, redact.IDKind{Kind: k.Kind, Fields: k.Fields, Shapes: k.Shapes})
	}
	learned := NewLearned()
	known := func(word []byte) bool { return b.known[string(word)] || learned.Known(word) }
	red, err := redact.New(redact.Options{Key: []byte("0123456789abcdef"), IDs: kinds, Known: known, Learn: learned.Learn})
	if err != nil {
		t.Fatal(err)
	}
	opts := verify.Options{Known: known}
	for _, v := range planted {
		opts.Values = append(opts.Values, []byte(v))
	}
	clock := func() time.Time { return b.now }
	b.recorder, err = NewRecorder(RecorderOptions{
		Profile: p, Redactor: red, Learned: learned, WindowEvents: 500, WindowAge: 24 * time.Hour, WindowBytes: 1 << 20,
		History: time.Hour, MetricsInterval: 15 * time.Second, Durable: true, Identity: Identity{Pod: "relay-0", Namespace: "race"}, Now: clock,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.builder, err = NewBuilder(BuilderOptions{
		Recorder: b.recorder, Detector: verify.New(opts), Asker: b.asker, MaxBytes: maxBytes,
		Generator: Generator{Name: "relaypack", Version: "0.0.0"}, Now: clock,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) record(s *scrape.Snapshot) { b.recorder.Record(s) }

// build makes a pack, holds it to the schema and to one line, and decodes it.
func (b *bench) build(req Request) (map[string]any, *Pack) {
	b.t.Helper()
	p, err := b.builder.Build(context.Background(), req)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := packSchema(b.t).Validate(decode(b.t, p.Bytes())); err != nil {
		b.t.Fatalf("pack against schema.json: %v", err)
	}
	if bytes.ContainsAny(p.Bytes(), "\n\r\t") {
		b.t.Fatal("the pack is not one line")
	}
	doc, _ := decode(b.t, p.Bytes()).(map[string]any)
	return doc, p
}

func packSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	s, err := compiledSchema()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var compiledSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("pack.json", doc); err != nil {
		return nil, err
	}
	return c.Compile("pack.json")
})

func decode(t testing.TB, data []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%v in %.300s", err, data)
	}
	return v
}

// at is the value at a path of names and indexes, as compact JSON; "absent" where there is none.
func at(doc any, path string) string {
	for _, name := range strings.Split(path, ".") {
		switch v := doc.(type) {
		case map[string]any:
			inner, ok := v[name]
			if !ok {
				return "absent"
			}
			doc = inner
		case []any:
			i, err := strconv.Atoi(name)
			if name == "length" {
				return strconv.Itoa(len(v))
			}
			if err != nil || i >= len(v) {
				return "absent"
			}
			doc = v[i]
		default:
			return "absent"
		}
	}
	out, _ := json.Marshal(doc)
	return string(out)
}

// want holds values of a document to a table of path -> compact JSON.
func want(t *testing.T, doc any, table map[string]string) {
	t.Helper()
	for path, value := range table {
		if got := at(doc, path); got != value {
			t.Errorf("%s is %.300s, want %s", path, got, value)
		}
	}
}
