package main

import (
	"time"

	dto "github.com/prometheus/client_model/go"
)

// stateFamilies say how the folder stands in which the agent keeps what outlives it.
func (a *agent) stateFamilies() []*dto.MetricFamily {
	if a.s.stateDir == "" {
		return nil
	}
	n := a.keeper.numbers()
	return []*dto.MetricFamily{
		family("relaypack_state_kept", "1 while the state folder can be written.", gauge, sample(oneIf(n.Kept))),
		family("relaypack_state_bytes", "Size of the log in the state folder.", gauge, sample(float64(n.Bytes))),
		family("relaypack_state_write_failures_total", "Writes to the state folder that failed.", counter, sample(float64(n.Failures))),
		family("relaypack_state_dropped_total", "Records that the bounds of the state folder pushed out.", counter, sample(float64(n.Dropped))),
		family("relaypack_state_restored_events", "Events that were restored at the start.", gauge, sample(float64(n.Restored))),
		family("relaypack_state_found_damaged", "What the start found damaged in the state folder, by kind.", gauge,
			sample(float64(n.Torn), "kind", "torn"), sample(float64(n.Missing), "kind", "missing"), sample(float64(n.SetAside), "kind", "set-aside"),
			sample(float64(n.Newer), "kind", "newer"), sample(float64(n.Refused), "kind", "refused")),
	}
}

// deliveryFamilies say how packs reach the object storage.
func (a *agent) deliveryFamilies() []*dto.MetricFamily {
	counts := a.shipping.spool.Counts()
	dropped := family("relaypack_packs_dropped_total", "Packs that a bound of the spool took undelivered, by reason.", counter)
	total := 0.0
	for _, reason := range sortedNames(counts.Dropped) {
		add(dropped, sample(float64(counts.Dropped[reason]), "reason", string(reason)))
		total += float64(counts.Dropped[reason])
	}
	if len(dropped.Metric) == 0 {
		add(dropped, sample(0, "reason", "space"))
	}
	out := []*dto.MetricFamily{
		family("relaypack_packs_kept_total", "Packs that were put where they wait for their delivery.", counter, sample(float64(counts.Added))),
		family("relaypack_spool_set_aside_total", "Broken files of the spool.", counter, sample(float64(counts.SetAside))),
		dropped,
	}
	if a.shipping.shipper == nil {
		return out
	}
	st := a.shipping.shipper.Status()
	out = append(out,
		family("relaypack_packs_delivered_total", "Packs that the object storage has.", counter, sample(float64(st.Delivered))),
		family("relaypack_pushes_retried_total", "Attempts of delivery that failed and are made again.", counter, sample(float64(st.Retried))),
		family("relaypack_packs_waiting", "Packs that wait for their delivery.", gauge, sample(float64(st.Waiting))),
		family("relaypack_packs_held", "Packs that the store cannot take: their name is taken by something else.", gauge, sample(float64(st.Held))),
		family("relaypack_spool_bytes", "What the spool holds, against its bound.", gauge, sample(float64(st.SpoolBytes))),
		family("relaypack_oldest_waiting_seconds", "Age of the oldest pack that waits; 0 when none does.", gauge, sample(st.OldestWaiting.Round(time.Millisecond).Seconds())),
		family("relaypack_store_up", "1 while the last attempt went through.", gauge, sample(oneIf(st.Cause == ""))))
	faults := family("relaypack_push_faults_total", "Attempts of delivery that failed, by cause.", counter)
	for _, cause := range sortedNames(st.Faults) {
		add(faults, sample(float64(st.Faults[cause]), "cause", string(cause)))
	}
	if len(faults.Metric) > 0 {
		out = append(out, faults)
	}
	if !st.LastSuccess.IsZero() {
		out = append(out, family("relaypack_last_delivery_timestamp_seconds", "When the last pack was delivered, in seconds since 1970.", gauge, sample(float64(st.LastSuccess.UnixMilli())/1000)))
	}
	return out
}

// incidentFamilies say how the rules of incidents stand.
func (a *agent) incidentFamilies() []*dto.MetricFamily {
	s := a.observer.engine.Summary()
	if len(s.Rules) == 0 {
		return nil
	}
	open := family("relaypack_incident_open", "1 while the incident of a rule is open.", gauge)
	unknown := family("relaypack_incident_rule_unknown", "1 while a rule cannot be judged for want of a value.", gauge)
	held := family("relaypack_incidents_held_back_total", "How often a rule fired without a pack, by its cooldown or budget.", counter)
	for _, r := range s.Rules {
		add(open, sample(oneIf(r.State == "open"), "rule", r.Rule, "severity", r.Severity))
		add(unknown, sample(oneIf(r.UnknownSince != nil), "rule", r.Rule))
		add(held, sample(float64(r.HeldBackTotal), "rule", r.Rule))
	}
	return []*dto.MetricFamily{open, unknown, held}
}
