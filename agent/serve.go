package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	rungroup "github.com/oklog/run"

	"relaypack/agent/internal/web"
	"relaypack/pack"
	"relaypack/scrape"
)

// agent is a running agent.
type agent struct {
	s        *settings
	log      *slog.Logger
	observer *observer
	keeper   *keeper
	box      *blackbox
	shipping *shipping
	faults   []string // of the configuration
	now      func() time.Time

	api      *web.API
	started  atomic.Bool    // the first look was tried
	onFirst  func()         // called after the first look; nil: nothing is
	stopping atomic.Bool    // no more packs
	lastLook atomic.Int64   // unix ms of the last turn of the loop
	notUp    [2]atomic.Bool // by listener: no port yet
	limits   [2]atomic.Pointer[web.Limited]
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
	s.surround(p.env)
	if *check {
		return p.tellCheck(s, faults, unknown)
	}
	signal.Ignore(syscall.SIGPIPE) // from the first line of the log on
	log := p.logger(s)
	a, err := newAgent(s, faults, nil, log)
	if err != nil {
		return oneLine(err)
	}
	for _, name := range unknown {
		log.Warn("variable not known to this version", "variable", name)
	}
	stop, cut, release := stopSignals(ctx, log)
	defer release()
	return a.run(stop, cut)
}

func (p *program) tellCheck(s *settings, faults error, unknown []string) error {
	p.tellUnknown(unknown)
	for _, w := range s.warnings() {
		p.tell("warning: %s", w)
	}
	if why := folderFault(s.stateDir); why != "" {
		faults = errors.Join(append(unjoined(faults), &fault{variable: variableName("StateDir"), text: why})...)
	}
	if faults != nil {
		for _, f := range faultList(faults) {
			p.tell("%s", f)
		}
		return &failure{2, fmt.Errorf("the configuration has %s", faultCount(faults))}
	}
	if _, err := observe(s, nil); err != nil {
		return oneLine(err)
	}
	fmt.Fprintln(p.stdout, "the configuration is fine")
	return nil
}

// tellUnknown warns of variables that nothing reads, such as one with a typing error.
func (p *program) tellUnknown(unknown []string) {
	for _, name := range unknown {
		p.tell("%s is not known to this version", name)
	}
}

// warnings are what is allowed but hardly meant.
func (s *settings) warnings() []string {
	var out []string
	if len(s.admin.values()) == 0 && !s.adminFault {
		out = append(out, variableName("AdminToken")+" is not set: the API answers 503, recording goes on")
	}
	if host, _, _ := net.SplitHostPort(s.listen); s.tlsCert == "" && !loopback(host) {
		out = append(out, variableName("Listen")+": the API listens beyond loopback without TLS")
	}
	if n := s.absentPaths(); n > 0 {
		out = append(out, fmt.Sprintf("%s: %d of %d cannot be seen: what they hold is not known", variableName("SecretPaths"), n, len(s.secretPaths)))
	}
	return out
}

