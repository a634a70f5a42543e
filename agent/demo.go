package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"relaypack/pack"
	"relaypack/scrape/profile"
)

const (
	demoInterval = time.Second
	demoLimit    = 1_000_000 // calls per 15 minutes that the demo's relay announces, so that the agent may look every second
)

// demoFlags say what the demo shows.
type demoFlags struct {
	once       bool
	crashEvery time.Duration // 0: never
	replay     string        // a folder; "": traffic is made up
}

func (p *program) demoFlags(args []string) (f demoFlags, err error) {
	fs := p.flags("demo")
	fs.BoolVar(&f.once, "once", false, "print one pack on stdout and exit")
	fs.DurationVar(&f.crashEvery, "crash-every", 0, "kill the relay so often; it comes back at once")
	fs.StringVar(&f.replay, "replay", "", "serve the captured answers of a `folder`, on their own clock")
	if err := p.parse(fs, args, 0, 0); err != nil {
		return f, err
	}
	given := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	switch {
	case given["crash-every"] && f.crashEvery < time.Second:
		err = errors.New("demo: --crash-every wants at least 1s")
	case given["crash-every"] && f.once:
		err = errors.New("demo: --once ends before --crash-every could do anything: give one of them")
	case given["crash-every"] && given["replay"]:
		err = errors.New("demo: --replay has one life, which --crash-every cannot begin again: give one of them")
	case given["replay"]:
		if st, statErr := os.Stat(f.replay); statErr != nil || !st.IsDir() {
			err = errors.New("demo: --replay wants a folder of captured answers")
		}
	}
	return f, err
}

// demo starts a made-up relay as a process of its own and the agent beside it, on free loopback ports.
func demo(ctx context.Context, p *program, args []string) error {
	flags, err := p.demoFlags(args)
	if err != nil {
		return err
	}
	log := p.demoLogger()
	ctx, cut, release := stopSignals(ctx, log)
	defer release()
	relay, err := startRelay(p, flags.replay)
	if err != nil {
		return failed("start the demo's relay: %w", err)
	}
	defer relay.stop()
	s, err := p.demoSettings(relay)
	if err != nil {
		return err
	}
	if flags.once {
		o, err := observe(s, relay.now)
		if err != nil {
			return err
		}
		told := p.progress(relay.now)
		told.look(ctx, o)
		return p.printPack(ctx, o, told, pack.Request{SessionID: relay.hello.Session, IncludeConfig: true})
	}
	a, err := newAgent(s, nil, relay.now, log)
	if err != nil {
		return err
	}
	told := p.progress(relay.now)
	a.onFirst = func() { // from then on the line that it prints gives a whole pack
		if told.w != nil {
			told.sources(a.observer.scraper.States(relay.now()))
		}
		p.tellDemo(s, relay)
	}
	if flags.crashEvery > 0 {
		go relay.crash(ctx, flags.crashEvery, log)
	}
	return a.run(ctx, cut)
}

// demoLogger is quieter than serve's: the demo has something to say on stdout. LOG_LEVEL and
// LOG_FORMAT are the only variables that count here.
func (p *program) demoLogger() *slog.Logger {
	s := &settings{logLevel: slog.LevelError, logText: true}
	if v, _, err := readVariables(p.env); err == nil {
		set, _ := validate(variables{LogLevel: v.LogLevel, LogFormat: v.LogFormat})
		if set != nil && p.variable(variableName("LogLevel")) != "" {
			s.logLevel = set.logLevel
		}
		if set != nil && p.variable(variableName("LogFormat")) != "" {
			s.logText = set.logText
		}
	}
	return p.logger(s)
}

// variable is what env says; "" when it says nothing.
func (p *program) variable(name string) string {
	for _, nv := range p.env {
		if value, ok := strings.CutPrefix(nv, name+"="); ok {
			return value
		}
	}
	return ""
}

// demoSettings are serve's defaults, less what the demo decides itself.
func (p *program) demoSettings(relay *relayProcess) (*settings, error) {
	v, _, err := readVariables(nil)
	if err != nil {
		return nil, err
	}
	listen, err := freeAddress()
	if err != nil {
		return nil, failed("find a free port: %w", err)
	}
	v.RelayURL = "http://" + relay.hello.Address
	v.RelayToken = secret(relay.hello.Bearer)
	v.AdminToken = secret(rand.Text())
	v.Listen, v.ProbeListen = listen, "127.0.0.1:0"
	v.MetricsInterval, v.DebugInterval = demoInterval.String(), demoInterval.String()
	v.Process = relay.process()
	s, err := validate(v)
	if err != nil {
		return nil, oneLine(err)
	}
	s.surround(p.env)
	if s.profile, err = profile.Load("okboxbox"); err != nil {
		return nil, err
	}
	return s, nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

func (p *program) tellDemo(s *settings, relay *relayProcess) {
	fmt.Fprintf(p.stdout, `A made-up relay runs on http://%s (process %d), the agent looks at it every second.

Page         http://%s/admin/ops
API          http://%s
admin token  %s
a session    %s

One pack, as a file:

  curl -sS -X POST http://%s/api/ops/support-pack \
    -H "Authorization: Bearer %s" \
    -H "Content-Type: application/json" \
    -d '{"sessionId": "%s", "includeConfig": true}' -o pack.json

Ctrl-C ends both.
`, relay.hello.Address, relay.hello.Pid, s.listen, s.listen, s.admin.first(), relay.hello.Session,
		s.listen, s.admin.first(), relay.hello.Session)
}
