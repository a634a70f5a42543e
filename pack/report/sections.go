package report

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"relaypack/pack/report/plain"
)

func (d *document) incidents() section {
	s := section{ID: "incidents", Title: "Incidents", Open: true}
	v := d.take("incidents", '[')
	if v == nil {
		s.Absent = true
		return s
	}
	items, n := v.items(1000)
	if n == 0 {
		s.Lead = "No rule of the profile fired."
		return s
	}
	t := table{Head: []string{"opened (UTC)", "closed (UTC)", "rule", "what", "values", "life", "pack"}, Left: n - len(items)}
	for _, i := range items {
		level, closed := "", instant(i.at("closedAt").when())
		if closed == "" {
			level, closed = "bad", "open"
		} else if by := i.at("closedBy"); by.there() {
			closed += " (" + by.show() + ")"
		}
		values, _ := i.at("values").items(20)
		var fired []string
		for _, one := range values {
			text := fmt.Sprintf("%s %s", one.at("name").show(), one.at("value").show())
			if bound := one.at("bound"); bound.there() {
				text += fmt.Sprintf(" (%s %s)", one.at("is").show(), bound.show())
			}
			fired = append(fired, text)
		}
		what := []string{i.at("severity").show() + ": " + i.at("summary").show()}
		if siblings, n := i.at("siblings").items(20); n > 0 {
			var names []string
			for _, one := range siblings {
				names = append(names, one.show())
			}
			what = append(what, "beside "+some(names))
		}
		if held := i.at("heldBack").count(); held > 0 {
			what = append(what, "fired "+times(held)+" more without a pack")
		}
		id := i.at("packId").show()
		if id == "null" {
			id = "none of its own"
			if i.at("joined").yes() {
				id = "in that of the death before it"
			}
		}
		t.add(level, texts(instant(i.at("openedAt").when()), closed, i.at("rule").show(), strings.Join(what, "; "), strings.Join(fired, ", "), i.at("life").show(), id)...)
	}
	s.Tables = []table{t}
	return s
}

func (d *document) sources() section {
	s := section{ID: "sources", Title: "Sources, lives and gaps", Open: true}
	v := d.take("sources", '{')
	t := table{Caption: "What the relay was asked", Head: []string{"source", "status", "last good answer", "took", "size", "failures in a row", "since (UTC)", "reason"}}
	all := v.members()
	sort.SliceStable(all, func(i, j int) bool { return order(all[i].v) < order(all[j].v) })
	for _, m := range all {
		level, age := "", "never"
		if order(m.v) == 0 {
			level = "warn"
		}
		if m.v.at("ageMs").there() {
			age = written("ageMs", m.v.at("ageMs")) + " before"
		}
		reason := m.v.at("error").show()
		if reason == "null" {
			reason = ""
		}
		t.add(level, texts(name(m.name), m.v.at("status").show(), age, written("tookMs", m.v.at("tookMs")), written("bytes", m.v.at("bytes")),
			m.v.at("failures").show(), instant(m.v.at("since").when()), reason)...)
	}
	if len(all) > 0 {
		s.Tables = append(s.Tables, t)
	}
	if lives := d.take("lives", '['); lives != nil {
		s.Tables = append(s.Tables, list("Lives of the relay", lives))
	}
	if gaps := d.take("gaps", '['); gaps != nil {
		t := list("Events that nobody can have any more, and anomalies", gaps)
		if len(t.Rows) > 0 {
			s.Tables = append(s.Tables, t)
		}
	}
	s.Absent = s.Tables == nil
	return s
}

// order puts sources that fail before those that answer, and those before the ones that were not asked.
func order(source value) int {
	switch status := source.at("status").text(); {
	case status == "ok":
		return 1
	case contains(idle, status):
		return 2
	}
	return 0
}

// values are the four sections of numbers with where each came from, and the windows.
func (d *document) values() section {
	s := section{ID: "values", Title: "Numbers and where they came from"}
	from := d.take("provenance", '{')
	sourceOf := map[string]string{}
	for _, m := range from.members() {
		sourceOf[m.name] = m.v.show()
	}
	t := table{Head: []string{"field", "value", "source"}}
	for _, top := range []string{"summary", "socketStats", "relayStats", "runtimeStats"} {
		for _, m := range d.top[top].members() {
			source := sourceOf[top+"."+m.name]
			for _, sub := range m.v.members() {
				if source == "" {
					source = sourceOf[top+"."+m.name+"."+sub.name]
				}
			}
			t.add("", cell{Text: name(top + "." + m.name)}, cellOf(m.name, m.v), cell{Text: source})
		}
	}
	if len(t.Rows) > 0 {
		s.Tables = append(s.Tables, t)
	}
	for caption, v := range map[string]value{"The agent's windows of events": d.top["eventBufferStats"], "The relay's own rings": d.take("windows", '{')} {
		if len(v.members()) > 0 {
			s.Tables = append(s.Tables, facts(caption, v))
		}
	}
	slices.SortFunc(s.Tables, func(a, b table) int { return strings.Compare(a.Caption, b.Caption) })
	if from != nil {
		s.Tables = append(s.Tables, facts("Every field and its source", from))
	}
	s.Absent = s.Tables == nil
	return s
}

// objects makes a section of members of the bundle that are objects.
func (d *document) objects(s section, parts ...[2]string) section {
	for _, p := range parts {
		if v := d.take(p[0], '{'); v != nil {
			s.Tables = append(s.Tables, facts(p[1], v))
		}
	}
	s.Absent = s.Tables == nil
	return s
}

