package redact

// maxNesting is how many levels of documents inside strings are opened; what lies deeper is text.
const maxNesting = 12

// pass is the working memory of one call. It is used again by later calls, so that clean input costs
// no allocation.
type pass struct {
	r      *Redactor
	values *knownValues // as they were when the pass began; nil: none
	tally  tally
	rep    *Report
	// explainer finds the places of changes; nil when nobody asks.
	explainer *explainer
	names     [nameSlots]nameSlot
	seen      seenTexts
	calls     int // how often Known or Learn has been called
	edit      []edit
	repl      []byte   // what edits put in
	bufs      [][]byte // free buffers
	walks     []*walker
	outer     *walker // the document whose strings are opened
	depth     int     // levels of documents inside strings
	inName    bool    // scanning a name: known ids do not count
	inPEM     bool    // a PEM block goes on in the next segment
	inWord    bool    // a span that was removed goes on in the next segment
	columns   columns
	torn      bool // the last segment's last removed span reached its end
	series    seriesSet
}

func newPass(r *Redactor) *pass { return &pass{r: r} }

func (r *Redactor) begin(rep *Report) *pass {
	p := r.passes.Get().(*pass)
	p.rep, p.values, p.explainer = rep, r.values.Load(), nil
	if rep != nil && rep.Explain != nil {
		p.explainer = &explainer{tell: rep.Explain}
	}
	return p
}

// end hands the counts over and gives the pass back. A pass that panicked never comes here.
func (r *Redactor) end(p *pass) {
	p.tally.addTo(p.rep)
	p.rep, p.explainer = nil, nil
	p.edit, p.repl = p.edit[:0], p.repl[:0]
	p.depth, p.inName, p.inPEM, p.inWord, p.outer = 0, false, false, false, nil
	p.columns.n, p.columns.known, p.columns.headed = 0, false, false
	p.series.reset()
	r.passes.Put(p)
}

// maxKeptBuffer is the size above which a buffer is not kept for the next call.
const maxKeptBuffer = 256 << 10

func (p *pass) buffer() []byte {
	if n := len(p.bufs); n > 0 {
		b := p.bufs[n-1]
		p.bufs = p.bufs[:n-1]
		return b[:0]
	}
	return make([]byte, 0, 512)
}

func (p *pass) free(b []byte) {
	if cap(b) <= maxKeptBuffer && len(p.bufs) < 32 {
		p.bufs = append(p.bufs, b)
	}
}

// counted counts a change of the value v at the start of the current leaf.
func (p *pass) counted(r rule, v []byte) {
	p.tally.count(r)
	if p.explainer != nil {
		p.explain(r, 0, shapeOf(v))
	}
}

func (p *pass) learn(kind uint8, id []byte) {
	if p.r.learn != nil && kind != 0 && len(id) > 0 && !isMasked(id) {
		p.calls++
		p.r.learn(p.r.kinds[kind].name, id)
	}
}

func (p *pass) kindName(kind uint8) string {
	if kind == 0 {
		return idNouns[1]
	}
	return p.r.kinds[kind].name
}

// edit replaces s[start:end] of a scanned text by repl[from:to].
type edit struct{ start, end, from, to int }
