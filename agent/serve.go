package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	rungroup "github.com/oklog/run"

	"relaypack/agent/internal/web"
	"relaypack/scrape"
)

const (
	maxConnections = 256             // of the API, likewise of the probes
	listenRetry    = 5 * time.Second // after a port was taken
	probeGrace     = 2 * time.Second // for the probes' last answers
)

// agent is a running agent.
type agent struct {
	s        *settings
	log      *slog.Logger
	observer *observer
	faults   []string // of the configuration
	now      func() time.Time

	api      *web.API
	started  atomic.Bool  // the first look was tried
	stopping atomic.Bool  // no more packs
	lastLook atomic.Int64 // monotonic-free: unix ms of the last turn of the loop
	notUp    [2]atomic.Bool
}

// serve runs the agent until SIGTERM or SIGINT. A faulty configuration does not end it: it stays up on
// the defaults of what is faulty and says so, since a typing error in a sidecar must not take its
// relay out of service.
func serve(ctx context.Context, p *program, args []string) error {
	fs := p.flags("serve")
	check := fs.Bool("check", false, "only check the configuration, exit 2 if it has faults")
	if err := p.parse(fs, args, 0, 0); err != nil {
		return err
	}
	v, unknown, err := readVariables(p.env)
	if err != nil {
		return err
	}
	s, faults := validate(v)
	if *check {
		return p.tellCheck(s, faults, unknown)
	}
	log := p.logger(s)
	a, err := newAgent(s, faults, nil, log)
	if err != nil {
		return oneLine(err)
	}
	for _, name := range unknown {
		log.Warn("variable not known to this version", "variable", name)
	}
	ctx, stop := stopSignals(ctx, log)
	defer stop()
	return a.run(ctx)
}

func (p *program) tellCheck(s *settings, faults error, unknown []string) error {
	for _, name := range unknown {
		fmt.Fprintf(p.stderr, "relaypack: %s is not known to this version\n", name)
	}
	if faults != nil {
		for _, f := range faultList(faults) {
			fmt.Fprintf(p.stderr, "relaypack: %s\n", f)
		}
		return &failure{2, fmt.Errorf("the configuration has %d faults", len(faultList(faults)))}
	}
	if _, err := observe(s, nil); err != nil {
		return oneLine(err)
	}
	fmt.Fprintln(p.stdout, "the configuration is fine")
	return nil
}

// faultList is a joined error as one text for each.
func faultList(err error) []string {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []string{err.Error()}
	}
	var out []string
	for _, e := range joined.Unwrap() {
		out = append(out, e.Error())
	}
	return out
}

func newAgent(s *settings, faults error, now func() time.Time, log *slog.Logger) (*agent, error) {
	o, err := observe(s, now)
	if err != nil {
		return nil, err
	}
	if now == nil {
		now = time.Now
	}
	a := &agent{s: s, log: log, observer: o, now: now, faults: faultList(faults)}
	for _, f := range a.faults {
		log.Error("configuration fault, its default is used", "fault", f)
	}
	var classes []string
	for _, c := range s.profile.Events {
		classes = append(classes, c.Class)
	}
	a.api = web.New(web.Options{
		Source:   func() web.Source { return o.builder },
		Classes:  classes,
		Tokens:   func() []string { return reveal(s.admin.values()) },
		Faults:   func() []string { return a.faults },
		Hosts:    s.hosts,
		Stopping: a.stopping.Load,
		Log:      log,
		Now:      now,
	})
	return a, nil
}

func reveal(values []secret) []string {
	out := make([]string, 0, len(values))
	for _, v := range values {
		out = append(out, v.reveal())
	}
	return out
}

// run is the agent's life. Actors are added in the order in which they end: the looks first, then the
// files, then the API, which drains; the probes go last.
func (a *agent) run(ctx context.Context) error {
	var g rungroup.Group
	// Whatever ends the agent.
	{
		ctx, cancel := context.WithCancel(ctx)
		g.Add(func() error { <-ctx.Done(); a.stopping.Store(true); return nil }, func(error) { cancel() })
	}
	// Looks at the relay.
	{
		done := make(chan struct{})
		ctx, cancel := context.WithCancel(context.Background())
		g.Add(func() error { defer close(done); return a.observe(ctx) }, func(error) { cancel(); <-done })
	}
	// Files that may change.
	{
		ctx, cancel := context.WithCancel(context.Background())
		g.Add(func() error {
			return pollFiles(ctx, a.s.files(), a.log, func() { a.observer.secrets.add(a.s.knownValues()...) })
		}, func(error) { cancel() })
	}
	// The API.
	apiServer, err := a.apiServer()
	if err != nil {
		return failed("set up TLS: %w", err)
	}
	a.addServer(&g, apiServer, a.s.listen, 0, a.s.grace)
	// The probes.
	a.addServer(&g, web.Server(a.probes(), a.log), a.s.probeListen, 1, probeGrace)
	err = g.Run()
	a.log.Info("stopped")
	return err
}

