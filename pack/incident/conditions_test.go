package incident

import (
	"math"
	"slices"
	"testing"
	"time"

	"relaypack/scrape"
	"relaypack/scrape/profile"
)

// TestStatusesAreThoseOfScrape: a profile may name every status, and no other.
func TestStatusesAreThoseOfScrape(t *testing.T) {
	have := profile.Statuses()
	want := []scrape.Status{scrape.OK, scrape.Off, scrape.Forbidden, scrape.Unauthorized, scrape.Limited, scrape.Unreachable,
		scrape.Timeout, scrape.Invalid, scrape.TooLarge, scrape.Gated, scrape.Ambiguous, scrape.Skipped, scrape.Stale}
	if len(have) != len(want) {
		t.Errorf("%v, want %v", have, want)
	}
	for _, s := range want {
		if !slices.Contains(have, string(s)) {
			t.Errorf("no status %s", s)
		}
	}
}

func TestComparisons(t *testing.T) {
	for _, c := range []struct {
		when       string
		good, fire float64 // of series a, while b is 100
	}{
		{"{series: a, above: 10}", 10, 10.5},
		{"{series: a, below: 10}", 10, 9.5},
		{"{series: a, of: b, above: 0.9}", 90, 91},
		{"{series: a, of: b, below: 0.1}", 10, 9},
		{"{all: [{series: a, above: 10}, {series: b, above: 99}]}", 5, 11},
		{"{any: [{series: a, above: 10}, {series: b, above: 100}]}", 5, 11},
		{"{any: [{series: a, above: 10}, {series: c, above: 1}]}", math.NaN(), 11}, // c is unknown, a decides
	} {
		onDesk(t, ruleText("r", c.when, ""), func(d *desk) {
			d.set("b", 100)
			d.after(0, "a", c.good)
			d.want()
			d.after(0, "a", math.NaN())
			d.want()
			d.set("b", 100)
			d.after(second, "a", c.fire)
			d.want("open r")
		})
	}
}

// TestAllNeedsAll: one that does not hold decides, also where another is unknown.
func TestAllNeedsAll(t *testing.T) {
	onDesk(t, ruleText("r", "{all: [{series: a, above: 10}, {series: c, above: 1}]}", ", clear: 0s"), func(d *desk) {
		d.after(0, "a", 20)
		d.want() // c is unknown
		d.set("c", 2)
		d.after(second, "a", 20)
		d.want("open r")
		delete(d.values.series, "c")
		d.after(second, "a", 20)
		d.want()
		d.after(second, "a", 1)
		d.want("closed r cleared")
	})
}

// TestLimitThatIsNone: no limit, or one of 0, is no reason for an incident.
func TestLimitThatIsNone(t *testing.T) {
	for _, limit := range []float64{0, -1, math.Inf(1), math.NaN()} {
		onDesk(t, ruleText("r", "{series: a, of: b, above: 0.9}", ""), func(d *desk) {
			d.set("b", limit)
			d.after(0, "a", 1e12)
			d.want()
			if s := d.e.Summary(); s.Unknown != 1 {
				t.Errorf("limit %v: %+v", limit, s)
			}
		})
	}
}

func TestRateAndChange(t *testing.T) {
	rules := ruleText("rate", "{series: a, take: rate, over: 1m, above: 2}", "") +
		ruleText("rise", "{series: b, take: change, over: 1m, above: 50}", "") +
		ruleText("fall", "{series: b, take: change, over: 1m, below: -50}", "")
	onDesk(t, rules, func(d *desk) {
		at := func(a, b float64) {
			d.set("b", b)
			d.after(15*second, "a", a)
		}
		at(1e6, 100) // where a counter stands when the agent starts is no rise
		at(1e6+10, 100)
		d.want()
		at(1e6+20, 100)
		at(1e6+30, 140)
		at(1e6+40, 149)
		d.want()
		at(1e6+100, 151) // 100 in a minute are 1.67 per second; 51 more than a minute ago
		d.want("open rise")
		at(1e6+160, 151)
		d.want("open rate")
		at(5, 100) // the counter began again; that is no fall
		at(6, 60)
		at(7, 60)
		at(8, 100)
		d.want("open fall", "closed rise cleared") // and rate was unknown for half a window
	})
}

