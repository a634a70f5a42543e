package demorelay

import (
	"encoding/json"
	"fmt"
	"slices"
)

const ringSize = 500

// event is one entry of a ring, its members in the relay's order.
type event struct {
	Type        string          `json:"type"`
	SocketID    string          `json:"socketId,omitempty"`
	Role        string          `json:"role,omitempty"`
	Surface     string          `json:"surface,omitempty"`
	Room        string          `json:"room,omitempty"`
	SessionID   string          `json:"sessionId,omitempty"`
	Reason      string          `json:"reason,omitempty"`
	DriftMs     float64         `json:"driftMs,omitempty"`
	DriverCount int             `json:"driverCount,omitempty"`
	Subsystem   string          `json:"subsystem,omitempty"`
	Message     string          `json:"message,omitempty"`
	Stack       string          `json:"stack,omitempty"`
	Context     json.RawMessage `json:"context,omitempty"`
	ID          string          `json:"id"`
	Timestamp   int64           `json:"timestamp"`
}

// ring keeps the newest 500 events of one class, in order of time.
type ring struct {
	events  []event
	evicted int
}

func (g *ring) push(at int64, e event) {
	if len(g.events) == ringSize {
		g.events = g.events[1:] // append moves the rest to a new array now and then
		g.evicted++
	}
	e.ID, e.Timestamp = fmt.Sprintf("rb-%d", g.evicted+len(g.events)+1), at
	g.events = append(g.events, e)
}

// last is upstream's slice(-n), newest first: 0 gives all, -n all but the n oldest.
func (g *ring) last(n int) []event {
	from := 0
	switch {
	case n > 0:
		from = max(0, len(g.events)-n)
	case n < 0:
		from = min(len(g.events), -n)
	}
	out := slices.Clone(g.events[from:])
	slices.Reverse(out)
	return orEmpty(out)
}

// matching gives the events that fit, newest first.
func (g *ring) matching(fits func(*event) bool) []event {
	out := []event{}
	for i := len(g.events) - 1; i >= 0; i-- {
		if fits(&g.events[i]) {
			out = append(out, g.events[i])
		}
	}
	return out
}

// fill is how full a ring is.
type fill struct {
	Count   int `json:"count"`
	Evicted int `json:"evicted"`
}

func (g *ring) fill() fill { return fill{len(g.events), g.evicted} }

// orEmpty makes an empty JSON array of nil.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
