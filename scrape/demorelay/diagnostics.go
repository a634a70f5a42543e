package demorelay

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// diagnosticsRoute answers "METHOD path" below /api/dev/diagnostics/.
func (l *live) diagnosticsRoute(q *question, route string, now int64) reply {
	switch route {
	case "GET health/relay":
		return success(l.relayHealth(now))
	case "GET sessions/active":
		list := l.activeSessions(now)
		return success(struct {
			Count     int             `json:"count"`
			Sessions  []activeSession `json:"sessions"`
			Runtime   runtimeStats    `json:"runtime"`
			Timestamp int64           `json:"timestamp"`
		}{len(list), list, l.runtimeStats(now), now})
	case "GET errors/recent":
		return success(l.recentErrors(q, now))
	case "GET parity":
		return l.parityRoute(q.query.Get("sessionId"), now)
	case "GET build":
		return success(struct {
			GitSha      string  `json:"gitSha,omitempty"`
			BuildTime   *string `json:"buildTime"`
			Version     string  `json:"version"`
			Environment string  `json:"environment"`
			Timestamp   int64   `json:"timestamp"`
		}{gitSha, nil, version, l.opts.Env, now})
	case "GET metrics/snapshot":
		return success(struct {
			Metrics   []jsonFamily `json:"metrics"`
			Runtime   runtimeStats `json:"runtime"`
			Timestamp int64        `json:"timestamp"`
		}{jsonFamilies(l.collect(now)), l.runtimeStats(now), now})
	case "POST support-bundle":
		return l.supportBundle(q, now)
	}
	if rest, ok := strings.CutPrefix(route, "GET session/"); ok {
		if id, ok := strings.CutSuffix(rest, "/flow"); ok && !strings.Contains(id, "/") {
			return l.flow(id, now)
		}
	}
	if rest, ok := strings.CutPrefix(route, "POST session/"); ok {
		if id, ok := strings.CutSuffix(rest, "/inject"); ok && !strings.Contains(id, "/") {
			return l.inject(id, q.body, now)
		}
	}
	return noSuchPath(q.method, q.path)
}

type relayRow struct {
	SocketID  string   `json:"socketId"` // first 12 characters and "..."
	Connected bool     `json:"connected"`
	Rooms     []string `json:"rooms"` // with raw session ids
	Transport string   `json:"transport"`
	JoinedAt  int64    `json:"joinedAt"`
}

type relaysAnswer struct {
	TotalConnections int        `json:"totalConnections"`
	Relays           []relayRow `json:"relays"`
	Timestamp        int64      `json:"timestamp"`
}

// relayHealth lists all sockets, not only the senders', wired or not.
func (l *live) relayHealth(now int64) relaysAnswer {
	out := relaysAnswer{len(l.sockets.open), []relayRow{}, now}
	for _, k := range l.sockets.open {
		row := relayRow{k.id[:12] + "...", true, []string{}, "websocket", k.connected}
		for _, s := range k.rooms {
			row.Rooms = append(row.Rooms, "session:"+s.id)
		}
		out.Relays = append(out.Relays, row)
	}
	return out
}

type flowAnswer struct {
	SessionID string `json:"sessionId"`
	Session   struct {
		TrackName   string `json:"trackName"`
		SessionType string `json:"sessionType"`
		DriverCount int    `json:"driverCount"`
		LastUpdate  int64  `json:"lastUpdate"`
	} `json:"session"`
	Flow struct {
		IngestRates struct {
			Baseline string `json:"baseline"`
			Controls string `json:"controls"`
			Lossless string `json:"lossless"`
		} `json:"ingestRates"`
		EmitRates struct {
			Timing    string `json:"timing"`
			Incidents string `json:"incidents"`
		} `json:"emitRates"`
		DBHealth struct {
			Status      string `json:"status"`
			LastWriteMs *int64 `json:"lastWriteMs"`
		} `json:"dbHealth"`
	} `json:"flow"`
	Errors    []reported `json:"errors"`
	Timestamp int64      `json:"timestamp"`
}

// flow is mostly constants, as upstream has it.
func (l *live) flow(id string, now int64) reply {
	s := l.tracks.find(id, now)
	if s == nil {
		return refuse(http.StatusNotFound, "Session not found")
	}
	const none = "N/A (aggregate only)"
	out := flowAnswer{SessionID: id, Timestamp: now}
	out.Session.TrackName, out.Session.SessionType, out.Session.DriverCount, out.Session.LastUpdate = s.track, "race", s.drivers, s.lastFrame(now)
	in, emit := &out.Flow.IngestRates, &out.Flow.EmitRates
	in.Baseline, in.Controls, in.Lossless, emit.Timing, emit.Incidents, out.Flow.DBHealth.Status = none, none, none, none, none, "ok"
	out.Errors = slices.DeleteFunc(l.trouble.last(10), func(e reported) bool {
		return !strings.Contains(string(e.Metadata), `"sessionId":`+string(encode(id)))
	})
	return success(out)
}

type errorsAnswer struct {
	Count             int        `json:"count"`
	Errors            []reported `json:"errors"`
	CountsBySubsystem counts     `json:"countsBySubsystem"`
	Timestamp         int64      `json:"timestamp"`
}

// recentErrors filters by subsystem after the limit.
func (l *live) recentErrors(q *question, now int64) errorsAnswer {
	limit, ok := jsInt(q.query.Get("limit"))
	if !ok || limit == 0 {
		limit = 100
	}
	list := l.trouble.last(min(limit, ringSize))
	if only := q.query.Get("subsystem"); only != "" {
		list = slices.DeleteFunc(list, func(e reported) bool { return e.Subsystem != only })
	}
	_, by := l.trouble.bySubsystem(0)
	return errorsAnswer{len(list), orEmpty(list), by, now}
}

// supportBundle answers POST support-bundle; includeDbSample adds the counts of five tables.
func (l *live) supportBundle(q *question, now int64) reply {
	var in struct{ SessionID, IncludeDbSample json.RawMessage }
	json.Unmarshal(q.body, &in) // an absent or odd body asks for nothing
	session, _ := text(in.SessionID)
	b := l.bundle(q, session, now)
	if string(in.IncludeDbSample) == "true" {
		b.Database = &bundleDatabase{q.database, counts{{"sessions", 12}, {"incidents", 40}, {"penalties", 3}, {"session_drivers", 96}, {"steward_notes", -1}}}
	}
	return success(b)
}

// inject would write into a live session; here it only shows in the log who called it.
func (l *live) inject(id string, body json.RawMessage, now int64) reply {
	if l.opts.Env == "production" {
		return refuse(http.StatusForbidden, "Event injection disabled in production")
	}
	var in struct{ EventType, Payload json.RawMessage }
	json.Unmarshal(body, &in) // an absent or odd body lacks both
	kind, _ := text(in.EventType)
	switch {
	case falsy(in.EventType) || falsy(in.Payload):
		return refuse(http.StatusBadRequest, "eventType and payload required")
	case !slices.Contains([]string{"timing:update", "incident:new", "race:event"}, kind):
		return refuse(http.StatusBadRequest, "eventType must be one of: timing:update, incident:new, race:event")
	}
	return success(struct {
		EventType  string `json:"eventType"`
		SessionID  string `json:"sessionId"`
		InjectedAt int64  `json:"injectedAt"`
	}{kind, id, now})
}
