package incident

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"relaypack/scrape"
)

const (
	stateVersion = 1
	maxState     = 512 << 10      // bytes of a saved state
	maxHeldBack  = 1 << 30        // a count beyond that is no count
	maxAgo       = 24 * time.Hour // nothing that is older bounds anything
)

// The errors of Restore. They never quote the state.
var (
	ErrStateForm    = errors.New("not a state of incidents")
	ErrStateVersion = errors.New("a state of another version")
)

var packForm = regexp.MustCompile(`^pack-\d{13}-[a-z0-9]{6}$`)

// saved is the state on disk. Times are epoch ms by the wall clock as it stood at savedAt.
type saved struct {
	Version  int                  `json:"version"`
	SavedAt  int64                `json:"savedAt"`
	SeenUp   bool                 `json:"seenUp"`
	Life     savedLife            `json:"life"`  // the last that was judged
	Death    *savedDeath          `json:"death"` // of a relay that was down
	Restarts []int64              `json:"restarts"`
	Next     uint64               `json:"next"`
	Openings []int64              `json:"openings"` // of all rules
	Rules    map[string]savedRule `json:"rules"`
	Records  []*Record            `json:"records"` // oldest first
}

type savedLife struct {
	N int `json:"n"`
}

type savedDeath struct {
	Opening uint64 `json:"opening"` // 0: held back
}

type savedRule struct {
	Openings  []int64 `json:"openings"`
	ClosedAt  *int64  `json:"closedAt"`
	Held      bool    `json:"held"`
	HeldBack  int     `json:"heldBack"`
	HeldTotal int64   `json:"heldTotal"`
}

// State is what the next agent has to know beside Options.Last: budgets, cooldowns, counts, incidents. It is
// JSON of at most some 100 KB, and worth saving whenever Evaluate gave a change.
func (e *Engine) State() []byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	c := clock{now: e.now(), wall: e.opts.Now()}
	s := saved{
		Version: stateVersion, SavedAt: c.wall.UnixMilli(), SeenUp: e.relay.seenUp, Restarts: c.save(e.relay.restarts),
		Life: savedLife{e.relay.life.N}, Next: e.next, Openings: c.save(e.all.at), Rules: map[string]savedRule{}, Records: e.records,
	}
	if d := e.relay.death; d.known && e.relay.wasDown {
		s.Death = &savedDeath{Opening: d.opening}
	}
	for _, r := range e.rules {
		one := savedRule{Openings: c.save(r.ledger.at), Held: r.phase == held, HeldBack: r.heldBack, HeldTotal: r.heldTotal}
		if r.wasOpen {
			one.ClosedAt = &c.save([]time.Duration{r.closed})[0]
		}
		s.Rules[r.spec.Name] = one
	}
	text, err := json.Marshal(s)
	if err != nil {
		return nil // cannot happen: numbers are made finite before
	}
	return text
}

// Restore takes a saved state into an engine that has judged nothing yet. On an error nothing of it is
// taken, and the engine starts as new. Of a good state only what the profile knows is taken: rules by
// their names, with the profile's own words.
func (e *Engine) Restore(state []byte) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(state) > maxState {
		return fmt.Errorf("read incidents: %w", ErrStateForm)
	}
	var version struct {
		Version *int `json:"version"`
	}
	if err := json.Unmarshal(state, &version); err != nil || version.Version == nil {
		return fmt.Errorf("read incidents: %w", ErrStateForm)
	}
	if *version.Version != stateVersion {
		return fmt.Errorf("read incidents: %w", ErrStateVersion)
	}
	var s saved
	if err := json.Unmarshal(state, &s); err != nil {
		return fmt.Errorf("read incidents: %w", ErrStateForm)
	}
	wall := e.opts.Now()
	c := clock{now: e.now(), saved: s.SavedAt, passed: min(max(0, wall.Sub(time.UnixMilli(s.SavedAt))), maxAgo)}
	e.next = max(e.next, min(s.Next, 1<<53))
	e.all.at = c.restore(s.Openings, maxInOne)
	e.restoreRelay(s, c)
	for _, r := range e.rules {
		one, ok := s.Rules[r.spec.Name]
		if !ok {
			continue
		}
		r.ledger.at = c.restore(one.Openings, maxInOne)
		if one.ClosedAt != nil {
			r.closed, r.wasOpen = c.restore([]int64{*one.ClosedAt}, 1)[0], true
		}
		r.heldBack = min(max(one.HeldBack, 0), maxHeldBack)
		r.heldTotal = min(max(one.HeldTotal, 0), maxHeldBack)
		if one.Held {
			r.phase = held
		}
	}
	e.restoreRecords(s.Records)
	return nil
}

