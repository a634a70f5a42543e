package corpus

import (
	"encoding/base64"
	"html"
	"net/url"
	"strings"
)

var encodedCarriers = []carrier{
	{name: "query", takes: parameter, write: writeQuery},
	{name: "form-body", takes: parameter, write: writeForm},
	{name: "query-in-query", takes: parameter, write: writeQueryInQuery, sealed: true},
	{name: "json-percent", takes: anything, write: writeJSONPercent, sealed: true},
	{name: "base64-json-in-json", takes: anything, write: writeBase64JSON, sealed: true},
	{name: "base64-json-in-log", takes: anything, write: writeBase64Log, sealed: true},
	{name: "base64-form-in-header", takes: parameter, write: writeBase64Form, sealed: true},
	{name: "html-json", takes: anything, write: writeHTMLJSON, shared: true},
	{name: "html-text", takes: noJSON, write: writeHTMLText},
}

// parameter is what a form or a query holds: fields, and texts of one word.
func parameter(it item) bool {
	return oneLine(it) && (it.name != "" || !strings.Contains(it.value, " "))
}

func (p *page) query(its []item) {
	for i, it := range its {
		if i > 0 {
			p.add("&")
		}
		name := p.nameOf(it)
		p.put(it, url.QueryEscape(name)+"="+url.QueryEscape(it.value))
	}
}

func writeQuery(p *page, its []item) {
	p.addf("10.0.4.%d - - [24/Nov/2026:09:07:12 +0000] \"GET /api/v1/%s?", p.IntN(250), pick(p.gen, "login", "frames", "cb", "oauth/callback"))
	p.query(its)
	p.addf(" HTTP/1.1\" 401 %d \"-\" \"relay-agent/2.4.1\"\n", p.IntN(900))
}

func writeForm(p *page, its []item) {
	p.add(`{"method":"POST","path":"/oauth/exchange","body":"grant_type=refresh&`)
	p.query(its)
	p.add(`"}`)
}

// writeQueryInQuery writes a URL inside a parameter of a URL: the inner query is percent-encoded twice.
func writeQueryInQuery(p *page, its []item) {
	inner := newPage(p.gen)
	inner.add("https://app.example.com/cb?")
	inner.query(its)
	p.add("GET https://login.example.com/start?page=1&next=")
	p.nest(inner, url.QueryEscape, false)
	p.add("&lang=en 302\n")
}

func (p *page) innerEvent(its []item) *page {
	inner := newPage(p.gen)
	inner.event(its, jsonForm{str: jsonString})
	return inner
}

func writeJSONPercent(p *page, its []item) {
	p.addf("%s GET /socket.io/?EIO=4&transport=polling&state=", p.clock())
	p.nest(p.innerEvent(its), url.QueryEscape, false)
	p.add(" 200\n")
}

func writeBase64JSON(p *page, its []item) {
	encoding := pick(p.gen, base64.StdEncoding, base64.RawURLEncoding, base64.RawStdEncoding)
	p.addf(`{"id":"rb-%d","`+pick(p.gen, "payload", "data", "body", "state")+`":"`, p.IntN(9000))
	p.nest(p.innerEvent(its), func(s string) string { return encoding.EncodeToString([]byte(s)) }, false)
	p.add(`"}`)
}

func writeBase64Log(p *page, its []item) {
	p.addf("%s DEBUG queue message %d body ", p.clock(), p.IntN(9000))
	p.nest(p.innerEvent(its), func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }, false)
	p.add(" delivered\n")
}

func writeBase64Form(p *page, its []item) {
	inner := newPage(p.gen)
	inner.query(its)
	p.add("GET / HTTP/1.1\r\nHost: relay.internal\r\nX-Client-Context: ")
	p.nest(inner, func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }, false)
	p.add("\r\n\r\n")
}

func writeHTMLJSON(p *page, its []item) {
	p.add("<html><body><pre id=\"state\">")
	p.nest(p.innerEvent(its), html.EscapeString, true)
	p.add("</pre></body></html>\n")
}

func writeHTMLText(p *page, its []item) {
	p.add("<!doctype html><h1>502 Bad Gateway</h1><ul>")
	for _, it := range its {
		p.add("<li>")
		p.put(it, html.EscapeString(p.said(it)))
		p.add("</li>")
	}
	p.add("</ul>\n")
}
