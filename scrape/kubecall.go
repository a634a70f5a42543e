package scrape

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// Bounds of one call to the API server.
const (
	kubeRetries    = 2 // within the deadline of the read
	kubeRetryWait  = 200 * time.Millisecond
	kubeRetryMost  = 2 * time.Second
	maxCredentials = 64 << 10 // bytes of the token, and of the CA's certificates
)

// cluster speaks HTTPS to the API server, and to nobody else: no redirects, no proxy, no connection is
// kept. What of a failed call is told is a status and a reason of ours; net/http's errors quote addresses
// and go nowhere.
type cluster struct {
	opt   *KubernetesOptions
	base  url.URL
	agent string
	clock clock // the API server's

	mu    sync.Mutex
	ca    []byte // as it was read last
	http  *retryablehttp.Client
	given string // the token that was told last
}

func newCluster(o *KubernetesOptions, agent string) *cluster {
	return &cluster{opt: o, agent: agent, base: url.URL{Scheme: "https", Host: net.JoinHostPort(o.Host, o.Port)}}
}

// request is one GET.
type request struct {
	path    string
	query   map[string]string
	most    int64                 // bytes of a success
	read    func(io.Reader) error // of a success
	missing reason                // why it is forbidden: verb and resource
}

// outcome is what came of a call.
type outcome struct {
	status Status
	why    reason
	code   int
	bytes  int64
	took   time.Duration
	after  time.Duration // the API server wants no call before then; 0: says nothing
}

func (o outcome) state() State {
	return State{Status: o.status, Reason: string(o.why), Code: o.code, Bytes: o.bytes, Took: o.took}
}

// errShape is an answer that is not what was promised.
var errShape = errors.New("read answer: not of the promised shape")

// get makes the call, at most kubeRetries times more where it was not heard or the server is busy.
func (c *cluster) get(ctx context.Context, q request) (o outcome) {
	begin := time.Now()
	defer func() { o.took = time.Since(begin) }()
	client, bearer, why := c.credentials()
	if why != because0 {
		return outcome{status: Unauthorized, why: why}
	}
	values := url.Values{}
	for name, v := range q.query {
		values.Set(name, v)
	}
	u := c.base
	u.Path, u.RawQuery = q.path, values.Encode()
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return outcome{status: Invalid, why: becauseParameter}
	}
	req.Header.Set("Authorization", "Bearer "+bearer)
	req.Header.Set("Accept", "application/json, */*;q=0.5")
	req.Header.Set("User-Agent", c.agent)
	resp, err := client.Do(req)
	if err != nil {
		o.status, o.why = failure(ctx, err)
		return o
	}
	defer resp.Body.Close()
	c.clock.note(resp.Header, begin, time.Now())
	return answerOf(ctx, resp, q)
}

// answerOf judges an answer by its code and reads a success.
func answerOf(ctx context.Context, resp *http.Response, q request) outcome {
	o := outcome{code: resp.StatusCode}
	switch {
	case success(o.code):
	case o.code == http.StatusForbidden:
		o.status, o.why = Forbidden, q.missing
	case o.code == http.StatusNotFound, o.code == http.StatusGone:
		o.status, o.why = Invalid, becauseNotThere
	default:
		v, known := codes[o.code]
		switch {
		case known && o.code == http.StatusTooManyRequests:
			v.why, o.after = becauseAPILimit, max(seconds(resp.Header, "Retry-After"), podSoon)
		case known:
		case o.code >= 300 && o.code < 400:
			v = verdict{status: Invalid, why: becauseRedirect}
		case o.code >= 500:
			v = verdict{status: Invalid, why: becauseServer}
		default:
			v = verdict{status: Invalid, why: becauseCode}
		}
		o.status, o.why = v.status, v.why
	}
	if o.status != "" {
		return o
	}
	in := &limited{r: resp.Body, left: q.most}
	err := q.read(in)
	o.bytes = q.most - max(in.left, 0)
	switch {
	case err == nil:
		o.status = OK
	case in.left < 0:
		o.status, o.why = TooLarge, becauseTooLarge
	case ctx.Err() != nil:
		o.status, o.why = failure(ctx, err)
	case broken(err) && resp.ContentLength != o.bytes:
		o.status, o.why = Unreachable, becauseCut
	default:
		o.status, o.why = Invalid, becauseNotJSON
	}
	return o
}

// credentials reads token and CA as they are now: both are replaced while the pod runs.
func (c *cluster) credentials() (*retryablehttp.Client, string, reason) {
	raw, err := readSmall(filepath.Join(c.opt.Folder, "token"))
	bearer := string(bytes.TrimSpace(raw))
	if err != nil || !sendable(bearer) {
		return nil, "", becauseNoAccount
	}
	ca, err := readSmall(filepath.Join(c.opt.Folder, "ca.crt"))
	if err != nil {
		return nil, "", becauseNoAccount
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.http == nil || !bytes.Equal(ca, c.ca) {
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(ca) {
			return nil, "", becauseNoAccount
		}
		c.ca, c.http = ca, c.client(pool)
	}
	if bearer != c.given && c.opt.Obtained != nil {
		c.opt.Obtained(bearer)
	}
	c.given = bearer
	return c.http, bearer, because0
}

// readSmall reads a file whole, or not at all.
func readSmall(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(&limited{r: f, left: maxCredentials})
}

func (c *cluster) client(roots *x509.CertPool) *retryablehttp.Client {
	client := retryablehttp.NewClient()
	client.Logger = nil // it would print addresses with their query
	client.RetryMax, client.RetryWaitMin, client.RetryWaitMax = kubeRetries, kubeRetryWait, kubeRetryMost
	client.CheckRetry, client.Backoff = kubeRetry, kubeBackoff
	client.ErrorHandler = retryablehttp.PassthroughErrorHandler
	client.HTTPClient = &http.Client{
		Transport: &http.Transport{
			DialContext:            c.opt.Dial,
			TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			TLSNextProto:           map[string]func(string, *tls.Conn) http.RoundTripper{},
			DisableCompression:     true,
			DisableKeepAlives:      true,
			MaxResponseHeaderBytes: maxHeaderBytes,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return client
}

// kubeRetry tries again where no connection came about, and where the server is busy for a moment.
func kubeRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil {
		var op *net.OpError
		return errors.As(err, &op) && op.Op == "dial", nil
	}
	busy := resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= 500
	return busy && seconds(resp.Header, "Retry-After") <= kubeRetryMost, nil
}

// kubeBackoff waits as long as the server says; kubeRetry left only what is short.
func kubeBackoff(least, most time.Duration, n int, resp *http.Response) time.Duration {
	wait := least << n
	if resp != nil {
		wait = max(wait, seconds(resp.Header, "Retry-After"))
	}
	return min(wait, most)
}
