package profile

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

// incidentCases are files with one fault each in their incidents.
var incidentCases = []struct{ file, want string }{
	{"incidents: []\n", "7:12: incidents is a list; write names with values"},
	{"incidents: {perHour: 2}\n", "7:12: incidents has no rules; write it"},
	{"incidents: {rules: []}\n", "7:20: incidents.rules is empty; leave it out or fill it"},
	{"incidents: {perHour: 0, rules: [{name: a, summary: s, when: {relay: down}}]}\n", "7:22: incidents.perHour is no whole number of 1 to 120; write one"},
	{"incidents: {rules: [{name: a, summary: s}]}\n", "7:21: incident has no when; write it"},
	{"incidents: {rules: [{name: tokens, summary: s, when: {relay: down}}]}\n", "7:28: incident: name holds the word \"token\", for which packs are searched; choose another"},
	{"incidents: {rules: [{name: a, summary: Secrets leak, when: {relay: down}}]}\n", "7:40: incident a: summary holds the word \"secret\", for which packs are searched; choose another"},
	{"incidents: {rules: [{name: a, summary: \"a\\nb\", when: {relay: down}}]}\n", "7:40: incident a: summary holds a sign that cannot be printed; write one line of plain text"},
	{"incidents: {rules: [{name: a, summary: " + strings.Repeat("x", 201) + ", when: {relay: down}}]}\n", "7:40: incident a: summary is longer than 200 bytes; write one line"},
	{"incidents: {rules: [{name: a, severity: bad, summary: s, when: {relay: down}}]}\n", "7:41: incident a: severity is \"bad\"; write one of: info, warning, critical"},
	{"incidents: {rules: [{name: a, summary: s, when: {relay: down}, for: 2h}]}\n", "7:69: incident a: for is no duration of 0s to 1h0m0s; write one such as 2s or 15m"},
	{"incidents: {rules: [{name: a, summary: s, when: {relay: down}, perHour: 61}]}\n", "7:73: incident a: perHour is no whole number of 1 to 60; write one"},
	{"incidents: {rules: [{name: a, summary: s, when: {relay: down}}, {name: a, summary: s, when: {relay: up}}]}\n", "7:72: incidents has the rule \"a\" twice; keep one"},
	{"incidents: {rules: [" + strings.Repeat("{},", maxIncidents+1) + "]}\n", "7:20: 65 incident rules; at most 64"},
	{rule("{}"), "8:49: incident a: when reads nothing; write one of: series, field, events, source, relay"},
	{rule("{all: []}"), "8:55: incident a: when.all is empty; leave it out or fill it"},
	{rule("{all: [{relay: up}], any: [{relay: up}]}"), "8:49: incident a: when has all and more; write all or any alone, or one condition"},
	{rule("{all: [{relay: up}], relay: down}"), "8:49: incident a: when has all and more; write all or any alone, or one condition"},
	{rule("{any: [" + strings.Repeat("{relay: up},", maxConditions+1) + "]}"), "8:55: incident a: when: 9 conditions; at most 8"},
	{rule("{any: [{all: [{relay: up}], relay: up}]}"), "8:57: incident a: when has no member \"all\"; write one of: series, field, events, source, relay, type, take, of, over, above, below, until, is, status"},
	{rule("{relay: up, source: data}"), "8:49: incident a: when has source and relay; write one of them, and all or any for more"},
	{rule("{relay: up, until: 1}"), "8:68: incident a: when: until does not go with relay; write one of: over, above"},
	{rule("{relay: gone}"), "8:57: incident a: when: relay is \"gone\"; write one of: up, down, never-up, restarted"},
	{rule("{relay: down, over: 1m}"), "8:69: incident a: when: over goes with relay: restarted; leave it out"},
	{rule("{relay: restarted, above: -1}"), "8:75: incident a: when: above is no whole number of 0 to 50; write one"},
	{rule("{source: none, status: [ok]}"), "8:58: incident a: when: there is no source \"none\"; write one of sources, or process"},
	{rule("{source: data}"), "8:49: incident a: when has no status; write it"},
	{rule("{source: data, status: [dead]}"), "8:73: incident a: when: status \"dead\" is none; write one of: ok, off, forbidden, unauthorized, limited, unreachable, timeout, invalid, too-large, gated, ambiguous, skipped, stale"},
	{rule("{series: c, above: 1}"), "8:58: incident a: when: there is no series \"c\"; write one of history, where it may have any expression"},
	{rule("{series: a}"), "8:49: incident a: when: write one of above and below"},
	{rule("{series: a, above: 1, below: 1}"), "8:49: incident a: when: write one of above and below"},
	{rule("{series: a, above: many}"), "8:68: incident a: when: above is a text; write a number"},
	{rule("{series: a, above: 0x10}"), "8:68: incident a: when: above is no plain number; write one such as 250 or 0.9"},
	{rule("{series: a, above: 1, until: 2}"), "8:78: incident a: when: until lies on the bad side of above; write the value at which an open incident may end"},
	{rule("{series: a, below: 1, until: 0.5}"), "8:78: incident a: when: until lies on the bad side of below; write the value at which an open incident may end"},
	{rule("{series: a, above: 1, take: mean}"), "8:77: incident a: when: take is \"mean\"; write one of: value, rate, change"},
	{rule("{series: a, above: 1, over: 1m}"), "8:77: incident a: when: over goes with take: rate and take: change; leave it out"},
	{rule("{series: a, above: 1, take: rate, over: 2s}"), "8:89: incident a: when: over is no duration of 5s to 1h0m0s; write one such as 2s or 15m"},
	{rule("{series: a, of: c, above: 1}"), "8:65: incident a: when: of: there is no series \"c\"; write one of history, where it may have any expression"},
	{rule("{series: a, of: b, above: 1, take: rate}"), "8:65: incident a: when: of divides a value; leave take out"},
	{rule("{series: a, above: 1, status: [ok]}"), "8:79: incident a: when: status does not go with series; write one of: take, of, over, above, below, until"},
	{rule("{field: summary.nothing, above: 1}"), "8:57: incident a: when: nothing gives the field \"summary.nothing\" at each look; write one of sections or config"},
	{rule("{field: socketStats.byRole, above: 1}"), "8:57: incident a: when: field socketStats.byRole is no plain number or text; make a series of history of what is needed"},
	{rule("{field: summary.uptime, is: [a]}"), "8:77: incident a: when: field summary.uptime is a number; write above or below"},
	{rule("{field: summary.environment, above: 1}"), "8:85: incident a: when: field summary.environment is a text; write is with its texts"},
	{rule("{field: summary.environment, is: [monkey]}"), "8:83: incident a: when: is holds the word \"key\", for which packs are searched; choose another"},
	{rule("{events: error, above: 1, type: bad_token}"), "8:81: incident a: when: type holds the word \"token\", for which packs are searched; choose another"},
	{rule("{events: relay, above: 1}"), "8:58: incident a: when: there are no events of class \"relay\"; write one of events"},
}

