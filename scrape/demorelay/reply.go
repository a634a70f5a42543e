package demorelay

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"strconv"
	"time"
)

// reply is one answer before the front adds its headers.
type reply struct {
	status int
	kind   string // content type
	body   []byte
}

const (
	kindJSON       = "application/json; charset=utf-8"
	kindExposition = "text/plain; charset=utf-8; version=0.0.4" // parameters in this order
	kindHTML       = "text/html; charset=utf-8"
)

// encode writes v as JSON.stringify does: no spaces, < > & as they are.
func encode(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("demorelay: encode answer: " + err.Error()) // all answers are our own types
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func jsonReply(status int, v any) reply { return reply{status, kindJSON, encode(v)} }

// success is the envelope of every good answer but the two open health ones.
func success(data any) reply {
	return jsonReply(http.StatusOK, struct {
		Success bool `json:"success"`
		Data    any  `json:"data"`
	}{true, data})
}

// refuse is the error shape of handlers and guards: a text.
func refuse(status int, text string) reply {
	return jsonReply(status, struct {
		Success bool   `json:"success"`
		Error   string `json:"error"`
	}{false, text})
}

// fault is the error shape of auth, rate limit and error handler: an object.
type fault struct {
	Code         string `json:"code"`
	Message      string `json:"message"`
	Tier         string `json:"tier,omitempty"`
	RetryAfterMs int64  `json:"retryAfterMs,omitempty"`
}

func refuseWith(status int, f fault) reply {
	return jsonReply(status, struct {
		Success bool  `json:"success"`
		Error   fault `json:"error"`
	}{false, f})
}

// noSuchPath is the HTML page for a path that no route takes.
func noSuchPath(method, path string) reply {
	return reply{http.StatusNotFound, kindHTML, fmt.Appendf(nil, `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Error</title>
</head>
<body>
<pre>Cannot %s %s</pre>
</body>
</html>
`, method, html.EscapeString(path))}
}

// policies of the two kinds of page
const (
	cspPage  = "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors 'self';img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';style-src 'self' https: 'unsafe-inline';upgrade-insecure-requests"
	cspNoWay = "default-src 'none'"
)

// securityHeaders are on every answer, in the relay's own spelling.
var securityHeaders = [...][2]string{
	{"Vary", "Origin"},
	{"Access-Control-Allow-Credentials", "true"},
	{"Cross-Origin-Opener-Policy", "unsafe-none"},
	{"Cross-Origin-Resource-Policy", "cross-origin"},
	{"Origin-Agent-Cluster", "?1"},
	{"Referrer-Policy", "no-referrer"},
	{"Strict-Transport-Security", "max-age=15552000; includeSubDomains"},
	{"X-Content-Type-Options", "nosniff"},
	{"X-DNS-Prefetch-Control", "off"},
	{"X-Download-Options", "noopen"},
	{"X-Frame-Options", "SAMEORIGIN"},
	{"X-Permitted-Cross-Domain-Policies", "none"},
	{"X-XSS-Protection", "0"},
}

// write sends the answer. It never compresses and never answers 304: the real relay's tags are
// of no use, because every body has a time in it.
func (a reply) write(w http.ResponseWriter, q *http.Request, id string, now time.Time) {
	h := w.Header()
	h["x-request-id"] = []string{id}
	for _, kv := range securityHeaders {
		h[kv[0]] = []string{kv[1]}
	}
	csp := cspPage
	if a.kind == kindHTML {
		csp = cspNoWay
	} else {
		h["ETag"] = []string{etag(a.body)}
	}
	h.Set("Content-Security-Policy", csp)
	h.Set("Content-Type", a.kind)
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	h.Set("Date", now.UTC().Format(http.TimeFormat))
	if q.Close {
		h.Set("Connection", "close")
	} else {
		h.Set("Connection", "keep-alive")
		h.Set("Keep-Alive", "timeout=5")
	}
	w.WriteHeader(a.status)
	w.Write(a.body) // a client that left is not our concern
}

// etag is Express's weak tag: length in hex and 27 characters of the SHA-1.
func etag(body []byte) string {
	sum := sha1.Sum(body)
	return fmt.Sprintf(`W/"%x-%s"`, len(body), base64.StdEncoding.EncodeToString(sum[:])[:27])
}
