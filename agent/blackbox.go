package main

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"relaypack/pack"
	"relaypack/pack/incident"
	"relaypack/scrape"
	"relaypack/scrape/profile"
)

// finalsPerHour bounds the final packs of a profile that has no rule about the relay's end; where there
// is one, its cooldown and budget count.
const finalsPerHour = 6

// lastGlance is the longest that a stopping agent looks whether the relay ended, and how: its last pack is to
// be on disk within a second.
const lastGlance = 500 * time.Millisecond

// blackbox is what happens with each look: it is recorded and judged, what must outlive the agent is
// written, and where a rule fires or the relay ends a pack is made at once and handed on.
type blackbox struct {
	log     *slog.Logger
	o       *observer
	engine  *incident.Engine
	keeper  *keeper
	deliver func(p *pack.Pack, kind pack.TriggerKind)                      // puts a pack where it waits for its delivery
	built   func(p *pack.Pack, took time.Duration)                         // counts it
	cause   func(ctx context.Context, n int) (scrape.Life, *scrape.Result) // how a life ended, waited for a moment
	now     func() time.Time

	kept func(since time.Time) (id string) // a pack of an incident or end made since, that waits or was delivered

	resumed bool // what the agent before could not do is done
	judged  bool // by a rule of the profile: the relay's end
	last    scrape.Life
	finals  []time.Time // final packs that no rule bounds
	told    int         // the last life that had its final pack
}

func newBlackbox(o *observer, k *keeper, p *profile.Profile, now func() time.Time, log *slog.Logger) *blackbox {
	b := &blackbox{log: log, o: o, engine: o.engine, keeper: k, now: now, deliver: func(*pack.Pack, pack.TriggerKind) {}, built: func(*pack.Pack, time.Duration) {}, kept: func(time.Time) string { return "" }}
	b.cause = o.scraper.Cause
	b.last = k.done.Life
	for _, r := range p.Incidents.Rules {
		for _, c := range r.When {
			b.judged = b.judged || c.Kind == profile.OfRelay && (c.Relay == profile.RelayDown || c.Relay == profile.RelayRestarted)
		}
	}
	return b
}

// take takes one snapshot. It is called for one at a time.
func (b *blackbox) take(ctx context.Context, s *scrape.Snapshot) {
	if !b.resumed {
		b.resumed = true
		b.resume(ctx)
	}
	replaced := b.last.N > 0 && b.last.EndedAt.IsZero() && s.Life.N != b.last.N
	ended := b.last.N > 0 && b.last.EndedAt.IsZero() && s.Life.N == b.last.N && !s.Life.EndedAt.IsZero()
	before := b.last
	b.last = s.Life
	if replaced { // what comes in is of the next life and voids what is known of this one: its pack first
		b.o.recorder.Conclude(s.Before, s.Life)
		changes := b.judge(s)
		b.keeper.keep(b.o.recorder, b.engine, true) // the end first: a pack takes a while
		if b.pack(ctx, s.At, pack.Final, before.N, changes) {
			b.told = before.N
		}
		b.o.recorder.Record(s)
		b.keeper.keep(b.o.recorder, b.engine, true)
		return
	}
	b.o.recorder.Record(s)
	changes := b.judge(s)
	b.keeper.keep(b.o.recorder, b.engine, len(changes) > 0) // before the pack, which takes a while
	kind := pack.Incident
	if ended || s.Life.N > 0 && !s.Life.EndedAt.IsZero() && b.told != s.Life.N { // it may have been held back a while
		kind = pack.Final
	}
	if b.pack(ctx, s.At, kind, s.Life.N, changes) {
		if kind == pack.Final {
			b.told = s.Life.N
		}
		b.keeper.keep(b.o.recorder, b.engine, true)
	}
}

