package scrape

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

type dialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

// Bounds of one answer beside the configured ones.
const (
	maxHeaderBytes  = 64 << 10
	maxRefusalBytes = 64 << 10 // of an answer that is no success: only its error member is looked at
)

// wire speaks HTTP/1 to one relay. It follows no redirect, uses no proxy, asks for no compression
// and sends the bearer only over connections that a leash holds.
//
// Every call has a connection of its own. One that was kept would make net/http send a GET a second
// time, by itself, when it turns out to be dead (and the bearer may be what ended the relay); and what
// a relay sends on it unasked net/http prints to the standard logger, text and all.
type wire struct {
	base  *url.URL
	agent string
	open  *http.Transport // everything without the bearer
	held  *http.Transport // calls with the bearer, one at a time
	leash *leash
	clock clock // the relay's
}

func newWire(base *url.URL, roots *x509.CertPool, dial dialFunc, agent string) *wire {
	w := &wire{base: base, agent: agent, leash: &leash{}}
	transport := func(d dialFunc) *http.Transport {
		return &http.Transport{
			DialContext:            d,
			TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			TLSNextProto:           map[string]func(string, *tls.Conn) http.RoundTripper{},
			DisableCompression:     true,
			DisableKeepAlives:      true,
			MaxResponseHeaderBytes: maxHeaderBytes,
		}
	}
	w.open = transport(dial)
	w.open.ReadBufferSize = 32 << 10 // exposition pages are large
	w.held = transport(w.leash.dialer(dial))
	return w
}

// call is one request.
type call struct {
	method   string
	url      *url.URL
	body     string // of a POST, JSON
	accept   string
	bearer   string                // "": none
	until    time.Time             // with a bearer: the instant after which no byte may leave
	timeout  time.Duration         // for the whole answer
	maxBytes int64                 // of a success
	read     func(io.Reader) error // nil: the body is kept; else it is streamed into read (at most maxBytes)
}

// answer is what came of a call. Status is OK when an answer was read in full, whatever its code.
type answer struct {
	status Status
	why    reason
	code   int
	header http.Header
	body   []byte
	bytes  int64
	sent   time.Time // before the first byte left
	done   time.Time
	left   bool // with a bearer: some of it left
	hung   bool // no whole answer came: timed out, cut, or not HTTP
}

// do makes the call. It never returns foreign text.
func (w *wire) do(ctx context.Context, c *call) *answer {
	a := &answer{status: OK, sent: time.Now()}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	transport := w.open
	if c.bearer != "" {
		transport = w.held
		w.leash.arm(c.until)
	}
	resp, err := transport.RoundTrip(w.request(ctx, c))
	if err == nil {
		a.code, a.header = resp.StatusCode, resp.Header
		w.clock.note(resp.Header, a.sent, time.Now())
		err = a.take(resp, c)
		resp.Body.Close()
	}
	a.done = time.Now()
	a.left = c.bearer != "" && w.leash.sent()
	if err != nil {
		a.status, a.why = failure(ctx, err)
		a.hung = a.status == Timeout || a.why == becauseCut || a.why == becauseNotHTTP
		a.body = nil
	}
	return a
}

func (w *wire) request(ctx context.Context, c *call) *http.Request {
	r := &http.Request{
		Method: c.method, URL: c.url, Host: c.url.Host,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"User-Agent": {w.agent}, "Accept": {c.accept}},
	}
	if c.body != "" {
		r.Body = io.NopCloser(strings.NewReader(c.body))
		r.ContentLength = int64(len(c.body))
		r.Header.Set("Content-Type", "application/json")
	}
	if c.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+c.bearer)
	}
	return r.WithContext(ctx)
}

var (
	errTooLarge = errors.New("read answer: too large")
	errEncoding = errors.New("read answer: compressed")
)

// take reads the body with its limit.
func (a *answer) take(resp *http.Response, c *call) error {
	if e := resp.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return errEncoding
	}
	limit := c.maxBytes
	if !success(resp.StatusCode) {
		limit = maxRefusalBytes
	}
	if resp.ContentLength > limit {
		return errTooLarge
	}
	in := &limited{r: resp.Body, left: limit}
	defer func() { a.bytes = limit - max(in.left, 0) }()
	if c.read != nil && success(resp.StatusCode) && !isHTML(resp.Header, nil) {
		return c.read(in)
	}
	var err error
	a.body, err = io.ReadAll(in)
	return err
}

// limited reads at most left bytes and then fails, where io.LimitReader would pretend an end.
type limited struct {
	r    io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

func success(code int) bool { return code >= 200 && code < 300 }

// failure maps an error of the transport to a status.
func failure(ctx context.Context, err error) (Status, reason) {
	var dns *net.DNSError
	var op *net.OpError
	var verify *tls.CertificateVerificationError
	var timeout net.Error
	switch {
	case errors.Is(err, errTooLarge):
		return TooLarge, becauseTooLarge
	case errors.Is(err, errEncoding):
		return Invalid, becauseEncoding
	case errors.Is(err, errLate):
		return Gated, becauseGateAge
	case errors.Is(ctx.Err(), context.Canceled):
		return Skipped, becauseStopped
	case ctx.Err() != nil, errors.As(err, &timeout) && timeout.Timeout():
		return Timeout, becauseTimeout
	case errors.Is(err, syscall.ECONNREFUSED):
		return Unreachable, becauseRefused
	case errors.As(err, &dns):
		return Unreachable, becauseNoHost
	case errors.As(err, &verify):
		return Unreachable, becauseCertificate
	case broken(err):
		return Unreachable, becauseCut
	case errors.As(err, &op) && op.Op == "dial":
		return Unreachable, becauseNoRoute
	}
	return Invalid, becauseNotHTTP
}

func broken(err error) bool {
	for _, is := range []error{io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe, net.ErrClosed,
		syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED} {
		if errors.Is(err, is) {
			return true
		}
	}
	return false
}

func isHTML(h http.Header, body []byte) bool {
	if strings.Contains(strings.ToLower(h.Get("Content-Type")), "html") {
		return true
	}
	start := strings.TrimLeft(string(body[:min(len(body), 64)]), " \t\r\n\ufeff")
	return strings.HasPrefix(start, "<")
}

// seconds reads a header that counts seconds; negative where there is none or it is no number.
func seconds(h http.Header, name string) time.Duration {
	n, err := strconv.ParseUint(strings.TrimSpace(h.Get(name)), 10, 31)
	if err != nil {
		return -1
	}
	return time.Duration(n) * time.Second
}
