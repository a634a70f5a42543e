package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"relaypack/pack"
)

// Traces is a Source that can also watch one session for a while. *pack.Builder is one.
type Traces interface {
	// StartTrace begins to trace a session, named raw or masked, and gives the trace's id and the
	// trace as a JSON object; *pack.TraceRunning while there is one, and the pack.Err... of traces.
	StartTrace(ctx context.Context, session string, length time.Duration) (id string, body []byte, err error)
	// Trace is the trace so far as a JSON object; pack.ErrNoTrace when there is none of that id.
	Trace(id string) ([]byte, error)
}

var _ Traces = (*pack.Builder)(nil)

const tracePath = "/api/ops/trace/"

// startTrace answers POST /api/ops/trace/start.
func (a *API) startTrace(w *answer, r *http.Request, src Source) *problem {
	if _, p := readQuery(r); p != nil {
		return p
	}
	session, length, p := readTraceRequest(w, r)
	if p != nil {
		return p
	}
	traces, ok := src.(Traces)
	if !ok {
		return fault(http.StatusNotImplemented, pack.ErrNoTracing.Error())
	}
	id, body, err := traces.StartTrace(r.Context(), session, length)
	if r.Context().Err() != nil {
		w.abandon()
	}
	if err != nil {
		return a.noTrace(err)
	}
	w.Header().Set("Location", tracePath+id)
	sendAs(http.StatusCreated, w, r, jsonType, body)
	a.opt.Log.Info("trace started", "trace", id, "seconds", length.Seconds())
	return nil
}

// noTrace says why no trace was started.
func (a *API) noTrace(err error) *problem {
	var running *pack.TraceRunning
	var p *problem
	switch {
	case errors.As(err, &running):
		p = fault(http.StatusConflict, "a trace runs, and there can be only one")
		p.TraceID, p.ExpiresAt = running.ID, running.Ends.UnixMilli()
		p.retryAfter = max(time.Second, running.Ends.Sub(a.opt.Now()))
		return p
	case errors.Is(err, pack.ErrNoTracing):
		return fault(http.StatusNotImplemented, pack.ErrNoTracing.Error())
	case errors.Is(err, pack.ErrNotTracing):
		p = fault(http.StatusServiceUnavailable, pack.ErrNotTracing.Error())
		p.retryAfter = 30 * time.Second
		return p
	case errors.Is(err, pack.ErrNoSession):
		p = fault(http.StatusNotFound, pack.ErrNoSession.Error())
	case errors.Is(err, pack.ErrManySessions):
		p = fault(http.StatusUnprocessableEntity, pack.ErrManySessions.Error()+"; name the one by its raw id")
	case errors.Is(err, pack.ErrSessionsUnknown):
		p = fault(http.StatusServiceUnavailable, pack.ErrSessionsUnknown.Error()+"; name the one by its raw id, or ask again later")
		p.retryAfter = 30 * time.Second
	default:
		return a.unexpected("start trace", err)
	}
	p.Field = "sessionId"
	return p
}

// trace answers GET /api/ops/trace/{traceId}.
func (a *API) trace(w *answer, r *http.Request, src Source) *problem {
	if _, p := readQuery(r); p != nil {
		return p
	}
	id := strings.TrimPrefix(r.URL.Path, tracePath)
	if reason := IDFault(id); reason != "" {
		return badField("traceId", reason)
	}
	traces, ok := src.(Traces)
	if !ok {
		return fault(http.StatusNotFound, pack.ErrNoTrace.Error())
	}
	body, err := traces.Trace(id)
	if errors.Is(err, pack.ErrNoTrace) {
		return fault(http.StatusNotFound, "no such trace; those of an agent that was started anew, and all but the newest 16, are forgotten")
	}
	if err != nil {
		return a.unexpected("trace", err)
	}
	send(w, r, jsonType, body)
	return nil
}

// readTraceRequest reads {"sessionId", "durationSec"}: an id, and a number of seconds that is moved into
// pack.TraceLeast to pack.TraceMost as the relay does it; without one it is pack.TraceUsual.
func readTraceRequest(w *answer, r *http.Request) (session string, length time.Duration, p *problem) {
	body, p := readBody(w, r)
	if p != nil {
		return "", 0, p
	}
	if len(body) == 0 {
		return "", 0, badField("sessionId", "is needed")
	}
	if p := checkContentType(r.Header); p != nil {
		return "", 0, p
	}
	length = pack.TraceUsual
	p = decodeObject(body, func(d *jsontext.Decoder, name string) *problem {
		switch name {
		case "sessionId", "durationSec":
		default:
			return badField("body", "has an unknown member; there are sessionId and durationSec")
		}
		v, err := d.ReadToken()
		switch {
		case err != nil:
			return badJSON(err)
		case v.Kind() == 'n':
		case name == "durationSec" && v.Kind() == '0':
			seconds, _ := v.Float() // the error only says that it is larger than any float
			seconds = min(max(seconds, pack.TraceLeast.Seconds()), pack.TraceMost.Seconds())
			length = time.Duration(seconds * float64(time.Second))
		case name == "durationSec":
			return badField(name, "must be a number of seconds")
		case v.Kind() != '"':
			return badField(name, "must be a text")
		default:
			session = v.String()
			if reason := IDFault(session); reason != "" {
				return badField(name, reason)
			}
		}
		return nil
	})
	if p == nil && session == "" {
		p = badField("sessionId", "is needed")
	}
	return session, length, p
}
