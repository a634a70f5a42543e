package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"relaypack/agent/internal/fixture"
	"relaypack/pack"
	"relaypack/scrape/demorelay"
)

// usageBody is the request of the format document's usage section, as written there.
const usageBody = `{
    "sessionId": "sess_abc123def456",
    "traceId": "trace-123",
    "includeConfig": true
  }`

// eventually waits until cond holds; it asks every 20 ms, for half a minute at most.
func eventually(t testing.TB, what string, cond func() bool) {
	t.Helper()
	deadline := time.NewTimer(30 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("never came: %s", what)
		}
	}
}

var packSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(pack.Schema()))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("pack.json", doc); err != nil {
		return nil, err
	}
	return c.Compile("pack.json")
})

// validPack holds a pack to the schema and decodes it.
func validPack(t testing.TB, doc []byte) map[string]any {
	t.Helper()
	schema, err := packSchema()
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
	if err != nil {
		t.Fatalf("%v in %.300s", err, doc)
	}
	if err := schema.Validate(v); err != nil {
		t.Fatalf("pack against its schema: %v", err)
	}
	var out map[string]any
	if err := json.Unmarshal(doc, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// liveRelay serves a made-up relay on a port of loopback until the test ends.
func liveRelay(t testing.TB, o demorelay.Options) (relay *demorelay.Relay, address string) {
	t.Helper()
	o.AdminLimit, o.AnonymousLimit = demoLimit, demoLimit // so that the agent may look every second
	relay = demorelay.New(o)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- relay.Serve(l) }()
	t.Cleanup(func() {
		relay.Close()
		<-served
	})
	return relay, l.Addr().String()
}

func freePort(t testing.TB) string {
	t.Helper()
	address, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// serving is an agent that runs as serve does.
type serving struct {
	t     testing.TB
	agent *agent
	log   *fixture.Page
	api   string // address
	probe string
	bear  string        // what its requests carry
	stop  func()        // as SIGTERM does
	hurry func()        // as a second SIGTERM does
	ended chan struct{} // closed when run has returned
	err   error         // of run
}

// startServing starts the agent with RELAYPACK_* variables, written without the prefix; it ends with the test.
func startServing(t testing.TB, vars ...string) *serving {
	t.Helper()
	return startServingOn(t, nil, vars...)
}

// startServingOn does so on a clock of its own.
func startServingOn(t testing.TB, now func() time.Time, vars ...string) *serving {
	t.Helper()
	s := &serving{t: t, log: &fixture.Page{}, api: freePort(t), probe: freePort(t), bear: testAdmin, ended: make(chan struct{})}
	env := []string{"RELAYPACK_LISTEN=" + s.api, "RELAYPACK_PROBE_LISTEN=" + s.probe, "RELAYPACK_PROCESS=off",
		"RELAYPACK_METRICS_INTERVAL=1s", "RELAYPACK_DEBUG_INTERVAL=1s"}
	for _, v := range vars {
		env = append(env, envPrefix+"_"+v)
	}
	v, _, err := readVariables(env)
	if err != nil {
		t.Fatal(err)
	}
	set, faults := validate(v)
	log := slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if s.agent, err = newAgent(set, faults, now, log); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cut, hurry := context.WithCancel(context.Background())
	s.stop, s.hurry = cancel, hurry
	go func() {
		defer close(s.ended)
		s.err = s.agent.run(ctx, cut)
	}()
	t.Cleanup(func() {
		cancel()
		hurry()
		<-s.ended
	})
	return s
}

// answer is one HTTP answer, read; code 0: there was none.
type answer struct {
	code   int
	header http.Header
	body   []byte
}

// problem gives the members of an RFC 9457 answer.
func (a answer) problem(t testing.TB) (detail string, faults []string) {
	t.Helper()
	var p struct {
		Detail string   `json:"detail"`
		Faults []string `json:"faults"`
	}
	if err := json.Unmarshal(a.body, &p); err != nil || a.header.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("%d is no problem: %v in %.200s", a.code, err, a.body)
	}
	return p.Detail, p.Faults
}

// ask sends one request on a connection of its own; what gives no answer is the zero answer.
func (s *serving) ask(method, address, path, body string) answer {
	req, err := http.NewRequest(method, "http://"+address+path, strings.NewReader(body))
	if err != nil {
		s.t.Error(err)
		return answer{}
	}
	req.Header.Set("Authorization", "Bearer "+s.bear)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 20 * time.Second}
	res, err := client.Do(req)
	if err != nil {
		return answer{}
	}
	defer res.Body.Close()
	out := answer{code: res.StatusCode, header: res.Header}
	if out.body, err = io.ReadAll(res.Body); err != nil {
		return answer{}
	}
	return out
}

func (s *serving) get(path string) answer { return s.ask(http.MethodGet, s.api, path, "") }

func (s *serving) probed(path string) answer { return s.ask(http.MethodGet, s.probe, path, "") }

// pack asks for one pack and holds it to the schema.
func (s *serving) pack(body string) map[string]any {
	s.t.Helper()
	a := s.ask(http.MethodPost, s.api, "/api/ops/support-pack", body)
	if a.code != http.StatusOK {
		s.t.Fatalf("a pack: %d %.300s", a.code, a.body)
	}
	return validPack(s.t, a.body)
}

// begun waits for the end of the first look and for the API.
func (s *serving) begun() {
	s.t.Helper()
	eventually(s.t, "/startupz", func() bool { return s.probed("/startupz").code == http.StatusOK })
	eventually(s.t, "the API", func() bool { return s.get("/api/ops/status").code != 0 })
}

// at finds a member by its path; nil where there is none.
func at(doc any, path ...string) any {
	for _, name := range path {
		switch in := doc.(type) {
		case map[string]any:
			doc = in[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(in) {
				return nil
			}
			doc = in[i]
		default:
			return nil
		}
	}
	return doc
}
