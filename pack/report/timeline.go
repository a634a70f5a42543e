package report

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"relaypack/pack/report/chart"
)

// moment is one thing that happened.
type moment struct {
	at          time.Time
	level, kind string
	text        string
}

// classes are those of the format, in its order.
var classes = []string{"socket", "relay", "session", "error"}

const (
	maxEvents  = 100_000 // of a class that are counted
	maxMoments = 300
)

// moments are what happened beside the events themselves, oldest first.
func (d *document) moments() (out []moment) {
	add := func(at value, level, kind, format string, args ...any) {
		if t := at.when(); !t.IsZero() {
			out = append(out, moment{t, level, kind, fmt.Sprintf(format, args...)})
		}
	}
	lives, _ := d.bundle["lives"].items(100)
	for _, l := range lives {
		n := l.at("life").show()
		add(l.at("startedAt"), "", "relay", "life %s began", n)
		add(l.at("endedAt"), "bad", "relay", "life %s ended: %s", n, howEnded(l))
	}
	incidents, _ := d.bundle["incidents"].items(100)
	for _, i := range incidents {
		rule := name(i.at("rule").text())
		level := "warn"
		if i.at("severity").text() == "critical" {
			level = "bad"
		}
		add(i.at("openedAt"), level, "incident", "%s: %s", rule, i.at("summary").show())
		add(i.at("closedAt"), "good", "incident", "%s closed (%s)", rule, i.at("closedBy").show())
	}
	gaps, _ := d.bundle["gaps"].items(200)
	for _, g := range gaps {
		if m := g.at("missed"); m.there() && m.count() > 0 {
			add(g.at("at"), "warn", "gap", "%s of class %s not there (%s)", counted(m.count(), "event"), g.at("class").show(), g.at("why").show())
		} else {
			add(g.at("at"), "warn", "gap", "class %s: %s", g.at("class").show(), g.at("why").show())
		}
	}
	for _, m := range d.bundle["sources"].members() {
		if status := m.v.at("status").text(); status != "" && !contains(idle, status) {
			add(m.v.at("since"), "warn", "source", "%s is %s", name(m.name), strings.TrimSuffix(shown(status)+": "+m.v.at("error").show(), ": null"))
		}
	}
	out = append(out, d.clusterMoments()...)
	add(d.bundle["state"].at("restoredAt"), "", "agent", "last look of the agent before; the next one went on from there")
	add(d.bundle["self"].at("startedAt"), "", "agent", "this agent started")
	add(d.top["generatedAt"], "", "agent", "this pack was made")
	sort.SliceStable(out, func(i, j int) bool { return out[i].at.Before(out[j].at) })
	return out[max(0, len(out)-maxMoments):]
}

func (d *document) clusterMoments() (out []moment) {
	events, _ := d.bundle["kubernetes"].at("events").items(20)
	for _, e := range events {
		level := ""
		if e.at("type").text() == "Warning" {
			level = "warn"
		}
		if at := e.at("at").when(); !at.IsZero() {
			out = append(out, moment{at, level, "kubernetes", e.at("reason").show() + ": " + e.at("message").show()})
		}
	}
	containers, _ := d.bundle["kubernetes"].at("containers").items(50)
	for _, c := range containers {
		for _, when := range []string{"ended", "lastEnded"} {
			if at := c.at(when, "finishedAt").when(); !at.IsZero() {
				out = append(out, moment{at, "bad", "kubernetes", fmt.Sprintf("container %s ended: %s, exit code %s",
					name(c.at("name").text()), c.at(when, "reason").show(), c.at(when, "exitCode").show())})
			}
		}
	}
	return out
}

// happened is an event as the time line counts it.
type happened struct {
	at    time.Time
	class int
	kind  string
}

// happenings are the events of all classes, oldest first.
func (d *document) happenings() (out []happened) {
	for i, class := range classes {
		events, _ := d.top["recentEvents"].at(class).items(maxEvents)
		for _, e := range events {
			var h happened
			for _, m := range e.members() {
				switch m.name {
				case "timestamp":
					h.at = m.v.when()
				case "type":
					h.kind = m.v.text()
				}
			}
			if !h.at.IsZero() {
				h.class = i
				out = append(out, h)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b happened) int { return a.at.Compare(b.at) })
	return out
}

// timeLine is the section of what happened, newest first, with the events between two moments counted.
func (d *document) timeLine() section {
	moments, events := d.moments(), d.events
	s := section{ID: "timeline", Title: "Time line", Open: true}
	if len(events) == 0 && len(moments) < 2 {
		s.Absent = true
		return s
	}
	t := table{Head: []string{"UTC", "what", ""}}
	var rows []row
	add := func(at, kind, text, level string) {
		rows = append(rows, row{level, texts(at, kind, text)})
	}
	for _, m := range moments {
		n := sort.Search(len(events), func(i int) bool { return !events[i].at.Before(m.at) })
		if n > 0 {
			add("", "events", tally(events[:n]), "")
			events = events[n:]
		}
		add(instant(m.at), m.kind, m.text, m.level)
	}
	if len(events) > 0 {
		add("", "events", tally(events), "")
	}
	slices.Reverse(rows)
	t.Rows = rows
	s.Tables = []table{t}
	s.Charts = d.eventCharts()
	return s
}

// tally counts events by class and type, the classes in their order, the commonest type first.
func tally(events []happened) string {
	var out []string
	for i, class := range classes {
		counts := map[string]int{}
		var kinds []string
		n := 0
		for _, e := range events {
			if e.class == i {
				if counts[e.kind]++; counts[e.kind] == 1 {
					kinds = append(kinds, e.kind)
				}
				n++
			}
		}
		if n == 0 {
			continue
		}
		sort.SliceStable(kinds, func(a, b int) bool { return counts[kinds[a]] > counts[kinds[b]] })
		var parts []string
		for _, k := range kinds {
			parts = append(parts, fmt.Sprintf("%s %s", name(k), Grouped(counts[k])))
		}
		out = append(out, fmt.Sprintf("%s %s (%s)", Grouped(n), class, some(parts)))
	}
	return strings.Join(out, ", ")
}

// marks are the incidents and, drawn over them, the restarts, for every chart. A start right behind an end is one mark.
func (d *document) marks() (out []chart.Mark) {
	incidents, _ := d.bundle["incidents"].items(100)
	for _, i := range incidents {
		if at := i.at("openedAt").when(); !at.IsZero() {
			out = append(out, chart.Mark{At: at, Kind: "incident", Label: i.at("rule").text()})
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].At.Before(out[j].At) })
	lives, _ := d.bundle["lives"].items(100)
	var lastEnd time.Time
	for i, l := range lives {
		n := l.at("life").show()
		if at := l.at("startedAt").when(); i > 0 && !at.IsZero() && at.Sub(lastEnd).Abs() > 5*time.Second {
			out = append(out, chart.Mark{At: at, Kind: "restart", Label: "life " + n + " began"})
		}
		if at := l.at("endedAt").when(); !at.IsZero() {
			out = append(out, chart.Mark{At: at, Kind: "restart", Label: "life " + n + " ended, " + howEnded(l)})
			lastEnd = at
		}
	}
	return out
}
