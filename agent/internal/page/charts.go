package page

import (
	"bytes"
	"html/template"
	"slices"
	"time"

	"relaypack/pack"
	"relaypack/pack/report/chart"
)

// pictures are the charts: which series of the profile stand together. A series that is in none of them has a
// picture of its own, up to maxPictures.
var pictures = []struct {
	title  string
	series []string
}{
	{"Frames per second", []string{"framesIn", "framesOut"}},
	{"Drops per second", []string{"drops"}},
	{"Memory", []string{"rss", "heapTotal", "heapUsed"}},
	{"CPU", []string{"cpu"}},
	{"Event-loop lag", []string{"lagMax", "lagP99"}},
	{"Sockets and sessions", []string{"sockets", "sessions"}},
	{"Errors in 10 minutes", []string{"errors10m"}},
	{"Drift warnings", []string{"driftWarnings"}},
	{"Garbage collection", []string{"gc"}},
	{"Open descriptors and handles", []string{"descriptors", "handles"}},
}

// left are series that only help others, or that stand as numbers elsewhere.
var left = []string{"external", "memoryUsed", "memoryLimit", "descriptorLimit", "authFails"}

const maxPictures = 12

// charts draws what is kept of the series, with the relay's restarts and the incidents. Charts without any point
// are left out.
func charts(all []pack.Series, step time.Duration, v *statusView, now time.Time) []template.HTML {
	byName := map[string]pack.Series{}
	var from time.Time
	for _, s := range all {
		if len(s.Points) == 0 {
			continue
		}
		byName[s.Name] = s
		if from.IsZero() || s.Points[0].At.Before(from) {
			from = s.Points[0].At
		}
	}
	marks := marksOf(v)
	var out []template.HTML
	add := func(title string, names []string) {
		c := chart.Chart{Title: title, From: from, To: now, Marks: marks}
		for _, name := range names {
			s, ok := byName[name]
			if !ok || len(out) >= maxPictures {
				continue
			}
			delete(byName, name)
			points := make([]chart.Point, 0, len(s.Points))
			for _, p := range s.Points {
				points = append(points, chart.Point(p))
			}
			c.Unit = s.Unit
			c.Lines = append(c.Lines, chart.Line{Name: name, Points: chart.Broken(points, step)})
		}
		if len(c.Lines) == 0 {
			return
		}
		var svg bytes.Buffer
		if chart.SVG(&svg, c) == nil { // a buffer takes everything
			out = append(out, template.HTML(svg.String())) // escaped by package chart, which writes no script
		}
	}
	for _, p := range pictures {
		add(p.title, p.series)
	}
	for _, s := range all {
		if _, kept := byName[s.Name]; kept && !slices.Contains(left, s.Name) {
			add(s.Name, []string{s.Name})
		}
	}
	return out
}

// marksOf are the instants that matter to all series.
func marksOf(v *statusView) (marks []chart.Mark) {
	for _, l := range v.Lives {
		if l.N > 1 && l.StartedAt != nil {
			marks = append(marks, chart.Mark{At: time.UnixMilli(*l.StartedAt), Kind: "restart", Label: "relay began life " + count(l.N)})
		}
		if l.EndedAt != nil {
			marks = append(marks, chart.Mark{At: time.UnixMilli(*l.EndedAt), Kind: "restart", Label: "relay ended"})
		}
	}
	for _, i := range v.Incidents {
		if i.OpenedAt != nil {
			marks = append(marks, chart.Mark{At: time.UnixMilli(*i.OpenedAt), Kind: "incident", Label: i.Rule})
		}
	}
	slices.SortStableFunc(marks, func(a, b chart.Mark) int { return a.At.Compare(b.At) })
	return marks
}
