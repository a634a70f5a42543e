package profile

const maxSeries = 64

var eventMembers = []string{"from", "each", "id", "prefix", "time", "type", "session", "behind", "map", "recorded"}

// events reads where the events of each class are listed.
func (c *compiler) events(n *node) {
	fs, _ := c.mapping(n, "events", classes...)
	for _, class := range classes {
		at := fs.by[class]
		if at == nil {
			continue
		}
		ec := EventClass{Class: class}
		for _, item := range c.items(at, "events."+class) {
			if v, ok := c.eventSource(item, "events."+class); ok {
				ec.Variants = append(ec.Variants, v)
			}
		}
		c.p.Events = append(c.p.Events, ec)
	}
}

func (c *compiler) eventSource(n *node, what string) (EventSource, bool) {
	fs, ok := c.mapping(n, what, eventMembers...)
	if !ok {
		return EventSource{}, false
	}
	c.require(fs, what, "from", "each", "id", "time")
	v := EventSource{
		From:     c.jsonSource(fs.by["from"], what),
		Each:     c.path(fs.by["each"], what+": each", true),
		ID:       c.path(fs.by["id"], what+": id", false),
		Prefix:   c.text(fs.by["prefix"], what+": prefix"),
		Time:     c.path(fs.by["time"], what+": time", false),
		Type:     c.path(fs.by["type"], what+": type", false),
		Session:  c.path(fs.by["session"], what+": session", false),
		Behind:   c.text(fs.by["behind"], what+": behind"),
		Map:      c.query(fs.by["map"], what+": map"),
		Recorded: c.flag(fs.by["recorded"], what+": recorded"),
	}
	if v.Behind != "" && v.Session.Empty() {
		c.add(fs.by["behind"], "%s: behind says where in the text at session the id stands; add session", what)
	}
	c.promises(v.From, v.Each)
	c.noteRecorded(v.Recorded, fs)
	return v, true
}

// promises notes a list that a source's answers have.
func (c *compiler) promises(source string, list Path) {
	if s := c.p.Source(source); s != nil {
		s.Lists = append(s.Lists, list)
	}
}

func (c *compiler) unwired(n *node) {
	fs, ok := c.mapping(n, "unwired", "live", "recorded")
	if !ok {
		return
	}
	c.require(fs, "unwired", "live", "recorded")
	c.p.Unwired = &Unwired{
		Live:     c.rules(fs.by["live"], "unwired.live", ruleUse{}),
		Recorded: c.rules(fs.by["recorded"], "unwired.recorded", ruleUse{}),
	}
}

func (c *compiler) lists(n *node) {
	fs, _ := c.mapping(n, "lists", listNames...)
	for _, name := range listNames {
		at := fs.by[name]
		if at == nil {
			continue
		}
		l := List{Name: name}
		for _, item := range c.items(at, "lists."+name) {
			from := c.place(item, "lists."+name, true)
			c.promises(from.Source, from.Path)
			l.Variants = append(l.Variants, from)
		}
		c.p.Lists = append(c.p.Lists, l)
	}
}

func (c *compiler) bundle(n *node) {
	fs, _ := c.mapping(n, "bundle", bundleNames...)
	for _, name := range bundleNames {
		if at := fs.by[name]; at != nil {
			rules := c.rules(at, "bundle."+name, ruleUse{recorded: true})
			c.p.Bundle = append(c.p.Bundle, Section{Field: name, Rules: rules})
		}
	}
}

func (c *compiler) history(n *node) {
	if n == nil {
		return
	}
	items := c.items(n, "history")
	if len(items) > maxSeries {
		c.add(n, "%d series; at most %d", len(items), maxSeries)
		return
	}
	seen := map[string]bool{}
	for _, item := range items {
		fs, ok := c.mapping(item, "history", "name", "unit", "from", "jq", "recorded")
		if !ok {
			continue
		}
		c.require(fs, "history", "name", "unit")
		s := Series{Name: c.name(fs.by["name"], "history: name"), Unit: c.unit(fs.by["unit"])}
		s.Rule = c.rule(fs, "history "+s.Name, ruleUse{recorded: true})
		if seen[s.Name] {
			c.add(fs.by["name"], "history has the series %q twice; keep one", s.Name)
		}
		seen[s.Name] = true
		c.p.History = append(c.p.History, s)
	}
}

func (c *compiler) unit(n *node) string {
	unit := c.text(n, "history: unit")
	if len(unit) > 16 {
		c.add(n, "history: unit is longer than 16 bytes; write it short, such as bytes or 1/s")
	}
	if n != nil {
		c.plain(n, "history: unit")
	}
	return unit
}
