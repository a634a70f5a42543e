// Package pack keeps what a relay showed, redacted, and builds support packs of it.
//
// A Recorder takes the looks of package scrape. What it keeps (event windows, the latest sections,
// lists, metrics, history) has passed the redactor on its way in and is kept encoded, so nothing raw
// survives Record. A Builder joins the kept bytes to a Pack, asks the relay for what only a request
// can name (session parity, a trace), keeps the pack within its size, and has the finished bytes read
// by the second detector: what that finds is taken out before anyone sees the pack.
//
// Where to look: a metric or an answer becomes a field of the pack in sections.go (by the profile's
// rules) and fields.go (the fields of the format); events.go and gaps.go keep the windows, lists.go,
// metrics.go and page.go, process.go and history.go the rest of supportBundle; builder.go and draft.go
// put the pack together, ladder.go bounds it, failclosed.go verifies it. trace.go, tracerun.go and
// sample.go watch one session for a while. views.go and traceview.go serve the same data to the HTTP
// API; preview.go shows a pack before it leaves. persist.go and restore.go hand what is kept to the next
// agent. FORMAT.md describes every member of a pack, schema.json checks them.
//
// Promised: a pack can always be built, also of a dead relay or of no relay; it fits schema.json and
// the size limit; a value that no source gave is null, never 0. Not promised: that a counter which
// the relay itself never feeds means anything (supportBundle.unwired says so).
package pack

import (
	"time"
)

// SchemaVersion is the version of the pack's form, supportBundle.schemaVersion.
const SchemaVersion = 1

// Pack is one finished, verified support pack. Only a Builder makes one.
type Pack struct {
	id      string
	at      time.Time
	verdict Verdict
	body    []byte
}

// ID is the pack's id, pack-<13 digits of epoch ms>-<6 signs>.
func (p *Pack) ID() string { return p.id }

// At is the pack's instant, generatedAt.
func (p *Pack) At() time.Time { return p.at }

// Verdict says what the second detector made of the pack.
func (p *Pack) Verdict() Verdict { return p.verdict }

// Bytes is the pack, one line of compact JSON without a line end; it must not be changed.
func (p *Pack) Bytes() []byte { return p.body }

// Verdict is what verification did to a pack, redaction.verifier.verdict.
type Verdict string

// The verdicts.
const (
	Clean   Verdict = "clean"   // nothing was found
	Cleaned Verdict = "cleaned" // something was found and taken out; then nothing was found
	Minimal Verdict = "minimal" // only the agent's own numbers and constants were left
)

// Identity says which agent made a pack. Empty members become null.
type Identity struct {
	Pod       string
	Namespace string
	Node      string
	Host      string
}

// Generator names the program that made a pack.
type Generator struct {
	Name    string
	Version string
	Commit  string // "" becomes null
}

// TriggerKind says why a pack was built.
type TriggerKind string

// The kinds of trigger.
const (
	Manual   TriggerKind = "manual"
	Periodic TriggerKind = "periodic"
	Incident TriggerKind = "incident"
	Final    TriggerKind = "final" // the relay died, or the agent stops
)

// Trigger is why a pack was built. The zero value is a manual one, now.
type Trigger struct {
	Kind  TriggerKind
	Rules []string  // names of the incident rules that fired, from the profile
	At    time.Time // when the reason arose; zero: the pack's instant
}

// Request is what a pack is asked for.
type Request struct {
	SessionID     string // raw or masked; "" = no session
	TraceID       string // "" = no trace
	IncludeConfig bool
	Trigger       Trigger
}

// SelfNumbers is the agent's own cost, supportBundle.self.
type SelfNumbers struct {
	StartedAt time.Time
	CPUUser   time.Duration
	CPUSystem time.Duration
	RSS       uint64 // bytes; 0: unknown
}
