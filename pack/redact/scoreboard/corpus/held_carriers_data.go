package corpus

import (
	"fmt"
	"strings"
)

// heldDataCarriers are documents that programs read.
var heldDataCarriers = []carrier{
	{name: "graphql-body", takes: anything, write: writeGraphQL},
	{name: "journal-json", takes: noJSON, write: writeJournal},
	{name: "har", takes: noLiteral, write: writeHAR},
	{name: "otlp-json", takes: noLiteral, write: writeOTLP},
	{name: "last-applied", takes: anything, write: writeLastApplied},
	{name: "server-sent-events", takes: anything, write: writeSSE},
	{name: "csv", takes: oneLine, write: writeCSV},
	{name: "hcl", takes: plain, write: writeHCL},
	{name: "proto-text", takes: plain, write: writeProtoText},
	{name: "compose", takes: oneLine, write: writeCompose},
	{name: "xml-cdata", takes: plain, write: writeCDATA},
	{name: "hadoop-xml", takes: plain, write: writeHadoopXML},
	{name: "nginx-conf", takes: oneLine, write: writeNginxConf},
	{name: "dockerfile", takes: oneLine, write: writeDockerfile},
	{name: "systemd-unit", takes: oneLine, write: writeUnit},
	{name: "php-serialized", takes: noJSON, write: writePHPSerialized},
	{name: "environ-nul", takes: plain, write: writeEnviron},
}

// writeGraphQL writes the body of a GraphQL call, the items among its variables.
func writeGraphQL(p *page, its []item) {
	p.add(`{"operationName":"Save","query":"mutation Save($in: Settings!) { save(in: $in) { ok } }","variables":{"in":{`)
	p.members(its, jsonForm{str: jsonString}, 3, true)
	p.add(`}}}`)
}

// writeJournal writes what journalctl -o json prints.
func writeJournal(p *page, its []item) {
	for _, it := range its {
		p.addf(`{"__REALTIME_TIMESTAMP":"%d000","PRIORITY":"%d","_PID":"%d","_SYSTEMD_UNIT":"relay.service","MESSAGE":`, p.when().UnixMilli(), p.IntN(7), 100+p.IntN(9000))
		p.put(it, jsonString(p.said(it)))
		p.add("}\n")
	}
}

// writeHAR writes an entry of a browser's archive of requests.
func writeHAR(p *page, its []item) {
	p.add(`{"log":{"version":"1.2","entries":[{"request":{"method":"POST","url":"https://relay.example.net/api/v1/frames","headersSize":-1,"` + pick(p.gen, "queryString", "headers", "params") + `":[`)
	for i, it := range its {
		if i > 0 {
			p.add(",")
		}
		p.put(it, `{"name":`+jsonString(p.nameOf(it))+`,"value":`+jsonString(it.value)+`}`)
	}
	p.add(`]},"response":{"status":200},"time":12.5}]}}`)
}

