// Package scrape takes looks at one relay and says what it saw.
//
//	s, err := scrape.New(scrape.Options{Profile: p, URL: "http://127.0.0.1:3001", Bearer: bearer})
//	snap := s.Look(ctx)                                 // one look, or
//	err = s.Run(ctx, func(snap *scrape.Snapshot) {...}) // looks at their intervals until ctx ends
//	results := s.Ask(ctx, []scrape.Ask{{Source: "parityOne", Params: ...}})
//
// A Scraper reads the sources that a profile describes (the exposition under /metrics, JSON debug
// endpoints, the process) and hands each look on as a Snapshot, in which every source has a value
// or a status. It promises manners, not completeness: the relay's bearer token leaves only behind
// the gate, within the budget that the relay announces, and a relay that is slow, lying or dead
// costs a status, never a look.
//
// Who is who: look.go takes looks and runs the loops, watch.go notices deaths in between, burst.go
// orders the debug sources, bearer.go decides whether a call with the bearer may be made (gate.go,
// holds.go, budget.go, account.go), leash.go and wire.go make calls, answer.go judges what comes
// back, exposition.go reads metrics (with comment.go, plain.go, chunk.go and remember.go), life.go
// tells one life of the relay from the next.
//
// What is not promised: the gate narrows the race between its answer and a database that goes down,
// it cannot close it; a call that hangs costs the relay a database connection before the back-off
// begins; the budget counts only our own calls and what the relay says is left.
//
// A Snapshot holds raw, unredacted answers. It lives as long as the call that it is handed to;
// whoever keeps something of it (package pack) redacts it first. From one look to the next scrape
// itself keeps numbers, times, event ids, keyed hashes and, to read the next page fast, what stands
// before the values on the last one: in memory, within a bound (remember.go), handed to nobody. It does not log, and its errors
// carry source, status, code and line, never foreign text.
package scrape

import "time"

// Status says how a source stands. The set is closed; it appears in packs as sources.*.status.
type Status string

// The statuses of a source.
const (
	OK           Status = "ok"           // the last read gave a usable answer
	Off          Status = "off"          // the relay (or the configuration) has it switched off
	Forbidden    Status = "forbidden"    // 403
	Unauthorized Status = "unauthorized" // 401, or no bearer configured for a source that needs one
	Limited      Status = "limited"      // 429, or our own budget for the relay is used up
	Unreachable  Status = "unreachable"  // no connection, or one that broke
	Timeout      Status = "timeout"      // no complete answer within the deadline
	Invalid      Status = "invalid"      // an answer that is not what the source promises (5xx too)
	TooLarge     Status = "too-large"    // an answer over the limit; nothing of it is used
	Gated        Status = "gated"        // not asked: the gate is shut
	Ambiguous    Status = "ambiguous"    // more than one process could be the relay
	Skipped      Status = "skipped"      // not asked yet, or not needed
	Stale        Status = "stale"        // was ok, but not read for three of its intervals
)

// State is how one source stands now.
type State struct {
	Status   Status
	Reason   string        // from a closed set of our own words (reasons.go), "" when Status is OK and nothing is to say
	Code     int           // HTTP status of the last answer, 0 without one
	Line     int           // first bad line of an exposition page, 0 for none
	LastOK   time.Time     // zero: never
	Took     time.Duration // of the last read
	Bytes    int64         // of the last answer
	Failures int           // in a row
	Since    time.Time     // when Status became what it is
}

// Result is what one source gave in one look. Exactly one of Body, Metrics, Process and Pod is set when
// State.Status is OK, none otherwise; but a Pod is told also where it is not clear which container is
// the relay.
type Result struct {
	Source  string // name in the profile; "process" for the process
	State   State
	At      time.Time // instant at which the answer was complete
	Body    []byte    // raw JSON value, unwrapped, syntactically valid; UNREDACTED
	Absent  bool      // the relay said that the session or trace asked for is not there (Status OK, Body nil)
	Metrics *Metrics
	Process *Process
	Pod     *Pod
	Life    Life // of an answer to an Ask: the relay's life as it stood then; N is 0 for unknown
}

