package incident

import (
	"encoding/json"
	"math"
	"slices"
	"time"

	"relaypack/scrape/profile"
)

// Kind says what happened to a rule.
type Kind string

// The kinds of changes.
const (
	Opened   Kind = "opened"
	Closed   Kind = "closed"
	HeldBack Kind = "held-back" // it fired and may not make a pack
)

// Why an incident closed, or was held back.
const (
	ByClearing = "cleared"
	ByNewLife  = "new-life" // it was about the process before

	InCooldown = "cooldown"
	OverBudget = "budget"       // of the rule
	OverTotal  = "total-budget" // of all rules
	WithDeath  = "death"        // as the death before it was
)

// Change is one thing that an evaluation found new.
type Change struct {
	Kind   Kind
	Why    string // of Closed and HeldBack
	Record Record
}

// Record is one incident, as packs tell it.
type Record struct {
	Rule          string
	Severity      profile.Severity
	Summary       string
	OpenedAt      time.Time
	ClosedAt      time.Time // zero: open
	ClosedBy      string
	Values        []Value   // what fired
	Siblings      []string  // rules that were open, or held back, when it opened
	Life          int       // number of the relay's life
	LifeStartedAt time.Time // zero: unknown
	HeldBack      int       // how often the rule was held back since it opened last
	Opening       uint64    // counts openings; those of one evaluation share one
	Joined        bool      // it made no pack of its own: that of the death before it holds it
	PackID        string    // "" until Packed
}

// Value is one condition that held when a rule fired.
type Value struct {
	Name  string        // series, field, `relay`, `source NAME`, `events CLASS` or `events CLASS TYPE`
	Take  string        // "" | rate | change | share | per-minute
	Of    string        // the series by which it was divided
	Over  time.Duration // the window; 0: none
	Value float64
	Text  string // in place of Value, where a text was compared
	Is    string // above | below | one-of
	Bound float64
}

// Due gives the opening for which a pack is due, and the rules to name as its trigger; no rules: none
// is due.
func Due(changes []Change) (opening uint64, rules []string) {
	for _, c := range changes {
		if c.Kind == Opened && !c.Record.Joined {
			opening, rules = c.Record.Opening, append(rules, c.Record.Rule)
		}
	}
	return opening, rules
}

// Unpacked gives the openings of the last hour that no pack tells of, oldest first, and the rules that
// fired: an agent that ended between the two leaves them to the next.
func (e *Engine) Unpacked() (openings []Opening) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, r := range e.records {
		if r.PackID != "" || r.Joined || e.opts.Now().Sub(r.OpenedAt) >= window {
			continue
		}
		n := len(openings)
		if n == 0 || openings[n-1].Number != r.Opening {
			openings = append(openings, Opening{Number: r.Opening, At: r.OpenedAt})
			n++
		}
		openings[n-1].Rules = append(openings[n-1].Rules, r.Rule)
	}
	return openings
}

// Opening is what one pack is made for.
type Opening struct {
	Number uint64
	At     time.Time
	Rules  []string
}

// Packed notes which pack tells of an opening; ids that are none are not kept.
func (e *Engine) Packed(opening uint64, packID string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !packForm.MatchString(packID) {
		return
	}
	for _, r := range e.records {
		if r.Opening == opening {
			r.PackID = packID
		}
	}
}

// Records gives the open incidents and those that closed last, at most 50, newest first.
func (e *Engine) Records() []Record {
	e.mu.Lock()
	defer e.mu.Unlock()
	list := make([]Record, 0, len(e.records))
	for _, r := range slices.Backward(e.records) {
		list = append(list, r.clone())
	}
	return list
}

// AppendRecords writes Records as a JSON array.
func (e *Engine) AppendRecords(dst []byte) []byte {
	text, err := json.Marshal(e.Records())
	if err != nil {
		return append(dst, "[]"...)
	}
	return append(dst, text...)
}

func (r *Record) clone() Record {
	c := *r
	c.Values, c.Siblings = slices.Clone(r.Values), slices.Clone(r.Siblings)
	return c
}

// keep adds a record; of too many the oldest that is closed goes.
func (e *Engine) keep(r *Record) {
	e.records = append(e.records, r)
	if len(e.records) <= maxRecords {
		return
	}
	oldest := slices.IndexFunc(e.records, func(r *Record) bool { return !r.ClosedAt.IsZero() })
	if oldest < 0 {
		return // all are open: as many as there are rules at most
	}
	e.records = slices.Delete(e.records, oldest, oldest+1)
	e.dropped++
}

func (e *Engine) newRecord(r *rule, in Input) *Record {
	record := &Record{
		Rule: r.spec.Name, Severity: r.spec.Severity, Summary: r.spec.Summary, OpenedAt: e.opts.Now(),
		Life: in.Life.N, LifeStartedAt: in.Life.StartedAt,
	}
	for i := range r.leaves {
		if l := &r.leaves[i]; l.said == yes {
			record.Values = append(record.Values, l.tell())
		}
	}
	return record
}

// tell says what a condition compared.
func (l *leaf) tell() Value {
	v := Value{Name: l.name(), Of: l.spec.Of, Over: l.spec.Over, Value: l.value, Is: "above", Bound: l.spec.Bound}
	switch {
	case l.spec.Below:
		v.Is = "below"
	case l.text != "":
		v.Is, v.Text, v.Value, v.Bound = "one-of", l.text, 0, 0
	}
	switch {
	case l.spec.Kind == profile.OfEvents:
		v.Take = "per-minute"
	case l.spec.Of != "":
		v.Take = "share"
	case l.spec.Take == profile.TakeRate, l.spec.Take == profile.TakeChange:
		v.Take = string(l.spec.Take)
	}
	return v
}

// name is what a condition reads, in words.
func (l *leaf) name() string {
	switch l.spec.Kind {
	case profile.OfRelay:
		if l.spec.Relay == profile.RelayRestarted {
			return "relay restarts"
		}
		return "relay"
	case profile.OfSource:
		return "source " + l.spec.Name
	case profile.OfEvents:
		if l.spec.Type != "" {
			return "events " + l.spec.Name + " " + l.spec.Type
		}
		return "events " + l.spec.Name
	}
	return l.spec.Name
}

// round gives a number that JSON can say, with the digits that people read.
func round(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return math.Round(v*1e6) / 1e6
}
