package demorelay

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const (
	gitSha  = "4c236fe"
	version = "0.1.0-alpha"
)

// opsRoute answers "METHOD path" below /api/ops/.
func (l *live) opsRoute(q *question, route string, now int64) reply {
	switch route {
	case "GET summary":
		return success(l.summary(now))
	case "GET sockets":
		return success(l.socketList(now))
	case "GET sessions":
		return success(l.sessionList(now))
	case "GET events":
		return success(l.events(q.query, now))
	case "POST trace/start":
		return l.startTrace(q.body, now)
	case "POST support-pack":
		return l.supportPack(q, now)
	}
	if id, ok := strings.CutPrefix(route, "GET trace/"); ok && !strings.Contains(id, "/") {
		return l.readTrace(id, now)
	}
	return noSuchPath(q.method, q.path)
}

type build struct {
	GitSha      string `json:"gitSha,omitempty"`
	Version     string `json:"version"`
	Environment string `json:"environment"`
}

type runtimeStats struct {
	StartTime        int64 `json:"startTime"`
	LastFrameTime    int64 `json:"lastFrameTime"` // 0: never
	ActiveRelays     int   `json:"activeRelays"`
	ActiveDashboards int   `json:"activeDashboards"`
	UptimeMs         int64 `json:"uptimeMs"`
}

type relayStats struct {
	TotalFrames        int          `json:"totalFrames"`
	TotalDrops         int          `json:"totalDrops"`
	TotalDriftWarnings int          `json:"totalDriftWarnings"`
	ActiveSessions     int          `json:"activeSessions"`
	IngestRate         float64      `json:"ingestRate"`
	IngestRates        *ingestRates `json:"ingestRates,omitempty"` // in the summary only
}

type ingestRates struct {
	Total    float64 `json:"total"`
	ByStream counts  `json:"byStream"` // cumulative counts of tracked sessions, no rates
}

// runtimeStats stand at zero when the recorders are not wired.
func (l *live) runtimeStats(now int64) runtimeStats {
	out := runtimeStats{StartTime: l.runtime, UptimeMs: now - l.runtime}
	if l.opts.Wired {
		out.LastFrameTime = l.tracks.lastFrame(now)
		for _, k := range l.sockets.open {
			if k.role == "relay" {
				out.ActiveRelays++
			}
		}
		out.ActiveDashboards = len(l.sockets.open) - out.ActiveRelays
	}
	return out
}

func (l *live) socketStats() socketStats {
	if !l.opts.Wired {
		return socketStats{}
	}
	return l.sockets.stats()
}

func (l *live) relayStats(now int64) relayStats {
	if !l.opts.Wired {
		return relayStats{}
	}
	t := &l.tracks
	baseline, controls := t.totals(now)
	return relayStats{TotalFrames: baseline + controls, TotalDrops: t.totalDrops, TotalDriftWarnings: t.totalDrifts, ActiveSessions: len(t.tracked), IngestRate: t.rate(now)}
}

type bufferStats struct {
	Socket  fill `json:"socket"`
	Relay   fill `json:"relay"`
	Session fill `json:"session"`
	Error   fill `json:"error"`
}

func (l *live) bufferStats() bufferStats {
	g := &l.rings
	return bufferStats{g.socket.fill(), g.relay.fill(), g.session.fill(), g.failure.fill()}
}

type summary struct {
	Build  build `json:"build"`
	Uptime struct {
		StartedAt       int64  `json:"startedAt"`
		UptimeMs        int64  `json:"uptimeMs"`
		UptimeFormatted string `json:"uptimeFormatted"`
	} `json:"uptime"`
	Sessions struct {
		Active  int              `json:"active"`
		Details []summarySession `json:"details"`
	} `json:"sessions"`
	Sockets socketStats `json:"sockets"`
	Relay   relayStats  `json:"relay"`
	Errors  struct {
		Last10mCount int    `json:"last10mCount"`
		BySubsystem  counts `json:"bySubsystem"`
	} `json:"errors"`
	EventBuffers    bufferStats  `json:"eventBuffers"`
	Runtime         runtimeStats `json:"runtime"`
	HottestSessions []hotSession `json:"hottestSessions"`
	Timestamp       int64        `json:"timestamp"`
}

type summarySession struct {
	SessionID   string `json:"sessionId"`
	TrackName   string `json:"trackName"`
	DriverCount int    `json:"driverCount"`
	AgeMs       int64  `json:"ageMs"`
}

