package main

import (
	"encoding/json"
	"maps"
	"slices"

	dto "github.com/prometheus/client_model/go"

	"relaypack/scrape"
)

// relayFamilies say how the relay and the sources about it stand.
func (a *agent) relayFamilies() []*dto.MetricFamily {
	life := a.observer.scraper.Life()
	up := family("relaypack_source_up", "1 when a source's last answer was usable, by its name and status.", gauge)
	last := family("relaypack_source_last_success_timestamp_seconds", "When a source last gave a usable answer, in seconds since 1970.", gauge)
	failures := family("relaypack_source_failures", "Failed reads of a source in a row.", gauge)
	states := a.observer.scraper.States(a.now())
	for _, name := range sortedNames(states) {
		st := states[name]
		add(up, sample(oneIf(st.Status == scrape.OK), "source", name, "status", string(st.Status)))
		add(failures, sample(float64(st.Failures), "source", name))
		if !st.LastOK.IsZero() {
			add(last, sample(float64(st.LastOK.UnixMilli())/1000, "source", name))
		}
	}
	out := []*dto.MetricFamily{
		family("relaypack_relay_up", "1 while the relay lives, as far as the agent saw.", gauge, sample(oneIf(life.N > 0 && life.EndedAt.IsZero()))),
		family("relaypack_relay_lives_total", "Lives of the relay that the agent saw.", counter, sample(float64(life.N))),
		up, failures,
	}
	if len(last.Metric) > 0 { // a family needs a sample
		out = append(out, last)
	}
	return out
}

// windowFamilies say how full the event windows are and what they lost.
func (a *agent) windowFamilies() []*dto.MetricFamily {
	b, err := a.observer.builder.View("summary")
	var summary struct {
		Windows map[string]struct{ Count, Evicted, Missed *float64 } `json:"eventBufferStats"`
	}
	if err != nil || json.Unmarshal(b, &summary) != nil || len(summary.Windows) == 0 {
		return nil
	}
	kept := family("relaypack_window_events", "Events that a window holds, by class.", gauge)
	evicted := family("relaypack_window_evicted_total", "Events that a window's bounds pushed out.", counter)
	missed := family("relaypack_window_missed_total", "Events that the relay dropped before they could be read.", counter)
	for _, class := range slices.Sorted(maps.Keys(summary.Windows)) {
		w := summary.Windows[class]
		for to, n := range map[*dto.MetricFamily]*float64{kept: w.Count, evicted: w.Evicted, missed: w.Missed} {
			if n != nil {
				add(to, sample(*n, "class", class))
			}
		}
	}
	return slices.DeleteFunc([]*dto.MetricFamily{kept, evicted, missed}, func(f *dto.MetricFamily) bool { return len(f.Metric) == 0 })
}

func oneIf(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

const (
	gauge   = dto.MetricType_GAUGE
	counter = dto.MetricType_COUNTER
)

type makeSample func(dto.MetricType) *dto.Metric

func family(name, help string, typ dto.MetricType, samples ...makeSample) *dto.MetricFamily {
	f := &dto.MetricFamily{Name: &name, Help: &help, Type: &typ}
	add(f, samples...)
	return f
}

func add(f *dto.MetricFamily, samples ...makeSample) {
	for _, s := range samples {
		f.Metric = append(f.Metric, s(f.GetType()))
	}
}

// sample makes one value with labels given as name, value, name, value ...
func sample(value float64, labels ...string) makeSample {
	return func(typ dto.MetricType) *dto.Metric {
		m := &dto.Metric{}
		for i := 0; i+1 < len(labels); i += 2 {
			m.Label = append(m.Label, &dto.LabelPair{Name: &labels[i], Value: &labels[i+1]})
		}
		if typ == counter {
			m.Counter = &dto.Counter{Value: &value}
		} else {
			m.Gauge = &dto.Gauge{Value: &value}
		}
		return m
	}
}
