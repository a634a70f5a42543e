package pack

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"relaypack/scrape"
)

// Restored says what a Recorder took over from the agent before.
type Restored struct {
	Entries int
	Refused int         // entries that could not be read or redacted, or of which this agent knows no kind, class or source
	Events  int         // in the windows now
	Life    scrape.Life // the relay's last one, for scrape.Options.Last; N is 0 for none
	WasUp   bool        // one of its lives has answered
	At      time.Time   // of the last look; zero: none
}

// Restore takes over what Entries handed out, in that order, before the first look. Every value passes
// the redactor as it is now. What cannot be used is counted and left out, so that nothing on disk keeps
// an agent from starting.
func (r *Recorder) Restore(each func(func(Entry) error) error) (Restored, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.at.IsZero() || len(r.lives) > 0 {
		return Restored{}, errors.New("restore: this recorder has taken looks already")
	}
	in := &restoring{r: r, lives: make(map[int]*life), rules: make(map[string]*rule), lists: make(map[string]*listing)}
	for _, rules := range r.bySource {
		for _, one := range rules {
			if one.series == nil {
				in.rules[one.name()] = one
			}
		}
	}
	for _, l := range r.lists {
		for _, v := range l.variants {
			in.lists[v.name(l)] = v
		}
	}
	var done Restored
	err := each(func(e Entry) error {
		done.Entries++
		if !in.take(e) {
			done.Refused++
		}
		return nil
	})
	for _, c := range r.classes {
		c.evictedBefore -= c.ring.Evicted() // by what was pushed again here
		c.ring.Expire(r.opts.Now())
		done.Events += c.ring.Len()
	}
	if n := len(r.lives); n > 0 {
		done.Life = r.lives[n-1].Life
	}
	for _, l := range r.lives {
		done.WasUp = done.WasUp || l.answered
	}
	done.At = r.at
	r.judgeUnwired()
	r.journal = journal{rewrite: r.journal.rewrite}
	if err != nil {
		return done, fmt.Errorf("restore: %w", err)
	}
	return done, nil
}

// restoring is what one Restore needs.
type restoring struct {
	r     *Recorder
	lives map[int]*life
	rules map[string]*rule
	lists map[string]*listing
}

// life gives the life of a number. One that is not listed any more is kept apart from all others.
func (in *restoring) life(n int) *life {
	if in.lives[n] == nil {
		in.lives[n] = &life{Life: scrape.Life{N: n}}
	}
	return in.lives[n]
}

func read[T any](data []byte) (v T, ok bool) { return v, json.Unmarshal(data, &v) == nil }

func (in *restoring) take(e Entry) bool {
	switch e.Kind {
	case entryLook:
		look, ok := read[storedLook](e.Data)
		return ok && in.look(look)
	case entryLives:
		all, ok := read[storedLives](e.Data)
		return ok && in.allLives(all)
	case entryGap:
		g, ok := read[storedGap](e.Data)
		if ok = ok && knownWhy(g.Why); ok {
			in.r.addGap(gap{at: time.UnixMilli(g.At), class: g.Class, life: in.life(g.Life), from: g.From, to: g.To, missed: g.Missed, why: g.Why})
		}
		return ok
	case entryClass:
		c, ok := read[storedClass](e.Data)
		return ok && in.class(c)
	case entryEvent:
		one, ok := read[storedEvent](e.Data)
		return ok && in.event(one)
	case entryPoints:
		points, ok := read[storedPoints](e.Data)
		return ok && in.points(points)
	}
	return in.takeValue(e)
}

// takeValue takes the kinds that replace what a look gave as a whole.
func (in *restoring) takeValue(e Entry) bool {
	switch r := in.r; e.Kind {
	case entryValue:
		v, ok := read[storedValue](e.Data)
		return ok && in.value(v)
	case entryList:
		l, ok := read[storedList](e.Data)
		v := in.lists[l.Name]
		if !ok || v == nil {
			return false
		}
		v.kept, v.known = r.restoreKept(l.storedKept, in.life)
		v.written = true
		v.count = l.Count
		return v.known || len(l.Clean) == 0
	case entryPage:
		p, ok := read[storedPage](e.Data)
		return ok && r.restorePage(p, in.life)
	case entryProcess:
		p, ok := read[storedProcess](e.Data)
		if !ok {
			return false
		}
		k, ok := r.restoreKept(p.storedKept, in.life)
		if ok {
			r.process, r.container = k, p.Container
		}
		return ok
	}
	return false
}

