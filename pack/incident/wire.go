package incident

import (
	"encoding/json"
	"time"

	"relaypack/scrape/profile"
)

// wireRecord is a record as packs and saved states have it; times are epoch ms.
type wireRecord struct {
	Rule          string           `json:"rule"`
	Severity      profile.Severity `json:"severity"`
	Summary       string           `json:"summary"`
	OpenedAt      int64            `json:"openedAt"`
	ClosedAt      *int64           `json:"closedAt"`
	ClosedBy      *string          `json:"closedBy"`
	Values        []Value          `json:"values"`
	Siblings      []string         `json:"siblings"`
	Life          *int             `json:"life"`
	LifeStartedAt *int64           `json:"lifeStartedAt"`
	HeldBack      int              `json:"heldBack"`
	Opening       uint64           `json:"opening"`
	Joined        bool             `json:"joined"`
	PackID        *string          `json:"packId"`
}

// MarshalJSON writes {rule, severity, summary, openedAt, closedAt, closedBy, values, siblings, life,
// lifeStartedAt, heldBack, opening, joined, packId}: times in epoch ms, null for what is not known.
func (r Record) MarshalJSON() ([]byte, error) {
	w := wireRecord{
		Rule: r.Rule, Severity: r.Severity, Summary: r.Summary, OpenedAt: r.OpenedAt.UnixMilli(),
		ClosedAt: millis(r.ClosedAt), ClosedBy: orNull(r.ClosedBy), Values: r.Values, Siblings: r.Siblings,
		LifeStartedAt: millis(r.LifeStartedAt), HeldBack: r.HeldBack, Opening: r.Opening, Joined: r.Joined,
		PackID: orNull(r.PackID),
	}
	if r.Life > 0 {
		w.Life = &r.Life
	}
	if w.Values == nil {
		w.Values = []Value{}
	}
	if w.Siblings == nil {
		w.Siblings = []string{}
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (r *Record) UnmarshalJSON(text []byte) error {
	var w wireRecord
	if err := json.Unmarshal(text, &w); err != nil {
		return err
	}
	*r = Record{
		Rule: w.Rule, Severity: w.Severity, Summary: w.Summary, OpenedAt: time.UnixMilli(w.OpenedAt),
		ClosedAt: instant(w.ClosedAt), ClosedBy: orEmpty(w.ClosedBy), Values: w.Values, Siblings: w.Siblings,
		LifeStartedAt: instant(w.LifeStartedAt), HeldBack: w.HeldBack, Opening: w.Opening, Joined: w.Joined,
		PackID: orEmpty(w.PackID),
	}
	if w.Life != nil {
		r.Life = *w.Life
	}
	return nil
}

// wireValue is a value as JSON: `value` is the number or the text.
type wireValue struct {
	Name   string   `json:"name"`
	Take   string   `json:"take,omitempty"`
	Of     string   `json:"of,omitempty"`
	OverMs int64    `json:"overMs,omitempty"`
	Value  any      `json:"value"`
	Is     string   `json:"is"`
	Bound  *float64 `json:"bound"`
}

// MarshalJSON writes {name, take, of, overMs, value, is, bound}; take, of and overMs only where they say
// something, bound null for a text.
func (v Value) MarshalJSON() ([]byte, error) {
	w := wireValue{Name: v.Name, Take: v.Take, Of: v.Of, OverMs: v.Over.Milliseconds(), Value: round(v.Value), Is: v.Is}
	if v.Text != "" {
		w.Value = v.Text
	} else {
		w.Bound = &v.Bound
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (v *Value) UnmarshalJSON(text []byte) error {
	var w wireValue
	if err := json.Unmarshal(text, &w); err != nil {
		return err
	}
	*v = Value{Name: w.Name, Take: w.Take, Of: w.Of, Over: time.Duration(w.OverMs) * time.Millisecond, Is: w.Is}
	v.Value, _ = w.Value.(float64)
	v.Text, _ = w.Value.(string)
	if w.Bound != nil {
		v.Bound = *w.Bound
	}
	return nil
}

func millis(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	ms := t.UnixMilli()
	return &ms
}

func instant(ms *int64) time.Time {
	if ms == nil {
		return time.Time{}
	}
	return time.UnixMilli(*ms)
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
