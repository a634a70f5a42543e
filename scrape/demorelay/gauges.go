package demorelay

import (
	"math"
	"strconv"
	"time"
)

// lag is the window of the event loop's delay. Every collection of metrics, by whoever, empties it.
type lag struct {
	since int64         // last collection, epoch ms
	stall time.Duration // longest stand-still in the window
	eaten bool          // an abandoned scrape was carried out right after the stall
}

// stood notes a stand-still.
func (g *lag) stood(d time.Duration) { g.stall = max(g.stall, d) }

// gauge lists the values of one collection by family name.
type gauges map[string][]sample

func (g gauges) set(name string, v float64) { g[name] = []sample{{value: v}} }

func (g gauges) add(name, label, value string, v float64) {
	g[name] = append(g[name], sample{labels: [][2]string{{label, value}}, value: v})
}

// collect is one collection: it reads everything and empties the lag window.
func (l *live) collect(now int64) []family {
	g := gauges{}
	l.processGauges(g, now)
	l.lagGauges(g, now)
	l.heapGauges(g, now)
	l.garbage(g, now)
	l.relayGauges(g, now)
	out := make([]family, len(families))
	for i, k := range families {
		out[i] = family{k, g[k.name]}
	}
	return out
}

// wobble is a number in [0,1) that changes every step milliseconds.
func (l *live) wobble(name string, now, step int64) float64 { return unsteady(l.seed, name, now/step) }

func page(bytes float64) float64 { return math.Floor(bytes/4096) * 4096 }

func (l *live) processGauges(g gauges, now int64) {
	up := float64(max(0, now-l.process)) / 1000
	baseline, controls := l.tracks.totals(now)
	frames := float64(baseline + controls)
	user, system := micros(0.385+0.012*up+0.0004*frames), micros(0.035+0.004*up+0.0001*frames)
	g.set("process_cpu_user_seconds_total", user)
	g.set("process_cpu_system_seconds_total", system)
	g.set("process_cpu_seconds_total", user+system)
	g.set("process_start_time_seconds", math.Round(float64(l.process)/1000))
	rss := page(112e6 + 20_000*min(up, 900) + 6e6*l.wobble("rss", now, 5000))
	g.set("process_resident_memory_bytes", rss)
	g.set("process_virtual_memory_bytes", page(11.9e9+rss))
	g.set("process_heap_bytes", page(rss+58e6))
	sockets := float64(len(l.sockets.open))
	g.set("process_open_fds", 32+sockets)
	g.set("process_max_fds", 20000)
	g.add("nodejs_active_resources", "type", "TCPServerWrap", 1)
	g.add("nodejs_active_resources", "type", "TCPSocketWrap", sockets+2)
	g.add("nodejs_active_resources", "type", "Timeout", sockets+2)
	g.add("nodejs_active_resources", "type", "Immediate", 1)
	g.set("nodejs_active_resources_total", 2*sockets+6)
	g.add("nodejs_active_handles", "type", "Server", 1)
	g.add("nodejs_active_handles", "type", "Socket", sockets+2)
	g.set("nodejs_active_handles_total", sockets+3)
	g.set("nodejs_active_requests_total", 0)
	g["nodejs_version_info"] = []sample{{labels: [][2]string{{"version", nodeVersion}, {"major", "20"}, {"minor", "20"}, {"patch", "2"}}, value: 1}}
}

func micros(seconds float64) float64 { return math.Round(seconds*1e6) / 1e6 }

func nanos(seconds float64) float64 { return math.Round(seconds*1e9) / 1e9 }

// lagGauges: a collection right after another one finds an empty window and tells Nan, a minimum of
// 9.2e9 and a maximum of 0.
func (l *live) lagGauges(g gauges, now int64) {
	window, stall := now-l.lag.since, l.lag.stall
	if l.lag.eaten {
		stall = 0
	}
	l.lag = lag{since: now}
	const name = "nodejs_eventloop_lag_"
	g.set(name+"seconds", nanos(0.001+0.006*l.wobble("lag", now, 100)))
	set := func(part string, v float64) { g.set(name+part+"_seconds", v) }
	if window < 20 && stall == 0 {
		set("min", 9223372036.854776)
		set("max", 0)
		set("mean", math.NaN())
		set("stddev", math.NaN())
		for _, p := range []string{"p50", "p90", "p99"} {
			set(p, 5.11e-7)
		}
		return
	}
	u, longest := l.wobble("window", now, 1), stall.Seconds()
	p99 := 0.0135 + 0.008*u
	set("min", nanos(0.00903+0.0002*u))
	set("max", nanos(max(longest, p99+0.03*u)))
	set("mean", 0.0106+0.0009*u+longest/float64(max(2, window/10)))
	set("stddev", 0.0021+0.002*u+longest/10)
	set("p50", nanos(0.0101+0.0001*u))
	set("p90", nanos(0.0112+0.001*u))
	set("p99", nanos(p99))
}

