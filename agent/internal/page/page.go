// Package page is the ops page: what people see at /admin/ops on the API's listener.
//
//	p := page.New(page.Options{Source: source, Classes: classes, Now: time.Now})
//	p.Looked()                       // after each look at the relay
//	err := p.Live(ctx, w, alive)     // until the reader leaves: what changed, as server-sent events
//	body := p.Events(page.EventQuery{Class: "error", Text: "db"})
//
// It makes HTML, never decides who may see it: package web checks host, bearer and session, reads the
// requests, and calls what is here.
//
// Where to look: static/ has the shell, the stylesheet and the one script; parts.html the templates of everything that
// changes. read.go takes apart what the agent's own views say, numbers.go, charts.go, events.go and words.go make of it
// what the templates show. hub.go renders each change once and hands it to all open pages. session.go
// are the credentials of signed-in pages. hold.go keeps packs that somebody looks at before they leave; tree.go and
// search.go show what is in them.
//
// Promised: nothing without html/template between a value and the page; the script takes in what comes from here
// element by element from a list of what it knows, so that a hostile text of the relay stays text twice over; what is
// downloaded are the very bytes that were looked at. Every list, hold and stream has a bound.
// Not promised: that a page in a hidden tab is up to date; it catches up when it is shown.
package page

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"log/slog"
	"time"

	"relaypack/pack"
	"relaypack/pack/report"
	"relaypack/pack/report/chart"
)

// Source is what the page shows. *pack.Builder is one.
type Source interface {
	View(name string) ([]byte, error)
	Events(f pack.EventFilter) []byte
	Series() (all []pack.Series, step time.Duration)
	Preview(ctx context.Context, r pack.Request) (*pack.Preview, error)
	Trace(id string) ([]byte, error)
}

var _ Source = (*pack.Builder)(nil)

// Kept is one pack that the agent made by itself, or that waits for its delivery.
type Kept struct {
	ID       string
	Kind     string // manual periodic incident final
	State    string // waiting delivered held
	Held     string // why it is not tried again
	MadeAt   int64  // epoch ms
	Bytes    int64  // of the object
	Failures int    // in a row
	Durable  bool   // it is on disk
}

// Options says what the page shows. Source is needed.
type Options struct {
	Source   func() Source // as it is now; a nil result: not there yet
	Kept     func() []Kept // newest first; nil: none are kept
	Classes  []string      // event classes, in the order of their filter
	Stopping func() bool   // the agent drains: streams end. nil: never
	Log      *slog.Logger  // nil: nothing is logged
	Now      func() time.Time
}

// Page makes the ops page. It is safe for concurrent use.
type Page struct {
	Sessions *Sessions

	opt     Options
	hub     *hub
	holds   *holds
	drawing drawing
	assets  map[string]Asset
}

// Asset is a file of the page.
type Asset struct {
	Type string // content type
	Body []byte
}

//go:embed static parts.html
var files embed.FS

var parts = template.Must(template.New("parts.html").Funcs(words).ParseFS(files, "parts.html"))

// New makes a page. Nothing runs until somebody opens it.
func New(opt Options) *Page {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Stopping == nil {
		opt.Stopping = func() bool { return false }
	}
	if opt.Kept == nil {
		opt.Kept = func() []Kept { return nil }
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	p := &Page{opt: opt, Sessions: newSessions(opt.Now), holds: &holds{now: opt.Now}}
	p.hub = newHub(p.drawn, opt.Stopping, opt.Now)
	p.assets = shell(opt.Classes)
	return p
}

// shell makes the files of the page, each by its name; "" is the page itself.
func shell(classes []string) map[string]Asset {
	read := func(name string) []byte {
		body, err := files.ReadFile("static/" + name)
		if err != nil { // it is embedded
			panic(err)
		}
		return body
	}
	var out bytes.Buffer
	t := template.Must(template.New("ops.html").Parse(string(read("ops.html"))))
	if err := t.Execute(&out, map[string]any{"Classes": classes}); err != nil {
		panic(err)
	}
	css := report.Tokens + chart.CSS + string(read("ops.css"))
	return map[string]Asset{
		"":         {"text/html; charset=utf-8", out.Bytes()},
		"ops.css":  {"text/css; charset=utf-8", []byte(css)},
		"ops.js":   {"text/javascript; charset=utf-8", read("ops.js")},
		"icon.svg": {"image/svg+xml", read("icon.svg")},
	}
}

// Asset gives a file of the page by its name, "" for the page itself; false: there is none.
func (p *Page) Asset(name string) (Asset, bool) {
	a, ok := p.assets[name]
	return a, ok
}

// Policy is the Content-Security-Policy of the page: its own script, stylesheet and icon, requests to its own
// origin, and no HTML from text but by the script's one policy.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types relaypack"

// Looked tells the page that the agent looked at the relay. It does not wait.
func (p *Page) Looked() { p.hub.poke() }

// render gives one template of parts.html.
func render(name string, data any) ([]byte, error) {
	var out bytes.Buffer
	if err := parts.ExecuteTemplate(&out, name, data); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	return out.Bytes(), nil
}
