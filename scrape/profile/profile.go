// Package profile describes a relay as data: where its sources are, what must be asked first, which
// answers mean what, and which expression gives which field of the pack.
//
// A profile is one YAML file, decoded strictly; its jq expressions are compiled while loading, so
// that Parse tells every fault of a file at once, with line and column. Load takes a built-in name
// (okboxbox, generic) or a path. Profiles are operator files: trusted like configuration, checked
// like code. schema.json describes the form for editors; builtin/okboxbox.yaml uses all of it.
//
// # How a value comes about
//
// Each field has a list of rules `{from, jq}`, best first. `from` names a source, whose answer
// (behind its `unwrap`) is the expression's document, or one of the documents that the agent makes
// (FromStates and its like). $now is the instant at which the answer was complete, in epoch ms. The
// first rule whose first output is not null wins: false and 0 are values. A rule with `recorded:
// true` is void while the relay is unwired (`unwired`): then its 0 means that nobody counted.
//
// The document of an exposition is {family: {type, samples: [{part, labels, value, rate}]}} with the
// families that some expression names (Profile.Families); value is null where the page said NaN or
// infinite, rate (per second since the look before) where it is not known. Other answers are seen
// as Document decodes them. Objects that an expression builds have their names sorted; what has to
// keep the relay's order is cut out as bytes by a Path: ids, events, lists.
//
// # What an incident is
//
// `incidents` holds rules by which the agent sees by itself that something is wrong. Each has one
// condition, or several under `all` or `any`:
//
//	{series: lagMax, above: 250, until: 150}              a kept series; an open incident ends at 150
//	{series: descriptors, of: descriptorLimit, above: 0.8}    the share of another series
//	{series: driftWarnings, take: rate, over: 1m, above: 0.5} per second; take: change is now less then
//	{field: summary.activeSessions, below: 1}             a field of the format; texts: is: [production]
//	{events: error, type: db_error, over: 1m, above: 60}  events of a class (and type) in a minute
//	{source: metrics, status: [unreachable, timeout]}     how a source stands
//	{relay: down}, up, never-up, {relay: restarted, over: 10m, above: 2}
//
// What needs an expression is a series first: `history` takes any jq. A condition whose input is
// unknown neither holds nor does not, and its rule neither opens nor closes meanwhile. `for` is how
// long it must hold to open, `clear` how long not to close; `cooldown`, `perHour` of the rule and
// `perHour` of all of them bound how often a pack is made.
//
// # How a session is traced
//
// `tracing` says where the fields of a trace's samples come from: framesIn by stream, drops, errors and
// lastFrameAgeMs, each a list of ways, best first. A way names a source that is asked for the session
// (`every: ask`, {session}) or one that lists all of them at each look (`each`, `session`): a trace makes
// no look of its own. `start` names the source that starts the relay's own trace beside it.
//
// # What is promised
//
// An expression sees no environment, no file, no module and no input beside its document; it ends
// within 100 ms; its errors are of a closed set and never quote the document. A path in a profile
// stays on the relay's origin. Names that a profile gives (sources, series, units) stand in packs, so
// none may hold one of the three words that the format's readers search for.
package profile

import (
	"regexp"
	"time"
)

// Profile is a checked, compiled profile.
type Profile struct {
	Version  int
	Name     string
	Hash     string // first 12 hex digits of the file's SHA-256
	Relay    Relay
	Gate     *Gate  // nil: nothing has to be asked before the bearer is sent
	Login    *Login // nil: the relay has no login that the agent could use
	Budget   Budget
	Refusals Refusals
	IDs      []IDKind
	Sources  []*Source // in reading order: gate, those that give ids, event rings, the rest; stand-ins last of theirs
	Starts   []Rule    // the relay's start, epoch ms, by source; how a new life is told
	Events   []EventClass
	Sections []Section // fields of the owner's format, in the format's order
	Lists    []List    // supportBundle.sockets, sessions, errors
	Bundle   []Section // further supportBundle members: windows (the relay's own ring counts), errorCounts
	Unwired  *Unwired  // nil: the relay's recorders are always wired
	History  []Series
	Tracing  *Tracing        // nil: sessions of this relay cannot be traced
	Families map[string]bool // names of metric families that any expression mentions

	Incidents Incidents
}

// Relay is how the relay's process is recognised.
type Relay struct {
	Port    int            // default port
	Process *regexp.Regexp // matches its command line; nil: none
}

