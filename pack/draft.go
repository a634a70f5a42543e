package pack

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"relaypack/pack/redact"
)

// part is one section of a pack, or one member of a section that is cut or verified on its own.
//
// The depths say what can be taken out of it, counted in members below the part: down to `owned` the
// names are the format's, so that a value becomes null there; deeper ones go with their name. What
// lies below `deepest` goes as the whole value at that depth. At `element` stand the events of a
// list or the families of a map.
type part struct {
	path    []string // one or two names
	data    []byte
	least   []byte // what the minimal pack has in its place: the agent's own numbers and constants
	events  []*event
	edited  bool // data is not just the events any more
	fixed   bool // the agent's own numbers and constants: never left out
	counts  []ruleCount
	removed []redact.Removal // pointers within the pack; those of events are made when they are told
	dropped int

	owned, deepest, element int
}

// draft is a pack that is not verified yet: its parts in the order of the format.
type draft struct {
	parts []*part
	told  *part // supportBundle.redaction, made anew for each verification; nil in a view
	sized *part // supportBundle.size; nil in a view
	id    string
	at    time.Time
	cuts  []cutNote
	limit int
	full  int
	outcome
	constants redactionConstants
	omitted   omissions
	leftOut   []string // names of parts that somebody had left out
}

// outcome is what verification did.
type outcome struct {
	verdict  Verdict // "" before the first verification
	findings int
	taken    []taken
	counts   map[taken]int
	untold   int  // of taken, over its bound
	bare     bool // the report itself was found fault with: it tells no pointers any more
}

// omissions are the counts of what the bounds of the Recorder left out, told in supportBundle.size.
type omissions struct {
	series, gaps int
	refused      int64
}

func (d *draft) add(p *part) *part {
	d.parts = append(d.parts, p)
	return p
}

// own adds a part that holds nothing but the agent's own numbers and constants.
func (d *draft) own(data []byte, path ...string) *part {
	data = appendRaw(nil, data)
	return d.add(&part{path: path, data: data, least: data, fixed: true})
}

// take adds what the redactor did to one value to the part's account.
func (p *part) take(k kept, prefix ...string) {
	for _, c := range k.counts {
		p.counts = addCount(p.counts, c.rule, c.n)
	}
	at := joinPointer(append(slices.Clone(p.path), prefix...)...)
	for _, rem := range k.removed {
		p.removed = append(p.removed, redact.Removal{Parent: at + rem.Parent, Rule: rem.Rule})
	}
	p.dropped += k.dropped
}

// setEvents makes the part a list of events.
func (p *part) setEvents(events []*event) {
	p.events = events
	p.counts, p.removed, p.dropped = nil, nil, 0
	size := 2
	for _, e := range events {
		size += e.clean.Len() + 1
		for _, c := range e.counts {
			p.counts = addCount(p.counts, c.rule, c.n)
		}
		p.dropped += e.dropped
	}
	a := array{buf: make([]byte, 0, size)}
	for _, e := range events {
		a.raw(e.clean.Bytes())
	}
	p.data = a.done()
}

// removals gives where something was removed, as pointers into the pack.
func (p *part) removals() []redact.Removal {
	all := p.removed
	for i, e := range p.events {
		for _, rem := range e.removed {
			at := joinPointer(append(slices.Clone(p.path), strconv.Itoa(i))...)
			all = append(all[:len(all):len(all)], redact.Removal{Parent: at + rem.Parent, Rule: rem.Rule})
		}
		if len(all) > maxTold {
			return all
		}
	}
	return all
}

func (p *part) name() string { return strings.Join(p.path, ".") }

func (p *part) reduce() {
	p.edited = true
	p.data, p.events, p.counts, p.removed, p.dropped = p.least, nil, nil, nil, 0
}

// join writes the parts as one JSON object; neighbours of one first name become one member.
func (d *draft) join() []byte {
	out := append(make([]byte, 0, d.size()), '{')
	group := ""
	for i, p := range d.parts {
		grouped := len(p.path) > 1 && p.path[0] == group
		if group != "" && !grouped {
			out, group = append(out, '}'), ""
		}
		if i > 0 {
			out = append(out, ',')
		}
		if !grouped {
			out = append(appendString(out, p.path[0]), ':')
		}
		if len(p.path) > 1 {
			if !grouped {
				out, group = append(out, '{'), p.path[0]
			}
			out = append(appendString(out, p.path[1]), ':')
		}
		out = append(out, p.data...)
	}
	if group != "" {
		out = append(out, '}')
	}
	return append(out, '}')
}

// size is an upper bound of the joined length, near it.
func (d *draft) size() int {
	n := 2
	for _, p := range d.parts {
		n += len(p.data) + len(p.path[0]) + 6
		if len(p.path) > 1 {
			n += len(p.path[1]) + 4
		}
	}
	return n
}

// find gives the part that a pointer leads into, and the rest of the way.
func (d *draft) find(segments []string) (*part, []string) {
	for _, p := range d.parts {
		if len(segments) >= len(p.path) && slices.Equal(segments[:len(p.path)], p.path) {
			return p, segments[len(p.path):]
		}
	}
	return nil, nil
}
