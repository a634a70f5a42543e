package chart_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"relaypack/pack/report/chart"
)

var start = time.UnixMilli(1_795_500_000_000) // 2026-11-24 06:00 UTC

func series(n int, step time.Duration, value func(i int) float64) []chart.Point {
	out := make([]chart.Point, n)
	for i := range out {
		out[i] = chart.Point{At: start.Add(time.Duration(i) * step), Value: value(i)}
	}
	return out
}

// svg draws c and holds what is promised of every picture: it is well-formed, and has no style, id, script or colour.
func svg(t *testing.T, c chart.Chart) string {
	t.Helper()
	var b bytes.Buffer
	if err := chart.SVG(&b, c); err != nil {
		t.Fatal(err)
	}
	dec := xml.NewDecoder(bytes.NewReader(b.Bytes()))
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, b.String())
		}
		el, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		if !strings.Contains(" svg title desc text path circle g ", " "+el.Name.Local+" ") {
			t.Errorf("element %s", el.Name.Local)
		}
		for _, a := range el.Attr {
			if strings.Contains(" style id href fill stroke onload ", " "+a.Name.Local+" ") || strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
				t.Errorf("attribute %s=%q of %s", a.Name.Local, a.Value, el.Name.Local)
			}
		}
	}
	return b.String()
}

