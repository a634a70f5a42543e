// Package chart draws a small line chart over time as SVG, to stand in an HTML page.
//
//	err := chart.SVG(w, chart.Chart{
//		Title: "Memory", Unit: "bytes",
//		Lines: []chart.Line{{Name: "rss", Points: chart.Broken(points, 15*time.Second)}},
//		Marks: []chart.Mark{{At: died, Kind: "restart", Label: "life 2 began"}},
//	})
//
// # What is promised
//
// The output is one <svg role="img"> element with a title and a description in words, no script, no id, no style attribute
// and no colour: each part has a class (chart-line-1, chart-mark-restart, ...) that CSS colours, so one stylesheet with
// custom properties serves light, dark and paper, under a policy that forbids inline styles. Times are written in
// UTC; each <text> with one has it as data-at (epoch milliseconds) too, with data-form (time, second or day), for a page
// that writes it in its reader's zone. All text is escaped, and cannot hold a control or bidi character.
//
// A gap stays a gap: a NaN, an infinity or a value beyond 1e21 ends the line. Where a line has more points than can be
// told apart it is thinned to about 300, and the least and the greatest value of each stretch stay. At most 12 lines
// of 100,000 points and 100 marks are drawn; what was left out is told in the description.
//
// # Why not a library
//
// go-analyze/charts v0.6.4 was tried: its SVG carries its colours and fonts in style attributes (a page's policy would
// have to allow them, and CSS cannot change them), has no title for a screen reader, spaces points evenly instead of by
// time, and adds 1.66 MB to a binary that has 5 MB left in its budget.
package chart

import (
	_ "embed"
	"io"
	"math"
	"time"
)

// CSS colours and sizes the parts of a chart, by the custom properties of report.Tokens.
//
//go:embed chart.css
var CSS string

// Chart is one picture. Times outside From and To are left out; a zero From or To is that of the first or last point.
type Chart struct {
	Title, Unit string // Unit: bytes, ms, s, count (not written), or any other word
	From, To    time.Time
	Lines       []Line
	Marks       []Mark
}

// Line is one series, oldest point first; a point that is older than the one before it is left out.
type Line struct {
	Name   string
	Points []Point
}

// Point is one value. NaN says that there was none.
type Point struct {
	At    time.Time
	Value float64
}

// Mark is an instant that matters to all lines.
type Mark struct {
	At          time.Time
	Kind, Label string // Kind: restart or incident; any other is drawn like neither
}

const (
	maxLines  = 12
	maxPoints = 100_000 // of a line
	maxMarks  = 100
	maxValue  = 1e21
	maxName   = 60 // bytes of a name, a title, a unit or a label
)

// SVG draws c. Its only errors are those of w, to which it writes once.
func SVG(w io.Writer, c Chart) error {
	d := drawing{title: short(c.Title), unit: unitOf(short(c.Unit)), from: c.From, to: c.To}
	d.linesLeft, d.marksLeft = max(len(c.Lines)-maxLines, 0), max(len(c.Marks)-maxMarks, 0)
	d.lines = make([]Line, 0, maxLines)
	for _, l := range c.Lines[:min(len(c.Lines), maxLines)] {
		points := l.Points
		if n := len(points); n > maxPoints {
			d.pointsLeft += n - maxPoints
			points = points[n-maxPoints:]
		}
		d.lines = append(d.lines, Line{short(l.Name), points})
	}
	d.span()
	d.least, d.most = math.Inf(1), math.Inf(-1)
	for i := range d.lines {
		d.lines[i].Points = d.within(d.lines[i].Points)
		d.told = append(d.told, d.measure(d.lines[i].Points))
	}
	d.marks = c.Marks[len(c.Marks)-min(len(c.Marks), maxMarks):]
	d.draw()
	_, err := w.Write(d.out)
	return err
}

// Broken puts a gap where two points are further apart than two and a half steps: a series of a pack has no point for
// a look that gave no value. A step of 0 or less leaves the points as they are.
func Broken(points []Point, step time.Duration) []Point {
	if step <= 0 {
		return points
	}
	out := make([]Point, 0, len(points))
	for i, p := range points {
		if i > 0 && p.At.Sub(points[i-1].At) > step*5/2 {
			out = append(out, Point{points[i-1].At.Add(step), math.NaN()})
		}
		out = append(out, p)
	}
	return out
}

// span sets from and to where the caller left them open, and keeps them apart.
func (d *drawing) span() {
	first, last := d.from, d.to
	for _, l := range d.lines {
		for _, p := range l.Points {
			if !drawn(p.Value) {
				continue
			}
			if d.from.IsZero() && (first.IsZero() || p.At.Before(first)) {
				first = p.At
			}
			if d.to.IsZero() && p.At.After(last) {
				last = p.At
			}
		}
	}
	d.timeless = first.IsZero() && last.IsZero()
	if last.Sub(first) < time.Second { // one point, or ends that are the wrong way round: a span that shows it
		first, last = first.Add(-30*time.Second), first.Add(30*time.Second)
	}
	d.from, d.to = first, last
}

// told is what the description says of a line.
type told struct {
	least, most, last float64
	points, gaps      int
}

// within leaves out what lies outside the span or goes back in time, and makes a NaN of every value that is not drawn.
func (d *drawing) within(points []Point) []Point {
	out := make([]Point, 0, len(points))
	newest := d.from
	for _, p := range points {
		if p.At.Before(newest) || p.At.After(d.to) {
			continue
		}
		newest = p.At
		if !drawn(p.Value) {
			p.Value = math.NaN()
		}
		out = append(out, p)
	}
	return out
}

// measure says what the points of a line hold, and widens the drawing's range to them.
func (d *drawing) measure(points []Point) told {
	t := told{least: math.Inf(1), most: math.Inf(-1)}
	for i, p := range points {
		if math.IsNaN(p.Value) {
			if i == 0 || !math.IsNaN(points[i-1].Value) {
				t.gaps++
			}
			continue
		}
		t.points++
		t.last = p.Value
		t.least, t.most = min(t.least, p.Value), max(t.most, p.Value)
	}
	d.least, d.most = min(d.least, t.least), max(d.most, t.most)
	return t
}

func drawn(v float64) bool { return math.Abs(v) <= maxValue } // false for NaN, too
