package page

import (
	"bytes"
	"html/template"
	"slices"
	"sync"
	"time"

	"relaypack/pack"
)

const (
	listsEvery  = 5 * time.Second  // the long lists of sessions and sockets
	chartsEvery = 10 * time.Second // unless the relay ended, began anew, or a rule fired
	maxRows     = 100              // new events of one update
	maxLatest   = 8                // events on the overview
	maxListed   = 200              // sessions or sockets
)

// drawing is what the page remembers from one update to the next.
type drawing struct {
	mu       sync.Mutex
	listsAt  time.Time
	chartsAt time.Time
	events   int             // lives, ends and incidents when the charts were drawn
	since    time.Time       // asOf of the events that were shown
	shown    map[string]bool // events of that instant
	latest   []row
}

// drawn gives all parts of the page as they are now, and the events that are new since the last call.
// first: somebody opened a page while nobody else had one.
func (p *Page) drawn(first bool) []update {
	src := p.opt.Source()
	if src == nil {
		return nil
	}
	p.drawing.mu.Lock()
	defer p.drawing.mu.Unlock()
	if first {
		p.drawing.listsAt, p.drawing.chartsAt = time.Time{}, time.Time{}
	}
	v, names, err := p.read(src)
	if err != nil {
		p.opt.Log.Error("page", "step", "read views", "reason", err.Error())
		return nil
	}
	fresh := p.drawing.news(src, first)
	var out []update
	add := func(name string, data any) {
		body, err := render(name, data)
		if err != nil {
			p.opt.Log.Error("page", "step", "render", "part", name, "reason", err.Error())
			return
		}
		out = append(out, update{name: name, html: bytes.TrimSpace(body)})
	}
	add("clock", v.Now)
	for _, name := range names {
		add(name, v)
	}
	add("latest", p.drawing.latest)
	if len(fresh) > 0 && !first {
		body, err := render("rows", fresh)
		if err == nil {
			out = append(out, update{name: "rows", html: body, once: true})
		}
	}
	return out
}

// everything is what the templates show.
type everything struct {
	Now      int64
	Status   statusView
	Summary  summaryView
	State    state
	Tiles    []tile
	Roles    []bar
	Surfaces []bar
	Sources  []source
	Windows  []windowView
	Sessions table
	Sockets  table
	Kept     []Kept
	Idle     []source // of Sources: those that are not asked now
	Pages    Stats
	CPU      *float64 // percent of a core that the agent used since it began
	Charts   []template.HTML
}

type windowView struct {
	Class string
	ring
}

// table is a list of the relay's objects: the columns are the members of all of them.
type table struct {
	AsOf    *int64
	Stale   bool
	Count   *int64
	Listed  int
	Columns []string
	Rows    [][]string
}

// read gives what is to be shown, and the names of the parts that are to be drawn now.
func (p *Page) read(src Source) (v *everything, names []string, err error) {
	now := p.opt.Now()
	v = &everything{Now: now.UnixMilli(), Kept: p.opt.Kept()}
	if err := readView(src, "status", &v.Status); err != nil {
		return nil, nil, err
	}
	if err := readView(src, "summary", &v.Summary); err != nil {
		return nil, nil, err
	}
	names = []string{"state", "verdict", "tiles", "people", "process", "sources", "gaps", "incidents", "rules", "packs", "delivery", "self"}
	series, step := src.Series()
	v.State = stateOf(&v.Status, &v.Summary)
	v.Tiles = tilesOf(&v.Status, &v.Summary, newest(series))
	v.Roles, v.Surfaces = barsOf(v.Summary.Sockets.ByRole), barsOf(v.Summary.Sockets.BySurface)
	v.Sources = sortedSources(v.Status.Sources)
	if i := slices.IndexFunc(v.Sources, source.idle); i >= 0 {
		v.Sources, v.Idle = v.Sources[:i], v.Sources[i:]
	}
	v.Pages = p.Stats()
	v.CPU = v.Status.Self.share()
	for _, class := range p.opt.Classes {
		v.Windows = append(v.Windows, windowView{class, v.Status.Windows[class]})
	}
	for i := range v.Status.Incidents {
		one := &v.Status.Incidents[i]
		one.Kept = one.PackID != nil && slices.ContainsFunc(v.Kept, func(k Kept) bool { return k.ID == *one.PackID })
	}
	d := &p.drawing
	if now.Sub(d.listsAt).Abs() >= listsEvery {
		d.listsAt = now
		names = append(names, "sessions", "sockets")
		for name, into := range map[string]*table{"sessions": &v.Sessions, "sockets": &v.Sockets} {
			list, err := readList(src, name)
			if err != nil {
				return nil, nil, err
			}
			*into = tableOf(list)
		}
	}
	if events := len(v.Status.Lives) + len(v.Status.Incidents) + endedLives(v.Status.Lives); now.Sub(d.chartsAt).Abs() >= chartsEvery || events != d.events {
		d.chartsAt, d.events = now, events
		names = append(names, "charts")
		v.Charts = charts(series, step, &v.Status, now)
	}
	return v, names, nil
}

func endedLives(lives []life) (n int) {
	for _, l := range lives {
		if l.EndedAt != nil {
			n++
		}
	}
	return n
}

// tableOf makes a table of the relay's objects; members of objects within them stand as JSON.
func tableOf(l listView) table {
	t := table{AsOf: l.AsOf, Stale: l.Stale, Count: l.Count}
	place := map[string]int{}
	for _, raw := range l.List[:min(len(l.List), maxListed)] {
		list := membersOf(raw)
		for _, m := range list {
			if _, known := place[m.Name]; !known && len(place) < 12 {
				place[m.Name] = len(t.Columns)
				t.Columns = append(t.Columns, name(m.Name))
			}
		}
		cells := make([]string, len(t.Columns))
		for _, m := range list {
			if i, ok := place[m.Name]; ok {
				cells[i] = m.Value
			}
		}
		t.Rows = append(t.Rows, cells)
	}
	t.Listed = len(t.Rows)
	return t
}

// news gives the events that came since the last call, newest first, and keeps the newest for the overview.
func (d *drawing) news(src Source, first bool) []row {
	f := pack.EventFilter{Limit: maxRows, Since: d.since}
	if first {
		f = pack.EventFilter{Limit: maxLatest}
		d.shown, d.latest = nil, nil
	}
	asOf, list := readEvents(src.Events(f))
	var fresh []row
	shown := map[string]bool{}
	for _, e := range list {
		shown[e.ID] = true
		if !d.shown[e.ID] {
			fresh = append(fresh, e)
		}
	}
	d.since, d.shown = asOf, shown
	d.latest = append(slices.Clone(fresh), d.latest...)
	d.latest = d.latest[:min(len(d.latest), maxLatest)]
	return fresh
}
