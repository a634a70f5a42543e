package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"relaypack/agent/internal/page"
	"relaypack/pack"
)

const (
	pageRoot    = "/admin/ops"
	sessionPath = pageRoot + "/session"
)

// pageRoute answers for a signed-in page.
type pageRoute struct {
	allow string
	lasts bool // what a person did: the session lasts from then on
	serve func(w *answer, r *http.Request, src page.Source, s *page.Session) *problem
}

func (a *API) pageTable() map[string]pageRoute {
	return map[string]pageRoute{
		pageRoot + "/live":           {http.MethodGet, false, a.pageLive},
		pageRoot + "/events":         {posts, true, a.pageEvents},
		pageRoot + "/trace":          {posts, false, a.pageTrace}, // asked for by the script until the trace ends
		pageRoot + "/preview":        {posts, true, a.pagePreview},
		pageRoot + "/preview/part":   {posts, true, a.pagePart},
		pageRoot + "/preview/search": {posts, true, a.pageSearch},
		pageRoot + "/preview/pack":   {posts, true, a.pagePack},
	}
}

// Looked tells the pages that are open that there was a look at the relay. It does not wait.
func (a *API) Looked() { a.page.Looked() }

// toPage leads somebody who opened the bare address to the page.
func (a *API) toPage(w *answer, r *http.Request) *problem {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return notAllowed(reads)
	}
	w.Header().Set("Location", pageRoot)
	w.WriteHeader(http.StatusFound)
	return nil
}

// answerPage answers below pageRoot. Its files are for everybody who may ask by this name; a session is opened with
// an admin's bearer and carries all else.
func (a *API) answerPage(w *answer, r *http.Request) *problem {
	name, _ := strings.CutPrefix(strings.TrimPrefix(r.URL.Path, pageRoot), "/")
	if asset, ok := a.page.Asset(name); ok && r.URL.RawPath == "" && (name != "" || r.URL.Path == pageRoot) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			return notAllowed(reads)
		}
		w.Header().Set("Content-Security-Policy", page.Policy)
		send(w, r, asset.Type, asset.Body)
		return nil
	}
	if foreign(r) {
		return fault(http.StatusForbidden, "a browser asks on behalf of another site")
	}
	if r.URL.Path == sessionPath && r.Method == http.MethodPost {
		return a.signIn(w, r)
	}
	s, p := a.admitSession(r)
	if p != nil {
		return p
	}
	if r.URL.Path == sessionPath {
		return a.changeSession(w, r, s)
	}
	found, ok := a.pages[r.URL.Path]
	if !ok || r.URL.RawPath != "" {
		return fault(http.StatusNotFound, "no such path under "+pageRoot)
	}
	if r.Method != found.allow {
		return notAllowed(found.allow)
	}
	if found.lasts {
		a.page.Sessions.Use(s)
	}
	if _, p := readQuery(r); p != nil {
		return p
	}
	if _, p := a.source(); p != nil {
		return p
	}
	src := a.pageSource()
	if src == nil {
		return fault(http.StatusNotImplemented, "this agent has nothing that a page could show")
	}
	return found.serve(w, r, src, s)
}

// pageSource is the Source as it is now, nil when a page cannot show it.
func (a *API) pageSource() page.Source {
	src, _ := a.opt.Source().(page.Source)
	return src
}

func notAllowed(allow string) *problem {
	p := fault(http.StatusMethodNotAllowed, "this path answers "+allow)
	p.allow = allow
	return p
}

// signIn exchanges an admin's bearer for a session's credential.
func (a *API) signIn(w *answer, r *http.Request) *problem {
	bearer, p := a.admitAdmin(r)
	if p != nil {
		return p
	}
	body := `{"credential":"` + a.page.Sessions.Open(bearer) + `"}`
	sendAs(http.StatusCreated, w, r, jsonType, []byte(body))
	a.opt.Log.Info("a page signed in", "peer", peerOf(r.RemoteAddr))
	return nil
}

