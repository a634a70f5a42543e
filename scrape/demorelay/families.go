package demorelay

const nodeVersion = "v20.20.2"

// familyKind is one metric family as the relay declares it; the name stands without its prefix.
type familyKind struct{ name, kind, aggregator, help string }

const metricPrefix = "controlbox_"

// families are all 41 of the relay, in its order. A labelled one that never got a value is
// exposed as HELP and TYPE alone.
var families = [...]familyKind{
	{"process_cpu_user_seconds_total", "counter", "sum", "Total user CPU time spent in seconds."},
	{"process_cpu_system_seconds_total", "counter", "sum", "Total system CPU time spent in seconds."},
	{"process_cpu_seconds_total", "counter", "sum", "Total user and system CPU time spent in seconds."},
	{"process_start_time_seconds", "gauge", "omit", "Start time of the process since unix epoch in seconds."},
	{"process_resident_memory_bytes", "gauge", "sum", "Resident memory size in bytes."},
	{"process_virtual_memory_bytes", "gauge", "sum", "Virtual memory size in bytes."},
	{"process_heap_bytes", "gauge", "sum", "Process heap size in bytes."},
	{"process_open_fds", "gauge", "sum", "Number of open file descriptors."},
	{"process_max_fds", "gauge", "sum", "Maximum number of open file descriptors."},
	{"nodejs_eventloop_lag_seconds", "gauge", "average", "Lag of event loop in seconds."},
	{"nodejs_eventloop_lag_min_seconds", "gauge", "min", "The minimum recorded event loop delay."},
	{"nodejs_eventloop_lag_max_seconds", "gauge", "max", "The maximum recorded event loop delay."},
	{"nodejs_eventloop_lag_mean_seconds", "gauge", "average", "The mean of the recorded event loop delays."},
	{"nodejs_eventloop_lag_stddev_seconds", "gauge", "average", "The standard deviation of the recorded event loop delays."},
	{"nodejs_eventloop_lag_p50_seconds", "gauge", "average", "The 50th percentile of the recorded event loop delays."},
	{"nodejs_eventloop_lag_p90_seconds", "gauge", "average", "The 90th percentile of the recorded event loop delays."},
	{"nodejs_eventloop_lag_p99_seconds", "gauge", "average", "The 99th percentile of the recorded event loop delays."},
	{"nodejs_active_resources", "gauge", "sum", "Number of active resources that are currently keeping the event loop alive, grouped by async resource type."},
	{"nodejs_active_resources_total", "gauge", "sum", "Total number of active resources."},
	{"nodejs_active_handles", "gauge", "sum", "Number of active libuv handles grouped by handle type. Every handle type is C++ class name."},
	{"nodejs_active_handles_total", "gauge", "sum", "Total number of active handles."},
	{"nodejs_active_requests", "gauge", "sum", "Number of active libuv requests grouped by request type. Every request type is C++ class name."},
	{"nodejs_active_requests_total", "gauge", "sum", "Total number of active requests."},
	{"nodejs_heap_size_total_bytes", "gauge", "sum", "Process heap size from Node.js in bytes."},
	{"nodejs_heap_size_used_bytes", "gauge", "sum", "Process heap size used from Node.js in bytes."},
	{"nodejs_external_memory_bytes", "gauge", "sum", "Node.js external memory size in bytes."},
	{"nodejs_heap_space_size_total_bytes", "gauge", "sum", "Process heap space size total from Node.js in bytes."},
	{"nodejs_heap_space_size_used_bytes", "gauge", "sum", "Process heap space size used from Node.js in bytes."},
	{"nodejs_heap_space_size_available_bytes", "gauge", "sum", "Process heap space size available from Node.js in bytes."},
	{"nodejs_version_info", "gauge", "first", "Node.js version info."},
	{"nodejs_gc_duration_seconds", "histogram", "sum", "Garbage collection duration by kind, one of major, minor, incremental or weakcb."},
	{"relay_connections_total", "counter", "sum", "Total number of relay agent connections"},
	{"relay_disconnects_total", "counter", "sum", "Total number of relay agent disconnections"},
	{"websocket_clients_connected", "gauge", "sum", "Current number of connected WebSocket clients"},
	{"telemetry_frames_in_total", "counter", "sum", "Total telemetry frames received from relays"},
	{"telemetry_frames_out_total", "counter", "sum", "Total telemetry events emitted to clients"},
	{"telemetry_drop_total", "counter", "sum", "Total telemetry frames dropped"},
	{"timing_updates_total", "counter", "sum", "Total timing update events broadcast"},
	{"incident_events_total", "counter", "sum", "Total incident events"},
	{"db_write_latency_ms", "histogram", "sum", "Database write latency in milliseconds"},
	{"ws_emit_latency_ms", "histogram", "sum", "WebSocket emit latency in milliseconds (sampled)"},
}
