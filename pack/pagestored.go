package pack

import (
	"bytes"
	"slices"
	"strconv"
)

// stored is the page as an array of {family, type, samples}: an object under a name like
// auth_failures_total would be removed as what the name says when it is read back, though it holds a
// count.
func (p *page) stored() (storedPage, bool) {
	if p.life == nil {
		return storedPage{}, false
	}
	_, account := p.told()
	out := storedPage{account.stored(), p.omitted}
	if account.clean.Len() > 0 {
		return out, true
	}
	var a array
	for _, f := range p.families {
		var one object
		one.text("family", f.name)
		one.text("type", f.kind)
		one.name("samples")
		one.buf = f.appendTo(one.buf)
		a.raw(one.done())
	}
	out.Clean = a.done()
	return out, true
}

// restorePage takes the page that an agent before has stored, which stands until the first one is read.
func (r *Recorder) restorePage(s storedPage, in func(n int) *life) bool {
	delete(s.Counts, equalSeries) // is counted anew
	k, ok := r.restoreKept(s.storedKept, in)
	if !ok {
		return false
	}
	r.metrics = newPage()
	r.metrics.life, r.metrics.at, r.metrics.omitted, r.metrics.kept = k.life, k.at, s.Omitted, k
	r.metrics.once.Do(r.metrics.assemble)
	return true
}

// assemble makes body of the bytes that were stored.
func (p *page) assemble() {
	families, _ := elements(p.kept.clean.Bytes())
	names := make([]string, len(families))
	seen := make(map[string]bool, len(families))
	changed := len(p.kept.counts) > 0
	var o object
	for i, f := range families {
		names[i] = string(scalarText(memberOf(f, "family")))
		if names[i] == "" || seen[names[i]] {
			continue
		}
		seen[names[i]] = true
		var one object
		one.raw("type", memberOf(f, "type"))
		samples := memberOf(f, "samples")
		if changed {
			merged := 0
			if samples, merged = mergeEqual(samples); merged > 0 {
				p.kept.counts = addCount(p.kept.counts, equalSeries, merged)
			}
		}
		one.raw("samples", samples)
		o.raw(names[i], one.done())
	}
	p.body = o.done()
	p.kept.removed = slices.Clone(p.kept.removed)
	for i, rem := range p.kept.removed {
		p.kept.removed[i].Parent = byName(rem.Parent, names)
	}
}

// byName gives the pointer into body for one into the array.
func byName(pointer string, names []string) string {
	segments := splitPointer(pointer)
	if len(segments) == 0 {
		return pointer
	}
	i, err := strconv.Atoi(segments[0])
	if err != nil || i < 0 || i >= len(names) {
		return pointer // told by name already: of a page that was swept
	}
	segments[0] = names[i]
	return joinPointer(segments...)
}

func mergeEqual(samples []byte) (left []byte, merged int) {
	list, ok := elements(samples)
	if !ok {
		return samples, 0
	}
	seen := make(map[string]bool, len(list))
	var a array
	for _, sample := range list {
		series := string(sample[:max(0, bytes.LastIndex(sample, []byte(`,"value":`)))])
		if series != "" && seen[series] {
			merged++
			continue
		}
		seen[series] = true
		a.raw(sample)
	}
	if merged == 0 {
		return samples, 0
	}
	return a.done(), merged
}
