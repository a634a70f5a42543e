package demorelay

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

const tracesMax = 1000 // never-read traces stay forever upstream

// trace is upstream's trace mode: a name for a span of time, nothing is ever sampled.
type trace struct {
	id, session string
	started     int64
	expires     int64 // 0 with endless: upstream's null
	endless     bool
}

func (l *live) startTrace(body json.RawMessage, now int64) reply {
	var in struct{ SessionID, DurationSec json.RawMessage }
	json.Unmarshal(body, &in) // an absent or odd body is an absent session
	if falsy(in.SessionID) {
		return refuse(http.StatusBadRequest, "sessionId required")
	}
	session, ok := text(in.SessionID)
	if !ok {
		return failed("start trace")
	}
	t := &trace{id: fmt.Sprintf("trace-%d-%s", now, word(l.extra, base36, 6)), session: session, started: now}
	seconds, numeric := 30.0, true
	if len(in.DurationSec) > 0 {
		numeric = json.Unmarshal(in.DurationSec, &seconds) == nil
		if s, ok := text(in.DurationSec); ok {
			parsed, err := strconv.ParseFloat(s, 64)
			seconds, numeric = parsed, err == nil
		}
	}
	out := struct {
		TraceID     string   `json:"traceId"`
		SessionID   string   `json:"sessionId"`
		DurationSec *float64 `json:"durationSec"`
		ExpiresAt   *int64   `json:"expiresAt"`
	}{TraceID: t.id, SessionID: masked(session)}
	if numeric {
		seconds = min(max(seconds, 10), 300)
		t.expires = now + int64(seconds*1000)
		out.DurationSec, out.ExpiresAt = &seconds, &t.expires
	}
	t.endless = !numeric
	if len(l.traces) < tracesMax {
		l.traces[t.id] = t
	}
	return success(out)
}

type traceEvents struct {
	Relay   []event `json:"relay"`
	Session []event `json:"session"`
}

// readTrace gives the relay and session events of the span, of all sessions. The first read after
// the end is the last one.
func (l *live) readTrace(id string, now int64) reply {
	t := l.traces[id]
	if t == nil {
		return refuse(http.StatusNotFound, "Trace not found")
	}
	over := !t.endless && now > t.expires
	end := now
	if over {
		end = t.expires
		delete(l.traces, id)
	}
	within := func(e *event) bool { return e.Timestamp >= t.started && !t.endless && e.Timestamp <= t.expires }
	out := struct {
		TraceID    string      `json:"traceId"`
		SessionID  string      `json:"sessionId"`
		StartedAt  int64       `json:"startedAt"`
		ExpiresAt  *int64      `json:"expiresAt"`
		IsExpired  bool        `json:"isExpired"`
		DurationMs int64       `json:"durationMs"`
		Samples    []struct{}  `json:"samples"`
		Events     traceEvents `json:"events"`
	}{t.id, masked(t.session), t.started, &t.expires, over, end - t.started, []struct{}{},
		traceEvents{l.rings.relay.matching(within), l.rings.session.matching(within)}}
	if t.endless {
		out.ExpiresAt = nil
	}
	return success(out)
}