func newAgent(s *settings, faults error, now func() time.Time, log *slog.Logger) (*agent, error) {
	if now == nil {
		now = time.Now
	}
	k := openKeeper(s.stateDir, s.windowBytes, log)
	o, err := observeOn(k, s, now)
	if err != nil {
		k.close()
		return nil, err
	}
	a := &agent{s: s, log: log, observer: o, keeper: k, now: now, faults: faultList(faults)}
	a.box = newBlackbox(o, k, s.profile, now, log)
	if a.shipping, err = newShipping(s, o, k, now, log); err != nil {
		k.close()
		return nil, err
	}
	a.box.deliver = func(p *pack.Pack, kind pack.TriggerKind) { _ = a.shipping.add(p, kind) } // the log says why not
	a.box.kept = a.shipping.kept
	o.delivery = a.shipping.numbers
	built := func(p *pack.Pack, took time.Duration) { a.api.Built(p, took) }
	a.box.built, a.shipping.built = built, built
	for _, f := range a.faults {
		log.Error("configuration fault, its default is used", "fault", f)
	}
	for _, w := range s.warnings() {
		log.Warn(w)
	}
	if _, n := s.lookAround(); n.Values+n.LeftOut > 0 {
		tellAround(log, n)
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
		Packs:    a.shipping,
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

// run is the agent's life until stop ends. Actors are added in the order in which they end: a trace first,
// then the looks, which leave a last pack, then the deliveries, which drain, then the files, then the API;
// the probes go last. The end of cut ends the waiting.
func (a *agent) run(stop, cut context.Context) error {
	signal.Ignore(syscall.SIGPIPE) // whoever read the log may be gone; that is no reason to end
	defer signal.Reset(syscall.SIGPIPE)
	var g rungroup.Group
	// Whatever ends the agent.
	{
		ctx, cancel := context.WithCancel(stop)
		g.Add(func() error { <-ctx.Done(); a.stopping.Store(true); return nil }, func(error) { cancel() })
	}
	// Traces.
	{
		done := make(chan struct{})
		ctx, cancel := context.WithCancel(context.Background())
		g.Add(func() error { defer close(done); a.observer.builder.RunTraces(ctx); return nil }, func(error) { cancel(); <-done })
	}
	// Looks at the relay.
	{
		done := make(chan struct{})
		ctx, cancel := context.WithCancel(context.Background())
		g.Add(func() error { defer close(done); return a.observe(ctx) }, func(error) { cancel(); <-done; a.box.finish() })
	}
	// Deliveries, which drain when the last pack is there.
	{
		done := make(chan struct{})
		ctx, cancel := context.WithCancel(context.Background())
		g.Add(func() error { defer close(done); return a.shipping.run(ctx) }, func(error) {
			grace, end := context.WithTimeout(cut, a.s.grace)
			defer end()
			a.shipping.drain(grace)
			cancel()
			<-done
		})
	}
	// Files that may change.
	{
		ctx, cancel := context.WithCancel(context.Background())
		g.Add(func() error {
			return pollFiles(ctx, a.s.files(), a.log, func() { a.observer.watchAround(a.log) }, func() { a.observer.secrets.add(a.s.knownValues()...) })
		}, func(error) { cancel() })
	}
	// The API.
	apiServer, err := a.apiServer()
	if err != nil {
		return failed("set up TLS: %w", err)
	}
	a.addServer(cut, &g, apiServer, a.s.listen, 0, a.s.grace)
	// The probes.
	a.addServer(cut, &g, web.Server(a.probes(), a.log), a.s.probeListen, 1, probeGrace)
	err = g.Run()
	a.keeper.close()
	a.log.Info("stopped")
	return err
}

// observe takes looks until ctx ends.
func (a *agent) observe(ctx context.Context) error {
	changes := newChangeLog(a.log, a.keeper.done.Life)
	a.turned()
	return a.observer.scraper.Run(ctx, func(s *scrape.Snapshot) {
		a.observer.meet(s)
		a.box.take(ctx, s)
		changes.note(s)
		a.api.Looked()
		a.turned()
		if !a.started.Swap(true) && a.onFirst != nil {
			a.onFirst()
		}
	})
}

func (a *agent) turned() { a.lastLook.Store(time.Now().UnixMilli()) }

// alive says whether the looks go on: one came within five intervals, whatever the relay does.
func (a *agent) alive() bool {
	since := time.Since(time.UnixMilli(a.lastLook.Load()))
	return since < 5*max(a.s.metricsInterval, a.s.debugInterval, a.s.scrapeTimeout)+time.Minute
}

// notReady says what keeps the agent from serving; nothing of it depends on the relay.
func (a *agent) notReady() []string {
	var why []string
	if a.stopping.Load() {
		why = append(why, "stopping")
	}
	why = append(why, a.faults...)
	if state := a.keeper.numbers(); a.s.stateDir != "" && a.keeper.store == nil {
		why = append(why, variableName("StateDir")+": "+state.Why+", recording goes on in memory")
	}
	if len(a.s.admin.values()) == 0 && !a.s.adminFault {
		why = append(why, variableName("AdminToken")+" is not set: the API answers 503, recording goes on")
	}
	if a.notUp[0].Load() {
		why = append(why, "cannot listen on "+a.s.listen)
	}
	return why
}
