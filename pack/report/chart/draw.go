package chart

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"relaypack/pack/report/plain"
)

// The picture's size and margins, in its own units; CSS gives it the width that there is. It is small so that its text
// can still be read on a narrow screen.
const (
	width, height  = 400, 170
	left, right    = 56, 8
	topOne, bottom = 34, 20 // with one row of names; each further one needs nameRow
	nameRow        = 11
)

// drawing is a chart on its way to SVG.
type drawing struct {
	out         []byte
	title       string
	unit        unit
	from, to    time.Time
	top         int        // where the area of the lines begins
	rows        [][]string // of the legend
	timeless    bool       // neither the caller nor a value says when
	lines       []Line
	told        []told
	marks       []Mark
	least, most float64

	linesLeft, marksLeft, pointsLeft int
}

func (d *drawing) f(format string, args ...any) { d.out = fmt.Appendf(d.out, format, args...) }

func (d *drawing) draw() {
	d.name()
	d.f(`<svg class="chart" role="img" viewBox="0 0 %d %d" xmlns="http://www.w3.org/2000/svg">`, width, height)
	d.f(`<title>%s</title><desc>%s</desc>`, escape(d.title), escape(d.words()))
	d.f(`<text class="chart-title" x="0" y="12">%s</text>`, escape(d.title))
	d.grid()
	if d.least > d.most {
		d.f(`<text class="chart-none" x="%d" y="%d" text-anchor="middle">no values</text>`, (left+width-right)/2, (d.top+height-bottom)/2)
	}
	for i, l := range d.lines {
		d.line(i, l)
	}
	for _, m := range d.marks {
		d.mark(m)
	}
	d.legend()
	d.f(`</svg>`)
}

// grid draws the axes; the range of values becomes that of the outer ticks.
func (d *drawing) grid() {
	values := valueTicks(d.least, d.most, d.unit)
	none := d.least > d.most
	least, most := values[0], values[len(values)-1]
	of, ending := d.unit.scaleFor(max(math.Abs(least), math.Abs(most)))
	if !none {
		d.least, d.most = least, most
	}
	for _, v := range values {
		y := height - bottom - (v-least)/(most-least)*float64(height-bottom-d.top)
		d.f(`<path class="chart-grid" d="M%d %.1fH%d"/>`, left, y, width-right)
		if !none {
			text := "0"
			if v != 0 {
				text = digits(v/of, 4) + ending
			}
			d.f(`<text class="chart-tick" x="%d" y="%.1f" text-anchor="end">%s</text>`, left-5, y+3.5, escape(text))
		}
	}
	if d.timeless {
		return
	}
	ticks, form := timeTicks(d.from, d.to)
	for _, at := range ticks {
		x := d.x(at)
		anchor := "middle"
		switch {
		case x > width-right-20:
			anchor = "end"
		case x < left+20:
			anchor = "start"
		}
		d.f(`<path class="chart-grid" d="M%.1f %dV%d"/>`, x, height-bottom, height-bottom+3)
		d.f(`<text class="chart-tick" x="%.1f" y="%d" text-anchor="%s" data-at="%d" data-form="%s">%s</text>`,
			x, height-6, anchor, at.UnixMilli(), form, at.UTC().Format(timeForms[form]))
	}
	d.f(`<text class="chart-tick" x="%d" y="%d" text-anchor="end">UTC</text>`, left-5, height-6)
}

// line draws the runs between gaps; a point that stands alone is a dot.
func (d *drawing) line(i int, l Line) {
	var path, dots []byte
	run := 0
	points := d.thin(l.Points)
	for j, p := range points {
		if math.IsNaN(p.Value) {
			run = 0
			continue
		}
		x, y := d.x(p.At), d.y(p.Value)
		alone := run == 0 && (j == len(points)-1 || math.IsNaN(points[j+1].Value))
		switch {
		case alone:
			dots = fmt.Appendf(dots, `<circle class="chart-dot chart-line-%d" cx="%.1f" cy="%.1f" r="2"/>`, i%6+1, x, y)
		case run == 0:
			path = appendXY(append(path, 'M'), x, y)
		default:
			path = appendXY(append(path, 'L'), x, y)
		}
		run++
	}
	if len(path) > 0 {
		d.f(`<path class="chart-line chart-line-%d" d="%s"/>`, i%6+1, path)
	}
	d.out = append(d.out, dots...)
}

func appendXY(out []byte, x, y float64) []byte {
	out = append(strconv.AppendFloat(out, x, 'f', 1, 64), ' ')
	return strconv.AppendFloat(out, y, 'f', 1, 64)
}

