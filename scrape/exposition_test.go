package scrape

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// flat gives one text per sample, in a fixed order: what a page says, however it was read.
func flat(m *Metrics) []string {
	var out []string
	for _, f := range m.Families {
		for _, s := range f.Samples {
			labels := make([]string, 0, len(s.Labels))
			for _, l := range s.Labels {
				labels = append(labels, strconv.Quote(l.Name)+"="+strconv.Quote(l.Value))
			}
			slices.Sort(labels)
			out = append(out, fmt.Sprintf("%q %s %s %v %v", f.Name, f.Type, s.Part, labels, s.Value))
		}
	}
	slices.Sort(out)
	return out
}

// byExpfmt reads a page by expfmt alone.
func byExpfmt(text string) (*Metrics, error) {
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	p := newPage(nil)
	p.begin(nil)
	for _, mf := range families {
		f := p.of(mf.GetName())
		p.told(f).Type = strings.ReplaceAll(strings.ToLower(mf.GetType().String()), "_", "")
		for _, s := range appendSamples(nil, mf) {
			p.put(f, s)
		}
	}
	return p.m, nil
}

func read(t testing.TB, page string) *Metrics {
	t.Helper()
	m, err := newPage(nil).read(strings.NewReader(page))
	if err != nil {
		t.Fatalf("read page: %v", err)
	}
	return m
}

func capturedPages(t testing.TB) map[string]string {
	t.Helper()
	pages := map[string]string{}
	err := filepath.WalkDir("demorelay/testdata", func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(d.Name(), "metrics") && strings.HasSuffix(path, ".txt") {
			body, err := os.ReadFile(path)
			pages[path] = string(body)
			return err
		}
		return err
	})
	if err != nil || len(pages) < 4 {
		t.Fatalf("captured pages: %d, %v", len(pages), err)
	}
	return pages
}

func TestPageSaysWhatExpfmtSays(t *testing.T) {
	pages := capturedPages(t)
	pages["made"] = madePage(50)
	pages["all forms"] = `# HELP a Help with \\ and \n in it
# TYPE a counter
a{x="1",y="a\"b\\c\nd"} 1 1395066363000
a{x="2",} 2
a 	 3
# TYPE h histogram
h_bucket{le="0.5",k="v"} 1
h_bucket{k="v",le="1"} 2
h_bucket{k="v",le="+Inf"} 3
h_sum{k="v"} 4.5
h_count{k="v"} 3
# TYPE s summary
s{quantile="0.5"} 1e3
s_sum -0
s_count 12
noType{a="ü"} NaN
noType +Inf
noType{a="b"} -Inf
# TYPE "with.dots" gauge
{"with.dots","label.dots"="1"} 5
{"with.dots"} 6
# just a comment
# EOF
`
	for name, page := range pages {
		t.Run(name, func(t *testing.T) {
			want, err := byExpfmt(page)
			if err != nil {
				t.Fatalf("not a good page: %v", err)
			}
			for i := range want.Families { // the one rule that expfmt does not have
				for j := range want.Families[i].Samples {
					if s := &want.Families[i].Samples[j]; implausible(want.Families[i].Name, s.Value) {
						s.Value = math.NaN()
					}
				}
			}
			got := read(t, page)
			if a, b := flat(got), flat(want); !slices.Equal(a, b) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
			}
			if got.BadLines != 0 || got.Series != len(flat(want)) {
				t.Errorf("bad lines %d, series %d, want 0, %d", got.BadLines, got.Series, len(flat(want)))
			}
		})
	}
}

