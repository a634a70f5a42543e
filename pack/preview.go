package pack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// ErrNoPart is the error of leaving out what is no part of the pack, or what every pack has.
var ErrNoPart = errors.New("no part of the pack that can be left out")

// Preview is a finished pack that somebody looks at before it leaves, and of which parts can still be
// left out. It is safe for concurrent use.
type Preview struct {
	b    *Builder
	d    *draft
	pack *Pack
}

// Part is one section of a pack, or one member of a section that consists of several.
type Part struct {
	Path  []string // one or two names: recentEvents, error
	Name  string   // the same, joined by a dot
	Bytes int      // of its value
	Fixed bool     // every pack has it: it cannot be left out
	Left  bool     // it was left out
}

// Preview makes one pack as Build does, and keeps what is needed to leave parts of it out.
func (b *Builder) Preview(ctx context.Context, req Request) (*Preview, error) {
	d, made, err := b.build(ctx, req)
	if err != nil {
		return nil, err
	}
	return &Preview{b, d, made}, nil
}

// Pack is the pack as it is looked at: what is downloaded are its bytes.
func (p *Preview) Pack() *Pack { return p.pack }

// Parts are the pack's parts in its order.
func (p *Preview) Parts() []Part {
	out := make([]Part, 0, len(p.d.parts))
	for _, one := range p.d.parts {
		out = append(out, Part{
			Path: one.path, Name: one.name(), Bytes: len(one.data), Fixed: one.fixed,
			Left: slices.Contains(p.d.leftOut, one.name()),
		})
	}
	return out
}

// Without makes a pack that has null, or an empty list, in place of the named parts, and tells their names
// under supportBundle.size.leftOut. All else is as it was, but for the pack's id and its account of what was
// removed; the second detector reads it anew. Nothing is asked of the relay. ErrNoPart for a name that is
// none.
func (p *Preview) Without(names ...string) (*Preview, error) {
	d := p.d.clone()
	for _, name := range names {
		i := slices.IndexFunc(d.parts, func(one *part) bool { return one.name() == name && !one.fixed })
		if i < 0 {
			return nil, fmt.Errorf("leave out a part: %w", ErrNoPart)
		}
		if !slices.Contains(d.leftOut, name) {
			d.parts[i].reduce()
			d.leftOut = append(d.leftOut, name)
		}
	}
	d.rename(newID("pack", d.at))
	body := d.verified(p.b.opts.Detector)
	return &Preview{p.b, d, &Pack{id: d.id, at: d.at, verdict: d.verdict, body: body}}, nil
}

// clone is a draft that can be changed without a change to d.
func (d *draft) clone() *draft {
	c := *d
	c.parts = make([]*part, len(d.parts))
	for i, p := range d.parts {
		one := *p
		c.parts[i] = &one
		if p == d.told {
			c.told = &one
		}
		if p == d.sized {
			c.sized = &one
		}
	}
	c.cuts, c.taken, c.leftOut = slices.Clone(d.cuts), slices.Clone(d.taken), slices.Clone(d.leftOut)
	c.counts = maps.Clone(d.counts)
	c.constants.exceptions = slices.Clone(d.constants.exceptions)
	return &c
}

// rename gives the draft another id.
func (d *draft) rename(id string) {
	d.id = id
	for _, p := range d.parts {
		if p.name() == "packId" {
			p.data = appendString(nil, id)
			p.least = p.data
		}
	}
}

// Value is the JSON of the part of that name; false: there is none.
func (p *Preview) Value(name string) ([]byte, bool) {
	for _, one := range p.d.parts {
		if one.name() == name {
			return one.data, true
		}
	}
	return nil, false
}
