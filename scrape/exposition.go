package scrape

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"strings"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// Bounds of one exposition page. Families that the profile names are kept up to maxNamedSeries,
// whatever else is on the page.
const (
	maxLine        = 64 << 10 // bytes; a longer line counts as bad
	maxChunk       = 64 << 10 // bytes of lines that go to expfmt at once
	maxSeries      = 20_000
	maxNamedSeries = 50_000
	maxFamilies    = 5_000
)

// page reads one exposition page (text format 0.0.4) as a stream, line by line.
//
// The line pass keeps what expfmt loses: families that have HELP or TYPE but no sample, their order,
// and all that is good on a page with a bad line. It reads HELP and TYPE itself and samples of the
// plain form (plain.go); every other line goes to expfmt, family by family, each chunk under its TYPE
// line. When expfmt refuses a chunk it is halved until the bad lines stand alone: those are counted
// and skipped, so that a bad line costs itself, never its family or the page. Timestamps are read
// and dropped.
type page struct {
	parser expfmt.TextParser
	named  map[string]bool
	m      *Metrics
	index  map[string]int // by family name, into m.Families
	typed  map[string]bool
	head   []byte // TYPE line of the chunk's family, or nothing
	family string // of the chunk
	chunk  []byte
	lines  []chunkLine
	n      int // number of the line

	last      []byte // name of the last plain sample, and its family: pages repeat themselves
	lastAt    int
	lastNamed bool
	size      int              // samples of the family that was written last
	block     []Label          // room for labels of plain samples
	text      *strings.Builder // room for their text
}

// chunkLine is a line of the chunk: its number on the page and where it ends in the chunk.
type chunkLine struct{ number, end int }

// readPage reads a whole page from r. The error is the one that r gave; bad lines are no error.
func readPage(r io.Reader, named map[string]bool) (*Metrics, error) {
	p := &page{
		parser: expfmt.NewTextParser(model.UTF8Validation),
		named:  named, m: &Metrics{}, index: map[string]int{}, typed: map[string]bool{}, lastAt: -1,
	}
	in := bufio.NewReaderSize(r, maxLine)
	for {
		line, err := in.ReadSlice('\n')
		p.n++
		switch {
		case err == nil:
			p.line(trimEnd(line))
		case errors.Is(err, bufio.ErrBufferFull):
			p.bad(p.n)
			if err := skipLine(in); err != nil {
				return p.end(err)
			}
		default:
			if len(line) > 0 { // a last line without its end may be half a number
				p.bad(p.n)
			}
			return p.end(err)
		}
	}
}

func (p *page) end(err error) (*Metrics, error) {
	p.flush()
	if errors.Is(err, io.EOF) {
		return p.m, nil
	}
	return nil, err
}

