package scrape

import (
	"bytes"
	"io"
	"math"

	"github.com/prometheus/common/expfmt"
)

// chunk is a run of lines of one family for expfmt, under its TYPE line. When expfmt refuses a chunk it
// is halved until the bad lines stand alone: those are counted and skipped, so that a bad line costs
// itself, never its family or the page.
//
// expfmt joins lines: two sums of one histogram are one. So lines are remembered by the chunk, and only
// a chunk that has the same lines as the one before, but for their values, goes without expfmt.
type chunk struct {
	parser  expfmt.TextParser
	head    []byte // TYPE line of the family, or nothing
	name    string // of the family; "" while there are no lines
	text    []byte
	lines   []chunkLine
	samples []Sample // what is read of it
	values  []float64
}

// chunkLine is a line of the chunk: its number on the page and where it ends in the chunk.
type chunkLine struct{ number, end int }

// pastChunk is a chunk of which each line gave one sample.
type pastChunk struct {
	kind  string // what the TYPE line said, "" without one
	lines []*pastLine
	bytes int // of their text
}

type pastLine struct {
	text   string // up to the value
	sample Sample
	series Series
}

func (c *chunk) begin() { c.name, c.text, c.lines = "", c.text[:0], c.lines[:0] }

func (c *chunk) line(i int) []byte {
	start := 0
	if i > 0 {
		start = c.lines[i-1].end
	}
	return c.text[start : c.lines[i].end-1]
}

// odd puts a line that is not of the plain form into the chunk of its family.
func (p *page) odd(text []byte) {
	name, ok := sampleName(text)
	if !ok {
		p.bad(p.n)
		return
	}
	family := p.owner(name)
	if string(family) != p.chunk.name || len(p.chunk.text)+len(text) > maxChunk {
		p.flush()
		p.chunk.name = p.nameOf(family)
	}
	p.chunk.text = append(append(p.chunk.text, text...), '\n')
	p.chunk.lines = append(p.chunk.lines, chunkLine{p.n, len(p.chunk.text)})
}

func (p *page) nameOf(name []byte) string {
	if f := p.families[string(name)]; f != nil {
		return f.name
	}
	return string(name)
}

// owner gives the name of the family to which a sample of that name belongs, as expfmt decides it.
func (p *page) owner(name []byte) []byte {
	if p.here(name) != nil {
		return name
	}
	for _, suffix := range []string{"_count", "_sum", "_bucket"} {
		base, ok := bytes.CutSuffix(name, []byte(suffix))
		if !ok {
			continue
		}
		if f := p.here(base); f != nil {
			switch kind := p.told(f).Type; {
			case kind == "summary" && suffix != "_bucket", kind == "histogram", kind == "gaugehistogram":
				return base
			}
		}
	}
	return name
}

// flush reads the chunk.
func (p *page) flush() {
	c := &p.chunk
	if len(c.lines) == 0 {
		return
	}
	kind := ""
	if f := p.here([]byte(c.name)); f != nil && f.typed == p.look {
		kind = p.told(f).Type
	}
	if !p.known(kind) {
		p.readChunk(kind)
	}
	c.begin()
}

// readChunk reads the chunk by expfmt.
func (p *page) readChunk(kind string) {
	c := &p.chunk
	c.head, c.samples = c.head[:0], c.samples[:0]
	if kind != "" {
		c.head = appendType(c.head, c.name, kind)
	}
	p.parse(0, len(c.lines))
	if len(c.samples) == 0 {
		return
	}
	f := p.of(c.name)
	if f == nil {
		p.m.Dropped += len(c.samples)
		return
	}
	if len(c.samples) == len(c.lines) && !p.full(f) {
		p.remember(f, p.learn(f, kind))
	}
	for _, s := range c.samples {
		p.put(f, s)
	}
}

// parse reads the chunk's lines from..to by expfmt, by halves when one of them is bad.
func (p *page) parse(from, to int) {
	c := &p.chunk
	start := 0
	if from > 0 {
		start = c.lines[from-1].end
	}
	families, err := c.parser.TextToMetricFamilies(io.MultiReader(
		bytes.NewReader(c.head), bytes.NewReader(c.text[start:c.lines[to-1].end])))
	switch {
	case err == nil:
		for _, mf := range families {
			c.samples = appendSamples(c.samples, mf)
		}
	case to-from == 1:
		p.bad(c.lines[from].number)
	default:
		middle := from + (to-from)/2
		p.parse(from, middle)
		p.parse(middle, to)
	}
}

