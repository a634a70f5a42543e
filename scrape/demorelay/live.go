package demorelay

import (
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// live is the content of a relay with made-up traffic. Everything is guarded by Relay.mu.
type live struct {
	opts   *Options
	plants []plant // texts with planted secrets, in the order in which they come up
	seen   seen    // raw ids of all lives
	world          // of this life
}

// world is what one life of the relay knows; a restart begins with an empty one.
type world struct {
	rng   *rand.Rand // of the traffic, in the order of its events
	extra *rand.Rand // of ids that a request makes
	life  int
	seed  uint64

	process int64 // start of the process, epoch ms
	runtime int64 // start as runtime.startTime has it
	ops     int64 // when the ops module was loaded
	at      int64 // how far the traffic has been computed

	agenda  agenda
	tracks  sessions
	sockets sockets
	rings   rings
	trouble trouble
	lag     lag
	traces  map[string]*trace
}

type rings struct{ socket, relay, session, failure ring }

func newLive(o *Options) *live {
	return &live{opts: o, plants: makePlants(o), seen: newSeen()}
}

func (l *live) now() time.Time { return l.opts.Now() }

// begin starts a life whose port opens at the given instant.
func (l *live) begin(at time.Time, life int) {
	seed := l.opts.Seed*1_000_003 + uint64(life)
	open := at.UnixMilli()
	l.world = world{
		rng: rand.New(rand.NewPCG(seed, 1)), extra: rand.New(rand.NewPCG(seed, 2)), life: life, seed: seed,
		process: open - 900, runtime: open - 450, ops: open - 150, at: open,
		traces: map[string]*trace{},
	}
	l.lag.since = open
	l.populate(open)
}

// answer routes a request that has passed the front.
func (l *live) answer(q *question) reply {
	now := q.now.UnixMilli()
	l.advance(now)
	method := q.method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if q.path == "/metrics" && method == http.MethodGet && q.on.metrics {
		return l.exposition(now)
	}
	if answer := l.open(q, method, now); answer != nil {
		return *answer
	}
	if rest, ok := strings.CutPrefix(q.path, "/api/ops/"); ok {
		return l.opsRoute(q, method+" "+rest, now)
	}
	if rest, ok := strings.CutPrefix(q.path, "/api/dev/diagnostics/"); ok {
		return l.diagnosticsRoute(q, method+" "+rest, now)
	}
	return noSuchPath(q.method, q.path)
}

func (l *live) stalled(d time.Duration) { l.lag.stood(d) }

func (l *live) abandoned() { l.lag.eaten = true }