func skipLine(in *bufio.Reader) error {
	for {
		_, err := in.ReadSlice('\n')
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

func trimEnd(line []byte) []byte {
	line = line[:len(line)-1]
	return bytes.TrimSuffix(line, []byte{'\r'})
}

func (p *page) bad(number int) {
	p.m.BadLines++
	if p.m.BadLine == 0 {
		p.m.BadLine = number
	}
}

func (p *page) line(line []byte) {
	for len(line) > 0 && (line[0] == ' ' || line[0] == '\t') {
		line = line[1:]
	}
	switch {
	case len(line) == 0:
	case line[0] == '#':
		p.comment(bytes.TrimLeft(line[1:], " \t"))
	case p.plain(line):
	default:
		p.odd(line)
	}
}

// comment reads HELP and TYPE; every other comment is skipped, as the format wants it.
func (p *page) comment(text []byte) {
	word, rest := cutBlank(text)
	if string(word) != "HELP" && string(word) != "TYPE" {
		return
	}
	name, rest, ok := cutName(rest)
	if !ok {
		p.bad(p.n)
		return
	}
	if len(rest) == 0 {
		return // no text, no type: as expfmt, nothing is wrong
	}
	p.flush()
	if string(word) == "HELP" {
		p.help(name, rest)
		return
	}
	p.declare(name, rest)
}

func (p *page) help(name string, text []byte) {
	help, ok := unescape(text)
	f := p.of(name)
	if !ok || f == nil || f.Help != "" {
		p.bad(p.n)
		return
	}
	f.Help = help
}

func (p *page) declare(name string, text []byte) {
	kind := strings.ToUpper(string(text))
	if kind == "GAUGEHISTOGRAM" {
		kind = "GAUGE_HISTOGRAM"
	}
	_, known := dto.MetricType_value[kind]
	f := p.of(name)
	if !known || f == nil || p.typed[name] || len(f.Samples) > 0 {
		p.bad(p.n)
		return
	}
	p.typed[name], p.lastAt = true, -1
	f.Type = strings.ReplaceAll(strings.ToLower(kind), "_", "")
}

// of gives the family of that name, made when it is new; nil when there are too many.
func (p *page) of(name string) *Family {
	at, ok := p.index[name]
	if !ok {
		if len(p.m.Families) >= maxFamilies && !p.named[name] {
			return nil
		}
		at = len(p.m.Families)
		p.index[name] = at
		p.m.Families = append(p.m.Families, Family{Name: name, Type: "untyped"})
	}
	return &p.m.Families[at]
}

// owner gives the name of the family to which a sample of that name belongs, as expfmt decides it.
func (p *page) owner(name string) string {
	if _, ok := p.index[name]; ok {
		return name
	}
	for _, suffix := range []string{"_count", "_sum", "_bucket"} {
		base, ok := strings.CutSuffix(name, suffix)
		if !ok {
			continue
		}
		if at, ok := p.index[base]; ok {
			switch kind := p.m.Families[at].Type; {
			case kind == "summary" && suffix != "_bucket", kind == "histogram", kind == "gaugehistogram":
				return base
			}
		}
	}
	return name
}

// odd puts a line that is not of the plain form into the chunk of its family.
func (p *page) odd(line []byte) {
	name, ok := sampleName(line)
	if !ok {
		p.bad(p.n)
		return
	}
	family := p.owner(name)
	if family != p.family || len(p.chunk)+len(line) > maxChunk {
		p.flush()
		p.family = family
	}
	p.chunk = append(append(p.chunk, line...), '\n')
	p.lines = append(p.lines, chunkLine{p.n, len(p.chunk)})
}

// flush hands the chunk to expfmt.
func (p *page) flush() {
	if len(p.lines) > 0 {
		p.head = p.head[:0]
		if at, ok := p.index[p.family]; ok && p.typed[p.family] {
			p.head = appendType(p.head, p.family, p.m.Families[at].Type)
		}
		p.parse(0, len(p.lines))
	}
	p.family, p.chunk, p.lines = "", p.chunk[:0], p.lines[:0]
}

// parse reads the chunk's lines from..to, by halves when one of them is bad.
func (p *page) parse(from, to int) {
	start := 0
	if from > 0 {
		start = p.lines[from-1].end
	}
	families, err := p.parser.TextToMetricFamilies(io.MultiReader(
		bytes.NewReader(p.head), bytes.NewReader(p.chunk[start:p.lines[to-1].end])))
	switch {
	case err == nil:
		for _, mf := range families {
			p.add(mf)
		}
	case to-from == 1:
		p.bad(p.lines[from].number)
	default:
		middle := from + (to-from)/2
		p.parse(from, middle)
		p.parse(middle, to)
	}
}

// appendType writes the TYPE line of a family for expfmt.
func appendType(b []byte, name, kind string) []byte {
	b = append(b, "# TYPE "...)
	if model.LegacyValidation.IsValidMetricName(name) {
		b = append(b, name...)
	} else {
		b = append(b, '"')
		for i := range len(name) {
			switch c := name[i]; c {
			case '\\', '"':
				b = append(b, '\\', c)
			case '\n':
				b = append(b, '\\', 'n')
			default:
				b = append(b, c)
			}
		}
		b = append(b, '"')
	}
	return append(append(append(b, ' '), kind...), '\n')
}

// put keeps one sample within the bounds.
func (p *page) put(f *Family, s Sample) {
	if limit := maxSeries; p.m.Series >= limit && (!p.named[f.Name] || p.m.Series >= maxNamedSeries) {
		p.m.Dropped++
		return
	}
	if implausible(f.Name, s.Value) {
		s.Value = math.NaN()
	}
	s.Rate = math.NaN()
	if f.Samples == nil { // as many as the family before: pages repeat themselves
		f.Samples = make([]Sample, 0, min(max(p.size, 1), 64))
	}
	f.Samples = append(f.Samples, s)
	p.size = len(f.Samples)
	p.m.Series++
}

// implausible tells the placeholder of an empty lag histogram, 2^63 ns = 9.2e9 s, that Node gives as
// the minimum right after a reset: no event loop lags for 30 years, so such a value is void (NaN).
func implausible(family string, v float64) bool {
	return v > 1e9 && isLag(family)
}

// isLag says whether a family measures the lag of an event loop.
func isLag(family string) bool {
	at := strings.Index(family, "_lag_")
	return at >= 0 && strings.Contains(family[at:], "seconds")
}
