package page

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"relaypack/pack"
	"relaypack/pack/report/plain"
)

const (
	maxShown   = 100  // events of one answer
	maxLooked  = 2000 // events among which an answer is sought
	maxTypes   = 60   // suggested types
	maxName    = 200  // bytes of a type, an id, a name
	maxDetails = 2000 // bytes of one event's details
)

// EventQuery chooses events. Zero members choose all.
type EventQuery struct {
	Class     string
	Type      string // exactly
	SessionID string // raw or masked
	Text      string // anywhere in the event, in any case
	From, To  time.Time
}

// row is one event as the page shows it.
type row struct {
	ID      string // within all that is shown: class, id and time
	Class   string
	Type    string
	Session string // masked, "" when it names none
	At      int64  // epoch ms; 0: unknown
	Details []member
	raw     []byte
}

// eventsShown is the answer to a query.
type eventsShown struct {
	Rows    []row
	Matched int
	Looked  int
	Types   []string
	Session string // as the events name the one that was asked for
	AsOf    int64
}

// Events gives the events that fit, newest first, as HTML.
func (p *Page) Events(src Source, q EventQuery) ([]byte, error) {
	f := pack.EventFilter{Class: q.Class, Session: q.SessionID, Limit: maxLooked}
	if q == (EventQuery{Class: q.Class, SessionID: q.SessionID}) {
		f.Limit = maxShown
	}
	asOf, list := readEvents(src.Events(f))
	shown := eventsShown{Looked: len(list), AsOf: asOf.UnixMilli()}
	text := []byte(strings.ToLower(q.Text))
	types := map[string]bool{}
	for _, e := range list {
		if len(types) < maxTypes && e.Type != "" {
			types[e.Type] = true
		}
		if !q.fits(&e, text) {
			continue
		}
		shown.Matched++
		if shown.Session == "" && q.SessionID != "" {
			shown.Session = e.Session
		}
		if len(shown.Rows) < maxShown {
			shown.Rows = append(shown.Rows, e)
		}
	}
	shown.Types = slices.Sorted(maps.Keys(types))
	return render("events", shown)
}

func (q *EventQuery) fits(e *row, text []byte) bool {
	at := time.UnixMilli(e.At)
	switch {
	case q.Type != "" && e.Type != q.Type:
	case !q.From.IsZero() && at.Before(q.From):
	case !q.To.IsZero() && at.After(q.To):
	case len(text) > 0 && !bytes.Contains(bytes.ToLower(e.raw), text):
	default:
		return true
	}
	return false
}

// readEvents takes the agent's view of events apart.
func readEvents(body []byte) (asOf time.Time, list []row) {
	var v struct {
		AsOf   *int64            `json:"asOf"`
		Events []json.RawMessage `json:"events"`
	}
	if json.Unmarshal(body, &v) != nil {
		return asOf, nil
	}
	if v.AsOf != nil {
		asOf = time.UnixMilli(*v.AsOf)
	}
	for _, raw := range v.Events {
		list = append(list, rowOf(raw))
	}
	return asOf, list
}

func rowOf(raw []byte) row {
	e := row{raw: raw}
	id := ""
	left := maxDetails
	for _, m := range membersOf(raw) {
		switch {
		case m.Name == "class":
			e.Class = name(m.Value)
		case m.Name == "type" && m.text:
			e.Type = name(m.Value)
		case m.Name == "id":
			id = name(m.Value)
		case m.Name == "timestamp" && !m.text:
			if f, err := strconv.ParseFloat(m.Value, 64); err == nil {
				e.At = int64(f)
			}
		default:
			if m.Name == "sessionId" && m.text {
				e.Session = name(m.Value)
			}
			if left > 0 {
				m.Value = cut(left, m.Value)
				m.Name = name(m.Name)
				left -= len(m.Value) + len(m.Name)
				e.Details = append(e.Details, m)
			}
		}
	}
	e.ID = e.Class + "/" + id + "/" + strconv.FormatInt(e.At, 10)
	return e
}

// name is the beginning of a text that should be short, fit to be shown.
func name(text string) string {
	kept, _ := plain.Cut(text, maxName)
	return plain.Text(kept)
}
