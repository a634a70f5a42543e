package incident

import "time"

// Summary is how all rules stand, for status pages and metrics.
type Summary struct {
	PerHour  int           `json:"perHour"`  // openings of all rules in any hour
	Used     int           `json:"used"`     // of those, in the last hour
	Open     int           `json:"open"`     // incidents
	Unknown  int           `json:"unknown"`  // rules that cannot be judged now
	HeldBack int64         `json:"heldBack"` // of all rules, since the first state
	Dropped  int           `json:"dropped"`  // records beyond the 50 that are kept, since the agent's start
	Rules    []RuleSummary `json:"rules"`    // in the profile's order
}

// RuleSummary is how one rule stands.
type RuleSummary struct {
	Rule          string   `json:"rule"`
	Severity      string   `json:"severity"`
	State         string   `json:"state"` // quiet | open | held-back
	UnknownSince  *int64   `json:"unknownSince"`
	Missing       []string `json:"missing"` // what is unknown, in the words of Value.Name
	PerHour       int      `json:"perHour"`
	Used          int      `json:"used"`
	CooldownMs    int64    `json:"cooldownMs"` // that are left
	HeldBack      int      `json:"heldBack"`   // since it opened last
	HeldBackTotal int64    `json:"heldBackTotal"`
}

// Summary says how all rules stand.
func (e *Engine) Summary() Summary {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.now()
	s := Summary{PerHour: e.limit, Used: e.all.used(now), Dropped: e.dropped, Rules: make([]RuleSummary, 0, len(e.rules))}
	for _, r := range e.rules {
		one := r.summary(now)
		s.HeldBack += one.HeldBackTotal
		if r.phase == open {
			s.Open++
		}
		if one.UnknownSince != nil {
			s.Unknown++
		}
		s.Rules = append(s.Rules, one)
	}
	return s
}

func (r *rule) summary(now time.Duration) RuleSummary {
	s := RuleSummary{
		Rule: r.spec.Name, Severity: string(r.spec.Severity), State: "quiet", Missing: []string{},
		PerHour: r.spec.PerHour, Used: r.ledger.used(now), HeldBack: r.heldBack, HeldBackTotal: r.heldTotal,
	}
	switch r.phase {
	case open:
		s.State = "open"
	case held:
		s.State = "held-back"
	}
	if r.unsure {
		s.UnknownSince = millis(r.since)
		for i := range r.leaves {
			if l := &r.leaves[i]; l.said == unknown {
				s.Missing = append(s.Missing, l.name())
			}
		}
	}
	if left := r.spec.Cooldown - (now - r.closed); r.wasOpen && left > 0 {
		s.CooldownMs = left.Milliseconds()
	}
	return s
}
