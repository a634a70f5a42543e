package web

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"relaypack/agent/internal/fixture"
	"relaypack/pack"
	"relaypack/pack/redact"
	"relaypack/pack/verify"
	"relaypack/scrape/profile"
)

const (
	admin  = "right-bearer-0123456789"
	second = "other-bearer-0123456789"
	guess  = "gueSSed-bearer-98765432"
)

// fake is a Source that notes what it is asked for.
type fake struct {
	made *pack.Pack
	hold func(ctx context.Context) // called by Build

	mu      sync.Mutex
	packs   []pack.Request
	filters []pack.EventFilter
	series  []string
	sinces  []time.Time
}

func (f *fake) Build(ctx context.Context, r pack.Request) (*pack.Pack, error) {
	f.mu.Lock()
	f.packs = append(f.packs, r)
	f.mu.Unlock()
	if f.hold != nil {
		f.hold(ctx)
	}
	return f.made, nil
}

func (f *fake) View(name string) ([]byte, error) {
	return []byte(`{"asOf":null,"stale":true,"view":"` + name + `"}`), nil
}

func (f *fake) Events(filter pack.EventFilter) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.filters = append(f.filters, filter)
	return []byte(`{"asOf":null,"stale":true,"events":[]}`)
}

func (f *fake) History(name string, since time.Time) ([]byte, error) {
	if name == "none" {
		return nil, pack.ErrNoSeries
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.series, f.sinces = append(f.series, name), append(f.sinces, since)
	return []byte(`{"asOf":null,"stale":true,"points":[]}`), nil
}

func (f *fake) asked() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.packs) + len(f.filters) + len(f.series)
}

// emptyPack is a real pack, of a relay that was never looked at.
var emptyPack = sync.OnceValues(func() (*pack.Pack, error) {
	b, err := newBuilder(nil)
	if err != nil {
		return nil, err
	}
	return b.Build(context.Background(), pack.Request{})
})

// newBuilder makes a real builder; with hands on the recorder that it reads.
func newBuilder(with func(*profile.Profile, *pack.Recorder) pack.Asker) (*pack.Builder, error) {
	p, err := profile.Load("okboxbox")
	if err != nil {
		return nil, err
	}
	red, err := redact.New(redact.Options{Key: []byte("0123456789abcdef")})
	if err != nil {
		return nil, err
	}
	rec, err := pack.NewRecorder(pack.RecorderOptions{
		Profile: p, Redactor: red, WindowEvents: 500, WindowAge: 24 * time.Hour, WindowBytes: 1 << 20,
		History: time.Hour, MetricsInterval: 15 * time.Second,
	})
	if err != nil {
		return nil, err
	}
	var asker pack.Asker
	if with != nil {
		asker = with(p, rec)
	}
	return pack.NewBuilder(pack.BuilderOptions{
		Recorder: rec, Detector: verify.New(verify.Options{}), Asker: asker, MaxBytes: 8 << 20,
		Generator: pack.Generator{Name: "relaypack", Version: "0.0.0"},
	})
}

// bench is an API behind a real server.
type bench struct {
	t    *testing.T
	api  *API
	fake *fake
	log  *fixture.Page
	addr string
}

// setup starts a server; change may change everything before.
func setup(t *testing.T, change func(*Options, *http.Server)) *bench {
	t.Helper()
	made, err := emptyPack()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, fake: &fake{made: made}, log: &fixture.Page{}}
	opt := Options{
		Source: func() Source { return b.fake }, Classes: []string{"socket", "relay"}, Hosts: []string{"Ops.Example:443"},
		Tokens: func() []string { return []string{admin, second} },
		Log:    slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	srv := Server(nil, opt.Log)
	if change != nil {
		change(&opt, srv)
	}
	b.api = New(opt)
	srv.Handler = b.api
	b.addr = start(t, srv)
	t.Cleanup(func() {
		for _, secret := range []string{admin, second, guess} {
			if strings.Contains(b.log.String(), secret) {
				t.Errorf("a bearer stands in the log")
			}
		}
	})
	return b
}

func start(t *testing.T, srv *http.Server) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	t.Cleanup(func() {
		srv.Close()
		<-done
	})
	return l.Addr().String()
}

// reply is one answer, read.
type reply struct {
	code    int
	header  http.Header
	body    []byte
	problem problem // of an answer of 400 and more
}

// ask sends a request as the admin does; header lines replace what it would send, "" removes.
func (b *bench) ask(method, path, body string, header ...string) reply {
	b.t.Helper()
	req, err := http.NewRequest(method, "http://"+b.addr+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+admin)
	req.Header.Set("Accept-Encoding", "identity")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		switch {
		case name == "Host":
			req.Host = value
		case value == "":
			req.Header.Del(name)
		default:
			req.Header.Set(name, value)
		}
	}
	return b.send(req)
}

// send holds every answer to what all of them promise.
func (b *bench) send(req *http.Request) reply {
	b.t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	out := reply{code: res.StatusCode, header: res.Header}
	if out.body, err = io.ReadAll(res.Body); err != nil {
		b.t.Fatal(err)
	}
	promised(b.t, req.Method, &out)
	return out
}

// policyOf is the policy that an answer must have: a page adds its own parts to it, between the two.
func policyOf(r *reply) string {
	const first, last = "default-src 'none'", "; frame-ancestors 'none'"
	got := r.header.Get("Content-Security-Policy")
	if strings.HasPrefix(r.header.Get("Content-Type"), "text/html") && strings.HasPrefix(got, first+"; ") && strings.HasSuffix(got, last) {
		return got
	}
	return first + last
}

// promised checks the constant headers and the form of an error.
func promised(t *testing.T, method string, r *reply) {
	t.Helper()
	for name, want := range map[string]string{
		"Cache-Control":           "no-store",
		"X-Content-Type-Options":  "nosniff",
		"Referrer-Policy":         "no-referrer",
		"Content-Security-Policy": policyOf(r),
	} {
		if got := r.header.Get(name); got != want {
			t.Errorf("%d has %s: %q, want %q", r.code, name, got, want)
		}
	}
	for name := range r.header {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("%d has a CORS header %s", r.code, name)
		}
	}
	if r.code < 400 {
		return
	}
	if got := r.header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("%d is %q", r.code, got)
	}
	if method == http.MethodHead {
		return
	}
	if err := json.Unmarshal(r.body, &r.problem); err != nil {
		t.Errorf("%d: %v in %q", r.code, err, r.body)
	}
	if p := r.problem; p.Type != "about:blank" || p.Status != r.code || p.Title != http.StatusText(r.code) || p.Detail == "" {
		t.Errorf("%d: problem %+v", r.code, p)
	}
}

// value is a metric of the API by its name and labels ("name value"), -1 when it is not there.
func (b *bench) value(name string, labels ...string) float64 {
	for _, f := range b.api.Families() {
		if f.GetName() != name {
			continue
		}
	metrics:
		for _, m := range f.Metric {
			for _, want := range labels {
				if !strings.Contains(m.String(), `"`+want+`"`) {
					continue metrics
				}
			}
			if m.Gauge != nil {
				return m.Gauge.GetValue()
			}
			return m.Counter.GetValue()
		}
	}
	return -1
}