func (in *restoring) look(look storedLook) bool {
	in.r.at = time.UnixMilli(look.At)
	switch look.Port {
	case scrape.PortOpen, scrape.PortRefused, scrape.PortTimeout:
		in.r.port = look.Port
	}
	in.r.lastOK = make(map[string]time.Time, len(look.LastOK))
	for name, at := range look.LastOK {
		in.r.lastOK[name] = time.UnixMilli(at)
	}
	return true
}

func (in *restoring) allLives(all storedLives) bool {
	r := in.r
	r.lives = nil
	for _, one := range all.Lives[max(0, len(all.Lives)-maxLives):] {
		switch one.End {
		case "gone", "port-closed", "replaced":
		default:
			one.End = ""
		}
		switch one.Ending.OOM {
		case scrape.OOMCertain, scrape.OOMProbable:
		default:
			one.Ending.OOM = scrape.OOMNone
		}
		l := in.life(one.N)
		l.Life = one
		r.lives = append(r.lives, l)
		r.life = l
	}
	for _, n := range all.Answered {
		in.life(n).answered = true
	}
	r.shown = in.life(all.Shown)
	return true
}

func (in *restoring) class(s storedClass) bool {
	c := in.r.class(s.Name)
	if c == nil {
		return false
	}
	c.missed, c.answered, c.evictedBefore, c.resumed = s.Missed, s.Answered, s.Evicted, true
	c.life, c.count, c.broken, c.types = in.life(s.Life), s.Count, s.Broken, maps.Clone(s.Types)
	if c.types == nil {
		c.types = make(map[string]int)
	}
	for _, t := range s.Tracks {
		c.tracks[t.Prefix] = &track{life: in.life(t.Life), started: true, wentBack: t.WentBack, last: t.Last, restored: t.Last}
	}
	for _, v := range c.variants {
		for _, one := range s.Variants {
			if one.From == v.spec.From {
				v.life, v.started, v.newest = in.life(one.Life), one.Started, one.Newest
			}
		}
		if v.spec.From == s.Used {
			c.used = v
		}
	}
	return true
}

func (in *restoring) event(s storedEvent) bool {
	c := in.r.class(s.Class)
	if c == nil {
		return false
	}
	k, ok := in.r.restoreKept(s.storedKept, in.life)
	if !ok || k.clean.Len() > maxEvent {
		return false
	}
	e := &event{
		kept: k, class: c.name, id: s.ID, sequence: s.Sequence, firstSeen: k.at, timestamp: s.Timestamp, kind: s.Type,
		ruleSet: in.r.ruleSet, raw: s.Raw, masked: s.Masked, same: s.Same, words: hasWords(k.clean.Bytes()),
	}
	if _, twice := c.restored[e.same]; twice {
		return true
	}
	if c.restored == nil {
		c.restored = make(map[uint64]struct{})
	}
	c.restored[e.same] = struct{}{}
	c.ring.Push(e.firstSeen, e)
	return true
}

func (in *restoring) points(s storedPoints) bool {
	for name, value := range s.Values {
		if one := in.r.history.named(name); one != nil {
			one.push(time.UnixMilli(s.At), value)
		}
	}
	return true
}

func (in *restoring) value(s storedValue) bool {
	one := in.rules[s.Name]
	if one == nil {
		return false
	}
	one.number, one.given, one.value, one.written = s.Number, s.Given, nil, true
	one.kept = kept{life: in.life(s.Life), at: time.UnixMilli(s.At)}
	if len(s.Clean) == 0 {
		return true
	}
	k, ok := in.r.restoreKept(s.storedKept, in.life)
	if ok && one.section.field != "" {
		one.kept, one.value = k, fieldOf(k, one.section.leaf())
	}
	return ok
}

func knownWhy(why string) bool {
	switch why {
	case whyBeforeStart, whyBetweenLooks, whyIDsWentBack, whyClockStep, whyNoAgent:
		return true
	}
	return false
}
