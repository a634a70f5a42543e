package incident

import (
	"time"

	"relaypack/scrape/profile"
)

// verdict is whether something holds.
type verdict uint8

const (
	unknown verdict = iota
	no
	yes
)

// phase is where a rule stands.
type phase uint8

const (
	quiet phase = iota
	open        // an incident, with a pack of its own or that of its opening
	held        // an incident that may not make a pack
)

// step is what an evaluation makes of a rule.
type step uint8

const (
	stays  step = iota
	fires       // wants to open, or still does while it is held back
	clears      // ends
)

// rule is one rule of the profile and how it stands.
type rule struct {
	spec      profile.IncidentRule
	leaves    []leaf
	ofProcess bool // reads something of one process: a new life ends it
	ofRestart bool // needs relay: restarted and fires at the first

	phase    phase
	inStreak bool          // the verdict is one that leads to the other phase
	streak   time.Duration // monotonic, since when; unknown time left out
	unsure   bool          // the last verdict was unknown
	unsureAt time.Duration // monotonic
	since    time.Time     // wall clock, of unsure

	record    *Record // while open
	ledger    ledger
	wasOpen   bool
	closed    time.Duration // monotonic, when it last was
	heldBack  int           // since it opened last
	heldTotal int64         // since the first state
	why       string        // of the evaluation that runs: why it may not open
	joins     uint64        // likewise: the opening that it joins
}

func newRule(spec profile.IncidentRule, since time.Time) *rule {
	r := &rule{spec: spec, unsure: true, since: since}
	for _, c := range spec.When {
		r.leaves = append(r.leaves, newLeaf(c))
		switch c.Kind {
		case profile.OfSeries, profile.OfField, profile.OfEvents:
			r.ofProcess = true
		case profile.OfRelay:
			alone := !spec.Any || len(spec.When) == 1
			r.ofRestart = r.ofRestart || c.Relay == profile.RelayRestarted && c.Bound == 0 && alone
		}
	}
	return r
}

// ofDeath says whether the relay's going down is a reason why the rule fires now.
func (r *rule) ofDeath() bool {
	for i := range r.leaves {
		if l := &r.leaves[i]; l.said == yes && l.spec.Relay == profile.RelayDown {
			return true
		}
	}
	return false
}

// judge gives what all conditions say together, and the instant up to which that is known.
func (r *rule) judge(l *look) (v verdict, evidence time.Duration) {
	active := r.phase != quiet
	decides, v := no, yes // all: one that does not hold decides
	if r.spec.Any {
		decides, v = yes, no
	}
	var decided, agreed time.Duration = -1, l.now
	for i := range r.leaves {
		one, at := r.leaves[i].judge(l, active)
		switch {
		case one == decides:
			decided = max(decided, at)
		case one == unknown:
			v = unknown
		default:
			agreed = min(agreed, at)
		}
	}
	if decided >= 0 {
		return decides, decided
	}
	return v, agreed
}

// hold is how long a verdict has to last to change the phase.
func (r *rule) hold() time.Duration {
	if r.phase == quiet {
		return r.spec.For
	}
	return r.spec.Clear
}

// advance takes a verdict that is known up to evidence.
func (r *rule) advance(v verdict, evidence, now time.Duration, wall func() time.Time) step {
	if v == unknown {
		if !r.unsure {
			r.unsure, r.unsureAt, r.since = true, now, wall()
		}
		return stays
	}
	if r.unsure {
		r.unsure = false
		gap := now - r.unsureAt
		r.streak += gap
		r.inStreak = r.inStreak && gap <= r.hold()
	}
	if (v == yes) == (r.phase != quiet) {
		r.inStreak = false
		if r.phase == held {
			return fires
		}
		return stays
	}
	if !r.inStreak {
		r.inStreak, r.streak = true, evidence
	}
	if evidence-r.streak < r.hold() {
		return stays
	}
	r.inStreak = false
	if v == yes {
		return fires
	}
	return clears
}
