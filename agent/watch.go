package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const (
	watchTimeout  = 5 * time.Second // of one question
	maxWatchBytes = 4 << 20         // of an answer
	watchEvents   = 200             // newest that are asked for
)

// watch shows a running agent on one screen until Ctrl-C or q. Piped, it writes a line for each look and each new event.
func watch(ctx context.Context, p *program, args []string) error {
	fs := p.flags("watch")
	once := fs.Bool("once", false, "show it once and exit; 1 when the relay is dead or the agent does not answer")
	interval := fs.Duration("interval", time.Second, "how often the agent is asked, 200ms to 1m")
	ca := fs.String("ca", "", "PEM `file` of the CA of an https agent")
	if err := p.parse(fs, args, 0, 1); err != nil {
		return err
	}
	if *interval < 200*time.Millisecond || *interval > time.Minute {
		return errors.New("watch: --interval wants 200ms to 1m")
	}
	s, err := p.configured()
	if err != nil {
		return err
	}
	w := &watcher{bearer: s.admin.first(), interval: *interval}
	if w.bearer == "" {
		return errors.New("watch: the agent's admin token is not set; give it as RELAYPACK_ADMIN_TOKEN or in a file that RELAYPACK_ADMIN_TOKEN_FILE names")
	}
	if w.base, err = agentAddress(cmp.Or(fs.Arg(0), "http://"+s.listen)); err != nil {
		return fmt.Errorf("watch: %w", err)
	}
	if w.client, err = agentClient(*ca); err != nil {
		return fmt.Errorf("watch: %w", err)
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch {
	case *once:
		return w.once(ctx, p)
	case p.screen != nil:
		return w.onScreen(ctx, p)
	}
	return w.lines(ctx, p)
}

// agentAddress takes an agent's address: only an origin, and without TLS only on this machine, since the bearer goes there.
func agentAddress(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return nil, errors.New("the address must be like http://127.0.0.1:9731")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" && u.Path != "/admin/ops":
		return nil, errors.New("the address must end behind the port")
	case u.Scheme == "http" && u.Hostname() != "localhost" && !net.ParseIP(u.Hostname()).IsLoopback():
		return nil, errors.New("without https the bearer may only go to this machine; use kubectl port-forward, or https")
	}
	u.Path = ""
	return u, nil
}

func agentClient(ca string) (*http.Client, error) {
	t := &http.Transport{Proxy: nil, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}, MaxIdleConnsPerHost: 1}
	if ca != "" {
		pem, err := os.ReadFile(ca)
		if err != nil {
			return nil, fmt.Errorf("read the CA: %w", withoutPath(err))
		}
		t.TLSClientConfig.RootCAs = x509.NewCertPool()
		if !t.TLSClientConfig.RootCAs.AppendCertsFromPEM(pem) {
			return nil, errors.New("read the CA: no certificate in the file")
		}
	}
	return &http.Client{Transport: t, Timeout: watchTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, nil
}

// watcher asks one agent.
type watcher struct {
	base     *url.URL
	bearer   string
	client   *http.Client
	interval time.Duration
}

// errRefused is an answer that another question will not change.
var errRefused = errors.New("refused")

// look asks all that a view shows.
func (w *watcher) look(ctx context.Context) (*view, error) {
	v := &view{address: w.base.Host}
	for path, into := range map[string]any{"status": &v.status, "summary": &v.numbers, fmt.Sprintf("events?limit=%d", watchEvents): &v.events} {
		if err := w.get(ctx, path, into); err != nil {
			return nil, err
		}
	}
	v.at = time.UnixMilli(v.status.AsOf)
	return v, nil
}

func (w *watcher) get(ctx context.Context, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base.String()+"/api/ops/"+path, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+w.bearer)
	res, err := w.client.Do(req)
	if err != nil {
		if inner := (*url.Error)(nil); errors.As(err, &inner) {
			err = inner.Err
		}
		return err
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusUnauthorized:
		return fmt.Errorf("%w: this is not the admin token of that agent", errRefused)
	case http.StatusMisdirectedRequest:
		return fmt.Errorf("%w: the agent does not answer under that name; see RELAYPACK_HOSTS", errRefused)
	case http.StatusNotFound:
		return fmt.Errorf("%w: no agent of relaypack answers there", errRefused)
	default:
		return fmt.Errorf("the agent answered %d", res.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxWatchBytes+1))
	if err == nil && len(body) > maxWatchBytes {
		err = errors.New("the answer is larger than 4 MiB")
	}
	if err != nil {
		return err
	}
	if json.Unmarshal(body, into) != nil { // its error quotes the text
		return errors.New("the answer is not that of an agent of relaypack")
	}
	return nil
}

func (w *watcher) once(ctx context.Context, p *program) error {
	v, err := w.look(ctx)
	if err != nil {
		return failed("watch %s: %w", w.base.Host, err)
	}
	for _, line := range v.lines(p.inkFor(p.screen), 0, 0) {
		fmt.Fprintln(p.raw(), line)
	}
	if _, alive := v.state(); !alive {
		return errNotFine
	}
	return nil
}

// lines is for pipes and files: a line for each look, before it one for each event that is new.
func (w *watcher) lines(ctx context.Context, p *program) error {
	tick := time.NewTicker(w.interval)
	defer tick.Stop()
	seen := map[string]bool{}
	for first := true; ; first = false {
		v, err := w.look(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, errRefused):
			return failed("watch %s: %w", w.base.Host, err)
		case err != nil:
			fmt.Fprintf(p.stdout, "%s agent does not answer: %s\n", time.Now().UTC().Format("15:04:05"), visible(err.Error()))
		default:
			for _, line := range v.fresh(seen, first) {
				fmt.Fprintln(p.stdout, line)
			}
			fmt.Fprintln(p.stdout, v.oneLine())
		}
		if p.stdout.err != nil {
			return nil // who read it has gone: exit tells that
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// onScreen draws until it is told to end. It asks and draws in one place, so a slow agent cannot pile up questions.
func (w *watcher) onScreen(ctx context.Context, p *program) error {
	in := terminalOf(p.stdin)
	s, err := openScreen(p.screen, in)
	if err != nil {
		return failed("watch: take the screen: %w", err)
	}
	defer s.close()
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	if in != nil {
		go leaveOnQ(in, leave)
	}
	sizes := make(chan os.Signal, 1)
	signal.Notify(sizes, resized)
	defer signal.Stop(sizes)
	tick := time.NewTicker(w.interval)
	defer tick.Stop()
	v := &view{address: w.base.Host}
	for ask := true; ; {
		if ask {
			seen, err := w.look(ctx)
			switch {
			case ctx.Err() != nil:
				return nil
			case errors.Is(err, errRefused):
				return failed("watch %s: %w", w.base.Host, err)
			case err != nil:
				v.trouble = visible(err.Error())
			default:
				v = seen
			}
		}
		width, height := s.size()
		if err := s.draw(v.lines(p.inkFor(p.screen), width, height)); err != nil {
			return failed("watch: draw: %w", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-sizes:
			ask = false
		case <-tick.C:
			ask = true
		}
	}
}

// leaveOnQ ends with the program: a read of a terminal cannot be called back.
func leaveOnQ(in io.Reader, leave func()) {
	typed := make([]byte, 16)
	for {
		n, err := in.Read(typed)
		for _, c := range typed[:n] {
			if c == 'q' || c == 'Q' {
				leave()
				return
			}
		}
		if err != nil {
			return
		}
	}
}