func (d *document) machine() section {
	return d.objects(section{ID: "process", Title: "Process and container", Open: true},
		[2]string{"process", "The process, as the operating system shows it"}, [2]string{"container", "Its control groups"}, [2]string{"relay", "Its port and build"})
}

func (d *document) deliveries() section {
	return d.objects(section{ID: "delivery", Title: "Deliveries and state"},
		[2]string{"delivery", "Packs on their way to the object storage"}, [2]string{"state", "What of the agent outlives it"})
}

func (d *document) agent() section {
	s := d.objects(section{ID: "agent", Title: "The agent and this pack"},
		[2]string{"self", "What the agent itself costs"}, [2]string{"size", "Size of this pack"}, [2]string{"trigger", "Why it was made"},
		[2]string{"generator", "What made it"}, [2]string{"identity", "Where"})
	var rest table
	for _, n := range []string{"schemaVersion", "unwired"} {
		if v, ok := d.bundle[n]; ok && v.kind() != '{' && v.kind() != '[' {
			d.used[n] = true
			rest.add("", cell{Text: n}, cellOf(n, v))
		}
	}
	if rest.Rows != nil {
		s.Tables = append(s.Tables, rest)
		s.Absent = false
	}
	return s
}

func (d *document) kubernetes() section {
	s := section{ID: "kubernetes", Title: "Kubernetes", Open: true}
	v := d.take("kubernetes", '{')
	if v == nil {
		s.Absent = true
		return s
	}
	s.Tables = append(s.Tables, facts("The pod", v, "containers", "events", "conditions", "previousLog"))
	for _, part := range [][2]string{{"containers", "Containers"}, {"conditions", "Conditions"}, {"events", "What the cluster noted"}} {
		if t := list(part[1], v.at(part[0])); len(t.Rows) > 0 {
			s.Tables = append(s.Tables, t)
		}
	}
	if log := v.at("previousLog").text(); log != "" {
		t := table{Caption: "The relay's log before its last restart"}
		log, left := plain.Cut(log, 64<<10)
		for line := range strings.SplitSeq(strings.TrimSuffix(log, "\n"), "\n") {
			t.add("", cell{Text: shown(line)})
		}
		if left > 0 {
			t.Left++
		}
		s.Tables = append(s.Tables, t)
	}
	return s
}

func (d *document) config() section {
	s := section{ID: "config", Title: "Configuration"}
	if v := d.top["config"]; v.kind() == '{' {
		s.Tables = []table{facts("", v)}
	}
	s.Absent = s.Tables == nil
	return s
}

func (d *document) session() section {
	s := section{ID: "session", Title: "The session that was asked for", Open: true}
	if v := d.top["sessionParity"]; v.kind() == '{' {
		s.Tables = append(s.Tables, facts("Parity", v))
	}
	if v := d.take("sessionMatch", '{'); v != nil {
		s.Tables = append(s.Tables, facts("How sure its events are", v))
	}
	s.Absent = s.Tables == nil
	return s
}

func (d *document) trace() section {
	s := section{ID: "trace", Title: "Trace", Open: true}
	v := d.top["trace"]
	if v.kind() != '{' {
		s.Absent = true
		return s
	}
	s.Tables = append(s.Tables, facts("", v, "samples", "events"))
	samples, _ := v.at("samples").items(1000)
	s.Charts = traceChart(samples)
	if len(samples) > 0 {
		s.Tables = append(s.Tables, list("Samples", v.at("samples")))
	}
	for _, m := range v.at("events").members() {
		if t := eventTable(m.v); len(t.Rows) > 0 {
			t.Caption = "Events: " + name(m.name)
			s.Tables = append(s.Tables, t)
		}
	}
	return s
}

// redaction says what was taken out, by whom, and what the format's own check finds.
func (d *document) redaction() section {
	s := section{ID: "redaction", Title: "Redaction", Open: true}
	v := d.take("redaction", '{')
	if v == nil {
		s.Absent = true
		return s
	}
	changes := 0
	for _, m := range v.at("counts").members() {
		changes += m.v.count()
	}
	search := v.at("search")
	s.Lead = fmt.Sprintf("%s while it was recorded; the second detector says: %s. The three words of the format's own check stand there %s.",
		counted(changes, "change"), v.at("verifier", "verdict").show(), times(search.at("hits").count()))
	if search.at("hits").count() == 0 {
		s.Lead = strings.Replace(s.Lead, "stand there 0 times", "stand nowhere in it", 1)
	}
	s.Tables = append(s.Tables, facts("Changes by rule", v.at("counts")), facts("Changes by part of the pack", v.at("sections")))
	for _, part := range []struct {
		caption string
		v       value
	}{
		{"Where something was removed (the parent of what is gone)", v.at("removed")},
		{"What the second detector took out", v.at("verifier", "removed")},
		{"Where the three words stand (1 to 3, as the check names them)", search.at("places")},
		{"Exceptions of the operator's policy", v.at("exceptions")},
	} {
		if t := list(part.caption, part.v); len(t.Rows) > 0 {
			s.Tables = append(s.Tables, t)
		}
	}
	s.Tables = append(s.Tables, facts("Rules and verdict", v, "counts", "sections", "removed", "exceptions", "search"))
	return s
}
