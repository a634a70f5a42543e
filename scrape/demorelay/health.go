package demorelay

import (
	"net/http"
	"time"
)

// isoTime is JavaScript's toISOString.
func isoTime(ms int64) string {
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z")
}

type activeSession struct {
	SessionID   string `json:"sessionId"` // raw, as upstream has it
	TrackName   string `json:"trackName"`
	SessionType string `json:"sessionType"`
	DriverCount int    `json:"driverCount"`
	LastUpdate  int64  `json:"lastUpdate"`
	AgeMs       int64  `json:"ageMs"`
}

func (l *live) activeSessions(now int64) []activeSession {
	out := []activeSession{}
	for _, s := range l.tracks.activeAt(now) {
		last := s.lastFrame(now)
		out = append(out, activeSession{s.id, s.track, "race", s.drivers, last, now - last})
	}
	return out
}

// open answers the routes that need no bearer; nil: none of them.
func (l *live) open(q *question, method string, now int64) *reply {
	var a reply
	switch method + " " + q.path {
	case "GET /api/health":
		a = healthReply(q, float64(now-l.process)/1000, now)
	case "GET " + pathReady:
		a = readyReply(q.database)
	case "GET /api/health/telemetry":
		list := l.activeSessions(now)
		a = jsonReply(http.StatusOK, struct {
			ActiveSessions int             `json:"activeSessions"`
			Sessions       []activeSession `json:"sessions"`
		}{len(list), list})
	default:
		return nil
	}
	return &a
}

// readyReply is the gate: one query to the database, no envelope.
func readyReply(up bool) reply {
	status := http.StatusOK
	if !up {
		status = http.StatusServiceUnavailable
	}
	return jsonReply(status, struct {
		Ready bool `json:"ready"`
	}{up})
}

type health struct {
	Status  string  `json:"status"`
	Version string  `json:"version"`
	Uptime  float64 `json:"uptime"` // seconds
	Checks  struct {
		Database string `json:"database"`
		Redis    string `json:"redis"`
		AI       string `json:"ai"`
	} `json:"checks"`
	Timestamp string `json:"timestamp"`
}

// healthReply is /api/health, which no agent should ask: without Redis it still says healthy, and
// the front then lets the relay die.
func healthReply(q *question, uptime float64, now int64) reply {
	status, h := http.StatusOK, health{Status: "healthy", Version: version, Uptime: uptime, Timestamp: isoTime(now)}
	h.Checks.Database, h.Checks.Redis, h.Checks.AI = "ok", "ok", "disabled"
	if !q.database {
		status, h.Status, h.Checks.Database = http.StatusServiceUnavailable, "degraded", "error"
	}
	if !q.redis {
		h.Checks.Redis = "error"
	}
	return jsonReply(status, struct {
		Success bool   `json:"success"`
		Data    health `json:"data"`
		AI      struct {
			Model      string `json:"model"`
			Fallback   string `json:"fallback"`
			Configured bool   `json:"configured"`
		} `json:"ai"`
		Build      string `json:"build"`
		OpsEnabled bool   `json:"opsEnabled"`
	}{Success: q.database, Data: h, AI: struct {
		Model      string `json:"model"`
		Fallback   string `json:"fallback"`
		Configured bool   `json:"configured"`
	}{"gpt-5", "gpt-4-turbo-preview", false}, Build: "2026-03-13-v2", OpsEnabled: q.on.ops})
}
