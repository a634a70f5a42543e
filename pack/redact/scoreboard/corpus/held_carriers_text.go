package corpus

import (
	"fmt"
	"strconv"
	"strings"
)

// heldTextCarriers are what programs print for people and for logs.
var heldTextCarriers = []carrier{
	{name: "nginx-error", takes: parameter, write: writeNginxError},
	{name: "access-log-referer", takes: parameter, write: writeAccessLog},
	{name: "syslog-structured", takes: quotedLine, write: writeStructured},
	{name: "cef", takes: oneLine, write: writeCEF},
	{name: "redis-monitor", takes: noLiteral, write: writeMonitor},
	{name: "markdown-table", takes: oneLine, write: writeMarkdown},
	{name: "aligned-table", takes: oneLine, write: writeAligned},
	{name: "psql-expanded", takes: oneLine, write: writeExpanded},
	{name: "mysql-vertical", takes: oneLine, write: writeVertical},
	{name: "console-table", takes: oneLine, write: writeConsoleTable},
	{name: "terraform-plan", takes: plain, write: writePlan},
	{name: "github-actions-log", takes: oneLine, write: writeActions},
	{name: "csharp-record", takes: oneLine, write: writeRecord},
	{name: "python-dataclass", takes: plain, write: writeDataclass},
	{name: "ruby-inspect", takes: plain, write: writeRubyInspect},
	{name: "erlang-terms", takes: plain, write: writeErlang},
	{name: "elixir-map", takes: plain, write: writeElixir},
	{name: "perl-dumper", takes: noJSON, write: writeDumper},
	{name: "php-var-dump", takes: noJSON, write: writeVarDump},
	{name: "powershell-list", takes: oneLine, write: writeFormatList},
}

// writeNginxError writes lines of an error log, the items in the request that failed.
func writeNginxError(p *page, its []item) {
	p.addf("%s [error] 31#31: *%d connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.%d, server: relay, request: \"GET /api/v1/frames?", p.when().Format("2006/01/02 15:04:05"), p.IntN(9e5), 1+p.IntN(250))
	p.query(its)
	p.add(" HTTP/1.1\", upstream: \"http://10.0.0.17:3001/\", host: \"relay.example.net\"\n")
}

// writeAccessLog writes a line of the combined format, the items in its referrer.
func writeAccessLog(p *page, its []item) {
	p.addf("10.0.4.%d - - [24/Nov/2026:09:07:12 +0000] \"GET /favicon.ico HTTP/2.0\" 404 %d \"https://relay.example.net/cb?", 1+p.IntN(250), p.IntN(900))
	p.query(its)
	p.add("\" \"relay-agent/2.4.1\"\n")
}

// writeStructured writes the structured data of RFC 5424.
func writeStructured(p *page, its []item) {
	p.addf("<%d>1 %s relay-0 relayd %d ID47 [relay@32473", 8+p.IntN(180), p.when().Format("2006-01-02T15:04:05.000Z"), 100+p.IntN(9000))
	for _, it := range its {
		p.add(" ")
		p.put(it, camel(split(p.nameOf(it)))+`="`+strings.NewReplacer(`\`, `\\`, `"`, `\"`, "]", `\]`).Replace(it.value)+`"`)
	}
	p.add("] upstream refused\n")
}

// writeCEF writes an event in the format of ArcSight.
func writeCEF(p *page, its []item) {
	p.addf("CEF:0|Pit|Relay|2.4|%d|upstream refused|%d|src=10.0.0.7 spt=%d", 100+p.IntN(900), p.IntN(10), 1024+p.IntN(60000))
	for _, it := range its {
		p.add(" ")
		p.put(it, camel(split(p.nameOf(it)))+"="+strings.NewReplacer(`\`, `\\`, "=", `\=`).Replace(it.value))
	}
	p.add("\n")
}

// writeMonitor writes what redis-cli monitor shows of writes to a hash.
func writeMonitor(p *page, its []item) {
	for _, it := range its {
		p.addf("%d.%06d [0 10.0.0.7:%d] \"HSET\" \"relay:settings\" ", p.when().Unix(), p.IntN(1e6), 1024+p.IntN(60000))
		p.put(it, strconv.Quote(p.nameOf(it))+" "+strconv.Quote(it.value))
		p.add("\n")
	}
}

func writeMarkdown(p *page, its []item) {
	p.add("| setting | value |\n| --- | --- |\n| port | 3001 |\n")
	for _, it := range its {
		value := strings.ReplaceAll(it.value, "|", `\|`)
		if p.chance(0.4) && !strings.Contains(value, "`") {
			value = "`" + value + "`"
		}
		p.put(it, "| "+p.nameOf(it)+" | "+value+" |")
		p.add("\n")
	}
}

// writeAligned writes two columns, as vault kv get and kubectl do.
func writeAligned(p *page, its []item) {
	names, width := make([]string, len(its)), 16
	for i, it := range its {
		names[i] = p.nameOf(it)
		width = max(width, len(names[i]))
	}
	p.addf("====== Data ======\n%-*s    Value\n%-*s    -----\n%-*s    3001\n", width, "Key", width, "---", width, "port")
	for i, it := range its {
		p.put(it, fmt.Sprintf("%-*s    %s", width, names[i], it.value))
		p.add("\n")
	}
}

func writeExpanded(p *page, its []item) {
	p.addf("-[ RECORD 1 ]----------+------------------\nid                     | %d\n", p.IntN(9000))
	for _, it := range its {
		p.put(it, fmt.Sprintf("%-22s | %s", snake(split(p.nameOf(it))), it.value))
		p.add("\n")
	}
	p.add("(1 row)\n")
}