func TestPageKeepsFamiliesWithoutSamplesInOrder(t *testing.T) {
	m := read(t, capturedPages(t)["demorelay/testdata/stock/metrics-idle.txt"])
	if len(m.Families) != 41 {
		t.Errorf("families: %d, want the 41 of the page", len(m.Families))
	}
	empty := 0
	for _, f := range m.Families {
		if len(f.Samples) == 0 {
			empty++
		}
		if f.Help == "" || f.Type == "untyped" {
			t.Errorf("%s lost its help or type", f.Name)
		}
	}
	if empty == 0 {
		t.Error("no family without a sample: the page has some")
	}
	m = read(t, "b 1\n# TYPE a gauge\na 1\nc{x=\"\\\\\"} 1\n# HELP z text\n")
	var names []string
	for _, f := range m.Families {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != "b a c z" {
		t.Errorf("order %q, want that of the page", got)
	}
}

func TestBadLinesCostThemselves(t *testing.T) {
	good := "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_count 1\n# TYPE a counter\na{i=\"1\"} 1\na{i=\"2\"} 2\n"
	for name, bad := range map[string]string{
		"text":             "hunter2 hunter3",
		"no value":         "a{i=\"3\"}",
		"open label":       "a{i=\"3} 4",
		"bad escape":       `a{i="\x"} 4`,
		"two labels alike": `a{i="1",i="2"} 4`,
		"reserved label":   `a{__name__="x"} 4`,
		"timestamp":        "a 4 soon",
		"more behind":      "a 4 1 2",
		"bound":            `h_bucket{le="x"} 4`,
		"type again":       "# TYPE a gauge",
		"type unknown":     "# TYPE b colour",
		"type name":        "# TYPE b-c gauge",
		"binary":           "\x00\xff\xfe{ 1",
		"utf-8":            "a{i=\"\xff\"} 4",
		"long":             "a{i=\"" + strings.Repeat("x", maxLine) + "\"} 4",
		"hex":              "a 0x1p3",
		"under score":      "a 1_0",
		"html":             "<html><body>Cannot GET</body>",
	} {
		t.Run(name, func(t *testing.T) {
			m := read(t, strings.Replace(good, "a{i=\"2\"}", bad+"\na{i=\"2\"}", 1)+bad+"\n")
			if got, want := flat(m), flat(read(t, good)); !slices.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			if m.BadLines != 2 || m.BadLine != 6 {
				t.Errorf("bad lines %d, first %d, want 2, 6", m.BadLines, m.BadLine)
			}
		})
	}
}

func TestPageEdges(t *testing.T) {
	for name, c := range map[string]struct {
		page        string
		series, bad int
	}{
		"cut in a number":   {"a 12\nb 34", 1, 1},
		"carriage returns":  {"# TYPE a gauge\r\na 1\r\n", 1, 0},
		"node's nan":        {"# TYPE a gauge\na Nan\n", 1, 0},
		"empty":             {"", 0, 0},
		"only blanks":       {" \n\t\n", 0, 0},
		"interleaved":       {"# TYPE a gauge\n# TYPE b gauge\na 1\nb 1\na{x=\"1\"} 2\n", 3, 0},
		"type after sample": {"a 1\n# TYPE a gauge\n", 1, 1},
		"type twice":        {"# TYPE a counter\n# TYPE a histogram\na 1\n", 1, 1},
		"help, type, bad":   {"# HELP a x\na{\n# TYPE a histogram\na_count 1\na 1\n", 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			m := read(t, c.page)
			if m.Series != c.series || m.BadLines != c.bad {
				t.Errorf("series %d, bad %d, want %d, %d", m.Series, m.BadLines, c.series, c.bad)
			}
		})
	}
}

func TestEmptyLagHistogramIsVoid(t *testing.T) {
	m := read(t, "# TYPE x_eventloop_lag_min_seconds gauge\nx_eventloop_lag_min_seconds 9223372036.854776\n"+
		"# TYPE x_eventloop_lag_max_seconds gauge\nx_eventloop_lag_max_seconds 2.5\n# TYPE big gauge\nbig 9223372036.854776\n")
	doc := m.Document(nil)
	value := func(name string) any {
		return doc[name].(map[string]any)["samples"].([]any)[0].(map[string]any)["value"]
	}
	if v := value("x_eventloop_lag_min_seconds"); v != nil {
		t.Errorf("empty minimum: %v, want nil", v)
	}
	if v := value("x_eventloop_lag_max_seconds"); v != 2.5 {
		t.Errorf("maximum: %v, want 2.5", v)
	}
	if v := value("big"); v != 9223372036.854776 {
		t.Errorf("not a lag: %v, want the value", v)
	}
	m.AfterTimeout = true
	doc = m.Document(map[string]bool{"x_eventloop_lag_max_seconds": true})
	if len(doc) != 1 || value("x_eventloop_lag_max_seconds") != nil {
		t.Errorf("after an abandoned read: %v, want the lag unknown", doc)
	}
}