// Gate is the question that must have been answered well before the bearer leaves.
type Gate struct {
	Source string        // a source with every: gate
	Open   *Query        // true: the bearer may be sent
	MaxAge time.Duration // how long an answer counts
}

// Login is where the relay gives a bearer for an account. Paths and queries run on the whole answer.
type Login struct {
	Path    string // POST {"email","password"}
	Refresh string // POST {"refreshToken"}; "" = log in anew
	Bearer  Path
	Renew   Path   // the refresh credential
	Expires *Query // epoch ms
}

// Budget is how much of the relay's announced rate limits the agent allows itself.
type Budget struct {
	AnonymousCalls int           // per window, until the relay announces its own
	BearerCalls    int           // likewise, before our share is taken
	Window         time.Duration // of both
	AnonymousShare float64       // of an announced limit
	BearerShare    float64
}

// Refusals tells apart answers that share a status code, by the exact text of their error member
// (`.error` as a text, or `.error.message`).
type Refusals struct {
	Off    []string // switched off
	Absent []string // the thing asked for is not there
}

// IDKind is one kind of identifier (session, socket, user).
type IDKind struct {
	Kind   string
	Fields []string // names of fields that hold one
	Shapes []string // a literal prefix and one class with + or {n,m}, e.g. sess_[A-Za-z0-9]+
	Raw    []From   // where raw ids are listed
}

// From names a place in a source's answer.
type From struct {
	Source   string
	Path     Path
	Recorded bool // lists only: void while the relay is unwired
}

// Every says when a source is read.
type Every string

// The times at which a source is read.
const (
	EveryMetrics Every = "metrics" // at METRICS_INTERVAL
	EveryDebug   Every = "debug"   // in the burst at DEBUG_INTERVAL
	EveryStart   Every = "start"   // once per life of the relay
	EveryGate    Every = "gate"    // when the gate is asked
	EveryAsk     Every = "ask"     // only when a request names what to ask for
)

// Format is how a source's answer is read.
type Format string

// The formats.
const (
	JSON       Format = "json"
	Exposition Format = "exposition"
)

// Source is one endpoint.
type Source struct {
	Name      string
	Path      string // may hold {session} or {trace} when Every is ask; query included
	Method    string // GET or POST
	Body      string // of a POST, JSON; may hold {session} or {trace} inside a text when Every is ask, and the text "{seconds}", which becomes a number
	Format    Format
	Bearer    bool // needs the bearer
	Unwrap    Path // empty: the answer itself
	Every     Every
	InsteadOf string        // read only while this other source is not ok
	AtMost    time.Duration // least time between two asks, whatever they ask for; 0: none
	Group     string        // sources of one group are switched off together; one is tried for all
	MaxBytes  int64         // 0: the configured limit
	GivesIDs  bool          // derived: listed under ids.raw
	Lists     []Path        // derived: arrays that events, lists and ids are read from; an answer has at least one of them
}

// Rule is one way to a value: an expression on one source's document.
type Rule struct {
	From     string // source, or a pseudo-source: FromStates, FromTarget, FromEvents, FromProcess
	Query    *Query
	Recorded bool // void while the relay is unwired
}

// Section is one field of the pack, by its dotted name (`socketStats.byRole`), and the ways to it,
// best first. The first that gives a value other than null wins; false and 0 are values.
type Section struct {
	Field string
	Rules []Rule
}

// List is an array that is cut out element by element as bytes.
type List struct {
	Name     string // sockets | sessions | errors
	Variants []From // first one whose source is ok wins
}

// EventClass is one window and where its events come from.
type EventClass struct {
	Class    string // socket | relay | session | error for the owner's format
	Variants []EventSource
}

// EventSource is one place that lists the events of a class, newest first or oldest first.
type EventSource struct {
	From    string
	Each    Path   // the array's elements
	ID      Path   // text or number
	Prefix  string // of the id; the rest is a sequence number that counts from 1 in each life
	Time    Path   // epoch ms
	Type    Path
	Session Path   // may be empty
	Behind  string // the session's id stands in the text at Session behind this one, up to the next colon; "": the text is the id
	Map     *Query // turns an element of another shape into the class's shape; nil: bytes as they are

	Recorded bool // void while the relay is unwired: the next variant has its turn
}

// Unwired is how a relay is recognised whose recorders nothing feeds: something is live while all
// that was recorded is 0.
type Unwired struct {
	Live     []Rule
	Recorded []Rule
}

// Series is one kept history.
type Series struct {
	Name string
	Unit string
	Rule Rule
}