// rule adds a rule with one condition to a file that has series, fields and events to name.
func rule(when string) string {
	return "history: [{name: a, unit: s, from: data, jq: .a}, {name: b, unit: s, from: data, jq: .b}]\n" +
		"incidents: {rules: [{name: a, summary: s, when: " + when + "}]}\n" +
		"sections: {summary: {uptime: [{from: data, jq: .a}], environment: [{from: data, jq: .b}]}, socketStats: {byRole: [{from: data, jq: .c}]}}\n" +
		"events: {error: [{from: data, each: '.a[]', id: .id, time: .t}]}\n"
}

// TestIncidents holds the form that a rule gets, with what is not given.
func TestIncidents(t *testing.T) {
	p, err := Parse("f.yaml", []byte(start+rule("{any: [{series: a, of: b, above: 0.9, until: .5}, {events: error, type: odd, below: 2}, "+
		"{field: summary.environment, is: [production]}, {source: process, status: [ambiguous]}, {relay: restarted, over: 10m, above: 2}]}")))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Incidents.Rules) != 1 || p.Incidents.PerHour != 12 {
		t.Fatalf("%+v", p.Incidents)
	}
	r := p.Incidents.Rules[0]
	if r.Name != "a" || r.Severity != Warning || !r.Any || r.For != 0 || r.Clear != 30*time.Second || r.Cooldown != 10*time.Minute || r.PerHour != 3 {
		t.Errorf("%+v", r)
	}
	want := []Condition{
		{Kind: OfSeries, Name: "a", Source: "data", Of: "b", Take: TakeValue, Bound: 0.9, Until: 0.5},
		{Kind: OfEvents, Name: "error", Type: "odd", Over: time.Minute, Below: true, Bound: 2, Until: 2},
		{Kind: OfField, Name: "summary.environment", Take: TakeValue, Is: []string{"production"}},
		{Kind: OfSource, Name: "process", Is: []string{"ambiguous"}},
		{Kind: OfRelay, Relay: RelayRestarted, Over: 10 * time.Minute, Bound: 2, Until: 2},
	}
	if !reflect.DeepEqual(r.When, want) {
		t.Errorf("%+v", r.When)
	}
}
