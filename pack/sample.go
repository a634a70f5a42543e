package pack

import (
	"bytes"
	"time"

	"relaypack/scrape"
	"relaypack/scrape/profile"
)

// sampleFields are the fields of a sample behind its timestamp, in their order.
var sampleFields = [...]field{
	{"samples", "framesIn", numbers},
	{"samples", "drops", number},
	{"samples", "errors", number},
	{"samples", "lastFrameAgeMs", number},
}

// traced is one field of the samples, and what its ways gave since the last sample.
type traced struct {
	spec   profile.TraceField
	fresh  []*kept // by way, each under the field's name; nil: nothing newer than the sample before
	source string  // of the newest value in a sample, "" for none
}

// sample is one moment of a trace. A field that no source told anew is nil.
type sample struct {
	at     time.Time
	values [len(sampleFields)]*kept
}

// followTraces gives a look to the running trace, and notes for those that are over which look was the
// first one after. Record calls it with the lock held.
func (r *Recorder) followTraces(s *scrape.Snapshot) {
	gate := ""
	if r.profile.Gate != nil {
		gate = r.profile.Gate.Source
	}
	open := false
	for _, res := range s.Results {
		open = open || res.Source == gate && res.State.Status == scrape.OK
		if t := r.traces.current; t != nil {
			r.readTrace(t, res)
		}
	}
	for _, t := range r.traces.list {
		for _, c := range r.classes {
			if _, closed := t.closed[c.name]; t.closed != nil && !closed && c.readAt.After(t.ended) {
				t.closed[c.name] = c.readAt
			}
		}
	}
	if !open || len(r.traces.list) == 0 {
		return
	}
	select {
	case r.traces.looked <- struct{}{}:
	default:
	}
}

// readTrace takes what one answer says of the trace's session. Of the answer nothing is kept but the
// redacted values of the fields.
func (r *Recorder) readTrace(t *trace, res *scrape.Result) {
	if t.raw == nil {
		return
	}
	for i := range t.fields {
		f := &t.fields[i]
		for j, w := range f.spec.Ways {
			if w.From != res.Source {
				continue
			}
			if res.State.Status != scrape.OK {
				// One that waits for its turn says nothing about the relay.
				t.stale = t.stale || res.State.Status != scrape.Skipped
				continue
			}
			t.stale = false
			if w.Each.Empty() {
				t.heard = time.Now()
			}
			if k := r.traceValue(t, f.spec.Name, &w, res); k != nil {
				f.fresh[j] = k
			}
		}
	}
}

// traceValue is the value that one way gives, nil for none.
func (r *Recorder) traceValue(t *trace, name string, w *profile.TraceWay, res *scrape.Result) *kept {
	body := res.Body
	if w.Recorded && r.unwired == yes || body == nil {
		return nil
	}
	if !w.Each.Empty() {
		body = t.element(r, w, body)
	}
	if body == nil {
		return nil
	}
	body = (&session{raw: t.raw}).hide(r.redactor, body)
	doc, _, err := profile.Document(body)
	if err != nil {
		r.queryErrors.Add(1)
		return nil
	}
	v, err := r.run(w.Query, doc, res.At)
	if err != nil {
		return nil
	}
	raw := shapeOfSample(name).encode(v)
	if raw == nil || len(raw) > maxValue {
		return nil
	}
	k, value := r.takeField(name, raw, res.At)
	if value == nil {
		return nil
	}
	return &k
}

func shapeOfSample(name string) shape {
	for _, f := range sampleFields {
		if f.name == name {
			return f.shape
		}
	}
	return number
}

// element is the one element of a list that names the trace's session: by its raw id, else by the
// masked form where no other element has that, too. Nil: none, or two.
func (t *trace) element(r *Recorder, w *profile.TraceWay, body []byte) []byte {
	var exact, alike []byte
	n := 0
	// An answer that was walked once is JSON, so the walk does not fail.
	_ = w.Each.Each(body, func(v []byte) error {
		id, _ := w.Session.First(v)
		switch raw, masked := sessionHashes(r.redactor, scalarText(id)); {
		case raw != 0 && raw == t.hash:
			exact = v
		case raw == 0 && masked != 0 && masked == t.masked:
			alike = v
			n++
		}
		return nil
	})
	switch {
	case exact != nil:
		return bytes.Clone(exact)
	case n == 1:
		return bytes.Clone(alike)
	}
	return nil
}

// sampleTrace takes a sample: of each field the best value that came since the last one.
func (b *Builder) sampleTrace(t *trace) {
	r := b.opts.Recorder
	now := b.opts.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(t.samples) >= maxTraceSamples || t.raw == nil {
		return
	}
	one := sample{at: now}
	for i := range t.fields {
		f := &t.fields[i]
		for j, k := range f.fresh {
			if k == nil {
				continue
			}
			for at := range sampleFields {
				if sampleFields[at].name == f.spec.Name {
					one.values[at], f.source = k, f.spec.Ways[j].From
				}
			}
			break
		}
		clear(f.fresh)
	}
	t.heard = time.Time{}
	t.samples = append(t.samples, one)
}

// sweepTraces redacts again what names one of the ids.
func (r *Recorder) sweepTraces(ids [][]byte) {
	for _, t := range r.traces.list {
		r.sweep(&t.relay, ids)
		r.sweepOwn(t, ids)
		for i := range t.fields {
			for _, k := range t.fields[i].fresh {
				if k != nil {
					r.sweep(k, ids)
				}
			}
		}
		for _, s := range t.samples {
			for _, k := range s.values {
				if k != nil {
					r.sweep(k, ids)
				}
			}
		}
	}
}