// mark draws one instant; kinds differ by shape as well as by colour.
func (d *drawing) mark(m Mark) {
	if m.At.Before(d.from) || m.At.After(d.to) {
		return
	}
	x, kind, head := d.x(m.At), "other", ""
	switch m.Kind {
	case "restart":
		kind, head = m.Kind, fmt.Sprintf("M%.1f %dl-4 -7h8z", x, d.top)
	case "incident":
		kind, head = m.Kind, fmt.Sprintf("M%.1f %dl-4 -4l4 -4l4 4z", x, d.top)
	}
	label := strings.TrimSpace(short(m.Kind) + " " + short(m.Label))
	d.f(`<g class="chart-mark chart-mark-%s"><title>%s, %s UTC</title><path class="chart-stem" d="M%.1f %dV%d"/>`,
		kind, escape(label), m.At.UTC().Format("2006-01-02 15:04:05"), x, d.top, height-bottom)
	if head != "" {
		d.f(`<path class="chart-head" d="%s"/>`, head)
	}
	d.f(`</g>`)
}

// name lays out the names and last values of the lines, in up to two rows; what has no room there is counted.
func (d *drawing) name() {
	d.top = topOne
	if len(d.lines) < 2 {
		return
	}
	x := 0.0
	d.rows = [][]string{nil}
	for i, l := range d.lines {
		text := l.Name
		if d.told[i].points > 0 {
			text += " " + d.unit.write(d.told[i].last)
		}
		text, wide := clip(text), 0.0
		if wide = nameWidth(text); x+wide > width-20 {
			if len(d.rows) == 2 {
				d.rows[1] = append(d.rows[1], fmt.Sprintf("+%d", len(d.lines)-i))
				break
			}
			d.rows, x, d.top = append(d.rows, nil), 0, topOne+nameRow
		}
		d.rows[len(d.rows)-1] = append(d.rows[len(d.rows)-1], text)
		x += wide
	}
}

func nameWidth(text string) float64 { return 18 + 5.4*float64(utf8.RuneCountInString(text)) }

// clip keeps a name from filling more than its row.
func clip(text string) string {
	if r := []rune(text); len(r) > 60 {
		return string(r[:60]) + "..."
	}
	return text
}

// legend draws the names where name has put them; one line has its value beside the title.
func (d *drawing) legend() {
	if len(d.lines) == 1 && d.told[0].points > 0 {
		d.f(`<text class="chart-last" x="%d" y="12" text-anchor="end">%s</text>`, width-right, escape(d.unit.write(d.told[0].last)))
	}
	i := 0
	for n, row := range d.rows {
		x, y := 0.0, 25+n*nameRow
		for _, text := range row {
			if i < len(d.lines) && !strings.HasPrefix(text, "+") {
				d.f(`<path class="chart-line chart-line-%d" d="M%.1f %.1fh7"/>`, i%6+1, x, float64(y)-3.5)
			}
			d.f(`<text class="chart-name" x="%.1f" y="%d">%s</text>`, x+10, y, escape(text))
			x += nameWidth(text)
			i++
		}
	}
}

// words say what the picture shows, for those who cannot see it.
func (d *drawing) words() string {
	var b strings.Builder
	if d.timeless {
		return "No values."
	}
	fmt.Fprintf(&b, "From %s to %s UTC.", d.from.UTC().Format("2006-01-02 15:04:05"), d.to.UTC().Format("2006-01-02 15:04:05"))
	for i, l := range d.lines {
		t := d.told[i]
		if t.points == 0 {
			fmt.Fprintf(&b, " %s: no values.", l.Name)
			continue
		}
		fmt.Fprintf(&b, " %s: %s to %s, last %s", l.Name, d.unit.write(t.least), d.unit.write(t.most), d.unit.write(t.last))
		if t.gaps > 0 {
			fmt.Fprintf(&b, ", gaps: %d", t.gaps)
		}
		b.WriteString(".")
	}
	for i, m := range d.marks {
		if i == 10 {
			fmt.Fprintf(&b, " And %d more marks.", len(d.marks)-i)
			break
		}
		fmt.Fprintf(&b, " %s %s: %s.", short(m.Kind), short(m.Label), m.At.UTC().Format("2006-01-02 15:04:05"))
	}
	for _, left := range []struct {
		n    int
		what string
	}{{d.linesLeft, "lines"}, {d.marksLeft, "earlier marks"}, {d.pointsLeft, "earlier points"}} {
		if left.n > 0 {
			fmt.Fprintf(&b, " Not shown: %d %s.", left.n, left.what)
		}
	}
	return b.String()
}

func (d *drawing) x(at time.Time) float64 {
	return left + float64(at.Sub(d.from))/float64(d.to.Sub(d.from))*(width-left-right)
}

func (d *drawing) y(v float64) float64 {
	return height - bottom - (v-d.least)/(d.most-d.least)*float64(height-bottom-d.top)
}

// short bounds a text that comes from outside.
func short(text string) string {
	kept, left := plain.Cut(text, maxName)
	if left > 0 {
		kept += "..."
	}
	return kept
}

func escape(text string) string { return html.EscapeString(plain.Text(text)) }
