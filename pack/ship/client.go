package ship

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	retryAfterMax = time.Minute     // a store's Retry-After counts up to here
	skewLimit     = 5 * time.Minute // clocks further apart than this are told, and requests signed with the store's
	answerMax     = 64 << 10        // bytes read of an answer

	quickRetries = 2 // below one attempt of the Shipper: for what fails at once and surely stored nothing
	quickWait    = 200 * time.Millisecond
	quickWaitMax = 2 * time.Second

	loginTimeout = 20 * time.Second // of one call for credentials
)

// client is the one way to the stores and to what gives their credentials: retries of what surely was
// not stored, no redirects, proxies by the usual variables, the authorities of caFile beside the
// system's. It notes how far the other side's clock is from ours.
type client struct {
	http   *retryablehttp.Client
	clock  func() time.Time
	skew   atomic.Int64 // nanoseconds to add to our clock to have the store's; 0 within skewLimit
	caFile string

	mu     sync.Mutex
	caSeen []byte
	way    *http.Transport
}

func newClient(caFile string) *client {
	c := &client{caFile: caFile, clock: time.Now}
	c.http = retryablehttp.NewClient()
	c.http.Logger = nil // it would print addresses with their query
	c.http.RetryMax = quickRetries
	c.http.RetryWaitMin, c.http.RetryWaitMax = quickWait, quickWaitMax
	c.http.CheckRetry = quickRetry
	c.http.Backoff = quickBackoff
	c.http.ErrorHandler = retryablehttp.PassthroughErrorHandler
	c.http.HTTPClient = &http.Client{
		Transport:     c,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c
}

// logins is the client for those who fetch credentials.
func (c *client) logins() *http.Client {
	hc := c.http.StandardClient()
	hc.Timeout = loginTimeout
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return hc
}

// now is the time on the store's clock.
func (c *client) now() time.Time { return c.clock().Add(time.Duration(c.skew.Load())) }

// quickRetry retries what cannot have been stored: a connection that was not made, a store that says
// it is busy and not for long. Reads are retried on any broken connection.
func quickRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil {
		var of *url.Error
		read := errors.As(err, &of) && (of.Op == "Get" || of.Op == "Head")
		var op *net.OpError
		return errors.As(err, &op) && (read || op.Op == "dial"), nil
	}
	busy := resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable
	return busy && retryAfter(resp.Header) <= quickWaitMax, nil
}

func quickBackoff(least, most time.Duration, n int, resp *http.Response) time.Duration {
	wait := min(least<<n, most)
	if resp != nil {
		wait = max(wait, min(retryAfter(resp.Header), most))
	}
	return wait + rand.N(wait/2)
}

// retryAfter reads the header, in either form, as at most retryAfterMax; 0 when there is none.
func retryAfter(h http.Header) time.Duration {
	v := h.Get("Retry-After")
	if v == "" {
		return 0
	}
	if s, err := strconv.ParseInt(v, 10, 64); err == nil {
		return time.Duration(min(max(s, 0), int64(retryAfterMax/time.Second))) * time.Second
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	from := time.Now()
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		from = date // both by the store's clock
	}
	return min(max(at.Sub(from), 0), retryAfterMax)
}

// RoundTrip is one try of one request, with the transport that the CA file asks for now.
func (c *client) RoundTrip(req *http.Request) (*http.Response, error) {
	way, err := c.transport()
	if err != nil {
		return nil, err
	}
	resp, err := way.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		off := date.Sub(c.clock())
		if off.Abs() < skewLimit {
			off = 0
		}
		c.skew.Store(int64(off))
	}
	return resp, nil
}

var errCAFile = errors.New("the CA file cannot be read, or holds no certificate")

func (c *client) transport() (*http.Transport, error) {
	var pem []byte
	if c.caFile != "" {
		var err error
		if pem, err = os.ReadFile(c.caFile); err != nil {
			return nil, errCAFile
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.way != nil && bytes.Equal(pem, c.caSeen) {
		return c.way, nil
	}
	conf := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.caFile != "" {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, errCAFile
		}
		conf.RootCAs = pool
	}
	if c.way != nil {
		c.way.CloseIdleConnections()
	}
	c.caSeen = pem
	c.way = &http.Transport{
		Proxy:                 proxy,
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSClientConfig:       conf,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		IdleConnTimeout:       30 * time.Second,
		MaxIdleConnsPerHost:   1,
		DisableCompression:    true, // an object is what was sent
		ForceAttemptHTTP2:     true,
	}
	return c.way, nil
}

// proxy obeys the usual variables, but never for the clouds' metadata services.
func proxy(req *http.Request) (*url.URL, error) {
	if ofTheNode(req.URL.Hostname()) {
		return nil, nil
	}
	return http.ProxyFromEnvironment(req)
}

// ofTheNode says that a host is a metadata service: what a proxy would be told there is the proxy's own
// identity.
func ofTheNode(host string) bool {
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host == "metadata.google.internal"
	}
	// AWS has these two beside the link-local ones.
	return ip.IsLinkLocalUnicast() || ip == netip.MustParseAddr("fd00:ec2::254") || ip == netip.MustParseAddr("fd00:ec2::23")
}

// answer is what a store said; body is at most answerMax and stays in this package.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// send makes one call, signed or given its login by sign. An answer of any status is no error.
func (c *client) send(ctx context.Context, step string, req *http.Request, body []byte, sign func(*http.Request) error) (*answer, error) {
	if sign != nil {
		if err := sign(req); err != nil {
			return nil, err
		}
	}
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	retryable, err := retryablehttp.FromRequest(req.WithContext(ctx))
	if err == nil && body != nil {
		err = retryable.SetBody(body)
	}
	if err != nil {
		return nil, &Fault{Cause: Refused, Step: step, Detail: "the request cannot be made", err: err}
	}
	resp, err := c.http.Do(retryable)
	if err != nil {
		f := &Fault{Cause: Unreachable, Step: step, Detail: wordsFor(err), err: err}
		if errors.Is(err, errCAFile) {
			f.Detail = errCAFile.Error()
		}
		if sent.Load() {
			f.Cause = Unsure
		}
		return nil, f
	}
	defer resp.Body.Close()
	a := &answer{status: resp.StatusCode, header: resp.Header}
	if a.body, err = io.ReadAll(io.LimitReader(resp.Body, answerMax)); err != nil && req.Method == http.MethodGet {
		return nil, &Fault{Cause: Unsure, Step: step, Detail: wordsFor(err), err: err}
	}
	return a, nil
}

// fault says what a status means where stores agree.
func (c *client) fault(step string, a *answer) *Fault {
	f := &Fault{Step: step, Status: a.status}
	switch s := a.status; {
	case s == http.StatusUnauthorized || s == http.StatusForbidden:
		f.Cause = Forbidden
		if c.skew.Load() != 0 {
			f.Cause = ClockOff
		}
	case s == http.StatusNotFound:
		f.Cause = NoBucket
	case s == http.StatusPreconditionFailed:
		f.Cause = Exists
	case s == http.StatusTooManyRequests || s == http.StatusServiceUnavailable:
		f.Cause, f.RetryAfter = Busy, retryAfter(a.header)
	case s == http.StatusInsufficientStorage:
		f.Cause = Full
	case s == http.StatusRequestTimeout || s == http.StatusConflict || s >= 500 && s != http.StatusNotImplemented:
		f.Cause = Broken
	case s >= 300 && s < 400:
		f.Cause, f.Detail = Refused, "it redirects: another region or endpoint is meant"
	default:
		f.Cause = Refused
	}
	return f
}
