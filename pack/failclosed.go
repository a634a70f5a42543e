package pack

import (
	"strconv"

	"relaypack/pack/verify"
)

// Bounds of verification. A pack that is scanned lastRound times is reduced to the minimal one.
const (
	floodRounds = 12   // rounds that may end with as many findings as a scan tells
	floodScan   = 1000 // findings from which on a scan may have told only a part
)

// level is how much a finding takes out of a pack.
type level uint8

const (
	takeField level = iota
	takeEvent
	takeSection
	takeAll
)

var levelNames = [...]string{"field", "event", "section", "pack"}

// taken is what verification took out: how many findings of a kind in a place.
type taken struct {
	pointer, kind string
	level         level
}

// verified gives the finished bytes: read by the detector, and without anything that it finds. What
// is found goes: the field, else the event, else the section, else all but the agent's own numbers
// and constants. Two rounds are tried at each level; a flood that a scan cannot tell as a whole has
// some rounds more, so that it costs fields and not the pack.
func (d *draft) verified(detector *verify.Detector) []byte {
	if d.verdict == "" { // else a part was left out of a draft that was verified before, which stays told
		d.verdict, d.counts = Clean, make(map[taken]int)
	}
	counts := d.counts
	floods, round := 0, 0
	for {
		doc := d.render(counts)
		if over := len(doc) > d.limit && d.limit > 0; over && !d.bare {
			d.bare = true // its places are the least loss
			continue
		} else if over {
			d.cuts = append(d.cuts, cutNote{"pack", d.full, 0})
			d.reduceAll()
			return d.render(counts)
		}
		turn := detector.Turn()
		findings := d.scan(detector, doc, turn)
		if len(findings) == 0 {
			d.markVerified(turn)
			return doc
		}
		d.verdict = Cleaned
		d.findings += len(findings)
		at := level(round / 2)
		if len(findings) >= floodScan && floods < floodRounds {
			floods++
			at = takeField
		} else {
			round++
		}
		if at >= takeAll {
			d.verdict = Minimal
			d.note(counts, taken{"", "", takeAll}, len(findings))
			d.reduceAll()
			return d.render(counts)
		}
		d.takeOut(findings, at, counts)
	}
}

// scan reads the finished bytes. Events that were read before, of which the windows hold the very bytes,
// are not taken apart again: in what is scanned a 0 stands in the place of each, and of the whole it is
// seen that nothing is in there that became known since. Where something is, all of it is scanned.
func (d *draft) scan(detector *verify.Detector, doc []byte, turn uint64) []verify.Finding {
	left := d.unread(turn)
	if left == nil || detector.Glance(doc) {
		return detector.Scan(doc)
	}
	return detector.Scan(left)
}

// unread is the pack without the events that were read in this turn of the detector; nil: there are none.
func (d *draft) unread(turn uint64) []byte {
	short, some := *d, false
	short.parts = make([]*part, len(d.parts))
	for i, p := range d.parts {
		short.parts[i] = p
		if len(p.events) == 0 || p.edited {
			continue
		}
		var a array
		for _, e := range p.events {
			if e.verified.Load() == turn {
				a.raw([]byte{'0'})
				some = true
			} else {
				a.raw(e.clean.Bytes())
			}
		}
		short.parts[i] = &part{path: p.path, data: a.done()}
	}
	if !some {
		return nil
	}
	return short.join()
}

// markVerified notes on the events of a pack without findings in which turn they were read.
func (d *draft) markVerified(turn uint64) {
	for _, p := range d.parts {
		if p.edited {
			continue
		}
		for _, e := range p.events {
			e.verified.Store(turn)
		}
	}
}

// takeOut changes the parts that something was found in.
func (d *draft) takeOut(findings []verify.Finding, at level, counts map[taken]int) {
	changes := make(map[*part]*edits)
	gone := make(map[*part]map[int]bool)
	for _, f := range findings {
		p, rest := d.find(splitPointer(f.Pointer))
		kind := plainKind(f.Kind)
		if p == nil {
			d.note(counts, taken{"", kind, takeAll}, 1)
			d.verdict = Minimal
			d.reduceAll()
			return
		}
		if p == d.told {
			d.bare = true
			d.note(counts, taken{joinPointer(p.path...), kind, takeSection}, 1)
			continue
		}
		took, target, how := p.place(rest, at)
		where := taken{joinPointer(p.path...), kind, took}
		if p.events != nil && len(rest) > 0 && p.element == 1 {
			where.pointer += "/" + rest[0]
		}
		d.note(counts, where, 1)
		if took == takeSection {
			p.reduce()
			delete(changes, p)
			continue
		}
		if changes[p] == nil {
			changes[p] = &edits{}
			gone[p] = make(map[int]bool)
		}
		changes[p].add(target, how)
		if i, err := strconv.Atoi(target[0]); err == nil && len(target) == 1 && how == remove {
			gone[p][i] = true
		}
	}
	for p, e := range changes {
		p.data, p.edited = e.apply(p.data), true
		p.forget(gone[p])
	}
}

// place says what goes for a finding at rest within the part, at a level.
func (p *part) place(rest []string, at level) (took level, target []string, how change) {
	if at == takeEvent && (p.element == 0 || len(rest) < p.element) {
		at = takeSection
	}
	if len(rest) == 0 || p.owned == 0 && p.element == 0 {
		at = takeSection
	}
	switch at {
	case takeField:
		if p.deepest > 0 && len(rest) > p.deepest {
			rest = rest[:p.deepest]
		}
		if len(rest) <= p.owned {
			return takeField, rest, toNull
		}
		if len(rest) <= p.element {
			return takeEvent, rest, remove
		}
		return takeField, rest, remove
	case takeEvent:
		return takeEvent, rest[:p.element], remove
	}
	return takeSection, nil, keep
}

// forget drops the events that were taken out, so that those left are told by their new places.
func (p *part) forget(gone map[int]bool) {
	if len(gone) == 0 || p.events == nil {
		return
	}
	var left []*event
	for i, e := range p.events {
		if !gone[i] {
			left = append(left, e)
		}
	}
	p.events = left
}

// note counts what was taken. Places are told up to a bound, and only as far as the pack's own names
// and the numbers of events go: a pointer into an event may itself be what was found.
func (d *draft) note(counts map[taken]int, t taken, n int) {
	if _, known := counts[t]; !known {
		if len(d.taken) >= maxTold {
			d.untold += n
			return
		}
		d.taken = append(d.taken, t)
	}
	counts[t] += n
}

// plainKind lets only words pass: kinds are the detector's, and not this package's to trust.
func plainKind(kind string) string {
	for i := range len(kind) {
		if c := kind[i]; (c < 'a' || c > 'z') && c != '-' {
			return "other"
		}
	}
	if len(kind) > 40 || hasWords([]byte(kind)) {
		return "other"
	}
	return kind
}

// reduceAll makes the draft the minimal one.
func (d *draft) reduceAll() {
	for _, p := range d.parts {
		p.reduce()
	}
	d.bare = true
}

// render writes the report on redaction and size into the draft, and joins it.
func (d *draft) render(counts map[taken]int) []byte {
	if d.sized != nil {
		d.sized.data = d.encodeSize()
	}
	if d.told != nil {
		d.told.data = d.encodeRedaction(counts)
	}
	return d.join()
}
