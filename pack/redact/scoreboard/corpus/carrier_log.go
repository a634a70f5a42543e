package corpus

import (
	"strconv"
	"strings"
)

var logCarriers = []carrier{
	{name: "log-lines", takes: noJSON, write: writeLogLines},
	{name: "syslog", takes: anyNameOneLine, write: writeSyslog},
	{name: "log-with-json", takes: anything, write: writeLogJSON},
	{name: "logfmt", takes: plain, write: writeLogfmt},
	{name: "log-colored", takes: plain, write: writeColored},
	{name: "socketio-frame", takes: anything, write: writeSocketIO},
	{name: "stack-node", takes: noJSON, write: writeNodeStack},
	{name: "stack-java", takes: plain, write: writeJavaStack},
	{name: "stack-python", takes: plain, write: writePythonStack},
	{name: "stack-go", takes: plain, write: writeGoStack},
}

// shown is a value as logs show it: quoted when it has to be.
func shown(it item) string {
	if strings.ContainsAny(it.value, " \"'\\;,{}[]&<>=\r\n") {
		return strconv.Quote(it.value)
	}
	return it.value
}

// said is an item in a line of text.
func (p *page) said(it item) string {
	switch {
	case it.name == "":
		return it.value
	case it.literal:
		return it.name + pick(p.gen, "=", ": ", ":") + it.value
	}
	switch p.IntN(6) {
	case 0:
		return it.name + ": " + shown(it)
	case 1:
		return it.name + "=" + strconv.Quote(it.value)
	case 2:
		return it.name + " = " + shown(it)
	case 3:
		return `"` + it.name + `": ` + strconv.Quote(it.value)
	default:
		return it.name + "=" + shown(it)
	}
}

func (p *page) clock() string {
	at := p.when()
	return pick(p.gen, at.Format("2006-01-02T15:04:05.000Z"), at.Format("2006/01/02 15:04:05"), at.Format("[2006-01-02 15:04:05,000]"), at.Format("15:04:05.000"))
}

func writeLogLines(p *page, its []item) {
	p.addf("%s INFO  relay listening on 0.0.0.0:3001\n", p.clock())
	for _, it := range its {
		p.addf("%s %s ", p.clock(), pick(p.gen, "ERROR", "WARN ", "INFO ", "[debug]", "error:", "<3>"))
		p.add(pick(p.gen, "", "relay: ", "[db] ", "ws(42): ", "settings ", "upstream failed, "))
		p.put(it, p.said(it))
		p.add(pick(p.gen, "\n", "\n", " (attempt 2)\n", ", giving up\n"))
	}
}

func writeSyslog(p *page, its []item) {
	for _, it := range its {
		p.addf("<%d>%s relay-1 relayd[%d]: ", 8+p.IntN(180), p.when().Format("Jan _2 15:04:05"), 100+p.IntN(9000))
		p.put(it, p.said(it))
		p.add("\n")
	}
}

func writeLogJSON(p *page, its []item) {
	p.add(p.clock() + pick(p.gen, " ERROR request failed ", " [relay] state: ", " warn: payload was "))
	p.event(its, jsonForm{str: jsonString})
	p.add(" took 12ms\n")
}

func writeLogfmt(p *page, its []item) {
	for range 1 + p.IntN(2) {
		p.addf("ts=%s level=info caller=relay.go:%d msg=\"frame batch\" frames=%d\n", p.when().Format("2006-01-02T15:04:05.000Z"), 10+p.IntN(900), p.IntN(5000))
	}
	p.addf("ts=%s level=warn", p.when().Format("2006-01-02T15:04:05.000Z"))
	for _, it := range its {
		name := p.nameOf(it)
		value := it.value
		if strings.ContainsAny(value, " =\"\\\r\n\t") || value == "" {
			value = strconv.Quote(value)
		}
		p.add(" ")
		p.put(it, name+"="+value)
	}
	p.add("\n")
}

// writeColored writes name=value with names in color, as loggers do on a terminal.
func writeColored(p *page, its []item) {
	p.addf("\x1b[33mWARN\x1b[0m[%04d] upstream refused ", p.IntN(9999))
	for _, it := range its {
		p.put(it, "\x1b[36m"+p.nameOf(it)+"\x1b[0m="+shown(it))
		p.add(" ")
	}
	p.add("\n")
}

// writeSocketIO writes frames of the relay's own protocol: a number, then JSON.
func writeSocketIO(p *page, its []item) {
	p.addf("%s ws recv 42[\"%s\",", p.clock(), pick(p.gen, "login", "join", "frame", "state"))
	p.event(its, jsonForm{str: jsonString})
	p.add("]\n")
}

func writeNodeStack(p *page, its []item) {
	p.add("Error: ")
	for i, it := range its {
		if i > 0 {
			p.add(pick(p.gen, "\n    cause: ", "\n  [cause]: Error: ", "\n    at query: "))
		}
		p.put(it, p.said(it))
	}
	p.addf("\n    at Pool.connect (/srv/app/node_modules/pg-pool/index.js:%d:11)", p.IntN(400))
	p.addf("\n    at async login (/srv/app/dist/auth/token.js:%d:%d)", p.IntN(300), p.IntN(60))
	p.add("\n    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)\n")
}

func writeJavaStack(p *page, its []item) {
	for i, it := range its {
		p.add(pick(p.gen, "java.lang.IllegalStateException: ", "org.postgresql.util.PSQLException: ", "io.netty.handler.codec.DecoderException: "))
		p.put(it, p.said(it))
		p.addf("\n\tat net.relay.auth.TokenFilter.doFilter(TokenFilter.java:%d)\n\tat java.base/java.lang.Thread.run(Thread.java:840)\n", p.IntN(300))
		if i < len(its)-1 {
			p.add("Caused by: ")
		}
	}
}

func writePythonStack(p *page, its []item) {
	p.add("Traceback (most recent call last):\n")
	for _, it := range its {
		p.addf("  File \"/srv/app/relay/auth.py\", line %d, in connect\n    ", p.IntN(500))
		if it.name == "" {
			p.put(it, it.value)
		} else {
			p.put(it, snake(split(it.name))+" = "+pyValue(it))
		}
		p.add("\n")
	}
	p.add("relay.errors.UpstreamError: 502 from upstream\n")
}

func writeGoStack(p *page, its []item) {
	p.add("panic: ")
	for i, it := range its {
		if i > 0 {
			p.add("\n\tprevious: ")
		}
		p.put(it, p.said(it))
	}
	p.addf("\n\ngoroutine %d [running]:\nmain.(*Relay).dial(0xc000%s, {0xc000%s, 0x1f})\n\t/src/relay/dial.go:%d +0x%s\n", 1+p.IntN(400), p.from(hexes, 6), p.from(hexes, 6), p.IntN(300), p.from(hexes, 3))
}

func pyValue(it item) string {
	if it.literal {
		switch it.value {
		case "true":
			return "True"
		case "false":
			return "False"
		case "null":
			return "None"
		}
		return it.value
	}
	return pyQuote(it.value)
}

// pyQuote is repr of a string: single quotes, or double ones around a single one.
func pyQuote(s string) string {
	s = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s)
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		return `"` + s + `"`
	}
	return "'" + strings.ReplaceAll(s, "'", `\'`) + "'"
}
