package pack

import "sort"

// What the size ladder leaves.
const (
	newestKept = 100 // of a class's events, at the new end
	oldestKept = 20  // and at the old end
	newestLeft = 20  // the same as the last resort before the minimal pack
	oldestLeft = 5
	listedKept = 50 // of sockets, sessions and errors
	coarser    = 4  // every n-th point of the history
)

// rung is one cut, made when the pack is still over its limit.
type rung struct {
	p   *part
	cut func(p *part) (before, after int)
}

// fit cuts the draft rung by rung until it is within its limit: events of the largest class first,
// then of the next, then a session's events, history, lists, metrics, and then events again. Each cut
// is noted. What is still over the limit afterwards becomes the minimal pack when it is rendered.
func (d *draft) fit(ladder []rung) {
	d.full = d.size()
	for _, r := range ladder {
		if d.size() <= d.limit-d.reserve() {
			return
		}
		before, after := r.cut(r.p)
		if before != after {
			d.cuts = append(d.cuts, cutNote{r.p.name(), before, after})
		}
	}
}

// reserve is kept free for what redaction and verification have to tell.
func (d *draft) reserve() int { return min(64<<10, d.limit/4) }

// eventRungs thins the classes of a section, the largest first.
func eventRungs(parts []*part, newest, oldest int) []rung {
	parts = append([]*part(nil), parts...)
	sort.SliceStable(parts, func(i, j int) bool { return len(parts[i].data) > len(parts[j].data) })
	var out []rung
	for _, p := range parts {
		out = append(out, rung{p, func(p *part) (int, int) { return p.thin(newest, oldest) }})
	}
	return out
}

// thin leaves the newest and the oldest events: how it is now, and how it began.
func (p *part) thin(newest, oldest int) (before, after int) {
	n := len(p.events)
	if n <= newest+oldest {
		return n, n
	}
	left := append([]*event(nil), p.events[:newest]...)
	left = append(left, p.events[n-oldest:]...)
	p.setEvents(left)
	return n, len(left)
}

// drop leaves what the minimal pack has.
func drop(count int) func(*part) (int, int) {
	return func(p *part) (int, int) {
		p.reduce()
		return count, 0
	}
}

// dropList leaves what the minimal pack has in place of a list part.
func dropList(p *part) (before, after int) {
	all, _ := elements(memberOf(p.data, "list"))
	p.reduce()
	return len(all), 0
}

// shorten leaves the first elements of a list part.
func shorten(p *part) (before, after int) {
	list, _ := members(p.data)
	var o object
	for _, m := range list {
		all, isList := elements(m.value)
		if m.name != "list" || !isList || len(all) <= listedKept {
			o.raw(m.name, m.value)
			continue
		}
		var a array
		for _, one := range all[:listedKept] {
			a.raw(one)
		}
		before, after = len(all), listedKept
		o.raw(m.name, a.done())
	}
	p.data = o.done()
	return before, after
}