func (l *live) summary(now int64) summary {
	var out summary
	out.Build = build{gitSha, version, l.opts.Env}
	out.Uptime.StartedAt, out.Uptime.UptimeMs = l.ops, now-l.ops
	out.Uptime.UptimeFormatted = uptimeText(now - l.ops)
	out.Sessions.Details = []summarySession{}
	for _, s := range l.tracks.activeAt(now) {
		out.Sessions.Details = append(out.Sessions.Details, summarySession{s.masked, s.track, s.drivers, now - s.lastFrame(now)})
	}
	out.Sessions.Active = len(out.Sessions.Details)
	out.Sockets, out.Relay = l.socketStats(), l.relayStats(now)
	out.Relay.IngestRates = &ingestRates{Total: out.Relay.IngestRate, ByStream: l.byStream(now)}
	out.Errors.Last10mCount, out.Errors.BySubsystem = l.trouble.bySubsystem(now - 600_000)
	out.EventBuffers, out.Runtime = l.bufferStats(), l.runtimeStats(now)
	out.HottestSessions, out.Timestamp = l.hottest(now), now
	return out
}

func (l *live) byStream(now int64) (out counts) {
	if l.opts.Wired {
		for _, s := range l.tracks.tracked {
			b, c := s.frames(now)
			out = out.add("baseline", b).add("controls", c)
		}
	}
	return out
}

// uptimeText is the uptime in its two or three largest units.
func uptimeText(ms int64) string {
	s := ms / 1000
	switch {
	case s >= 86400:
		return fmt.Sprintf("%dd %dh %dm", s/86400, s/3600%24, s/60%60)
	case s >= 3600:
		return fmt.Sprintf("%dh %dm", s/3600, s/60%60)
	case s >= 60:
		return fmt.Sprintf("%dm %ds", s/60, s%60)
	}
	return fmt.Sprintf("%ds", s)
}

type hotSession struct {
	SessionID          string    `json:"sessionId"`
	State              string    `json:"state"`
	DriverCount        int       `json:"driverCount"`
	CreatedAt          int64     `json:"createdAt"`
	LastFrameAt        int64     `json:"lastFrameAt"`
	FrameCountByStream counts    `json:"frameCountByStream"`
	DropCount          int       `json:"dropCount"`
	DriftSamples       []float64 `json:"driftSamples"`
	ErrorCount         int       `json:"errorCount"`
}

// hottest lists the ten sessions with the most frames per second of their life.
func (l *live) hottest(now int64) []hotSession {
	out := []hotSession{}
	if !l.opts.Wired {
		return out
	}
	list := slices.Clone(l.tracks.tracked)
	heat := func(s *session) float64 { return float64(s.total(now)) / float64(max(1, now-s.created)) }
	slices.SortStableFunc(list, func(a, b *session) int { return cmp.Compare(heat(b), heat(a)) })
	for _, s := range list[:min(10, len(list))] {
		b, c := s.frames(now)
		out = append(out, hotSession{s.masked, "active", s.drivers, s.created, s.lastFrame(now), counts{{"baseline", b}, {"controls", c}}, s.drops, s.driftSamples(l.seed, now), s.errors})
	}
	return out
}

// eventsAnswer echoes the type that was asked for.
type eventsAnswer struct {
	Type      string  `json:"type"`
	Count     int     `json:"count"`
	Events    []event `json:"events"`
	Timestamp int64   `json:"timestamp"`
}

// events has all of upstream's quirks: a limit of 0 or text is 200; with all classes 1 to 3 give
// everything, because a quarter of them is 0; the session filter comes after the limit and
// compares masked ids.
func (l *live) events(query url.Values, now int64) eventsAnswer {
	class := query.Get("type")
	if class == "" {
		class = "all"
	}
	limit, ok := jsInt(query.Get("limit"))
	if !ok || limit == 0 {
		limit = 200
	}
	limit = min(limit, ringSize)
	g := &l.rings
	var list []event
	switch class {
	case "socket":
		list = g.socket.last(limit)
	case "relay":
		list = g.relay.last(limit)
	case "session":
		list = g.session.last(limit)
	case "error":
		list = g.failure.last(limit)
	default:
		each := floorDiv(limit, 4)
		list = slices.Concat(g.socket.last(each), g.relay.last(each), g.session.last(each), g.failure.last(each))
		slices.SortStableFunc(list, func(a, b event) int { return cmp.Compare(b.Timestamp, a.Timestamp) })
	}
	if id := query.Get("sessionId"); id != "" {
		list = slices.DeleteFunc(list, func(e event) bool { return e.SessionID != masked(id) && e.SessionID != id })
	}
	return eventsAnswer{class, len(list), orEmpty(list), now}
}

func floorDiv(n, by int) int {
	if n < 0 {
		return -((-n + by - 1) / by)
	}
	return n / by
}

// text gives a JSON string; ok is false for every other value.
func text(raw json.RawMessage) (s string, ok bool) {
	ok = len(raw) > 0 && raw[0] == '"' && json.Unmarshal(raw, &s) == nil
	return s, ok
}

// falsy is JavaScript's idea of an absent value.
func falsy(raw json.RawMessage) bool {
	switch string(raw) {
	case "", "null", "false", "0", `""`:
		return true
	}
	return false
}

func failed(what string) reply {
	return refuse(http.StatusInternalServerError, "Failed to "+what)
}
