package demorelay

import (
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	bodyLimit = 100 << 10 // of the relay's JSON parser
	pathReady = "/api/health/ready"
)

// Relay is the front of a relay: transport, bearers, rate limits, faults, deaths and log. What it
// says behind them is a content: made up (New) or captured (NewReplay). All methods may be called
// by several goroutines at once.
type Relay struct {
	mu       sync.Mutex
	opts     Options
	content  content
	life     int
	dead     bool
	gone     chan struct{} // closed when this life ends
	bearers  *bearers
	limiter  limiter
	faults   faults
	journal  journal
	gateAt   time.Time // newest answer of the gate that was given without a bearer
	gateOpen bool
	ids      *rand.Rand // request ids
	front    front
}

// content is what a relay says once a request has passed the front. Relay.mu is held in all calls.
type content interface {
	now() time.Time
	begin(at time.Time, life int) // a new life
	answer(q *question) reply
	stalled(d time.Duration) // the event loop stood still for d
	abandoned()              // a scrape came while it stood still, and its client has left
}

// question is a request that has passed the front.
type question struct {
	method, path string
	query        url.Values
	body         json.RawMessage // valid JSON, or nil
	now          time.Time
	on           switches
	database     bool // is up
	redis        bool // is up
}

// New makes a live relay. Its first life begins at once, but it serves only by Serve or ServeHTTP.
func New(o Options) *Relay {
	r := newFront(o.withDefaults())
	r.content = newLive(&r.opts)
	r.content.begin(r.opts.Now().Add(-r.opts.Warm), r.life)
	return r
}

func newFront(o Options) *Relay {
	r := &Relay{opts: o, life: o.Life, gone: make(chan struct{}), front: newStage()}
	r.bearers = newBearers(&r.opts)
	r.faults = newFaults(o)
	r.ids = rand.New(rand.NewPCG(o.Seed, 0x1d5))
	return r
}

// ServeHTTP answers one request, or breaks its connection when the relay is dead or dies of it.
func (r *Relay) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	in := r.arrive(q)
	var bodyErr error
	in.body, bodyErr = io.ReadAll(http.MaxBytesReader(w, q.Body, bodyLimit))
	in.tooLarge = errors.As(bodyErr, new(*http.MaxBytesError))
	if !r.awake(q.Context(), in) || !r.queried(q.Context(), in) {
		panic(http.ErrAbortHandler)
	}
	a, now := r.respond(w.Header(), q, in)
	if !r.settle(in, a, now) {
		panic(http.ErrAbortHandler)
	}
	a.write(w, q, in.id, now)
}

// incoming is a request on its way to an answer.
type incoming struct {
	id       string
	method   string
	path     string
	peer     string // address without port; loopback is always 127.0.0.1
	bearer   string
	user     *user // of a valid bearer
	line     int   // in the log
	life     int
	body     []byte
	tooLarge bool
}

func (in *incoming) api() bool { return in.under("/api") }

func (in *incoming) under(folder string) bool {
	rest, ok := strings.CutPrefix(in.path, folder)
	return ok && (rest == "" || rest[0] == '/')
}

func (r *Relay) arrive(q *http.Request) *incoming {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.content.now()
	in := &incoming{
		id: q.Header.Get("X-Request-ID"), method: q.Method, path: q.URL.Path, peer: peer(q), bearer: bearerOf(q), life: r.life,
	}
	in.user = r.bearers.verify(in.bearer, now)
	in.line = r.note(q, in, now)
	if in.id == "" {
		in.id = uuid(r.ids)
	}
	return in
}

// peer is the client's address; an in-memory connection has none and counts as loopback.
func peer(q *http.Request) string {
	host, _, err := net.SplitHostPort(q.RemoteAddr)
	if err != nil || net.ParseIP(host).IsLoopback() {
		return "127.0.0.1"
	}
	return host
}

// respond passes the request through limiter, body parser and guards to the content.
func (r *Relay) respond(h http.Header, q *http.Request, in *incoming) (reply, time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.content.now()
	ask := &question{
		method: in.method, path: in.path, query: q.URL.Query(), now: now,
		on: r.faults.on, database: r.faults.database, redis: r.faults.redis,
	}
	if !in.api() {
		return r.content.answer(ask), now
	}
	a := r.allow(in, now)
	a.headers(h)
	if a.over() {
		return a.refusal(), now
	}
	if refusal, bad := ask.parse(q, in); bad {
		return refusal, now
	}
	if refusal, no := r.guard(in); no {
		return refusal, now
	}
	switch in.method + " " + in.path {
	case "POST /api/auth/login":
		return r.login(ask.body, now), now
	case "POST /api/auth/refresh":
		return r.refresh(ask.body, now), now
	}
	return r.content.answer(ask), now
}

// parse takes the body as the relay's parser does: JSON by its content type, everything else is no body.
func (ask *question) parse(q *http.Request, in *incoming) (reply, bool) {
	if in.tooLarge {
		return refuseWith(http.StatusRequestEntityTooLarge, fault{Code: "INTERNAL_ERROR", Message: "request entity too large"}), true
	}
	kind, _, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" || len(in.body) == 0 {
		return reply{}, false
	}
	if !json.Valid(in.body) {
		return refuseWith(http.StatusBadRequest, fault{Code: "INTERNAL_ERROR", Message: "Expected property name or '}' in JSON at position 1"}), true
	}
	ask.body = in.body
	return reply{}, false
}

// settle writes the answer into the log; false: the relay died meanwhile, nothing may be sent.
func (r *Relay) settle(in *incoming, a reply, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.dead || r.life != in.life {
		return false
	}
	r.journal.answered(in.line, a.status)
	answeredGate := a.status == http.StatusOK || a.status == http.StatusServiceUnavailable
	if in.path == pathReady && in.bearer == "" && answeredGate {
		r.gateAt, r.gateOpen = now, a.status == http.StatusOK
	}
	if in.path == "/api/health" && !r.faults.redis && answeredGate {
		life := r.life
		time.AfterFunc(redisDeath, func() { r.die(life, HealthNoRedis) })
	}
	return true
}
