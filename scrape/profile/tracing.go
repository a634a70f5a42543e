package profile

import (
	"slices"
	"strings"
)

// Bounds of what a trace asks.
const (
	maxTraceWays = 8 // of one field
	maxTraceAsks = 4 // sources with every: ask that a sample reads
)

// wholeSeconds is the one place of {seconds}: the text that holds nothing else, which becomes a number.
const wholeSeconds = `"{seconds}"`

// Tracing says how the agent traces one session: where the fields of its samples come from, and how
// the relay's own trace is started beside it.
type Tracing struct {
	Start  From         // a source with every: ask that starts the relay's own trace, and where its id stands; Source is "" where the relay has none
	Fields []TraceField // in the order of a sample: framesIn, drops, errors, lastFrameAgeMs
}

// TraceField is one field of a sample and the ways to it, best first: of those with a value that is
// newer than the sample before, the first wins.
type TraceField struct {
	Name string
	Ways []TraceWay
}

// TraceWay is one way to a field. The source either answers for the one session that it is asked for
// (every: ask, {session}), or lists all of them at each look: then the expression runs on the element
// that names the session, and where two elements could be meant there is no value.
type TraceWay struct {
	From     string
	Each     Path // the elements of a list; empty for a source that is asked
	Session  Path // where an element names its session
	Query    *Query
	Recorded bool // void while the relay is unwired
}

// traceFields are the fields of a sample, in their order.
var traceFields = []string{"framesIn", "drops", "errors", "lastFrameAgeMs"}

// tracing reads what a profile says of traces.
func (c *compiler) tracing(n *node) {
	fs, ok := c.mapping(n, "tracing", append([]string{"start"}, traceFields...)...)
	t := &Tracing{}
	if start, given := c.mapping(fs.by["start"], "tracing.start", "from", "path"); given {
		t.Start = c.traceStart(start)
	}
	asks := map[string]bool{}
	for _, name := range traceFields {
		at := fs.by[name]
		if at == nil {
			continue
		}
		f := TraceField{Name: name}
		items := c.items(at, "tracing."+name)
		if len(items) > maxTraceWays {
			c.add(at, "tracing.%s has %d ways; at most %d", name, len(items), maxTraceWays)
			continue
		}
		for _, item := range items {
			f.Ways = append(f.Ways, c.traceWay(item, "tracing."+name, asks))
		}
		t.Fields = append(t.Fields, f)
	}
	if ok {
		c.p.Tracing = t
		if len(t.Fields) == 0 {
			c.add(fs.at, "tracing samples nothing; write one of: %s", strings.Join(traceFields, ", "))
		}
	}
	if len(asks) > maxTraceAsks {
		c.add(fs.at, "tracing asks %d sources for each sample; at most %d", len(asks), maxTraceAsks)
	}
	for name, at := range c.places {
		if s := c.p.Source(name); strings.Contains(s.Body, "{seconds}") && t.Start.Source != name {
			c.add(at, "source %s: {seconds} is for the source of tracing.start", name)
		}
	}
}

func (c *compiler) traceStart(fs fields) From {
	c.require(fs, "tracing.start", "from", "path")
	f := From{Source: c.from(fs.by["from"], "tracing.start", false), Path: c.path(fs.by["path"], "tracing.start: path", false)}
	switch s := c.p.Source(f.Source); {
	case s == nil:
	case s.Every != EveryAsk || s.Method != "POST" || !strings.Contains(s.Path+s.Body, "{session}"):
		c.add(fs.by["from"], "tracing.start: write a source with every: ask, method: POST and {session} in its path or body")
	case strings.Count(s.Body, "{seconds}") != strings.Count(s.Body, wholeSeconds):
		c.add(c.places[s.Name], "source %s: write {seconds} as the whole of a text; it becomes a number", s.Name)
	}
	return f
}

func (c *compiler) traceWay(n *node, what string, asks map[string]bool) TraceWay {
	fs, ok := c.mapping(n, what, "from", "each", "session", "jq", "recorded")
	if !ok {
		return TraceWay{}
	}
	c.require(fs, what, "from", "jq")
	w := TraceWay{
		From:     c.from(fs.by["from"], what, false),
		Each:     c.path(fs.by["each"], what+": each", true),
		Session:  c.path(fs.by["session"], what+": session", false),
		Query:    c.query(fs.by["jq"], what),
		Recorded: c.flag(fs.by["recorded"], what+": recorded"),
	}
	c.noteRecorded(w.Recorded, fs)
	switch s := c.p.Source(w.From); {
	case s == nil:
	case s.Every == EveryAsk:
		asks[s.Name] = true
		c.tracedSource(s, fs, what)
	case s.Format != JSON || !slices.Contains([]Every{EveryMetrics, EveryDebug}, s.Every):
		c.add(fs.by["from"], "%s: source %s is no JSON that is read again and again; write another source", what, s.Name)
	case fs.by["each"] == nil || fs.by["session"] == nil:
		c.add(fs.at, "%s: source %s tells of all sessions; write each and session, which find the one", what, s.Name)
	}
	return w
}

// tracedSource checks a source that each sample asks for the one session.
func (c *compiler) tracedSource(s *Source, fs fields, what string) {
	switch {
	case !strings.Contains(s.Path+s.Body, "{session}") || strings.Contains(s.Path+s.Body, "{trace}"):
		c.add(fs.by["from"], "%s: write a source with every: ask and {session} in its path or body", what)
	case s.AtMost > 0 || s.InsteadOf != "":
		c.add(fs.by["from"], "%s: source %s is not for every sample: it has atMost or insteadOf; write another source", what, s.Name)
	case fs.by["each"] != nil || fs.by["session"] != nil:
		c.add(fs.at, "%s: source %s answers for one session; leave each and session out", what, s.Name)
	}
}
