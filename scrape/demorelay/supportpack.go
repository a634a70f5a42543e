package demorelay

import (
	"encoding/json"
	"fmt"
	"strings"
)

// supportPack is upstream's own pack: session ids raw in four places, texts unscrubbed.
type supportPack struct {
	PackID           string          `json:"packId"`
	GeneratedAt      int64           `json:"generatedAt"`
	GeneratedAtIso   string          `json:"generatedAtIso"`
	Summary          packSummary     `json:"summary"`
	SocketStats      socketStats     `json:"socketStats"`
	RelayStats       relayStats      `json:"relayStats"`
	RuntimeStats     runtimeStats    `json:"runtimeStats"`
	EventBufferStats bufferStats     `json:"eventBufferStats"`
	RecentEvents     recentEvents    `json:"recentEvents"`
	SupportBundle    bundle          `json:"supportBundle"`
	SessionParity    json.RawMessage `json:"sessionParity,omitempty"` // null when the session is unknown, absent without one
	SessionEvents    *traceEvents    `json:"sessionEvents,omitempty"`
	Trace            *packTrace      `json:"trace,omitempty"`
	Config           *packConfig     `json:"config,omitempty"`
}

type packSummary struct {
	Environment       string `json:"environment"`
	Uptime            int64  `json:"uptime"` // ms
	ActiveSessions    int    `json:"activeSessions"`
	ActiveConnections int    `json:"activeConnections"`
}

type recentEvents struct {
	Socket  []event `json:"socket"`
	Relay   []event `json:"relay"`
	Session []event `json:"session"`
	Error   []event `json:"error"`
}

type packTrace struct {
	TraceID   string     `json:"traceId"`
	SessionID string     `json:"sessionId"`
	StartedAt int64      `json:"startedAt"`
	Samples   []struct{} `json:"samples"`
}

type packConfig struct {
	NodeEnv            string `json:"nodeEnv"`
	Port               int    `json:"port"`
	LogLevel           string `json:"logLevel"`
	MetricsEnabled     bool   `json:"metricsEnabled"`
	DiagnosticsEnabled bool   `json:"diagnosticsEnabled"`
	OpsUIEnabled       bool   `json:"opsUiEnabled"`
}

func (l *live) supportPack(q *question, now int64) reply {
	var in struct{ SessionID, TraceID, IncludeConfig json.RawMessage }
	json.Unmarshal(q.body, &in) // an absent or odd body asks for nothing
	session, isText := text(in.SessionID)
	if !falsy(in.SessionID) && !isText {
		return failed("generate support pack") // a number has no includes()
	}
	g := &l.rings
	p := supportPack{
		PackID: fmt.Sprintf("pack-%d-%s", now, word(l.extra, base36, 6)), GeneratedAt: now, GeneratedAtIso: isoTime(now),
		SocketStats: l.socketStats(), RelayStats: l.relayStats(now), RuntimeStats: l.runtimeStats(now), EventBufferStats: l.bufferStats(),
		RecentEvents:  recentEvents{g.socket.last(100), g.relay.last(100), g.session.last(100), g.failure.last(100)},
		SupportBundle: l.bundle(q, session, now),
	}
	p.Summary = packSummary{l.opts.Env, now - l.ops, p.SupportBundle.Sessions.Active, p.SocketStats.ActiveConnections}
	if session != "" {
		p.SessionParity = json.RawMessage("null")
		if s := l.parityEntry(session); s != nil {
			p.SessionParity = encode(l.parityOf(s, now))
		}
		tail := session[max(0, len(session)-4):]
		fits := func(e *event) bool { return strings.Contains(e.SessionID, tail) }
		p.SessionEvents = &traceEvents{g.relay.matching(fits), g.session.matching(fits)}
	}
	if id, _ := text(in.TraceID); l.traces[id] != nil {
		t := l.traces[id]
		p.Trace = &packTrace{t.id, masked(t.session), t.started, []struct{}{}}
	}
	if len(in.IncludeConfig) == 0 || !falsy(in.IncludeConfig) {
		p.Config = &packConfig{l.opts.Env, l.opts.Port, "info", q.on.metrics, q.on.diagnostics, q.on.ops}
	}
	return success(p)
}

