package profile

import (
	"slices"
	"strconv"
	"time"
)

// Bounds of incident rules.
const (
	maxIncidents  = 64 // rules
	maxConditions = 8  // of one rule
	maxStates     = 20 // words of one condition
)

// Incidents are the rules by which the agent sees that something is wrong and makes a pack of its own
// accord. The zero value has none.
type Incidents struct {
	PerHour int // openings of all rules together in any hour, 1 to 120
	Rules   []IncidentRule
}

// Severity is how bad an incident is.
type Severity string

// The severities.
const (
	Info     Severity = "info"
	Warning  Severity = "warning"
	Critical Severity = "critical"
)

// IncidentRule is one rule: when it fires, how long that must last, and how often it may make a pack.
type IncidentRule struct {
	Name     string
	Severity Severity
	Summary  string // at most 200 bytes, for people
	Any      bool   // one condition is enough; else all must hold
	When     []Condition
	For      time.Duration // how long it must hold before it opens, 0 to 1h
	Clear    time.Duration // how long it must not hold before it closes, 0 to 1h
	Cooldown time.Duration // after closing, before it may open again, 0 to 24h
	PerHour  int           // openings in any hour, 1 to 60
}

// ConditionKind says what a condition reads.
type ConditionKind string

// What conditions read.
const (
	OfSeries ConditionKind = "series" // a kept series
	OfField  ConditionKind = "field"  // a field of the format
	OfEvents ConditionKind = "events" // how many events of a class come in a minute
	OfSource ConditionKind = "source" // how a source stands
	OfRelay  ConditionKind = "relay"  // its port and its lives
)

// Take says what of a series or field is compared.
type Take string

// What is taken.
const (
	TakeValue  Take = "value"
	TakeRate   Take = "rate"   // of a counter, per second over Over
	TakeChange Take = "change" // now less Over ago
)

// RelayState is what a condition on the relay asks for.
type RelayState string

// The states of the relay.
const (
	RelayUp        RelayState = "up"        // it was seen up, and is not down
	RelayDown      RelayState = "down"      // it was up, and now its port refuses or its process is gone
	RelayNeverUp   RelayState = "never-up"  // its port refuses, and it was never seen up
	RelayRestarted RelayState = "restarted" // how many new lives in Over are above Bound
)

// Condition is one comparison. What it reads may be unknown; then it neither holds nor does not.
type Condition struct {
	Kind   ConditionKind
	Name   string        // series, dotted field, class of events, source; "" for the relay
	Type   string        // of events; "" = all types of the class
	Source string        // that a series reads; "" where that has no status
	Relay  RelayState    // for the relay
	Is     []string      // field: its texts; source: its statuses
	Take   Take          // series and fields
	Of     string        // the series by which the value is divided; "" = none
	Over   time.Duration // of rate, change, events and restarts, 5s to 1h
	Below  bool          // fires below Bound; else above
	Bound  float64
	Until  float64 // where an open one ends: Bound, or beyond it on the good side
}

// statuses are those of scrape.Status; a test of the package that judges rules holds them equal.
var statuses = []string{"ok", "off", "forbidden", "unauthorized", "limited", "unreachable", "timeout",
	"invalid", "too-large", "gated", "ambiguous", "skipped", "stale"}

// Statuses names how a source can stand, in the words of conditions and packs.
func Statuses() []string { return slices.Clone(statuses) }

var ruleMembers = []string{"name", "severity", "summary", "when", "for", "clear", "cooldown", "perHour"}

// incidents reads the rules, after all that they name.
func (c *compiler) incidents(n *node) {
	fs, ok := c.mapping(n, "incidents", "perHour", "rules")
	if !ok {
		return
	}
	c.require(fs, "incidents", "rules")
	c.p.Incidents.PerHour = int(c.whole(fs.by["perHour"], "incidents.perHour", 12, 1, 120))
	items := c.items(fs.by["rules"], "incidents.rules")
	if len(items) > maxIncidents {
		c.add(fs.by["rules"], "%d incident rules; at most %d", len(items), maxIncidents)
		return
	}
	seen := map[string]bool{}
	for _, item := range items {
		of, ok := c.mapping(item, "incident", ruleMembers...)
		if !ok {
			continue
		}
		r := c.incident(of)
		if r.Name != "" && seen[r.Name] {
			c.add(of.by["name"], "incidents has the rule %q twice; keep one", r.Name)
		}
		seen[r.Name] = true
		c.p.Incidents.Rules = append(c.p.Incidents.Rules, r)
	}
}

func (c *compiler) incident(fs fields) IncidentRule {
	c.require(fs, "incident", "name", "summary", "when")
	r := IncidentRule{Name: c.name(fs.by["name"], "incident: name")}
	what := "incident " + r.Name
	r.Severity = Severity(c.oneOf(fs.by["severity"], what+": severity", string(Warning), string(Info), string(Warning), string(Critical)))
	r.Summary = c.summary(fs.by["summary"], what+": summary")
	r.For = c.duration(fs.by["for"], what+": for", 0, 0, time.Hour)
	r.Clear = c.duration(fs.by["clear"], what+": clear", 30*time.Second, 0, time.Hour)
	r.Cooldown = c.duration(fs.by["cooldown"], what+": cooldown", 10*time.Minute, 0, 24*time.Hour)
	r.PerHour = int(c.whole(fs.by["perHour"], what+": perHour", 3, 1, 60))
	r.When, r.Any = c.when(fs.by["when"], what+": when")
	return r
}

// summary reads a line for people; it stands in packs.
func (c *compiler) summary(n *node, what string) string {
	text := c.text(n, what)
	if len(text) > 200 {
		c.add(n, "%s is longer than 200 bytes; write one line", what)
	}
	for _, r := range text {
		if !strconv.IsPrint(r) {
			c.add(n, "%s holds a sign that cannot be printed; write one line of plain text", what)
			break
		}
	}
	if n != nil {
		c.plain(n, what)
	}
	return text
}

// when reads one condition, or a list of them under all or any.
func (c *compiler) when(n *node, what string) (list []Condition, anyOf bool) {
	if n == nil {
		return nil, false
	}
	fs, ok := c.mapping(n, what, append([]string{"all", "any"}, conditionMembers...)...)
	if !ok {
		return nil, false
	}
	for _, member := range []string{"all", "any"} {
		if fs.by[member] == nil {
			continue
		}
		if len(fs.by) > 1 && list == nil {
			c.add(fs.at, "%s has %s and more; write all or any alone, or one condition", what, member)
		}
		anyOf = member == "any"
		items := c.items(fs.by[member], what+"."+member)
		if len(items) > maxConditions {
			c.add(fs.by[member], "%s: %d conditions; at most %d", what, len(items), maxConditions)
			return nil, anyOf
		}
		for _, item := range items {
			of, ok := c.mapping(item, what, conditionMembers...)
			if ok {
				list = append(list, c.condition(of, what))
			}
		}
	}
	if fs.by["all"] == nil && fs.by["any"] == nil {
		list = append(list, c.condition(fs, what))
	}
	return list, anyOf
}

// number reads a number; not given is 0. YAML's own words for infinite ones were refused before.
func (c *compiler) number(n *node, what string) float64 {
	if n == nil || !c.is(n, kindNumber, what) {
		return 0
	}
	v, err := strconv.ParseFloat(n.text, 64)
	if err != nil {
		c.add(n, "%s is no plain number; write one such as 250 or 0.9", what)
		return 0
	}
	return v
}