func TestDescribesItselfInWords(t *testing.T) {
	got := svg(t, chart.Chart{
		Title: "Memory", Unit: "bytes",
		Lines: []chart.Line{
			{Name: "rss", Points: series(10, time.Minute, func(i int) float64 { return float64(i+100) * 1024 * 1024 })},
			{Name: "limit"},
		},
		Marks: []chart.Mark{{At: start.Add(3 * time.Minute), Kind: "restart", Label: "life 2"}},
	})
	for _, want := range []string{
		`role="img"`, "<title>Memory</title>", "rss: 100 MiB to 109 MiB, last 109 MiB.", "limit: no values.",
		"restart life 2: 2026-11-24 06:03:00.", `class="chart-mark chart-mark-restart"`, `data-form="time"`, `>06:02<`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestGapsStayGaps(t *testing.T) {
	points := series(20, time.Second, func(i int) float64 {
		if i == 7 || i == 9 {
			return math.NaN()
		}
		return float64(i)
	})
	got := svg(t, chart.Chart{Lines: []chart.Line{{Name: "a", Points: points}}})
	if path := linePath(t, got); strings.Count(path, "M") != 2 {
		t.Errorf("want a run on each side of the gap, have %s", path)
	}
	if strings.Count(got, "<circle") != 1 {
		t.Error("a value that stands alone between two gaps has no dot")
	}
	if !strings.Contains(got, "gaps: 2") {
		t.Error("the description does not count the gaps")
	}
}

func TestBrokenPutsAGapWhereLooksAreMissing(t *testing.T) {
	points := series(6, 10*time.Second, func(i int) float64 { return float64(i) })
	points = append(points[:2], points[4:]...) // 30 s apart
	if got := chart.Broken(points, 10*time.Second); len(got) != 5 || !math.IsNaN(got[2].Value) {
		t.Errorf("want a gap as third point: %v", got)
	}
	if got := chart.Broken(points, 12*time.Second); len(got) != 4 {
		t.Errorf("30 s are two and a half steps of 12 s, no gap: %v", got)
	}
	if got := chart.Broken(points, 0); len(got) != 4 {
		t.Errorf("no step, no gap: %v", got)
	}
}

// A single low and a single high point among ten thousand must be seen, and so must a gap.
func TestThinsButKeepsTheExtremes(t *testing.T) {
	points := series(10_000, time.Second, func(i int) float64 {
		switch i {
		case 1234:
			return 0
		case 8765:
			return 1000
		case 5000:
			return math.NaN()
		}
		return 500 + float64(i%10)
	})
	path := linePath(t, svg(t, chart.Chart{Lines: []chart.Line{{Name: "a", Points: points}}}))
	ys := regexp.MustCompile(`[ML][0-9.]+ ([0-9.]+)`).FindAllStringSubmatch(path, -1)
	if len(ys) < 250 || len(ys) > 302 {
		t.Errorf("%d points, want about 300", len(ys))
	}
	least, most := math.Inf(1), 0.0
	for _, y := range ys {
		v, err := strconv.ParseFloat(y[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		least, most = min(least, v), max(most, v)
	}
	if least != 34 || most != 150 { // top and bottom of the area, where 1000 and 0 lie
		t.Errorf("y goes from %v to %v, want 34 to 150", least, most)
	}
	if strings.Count(path, "M") != 2 {
		t.Errorf("%d runs, want 2: the gap is gone", strings.Count(path, "M"))
	}
}

func TestAxesHaveRoundNumbers(t *testing.T) {
	for _, c := range []struct {
		unit        string
		least, most float64
		want        []string
	}{
		{"bytes", 3 << 20, 97 << 20, []string{">0<", ">50 MiB<", ">100 MiB<"}},
		{"bytes", 990 << 20, 1000 << 20, []string{">990 MiB<", ">995 MiB<", ">1000 MiB<"}},
		{"ms", 0, 7, []string{">0<", ">2 ms<", ">8 ms<"}},
		{"ms", 0, 200_000, []string{">1 min<", ">4 min<"}},
		{"1/s", 0, 3.2, []string{">1/s<", ">4/s<"}},
		{"count", 0, 2, []string{">0<", ">1<", ">2<"}},
		{"count", 5, 5, []string{">0<", ">6<"}},
		{"count", 0, 0, []string{">0<", ">1<"}},
		{"count", 0, 45_000, []string{">20k<", ">60k<"}},
		{"cores", -1, 1, []string{">-1 cores<", ">0.5 cores<"}},
	} {
		points := series(2, time.Minute, func(i int) float64 { return []float64{c.least, c.most}[i] })
		got := svg(t, chart.Chart{Unit: c.unit, Lines: []chart.Line{{Points: points}}})
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%v to %v %s: no tick %s in %v", c.least, c.most, c.unit, want, regexp.MustCompile(`chart-tick[^<]*<`).FindAllString(got, -1))
			}
		}
	}
}

func TestHostileTextStaysText(t *testing.T) {
	hostile := "</title><script>alert(1)</script>\" onload='x' \u202egnp\x00\x1b[2J\xff" + strings.Repeat("y", 1<<20)
	got := svg(t, chart.Chart{
		Title: hostile, Unit: hostile,
		Lines: []chart.Line{{Name: hostile, Points: series(3, time.Second, func(i int) float64 { return float64(i) })}, {Name: hostile}},
		Marks: []chart.Mark{{At: start, Kind: hostile, Label: hostile}},
	})
	if strings.Contains(got, "<script") || strings.ContainsAny(got, "\x00\x1b\u202e") {
		t.Error("text broke out")
	}
	if !strings.Contains(got, `\u202e`) || len(got) > 20_000 {
		t.Errorf("want the mark in sight and the length bounded: %d bytes", len(got))
	}
}

func TestNothingToDrawIsSaid(t *testing.T) {
	for name, c := range map[string]chart.Chart{
		"empty":         {},
		"only gaps":     {Lines: []chart.Line{{Points: series(5, time.Second, func(int) float64 { return math.NaN() })}}},
		"no numbers":    {Lines: []chart.Line{{Points: series(5, time.Second, func(int) float64 { return math.Inf(1) })}}},
		"too large":     {Lines: []chart.Line{{Points: series(5, time.Second, func(int) float64 { return 1e22 })}}},
		"other times":   {From: start.Add(-time.Hour), To: start.Add(-time.Minute), Lines: []chart.Line{{Points: series(5, time.Second, func(int) float64 { return 1 })}}},
		"ends reversed": {From: start.Add(time.Hour), To: start.Add(-time.Hour), Lines: []chart.Line{{Points: series(5, time.Second, func(int) float64 { return 1 })}}},
	} {
		if got := svg(t, c); !strings.Contains(got, ">no values<") {
			t.Errorf("%s: does not say that there are no values", name)
		}
	}
}

func TestOnePointIsADot(t *testing.T) {
	got := svg(t, chart.Chart{Unit: "count", Lines: []chart.Line{{Points: series(1, time.Second, func(int) float64 { return 3 })}}})
	if !strings.Contains(got, `<circle class="chart-dot chart-line-1" cx="224.0"`) {
		t.Errorf("want one dot in the middle:\n%s", got)
	}
}

func TestWhatIsLeftOutIsTold(t *testing.T) {
	c := chart.Chart{Lines: make([]chart.Line, 15), Marks: make([]chart.Mark, 120)}
	c.Lines[0].Points = series(100_010, time.Second, func(i int) float64 { return float64(i) })
	got := svg(t, c)
	for _, want := range []string{"Not shown: 3 lines.", "Not shown: 20 earlier marks.", "Not shown: 10 earlier points."} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q", want)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("full")

func TestGivesTheErrorOfItsWriter(t *testing.T) {
	if err := chart.SVG(full{}, chart.Chart{}); !errors.Is(err, errFull) {
		t.Errorf("error %v", err)
	}
}

// Every class that is drawn is one that the stylesheet knows, or the picture has black parts.
func TestStylesheetKnowsEveryClass(t *testing.T) {
	c := chart.Chart{Lines: make([]chart.Line, 7), Marks: []chart.Mark{{At: start, Kind: "restart"}, {At: start, Kind: "incident"}, {At: start}}}
	for i := range c.Lines {
		c.Lines[i].Points = chart.Broken(append(series(3, time.Second, func(int) float64 { return 1 }), chart.Point{At: start.Add(time.Minute), Value: 2}), time.Second)
	}
	got := svg(t, c) + svg(t, chart.Chart{})
	for _, m := range regexp.MustCompile(`class="([^"]*)"`).FindAllStringSubmatch(got, -1) {
		for class := range strings.FieldsSeq(m[1]) {
			if class != "chart-none" && class != "chart-mark-other" && !strings.Contains(chart.CSS, "."+class+" ") {
				t.Errorf("no rule for .%s", class)
			}
		}
	}
}

func linePath(t *testing.T, svg string) string {
	t.Helper()
	m := regexp.MustCompile(`class="chart-line chart-line-1" d="([^"]*)"`).FindStringSubmatch(svg)
	if m == nil {
		t.Fatalf("no line in\n%s", svg)
	}
	return m[1]
}

func BenchmarkSVG(b *testing.B) {
	c := chart.Chart{Title: "Memory", Unit: "bytes", Lines: []chart.Line{
		{Name: "rss", Points: series(3600, time.Second, func(i int) float64 { return float64(i%97) * 1e6 })},
		{Name: "heap", Points: series(3600, time.Second, func(i int) float64 { return float64(i%89) * 1e6 })},
	}}
	b.ReportAllocs()
	for b.Loop() {
		if err := chart.SVG(io.Discard, c); err != nil {
			b.Fatal(err)
		}
	}
}

// Values that differ in their last digits only are a range all the same, and end the drawing.
func TestNearlyEqualValuesEnd(t *testing.T) {
	for _, v := range [][2]float64{{59.95, math.Nextafter(59.95, 60)}, {1e20, 1e20 + 1e5}, {-5e15, -5e15 + 1}, {1e-300, 2e-300}, {math.Nextafter(0, 1), math.Nextafter(0, 1)}} {
		doc := svg(t, chart.Chart{Title: "t", Unit: "1/s", Lines: []chart.Line{{Name: "a", Points: []chart.Point{
			{At: time.Unix(1000, 0), Value: v[0]}, {At: time.Unix(1010, 0), Value: v[1]}}}}})
		if strings.Contains(doc, "NaN") || strings.Count(doc, "chart-grid") > 30 {
			t.Errorf("%v: %.500s", v, doc)
		}
	}
}
