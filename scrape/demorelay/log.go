package demorelay

import (
	"net/http"
	"slices"
	"time"
)

// logged bounds the request log; an agent that asks ten times a second needs three hours to fill it.
const logged = 100_000

// Request is one line of the relay's request log.
type Request struct {
	At       time.Time // when it arrived
	Life     int       // of the relay, from Options.Life
	Method   string
	Path     string
	Query    string // raw, without any bearer that stood in it
	Bearer   bool   // carried one, valid or not
	Valid    bool   // the bearer is one that the relay looks up in its database
	Database bool   // the database was up when it arrived
	Redis    bool
	Status   int           // of the answer; 0: none was given (death, hang, or the client left)
	Gate     time.Duration // age of the newest GET /api/health/ready answer, given without a bearer; -1: none in this life
	GateOpen bool          // and whether that answer said ready
}

// Death is one end of the relay's process.
type Death struct {
	At    time.Time
	Life  int
	Cause Cause
}

// Cause says what ended a life.
type Cause string

// The causes of death.
const (
	Killed           Cause = "killed"                             // Kill
	BearerNoDatabase Cause = "bearer while the database was down" // any /api path
	HealthNoRedis    Cause = "/api/health while Redis was down"   // within a second of the answer
	IdleConnection   Cause = "idle database connection was cut"   // CutDatabase
)

// journal is the request log and the list of deaths; guarded by Relay.mu.
type journal struct {
	requests []Request
	dropped  int
	deaths   []Death
}

// arrive adds a request and gives the place where its status belongs, -1 when the log is full.
func (j *journal) arrive(q Request) int {
	if len(j.requests) >= logged {
		j.dropped++
		return -1
	}
	j.requests = append(j.requests, q)
	return len(j.requests) - 1
}

func (j *journal) answered(at, status int) {
	if at >= 0 && at < len(j.requests) {
		j.requests[at].Status = status
	}
}

// Log gives all requests so far in the order of their arrival, at most 100,000 (then the newest are missing, see LogDropped).
func (r *Relay) Log() []Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.journal.requests)
}

// LogDropped counts the requests that found the log full.
func (r *Relay) LogDropped() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.journal.dropped
}

// Deaths gives every end of the relay so far, oldest first.
func (r *Relay) Deaths() []Death {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.journal.deaths)
}

// note logs the arrival of a request; r.mu is held.
func (r *Relay) note(q *http.Request, in *incoming, now time.Time) int {
	raw := q.URL.RawQuery
	if query := q.URL.Query(); query.Has("token") {
		query.Set("token", "")
		raw = query.Encode()
	}
	line := Request{
		At: now, Life: r.life, Method: in.method, Path: in.path, Query: raw,
		Bearer: in.bearer != "", Valid: in.user != nil, Database: r.faults.database, Redis: r.faults.redis,
		Gate: -1, GateOpen: r.gateOpen,
	}
	if !r.gateAt.IsZero() {
		line.Gate = now.Sub(r.gateAt)
	}
	return r.journal.arrive(line)
}
