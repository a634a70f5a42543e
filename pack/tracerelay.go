package pack

import (
	"context"
	"time"

	"relaypack/scrape"
)

// Bounds of what is kept of an answer about the relay's own trace.
const (
	maxRelayListed = 100       // elements of each list
	maxRelayTold   = 256 << 10 // bytes
	relayLevels    = 4         // of objects in which lists are cut
)

// How it stands with the relay's own trace, trace.relay.status.
const (
	relayWaits   = "waiting"      // it was not read yet
	relayTold    = "told"         // answer is what it said last
	relayGone    = "not there"    // the relay does not know it: it began anew, or somebody else read it to its end
	relayUnfit   = "not usable"   // its answer is over the bound, no object, or cannot be redacted
	relayNothing = "not answered" // it was asked several times
)

// relayTrace is the relay's own trace beside one of the agent's: what it told, redacted and cut.
type relayTrace struct {
	status  string // "": none was started, or nothing says how to read it
	kept    kept   // a JSON object; empty: none yet
	samples int    // that it listed; -1: it has no such list
	cut     int    // elements of its lists that were left out
}

// askOwn gives the question for the relay's own trace beside one of this agent's, while the relay has it.
func (b *Builder) askOwn(id string) []scrape.Ask {
	r := b.opts.Recorder
	r.mu.RLock()
	defer r.mu.RUnlock()
	t := r.findTrace(id)
	sources := b.sourcesOf("trace.")
	if t == nil || len(sources) == 0 {
		return nil
	}
	for _, d := range r.traces.debts {
		if r.toldOfTrace(d.id).hash == t.relayHash {
			return []scrape.Ask{{Source: sources[0], Params: map[string]string{"trace": d.id}}}
		}
	}
	return nil
}

// hearOwn takes the answer to askOwn.
func (b *Builder) hearOwn(id string, asks []scrape.Ask, res *scrape.Result) {
	if len(asks) == 0 || res == nil {
		return
	}
	r := b.opts.Recorder
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.findTrace(id)
	if t == nil {
		return
	}
	r.takeOwn(t, res)
	own := asks[0].Params["trace"]
	for _, d := range r.traces.debts {
		if d.id == own && !time.Now().Before(d.due) && res.State.Status == scrape.OK {
			r.settleDebt(own, true, t) // that was the last time that the relay tells it
			return
		}
	}
}

// takeOwn keeps what the relay says of its own trace. What it said before stays where it says nothing now.
func (r *Recorder) takeOwn(t *trace, res *scrape.Result) {
	own := &t.own
	switch {
	case res.State.Status != scrape.OK:
		return
	case res.Body == nil:
		if own.status == relayWaits {
			own.status = relayGone
		}
		return
	}
	samples := -1
	if list, ok := elements(memberOf(res.Body, "samples")); ok {
		samples = len(list)
	}
	body, cut := cutLists((&session{raw: t.raw}).hide(r.redactor, res.Body), relayLevels)
	k := kept{}
	_, ok := members(body)
	if ok = ok && len(body) <= maxRelayTold; ok {
		k, ok = r.take(body, res.At)
	}
	if !ok {
		if own.status == relayWaits {
			own.status = relayUnfit
		}
		return
	}
	*own = relayTrace{status: relayTold, kept: k, samples: samples, cut: cut}
}

// giveUpOwn notes that nobody asks any more.
func (t *trace) giveUpOwn() {
	if t.own.status == relayWaits {
		t.own.status = relayNothing
	}
}

// cutLists leaves the first maxRelayListed elements of each list of an object, and counts the others. The
// relay lists the newest first.
func cutLists(value []byte, levels int) (out []byte, cut int) {
	if list, ok := elements(value); ok {
		if len(list) <= maxRelayListed {
			return value, 0
		}
		var a array
		for _, one := range list[:maxRelayListed] {
			a.raw(one)
		}
		return a.done(), len(list) - maxRelayListed
	}
	all, ok := members(value)
	if !ok || levels == 0 {
		return value, 0
	}
	var o object
	for _, m := range all {
		next, n := cutLists(m.value, levels-1)
		o.raw(m.name, next)
		cut += n
	}
	return o.done(), cut
}

// addTo adds trace.relay, null where there is none, and gives its part.
func (own *relayTrace) addTo(d *draft, path []string) *part {
	p := d.add(&part{path: path, least: []byte("null"), owned: 1, element: 4})
	if own.status == "" {
		p.data = p.least
		return p
	}
	var o object
	o.text("status", own.status)
	o.instant("asOf", own.kept.at)
	if own.status == relayTold && own.samples >= 0 {
		o.number("samples", int64(own.samples))
	} else {
		o.raw("samples", nil)
	}
	o.number("cut", int64(own.cut))
	o.raw("answer", own.kept.clean.Bytes())
	p.data = o.done()
	p.take(own.kept, "answer")
	return p
}

// dropOwn leaves out what the relay said.
func dropOwn(p *part) (before, after int) {
	if string(p.data) == string(p.least) {
		return 0, 0
	}
	p.reduce()
	return 1, 0
}

// payDebt reads one trace of the relay that is over: the relay forgets it then, and never else. It
// rides on the gate that a burst has asked.
func (b *Builder) payDebt(ctx context.Context) {
	r := b.opts.Recorder
	r.mu.RLock()
	id := ""
	for _, d := range r.traces.debts {
		if !time.Now().Before(d.due) {
			id = d.id
			break
		}
	}
	r.mu.RUnlock()
	sources := b.sourcesOf("trace.")
	if id == "" || b.opts.Asker == nil || len(sources) == 0 {
		return
	}
	results := b.opts.Asker.Ask(ctx, []scrape.Ask{{Source: sources[0], Params: map[string]string{"trace": id}, Spare: true}})
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.findTrace(id)
	if t != nil && len(results) == 1 && results[0] != nil {
		r.takeOwn(t, results[0])
	}
	r.settleDebt(id, len(results) == 1 && results[0] != nil && results[0].State.Status == scrape.OK, t)
}

// settleDebt strikes a debt that is paid, or was tried often enough.
func (r *Recorder) settleDebt(id string, paid bool, t *trace) {
	var left []debt
	for _, d := range r.traces.debts {
		if d.id == id {
			d.tries++
			if paid {
				continue
			}
			if d.tries >= debtTries {
				if t != nil {
					t.giveUpOwn()
				}
				continue
			}
		}
		left = append(left, d)
	}
	r.traces.debts = left
}

// sweepOwn redacts again what names one of the ids.
func (r *Recorder) sweepOwn(t *trace, ids [][]byte) {
	if _, ok := r.sweep(&t.own.kept, ids); !ok {
		t.own = relayTrace{status: relayUnfit}
	}
}
