package web

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	dto "github.com/prometheus/client_model/go"

	"relaypack/pack"
)

// counts is what the API counts of itself.
type counts struct {
	inFlight     atomic.Int64
	authFailures atomic.Uint64
	panics       atomic.Uint64

	mu       sync.Mutex
	requests map[routeCode]uint64 // bounded: routes of the table times the statuses that are written
	packs    map[string]uint64    // handed out, by verdict
	building time.Duration        // that they took together
	bytes    int                  // of the last one
}

type routeCode struct{ route, code string }

func newCounts() *counts {
	return &counts{requests: map[routeCode]uint64{}, packs: map[string]uint64{}}
}

func (c *counts) request(route, code string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests[routeCode{route, code}]++
}

// Built counts a pack that was built without being asked for.
func (a *API) Built(p *pack.Pack, took time.Duration) {
	a.counts.pack(string(p.Verdict()), took, len(p.Bytes()))
}

func (c *counts) pack(verdict string, took time.Duration, bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.packs[verdict]++
	c.building += took
	c.bytes = bytes
}

// packFamilies is nil before the first pack.
func (c *counts) packFamilies() []*dto.MetricFamily {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.packs) == 0 {
		return nil
	}
	made := family("relaypack_packs_total", "Packs that were built, by what the second detector made of them.", dto.MetricType_COUNTER)
	for _, verdict := range slices.Sorted(maps.Keys(c.packs)) {
		n := float64(c.packs[verdict])
		made.Metric = append(made.Metric, &dto.Metric{Label: []*dto.LabelPair{label("verdict", verdict)}, Counter: &dto.Counter{Value: &n}})
	}
	took := family("relaypack_pack_build_seconds_total", "Time that building them took.", dto.MetricType_COUNTER)
	seconds := c.building.Seconds()
	took.Metric = []*dto.Metric{{Counter: &dto.Counter{Value: &seconds}}}
	return []*dto.MetricFamily{took, gauge("relaypack_pack_last_bytes", "Size of the last pack.", c.bytes), made}
}

// Families gives the API's own metrics, each family once, in the order of their names.
func (a *API) Families() []*dto.MetricFamily {
	building, waiting := a.builds.load()
	a.guard.mu.Lock()
	pauses, evicted, peers := a.guard.pauses, a.guard.evicted, len(a.guard.peers)
	a.guard.mu.Unlock()
	out := []*dto.MetricFamily{
		counter("relaypack_http_auth_failures_total", "Requests without a valid bearer.", a.counts.authFailures.Load()),
		counter("relaypack_http_guess_evicted_total", "Addresses forgotten because the table of wrong bearers was full.", evicted),
		counter("relaypack_http_guess_pauses_total", "Pauses given to an address for too many wrong bearers.", pauses),
		gauge("relaypack_http_guess_peers", "Addresses from which a wrong bearer came and that are remembered.", peers),
		gauge("relaypack_http_in_flight", "Requests under way.", int(a.counts.inFlight.Load())),
		counter("relaypack_http_pack_refused_total", "Packs not built because too many were asked for.", a.builds.refused.Load()),
		gauge("relaypack_http_packs_building", "Packs being built for a request.", building),
		gauge("relaypack_http_packs_waiting", "Requests that wait for their pack's turn.", waiting),
		counter("relaypack_http_panics_total", "Requests whose handler panicked.", a.counts.panics.Load()),
	}
	if f := a.counts.family(); f != nil {
		out = append(out, f)
	}
	out = append(out, a.counts.packFamilies()...)
	pages := a.page.Stats()
	return append(out,
		gauge("relaypack_page_open", "Open ops pages that follow what happens.", pages.Open),
		counter("relaypack_page_previews_ended_total", "Previews of packs that ended because there were too many, or a newer one took their place.", pages.PreviewsEarly),
		counter("relaypack_page_sessions_ended_total", "Sessions of the ops page that ended because there were too many.", pages.SessionsEarly),
		counter("relaypack_page_slow_total", "Open ops pages that were dropped because they read too slowly.", pages.TooSlow),
		counter("relaypack_page_updates_total", "Updates that were drawn, each for all open ops pages.", pages.Drawn),
	)
}

// family is the requests by route and code; nil before the first, because a family needs a metric.
func (c *counts) family() *dto.MetricFamily {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.requests) == 0 {
		return nil
	}
	f := family("relaypack_http_requests_total", "Requests by route and status (gone: the client left first).", dto.MetricType_COUNTER)
	for k, n := range c.requests {
		v := float64(n)
		f.Metric = append(f.Metric, &dto.Metric{
			Label:   []*dto.LabelPair{label("code", k.code), label("route", k.route)},
			Counter: &dto.Counter{Value: &v},
		})
	}
	slices.SortFunc(f.Metric, func(a, b *dto.Metric) int {
		return cmp.Or(
			cmp.Compare(a.Label[1].GetValue(), b.Label[1].GetValue()),
			cmp.Compare(a.Label[0].GetValue(), b.Label[0].GetValue()),
		)
	})
	return f
}

// ListenerFamilies gives the connections of listeners by their names, e.g. "api" and "probe".
func ListenerFamilies(listeners map[string]*Limited) []*dto.MetricFamily {
	if len(listeners) == 0 {
		return nil
	}
	names := make([]string, 0, len(listeners))
	for name := range listeners {
		names = append(names, name)
	}
	slices.Sort(names)
	open := family("relaypack_http_connections", "Connections that are open.", dto.MetricType_GAUGE)
	refused := family("relaypack_http_connections_refused_total", "Connections closed at once because too many were open.", dto.MetricType_COUNTER)
	for _, name := range names {
		now, no := float64(listeners[name].Open()), float64(listeners[name].Refused())
		pair := []*dto.LabelPair{label("listener", name)}
		open.Metric = append(open.Metric, &dto.Metric{Label: pair, Gauge: &dto.Gauge{Value: &now}})
		refused.Metric = append(refused.Metric, &dto.Metric{Label: pair, Counter: &dto.Counter{Value: &no}})
	}
	return []*dto.MetricFamily{open, refused}
}

func family(name, help string, kind dto.MetricType) *dto.MetricFamily {
	return &dto.MetricFamily{Name: &name, Help: &help, Type: &kind}
}

func counter(name, help string, n uint64) *dto.MetricFamily {
	f, v := family(name, help, dto.MetricType_COUNTER), float64(n)
	f.Metric = []*dto.Metric{{Counter: &dto.Counter{Value: &v}}}
	return f
}

func gauge(name, help string, n int) *dto.MetricFamily {
	f, v := family(name, help, dto.MetricType_GAUGE), float64(n)
	f.Metric = []*dto.Metric{{Gauge: &dto.Gauge{Value: &v}}}
	return f
}

func label(name, value string) *dto.LabelPair { return &dto.LabelPair{Name: &name, Value: &value} }