// writeOTLP writes a span with typed attributes.
func writeOTLP(p *page, its []item) {
	p.addf(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%s","spanId":"%s","name":"POST /frames","attributes":[`, p.from(hexes, 32), p.from(hexes, 16))
	for i, it := range its {
		if i > 0 {
			p.add(",")
		}
		p.put(it, `{"key":`+jsonString(p.nameOf(it))+`,"value":{"stringValue":`+jsonString(it.value)+`}}`)
	}
	p.add(`]}]}]}]}`)
}

// writeLastApplied writes a manifest that carries itself as JSON in an annotation.
func writeLastApplied(p *page, its []item) {
	p.add("metadata:\n  name: relay\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      ")
	p.event(its, jsonForm{str: jsonString})
	p.add("\n  labels:\n    app: relay\n")
}

func writeSSE(p *page, its []item) {
	p.addf(": ping\n\nid: %d\nevent: state\ndata: ", p.IntN(9000))
	p.event(its, jsonForm{str: jsonString})
	p.add("\n\n")
}

// writeCSV writes a header line of names and one line of values.
func writeCSV(p *page, its []item) {
	header, cells := []string{"at"}, make([]string, len(its))
	for i, it := range its {
		header = append(header, p.nameOf(it))
		if cells[i] = it.value; strings.ContainsAny(it.value, "\", ;") {
			cells[i] = `"` + strings.ReplaceAll(it.value, `"`, `""`) + `"`
		}
	}
	p.addf("%s\n%d", strings.Join(header, ","), p.when().UnixMilli())
	for i, it := range its {
		p.add(",")
		p.put(it, cells[i])
	}
	p.add("\n")
}

// writeHCL writes a block of Terraform's language.
func writeHCL(p *page, its []item) {
	p.add("resource \"relay_server\" \"main\" {\n  replicas = 2\n")
	for _, it := range its {
		value := strings.ReplaceAll(jsonString(it.value), "${", "$${")
		if it.literal {
			value = it.value
		}
		p.add("  ")
		p.put(it, snake(split(p.nameOf(it)))+" = "+value)
		p.add("\n")
	}
	p.add("}\n")
}

// writeProtoText writes protobuf's text form: fields, and maps as entries of key and value.
func writeProtoText(p *page, its []item) {
	p.add("relay_config {\n  port: 3001\n")
	for _, it := range its {
		name, value := p.nameOf(it), jsonString(it.value)
		p.add("  ")
		switch {
		case it.literal:
			p.put(it, snake(split(name))+": "+it.value)
		case p.chance(0.5):
			p.put(it, "settings { key: "+jsonString(name)+" value: "+value+" }")
		default:
			p.put(it, snake(split(name))+": "+value)
		}
		p.add("\n")
	}
	p.add("}\n")
}

// writeCompose writes the environment of a service as a list of assignments.
func writeCompose(p *page, its []item) {
	p.add("services:\n  relay:\n    image: relay:2\n    environment:\n      - NODE_ENV=production\n")
	for _, it := range its {
		line := p.envName(it) + "=" + it.value
		if strings.ContainsAny(it.value, " #:'\"\\{}[]&*!|>%@,") {
			line = "'" + strings.ReplaceAll(line, "'", "''") + "'"
		}
		p.add("      - ")
		p.put(it, line)
		p.add("\n")
	}
	p.add("    ports: [\"3001:3001\"]\n")
}

// elementName is a name that XML takes.
func elementName(name string) string { return camel(split(name)) }

func writeCDATA(p *page, its []item) {
	p.add("<soapenv:Envelope><soapenv:Body><ns1:settings>")
	for _, it := range its {
		name := "ns1:" + elementName(p.nameOf(it))
		p.put(it, "<"+name+"><![CDATA["+it.value+"]]></"+name+">")
	}
	p.add("</ns1:settings></soapenv:Body></soapenv:Envelope>\n")
}

func writeHadoopXML(p *page, its []item) {
	p.add("<configuration>\n")
	for _, it := range its {
		p.add("  <property>\n    ")
		p.put(it, "<name>relay."+dotted(split(p.nameOf(it)))+"</name>\n    <value>"+xmlText.Replace(it.value)+"</value>")
		p.add("\n  </property>\n")
	}
	p.add("</configuration>\n")
}

func writeNginxConf(p *page, its []item) {
	p.add("server {\n    listen 443 ssl;\n    server_name relay.example.net;\n")
	for _, it := range its {
		name, value := p.nameOf(it), it.value
		if strings.ContainsAny(value, " ;{}\"'\\$#") || p.chance(0.3) {
			value = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
		}
		p.add("    ")
		switch {
		case p.chance(0.4):
			p.put(it, "set $"+snake(split(name))+" "+value)
		case p.chance(0.5):
			p.put(it, "proxy_set_header "+titleKebab(split(name))+" "+value)
		default:
			p.put(it, "fastcgi_param "+upperSnake(split(name))+" "+value)
		}
		p.add(";\n")
	}
	p.add("}\n")
}

func writeDockerfile(p *page, its []item) {
	p.add("FROM node:22-alpine\nWORKDIR /srv/app\n")
	for _, it := range its {
		value := it.value
		if strings.ContainsAny(value, " \"'\\$") {
			value = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`).Replace(value) + `"`
		}
		p.put(it, pick(p.gen, "ENV ", "ARG ", "ENV ", "LABEL ")+p.envName(it)+"="+value)
		p.add("\n")
	}
	p.add("CMD [\"node\",\"dist/index.js\"]\n")
}

func writeUnit(p *page, its []item) {
	p.add("[Service]\nExecStart=/usr/bin/node /srv/app/dist/index.js\nRestart=always\n")
	for _, it := range its {
		line := p.envName(it) + "=" + it.value
		if strings.ContainsAny(line, " \"\\") || p.chance(0.5) {
			line = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "%", "%%").Replace(line) + `"`
		}
		p.put(it, "Environment="+line)
		p.add("\n")
	}
}

// writePHPSerialized writes what serialize prints: each text with its length in bytes.
func writePHPSerialized(p *page, its []item) {
	p.addf("a:%d:{", len(its))
	for _, it := range its {
		name, value := p.nameOf(it), fmt.Sprintf("s:%d:\"%s\";", len(it.value), it.value)
		switch {
		case it.literal && (it.value == "true" || it.value == "false"):
			value = fmt.Sprintf("b:%d;", strings.Count(it.value, "true"))
		case it.literal && it.value == "null":
			value = "N;"
		case it.literal:
			value = "d:" + it.value + ";"
		}
		p.put(it, fmt.Sprintf("s:%d:\"%s\";%s", len(name), name, value))
	}
	p.add("}\n")
}

// writeEnviron writes the environment of a process as /proc shows it.
func writeEnviron(p *page, its []item) {
	p.add("PATH=/usr/local/bin:/usr/bin\x00")
	for _, it := range its {
		p.put(it, p.envName(it)+"="+it.value)
		p.add("\x00")
	}
	p.add("NODE_ENV=production\x00")
}
