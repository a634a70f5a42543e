package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	healthDeadline = 3 * time.Second
	maxHealthBody  = 64 << 10
)

// health asks the agent on this machine for /livez, or with --ready for /readyz, and exits 1 unless it
// says yes. A probe that meets the agent at the instant of its start asks again within 3 s.
func health(ctx context.Context, p *program, args []string) error {
	fs := p.flags("health")
	ready := fs.Bool("ready", false, "ask whether it is ready, not whether it lives")
	if err := p.parse(fs, args, 0, 0); err != nil {
		return err
	}
	v, _, err := readVariables(p.env)
	if err != nil {
		return err
	}
	s, _ := validate(v) // a faulty configuration is the agent's answer to give
	path := "/livez"
	if *ready {
		path = "/readyz"
	}
	return askAgent(ctx, s.probeListen, path)
}

// errNoAgent is what askAgent meets where nobody listens.
var errNoAgent = errors.New("no agent answers")

// askAgent asks the agent of this machine for one of its probes' paths; nil when it says yes.
func askAgent(ctx context.Context, listen, path string) error {
	ctx, cancel := context.WithTimeout(ctx, healthDeadline)
	defer cancel()
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, "http://"+local(listen)+path, nil)
	if err != nil {
		return fmt.Errorf("ask the agent: %s is no address", listen)
	}
	c := retryablehttp.NewClient()
	c.Logger = nil
	c.HTTPClient = &http.Client{
		// No proxy, and no connection is kept: net/http would print to stderr what comes on it unasked.
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	c.RetryMax = 3
	c.RetryWaitMin, c.RetryWaitMax = 100*time.Millisecond, 500*time.Millisecond
	c.CheckRetry = func(ctx context.Context, _ *http.Response, err error) (bool, error) {
		return err != nil && ctx.Err() == nil, nil // an answer is an answer, also a bad one
	}
	resp, err := c.Do(req)
	if err != nil {
		return failed("%w on %s", errNoAgent, listen)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return failed("the agent answers %s with %d%s", path, resp.StatusCode, reasons(resp.Body))
	}
	return nil
}

// reasons are what a problem's answer says, for the event that a failed exec probe becomes.
func reasons(body io.Reader) string {
	var p struct {
		Detail string   `json:"detail"`
		Faults []string `json:"faults"`
	}
	if json.NewDecoder(io.LimitReader(body, maxHealthBody)).Decode(&p) != nil || p.Detail == "" {
		return ""
	}
	if len(p.Faults) == 0 {
		return ": " + p.Detail
	}
	return ": " + strings.Join(p.Faults, "; ")
}
