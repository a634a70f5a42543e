package pack

import (
	"bytes"
	"math"
	"sync"
	"time"

	"relaypack/pack/redact"
	"relaypack/scrape"
)

// equalSeries counts, as a rule, series that became equal to another one.
const equalSeries = "equal-series"

// page is the last exposition page: what of it is text was redacted when it came, the rest is numbers.
// supportBundle.metrics is made of it when somebody asks.
type page struct {
	life     *life
	at       time.Time // when it was complete
	families []*family
	omitted  int             // samples over maxSamples, and those of families whose name says a credential
	turn     uint64          // of the redactor
	harmless map[string]bool // families by name: whether they may stay

	once sync.Once
	kept kept   // the account of body; its clean bytes are those of a page that an agent before has stored
	body []byte // {name: {type, samples}}
}

func newPage() *page { return &page{harmless: make(map[string]bool)} }

// family is one family of the page.
type family struct {
	name   string
	kind   string
	lag    bool // of a window that each read resets
	series []*scrape.Series
	kept   kept  // clean: an array of samples, each with the value 0
	slots  []int // where in clean these values stand
	values []float64
}

// newFamily redacts what a family's samples say besides their values. Nil: it could not be redacted.
func (r *Recorder) newFamily(told *scrape.Family, samples []scrape.Sample, at time.Time) *family {
	f := &family{name: told.Name, kind: told.Type, lag: isLagWindow(told.Name), series: make([]*scrape.Series, len(samples))}
	var a array
	for i, s := range samples {
		f.series[i] = s.Series
		a.buf = appendSample(a.next(), s)
	}
	var ok bool
	if f.kept, ok = r.take(a.done(), at); !ok || !f.find(len(samples)) {
		return nil
	}
	return f
}

// appendSample writes a sample with the value 0.
func appendSample(dst []byte, s scrape.Sample) []byte {
	dst = append(dst, '{')
	if s.Part != "" {
		dst = append(dst, `"part":`...)
		dst = append(appendString(dst, s.Part), ',')
	}
	dst = append(dst, `"labels":{`...)
	for i, l := range s.Labels {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, l.Name), ':')
		dst = appendString(dst, l.Value)
	}
	return append(dst, `},"value":0}`...)
}

// find sees where the values stand. False: not in each of n samples.
func (f *family) find(n int) bool {
	clean := f.kept.clean.Bytes()
	samples, ok := elements(clean)
	f.slots = make([]int, 0, n)
	end := 0
	for _, s := range samples {
		end += 1 + len(s) // one sign before each: nothing else stands between them
		if !bytes.HasSuffix(s, []byte(`"value":0}`)) || !bytes.HasSuffix(clean[:end], s) {
			return false
		}
		f.slots = append(f.slots, end-len("0}"))
	}
	return ok && len(samples) == n
}

// has says whether these are the series that the family has.
func (f *family) has(kind string, samples []scrape.Sample) bool {
	if f.kind != kind || len(f.series) != len(samples) {
		return false
	}
	for i := range samples {
		if f.series[i] == nil || samples[i].Series != f.series[i] {
			return false
		}
	}
	return true
}

// take takes over the values. void: the relay's lag window was reset by somebody else.
func (f *family) take(samples []scrape.Sample, void bool) {
	f.values = f.values[:0]
	for i := range samples {
		v := samples[i].Value
		if f.lag && (void || v > voidLag) {
			v = math.NaN()
		}
		f.values = append(f.values, v)
	}
}

// appendTo writes the samples with their values.
func (f *family) appendTo(dst []byte) []byte {
	clean, from := f.kept.clean.Bytes(), 0
	for i, slot := range f.slots {
		dst = append(dst, clean[from:slot]...)
		dst = appendFloat(dst, f.values[i])
		from = slot + 1
	}
	return append(dst, clean[from:]...)
}

// families finds those of a page by name: one behind the other, for most pages have the order of the
// one before.
type families struct {
	list   []*family
	next   int
	byName map[string]int
}

func (p *page) lookup() families { return families{list: p.families} }

func (l *families) named(name string) *family {
	if l.next < len(l.list) && l.list[l.next].name == name {
		l.next++
		return l.list[l.next-1]
	}
	if l.byName == nil {
		l.byName = make(map[string]int, len(l.list))
		for i, f := range l.list {
			l.byName[f.name] = i
		}
	}
	i, known := l.byName[name]
	if !known {
		return nil
	}
	l.next = i + 1
	return l.list[i]
}

// told gives the page as a pack has it, and the account of what was removed of it; nil without a page.
// One of the series that became equal when a label was removed or masked is kept, the rest is counted.
func (p *page) told() ([]byte, kept) {
	p.once.Do(func() {
		if p.life == nil {
			return
		}
		p.kept = kept{life: p.life, at: p.at}
		var o object
		for _, f := range p.families {
			o.name(f.name)
			o.buf = append(o.buf, `{"type":`...)
			o.buf = append(appendString(o.buf, f.kind), `,"samples":`...)
			if len(f.kept.counts) == 0 {
				o.buf = f.appendTo(o.buf)
			} else {
				samples, merged := mergeEqual(f.appendTo(nil))
				o.buf = append(o.buf, samples...)
				p.kept.add(f, merged)
			}
			o.buf = append(o.buf, '}')
		}
		p.body = o.done()
	})
	return p.body, p.kept
}

func (k *kept) add(f *family, merged int) {
	for _, c := range f.kept.counts {
		k.counts = addCount(k.counts, c.rule, c.n)
	}
	if merged > 0 {
		k.counts = addCount(k.counts, equalSeries, merged)
	}
	at := joinPointer(f.name, "samples")
	for _, rem := range f.kept.removed {
		k.removed = append(k.removed, redact.Removal{Parent: at + rem.Parent, Rule: rem.Rule})
	}
	k.dropped += f.kept.dropped
}

// sweepPage redacts again what names an id that was not known when the page came.
func (r *Recorder) sweepPage(ids [][]byte) {
	p := r.metrics
	if p.kept.clean.Len() > 0 {
		if changed, _ := r.sweep(&p.kept, ids); changed {
			p.assemble()
		}
		return
	}
	next := &page{life: p.life, at: p.at, omitted: p.omitted, turn: p.turn, harmless: p.harmless}
	swept := false
	for _, f := range p.families {
		changed, ok := r.sweep(&f.kept, ids)
		if !ok || changed && !f.find(len(f.values)) {
			next.omitted += len(f.values)
		} else {
			next.families = append(next.families, f)
		}
		swept = swept || changed
	}
	if swept {
		r.metrics = next
	}
}
