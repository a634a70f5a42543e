package profile

import (
	"slices"
	"strings"
	"time"
)

// conditionMembers are those of any condition; kindMembers says which go with which kind.
var conditionMembers = []string{"series", "field", "events", "source", "relay", "type", "take", "of", "over",
	"above", "below", "until", "is", "status"}

var kindMembers = map[ConditionKind][]string{
	OfSeries: {"take", "of", "over", "above", "below", "until"},
	OfField:  {"take", "over", "above", "below", "until", "is"},
	OfEvents: {"type", "over", "above", "below", "until"},
	OfSource: {"status"},
	OfRelay:  {"over", "above"},
}

var kinds = []ConditionKind{OfSeries, OfField, OfEvents, OfSource, OfRelay}

// condition reads one comparison.
func (c *compiler) condition(fs fields, what string) Condition {
	var k Condition
	for _, kind := range kinds {
		if fs.by[string(kind)] == nil {
			continue
		}
		if k.Kind != "" {
			c.add(fs.at, "%s has %s and %s; write one of them, and all or any for more", what, k.Kind, kind)
			return k
		}
		k.Kind = kind
	}
	if k.Kind == "" {
		c.add(fs.at, "%s reads nothing; write one of: series, field, events, source, relay", what)
		return k
	}
	for name, at := range fs.by {
		if name != string(k.Kind) && !slices.Contains(kindMembers[k.Kind], name) && name != "all" && name != "any" {
			c.add(at, "%s: %s does not go with %s; write one of: %s", what, name, k.Kind, strings.Join(kindMembers[k.Kind], ", "))
		}
	}
	switch k.Kind {
	case OfSeries:
		c.ofSeries(&k, fs, what)
	case OfField:
		c.ofField(&k, fs, what)
	case OfEvents:
		c.ofEvents(&k, fs, what)
	case OfSource:
		c.ofSource(&k, fs, what)
	case OfRelay:
		c.ofRelay(&k, fs, what)
	}
	return k
}

func (c *compiler) ofSeries(k *Condition, fs fields, what string) {
	if s := c.series(fs.by["series"], what); s != nil {
		k.Name = s.Name
		if c.p.Source(s.Rule.From) != nil || s.Rule.From == FromProcess {
			k.Source = s.Rule.From
		}
	}
	if s := c.series(fs.by["of"], what+": of"); s != nil {
		k.Of = s.Name
	}
	c.take(k, fs, what)
	if k.Of != "" && k.Take != TakeValue {
		c.add(fs.by["of"], "%s: of divides a value; leave take out", what)
	}
	c.bound(k, fs, what)
}

func (c *compiler) series(n *node, what string) *Series {
	name := c.text(n, what)
	if name == "" {
		return nil
	}
	for i := range c.p.History {
		if c.p.History[i].Name == name {
			return &c.p.History[i]
		}
	}
	c.add(n, "%s: there is no series %q; write one of history, where it may have any expression", what, name)
	return nil
}

// textFields are the fields of the format that are no numbers; flags are compared as true and false.
var textFields = []string{"summary.environment", "config.nodeEnv", "config.logLevel", "config.metricsEnabled",
	"config.diagnosticsEnabled", "config.opsUiEnabled"}

// notCompared are the fields whose value has a form of its own.
var notCompared = []string{"socketStats.byRole", "socketStats.bySurface", "runtimeStats.memory.heapUsed",
	"runtimeStats.memory.heapTotal", "runtimeStats.memory.external"}

func (c *compiler) ofField(k *Condition, fs fields, what string) {
	k.Name = c.text(fs.by["field"], what+": field")
	c.take(k, fs, what)
	switch {
	case k.Name == "":
		return
	case slices.Contains(notCompared, k.Name):
		c.add(fs.by["field"], "%s: field %s is no plain number or text; make a series of history of what is needed", what, k.Name)
		return
	case !slices.ContainsFunc(c.p.Sections, func(s Section) bool { return s.Field == k.Name }) || asked(k.Name):
		c.add(fs.by["field"], "%s: nothing gives the field %q at each look; write one of sections or config", what, k.Name)
		return
	case !slices.Contains(textFields, k.Name):
		if fs.by["is"] != nil {
			c.add(fs.by["is"], "%s: field %s is a number; write above or below", what, k.Name)
			return
		}
		c.bound(k, fs, what)
		return
	}
	for _, name := range []string{"above", "below", "until", "take"} {
		if fs.by[name] != nil {
			c.add(fs.by[name], "%s: field %s is a text; write is with its texts", what, k.Name)
			return
		}
	}
	if fs.by["is"] == nil {
		c.add(fs.at, "%s has no is; write it", what)
	}
	k.Is = c.words(fs.by["is"], what+": is")
}

