package profile

import (
	"slices"
	"strings"
)

// ruleUse says what a rule is for, and with it what it may read.
type ruleUse struct {
	recorded bool   // the member recorded is allowed
	holder   string // a source that is asked for one thing only: its placeholder; "" for all others
}

// rules reads ways to a value, best first.
func (c *compiler) rules(n *node, what string, use ruleUse) []Rule {
	if n == nil {
		return nil
	}
	var list []Rule
	for _, item := range c.items(n, what) {
		known := []string{"from", "jq"}
		if use.recorded {
			known = append(known, "recorded")
		}
		fs, ok := c.mapping(item, what, known...)
		if ok {
			list = append(list, c.rule(fs, what, use))
		}
	}
	return list
}

func (c *compiler) rule(fs fields, what string, use ruleUse) Rule {
	c.require(fs, what, "from", "jq")
	r := Rule{
		From:     c.from(fs.by["from"], what, true),
		Query:    c.query(fs.by["jq"], what),
		Recorded: c.flag(fs.by["recorded"], what+": recorded"),
	}
	c.noteRecorded(r.Recorded, fs)
	s := c.p.Source(r.From)
	if s == nil {
		if use.holder != "" && r.From != "" {
			c.add(fs.by["from"], "%s: write a source with every: ask and %s in its path or body", what, use.holder)
		}
		return r
	}
	switch asked := s.Every == EveryAsk; {
	case use.holder != "" && !(asked && strings.Contains(s.Path+s.Body, use.holder)):
		c.add(fs.by["from"], "%s: write a source with every: ask and %s in its path or body", what, use.holder)
	case use.holder == "" && asked:
		c.add(fs.by["from"], "%s: source %s is read for a request only; write another source", what, s.Name)
	}
	if s.Format == Exposition && r.Query != nil {
		addFamilies(c.p.Families, r.Query.Text)
	}
	return r
}

// noteRecorded keeps the first place that says recorded, for the check against unwired.
func (c *compiler) noteRecorded(recorded bool, fs fields) {
	if recorded && c.recorded == nil {
		c.recorded = fs.by["recorded"]
	}
}

// from reads the name of a source or, where that makes sense, of a document that the agent makes.
func (c *compiler) from(n *node, what string, made bool) string {
	name := c.text(n, what+": from")
	if name == "" || c.places[name] != nil || made && slices.Contains(pseudo, name) {
		return name
	}
	if made {
		c.add(n, "%s: there is no source %q; write one of sources, or %s", what, name, strings.Join(pseudo, ", "))
	} else {
		c.add(n, "%s: there is no source %q; write one of sources", what, name)
	}
	return ""
}

// place reads where something stands in an answer.
func (c *compiler) place(n *node, what string, list bool) From {
	known := []string{"from", "path"}
	if list {
		known = append(known, "recorded")
	}
	fs, ok := c.mapping(n, what, known...)
	if !ok {
		return From{}
	}
	c.require(fs, what, "from", "path")
	f := From{
		Source:   c.jsonSource(fs.by["from"], what),
		Path:     c.path(fs.by["path"], what+": path", list),
		Recorded: c.flag(fs.by["recorded"], what+": recorded"),
	}
	c.noteRecorded(f.Recorded, fs)
	return f
}

// jsonSource reads the name of a source whose answers are cut as bytes.
func (c *compiler) jsonSource(n *node, what string) string {
	name := c.from(n, what, false)
	s := c.p.Source(name)
	if s != nil && (s.Format != JSON || s.Every == EveryAsk) {
		c.add(n, "%s: source %s is no JSON that is read by itself; write another source", what, name)
	}
	return name
}

// group reads fields of the format that stand nested in the file, and files them under their
// dotted names in the format's order.
func (c *compiler) group(n *node, g group) {
	if n == nil {
		return
	}
	found := map[string][]Rule{}
	c.nested(n, g, "", found)
	for _, field := range g.fields {
		if rules := found[field]; rules != nil {
			c.p.Sections = append(c.p.Sections, Section{Field: g.prefix + field, Rules: rules})
		}
	}
}

// nested walks one level of names.
func (c *compiler) nested(n *node, g group, prefix string, found map[string][]Rule) {
	var known []string
	for _, field := range g.fields {
		if rest, ok := strings.CutPrefix(field, prefix); ok {
			name, _, _ := strings.Cut(rest, ".")
			if !slices.Contains(known, name) {
				known = append(known, name)
			}
		}
	}
	what := strings.TrimSuffix(g.member+"."+prefix, ".")
	fs, _ := c.mapping(n, what, known...)
	for _, name := range known {
		at := fs.by[name]
		switch field := prefix + name; {
		case at == nil:
		case slices.Contains(g.fields, field):
			found[field] = c.rules(at, g.member+"."+field, g.use())
		default:
			c.nested(at, g, field+".", found)
		}
	}
}

// use says what the rules of a group may read: what a request asks for comes from what is asked.
func (g group) use() ruleUse {
	switch g.member {
	case "sessionParity":
		return ruleUse{holder: "{session}"}
	case "trace":
		return ruleUse{holder: "{trace}"}
	}
	return ruleUse{recorded: true}
}
