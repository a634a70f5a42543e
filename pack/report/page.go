package report

import (
	"html/template"
	"strconv"
	"strings"
	"time"

	"relaypack/pack/report/chart"
)

// page is what the template fills in. Its texts are fit to be shown; the template escapes markup.
type page struct {
	Style    template.CSS
	Policy   string
	ID       string
	About    []pair
	Verdict  verdict
	Numbers  []tile
	Sections []section
}

// tile is one number that everybody asks for.
type tile struct{ Name, Value, Note string }

// section is one part of the report. An absent one is named only.
type section struct {
	ID, Title string
	Hint      string // beside the title, for who does not unfold it
	Lead      string
	Open      bool
	Absent    bool
	Charts    []figure
	Tables    []table
}

func (d *document) page() page {
	p := page{ID: d.top["packId"].show(), Verdict: d.verdict(), Numbers: d.numbers(), About: d.about()}
	if p.ID == "" {
		p.ID = "without an id"
	}
	p.Sections = []section{
		d.timeLine(), d.history(), d.incidents(), d.sources(), d.values(), d.machine(), d.kubernetes(),
		d.session(), d.trace(), d.config(), d.redaction(), d.deliveries(), d.agent(),
	}
	for _, class := range classes {
		p.Sections = append(p.Sections, d.eventsOf(class))
	}
	p.Sections = append(p.Sections, d.sessionEvents(), d.errors(), d.live("sockets", "Sockets"), d.live("sessions", "Sessions"), d.metrics())
	return p.with(d.others())
}

// with appends what is there.
func (p page) with(s section) page {
	if !s.Absent {
		p.Sections = append(p.Sections, s)
	}
	return p
}

// about says what this pack is.
func (d *document) about() (out []pair) {
	add := func(name, value string) {
		if value != "" && value != "null" {
			out = append(out, pair{name, value})
		}
	}
	if at := d.top["generatedAt"].when(); !at.IsZero() {
		add("made", instant(at)+" UTC")
	}
	trigger := d.bundle["trigger"]
	why := trigger.at("kind").show()
	if rules, n := trigger.at("rules").items(20); n > 0 {
		var names []string
		for _, r := range rules {
			names = append(names, r.show())
		}
		why += " (" + some(names) + ")"
	}
	add("because", why)
	add("environment", d.top["summary"].at("environment").show())
	build := d.bundle["relay"].at("build")
	add("relay", strings.TrimSpace(build.at("version").show()+" "+build.at("gitSha").show()))
	who := d.bundle["identity"]
	var place []string
	for _, of := range []string{"namespace", "pod", "node"} {
		if v := who.at(of); v.there() {
			place = append(place, of+" "+v.show())
		}
	}
	add("where", strings.Join(place, ", "))
	generator := d.bundle["generator"]
	add("made by", strings.TrimSpace(generator.at("name").show()+" "+generator.at("version").show()))
	return out
}

// numbers are the tiles; one that the pack has no word of is left out, one that is unknown says so.
func (d *document) numbers() (out []tile) {
	add := func(name string, v value, write func(float64) string, note string) {
		switch n, ok := v.number(); {
		case ok:
			out = append(out, tile{name, write(n), note})
		case v.kind() == 'n':
			out = append(out, tile{name, unknown, note})
		}
	}
	whole := func(n float64) string {
		if n == float64(int(n)) {
			return Grouped(int(n))
		}
		return strconv.FormatFloat(n, 'f', 1, 64)
	}
	ms := func(n float64) string { return Lasting(time.Duration(max(min(n, 9e12), -9e12)) * time.Millisecond) }
	summary, sockets, relay := d.top["summary"], d.top["socketStats"], d.top["relayStats"]
	add("Sessions", summary.at("activeSessions"), whole, "")
	add("Sockets", summary.at("activeConnections"), whole, "")
	add("Uptime", summary.at("uptime"), ms, "")
	add("Ingest rate", relay.at("ingestRate"), func(n float64) string { return whole(n) + "/s" }, "")
	add("Frames", relay.at("totalFrames"), whole, "since the start")
	add("Drops", relay.at("totalDrops"), whole, "since the start")
	add("Drift warnings", relay.at("totalDriftWarnings"), whole, "since the start")
	add("Refused logins", sockets.at("totalAuthFails"), whole, "since the start")
	memory := d.top["runtimeStats"].at("memory")
	if used, total := memory.at("heapUsed"), memory.at("heapTotal"); used.there() {
		out = append(out, tile{"Heap", used.show(), "of " + total.show()})
	}
	container, process := d.bundle["container"], d.bundle["process"]
	note := ""
	if limit, ok := container.at("memoryLimitBytes").number(); ok {
		note = "limit " + Size(limit)
	}
	add("Resident", process.at("residentBytes"), Size, note)
	lag, _ := d.bundle["history"].at("lagP99", "points").items(100_000)
	if len(lag) > 0 {
		if xy, _ := lag[len(lag)-1].items(2); len(xy) == 2 {
			add("Event-loop lag", xy[1], func(n float64) string { return strconv.FormatFloat(n, 'f', 1, 64) + " ms" }, "99 % of the time less")
		}
	}
	return out
}

// traceChart draws what a trace sampled of one session.
func traceChart(samples []value) []figure {
	streams := map[string]*chart.Line{}
	var order []string
	for _, s := range samples {
		for _, m := range s.at("framesIn").members() {
			n, ok := m.v.number()
			if at := s.at("timestamp").when(); ok && !at.IsZero() {
				if streams[m.name] == nil {
					streams[m.name] = &chart.Line{Name: m.name}
					order = append(order, m.name)
				}
				streams[m.name].Points = append(streams[m.name].Points, chart.Point{At: at, Value: n})
			}
		}
	}
	if order == nil {
		return nil
	}
	c := chart.Chart{Title: "Frames of the session", Unit: "count"}
	for _, n := range order {
		c.Lines = append(c.Lines, *streams[n])
	}
	return []figure{{SVG: drawn(c)}}
}
