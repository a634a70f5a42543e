package profile

import (
	"fmt"
	"strings"
)

// faultCases are files with one fault each.
var faultCases = []struct{ file, want string }{
	// the file itself
	{"=", " the file is empty; write a profile, first version: 1"},
	{"=" + strings.Repeat("#", maxFile+1), " the file has 1048577 bytes; at most 1048576"},
	{"=[]", "1:1: the profile is a list; write names with values"},
	{"=[" + strings.Repeat("a,", maxTokens/2) + "]", " the file has 30002 names, values and signs; at most 30000"},
	{"=a: [", "1:4: not YAML: sequence end token ']' not found; quote texts that hold signs of YAML"},
	{"=--- {}\n--- {}\n", " the file holds 2 documents; write exactly one"},
	{"= " + strings.Repeat("[", maxFlow+1) + strings.Repeat("]", maxFlow+1), "1:18: more than 16 brackets inside each other; write blocks"},
	{"=" + strings.Repeat("- ", 41) + "a", "1:81: a list begins behind column 80; indent less"},
	{"relay: &a {port: 1}\n", "7:8: anchors are not for profiles; write the value out where it is needed"},
	{"relay: {process: *a}\n", "7:18: aliases are not for profiles; write the value out where it is needed"},
	{"relay: !!map {port: 1}\n", "7:8: tags are not for profiles; write the plain value"},
	{"relay: {<<: {port: 1}}\n", "7:9: merging is not for profiles; write the members out"},
	{"alerts: []\n", "7:1: the profile has no member \"alerts\"; write one of: version, name, relay, gate, login, budget, refusals, ids, sources, starts, events, unwired, sections, sessionParity, trace, config, lists, bundle, history, tracing, incidents"},
	{"relay: {port: 1}\nrelay: {port: 2}\n", "8:1: the profile has \"relay\" twice; keep one"},
	{"relay: {port: 1, port: 2}\n", "7:18: relay has \"port\" twice; keep one"},

	// values of the wrong kind
	{"relay: here\n", "7:8: relay is a text; write names with values"},
	{"relay: {port: 0}\n", "7:15: relay.port is no whole number of 1 to 65535; write one"},
	{"relay: {port: '3001'}\n", "7:15: relay.port is a text; write a number"},
	{"relay: {process: '('}\n", "7:18: relay.process is no regular expression of Go (RE2): error parsing regexp: missing closing ): `(`"},
	{"relay: {process: ''}\n", "7:18: relay.process is empty; leave it out or fill it"},
	{"refusals: {off: []}\n", "7:17: refusals.off is empty; leave it out or fill it"},
	{"refusals: {off: [1]}\n", "7:18: refusals.off is a number; write a text"},

	// gate, login, budget
	{"gate: {source: data, maxAge: 2s, open: .a}\n", "7:16: gate.source: source data is not read with the gate; write every: gate there"},
	{"gate: {source: none, maxAge: 2s, open: .a}\n", "7:16: gate.source: there is no source \"none\"; write one of sources"},
	{"=version: 1\nname: a\nsources: {g: {path: /g, every: gate}}\ngate: {source: g, maxAge: 2s}\n", "4:7: gate has no open; write it"},
	{"=version: 1\nname: a\nsources: {g: {path: /g, every: gate}}\n", "3:11: source g is read with the gate, but there is no gate; write gate"},
	{"=version: 1\nname: a\nsources: {g: {path: /g, every: gate}, h: {path: /h, every: gate}}\ngate: {source: g, open: ., maxAge: 2s}\n", "3:39: source h is read with the gate, but it is not gate.source; write another every"},
	{"=version: 1\nname: a\nsources: {g: {path: /g, every: gate, bearer: true}}\ngate: {source: g, open: ., maxAge: 2s}\n", "3:46: source g: the gate is asked before the bearer may leave; leave bearer out"},
	{"=version: 1\nname: a\nsources: {g: {path: /g, every: gate}}\ngate: {source: g, open: ., maxAge: 2}\n", "4:36: gate.maxAge is no duration of 100ms to 1m0s; write one such as 2s or 15m"},
	{"login: {path: /login, bearer: .a, expires: .b, refresh: /r}\n", "7:8: login has one of refresh and renew; write both or none"},
	{"login: {path: 'http://a/login', bearer: .a, expires: .b}\n", "7:15: login.path: write the path on the relay, from / on, without scheme, host and fragment, other signs as %XX"},
	{"budget: {bearer: {share: 1.5}}\n", "7:26: budget.bearer.share is no share; write a number above 0 and up to 1, such as 0.5"},
	{"budget: {anonymous: {per: 15}}\n", "7:27: budget.anonymous.per is no duration of 1s to 24h0m0s; write one such as 2s or 15m"},
	{"budget: {anonymous: {calls: 1.5}}\n", "7:29: budget.anonymous.calls is no whole number of 1 to 1000000; write one"},

	// ids
	{"ids: {person: {fields: [a]}}\n", "7:7: ids has no member \"person\"; write one of: session, socket, user"},
	{"ids: {session: {shapes: ['sess_.*']}}\n", "7:26: ids.session.shapes: write a literal, one class and + or {n,m}, such as sess_[A-Za-z0-9]+"},
	{"ids: {session: {shapes: ['s_[a-z]{9,2}']}}\n", "7:26: ids.session.shapes: write {n,m} with 1 <= n <= m <= 256"},
	{"ids: {session: {shapes: ['s_[z-a]+']}}\n", "7:26: ids.session.shapes: the class is not in order; write ranges such as a-z"},
	{"ids: {session: {raw: [{from: page, path: .a}]}}\n", "7:30: ids.session.raw: source page is no JSON that is read by itself; write another source"},
	{"ids: {session: {raw: [{from: data, path: a}]}}\n", "7:42: ids.session.raw: path: write . or .name.name[] with odd names quoted"},

	// sources, in a file of their own
	{"=version: 1\nname: a\nsources: {1a: {path: /a, every: debug}}\n", "3:11: the name of a source is no name; write a letter and up to 39 letters, digits, _ or -"},
	{"=version: 1\nname: a\nsources: {keys: {path: /a, every: debug}}\n", "3:11: the name of a source holds the word \"key\", for which packs are searched; choose another"},
	{"=version: 1\nname: a\nsources: {states: {path: /a, every: debug}}\n", "3:11: \"states\" is the name of a document that the agent makes; choose another"},
	{"=version: 1\nname: a\nsources: {a: {every: debug}}\n", "3:14: source a has no path; write it"},
	{"=version: 1\nname: a\nsources: {a: {path: '/a#b', every: debug}}\n", "3:21: source a: path: write the path on the relay, from / on, without scheme, host and fragment, other signs as %XX"},
	{"=version: 1\nname: a\nsources: {a: {path: '//host/a', every: debug}}\n", "3:21: source a: path: write the path on the relay, from / on, without scheme, host and fragment, other signs as %XX"},
	{"=version: 1\nname: a\nsources: {a: {path: '/a/%2e%2e/b', every: debug}}\n", "3:21: source a: path: write the path without . and .. parts"},
	{"=version: 1\nname: a\nsources: {a: {path: '/a/{session}', every: debug}}\n", "3:21: source a: path: {session} and {trace} go with every: ask, and every: ask with one of them"},
	{"=version: 1\nname: a\nsources: {a: {path: /a, every: ask}}\n", "3:21: source a: path: {session} and {trace} go with every: ask, and every: ask with one of them"},
	{"=version: 1\nname: a\nsources: {a: {path: '/a/{user}', every: debug}}\n", "3:21: source a: path: write the path on the relay, from / on, without scheme, host and fragment, other signs as %XX"},
	{"=version: 1\nname: a\nsources: {a: {path: /a, every: debug, atMost: 1m}}\n", "3:47: source a: atMost goes with every: ask"},
	{"=version: 1\nname: a\nsources: {a: {path: /a, every: debug, body: '{}'}}\n", "3:45: source a: body is JSON and goes with method: POST only"},
	{"=version: 1\nname: a\nsources: {a: {path: /a, every: debug, method: POST, body: '{'}}\n", "3:59: source a: body is JSON and goes with method: POST only"},
	{"=version: 1\nname: a\nsources: {a: {path: /a, every: debug, unwrap: '.a[]'}}\n", "3:47: source a: unwrap names one value; write a path without []"},
	{"=version: 1\nname: a\nsources: {a: {path: /a, every: debug, format: exposition}}\n", "3:11: source a: an exposition is read with every: metrics and has no unwrap"},
	{"=version: 1\nname: a\nsources: {a: {path: /a, every: debug, maxBytes: 0}}\n", "3:49: source a: maxBytes is no whole number of 1 to 268435456; write one"},
	{"=version: 1\nname: a\nsources: {a: {path: /a, every: debug, group: 'a b'}}\n", "3:46: source a: group is no name; write a letter and up to 39 letters, digits, _ or -"},
	{"=version: 1\nname: a\nsources: {a: {path: /a, every: debug, insteadOf: b}}\n", "3:50: source a: there is no other source \"b\" to stand in for; write one of sources"},
	{"=version: 1\nname: a\nsources: {a: {path: /a, every: debug, insteadOf: a}}\n", "3:50: source a: there is no other source \"a\" to stand in for; write one of sources"},
	{"=version: 1\nname: a\nsources: {a: {path: /a, every: debug, insteadOf: b}, b: {path: /b, every: start}}\n", "3:50: source a: it is read at another time than b; write the same every"},
	{"=version: 1\nname: a\nsources: {a: {path: /a, every: debug, insteadOf: b}, b: {path: /b, every: debug, insteadOf: c}, c: {path: /c, every: debug}}\n", "3:50: source a: b stands in itself; name the source that it stands in for"},
	{"=version: 1\nname: a\nsources: {a: {path: /a, every: metrics, format: exposition}, b: {path: /b, every: metrics, format: exposition}}\n", "3:62: source b is a second exposition beside a; keep one"},
	{"=version: 1\nname: a\nsources:\n" + manySources(maxSources+1), "4:3: 201 sources; at most 200"},

	// rules
	{"sections: {summary: {uptime: [{from: nowhere, jq: .a}]}}\n", "7:38: sections.summary.uptime: there is no source \"nowhere\"; write one of sources, or states, target, events, process"},
	{"sections: {summary: {uptime: [{from: one, jq: .a}]}}\n", "7:38: sections.summary.uptime: source one is read for a request only; write another source"},
	{"sections: {summary: {uptime: [{jq: .a}]}}\n", "7:31: sections.summary.uptime has no from; write it"},
	{"sections: {summary: {uptime: []}}\n", "7:30: sections.summary.uptime is empty; leave it out or fill it"},
	{"sections: {summary: {uptime: {from: data, jq: .a}}}\n", "7:30: sections.summary.uptime is names with values; write a list"},
	{"sections: {summary: {downtime: [{from: data, jq: .a}]}}\n", "7:22: sections.summary has no member \"downtime\"; write one of: environment, uptime, activeSessions, activeConnections"},
	{"sections: {summary: {uptime: [{from: data, jq: .a, recorded: true}]}}\n", "7:62: recorded has no meaning without unwired; write unwired or leave recorded out"},
	{"sections: {summary: {uptime: [{from: data, jq: .a, recorded: 1}]}}\n", "7:62: sections.summary.uptime: recorded is a number; write true or false"},
	{"sessionParity: {streams: [{from: data, jq: .a}]}\n", "7:34: sessionParity.streams: write a source with every: ask and {session} in its path or body"},
	{"trace: {traceId: [{from: one, jq: .a}]}\n", "7:26: trace.traceId: write a source with every: ask and {trace} in its path or body"},
	{"config: {databaseUrl: [{from: data, jq: .a}]}\n", "7:10: config has no member \"databaseUrl\"; write one of: nodeEnv, port, logLevel, metricsEnabled, diagnosticsEnabled, opsUiEnabled"},
	{"unwired: {live: [{from: data, jq: .a}]}\n", "7:10: unwired has no recorded; write it"},
	{"starts: [{from: data, jq: .a, recorded: true}]\n", "7:31: starts has no member \"recorded\"; write one of: from, jq"},

	// events, lists, history
	{"events: {socket: [{from: data, each: .a, id: .b, time: .c}]}\n", "7:38: events.socket: each does not end in []; write the path of the elements, such as .events[]"},
	{"events: {socket: [{from: page, each: '.a[]', id: .b, time: .c}]}\n", "7:26: events.socket: source page is no JSON that is read by itself; write another source"},
	{"events: {socket: [{from: states, each: '.a[]', id: .b, time: .c}]}\n", "7:26: events.socket: there is no source \"states\"; write one of sources"},
	{"events: {player: []}\n", "7:10: events has no member \"player\"; write one of: socket, relay, session, error"},
	{"lists: {errors: [{from: one, path: '.a[]'}]}\n", "7:25: lists.errors: source one is no JSON that is read by itself; write another source"},
	{"bundle: {extra: [{from: data, jq: .a}]}\n", "7:10: bundle has no member \"extra\"; write one of: windows, errorCounts, relayBuild"},
	{"history: [{name: a, unit: s, from: data, jq: .a}, {name: a, unit: s, from: data, jq: .a}]\n", "7:58: history has the series \"a\" twice; keep one"},
	{"history: [{name: a, unit: a very long name of a unit, from: data, jq: .a}]\n", "7:27: history: unit is longer than 16 bytes; write it short, such as bytes or 1/s"},
	{"history: [{name: monkeys, unit: s, from: data, jq: .a}]\n", "7:18: history: name holds the word \"key\", for which packs are searched; choose another"},
	{"history:\n" + strings.Repeat("  - {}\n", maxSeries+1), "8:3: 65 series; at most 64"},

	// expressions
	{"starts: [{from: data, jq: ''}]\n", "7:27: starts: the expression is empty; write . for the whole document"},
	{"starts: [{from: data, jq: {a: 1}}]\n", "7:27: starts is names with values; write a jq expression in quotes"},
	{"starts: [{from: data, jq: '.a | |'}]\n", "7:27: starts: not a jq expression: unexpected \"|\" at byte 6 of it"},
	{"starts: [{from: data, jq: '(.a'}]\n", "7:27: starts: not a jq expression: it ends too early, after 3 bytes"},
	{"starts: [{from: data, jq: nosuch(.a)}]\n", "7:27: starts: jq: function not defined: nosuch/1; variables: $now only"},
	{"starts: [{from: data, jq: '.a + $later'}]\n", "7:27: starts: jq: variable not defined: $later; variables: $now only"},
	{"starts: [{from: data, jq: now}]\n", "7:27: starts: now is not for profiles; write $now, the instant of the look in ms"},
	{"starts: [{from: data, jq: 'env.HOME'}]\n", "7:27: starts: env is not for profiles; expressions have no environment"},
	{"starts: [{from: data, jq: '$ENV.HOME'}]\n", "7:27: starts: $ENV is not for profiles; expressions have no environment"},
	{"starts: [{from: data, jq: '[inputs]'}]\n", "7:27: starts: inputs is not for profiles; expressions have one document, it is `.`"},
	{"starts: [{from: data, jq: '_multiply(.a; 2)'}]\n", "7:27: starts: _multiply is not for profiles; write a function of the jq manual"},
	{"starts: [{from: data, jq: '.a *= 2'}]\n", "7:27: starts: *= is not for profiles; write |= with *"},
	{"starts: [{from: data, jq: 'include \"a\"; .a'}]\n", "7:27: starts: expressions have no modules; write the function out"},
	{"starts: [{from: data, jq: '" + strings.Repeat(".", maxExpression+1) + "'}]\n", "7:27: starts: the expression has 4097 bytes; at most 4096"},
}

func manySources(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  a%d: {path: /a, every: debug}\n", i)
	}
	return b.String()
}