func (l *live) heapGauges(g gauges, now int64) {
	saw := float64(now%17_000) / 17_000
	old, young := 44e6+6e6*saw, 0.9e6+7e6*l.wobble("young", now, 500)
	spaces := [...]struct {
		name        string
		total, used float64
	}{
		{"read_only", 0, 0}, {"new", 16777216, young}, {"old", 60522496, old}, {"code", 3932160, 3505680}, {"shared", 0, 0},
		{"new_large_object", 0, 0}, {"large_object", 1413120, 1370680}, {"code_large_object", 155648, 138432}, {"shared_large_object", 0, 0},
	}
	var total, used float64
	for _, s := range spaces {
		s.used = math.Floor(s.used/8) * 8
		total, used = total+s.total, used+s.used
		g.add("nodejs_heap_space_size_total_bytes", "space", s.name, s.total)
		g.add("nodejs_heap_space_size_used_bytes", "space", s.name, s.used)
		g.add("nodejs_heap_space_size_available_bytes", "space", s.name, max(0, s.total-s.used))
	}
	g.set("nodejs_heap_size_total_bytes", total)
	g.set("nodejs_heap_size_used_bytes", used)
	g.set("nodejs_external_memory_bytes", math.Floor(4.9e6+0.9e6*l.wobble("external", now, 3000)))
}

// spread is how the observations of a histogram fall: share at or below each bound.
type spread struct {
	bounds []float64
	shares []float64
	mean   float64
}

// histogram adds the parts for n observations under one label value.
func (g gauges) histogram(name, label, value string, n int, s spread) {
	add := func(part, le string, v float64) {
		labels := [][2]string{{label, value}}
		if le != "" {
			labels = [][2]string{{"le", le}, labels[0]}
		}
		g[name] = append(g[name], sample{part, labels, v})
	}
	for i, bound := range s.bounds {
		add("_bucket", strconv.FormatFloat(bound, 'f', -1, 64), math.Floor(float64(n)*s.shares[i]))
	}
	add("_bucket", "+Inf", float64(n))
	add("_sum", "", float64(n)*s.mean)
	add("_count", "", float64(n))
}

func (l *live) garbage(g gauges, now int64) {
	up := float64(max(0, now-l.process)) / 1000
	bounds := []float64{0.001, 0.01, 0.1, 1, 2, 5}
	for _, k := range []struct {
		kind   string
		n      int
		spread spread
	}{
		{"minor", 40 + int(up*0.9), spread{bounds, []float64{0.38, 0.9, 0.99, 1, 1, 1}, 0.0054}},
		{"incremental", 4 + int(up/45), spread{bounds, []float64{0.5, 0.83, 1, 1, 1, 1}, 0.0041}},
		{"major", 4 + int(up/60), spread{bounds, []float64{0, 0.1, 1, 1, 1, 1}, 0.05}},
	} {
		g.histogram("nodejs_gc_duration_seconds", "kind", k.kind, k.n, k.spread)
	}
}

// relayGauges are the relay's own ten; on the stock release nothing ever moves them.
func (l *live) relayGauges(g gauges, now int64) {
	g.set("relay_connections_total", 0)
	g.set("relay_disconnects_total", 0)
	g.set("timing_updates_total", 0)
	if !l.opts.Wired || l.opts.Sessions == 0 {
		return
	}
	k, t := &l.sockets, &l.tracks
	g.set("relay_connections_total", float64(k.relays))
	g.set("relay_disconnects_total", float64(k.relayEnds))
	by := l.sockets.stats().ByRole
	for _, role := range k.roles {
		n := 0
		for _, c := range by {
			if c.name == role {
				n = c.n
			}
		}
		g.add("websocket_clients_connected", "role", role, float64(n))
	}
	baseline, controls := t.totals(now)
	frames := baseline + controls
	g.add("telemetry_frames_in_total", "stream", "baseline", float64(baseline))
	g.add("telemetry_frames_in_total", "stream", "controls", float64(controls))
	g.add("telemetry_frames_out_total", "event", "timing", float64(frames))
	for _, c := range []count{{"rate_limit", k.rateErrors}, {"auth_fail", k.authFails}, {"parse_fail", t.invalid}, {"backpressure", t.totalDrops}} {
		if c.n > 0 {
			g.add("telemetry_drop_total", "reason", c.name, float64(c.n))
		}
	}
	g.set("timing_updates_total", float64(frames))
	if t.incidents > 0 {
		g.add("incident_events_total", "type", "new", float64(t.incidents))
	}
	g.histogram("db_write_latency_ms", "operation", "telemetry", frames/80, spread{
		[]float64{1, 5, 10, 25, 50, 100, 250, 500, 1000}, []float64{0, 0.2, 0.5, 0.75, 0.9, 0.96, 0.99, 1, 1}, 17.25})
	g.histogram("ws_emit_latency_ms", "event", "timing", frames, spread{
		[]float64{0.1, 0.5, 1, 2, 5, 10, 25, 50}, []float64{0.9994, 0.9996, 0.9998, 0.9999, 1, 1, 1, 1}, 0.0022})
}