// resume makes the pack of what the agent before has noted and has made no pack of, before a look voids
// what is known of it. A pack that was kept, but not noted any more, is noted now.
func (b *blackbox) resume(ctx context.Context) {
	if b.last.N == 0 {
		return
	}
	ended := !b.last.EndedAt.IsZero()
	if ended && b.kept(b.last.EndedAt) != "" {
		b.told = b.last.N
	}
	trigger := pack.Trigger{Kind: pack.Incident, At: b.now()}
	var numbers []uint64
	for _, o := range b.engine.Unpacked() {
		if id := b.kept(o.At); id != "" {
			b.engine.Packed(o.Number, id)
			continue
		}
		numbers, trigger.Rules = append(numbers, o.Number), append(trigger.Rules, o.Rules...)
	}
	if len(numbers) == 0 {
		return
	}
	if ended {
		trigger.Kind = pack.Final
		b.o.recorder.Explain(b.cause(ctx, b.last.N))
	}
	made := b.build(ctx, trigger)
	if made == nil {
		return
	}
	if ended {
		b.told = b.last.N
	}
	for _, n := range numbers {
		b.engine.Packed(n, made.ID())
	}
	b.keeper.keep(b.o.recorder, b.engine, true)
}

// finish leaves a last pack when the agent stops, and all that it keeps on disk. Of a relay whose last pack
// was just made there is nothing more to tell. In a pod the agent is stopped as soon as the relay has ended,
// sooner than a glance comes by itself.
func (b *blackbox) finish() {
	ctx, cancel := context.WithTimeout(context.Background(), lastGlance)
	defer cancel()
	b.take(ctx, b.o.scraper.Glance(ctx))
	if b.last.N > 0 && !(b.told == b.last.N && !b.last.EndedAt.IsZero() && b.now().Sub(b.last.EndedAt) < time.Minute) {
		b.build(context.Background(), pack.Trigger{Kind: pack.Final, At: b.now()})
	}
	b.keeper.keepAll(b.o.recorder, b.engine)
}

// judge asks the rules and tells in the log what they say.
func (b *blackbox) judge(s *scrape.Snapshot) []incident.Change {
	changes := b.engine.Evaluate(incident.Input{At: s.At, Life: s.Life, Port: s.Port, States: s.States, Readings: b.o.recorder.Readings()})
	for _, c := range changes {
		level := slog.LevelInfo
		if c.Kind == incident.Opened {
			level = slog.LevelWarn
		}
		b.log.Log(context.Background(), level, "incident", "rule", c.Record.Rule, "change", string(c.Kind), "why", c.Why, "severity", string(c.Record.Severity), "summary", c.Record.Summary)
	}
	return changes
}

// pack makes the pack that is due, if one is: of a death of life n one, whatever fired with it. That one
// waits a moment for its cause; who asks for a pack meanwhile is told of the death.
func (b *blackbox) pack(ctx context.Context, at time.Time, kind pack.TriggerKind, n int, changes []incident.Change) bool {
	opening, rules := incident.Due(changes)
	if len(rules) == 0 && (kind != pack.Final || b.judged || b.told == b.last.N || !b.mayFinish(at)) {
		return false
	}
	if kind == pack.Final {
		b.o.recorder.Explain(b.cause(ctx, n))
	}
	made := b.build(ctx, pack.Trigger{Kind: kind, Rules: rules, At: at})
	if made != nil && len(rules) > 0 {
		b.engine.Packed(opening, made.ID())
	}
	return made != nil
}

// build makes a pack and hands it on. It asks the relay nothing.
func (b *blackbox) build(ctx context.Context, trigger pack.Trigger) *pack.Pack {
	began := time.Now()
	made, err := b.o.builder.Build(ctx, pack.Request{IncludeConfig: true, Trigger: trigger})
	if err != nil {
		b.log.Error("pack not built", "kind", string(trigger.Kind), "reason", err.Error())
		return nil
	}
	b.log.Info("pack built", "pack", made.ID(), "kind", string(trigger.Kind), "rules", trigger.Rules, "bytes", len(made.Bytes()))
	b.built(made, time.Since(began))
	b.deliver(made, trigger.Kind)
	return made
}

// mayFinish bounds the final packs that no rule bounds.
func (b *blackbox) mayFinish(at time.Time) bool {
	b.finals = slices.DeleteFunc(b.finals, func(t time.Time) bool { return at.Sub(t) >= time.Hour || t.After(at) })
	if len(b.finals) >= finalsPerHour {
		return false
	}
	b.finals = append(b.finals, at)
	return true
}
