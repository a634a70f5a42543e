package report

import (
	"fmt"
	"strings"
)

// eventTable shows events as they stand in the pack; time, type and id have columns of their own.
func eventTable(v value) table {
	t := table{Head: []string{"UTC", "type", "id", ""}}
	events, n := v.items(maxRows)
	t.Left = n - len(events)
	for _, e := range events {
		cells := make([]cell, 4)
		for _, m := range e.members() {
			switch m.name {
			case "timestamp":
				cells[0].Text = written(m.name, m.v)
			case "type":
				cells[1].Text = m.v.show()
			case "id":
				cells[2].Text = m.v.show()
			default:
				cells[3].Parts = append(cells[3].Parts, pair{name(m.name), m.v.show()})
			}
		}
		if e.kind() != '{' {
			cells[3].Text = e.show()
		}
		t.add("", cells...)
	}
	return t
}

func (d *document) eventsOf(class string) section {
	s := section{ID: "events-" + class, Title: "Events: " + class}
	v := d.top["recentEvents"].at(class)
	if v.kind() != '[' {
		s.Absent = true
		return s
	}
	t := eventTable(v)
	s.Hint = counted(len(t.Rows)+t.Left, "event")
	var own []happened
	for _, h := range d.events {
		if classes[h.class] == class {
			own = append(own, h)
		}
	}
	if len(own) > 0 {
		s.Hint = tally(own)
	}
	if missed := d.top["eventBufferStats"].at(class, "missed").count(); missed > 0 {
		s.Hint += fmt.Sprintf("; %s before could not be read", counted(missed, "event"))
	}
	if len(t.Rows) > 0 {
		s.Tables = []table{t}
	} else {
		s.Lead = "No events are kept."
	}
	return s
}

func (d *document) sessionEvents() section {
	s := section{ID: "session-events", Title: "Events of the session"}
	n := 0
	for _, m := range d.top["sessionEvents"].members() {
		if t := eventTable(m.v); len(t.Rows) > 0 {
			n += len(t.Rows) + t.Left
			t.Caption = name(m.name)
			s.Tables = append(s.Tables, t)
		}
	}
	s.Hint = counted(n, "event")
	if d.top["sessionEvents"].kind() == '{' && s.Tables == nil {
		s.Lead = "No event of this session is kept."
	}
	s.Absent = d.top["sessionEvents"].kind() != '{'
	return s
}

// errors are the relay's second store of errors.
func (d *document) errors() section {
	s := section{ID: "errors", Title: "The relay's error store"}
	if _, isList := d.bundle["errors"].at("list").items(0); d.bundle["errors"].at("list").kind() != '[' && isList == 0 {
		s.Absent = true
		return s
	}
	v := d.take("errors", '{')
	s.Hint = counted(v.at("count").count(), "error")
	s.Tables = []table{facts("", v, "list")}
	t := eventTable(v.at("list"))
	t.Head[1] = "type"
	if len(t.Rows) > 0 {
		s.Tables = append(s.Tables, t)
	}
	return s
}

// live is one of the relay's live lists.
func (d *document) live(member, title string) section {
	s := section{ID: member, Title: title + " that are live"}
	if d.bundle[member].at("list").kind() != '[' {
		s.Absent = true
		return s
	}
	v := d.take(member, '{')
	s.Hint = v.at("count").show()
	if at := v.at("asOf").when(); !at.IsZero() {
		s.Hint += ", as of " + instant(at) + " UTC"
	}
	if rest := facts("", v, "list", "asOf", "count"); len(rest.Rows) > 0 {
		s.Tables = append(s.Tables, rest)
	}
	if t := list("", v.at("list")); len(t.Rows) > 0 {
		s.Tables = append(s.Tables, t)
	} else {
		s.Lead = "None."
	}
	return s
}

// metrics are the last page of metrics, a row for each series.
func (d *document) metrics() section {
	s := section{ID: "metrics", Title: "Metrics"}
	v := d.take("metrics", '{')
	if v == nil {
		s.Absent = true
		return s
	}
	t := table{Head: []string{"name", "type", "labels", "value"}}
	families := v.members()
	for _, m := range families {
		of := name(m.name)
		kind := m.v.at("type").show()
		samples, n := m.v.at("samples").items(maxRows)
		t.Left += n - len(samples)
		if n == 0 {
			t.add("", texts(of, kind, "", "no series")...)
		}
		for _, sample := range samples {
			var labels []string
			for _, l := range sample.at("labels").members() {
				labels = append(labels, name(l.name)+"="+l.v.show())
			}
			part := sample.at("part").text()
			if part != "" {
				part = "_" + name(part)
			}
			number := sample.at("value").show()
			if number == "null" {
				number = unknown
			}
			t.add("", texts(of+part, kind, strings.Join(labels, " "), number)...)
		}
	}
	s.Hint = fmt.Sprintf("%d families, %d series", len(families), len(t.Rows)+t.Left)
	s.Tables = []table{t}
	return s
}

// known are the members of the top level that a section shows.
var known = []string{"packId", "generatedAt", "generatedAtIso", "summary", "socketStats", "relayStats", "runtimeStats", "eventBufferStats",
	"recentEvents", "supportBundle", "sessionParity", "sessionEvents", "trace", "config"}

// others are what no section has shown: members that this version does not know, or that are not what they should be.
func (d *document) others() section {
	s := section{ID: "else", Title: "Everything else"}
	var plainOnes table
	add := func(caption string, v value) {
		switch _, n := v.items(0); {
		case v.kind() == '{':
			s.Tables = append(s.Tables, facts(caption, v))
		case n > 0 && strings.HasPrefix(string(v[1:min(len(v), 100)]), "{"):
			s.Tables = append(s.Tables, list(caption, v))
		default:
			plainOnes.add("", cell{Text: caption}, cellOf("", v))
		}
	}
	budget := 200
	for _, n := range d.order {
		if v := d.top[n]; budget > 0 && !contains(known, n) && v.there() {
			budget--
			add(name(n), v)
		}
	}
	for _, n := range d.inside {
		if v := d.bundle[n]; budget > 0 && !d.used[n] && v.there() {
			budget--
			d.used[n] = true
			add("supportBundle."+name(n), v)
		}
	}
	for _, m := range d.top["recentEvents"].members() {
		if budget > 0 && !contains(classes, m.name) {
			budget--
			add("recentEvents."+name(m.name), m.v)
		}
	}
	if budget == 0 {
		s.Lead = "More members than are shown."
	}
	if plainOnes.Rows != nil {
		s.Tables = append(s.Tables, plainOnes)
	}
	s.Absent = s.Tables == nil
	return s
}
