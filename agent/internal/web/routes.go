package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"relaypack/pack"
)

// other is the route label of what is no route.
const other = "other"

// maxWait is how long a request for a pack waits for its turn; it must leave time to build and send the
// pack within the server's write timeout.
const maxWait = 30 * time.Second

// route is one path: the methods as an Allow header has them, and its handler.
type route struct {
	allow string
	serve func(w *answer, r *http.Request, src Source) *problem
}

const (
	reads = "GET, HEAD"
	posts = "POST"
)

func (r route) takes(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead:
		return r.allow == reads
	default:
		return method == r.allow
	}
}

// table is everything that can be asked.
func (a *API) table() map[string]route {
	t := map[string]route{
		"/api/ops/support-pack": {posts, a.supportPack},
		"/api/ops/events":       {reads, a.events},
		"/api/ops/history":      {reads, a.history},
		"/api/ops/packs":        {reads, a.keptPacks},
		keptPath + "{id}":       {reads, a.keptPack},
		"/api/ops/push":         {posts, a.push},
		tracePath + "start":     {posts, a.startTrace},
		tracePath + "{id}":      {reads, a.trace},
	}
	for _, name := range pack.Views() {
		t["/api/ops/"+name] = route{reads, func(w *answer, r *http.Request, src Source) *problem {
			return a.view(w, r, src, name)
		}}
	}
	return t
}

// view answers GET /api/ops/summary, sockets, sessions and status.
func (a *API) view(w *answer, r *http.Request, src Source, name string) *problem {
	if _, p := readQuery(r); p != nil {
		return p
	}
	body, err := src.View(name)
	if err != nil {
		return a.unexpected("view", err)
	}
	send(w, r, jsonType, body)
	return nil
}

// events answers GET /api/ops/events.
func (a *API) events(w *answer, r *http.Request, src Source) *problem {
	f, p := a.eventFilter(r)
	if p != nil {
		return p
	}
	send(w, r, jsonType, src.Events(f))
	return nil
}

// history answers GET /api/ops/history.
func (a *API) history(w *answer, r *http.Request, src Source) *problem {
	series, since, p := historyQuery(r)
	if p != nil {
		return p
	}
	body, err := src.History(series, since)
	if errors.Is(err, pack.ErrNoSeries) {
		return badField("series", "no such series; without one the answer lists their names")
	}
	if err != nil {
		return a.unexpected("history", err)
	}
	send(w, r, jsonType, body)
	return nil
}

// supportPack answers POST /api/ops/support-pack with the pack itself, or as a page with ?format=html.
func (a *API) supportPack(w *answer, r *http.Request, src Source) *problem {
	asPage, p := readFormat(r)
	if p != nil {
		return p
	}
	req, p := readPackRequest(w, r)
	if p != nil {
		return p
	}
	leave, p := a.turn(w, r)
	if p != nil {
		return p
	}
	from := a.opt.Now()
	made, body, err := buildOne(r.Context(), src, req, asPage, leave)
	if r.Context().Err() != nil {
		w.abandon()
	}
	if err != nil {
		return a.unexpected("build pack", err)
	}
	a.counts.pack(string(made.Verdict()), a.opt.Now().Sub(from), len(made.Bytes()))
	a.handOut(w, r, made, body, asPage)
	return nil
}

// handOut answers with a pack, as a file: with body, which is the pack itself or the page made of it.
func (a *API) handOut(w *answer, r *http.Request, made *pack.Pack, body []byte, asPage bool) {
	sendPack(w, r, "support-pack-"+made.ID(), body, asPage)
	a.opt.Log.Info("pack handed out", "pack", made.ID(), "bytes", len(made.Bytes()), "verdict", made.Verdict())
}

// buildOne gives the turn back even when Build panics. The page is made within the turn, because it costs as much as the pack.
func buildOne(ctx context.Context, src Source, req pack.Request, asPage bool, leave func()) (made *pack.Pack, body []byte, err error) {
	defer leave()
	if made, err = src.Build(ctx, req); err != nil {
		return nil, nil, err
	}
	body, err = formatted(made.Bytes(), asPage)
	return made, body, err
}

// turn waits until a pack may be built.
func (a *API) turn(w *answer, r *http.Request) (leave func(), p *problem) {
	ctx, cancel := context.WithTimeout(r.Context(), maxWait)
	defer cancel()
	leave, err := a.builds.enter(ctx)
	switch {
	case err == nil:
		return leave, nil
	case r.Context().Err() != nil:
		w.abandon()
	}
	p = fault(http.StatusTooManyRequests, "more packs are asked for than can be built; ask again later")
	p.retryAfter = 5 * time.Second
	return nil, p
}

// unexpected is an error that no request should cause. What it says stays in the log.
func (a *API) unexpected(step string, err error) *problem {
	a.opt.Log.Error("api", "step", step, "reason", err.Error())
	return fault(http.StatusInternalServerError, "the agent could not answer; its log says why")
}