// known takes a chunk that has the lines of the one before. False: it has not.
func (p *page) known(kind string) bool {
	c := &p.chunk
	f := p.families[c.name]
	if f == nil {
		return false
	}
	past := f.pastChunk(p.look)
	if past == nil || past.kind != kind || len(past.lines) != len(c.lines) {
		return false
	}
	c.values = c.values[:0]
	for i, l := range past.lines {
		v, ok := l.value(c.line(i))
		if !ok {
			return false
		}
		c.values = append(c.values, v)
	}
	if !p.enter(f) {
		return false
	}
	f.turn++
	for i, l := range past.lines {
		s := l.sample
		s.Value, s.Series = c.values[i], &l.series
		p.put(f, s)
	}
	return true
}

// value reads the value of a line that is this one but for that.
func (l *pastLine) value(text []byte) (float64, bool) {
	n := len(l.text)
	if len(text) <= n || string(text[:n]) != l.text {
		return 0, false
	}
	v, ok := plainValue(text[n:])
	if l.sample.Part == "bucket" || l.sample.Part == "count" { // expfmt makes whole numbers of them
		ok = ok && v >= 0 && v < 1<<53 && v == math.Trunc(v)
	}
	return v, ok
}

// pastChunk is the chunk of an earlier page that stood where the next one of this page stands.
func (f *family) pastChunk(look uint64) *pastChunk {
	turn := f.turn
	if f.look != look {
		turn = 0
	}
	if turn >= len(f.past) {
		return nil
	}
	return f.past[turn]
}

// learn makes of the chunk what the next page is compared with, and puts its samples in the order of
// its lines. Nil: a line does not say on its own what it said among the others.
func (p *page) learn(f *family, kind string) *pastChunk {
	c := &p.chunk
	before := map[string]*pastLine{}
	if past := f.pastChunk(p.look); past != nil && past.kind == kind {
		for _, l := range past.lines {
			before[l.text] = l
		}
	}
	past := &pastChunk{kind: kind, lines: make([]*pastLine, len(c.lines))}
	samples := make([]Sample, len(c.lines))
	for i := range c.lines {
		l := p.lineOf(c.line(i), before)
		if l == nil {
			return nil
		}
		v, ok := l.value(c.line(i))
		if !ok {
			return nil
		}
		past.lines[i], past.bytes = l, past.bytes+len(l.text)
		samples[i] = l.sample
		samples[i].Value, samples[i].Series = v, &l.series
	}
	copy(c.samples, samples)
	return past
}

// remember puts a chunk in the place of the one that stood there, within the bound of the memory.
func (p *page) remember(f *family, past *pastChunk) {
	for len(f.past) <= f.turn {
		f.past = append(f.past, nil)
	}
	if old := f.past[f.turn]; old != nil {
		p.memory.bytes -= old.bytes
	}
	if past != nil && p.memory.bytes+past.bytes > maxRemembered {
		past = nil
	}
	if past != nil {
		p.memory.bytes += past.bytes
	}
	f.past[f.turn] = past
	f.turn++
}

// dropChunks forgets the chunks of a family from one on.
func (m *memory) dropChunks(f *family, from int) {
	for _, past := range f.past[from:] {
		if past != nil {
			m.bytes -= past.bytes
		}
	}
	f.past = f.past[:from]
}

// lineOf gives what a line says on its own, nil when that cannot be told.
func (p *page) lineOf(text []byte, before map[string]*pastLine) *pastLine {
	n := valueAt(text)
	if n < 0 {
		return nil
	}
	if l := before[string(text[:n])]; l != nil {
		return l
	}
	c := &p.chunk
	families, err := c.parser.TextToMetricFamilies(io.MultiReader(
		bytes.NewReader(c.head), bytes.NewReader(text), bytes.NewReader([]byte{'\n'})))
	if err != nil || len(families) != 1 || families[c.name] == nil {
		return nil
	}
	samples := appendSamples(nil, families[c.name])
	if len(samples) != 1 {
		return nil
	}
	return &pastLine{text: string(text[:n]), sample: samples[0]}
}

// valueAt is where a line's value begins when nothing stands behind it, else -1.
func valueAt(text []byte) int {
	n := 1 + bytes.LastIndexByte(text, '}')
	if n == 0 {
		if n = 1 + bytes.IndexAny(text, " \t"); n == 0 {
			return -1
		}
	}
	for n < len(text) && (text[n] == ' ' || text[n] == '\t') {
		n++
	}
	if n == len(text) || bytes.ContainsAny(text[n:], " \t") {
		return -1
	}
	return n
}