// bundle is the support bundle of diagnostics and, without its database, of the pack.
type bundle struct {
	GeneratedAt string `json:"generatedAt"` // ISO
	Version     struct {
		Package     string `json:"package"`
		GitCommit   string `json:"gitCommit,omitempty"`
		NodeVersion string `json:"nodeVersion"`
	} `json:"version"`
	Config struct {
		NodeEnv            string   `json:"nodeEnv"`
		Port               int      `json:"port"`
		CorsOrigins        []string `json:"corsOrigins"`
		LogFormat          string   `json:"logFormat"`
		MetricsEnabled     bool     `json:"metricsEnabled"`
		DiagnosticsEnabled bool     `json:"diagnosticsEnabled"`
	} `json:"config"`
	Runtime struct {
		UptimeMs         int64 `json:"uptimeMs"`
		ActiveRelays     int   `json:"activeRelays"`
		ActiveDashboards int   `json:"activeDashboards"`
	} `json:"runtime"`
	Sessions struct {
		Active int             `json:"active"`
		List   []bundleSession `json:"list"`
	} `json:"sessions"`
	Metrics []jsonFamily `json:"metrics"`
	Errors  struct {
		Recent            []bundleError `json:"recent"` // newest 200
		CountsBySubsystem counts        `json:"countsBySubsystem"`
	} `json:"errors"`
	Database    *bundleDatabase `json:"database,omitempty"`
	SessionFlow *bundleFlow     `json:"sessionFlow,omitempty"`
}

type bundleSession struct {
	SessionID   string `json:"sessionId"` // raw
	TrackName   string `json:"trackName"`
	DriverCount int    `json:"driverCount"`
	LastUpdate  int64  `json:"lastUpdate"`
}

type bundleError struct {
	ID        string `json:"id"`
	Timestamp int64  `json:"timestamp"`
	Subsystem string `json:"subsystem"`
	Message   string `json:"message"`
}

type bundleFlow struct {
	SessionID string `json:"sessionId"` // raw
	FlowData  struct {
		SessionID   string `json:"sessionId"` // raw
		TrackName   string `json:"trackName"`
		SessionType string `json:"sessionType"`
		DriverCount int    `json:"driverCount"`
		LastUpdate  int64  `json:"lastUpdate"`
	} `json:"flowData"`
}

type bundleDatabase struct {
	Connected   bool   `json:"connected"`
	TableCounts counts `json:"tableCounts"`
}

func (l *live) bundle(q *question, session string, now int64) bundle {
	var b bundle
	b.GeneratedAt = isoTime(now)
	b.Version.Package, b.Version.GitCommit, b.Version.NodeVersion = version, gitSha, nodeVersion
	c := &b.Config
	c.NodeEnv, c.Port, c.LogFormat, c.MetricsEnabled, c.DiagnosticsEnabled = l.opts.Env, l.opts.Port, "dev", q.on.metrics, q.on.diagnostics
	c.CorsOrigins = []string{"http://localhost:5173", "http://127.0.0.1:5173", "https://app.example.com"}
	stats := l.runtimeStats(now)
	b.Runtime.UptimeMs, b.Runtime.ActiveRelays, b.Runtime.ActiveDashboards = stats.UptimeMs, stats.ActiveRelays, stats.ActiveDashboards
	b.Sessions.List = []bundleSession{}
	for _, s := range l.tracks.activeAt(now) {
		b.Sessions.List = append(b.Sessions.List, bundleSession{s.id, s.track, s.drivers, s.lastFrame(now)})
	}
	b.Sessions.Active = len(b.Sessions.List)
	b.Metrics = jsonFamilies(l.collect(now))
	b.Errors.Recent = []bundleError{}
	for _, e := range l.trouble.last(200) {
		b.Errors.Recent = append(b.Errors.Recent, bundleError{e.ID, e.Timestamp, e.Subsystem, e.Message})
	}
	_, b.Errors.CountsBySubsystem = l.trouble.bySubsystem(0)
	if s := l.tracks.find(session, now); s != nil {
		b.SessionFlow = &bundleFlow{SessionID: s.id}
		d := &b.SessionFlow.FlowData
		d.SessionID, d.TrackName, d.SessionType, d.DriverCount, d.LastUpdate = s.id, s.track, "race", s.drivers, s.lastFrame(now)
	}
	return b
}
