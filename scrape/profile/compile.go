package profile

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// topMembers are the members of a profile, in the order in which they are best written.
var topMembers = []string{"version", "name", "relay", "gate", "login", "budget", "refusals", "ids", "sources",
	"starts", "events", "unwired", "sections", "sessionParity", "trace", "config", "lists", "bundle", "history", "tracing", "incidents"}

// compiler turns a tree into a Profile and collects every fault on its way.
type compiler struct {
	faults
	p        *Profile
	places   map[string]*node  // where each source is written
	recorded *node             // the first rule that says recorded
	compiled map[string]*Query // by text: many rules are equal
}

// compile reads the whole file; the profile is only good when there is no fault.
func (c *compiler) compile(root *node, data []byte) {
	fs, ok := c.mapping(root, "the profile", topMembers...)
	if !ok {
		return
	}
	c.require(fs, "the profile", "version", "name", "sources")
	sum := sha256.Sum256(data)
	c.p.Hash = hex.EncodeToString(sum[:])[:12]
	c.p.Version = int(c.whole(fs.by["version"], "version", 1, 1, 1))
	if n := fs.by["name"]; n != nil && c.is(n, kindText, "name") {
		c.p.Name = c.name(n, "name")
	}
	c.sources(fs.by["sources"]) // first: all others name them
	c.relay(fs.by["relay"])
	c.gate(fs.by["gate"])
	c.login(fs.by["login"])
	c.budget(fs.by["budget"])
	c.refusals(fs.by["refusals"])
	c.ids(fs.by["ids"])
	c.p.Starts = c.rules(fs.by["starts"], "starts", ruleUse{})
	c.events(fs.by["events"])
	c.unwired(fs.by["unwired"])
	for _, g := range groups {
		c.group(fs.by[g.member], g)
	}
	c.lists(fs.by["lists"])
	c.bundle(fs.by["bundle"])
	c.history(fs.by["history"])
	c.tracing(fs.by["tracing"])
	c.incidents(fs.by["incidents"]) // last: it names series, fields and classes
	if c.recorded != nil && c.p.Unwired == nil {
		c.add(c.recorded, "recorded has no meaning without unwired; write unwired or leave recorded out")
	}
	c.order()
}

func (c *compiler) relay(n *node) {
	fs, _ := c.mapping(n, "relay", "port", "process")
	c.p.Relay.Port = int(c.whole(fs.by["port"], "relay.port", 0, 1, 65535))
	c.p.Relay.Process = c.pattern(fs.by["process"], "relay.process")
}

func (c *compiler) gate(n *node) {
	fs, ok := c.mapping(n, "gate", "source", "open", "maxAge")
	if !ok {
		for name, at := range c.places {
			if c.p.Source(name).Every == EveryGate {
				c.add(at, "source %s is read with the gate, but there is no gate; write gate", name)
			}
		}
		return
	}
	c.require(fs, "gate", "source", "open", "maxAge")
	c.p.Gate = &Gate{
		Source: c.text(fs.by["source"], "gate.source"),
		Open:   c.query(fs.by["open"], "gate.open"),
		MaxAge: c.duration(fs.by["maxAge"], "gate.maxAge", 2*time.Second, 100*time.Millisecond, time.Minute),
	}
	switch s := c.p.Source(c.p.Gate.Source); {
	case c.p.Gate.Source == "":
	case s == nil:
		c.add(fs.by["source"], "gate.source: there is no source %q; write one of sources", c.p.Gate.Source)
	case s.Every != EveryGate:
		c.add(fs.by["source"], "gate.source: source %s is not read with the gate; write every: gate there", s.Name)
	}
	for name, at := range c.places {
		if s := c.p.Source(name); s.Every == EveryGate && name != c.p.Gate.Source {
			c.add(at, "source %s is read with the gate, but it is not gate.source; write another every", name)
		}
	}
}

func (c *compiler) login(n *node) {
	fs, ok := c.mapping(n, "login", "path", "refresh", "bearer", "renew", "expires")
	if !ok {
		return
	}
	c.require(fs, "login", "path", "bearer", "expires")
	c.p.Login = &Login{
		Path:    c.urlPath(fs.by["path"], "login.path", false),
		Refresh: c.urlPath(fs.by["refresh"], "login.refresh", false),
		Bearer:  c.path(fs.by["bearer"], "login.bearer", false),
		Renew:   c.path(fs.by["renew"], "login.renew", false),
		Expires: c.query(fs.by["expires"], "login.expires"),
	}
	if (fs.by["refresh"] == nil) != (fs.by["renew"] == nil) {
		c.add(fs.at, "login has one of refresh and renew; write both or none")
	}
}

// budget reads what the agent allows itself. Without one: 40 anonymous calls in 15 minutes or 80 %
// of what the relay announces, and half of 200 calls with the bearer until it announces more.
func (c *compiler) budget(n *node) {
	fs, _ := c.mapping(n, "budget", "anonymous", "bearer")
	anonymous, _ := c.mapping(fs.by["anonymous"], "budget.anonymous", "calls", "per", "share")
	bearer, _ := c.mapping(fs.by["bearer"], "budget.bearer", "calls", "share")
	c.p.Budget = Budget{
		AnonymousCalls: int(c.whole(anonymous.by["calls"], "budget.anonymous.calls", 40, 1, 1_000_000)),
		Window:         c.duration(anonymous.by["per"], "budget.anonymous.per", 15*time.Minute, time.Second, 24*time.Hour),
		AnonymousShare: c.share(anonymous.by["share"], "budget.anonymous.share", 0.8),
		BearerCalls:    int(c.whole(bearer.by["calls"], "budget.bearer.calls", 200, 1, 1_000_000)),
		BearerShare:    c.share(bearer.by["share"], "budget.bearer.share", 0.5),
	}
}

func (c *compiler) refusals(n *node) {
	fs, _ := c.mapping(n, "refusals", "off", "absent")
	c.p.Refusals = Refusals{
		Off:    c.texts(fs.by["off"], "refusals.off"),
		Absent: c.texts(fs.by["absent"], "refusals.absent"),
	}
}
