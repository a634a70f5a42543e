package scrape

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// inOrder gives one text per sample, in the order of the page, with bad lines and what was dropped.
func inOrder(m *Metrics) []string {
	out := []string{fmt.Sprint(m.Series, m.BadLines, m.BadLine, m.Dropped)}
	for _, f := range m.Families {
		out = append(out, fmt.Sprintf("%q %q %q", f.Name, f.Type, f.Help))
	}
	return append(out, flat(m)...)
}

func twice(t testing.TB, p *page, text string) {
	t.Helper()
	for range 2 { // also right after it was learned
		got, err := p.read(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		want, err := newPage(p.named).read(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if a, b := inOrder(got), inOrder(want); !slices.Equal(a, b) {
			t.Fatalf("after an earlier page\n%s\nalone\n%s\npage\n%q", strings.Join(a, "\n"), strings.Join(b, "\n"), text)
		}
	}
}

// mutate changes a page as relays do, and as they do not.
func mutate(r *rand.Rand, lines []string) []string {
	lines = slices.Clone(lines)
	for range 1 + r.IntN(4) {
		at := r.IntN(len(lines))
		switch r.IntN(9) {
		case 0:
			lines = slices.Delete(lines, at, at+1)
		case 1:
			lines = slices.Insert(lines, at, lines[r.IntN(len(lines))])
		case 2:
			other := r.IntN(len(lines))
			lines[at], lines[other] = lines[other], lines[at]
		case 3:
			lines[at] = strings.Replace(lines[at], "=\"", "=\"x", 1)
		case 4:
			lines[at] += []string{" ", " 5", "e1", ".5", "x", "", "-"}[r.IntN(7)]
		case 5:
			lines[at] = strings.NewReplacer("gauge", "histogram", "histogram", "counter", "counter", "summary").Replace(lines[at])
		default:
			if cut := strings.LastIndexAny(lines[at], " "); cut > 0 && lines[at][0] != '#' {
				lines[at] = lines[at][:cut+1] + []string{"0", "17", "1.5", "-3", "1e21", "NaN", "Nan", "+Inf", "9007199254740993"}[r.IntN(9)]
			}
		}
		if len(lines) == 0 {
			lines = []string{"a 1"}
		}
	}
	return lines
}

func TestRememberedLinesSayWhatTheyWouldAlone(t *testing.T) {
	seed := rand.Uint64()
	t.Log("seed", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	pages := capturedPages(t)
	pages["forms"] = "# HELP a x\n# TYPE a counter\na{x=\"1\",y=\"a\\\"b\"} 1\na{x=\"2\",} 2\na 3\n# TYPE h histogram\nh_bucket{le=\"1\",k=\"v\"} 1\n" +
		"h_bucket{k=\"v\",le=\"+Inf\"} 3\nh_sum{k=\"v\"} 4.5\nh_count{k=\"v\"} 3\nh_count{k=\"w\",j=\"1\"} 3\nh_count{j=\"1\",k=\"w\"} 4\n" +
		"# TYPE s summary\ns{quantile=\"0.5\"} 1e3\ns_sum -0\ns_count 12\nu{a=\"b\"} 1\nu 2\nu_count 4\n# TYPE u_count gauge\nu_count 5\n{\"q.r\",a=\"b\"} 7\n"
	for name, text := range pages {
		t.Run(name, func(t *testing.T) {
			p := newPage(map[string]bool{"a": true})
			twice(t, p, text)
			lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
			for range 300 {
				next := mutate(r, lines)
				twice(t, p, strings.Join(next, "\n")+"\n")
				if r.IntN(3) > 0 && len(next) < 2*len(lines)+20 {
					lines = next
				}
			}
		})
	}
}

// FuzzPages: what an earlier page said changes nothing of what a later one says.
func FuzzPages(f *testing.F) {
	f.Add("# TYPE a counter\na{x=\"1\"} 1\n", "# TYPE a counter\na{x=\"1\"} 2\n")
	f.Add("# TYPE h histogram\nh_count 1\n", "# TYPE h_count gauge\n# TYPE h histogram\nh_count 1\n")
	f.Add("# TYPE h histogram\nh_count{a=\"1\",b=\"2\"} 1\n", "# TYPE h histogram\nh_count{a=\"1\",b=\"2\"} 1\nh_count{b=\"2\",a=\"1\"} 2\n")
	f.Add("a\\b 1\na 2\n", "a -2\na-2\n")
	f.Fuzz(func(t *testing.T, first, second string) {
		p := newPage(map[string]bool{"a": true})
		for _, text := range []string{first, second, first} {
			twice(t, p, text)
		}
	})
}

// What stands for a series is the same as long as the series is there, and another's never.
func TestSeriesKeepWhatStandsForThem(t *testing.T) {
	p := newPage(nil)
	series := func(text string) map[string]*Series {
		m, err := p.read(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		of, by := map[string]*Series{}, map[*Series]bool{}
		for _, f := range m.Families {
			for _, s := range f.Samples {
				name := fmt.Sprint(f.Name, s.Part, s.Labels)
				if s.Series == nil || by[s.Series] {
					t.Errorf("%s: nothing stands for it, or what stands for another", name)
				}
				of[name], by[s.Series] = s.Series, true
			}
		}
		return of
	}
	before := series("# TYPE a gauge\na{x=\"1\"} 1\na{x=\"2\"} 1\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 4\nh_count 1\n")
	after := series("# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"2\"} 2\nh_sum 4\nh_count 1\n# TYPE a gauge\na{x=\"0\"} 1\na{x=\"2\"} 3\na{x=\"1\"} 9\n")
	if len(before) != 5 || len(after) != 7 {
		t.Fatalf("%d and %d series", len(before), len(after))
	}
	for name, s := range before {
		if after[name] != s {
			t.Errorf("%s: something else stands for it", name)
		}
	}
}

// A relay whose pages never repeat themselves, and are large, must not fill the memory.
func TestMemoryIsBounded(t *testing.T) {
	p := newPage(nil)
	for look := range 12 {
		var text bytes.Buffer
		text.WriteString("# TYPE a gauge\n# TYPE h histogram\n")
		for i := range 3000 {
			fmt.Fprintf(&text, "a{look=\"%d\",i=\"%d\",pad=\"%s\"} 1\nh_bucket{look=\"%d\",i=\"%d\",le=\"1\"} 1\n# TYPE f%d_%d gauge\n",
				look, i, strings.Repeat("x", 200), look, i, look, i)
		}
		m, err := p.read(&text)
		if err != nil || m.Series != 6000 {
			t.Fatalf("look %d: %d series, %v", look, m.Series, err)
		}
		held := 0
		for _, l := range p.memory.lines {
			held += len(l.text)
		}
		for _, f := range p.families {
			for _, past := range f.past {
				if past != nil {
					held += past.bytes
				}
			}
		}
		if held != p.memory.bytes || held > maxRemembered || len(p.families) > 2*maxFamilies+16 {
			t.Fatalf("look %d: %d bytes held, %d counted, %d families", look, held, p.memory.bytes, len(p.families))
		}
	}
}

func TestSteadyPageCostsNoMemory(t *testing.T) {
	page := madePage(100)
	p := newPage(nil)
	r := strings.NewReader(page)
	if n := testing.AllocsPerRun(20, func() {
		r.Reset(page)
		if _, err := p.read(r); err != nil {
			t.Fatal(err)
		}
	}); n > 1 { // what it hands out
		t.Errorf("%v allocations for a page that was there before", n)
	}
}

// A family that was gone for long is a new one, whatever is remembered of its lines.
func TestForgottenFamilyComesBack(t *testing.T) {
	p := newPage(nil)
	var many strings.Builder
	for i := range 25 {
		fmt.Fprintf(&many, "# TYPE f%d gauge\nf%d 1\n", i, i)
	}
	for _, text := range []string{many.String(), "# TYPE a gauge\na 1\n", "# TYPE f1 gauge\nf1 2\n", many.String()} {
		twice(t, p, text)
		for _, f := range p.m.Families {
			if p.families[f.Name] == nil {
				t.Fatalf("family %s is on the page and not known", f.Name)
			}
		}
	}
}
