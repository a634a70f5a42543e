package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"github.com/shirou/gopsutil/v3/process"

	"relaypack/pack"
	"relaypack/pack/redact"
	"relaypack/pack/verify"
	"relaypack/scrape"
	"relaypack/scrape/profile"
)

// observer is the agent's inside: from the relay to the pack, without any server.
type observer struct {
	scraper  *scrape.Scraper
	recorder *pack.Recorder
	builder  *pack.Builder
	secrets  *secrets
	self     func() pack.SelfNumbers
}

// observe wires one relay's scraper, recorder and builder. now is the clock for stamps; nil: time.Now.
func observe(s *settings, now func() time.Time) (*observer, error) {
	held := &secrets{}
	key := s.pseudonymKey
	if key == nil {
		key = make([]byte, 32)
		rand.Read(key)
	}
	seen, learned := scrape.NewSeen(), pack.NewLearned()
	known := func(word []byte) bool { return seen.Known(word) || learned.Known(word) }
	redactor, err := redact.New(redact.Options{Key: key, IDs: idKinds(s.profile), Known: known, Learn: learned.Learn})
	if err != nil {
		return nil, fmt.Errorf("make the redactor: %w", err)
	}
	detector := verify.New(verify.Options{Known: known})
	held.known = func(values [][]byte) error { detector.SetValues(values); return redactor.SetValues(values) }
	held.add(s.knownValues()...)
	scraper, err := scrape.New(scrape.Options{
		Profile: s.profile, URL: s.relayURL, CAFile: s.relayCAFile,
		Bearer: s.bearer.first, Login: s.account(), Obtained: held.obtained, Now: now,
		MetricsInterval: s.metricsInterval, DebugInterval: s.debugInterval, Timeout: s.scrapeTimeout,
		MaxBytes: s.scrapeMaxBytes, MetricsMaxBytes: s.metricsMaxBytes, Process: s.process, Seen: seen,
		UserAgent: programName + "/" + build().version,
	})
	if err != nil {
		return nil, fmt.Errorf("make the scraper: %w", err)
	}
	states := func() map[string]scrape.State {
		if now == nil {
			return scraper.States(time.Now())
		}
		return scraper.States(now())
	}
	recorder, err := pack.NewRecorder(pack.RecorderOptions{
		Profile: s.profile, Redactor: redactor, Learned: learned, WindowEvents: s.windowEvents, WindowAge: s.windowAge,
		WindowBytes: s.windowBytes, History: s.history, MetricsInterval: s.metricsInterval,
		Environment: s.environment, Identity: s.identity, Now: now, States: states,
	})
	if err != nil {
		return nil, fmt.Errorf("make the recorder: %w", err)
	}
	self := selfNumbers()
	builder, err := pack.NewBuilder(pack.BuilderOptions{
		Recorder: recorder, Redactor: redactor, Asker: scraper, MaxBytes: s.packMaxBytes, Now: now,
		Detector:  detector,
		Generator: pack.Generator{Name: programName, Version: build().version, Commit: build().commit},
		Self:      self,
	})
	if err != nil {
		return nil, fmt.Errorf("make the builder: %w", err)
	}
	return &observer{scraper, recorder, builder, held, self}, nil
}

// look takes one look and keeps it.
func (o *observer) look(ctx context.Context) { o.recorder.Record(o.scraper.Look(ctx)) }

// idKinds gives the profile's identifiers to the redactor.
func idKinds(p *profile.Profile) []redact.IDKind {
	var kinds []redact.IDKind
	for _, k := range p.IDs {
		kinds = append(kinds, redact.IDKind{Kind: k.Kind, Fields: k.Fields, Shapes: k.Shapes})
	}
	return kinds
}

// account is the login of the relay's account, as its file says at that moment; nil without one.
func (s *settings) account() func() (email, password string, ok bool) {
	if s.login == nil {
		return nil
	}
	return func() (string, string, bool) {
		email, password, err := parseLogin(s.login.get())
		return email, password, err == nil
	}
}

const programName = "relaypack"

// buildNumbers say what was built.
type buildNumbers struct{ version, commit, goVersion string }

// build reads what the Go tool stamped into the binary.
func build() buildNumbers {
	b := buildNumbers{version: "devel"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.goVersion = info.GoVersion
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.version = v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			b.commit = s.Value
		}
	}
	return b
}

// selfNumbers reads the agent's own cost.
func selfNumbers() func() pack.SelfNumbers {
	started := time.Now()
	me, err := process.NewProcess(int32(os.Getpid()))
	return func() pack.SelfNumbers {
		n := pack.SelfNumbers{StartedAt: started}
		if err != nil {
			return n
		}
		if t, err := me.Times(); err == nil {
			n.CPUUser = time.Duration(t.User * float64(time.Second))
			n.CPUSystem = time.Duration(t.System * float64(time.Second))
		}
		if m, err := me.MemoryInfo(); err == nil {
			n.RSS = m.RSS
		}
		return n
	}
}