// TestRareReadings: a source that is read less often than the window is long still gives a rate.
func TestRareReadings(t *testing.T) {
	onDesk(t, ruleText("r", "{series: a, take: rate, over: 30s, above: 2}", ""), func(d *desk) {
		d.after(0, "a", 100)
		d.after(time.Minute, "a", 220)
		d.want()
		d.after(time.Minute, "a", 341)
		d.want("open r")
	})
}

func TestEventsPerMinute(t *testing.T) {
	rules := ruleText("every", "{events: error, over: 1m, above: 60}", "") +
		ruleText("odd", "{events: error, type: odd, over: 1m, above: 10}", "")
	onDesk(t, rules, func(d *desk) {
		d.count("error ", 500) // a full ring at the first look is no burst
		d.count("error odd", 500)
		d.look()
		time.Sleep(30 * second)
		d.count("error ", 530) // 60 per minute
		d.count("error odd", 505)
		d.look()
		d.want()
		time.Sleep(30 * second)
		d.count("error ", 561)
		d.count("error odd", 510) // 10 in a minute
		d.look()
		d.want("open every")
		time.Sleep(30 * second)
		d.count("error ", 580)
		d.count("error odd", 516)
		d.look()
		d.want("open odd")
	})
}

func TestFields(t *testing.T) {
	rules := ruleText("empty", "{field: summary.activeSessions, below: 1}", "") +
		ruleText("where", "{field: summary.environment, is: [staging, test]}", "") +
		ruleText("metricsOff", "{field: config.metricsEnabled, is: ['false']}", "")
	onDesk(t, rules, func(d *desk) {
		field := func(name string, r Reading) { r.At = d.now(); d.values.fields[name] = r }
		d.look()
		field("summary.activeSessions", Reading{Number: 1})
		field("summary.environment", Reading{Number: math.NaN(), Text: "production"})
		field("config.metricsEnabled", Reading{Text: "true"})
		d.look()
		d.want()
		field("summary.activeSessions", Reading{})
		field("summary.environment", Reading{Number: math.NaN(), Text: "test"})
		field("config.metricsEnabled", Reading{Text: "false"})
		changes := d.look()
		d.want("open empty", "open where", "open metricsOff")
		if v := changes[1].Record.Values; len(v) != 1 || v[0].Text != "test" || v[0].Is != "one-of" {
			t.Errorf("%+v", v)
		}
	})
}

// TestRelayStates goes through what the port and the process can say.
func TestRelayStates(t *testing.T) {
	rules := ruleText("down", "{relay: down}", ", clear: 0s, cooldown: 0s, perHour: 60") +
		ruleText("never", "{relay: never-up}", ", clear: 0s, cooldown: 0s") +
		ruleText("up", "{all: [{relay: up}, {source: page, status: [timeout]}]}", ", clear: 0s, cooldown: 0s")
	onDesk(t, rules, func(d *desk) {
		d.in.Life, d.in.Port = scrape.Life{}, scrape.PortUnknown
		d.look()
		d.in.Port = scrape.PortTimeout
		d.look()
		d.want()
		d.in.Port = scrape.PortRefused // it boots: not down, it was never up
		d.look()
		d.want("open never")
		d.live(1)
		d.look()
		d.want("closed never cleared")
		d.status("page", scrape.Timeout)
		d.look()
		d.in.Port = scrape.PortTimeout // hung: neither down nor gone
		d.look()
		d.want("open up")
		d.in.Port = scrape.PortRefused
		d.look()
		d.want("closed up cleared", "open down") // what closes is told first
		d.in.Port = scrape.PortOpen
		d.look()
		d.want("closed down cleared", "open up")
		d.in.Life.EndedAt, d.in.Life.End = d.now(), "gone"
		d.look()
		d.want("closed up cleared", "open down")
	})
}
