package profile

import (
	"cmp"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

const maxSources = 200

var sourceMembers = []string{"path", "method", "body", "format", "bearer", "unwrap", "every", "insteadOf", "atMost", "group", "maxBytes"}

// sources reads the endpoints, before anything that names them.
func (c *compiler) sources(n *node) {
	members := c.members(n, "sources")
	if len(members) > maxSources {
		c.add(n, "%d sources; at most %d", len(members), maxSources)
		return
	}
	var exposition *Source
	for _, m := range members {
		s := c.source(m)
		if slices.Contains(pseudo, s.Name) {
			c.add(m.name, "%q is the name of a document that the agent makes; choose another", s.Name)
			continue
		}
		if s.Format == Exposition {
			if exposition != nil {
				c.add(m.name, "source %s is a second exposition beside %s; keep one", s.Name, exposition.Name)
			}
			exposition = s
		}
		c.places[s.Name] = m.name
		c.p.Sources = append(c.p.Sources, s)
	}
	for _, m := range members {
		if m.value.kind == kindMapping {
			c.insteadOf(c.p.Source(m.name.text), m.value)
		}
	}
}

func (c *compiler) source(m member) *Source {
	what := "source " + c.name(m.name, "the name of a source")
	fs, _ := c.mapping(m.value, what, sourceMembers...)
	c.require(fs, what, "path", "every")
	every := Every(c.oneOf(fs.by["every"], what+": every", "", string(EveryMetrics), string(EveryDebug),
		string(EveryStart), string(EveryGate), string(EveryAsk)))
	s := &Source{
		Name:      m.name.text,
		Path:      c.urlPath(fs.by["path"], what+": path", every == EveryAsk),
		Method:    c.oneOf(fs.by["method"], what+": method", "GET", "GET", "POST"),
		Body:      c.text(fs.by["body"], what+": body"),
		Format:    Format(c.oneOf(fs.by["format"], what+": format", string(JSON), string(JSON), string(Exposition))),
		Bearer:    c.flag(fs.by["bearer"], what+": bearer"),
		Unwrap:    c.path(fs.by["unwrap"], what+": unwrap", false),
		Every:     every,
		InsteadOf: c.text(fs.by["insteadOf"], what+": insteadOf"),
		AtMost:    c.duration(fs.by["atMost"], what+": atMost", 0, time.Second, time.Hour),
		MaxBytes:  c.whole(fs.by["maxBytes"], what+": maxBytes", 0, 1, 256<<20),
	}
	if g := fs.by["group"]; g != nil && c.is(g, kindText, what+": group") {
		s.Group = c.name(g, what+": group")
	}
	if every == EveryAsk && s.Path != "" && !placeholder.MatchString(s.Path+s.Body) {
		c.add(fs.by["path"], "%s: path: {session} and {trace} go with every: ask, and every: ask with one of them", what)
	}
	if s.AtMost > 0 && every != EveryAsk {
		c.add(fs.by["atMost"], "%s: atMost goes with every: ask", what)
	}
	if s.Body != "" && (s.Method != "POST" || !json.Valid([]byte(s.Body))) {
		c.add(fs.by["body"], "%s: body is JSON and goes with method: POST only", what)
	}
	if strings.Contains(s.Unwrap.Text, "[]") {
		c.add(fs.by["unwrap"], "%s: unwrap names one value; write a path without []", what)
	}
	if s.Format == Exposition && (fs.by["unwrap"] != nil || every != EveryMetrics) {
		c.add(m.name, "%s: an exposition is read with every: metrics and has no unwrap", what)
	}
	if every == EveryGate && s.Bearer {
		c.add(fs.by["bearer"], "%s: the gate is asked before the bearer may leave; leave bearer out", what)
	}
	return s
}

// insteadOf checks that a stand-in is read as often as what it stands in for.
func (c *compiler) insteadOf(s *Source, n *node) {
	if s == nil || s.InsteadOf == "" {
		return
	}
	at := n
	for _, m := range n.members {
		if m.name.text == "insteadOf" {
			at = m.value
		}
	}
	switch other := c.p.Source(s.InsteadOf); {
	case other == nil || other == s:
		c.add(at, "source %s: there is no other source %q to stand in for; write one of sources", s.Name, s.InsteadOf)
	case other.InsteadOf != "":
		c.add(at, "source %s: %s stands in itself; name the source that it stands in for", s.Name, other.Name)
	case other.Every != s.Every:
		c.add(at, "source %s: it is read at another time than %s; write the same every", s.Name, other.Name)
	}
}

var (
	placeholder = regexp.MustCompile(`\{(session|trace)\}`)
	pathSigns   = regexp.MustCompile(`^/[A-Za-z0-9/._~%!$&'()*+,;=:@?-]*$`)
)

// urlPath reads a path with query that is sent to the relay's own origin and nowhere else.
func (c *compiler) urlPath(n *node, what string, holders bool) string {
	text := c.text(n, what)
	if text == "" {
		return ""
	}
	if !holders && placeholder.MatchString(text) {
		c.add(n, "%s: {session} and {trace} go with every: ask, and every: ask with one of them", what)
		return ""
	}
	bare := placeholder.ReplaceAllString(text, "x")
	u, err := url.Parse(bare)
	if err != nil || !pathSigns.MatchString(bare) || strings.HasPrefix(bare, "//") || u.IsAbs() || u.Host != "" {
		c.add(n, "%s: write the path on the relay, from / on, without scheme, host and fragment, other signs as %%XX", what)
		return ""
	}
	for part := range strings.SplitSeq(u.Path, "/") {
		if part == ".." || part == "." {
			c.add(n, "%s: write the path without . and .. parts", what)
			return ""
		}
	}
	return text
}

// order sorts the sources as they are read: gate, those that give ids (with them known the rest can
// be redacted), event rings (they lose what is not read in time), the rest; stand-ins behind what
// they stand in for, else as written.
func (c *compiler) order() {
	rings := map[string]bool{}
	for _, class := range c.p.Events {
		for _, v := range class.Variants {
			rings[v.From] = true
		}
	}
	rank := func(s *Source) int {
		switch {
		case s.Every == EveryGate:
			return 0
		case s.GivesIDs:
			return 1
		case rings[s.Name]:
			return 2
		}
		return 3
	}
	last := func(s *Source) int {
		other := c.p.Source(s.InsteadOf)
		if other == nil {
			return 2 * rank(s)
		}
		return 2*max(rank(s), rank(other)) + 1
	}
	slices.SortStableFunc(c.p.Sources, func(a, b *Source) int { return cmp.Compare(last(a), last(b)) })
}