// observe takes looks until ctx ends.
func (a *agent) observe(ctx context.Context) error {
	changes := newChangeLog(a.log)
	a.turned()
	return a.observer.scraper.Run(ctx, func(s *scrape.Snapshot) {
		a.observer.recorder.Record(s)
		changes.note(s)
		a.turned()
		a.started.Store(true)
	})
}

func (a *agent) turned() { a.lastLook.Store(time.Now().UnixMilli()) }

// alive says whether the looks go on: one came within five intervals, whatever the relay does.
func (a *agent) alive() bool {
	since := time.Since(time.UnixMilli(a.lastLook.Load()))
	return since < 5*max(a.s.metricsInterval, a.s.debugInterval, a.s.scrapeTimeout)+time.Minute
}

func (a *agent) apiServer() (*http.Server, error) {
	srv := web.Server(a.api, a.log)
	if a.s.tlsCert == "" {
		if host, _, _ := net.SplitHostPort(a.s.listen); !loopback(host) {
			a.log.Warn("the API listens beyond loopback without TLS", "variable", variableName("Listen"), "address", a.s.listen)
		}
		return srv, nil
	}
	conf, err := web.TLSConfig(a.s.tlsCert, a.s.tlsKey, a.s.tlsClientCA)
	srv.TLSConfig = conf
	return srv, err
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// addServer serves on an address as soon as it is free: a port that is taken is a degraded state, not
// an end. which is its place in notUp.
func (a *agent) addServer(g *rungroup.Group, srv *http.Server, address string, which int, grace time.Duration) {
	actor, cancel := context.WithCancel(context.Background())
	a.notUp[which].Store(true)
	g.Add(func() error {
		l, err := a.listen(actor, address)
		if err != nil {
			return nil // told to stop before the port was free
		}
		a.notUp[which].Store(false)
		a.log.Info("listening", "address", l.Addr().String())
		l = web.LimitListener(l, maxConnections)
		if srv.TLSConfig != nil {
			err = srv.ServeTLS(l, "", "")
		} else {
			err = srv.Serve(l)
		}
		if !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("server ended", "address", address, "reason", err.Error())
			return err
		}
		<-actor.Done() // Serve returns at the beginning of Shutdown, which must come to its end
		return nil
	}, func(error) {
		drain, done := context.WithTimeout(context.Background(), grace)
		defer done()
		if srv.Shutdown(drain) != nil {
			srv.Close()
		}
		cancel()
	})
}

// listen waits for the address to be free.
func (a *agent) listen(ctx context.Context, address string) (net.Listener, error) {
	for told := false; ; told = true {
		l, err := net.Listen("tcp", address)
		if err == nil {
			return l, nil
		}
		if !told {
			a.log.Error("cannot listen, trying again", "address", address, "every", listenRetry.String(), "reason", err.Error())
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(listenRetry):
		}
	}
}

// notReady says what keeps the agent from serving; nothing of it depends on the relay.
func (a *agent) notReady() []string {
	var why []string
	if a.stopping.Load() {
		why = append(why, "stopping")
	}
	why = append(why, a.faults...)
	if len(a.s.admin.values()) == 0 {
		why = append(why, variableName("AdminToken")+" is not set: the API answers 503, recording goes on")
	}
	if a.notUp[0].Load() {
		why = append(why, "cannot listen on "+a.s.listen)
	}
	return why
}

// stopSignals ends ctx at the first SIGTERM or SIGINT; the second one ends the process at once.
func stopSignals(ctx context.Context, log *slog.Logger) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		select {
		case <-ctx.Done():
			return
		case s := <-signals:
			log.Info("stopping", "signal", s.String())
			cancel()
		}
		if _, again := <-signals; again {
			os.Exit(0)
		}
	}()
	return ctx, func() { cancel(); signal.Stop(signals); close(signals) }
}