func TestPageIsBounded(t *testing.T) {
	var page strings.Builder
	page.WriteString("# TYPE a gauge\n")
	for i := range maxSeries + 100 {
		fmt.Fprintf(&page, "a{i=\"%d\"} 1\n", i)
	}
	page.WriteString("# TYPE named counter\nnamed 7\n")
	for i := range maxFamilies + 100 {
		fmt.Fprintf(&page, "# TYPE f%d gauge\n", i)
	}
	m, err := newPage(map[string]bool{"named": true}).read(strings.NewReader(page.String()))
	if err != nil {
		t.Fatal(err)
	}
	if m.Series != maxSeries+1 || m.Dropped != 100 {
		t.Errorf("series %d, dropped %d, want %d, 100", m.Series, m.Dropped, maxSeries+1)
	}
	if len(m.Families) != maxFamilies {
		t.Errorf("families %d, want %d", len(m.Families), maxFamilies)
	}
}

// FuzzPage: no page breaks the reader, and where expfmt reads a whole page, both say the same.
func FuzzPage(f *testing.F) {
	f.Add("# TYPE a counter\na{x=\"1\"} 1\n")
	f.Add("{\"a.b\"} 1\n{\"a.b\",x=\"\\n\"} 1 5\n")
	f.Add("# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 2\nh 3\n")
	f.Fuzz(func(t *testing.T, page string) {
		if strings.Contains(page, "\r") || strings.Contains(page, "_lag_") {
			return // rules of our own
		}
		got, err := newPage(nil).read(strings.NewReader(page))
		if err != nil {
			t.Fatalf("read: %v", err)
		}
		want, err := byExpfmt(page)
		if err != nil || got.BadLines > 0 && strings.Contains(page, `"`) {
			return // expfmt also takes quotes in the middle of a name (A""0), which no client writes
		}
		if a, b := flat(got), flat(want); got.Dropped == 0 && !slices.Equal(a, b) {
			t.Errorf("bad lines %d\ngot\n%s\nwant\n%s", got.BadLines, strings.Join(a, "\n"), strings.Join(b, "\n"))
		}
	})
}

// madePage is a page with families of ten series each, as a busy relay has them.
func madePage(families int) string {
	var b bytes.Buffer
	for i := range families {
		fmt.Fprintf(&b, "# HELP relay_thing_%d_total What it counts.\n# TYPE relay_thing_%d_total counter\n", i, i)
		for j := range 10 {
			fmt.Fprintf(&b, "relay_thing_%d_total{stream=\"s%d\",role=\"driver\"} %d\n", i, j, i*1000+j)
		}
	}
	return b.String()
}

func BenchmarkPage(b *testing.B) {
	for _, families := range []int{100, 1000} {
		page := madePage(families)
		named := map[string]bool{"relay_thing_1_total": true}
		b.Run(fmt.Sprintf("%d series", families*10), func(b *testing.B) {
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := newPage(named).read(strings.NewReader(page)); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("%d series as on the page before", families*10), func(b *testing.B) {
			p, r := newPage(named), strings.NewReader(page)
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			for b.Loop() {
				r.Reset(page)
				if _, err := p.read(r); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("%d series by expfmt alone", families*10), func(b *testing.B) {
			parser := expfmt.NewTextParser(model.UTF8Validation)
			for b.Loop() {
				if _, err := parser.TextToMetricFamilies(strings.NewReader(page)); err != nil && err != io.EOF {
					b.Fatal(err)
				}
			}
		})
	}
}