// Snapshot is one look: what the sources that were due gave, and how all of them stand.
type Snapshot struct {
	At        time.Time
	Results   []*Result        // in the order in which they were read
	States    map[string]State // every source of the profile, "process", and those of Kubernetes where they are asked
	Life      Life             // the relay's current (or last) life
	Before    Life             // the life before that one, ended; N is 0 when there was none
	Port      PortState        // what the last TCP connect to the relay found
	Target    Target
	Anomalies []Anomaly // seen in this look
	NewIDs    [][]byte  // raw session ids seen for the first time in this look: for one sweep, never to keep
	Took      time.Duration
}

// Target is where the relay is.
type Target struct {
	Host string
	Port int
}

// PortState is what a TCP connect to the relay's port found.
type PortState string

// The states of the relay's port.
const (
	PortUnknown PortState = ""
	PortOpen    PortState = "open"
	PortRefused PortState = "refused"
	PortTimeout PortState = "timeout"
)

// Life is one run of the relay's process, from its start to its end.
type Life struct {
	N         int       // counts the lives that this agent saw, from 1; 0: none seen yet
	StartedAt time.Time // by the best source; zero: unknown
	Source    string    // which source said so: "process", or a name of the profile
	FirstSeen time.Time
	EndedAt   time.Time // when it was seen to have ended; zero: it lives
	End       string    // "" | "gone" (no process) | "port-closed" (port refuses, process lives or unknown) | "replaced" (a new life was seen)
	Pid       int32     // 0: unknown
	Ticks     uint64    // the start of Pid in clock ticks since boot; 0: unknown
	Ending    Ending    // known a moment after EndedAt, if ever
}

// Anomaly is something about event ids or clocks that is told in the pack's gaps.
type Anomaly struct {
	At    time.Time
	Class string // event class, "" for none
	What  string // closed set: "ids-went-back" | "clock-step"
}

// Metrics is one exposition page, good until the next one of its source is read. Values can be NaN or
// infinite.
type Metrics struct {
	Families []Family
	Series   int // samples over all families
	BadLines int // lines that were skipped because they could not be read
	BadLine  int // number of the first of them, from 1; 0: none
	Dropped  int // samples beyond what is kept of one page (exposition.go)

	// AfterTimeout is true when the read before was abandoned: the relay answered it all the same and
	// reset its lag window, so the lag figures of this page are unknown, not low.
	AfterTimeout bool
}

// Family is one metric family; it has no samples where the page had only HELP and TYPE.
type Family struct {
	Name    string
	Help    string
	Type    string // counter | gauge | histogram | summary | gaugehistogram | untyped
	Samples []Sample
}

// Sample is one line of the page.
type Sample struct {
	Series *Series // nil: not remembered; else the same as on the page before for the same family, part and labels
	Part   string  // "" | "bucket" | "sum" | "count": which part of a histogram or summary
	Labels []Label
	Value  float64
	Rate   float64 // per second since the look before, counters that the profile names only; NaN: unknown
}

// Label is one name="value" of a sample.
type Label struct{ Name, Value string }

// Process is what the operating system says about the relay's process.
type Process struct {
	Pid        int32
	Found      string    // how: "pid" | "name" | "port"
	State      string    // one letter of /proc/PID/stat (R S D T Z); "" unknown
	StartTicks uint64    // field 22 of /proc/PID/stat; 0: unknown. Does not move with the clock.
	StartedAt  time.Time // whole seconds
	CPUUser    time.Duration
	CPUSystem  time.Duration
	RSS        uint64 // bytes
	VMS        uint64 // bytes
	Threads    int32
	FDs        int32      // -1: not readable
	MaxFDs     uint64     // soft limit; 0: unknown
	Args       []string   // command line, UNREDACTED
	Container  *Container // nil: its control groups cannot be seen from here
	PodLimit   uint64     // bytes of memory that its container may have, as the configuration or Kubernetes says; 0: unknown, or none
	Unreadable []string   // what another uid keeps us from: "fds", "limits", "args"
}

// Ask is a question that only a request can name: a source of the profile with `every: ask`, and
// the values of its placeholders ("session", "trace", "seconds").
type Ask struct {
	Source string
	Params map[string]string
	Spare  bool // it can wait: where the gate is not open anyway, it is asked only while requests leave a third of theirs
}
