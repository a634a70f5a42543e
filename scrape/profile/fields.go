package profile

// Pseudo-sources: documents that no answer of the relay holds, made by the agent for `from`.
const (
	FromStates  = "states"  // {source: status}, the words of scrape.Status
	FromTarget  = "target"  // {host, port}
	FromEvents  = "events"  // {class: {complete, types: {type: count}, count}} of the agent's own windows
	FromProcess = "process" // {startedAt, cpuUserMs, cpuSystemMs, rss, vms, threads, fds, maxFds, workingSet, memoryLimit}: epoch ms, ms, bytes; null unknown. The last two are those of its control group; the limit is what Kubernetes says where that cannot be seen
)

// pseudo lists the pseudo-sources; no source may have one of their names.
var pseudo = []string{FromStates, FromTarget, FromEvents, FromProcess}

// Classes of events, in the format's order.
var classes = []string{"socket", "relay", "session", "error"}

// idKinds are the kinds of ids that a redactor can mask.
var idKinds = []string{"session", "socket", "user"}

// listNames are the lists that a pack has room for.
var listNames = []string{"sockets", "sessions", "errors"}

// bundleNames are the further members of supportBundle that a profile may fill: windows (the relay's
// own rings: {class: {count, evicted}}), errorCounts (of the relay's error store: {subsystem: count})
// and relayBuild ({version, gitSha, environment}).
var bundleNames = []string{"windows", "errorCounts", "relayBuild"}

// group is a member of a profile that holds fields of the owner's format.
type group struct {
	member string   // of the profile
	prefix string   // of the dotted names
	fields []string // below the prefix, in the format's order
}

// groups are all fields of the format that come from the relay, in the format's order. The rest of
// the format is the agent's own: packId, generatedAt, eventBufferStats, recentEvents, sessionEvents.
var groups = []group{
	{"sections", "", []string{
		"summary.environment", "summary.uptime", "summary.activeSessions", "summary.activeConnections",
		"socketStats.totalConnections", "socketStats.activeConnections", "socketStats.totalConnects",
		"socketStats.totalDisconnects", "socketStats.totalAuthFails", "socketStats.totalJoins",
		"socketStats.totalLeaves", "socketStats.byRole", "socketStats.bySurface",
		"relayStats.totalFrames", "relayStats.totalDrops", "relayStats.totalDriftWarnings",
		"relayStats.activeSessions", "relayStats.ingestRate",
		"runtimeStats.memory.heapUsed", "runtimeStats.memory.heapTotal", "runtimeStats.memory.external",
		"runtimeStats.cpu.user", "runtimeStats.cpu.system",
	}},
	{"sessionParity", "sessionParity.", []string{"sessionId", "streams", "duplicates", "outOfOrder", "lastError"}},
	{"trace", "trace.", []string{"traceId", "sessionId", "startedAt"}},
	{"config", "config.", []string{"nodeEnv", "port", "logLevel", "metricsEnabled", "diagnosticsEnabled", "opsUiEnabled"}},
}