// changeSession ends a session, or makes it last from now on.
func (a *API) changeSession(w *answer, r *http.Request, s *page.Session) *problem {
	switch r.Method {
	case http.MethodDelete:
		a.page.SignOut(s)
	case http.MethodPut:
		a.page.Sessions.Use(s)
	default:
		return notAllowed("POST, PUT, DELETE")
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (a *API) pageLive(w *answer, r *http.Request, _ page.Source, s *page.Session) *problem {
	left := func() time.Duration { return a.page.Sessions.Left(s, a.opt.Tokens()) }
	err := a.page.Live(r.Context(), w, left)
	if errors.Is(err, page.ErrFull) {
		p := fault(http.StatusServiceUnavailable, page.ErrFull.Error())
		p.retryAfter = 10 * time.Second
		return p
	}
	if err != nil {
		return a.unexpected("live", err)
	}
	if r.Context().Err() != nil {
		w.left = true
	}
	return nil
}

// pageEvents takes {class, type, sessionId, text, from, to}, all optional; from and to are epoch ms.
func (a *API) pageEvents(w *answer, r *http.Request, src page.Source, _ *page.Session) *problem {
	var q page.EventQuery
	f := fields{texts: map[string]*string{"class": &q.Class, "type": &q.Type, "text": &q.Text}, ids: map[string]*string{"sessionId": &q.SessionID},
		times: map[string]*time.Time{"from": &q.From, "to": &q.To}}
	if p := f.read(w, r); p != nil {
		return p
	}
	body, err := a.page.Events(src, q)
	return a.fragment(w, r, body, err)
}

func (a *API) pageTrace(w *answer, r *http.Request, src page.Source, _ *page.Session) *problem {
	var id string
	f := fields{ids: map[string]*string{"traceId": &id}}
	if p := f.read(w, r); p != nil {
		return p
	}
	body, err := a.page.Trace(src, id)
	return a.fragment(w, r, body, err)
}

// pagePreview takes the body of a pack's request with leaveOut, or {hold, leaveOut}: parts are left out of the pack
// that is held.
func (a *API) pagePreview(w *answer, r *http.Request, src page.Source, s *page.Session) *problem {
	req := pack.Request{Trigger: pack.Trigger{Kind: pack.Manual}}
	var hold string
	var leaveOut []string
	f := fields{ids: map[string]*string{"sessionId": &req.SessionID, "traceId": &req.TraceID, "hold": &hold},
		flags: map[string]*bool{"includeConfig": &req.IncludeConfig}, lists: map[string]*[]string{"leaveOut": &leaveOut}}
	if p := f.read(w, r); p != nil {
		return p
	}
	leave, p := a.turn(w, r)
	if p != nil {
		return p
	}
	defer leave()
	if hold != "" {
		body, err := a.page.Without(s, hold, leaveOut)
		return a.fragment(w, r, body, err)
	}
	body, err := a.page.Build(r.Context(), src, s, req, leaveOut)
	if r.Context().Err() != nil {
		w.abandon()
	}
	return a.fragment(w, r, body, err)
}

func (a *API) pagePart(w *answer, r *http.Request, _ page.Source, s *page.Session) *problem {
	var hold, part string
	f := fields{ids: map[string]*string{"hold": &hold, "part": &part}}
	if p := f.read(w, r); p != nil {
		return p
	}
	body, err := a.page.Part(s, hold, part)
	if err != nil {
		return a.fragment(w, r, nil, err)
	}
	send(w, r, "text/plain; charset=utf-8", body)
	return nil
}

func (a *API) pageSearch(w *answer, r *http.Request, _ page.Source, s *page.Session) *problem {
	var hold, text string
	f := fields{ids: map[string]*string{"hold": &hold}, texts: map[string]*string{"text": &text}}
	if p := f.read(w, r); p != nil {
		return p
	}
	body, err := a.page.Search(s, hold, text)
	return a.fragment(w, r, body, err)
}

// pagePack hands out the pack that was looked at, {"report": true} as the page of package report that is made of it.
func (a *API) pagePack(w *answer, r *http.Request, _ page.Source, s *page.Session) *problem {
	var hold string
	var asPage bool
	f := fields{ids: map[string]*string{"hold": &hold}, flags: map[string]*bool{"report": &asPage}}
	if p := f.read(w, r); p != nil {
		return p
	}
	made, err := a.page.Pack(s, hold)
	if err != nil {
		return a.fragment(w, r, nil, err)
	}
	body, err := formatted(made.Bytes(), asPage)
	if err != nil {
		return a.unexpected("make the report", err)
	}
	a.handOut(w, r, made, body, asPage)
	return nil
}

// fragment answers with a part of the page.
func (a *API) fragment(w *answer, r *http.Request, body []byte, err error) *problem {
	switch {
	case errors.Is(err, page.ErrNoHold):
		return fault(http.StatusGone, page.ErrNoHold.Error())
	case errors.Is(err, page.ErrNoPart), errors.Is(err, pack.ErrNoPart):
		return badField("part", page.ErrNoPart.Error())
	case errors.Is(err, pack.ErrNoTrace):
		return fault(http.StatusNotFound, pack.ErrNoTrace.Error())
	case err != nil:
		return a.unexpected("page", err)
	}
	send(w, r, "text/html; charset=utf-8", body)
	return nil
}