// asked says whether a field is only known for what a request named.
func asked(field string) bool {
	return strings.HasPrefix(field, "sessionParity.") || strings.HasPrefix(field, "trace.")
}

func (c *compiler) ofEvents(k *Condition, fs fields, what string) {
	k.Name = c.text(fs.by["events"], what+": events")
	if k.Name != "" && !slices.ContainsFunc(c.p.Events, func(e EventClass) bool { return e.Class == k.Name }) {
		c.add(fs.by["events"], "%s: there are no events of class %q; write one of events", what, k.Name)
	}
	if n := fs.by["type"]; n != nil {
		k.Type = c.text(n, what+": type")
		c.plain(n, what+": type")
	}
	k.Over = c.over(fs, what)
	c.bound(k, fs, what)
}

func (c *compiler) ofSource(k *Condition, fs fields, what string) {
	if name := c.text(fs.by["source"], what+": source"); name == FromProcess || name != "" && c.places[name] != nil {
		k.Name = name
	} else if name != "" {
		c.add(fs.by["source"], "%s: there is no source %q; write one of sources, or process", what, name)
	}
	if fs.by["status"] == nil {
		c.add(fs.at, "%s has no status; write it", what)
		return
	}
	k.Is = c.words(fs.by["status"], what+": status")
	for i, item := range fs.by["status"].items {
		if i < len(k.Is) && k.Is[i] != "" && !slices.Contains(statuses, k.Is[i]) {
			c.add(item, "%s: status %q is none; write one of: %s", what, k.Is[i], strings.Join(statuses, ", "))
		}
	}
}

func (c *compiler) ofRelay(k *Condition, fs fields, what string) {
	k.Relay = RelayState(c.oneOf(fs.by["relay"], what+": relay", "", string(RelayUp), string(RelayDown),
		string(RelayNeverUp), string(RelayRestarted)))
	if k.Relay != RelayRestarted {
		for _, name := range []string{"over", "above"} {
			if fs.by[name] != nil {
				c.add(fs.by[name], "%s: %s goes with relay: restarted; leave it out", what, name)
			}
		}
		return
	}
	k.Over = c.over(fs, what)
	k.Bound = float64(c.whole(fs.by["above"], what+": above", 0, 0, 50))
	k.Until = k.Bound
}

func (c *compiler) take(k *Condition, fs fields, what string) {
	k.Take = Take(c.oneOf(fs.by["take"], what+": take", string(TakeValue), string(TakeValue), string(TakeRate), string(TakeChange)))
	if k.Take != TakeValue {
		k.Over = c.over(fs, what)
	} else if fs.by["over"] != nil {
		c.add(fs.by["over"], "%s: over goes with take: rate and take: change; leave it out", what)
	}
}

func (c *compiler) over(fs fields, what string) time.Duration {
	return c.duration(fs.by["over"], what+": over", time.Minute, 5*time.Second, time.Hour)
}

// bound reads above or below, and where an open incident ends.
func (c *compiler) bound(k *Condition, fs fields, what string) {
	above, below := fs.by["above"], fs.by["below"]
	if (above == nil) == (below == nil) {
		c.add(fs.at, "%s: write one of above and below", what)
		return
	}
	name := "above"
	if below != nil {
		name, above, k.Below = "below", below, true
	}
	k.Bound = c.number(above, what+": "+name)
	k.Until = k.Bound
	if n := fs.by["until"]; n != nil {
		k.Until = c.number(n, what+": until")
		if k.Below && k.Until < k.Bound || !k.Below && k.Until > k.Bound {
			c.add(n, "%s: until lies on the bad side of %s; write the value at which an open incident may end", what, name)
		}
	}
}

// words reads texts that stand in packs as the values that fired.
func (c *compiler) words(n *node, what string) []string {
	if n == nil {
		return nil
	}
	list := c.texts(n, what)
	if len(list) > maxStates {
		c.add(n, "%s has %d texts; at most %d", what, len(list), maxStates)
		return nil
	}
	for i, item := range n.items {
		if len(list[i]) > 64 {
			c.add(item, "%s holds a text of more than 64 bytes; write it as the field gives it", what)
		}
		c.plain(item, what)
	}
	return list
}