func writeVertical(p *page, its []item) {
	p.addf("*************************** 1. row ***************************\n%20s: %d\n", "id", p.IntN(9000))
	for _, it := range its {
		p.put(it, fmt.Sprintf("%20s: %s", snake(split(p.nameOf(it))), it.value))
		p.add("\n")
	}
}

// writeConsoleTable writes what console.table prints.
func writeConsoleTable(p *page, its []item) {
	p.add("┌─────────┬──────────────┬─────────┐\n│ (index) │ name         │ value   │\n├─────────┼──────────────┼─────────┤\n")
	for i, it := range its {
		value := jsQuote(it.value)
		if it.literal {
			value = it.value
		}
		p.addf("│ %d       ", i)
		p.put(it, "│ '"+p.nameOf(it)+"' │ "+value+" │")
		p.add("\n")
	}
	p.add("└─────────┴──────────────┴─────────┘\n")
}

func writePlan(p *page, its []item) {
	p.add("  # relay_server.main will be updated in-place\n  ~ resource \"relay_server\" \"main\" {\n        id = \"relay-0\"\n")
	for _, it := range its {
		value := jsonString(it.value)
		if it.literal {
			value = it.value
		}
		if p.chance(0.4) {
			value = "null -> " + value
		}
		p.add("      " + pick(p.gen, "+ ", "~ ", "- "))
		p.put(it, snake(split(p.nameOf(it)))+" = "+value)
		p.add("\n")
	}
	p.add("    }\nPlan: 0 to add, 1 to change, 0 to destroy.\n")
}

// writeActions writes the head of a step in a log of GitHub Actions.
func writeActions(p *page, its []item) {
	at := p.when().Format("2006-01-02T15:04:05.0000000Z")
	p.add(at + " ##[group]Run npm ci\n" + at + " shell: /usr/bin/bash -e {0}\n" + at + " env:\n")
	for _, it := range its {
		p.add(at + "   ")
		p.put(it, p.envName(it)+": "+it.value)
		p.add("\n")
	}
	p.add(at + " ##[endgroup]\n")
}

// writeRecord writes what ToString of a C# record gives: no quotes.
func writeRecord(p *page, its []item) {
	p.add("Binding StoreOptions { Host = db.internal, Port = 5432")
	for _, it := range its {
		p.add(", ")
		p.put(it, p.fieldName(it)+" = "+it.value)
	}
	p.add(" }\n")
}

func writeDataclass(p *page, its []item) {
	p.add("DEBUG store: StoreSettings(host='db.internal', port=5432")
	for _, it := range its {
		p.add(", ")
		p.put(it, snake(split(p.nameOf(it)))+"="+pyValue(it))
	}
	p.add(")\n")
}

func writeRubyInspect(p *page, its []item) {
	p.addf("NoMethodError: undefined method `call' for #<Store:0x0000%s @host=\"db.internal\"", p.from(hexes, 12))
	for _, it := range its {
		value := strconv.Quote(it.value)
		if it.literal {
			value = strings.Replace(it.value, "null", "nil", 1)
		}
		p.add(", ")
		p.put(it, "@"+snake(split(p.nameOf(it)))+"="+value)
	}
	p.add(">\n")
}

// writeErlang writes a crash report of a broker: texts as lists or as binaries.
func writeErlang(p *page, its []item) {
	p.addf("** State machine <0.%d.0> terminating\n** Options: [{host,\"db.internal\"},{port,5432}", 100+p.IntN(900))
	for _, it := range its {
		value := strconv.Quote(it.value)
		if p.chance(0.5) {
			value = "<<" + value + ">>"
		}
		if it.literal {
			value = it.value
		}
		p.add(",")
		p.put(it, "{"+snake(split(p.nameOf(it)))+","+value+"}")
	}
	p.add("]\n")
}

func writeElixir(p *page, its []item) {
	p.add("[error] GenServer Relay.Store terminating\nState: %{host: \"db.internal\"")
	for _, it := range its {
		name, value := snake(split(p.nameOf(it))), strconv.Quote(it.value)
		if it.literal {
			value = strings.Replace(it.value, "null", "nil", 1)
		}
		p.add(", ")
		if p.chance(0.3) {
			p.put(it, `"`+name+`" => `+value)
			continue
		}
		p.put(it, name+": "+value)
	}
	p.add("}\n")
}

func writeDumper(p *page, its []item) {
	p.add("$VAR1 = {\n          'port' => 3001")
	for _, it := range its {
		p.add(",\n          ")
		value := "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(it.value) + "'"
		if it.literal {
			value = it.value
		}
		p.put(it, "'"+p.nameOf(it)+"' => "+value)
	}
	p.add("\n        };\n")
}

func writeVarDump(p *page, its []item) {
	p.addf("array(%d) {\n", len(its))
	for _, it := range its {
		value := fmt.Sprintf("string(%d) \"%s\"", len(it.value), it.value)
		switch {
		case it.literal && (it.value == "true" || it.value == "false"):
			value = "bool(" + it.value + ")"
		case it.literal && it.value == "null":
			value = "NULL"
		case it.literal:
			value = "float(" + it.value + ")"
		}
		p.add("  ")
		p.put(it, "[\""+p.nameOf(it)+"\"]=>\n  "+value)
		p.add("\n")
	}
	p.add("}\n")
}

// writeFormatList writes what Format-List prints.
func writeFormatList(p *page, its []item) {
	p.add("\r\nName            : relay\r\nStatus          : Running\r\n")
	for _, it := range its {
		p.put(it, fmt.Sprintf("%-15s : %s", pascal(split(p.nameOf(it))), it.value))
		p.add("\r\n")
	}
}
