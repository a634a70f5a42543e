package corpus

import (
	"strings"
)

var wireCarriers = []carrier{
	{name: "http-head", takes: oneLine, write: writeHTTPHead},
	{name: "http-trace", takes: oneLine, write: writeHTTPTrace},
	{name: "curl", takes: oneLine, write: writeCurl},
	{name: "process-list", takes: oneLine, write: writeProcessList},
	{name: "exposition-labels", takes: func(it item) bool { return oneLine(it) && !it.literal }, write: writeLabels},
	{name: "exposition-help", takes: oneLine, write: writeHelp},
	{name: "exposition-exemplars", takes: func(it item) bool { return oneLine(it) && !it.literal }, write: writeExemplars},
	{name: "multipart", takes: noJSON, write: writeMultipart},
	{name: "xml-elements", takes: plain, write: writeXMLElements},
	{name: "plist", takes: plain, write: writePlist},
	{name: "xml-attributes", takes: oneLine, write: writeXMLAttributes},
}

func (p *page) headerLine(it item) string {
	if it.name == "" {
		return pick(p.gen, "X-Debug-Info", "Referer", "X-Error", "Warning") + ": " + it.value
	}
	return titleKebab(split(it.name)) + ": " + it.value
}

func writeHTTPHead(p *page, its []item) {
	p.add("POST /api/v1/frames?page=2&sort=asc HTTP/1.1\r\nHost: relay.internal\r\nUser-Agent: relay-agent/2.4.1\r\n")
	for _, it := range its {
		p.put(it, p.headerLine(it))
		p.add("\r\n")
	}
	p.add("Content-Length: 0\r\n\r\n")
}

// writeHTTPTrace writes what curl -v and debug loggers print.
func writeHTTPTrace(p *page, its []item) {
	p.add("* Connected to relay.internal (10.0.0.7) port 443 (#0)\n> GET /api/health HTTP/2\n")
	for _, it := range its {
		p.add(pick(p.gen, "> ", "> ", "< ", "* "))
		p.put(it, p.headerLine(it))
		p.add("\n")
	}
	p.add("< HTTP/2 200\n")
}

func writeCurl(p *page, its []item) {
	p.add("curl -sS -X POST")
	for _, it := range its {
		p.add(" ")
		switch {
		case it.name == "":
			p.put(it, pick(p.gen, "-d ", "--data-raw ", "-H ")+shellQuote(it.value))
		case p.chance(0.4):
			p.put(it, "-H "+shellQuote(p.headerLine(it)))
		case it.literal || p.chance(0.5):
			value := jsonString(it.value)
			if it.literal {
				value = it.value
			}
			p.put(it, "-d "+shellQuote(`{"`+it.name+`":`+value+`}`))
		default:
			p.put(it, "--data-urlencode "+shellQuote(it.name+"="+it.value))
		}
	}
	p.add(" https://relay.example.net/api/v1/frames\n")
}

func writeProcessList(p *page, its []item) {
	p.add("  PID USER     TIME  COMMAND\n    1 node      0:04 node /srv/app/dist/index.js")
	for _, it := range its {
		p.add(" ")
		value := it.value
		if strings.Trim(value, lower+upper+digits+"-_./:=+%@,~") != "" {
			value = shellQuote(value)
		}
		if it.name == "" {
			p.put(it, value)
			continue
		}
		p.put(it, "--"+kebab(split(it.name))+pick(p.gen, "=", " ")+value)
	}
	p.add("\n   17 node      0:00 sh -c sleep 5\n")
}

func labelQuote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

func writeLabels(p *page, its []item) {
	p.add("# HELP relay_settings_info Settings in force.\n# TYPE relay_settings_info gauge\n")
	for _, it := range its {
		p.add(`relay_settings_info{instance="a",`)
		name := snake(split(it.name))
		if it.name == "" {
			name = p.fresh("message", "note", "detail", "error", "url")
		}
		p.put(it, name+"="+labelQuote(it.value))
		p.addf("} %d\n", p.IntN(9))
	}
	p.add("# TYPE relay_lag_seconds histogram\nrelay_lag_seconds_bucket{le=\"0.005\"} 12\nrelay_lag_seconds_bucket{le=\"+Inf\"} 14\nrelay_lag_seconds_sum 0.4\nrelay_lag_seconds_count 14\n")
}

// writeExemplars writes items as labels of exemplars, as OpenMetrics has them.
func writeExemplars(p *page, its []item) {
	p.add("# TYPE relay_wait_seconds histogram\n")
	for i, it := range its {
		name := snake(split(it.name))
		if it.name == "" {
			name = p.fresh("message", "note", "detail", "error", "url")
		}
		p.addf("relay_wait_seconds_bucket{le=\"%d.5\"} %d # {", i, p.IntN(900))
		p.put(it, name+"="+labelQuote(it.value))
		p.addf("} 0.%d 1735654800.123\n", p.IntN(99))
	}
	p.add("relay_wait_seconds_bucket{le=\"+Inf\"} 1000\nrelay_wait_seconds_sum 12.5\nrelay_wait_seconds_count 1000\n# EOF\n")
}

// writeMultipart writes the body of a form as a proxy dumps it: the name in one line, the value two lines below.
func writeMultipart(p *page, its []item) {
	edge := "----WebKitFormBoundary" + p.from(lower+upper+digits, 16)
	for _, it := range its {
		name := p.nameOf(it)
		p.add("--" + edge + "\r\n")
		p.put(it, "Content-Disposition: form-data; name=\""+name+"\"\r\n\r\n"+it.value)
		p.add("\r\n")
	}
	p.add("--" + edge + "--\r\n")
}

func writeHelp(p *page, its []item) {
	for _, it := range its {
		name := "relay_" + p.from(lower, 6) + "_total"
		p.add("# HELP " + name + " Seen ")
		p.put(it, strings.NewReplacer(`\`, `\\`).Replace(p.said(it)))
		p.addf("\n# TYPE %s counter\n%s %d\n", name, name, p.IntN(1e6))
	}
}

var xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;")

func writeXMLElements(p *page, its []item) {
	p.add(`<?xml version="1.0"?><settings>`)
	for _, it := range its {
		name := p.nameOf(it)
		p.put(it, "<"+name+">"+xmlText.Replace(it.value)+"</"+name+">")
	}
	p.add("</settings>\n")
}

// writePlist writes keys and values as elements one after the other.
func writePlist(p *page, its []item) {
	between := pick(p.gen, "", "\n\t")
	p.add(`<plist version="1.0"><dict>`)
	for _, it := range its {
		value := "<string>" + xmlText.Replace(it.value) + "</string>"
		switch {
		case it.literal && (it.value == "true" || it.value == "false"):
			value = "<" + it.value + "/>"
		case it.literal && it.value != "null":
			value = "<real>" + it.value + "</real>"
		}
		p.add(between)
		p.put(it, "<key>"+p.nameOf(it)+"</key>"+between+value)
	}
	p.add("</dict></plist>\n")
}

func writeXMLAttributes(p *page, its []item) {
	p.add("<configuration>\n")
	for _, it := range its {
		name := p.nameOf(it)
		value := xmlText.Replace(it.value)
		switch p.IntN(3) {
		case 0:
			p.add("  <add ")
			p.put(it, `key="`+name+`" value="`+value+`"`)
			p.add(" />\n")
		case 1:
			p.add("  ")
			p.put(it, `<property name="`+name+`">`+value+`</property>`)
			p.add("\n")
		default:
			p.add("  <store ")
			p.put(it, name+`="`+value+`"`)
			p.add(" />\n")
		}
	}
	p.add("</configuration>\n")
}
