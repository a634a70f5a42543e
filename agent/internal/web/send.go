package web

import (
	"net/http"
	"strconv"
)

const jsonType = "application/json"

// protect sets the headers of every answer: nothing is kept, guessed, framed or loaded, and no other
// origin may read it (there are no CORS headers).
func protect(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// answer is a ResponseWriter that remembers its status.
type answer struct {
	http.ResponseWriter
	status int
	left   bool // the client went away before there was an answer
}

func (w *answer) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *answer) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController find the server's own writer.
func (w *answer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// abandon ends the request of a client that went away.
func (w *answer) abandon() {
	w.left = true
	panic(http.ErrAbortHandler)
}

// code is the status as a label: "gone" when the client did not wait for one.
func (w *answer) code() string {
	if w.left {
		return "gone"
	}
	if w.status == 0 {
		return "200" // what net/http sends for a handler that wrote nothing
	}
	return strconv.Itoa(w.status)
}

// send answers 200 with a body, compressed when the client wants that. A HEAD gets the same headers.
func send(w *answer, r *http.Request, contentType string, body []byte) {
	sendAs(http.StatusOK, w, r, contentType, body)
}

func sendAs(status int, w *answer, r *http.Request, contentType string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Add("Vary", "Accept-Encoding")
	if wantsGzip(r.Header.Values("Accept-Encoding")) {
		body = compress(body)
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		// A client that left is no fault of ours, and nobody is there to be told.
		_, _ = w.Write(body)
	}
}
