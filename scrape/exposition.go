package scrape

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"strings"

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

// page reads the exposition pages (text format 0.0.4) of one source, each as a stream, line by line.
//
// The line pass keeps what expfmt loses: families that have HELP or TYPE but no sample, their order,
// and all that is good on a page with a bad line. It reads HELP and TYPE itself and samples of the
// plain form (plain.go); every other line goes to expfmt, family by family (chunk.go). Timestamps are
// read and dropped.
//
// Pages of one source repeat themselves, so a page remembers the lines of the one before up to their
// values (remember.go): of a series that was there before only the number is read.
type page struct {
	named map[string]bool
	in    *bufio.Reader
	m     *Metrics
	room  []Family // for the next page's
	look  uint64   // counts the pages; what carries another number is of an earlier one
	n     int      // number of the line
	size  int      // samples of the family that was written last

	families map[string]*family
	current  *family // of the last plain sample
	memory   memory
	chunk    chunk
	block    []Label // room for labels of plain samples
}

// family is what is known of a family over all pages that had it.
type family struct {
	name    string
	named   bool   // by the profile
	look    uint64 // of the last page that it was on
	typed   uint64 // of the last page that told its type
	plain   bool   // no histogram or summary, on that page
	at      int    // into that page's Families
	samples []Sample
	past    []*pastChunk // of the last page that had lines for expfmt
	turn    int          // how many of those this page had
	gone    bool         // forgotten
}

func newPage(named map[string]bool) *page {
	p := &page{named: named, in: bufio.NewReaderSize(nil, maxLine), m: &Metrics{}, families: map[string]*family{}}
	p.chunk.parser = expfmt.NewTextParser(model.UTF8Validation)
	p.memory.lines = map[string]*line{}
	return p
}

// read reads a whole page from r. What it gives is good until the next page is read. The error is the
// one that r gave; bad lines are no error.
func (p *page) read(r io.Reader) (*Metrics, error) {
	p.begin(r)
	for {
		text, err := p.in.ReadSlice('\n')
		p.n++
		switch {
		case err == nil:
			p.line(trimEnd(text))
		case errors.Is(err, bufio.ErrBufferFull):
			p.bad(p.n)
			if err := skipLine(p.in); err != nil {
				return p.end(err)
			}
		default:
			if len(text) > 0 { // a last line without its end may be half a number
				p.bad(p.n)
			}
			return p.end(err)
		}
	}
}

func (p *page) begin(r io.Reader) {
	p.in.Reset(r)
	p.look++
	p.n, p.size, p.current = 0, 0, nil
	p.m = &Metrics{Families: p.room[:0]}
	p.memory.begin()
	p.chunk.begin()
}

func (p *page) end(err error) (*Metrics, error) {
	p.flush()
	p.in.Reset(nil)
	p.room = p.m.Families
	for i := range p.m.Families {
		f := &p.m.Families[i]
		of := p.families[f.Name]
		of.samples = f.Samples                    // room for the next page's
		if cap(f.Samples) > 4*len(f.Samples)+64 { // it was once much larger
			of.samples = nil
		}
		p.memory.dropChunks(of, min(of.turn, len(of.past)))
	}
	p.memory.end(p.look)
	p.forget()
	if errors.Is(err, io.EOF) {
		return p.m, nil
	}
	return nil, err
}

// forget drops families that are gone, when there are as many of them as there are others.
func (p *page) forget() {
	if len(p.families) <= 2*len(p.m.Families)+16 {
		return
	}
	for name, f := range p.families {
		if f.look != p.look {
			f.gone = true
			p.memory.dropChunks(f, 0)
			delete(p.families, name)
		}
	}
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

func (p *page) line(text []byte) {
	for len(text) > 0 && (text[0] == ' ' || text[0] == '\t') {
		text = text[1:]
	}
	switch {
	case len(text) == 0:
	case p.again(text):
	case text[0] == '#':
		p.comment(text)
	case p.plain(text):
	default:
		p.odd(text)
	}
}

// of gives the family of that name, put on the page when it is not there yet; nil when there are too
// many.
func (p *page) of(name string) *family {
	f := p.families[name]
	if f == nil {
		if len(p.m.Families) >= maxFamilies && !p.named[name] {
			return nil
		}
		f = &family{name: name, named: p.named[name]}
		p.families[name] = f
	}
	if !p.enter(f) {
		return nil
	}
	return f
}

// enter puts a family on the page. False: there are too many.
func (p *page) enter(f *family) bool {
	if f.look == p.look {
		return true
	}
	if len(p.m.Families) >= maxFamilies && !f.named {
		return false
	}
	f.look, f.at, f.plain, f.turn = p.look, len(p.m.Families), true, 0
	p.m.Families = append(p.m.Families, Family{Name: f.name, Type: "untyped", Samples: f.samples[:0]})
	return true
}

// here gives a family that is on the page already.
func (p *page) here(name []byte) *family {
	if f := p.families[string(name)]; f != nil && f.look == p.look {
		return f
	}
	return nil
}

func (p *page) told(f *family) *Family { return &p.m.Families[f.at] }

// put keeps one sample within the bounds.
func (p *page) put(f *family, s Sample) {
	if p.full(f) {
		p.m.Dropped++
		return
	}
	if implausible(f.name, s.Value) {
		s.Value = math.NaN()
	}
	s.Rate = math.NaN()
	told := p.told(f)
	if told.Samples == nil { // as many as the family before: pages repeat themselves
		told.Samples = make([]Sample, 0, min(max(p.size, 1), 64))
	}
	told.Samples = append(told.Samples, s)
	p.size = len(told.Samples)
	p.m.Series++
}

// full says whether no more samples of the family are kept.
func (p *page) full(f *family) bool {
	return p.m.Series >= maxSeries && (!f.named || p.m.Series >= maxNamedSeries)
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
