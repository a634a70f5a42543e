package pack

import (
	"hash/maphash"
	"sync"

	"relaypack/scrape"
	"relaypack/scrape/profile"
)

// maxAskedFor bounds the sessions and traces of which the last answer is kept; the oldest goes first.
const maxAskedFor = 64

// told is what the relay said last about one session or trace that requests named. It keeps hashes of
// the name and clean values.
type told struct {
	section      string
	hash, masked uint64 // of the session; hash 0: it was named by its masked form and is not live
	life         *life
	values       map[string]askedValue // by the field's name
}

// askedValue is one clean value, kept under its name.
type askedValue struct {
	kept   kept
	source string
}

// toldList is safe for concurrent use: packs are built side by side.
type toldList struct {
	mu   sync.Mutex
	list []told // oldest first
}

func (t *toldList) keep(one told) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, old := range t.list {
		if old.section == one.section && old.hash == one.hash {
			t.list = append(t.list[:i], t.list[i+1:]...)
			break
		}
	}
	if len(t.list) == maxAskedFor {
		t.list = append(t.list[:0], t.list[1:]...)
	}
	t.list = append(t.list, one)
}

// last gives what was said in that life, nil for nothing. A masked name that fits several is no name.
func (t *toldList) last(of told, in *life) map[string]askedValue {
	t.mu.Lock()
	defer t.mu.Unlock()
	var found map[string]askedValue
	for _, one := range t.list {
		if one.section != of.section || one.life != in {
			continue
		}
		switch {
		case of.hash != 0 && one.hash == of.hash:
			return one.values
		case of.hash == 0 && one.masked == of.masked && found != nil:
			return nil
		case of.hash == 0 && one.masked == of.masked:
			found = one.values
		}
	}
	return found
}

// sweep redacts again what names one of the ids.
func (t *toldList) sweep(r *Recorder, ids [][]byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, one := range t.list {
		next := make(map[string]askedValue, len(one.values)) // a pack that is being built may read the old
		for name, v := range one.values {
			if _, ok := r.sweep(&v.kept, ids); ok {
				next[name] = v
			}
		}
		t.list[i].values = next
	}
}

// toldOf names the session of a request.
func (s *session) toldOf() told {
	one := told{section: "sessionParity", masked: s.masked}
	if s.raw != nil {
		one.hash = s.hash
	}
	return one
}

// toldOfTrace names the trace of a request.
func (r *Recorder) toldOfTrace(id string) told {
	return told{section: "trace", hash: maphash.String(r.seed, id) | 1}
}

// askedFields are the members of sessionParity and trace, in the format's order.
var askedFields = map[string][]field{
	"sessionParity": {
		{"sessionParity", "sessionId", text},
		{"sessionParity", "streams", streams},
		{"sessionParity", "duplicates", number},
		{"sessionParity", "outOfOrder", number},
		{"sessionParity", "lastError", anything},
	},
	"trace": {
		{"trace", "traceId", text},
		{"trace", "sessionId", text},
		{"trace", "startedAt", number},
	},
}

// asked adds sessionParity or trace to the draft: what the relay says now; where it says nothing, what
// it said last in the life that is shown; else null.
func (b *Builder) asked(d *draft, name string, of told, a *answers, note func(field, source string)) {
	p := d.add(&part{path: []string{name}, least: []byte("null"), owned: 1})
	r := b.opts.Recorder
	values := b.askedValues(name, a)
	switch {
	case values != nil:
		of.life, of.values = r.shown, values
		r.told.keep(of)
	case !b.answered(name, a):
		values = r.told.last(of, r.shown)
	}
	if values == nil {
		p.reduce()
		return
	}
	var o object
	for _, f := range askedFields[name] {
		v, given := values[f.name]
		o.raw(f.name, fieldOf(v.kept, f.name))
		if given {
			p.take(v.kept)
			note(name+"."+f.name, v.source)
		}
	}
	if name == "trace" {
		o.raw("samples", []byte("[]"))
	}
	p.data = o.done()
}

// whyNextLife is why an answer is not told: the rest of the pack is of the life before.
const whyNextLife = "its answer is of the relay's next life"

// keepTo drops the answers that are not of the life which the pack shows. A life that was seen to end
// does not answer: it is another one, of which nothing else is known yet.
func (a *answers) keepTo(shown *life) {
	for source, res := range a.results {
		if res.Life.N > 0 && (res.Life.N != shown.N || !res.Life.EndedAt.IsZero()) && res.State.Status == scrape.OK {
			a.refused[source] = whyNextLife
			delete(a.results, source)
		}
	}
}

// answered says whether the relay answered for a section, be it that it has nothing.
func (b *Builder) answered(name string, a *answers) bool {
	for _, source := range b.sourcesOf(name + ".") {
		if res := a.results[source]; res != nil && res.State.Status == scrape.OK {
			return true
		}
	}
	return false
}

// askedValues redacts what the relay just said, nil where that is nothing.
func (b *Builder) askedValues(name string, a *answers) map[string]askedValue {
	values := make(map[string]askedValue)
	docs := make(map[string]any)
	for _, f := range askedFields[name] {
		if v, ok := b.askedField(f, a, docs); ok {
			values[f.name] = v
		}
	}
	if len(values) == 0 {
		return nil
	}
	return values
}

func (b *Builder) askedField(f field, a *answers, docs map[string]any) (v askedValue, ok bool) {
	r := b.opts.Recorder
	s := r.sections[f.section+"."+f.name]
	if s == nil {
		return v, false
	}
	for _, one := range s.rules {
		res := a.results[one.spec.From]
		if res == nil || res.State.Status != scrape.OK || res.Body == nil {
			continue
		}
		body := a.session.hide(r.redactor, res.Body)
		if _, done := docs[res.Source]; !done {
			docs[res.Source], _, _ = profile.Document(body)
		}
		v, err := r.run(one.spec.Query, docs[res.Source], res.At)
		if err != nil {
			continue
		}
		raw := f.shape.encode(v)
		if one.path != nil && raw != nil {
			if written, ok := one.path.First(body); ok {
				raw = written
			}
		}
		if raw == nil || len(raw) > maxValue {
			continue
		}
		k, value := r.takeField(f.name, raw, res.At)
		if value != nil {
			return askedValue{k, one.spec.From}, true
		}
	}
	return v, false
}
