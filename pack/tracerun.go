package pack

import (
	"context"
	"time"

	"relaypack/scrape"
)

// RunTraces samples the traces that StartTrace begins, one at a time, until ctx ends; then the running
// one ends, too. One call at a time. Without it no trace can be started.
func (b *Builder) RunTraces(ctx context.Context) {
	r := b.opts.Recorder
	r.openTraces()
	defer b.closeTraces()
	for {
		select {
		case <-ctx.Done():
			return
		case t := <-r.traces.begun:
			b.runTrace(ctx, t)
		case <-r.traces.looked:
			b.payDebt(ctx)
		}
	}
}

func (r *Recorder) openTraces() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.traces.open = true
}

// closeTraces ends what runs.
func (b *Builder) closeTraces() {
	r := b.opts.Recorder
	r.mu.Lock()
	r.traces.open = false
	t := r.traces.current
	known := len(r.traces.list) > 0 && r.traces.list[len(r.traces.list)-1] == t
	select {
	case <-r.traces.begun:
	default:
	}
	r.mu.Unlock()
	if t != nil && known {
		r.endTrace(t, b.opts.Now())
	}
}

// runTrace takes a sample every 5 s after the first, which StartTrace took. A sample that was begun
// before the end is finished.
func (b *Builder) runTrace(ctx context.Context, t *trace) {
	r := b.opts.Recorder
	end := time.NewTimer(time.Until(t.begun.Add(t.length)))
	defer end.Stop()
	tick := time.NewTimer(time.Until(t.begun.Add(traceStep)))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return // closeTraces ends it
		case <-end.C:
			r.endTrace(t, b.opts.Now())
			return
		case <-r.traces.looked:
			// The gate has just been asked: behind it the session costs no question of its own.
			if t.begun.Add(t.length).After(time.Now().Add(askTime)) && r.heardOf(t).IsZero() {
				b.askTrace(ctx, t)
			}
			b.payDebt(ctx)
		case <-tick.C:
			if time.Since(r.heardOf(t)) > freshEnough {
				b.askTrace(ctx, t)
			}
			b.sampleTrace(t)
			next := t.begun.Add((time.Since(t.begun)/traceStep + 1) * traceStep)
			if next.Before(t.begun.Add(t.length)) && ctx.Err() == nil {
				tick.Reset(time.Until(next))
			}
		}
	}
}

// heardOf says when an answer about the session came; the zero time when none came since the last sample.
func (r *Recorder) heardOf(t *trace) time.Time {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return t.heard
}

// askTrace asks the relay about the session, behind what first has to be asked, and keeps what comes.
// Without first the questions can wait: they go behind an open gate, or where a question to it can be
// spared.
func (b *Builder) askTrace(ctx context.Context, t *trace, first ...scrape.Ask) {
	r := b.opts.Recorder
	asks := first
	for _, source := range asksOf(r.profile) {
		asks = append(asks, scrape.Ask{
			Source: source, Params: map[string]string{"session": string(t.raw)}, Spare: len(first) == 0,
		})
	}
	if b.opts.Asker == nil || len(asks) == 0 {
		return
	}
	results := b.opts.Asker.Ask(ctx, asks)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, res := range results {
		if res == nil {
			continue
		}
		b.takeStart(t, res)
		r.readTrace(t, res)
		b.remember(t, res)
	}
}

// remember keeps what the relay says of the session's parity as if a pack had asked for it: the next
// one may come when the relay is dead.
func (b *Builder) remember(t *trace, res *scrape.Result) {
	r := b.opts.Recorder
	s := &session{raw: t.raw, hash: t.hash, masked: t.masked}
	values := b.askedValues("sessionParity", &answers{session: s, results: map[string]*scrape.Result{res.Source: res}})
	if values != nil {
		of := s.toldOf()
		of.life, of.values = r.shown, values
		r.told.keep(of)
	}
}
