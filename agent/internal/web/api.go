// Package web is the agent's face to the network: the HTTP API on LISTEN, the probe listener and the
// agent's own metrics.
//
//	api := web.New(web.Options{Source: source, Tokens: bearers, Classes: classes, Log: log})
//	go web.Server(api, log).Serve(web.LimitListener(l, 64))
//
// Where to look: routes.go lists what can be asked, body.go, query.go and id.go read the input, auth.go, guess.go
// and host.go decide who may ask, queue.go how many packs are built at once; problem.go writes every error
// as RFC 9457 problem details, send.go and compress.go every other answer. probes.go is the probe listener;
// server.go, limit.go and tls.go are what stands in front of the handlers; families.go has the metrics.
//
// page.go is what package page needs of all this.
//
// Promised: every answer of a handler carries the same protective headers, every error is a problem that
// names the field at fault and never the value, nothing under /api is answered without a bearer, and no
// bearer, right or wrong, is ever logged. Not promised: the few answers that net/http itself gives to what
// is no HTTP request (a malformed request line, no Host, headers over the limit) are plain text.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"relaypack/agent/internal/page"
	"relaypack/pack"
)

// Source is what the API hands out. *pack.Builder is one.
type Source interface {
	// Build makes one pack. It ends early when ctx does.
	Build(ctx context.Context, r pack.Request) (*pack.Pack, error)
	// View is one of pack.Views as a JSON object.
	View(name string) ([]byte, error)
	// Events is the events that fit a filter as a JSON object.
	Events(f pack.EventFilter) []byte
	// History is a kept series as a JSON object; pack.ErrNoSeries when there is none of that name.
	History(name string, since time.Time) ([]byte, error)
}

var _ Source = (*pack.Builder)(nil)

// Options says what an API serves, and to whom. Source and Tokens are needed.
type Options struct {
	Source   func() Source   // as it is now; a nil result: not there yet, answered with 503
	Classes  []string        // event classes that ?type= may name, beside "all"
	Tokens   func() []string // admin bearers as they are now; none: the API is not configured, 503
	Faults   func() []string // faults of the configuration, without values; any: 503 with them. nil: none
	Hosts    []string        // names, beside loopback, under which the API may be asked; a port does not matter
	Packs    Packs           // nil: none are kept
	Stopping func() bool     // the agent drains: 503. nil: never
	Log      *slog.Logger    // nil: nothing is logged
	Now      func() time.Time
}

// API is the handler of LISTEN. It is safe for concurrent use.
type API struct {
	opt    Options
	hosts  map[string]bool
	routes map[string]route
	page   *page.Page
	pages  map[string]pageRoute
	builds *queue
	guard  *guard
	counts *counts
}

// New makes an API. Options that are nil have the meaning that stands beside them.
func New(opt Options) *API {
	if opt.Faults == nil {
		opt.Faults = func() []string { return nil }
	}
	if opt.Stopping == nil {
		opt.Stopping = func() bool { return false }
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	a := &API{
		opt: opt, hosts: hostSet(opt.Hosts), builds: newQueue(), counts: newCounts(),
		guard: &guard{now: opt.Now, log: opt.Log, peers: map[string]*peer{}},
	}
	a.routes, a.pages = a.table(), a.pageTable()
	a.page = page.New(page.Options{
		Source: a.pageSource, Kept: a.keptForPage, Classes: opt.Classes,
		Stopping: opt.Stopping, Log: opt.Log, Now: opt.Now,
	})
	return a
}

// ServeHTTP answers one request and counts it.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, label, _ := a.find(r.URL)
	a.counts.inFlight.Add(1)
	out := &answer{ResponseWriter: w}
	defer func() {
		a.counts.inFlight.Add(-1)
		a.counts.request(label, out.code())
	}()
	handle(out, r, a.opt.Log, &a.counts.panics, a.answer)
}

// answer decides in this order: may the name be asked at all, may this client ask, is there such a thing,
// can the agent answer now, is the question a good one.
func (a *API) answer(w *answer, r *http.Request) *problem {
	if !a.hostAllowed(r.Host) {
		return fault(http.StatusMisdirectedRequest, "this name is neither loopback nor listed in RELAYPACK_HOSTS")
	}
	switch path := r.URL.Path; {
	case path == "/" || path == pageRoot+"/":
		return a.toPage(w, r)
	case path == pageRoot || strings.HasPrefix(path, pageRoot+"/"):
		return a.answerPage(w, r)
	}
	if r.URL.Path != "/api" && !strings.HasPrefix(r.URL.Path, "/api/") {
		return fault(http.StatusNotFound, "there is nothing here; the API is under /api/ops, the page is "+pageRoot)
	}
	if foreign(r) {
		return fault(http.StatusForbidden, "a browser asks on behalf of another site")
	}
	if p := a.admit(r); p != nil {
		return p
	}
	found, _, ok := a.find(r.URL)
	if !ok {
		return fault(http.StatusNotFound, "no such path under /api")
	}
	if !found.takes(r.Method) {
		return notAllowed(found.allow)
	}
	src, p := a.source()
	if p != nil {
		return p
	}
	return found.serve(w, r, src)
}

// find gives the route of a path and its label. A table entry that ends in /{id} takes one more segment,
// which the handler reads from the path by itself.
func (a *API) find(u *url.URL) (found route, label string, ok bool) {
	label = u.Path
	if label == pageRoot || strings.HasPrefix(label, pageRoot+"/") {
		return route{}, pageRoot, false
	}
	if _, exact := a.routes[label]; !exact {
		label = label[:strings.LastIndexByte(label, '/')+1] + "{id}"
	}
	found, ok = a.routes[label]
	if !ok || u.RawPath != "" || strings.HasSuffix(u.Path, "/") {
		return route{}, other, false
	}
	return found, label, true
}

// source is what to answer from, or why there is nothing to answer from now.
func (a *API) source() (Source, *problem) {
	if a.opt.Stopping() {
		p := fault(http.StatusServiceUnavailable, "the agent is stopping")
		p.retryAfter, p.closes = 30*time.Second, true
		return nil, p
	}
	if p := a.misconfigured(); p != nil {
		return nil, p
	}
	src := a.opt.Source()
	if src == nil {
		p := fault(http.StatusServiceUnavailable, "the agent has not begun to record yet")
		p.retryAfter = time.Second
		return nil, p
	}
	return src, nil
}

func (a *API) misconfigured() *problem {
	faults := a.opt.Faults()
	if len(faults) == 0 {
		return nil
	}
	p := fault(http.StatusServiceUnavailable, "the configuration has faults; mend them and start the agent again")
	p.Faults = faults
	return p
}
