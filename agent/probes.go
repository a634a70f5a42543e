package main

import (
	"cmp"
	"encoding/json"
	"math"
	"net/http"
	"runtime"
	"slices"
	"time"

	dto "github.com/prometheus/client_model/go"

	"relaypack/agent/internal/web"
)

const lagWindow = 5 * time.Minute

func (a *agent) probes() http.Handler {
	return web.NewProbes(web.ProbeOptions{
		Started:  a.started.Load,
		Alive:    a.alive,
		NotReady: a.notReady,
		Metrics:  a.families,
	})
}

// families are the agent's own metrics, and the one of the relay's that the agent's reading takes
// away from others: each read of /metrics resets the relay's event-loop-lag window.
func (a *agent) families() []*dto.MetricFamily {
	b := build()
	self := a.observer.scraper.Self()
	out := []*dto.MetricFamily{
		family("relaypack_build_info", "What was built; always 1.", gauge, sample(1, "version", b.version, "commit", b.commit, "goversion", b.goVersion)),
		family("relaypack_looks_total", "Looks at the relay.", counter, sample(float64(self.Looks))),
		family("relaypack_look_seconds_total", "Time that looks took.", counter, sample(self.TotalLook.Seconds())),
		family("relaypack_look_longest_seconds", "The longest look since the start.", gauge, sample(self.LongestLook.Seconds())),
		family("relaypack_relay_calls_total", "Calls to the relay by kind; anonymous and bearer ones count against its limits.", counter,
			sample(float64(self.Metrics), "kind", "metrics"), sample(float64(self.Anonymous), "kind", "anonymous"), sample(float64(self.Bearer), "kind", "bearer")),
		family("relaypack_relay_calls_refused_total", "Calls not made because the agent's share of a limit was used up.", counter, sample(float64(self.Refused))),
		family("relaypack_ready", "1 when /readyz says yes.", gauge, sample(oneIf(len(a.notReady()) == 0))),
		family("go_goroutines", "Goroutines of the agent.", gauge, sample(float64(runtime.NumGoroutine()))),
	}
	me := a.observer.self()
	out = append(out,
		family("process_cpu_seconds_total", "CPU time of the agent.", counter, sample((me.CPUUser+me.CPUSystem).Seconds())),
		family("process_start_time_seconds", "When the agent started, in seconds since 1970.", gauge, sample(float64(me.StartedAt.UnixMilli())/1000)),
		family("process_resident_memory_bytes", "Resident memory of the agent.", gauge, sample(float64(me.RSS))))
	if lag, ok := a.relayLag(); ok {
		out = append(out, family("relaypack_relay_eventloop_lag_max_seconds", "The relay's longest event-loop lag that the agent read in the last 5 minutes.", gauge, sample(lag)))
	}
	out = append(out, a.relayFamilies()...)
	out = append(out, a.windowFamilies()...)
	out = append(out, a.stateFamilies()...)
	out = append(out, a.deliveryFamilies()...)
	out = append(out, a.incidentFamilies()...)
	out = append(out, a.api.Families()...)
	listeners := map[string]*web.Limited{}
	for i, name := range []string{"api", "probes"} {
		if l := a.limits[i].Load(); l != nil {
			listeners[name] = l
		}
	}
	out = append(out, web.ListenerFamilies(listeners)...)
	slices.SortFunc(out, func(x, y *dto.MetricFamily) int { return cmp.Compare(x.GetName(), y.GetName()) })
	return out
}

// relayLag is the maximum of the profile's lagMax series, which is kept in ms.
func (a *agent) relayLag() (seconds float64, ok bool) {
	b, err := a.observer.builder.History("lagMax", a.now().Add(-lagWindow))
	if err != nil {
		return 0, false
	}
	var h struct {
		Points [][2]*float64 `json:"points"`
	}
	if json.Unmarshal(b, &h) != nil {
		return 0, false
	}
	most := math.Inf(-1)
	for _, p := range h.Points {
		if p[1] != nil {
			most = max(most, *p[1])
		}
	}
	return most / 1000, !math.IsInf(most, -1)
}
