package report

import (
	"bytes"
	"fmt"
	"html/template"
	"math"
	"strings"
	"time"

	"relaypack/pack/report/chart"
)

// figure is a drawing with what must be said beside it.
type figure struct {
	SVG  template.HTML // of package chart, which escapes what it is given
	Note string
}

// groups are series that are read together, in the order in which they are shown; any other series stands alone, behind them.
var groups = []struct {
	title  string
	series []string
}{
	{"Memory", []string{"rss", "residentSet", "heapUsed", "heapTotal", "external", "memoryUsed", "memoryLimit"}},
	{"CPU", []string{"cpu"}},
	{"Event-loop lag", []string{"lagMax", "lagP99"}},
	{"Frames", []string{"framesIn", "framesOut"}},
	{"Drops", []string{"drops"}},
	{"Sockets", []string{"sockets"}},
	{"Sessions", []string{"sessions"}},
	{"Errors in 10 minutes", []string{"errors10m"}},
	{"Refused logins", []string{"authFails"}},
	{"Drift warnings", []string{"driftWarnings"}},
	{"Descriptors", []string{"descriptors", "descriptorLimit"}},
	{"Garbage collection", []string{"gc"}},
	{"Handles", []string{"handles"}},
}

// series is one of the history.
type series struct {
	name, unit string
	points     []chart.Point
	step       time.Duration
	most       float64
}

const (
	maxSeries = 100
	farAbove  = 3 // times the other lines of its chart: a limit is said, not drawn, or the others are a flat line
)

func (d *document) history() section {
	s := section{ID: "charts", Title: "Charts", Open: true}
	v := d.take("history", '{')
	kept := map[string]series{}
	var order, empty []string
	for _, m := range v.members() {
		one := readSeries(m)
		switch {
		case len(one.points) == 0:
			empty = append(empty, name(m.name))
		case len(order) < maxSeries:
			kept[m.name] = one
			order = append(order, m.name)
		}
	}
	if v == nil {
		s.Absent = true
		return s
	}
	from, to := d.span(kept)
	draw := func(title string, names []string) {
		var lines []series
		for _, n := range names {
			if one, ok := kept[n]; ok {
				lines = append(lines, one)
				delete(kept, n)
			}
		}
		if lines != nil {
			s.Charts = append(s.Charts, d.draw(title, lines, from, to))
		}
	}
	for _, g := range groups {
		draw(g.title, g.series)
	}
	for _, n := range order {
		draw(name(n), []string{n})
	}
	if empty != nil {
		s.Lead = "No values in this time: " + strings.Join(empty, ", ") + "."
	}
	return s
}

func readSeries(m member) series {
	one := series{name: m.name, unit: m.v.at("unit").text(), most: math.Inf(-1)}
	if ms, ok := m.v.at("stepMs").number(); ok && ms > 0 && ms < 1e9 {
		one.step = time.Duration(ms) * time.Millisecond
	}
	points, _ := m.v.at("points").items(100_000)
	for _, p := range points {
		xy, _ := p.items(2)
		if len(xy) < 2 {
			continue
		}
		y, ok := xy[1].number()
		if at := xy[0].when(); ok && !at.IsZero() {
			one.points = append(one.points, chart.Point{At: at, Value: y})
			one.most = max(one.most, y)
		}
	}
	return one
}

// span is the same for all charts: from the oldest point to the pack.
func (d *document) span(kept map[string]series) (from, to time.Time) {
	to = d.top["generatedAt"].when()
	for _, one := range kept {
		for _, p := range one.points {
			if from.IsZero() || p.At.Before(from) {
				from = p.At
			}
			if to.IsZero() || p.At.After(to) {
				to = p.At
			}
		}
	}
	return from, to
}

func (d *document) draw(title string, lines []series, from, to time.Time) figure {
	c := chart.Chart{Title: title, Unit: lines[0].unit, From: from, To: to, Marks: d.marks()}
	var notes []string
	for _, l := range lines {
		others := math.Inf(-1)
		for _, o := range lines {
			if !strings.HasSuffix(o.name, "Limit") {
				others = max(others, o.most)
			}
		}
		if strings.HasSuffix(l.name, "Limit") && l.most > farAbove*others && !math.IsInf(others, -1) {
			last := fmt.Sprint(l.points[len(l.points)-1].Value)
			if l.unit == "bytes" {
				last = Size(l.points[len(l.points)-1].Value)
			}
			notes = append(notes, name(l.name)+" "+last+", far above")
			continue
		}
		c.Lines = append(c.Lines, chart.Line{Name: l.name, Points: chart.Broken(l.points, l.step)})
	}
	return figure{drawn(c), strings.Join(notes, "; ")}
}

func drawn(c chart.Chart) template.HTML {
	var b bytes.Buffer
	if err := chart.SVG(&b, c); err != nil { // a buffer takes everything
		return ""
	}
	return template.HTML(b.String())
}

const bars = 60 // parts of the time that the events are counted in

// eventCharts count the events of each class over time.
func (d *document) eventCharts() []figure {
	events := d.events
	made := d.top["generatedAt"].when()
	if len(events) == 0 {
		return nil
	}
	// What is much older than the rest (kept because it is rare) would press the rest into one bar.
	from, to := events[len(events)/50].at, made
	if last := events[len(events)-1].at; to.Before(last) {
		to = last
	}
	step := max(to.Sub(from)/bars, time.Second)
	c := chart.Chart{Title: "Events in " + Lasting(step), Unit: "count", From: from, To: to, Marks: d.marks()}
	for i, class := range classes {
		counts := make([]float64, bars+1)
		any := false
		for _, e := range events {
			if e.class == i && !e.at.Before(from) {
				counts[min(int(e.at.Sub(from)/step), bars)]++
				any = true
			}
		}
		if !any {
			continue
		}
		line := chart.Line{Name: class}
		for j, n := range counts {
			if at := from.Add(step * time.Duration(j)); !at.Add(step).After(to) || j == 0 {
				line.Points = append(line.Points, chart.Point{At: at, Value: n})
			}
		}
		c.Lines = append(c.Lines, line)
	}
	return []figure{{SVG: drawn(c)}}
}
