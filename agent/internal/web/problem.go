package web

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// problem is an error as RFC 9457 has it. No member holds a value that a client sent.
type problem struct {
	Type   string   `json:"type"` // always about:blank: title and status say it all
	Title  string   `json:"title"`
	Status int      `json:"status"`
	Detail string   `json:"detail"`
	Field  string   `json:"field,omitempty"`  // member, parameter or header at fault
	Faults []string `json:"faults,omitempty"` // of the configuration; of /readyz: what is not ready

	TraceID   string `json:"traceId,omitempty"`   // of a 409: the trace that runs
	ExpiresAt int64  `json:"expiresAt,omitempty"` // and its end, epoch ms

	allow      string        // of a 405
	challenge  string        // of a 401
	retryAfter time.Duration // 0: not told
	closes     bool          // the connection ends with this answer
}

func fault(status int, detail string) *problem {
	return &problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
}

// badField is a 400 that names what is at fault and the reason. The name is one that we know, never one
// that was sent: what was unknown is told of as "body" or "query".
func badField(name, reason string) *problem {
	p := fault(http.StatusBadRequest, name+": "+reason)
	p.Field = name
	return p
}

// write sends the problem.
func (p *problem) write(w http.ResponseWriter) {
	body, err := json.Marshal(p)
	if err != nil { // text and numbers always encode
		panic(err)
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if p.allow != "" {
		h.Set("Allow", p.allow)
	}
	if p.challenge != "" {
		h.Set("WWW-Authenticate", p.challenge)
	}
	if p.retryAfter > 0 {
		seconds := int64((p.retryAfter + time.Second - 1) / time.Second)
		h.Set("Retry-After", strconv.FormatInt(seconds, 10))
	}
	if p.closes {
		h.Set("Connection", "close")
	}
	w.WriteHeader(p.Status)
	// A client that left is no fault of ours, and nobody is there to be told.
	_, _ = w.Write(body)
}

// handle gives every answer of both listeners its headers, turns a panic into a 500, and writes the
// problem that h returns. Of a panic only its type and place are logged: its text can quote anything.
func handle(w *answer, r *http.Request, log *slog.Logger, panics *atomic.Uint64, h func(*answer, *http.Request) *problem) {
	protect(w.Header())
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if v == http.ErrAbortHandler {
			panic(v)
		}
		panics.Add(1)
		log.Error("request handler panicked", "kind", fmt.Sprintf("%T", v), "at", panicPlace())
		if w.status != 0 {
			panic(http.ErrAbortHandler) // half an answer must not look like a whole one
		}
		fault(http.StatusInternalServerError, "the agent could not answer; its log says why").write(w)
	}()
	if p := h(w, r); p != nil {
		p.write(w)
	}
}

// panicPlace is file:line of what panicked, to be called while recovering.
func panicPlace() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	seen := false
	for {
		f, more := frames.Next()
		if seen && !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf("%s:%d", f.File[strings.LastIndexByte(f.File, '/')+1:], f.Line)
		}
		seen = seen || f.Function == "runtime.gopanic"
		if !more {
			return "unknown"
		}
	}
}
