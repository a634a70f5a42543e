package page

import (
	"bytes"
	"net/http"
	"sync"
	"testing"
	"time"

	"relaypack/pack"
	"relaypack/pack/redact"
	"relaypack/pack/verify"
	"relaypack/scrape"
	"relaypack/scrape/demorelay"
	"relaypack/scrape/profile"
)

// relayed is a page of a real builder that looks at a made-up relay.
type relayed struct {
	page    *Page
	builder *pack.Builder
	relay   *demorelay.Relay
	scraper *scrape.Scraper
	rec     *pack.Recorder
}

// look takes one look, as the agent does, and tells the page.
func (r *relayed) look(t testing.TB) {
	r.rec.Record(r.scraper.Look(t.Context()))
	r.page.Looked()
}

// beside makes a page beside a made-up relay at which the agent looked once.
func beside(t testing.TB) *relayed {
	t.Helper()
	r := &relayed{relay: demorelay.New(demorelay.DemoOptions(3))}
	served := make(chan error, 1)
	go func() { served <- r.relay.Serve(r.relay.Listener()) }()
	t.Cleanup(func() { r.relay.Close(); <-served })
	p, err := profile.Load("okboxbox")
	if err != nil {
		t.Fatal(err)
	}
	red, err := redact.New(redact.Options{Key: []byte("0123456789abcdef")})
	if err != nil {
		t.Fatal(err)
	}
	r.rec, err = pack.NewRecorder(pack.RecorderOptions{
		Profile: p, Redactor: red, WindowEvents: 500, WindowAge: 24 * time.Hour, WindowBytes: 1 << 20,
		History: time.Hour, MetricsInterval: time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	r.scraper, err = scrape.New(scrape.Options{
		Profile: p, URL: "http://relay.test:3001", Dial: r.relay.Dial, Bearer: r.relay.Bearer, Process: "off",
	})
	if err != nil {
		t.Fatal(err)
	}
	r.builder, err = pack.NewBuilder(pack.BuilderOptions{
		Recorder: r.rec, Detector: verify.New(verify.Options{}), Asker: r.scraper, MaxBytes: 8 << 20,
		Generator: pack.Generator{Name: "relaypack", Version: "0.0.0"},
	})
	if err != nil {
		t.Fatal(err)
	}
	classes := make([]string, 0, len(p.Events))
	for _, c := range p.Events {
		classes = append(classes, c.Class)
	}
	r.page = New(Options{Source: func() Source { return r.builder }, Classes: classes})
	r.look(t)
	return r
}

// stream is what a reader of Live gets.
type stream struct {
	mu     sync.Mutex
	header http.Header
	got    bytes.Buffer
	wrote  chan struct{}
}

func newStream() *stream { return &stream{header: http.Header{}, wrote: make(chan struct{}, 1000)} }

func (s *stream) Header() http.Header              { return s.header }
func (s *stream) WriteHeader(int)                  {}
func (s *stream) Flush()                           { s.wrote <- struct{}{} }
func (s *stream) SetWriteDeadline(time.Time) error { return nil }
func (s *stream) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got.Write(b)
}

// take gives what came since the last call.
func (s *stream) take() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := s.got.String()
	s.got.Reset()
	return text
}

func forever() time.Duration { return time.Hour }