func (e *Engine) restoreRelay(s saved, c clock) {
	e.relay.seenUp = e.relay.seenUp || s.SeenUp
	e.relay.restarts = c.restore(s.Restarts, maxRestarts)
	if last := &e.relay.life; last.N > 0 && !last.EndedAt.IsZero() && s.Life.N == last.N+1 {
		*last = scrape.Life{N: s.Life.N} // judged before it was recorded: it is no other one than the next
	}
	if s.Death != nil {
		e.relay.death = death{known: true, opening: s.Death.Opening}
		e.relay.wasDown = true
	}
}

// restoreRecords takes the records of rules that the profile still has, in its words; an open one opens
// its rule.
func (e *Engine) restoreRecords(list []*Record) {
	byName := map[string]*rule{}
	for _, r := range e.rules {
		byName[r.spec.Name] = r
	}
	for _, record := range list[max(0, len(list)-maxRecords):] {
		if record == nil {
			continue
		}
		r := byName[record.Rule]
		if r == nil {
			continue
		}
		record.Severity, record.Summary = r.spec.Severity, r.spec.Summary
		record.Values = slices.DeleteFunc(record.Values, func(v Value) bool { return !r.told(v) })
		record.Siblings = slices.DeleteFunc(record.Siblings, func(name string) bool { return byName[name] == nil })
		record.Siblings = record.Siblings[:min(len(record.Siblings), len(e.rules))]
		if !packForm.MatchString(record.PackID) {
			record.PackID = ""
		}
		if record.ClosedAt.IsZero() {
			if r.phase != quiet {
				continue // one rule has one open incident
			}
			record.ClosedBy = ""
			r.phase, r.record = open, record
		} else if record.ClosedBy != ByNewLife {
			record.ClosedBy = ByClearing
		}
		record.HeldBack = min(max(record.HeldBack, 0), maxHeldBack)
		e.records = append(e.records, record)
	}
}

// told says whether a rule may have told a value: all texts of it are the profile's or ours.
func (r *rule) told(v Value) bool {
	for i := range r.leaves {
		l := &r.leaves[i]
		want := l.tell()
		if v.Name != want.Name || v.Of != want.Of || v.Take != want.Take {
			continue
		}
		if v.Text != "" {
			return v.Is == "one-of" && (slices.Contains(l.spec.Is, v.Text) || v.Text == string(l.spec.Relay))
		}
		return v.Is == "above" || v.Is == "below"
	}
	return false
}

// clock turns monotonic instants into wall-clock times and back.
type clock struct {
	now    time.Duration // monotonic
	wall   time.Time     // while saving
	saved  int64         // epoch ms, while restoring
	passed time.Duration // since then; 0 where the clock was set back meanwhile
}

func (c clock) save(list []time.Duration) []int64 {
	out := make([]int64, 0, len(list))
	for _, at := range list {
		out = append(out, c.wall.Add(at-c.now).UnixMilli())
	}
	return out
}

// restore gives at most most instants, oldest first; none lies in the future.
func (c clock) restore(list []int64, most int) []time.Duration {
	out := make([]time.Duration, 0, len(list))
	for _, at := range list[max(0, len(list)-most):] {
		ago := min(max(c.saved-at, 0), maxAgo.Milliseconds())
		out = append(out, c.now-time.Duration(ago)*time.Millisecond-c.passed)
	}
	slices.Sort(out)
	return out
}
