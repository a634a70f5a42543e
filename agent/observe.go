package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"github.com/shirou/gopsutil/v3/process"

	"relaypack/pack"
	"relaypack/pack/incident"
	"relaypack/pack/redact"
	"relaypack/pack/verify"
	"relaypack/scrape"
	"relaypack/scrape/profile"
)

// observer is the agent's inside: from the relay to the pack, without any server.
type observer struct {
	s        *settings
	scraper  *scrape.Scraper
	recorder *pack.Recorder
	builder  *pack.Builder
	engine   *incident.Engine
	delivery func() pack.DeliveryNumbers // nil: nothing is delivered
	secrets  *secrets
	self     func() pack.SelfNumbers
}

// observe wires one relay's scraper, recorder, builder and judge of incidents, all in memory. now is the
// clock for stamps; nil: time.Now.
func observe(s *settings, now func() time.Time) (*observer, error) {
	return observeOn(&keeper{why: noFolder}, s, now)
}

// observeOn does so and goes on where the agent before has ended, as far as that was kept.
func observeOn(k *keeper, s *settings, now func() time.Time) (*observer, error) {
	if now == nil {
		now = time.Now
	}
	c, err := newCleaning(s, k)
	if err != nil {
		return nil, err
	}
	o := &observer{s: s, secrets: c.held, self: selfNumbers()}
	states := func() map[string]scrape.State { return o.scraper.States(now()) }
	o.recorder, err = pack.NewRecorder(pack.RecorderOptions{
		Profile: s.profile, Redactor: c.redactor, Learned: c.learned, WindowEvents: s.windowEvents, WindowAge: s.windowAge,
		WindowBytes: s.windowBytes, History: s.history, MetricsInterval: s.metricsInterval,
		Environment: s.environment, Identity: s.identity, Now: now, States: states, Durable: k.store != nil,
	})
	if err != nil {
		return nil, fmt.Errorf("make the recorder: %w", err)
	}
	k.restore(o.recorder)
	o.engine = incident.New(s.profile.Incidents, incident.Options{Now: now, MaxAge: incidentAge(s), Last: k.done.Life, WasUp: k.done.WasUp})
	if err := o.engine.Restore(k.engine); err != nil && len(k.engine) > 0 {
		k.log.Warn("what was known of incidents could not be used", "reason", err.Error())
	}
	looks := s.looks(c.held.obtained)
	looks.Now, looks.Seen, looks.Last = now, c.seen, k.done.Life
	if o.scraper, err = scrape.New(looks); err != nil {
		return nil, fmt.Errorf("make the scraper: %w", err)
	}
	o.builder, err = pack.NewBuilder(pack.BuilderOptions{
		Recorder: o.recorder, Redactor: c.redactor, Asker: o.scraper, MaxBytes: s.packMaxBytes, Now: now,
		Detector:  c.detector,
		Generator: pack.Generator{Name: programName, Version: build().version, Commit: build().commit},
		Self:      o.self, Incidents: o.engine.AppendRecords, Rules: o.rules, State: k.numbers, Delivery: o.deliveries,
	})
	if err != nil {
		return nil, fmt.Errorf("make the builder: %w", err)
	}
	return o, nil
}

// looks is how the relay is looked at. obtained is told each bearer before it is used: what a login gave,
// and the one that Kubernetes mounts.
func (s *settings) looks(obtained func(bearer, renewal string)) scrape.Options {
	o := scrape.Options{
		Profile: s.profile, URL: s.relayURL, CAFile: s.relayCAFile, Dial: s.dial,
		Bearer: s.bearer.first, Login: s.account(), Obtained: obtained,
		MetricsInterval: s.metricsInterval, DebugInterval: s.debugInterval, Timeout: s.scrapeTimeout,
		MaxBytes: s.scrapeMaxBytes, MetricsMaxBytes: s.metricsMaxBytes, Process: s.process, MemoryLimit: s.memoryLimit,
		UserAgent: programName + "/" + build().version,
	}
	if s.kubernetes != nil {
		pod := *s.kubernetes
		pod.Obtained = func(bearer string) { obtained(bearer, "") }
		o.Kubernetes = &pod
	}
	return o
}

func (o *observer) rules(dst []byte) []byte {
	text, err := json.Marshal(o.engine.Summary())
	if err != nil { // numbers and names of the profile always encode
		return append(dst, "null"...)
	}
	return append(dst, text...)
}

func (o *observer) deliveries() pack.DeliveryNumbers {
	if o.delivery == nil {
		return pack.DeliveryNumbers{}
	}
	return o.delivery()
}

// incidentAge is how old a reading may be for the rules: what comes once in an interval may be late.
func incidentAge(s *settings) time.Duration {
	return max(2*time.Minute, 3*max(s.metricsInterval, s.debugInterval))
}

// cleaning is what keeps the relay's secrets and the agent's own out of packs.
type cleaning struct {
	redactor *redact.Redactor
	detector *verify.Detector
	seen     *scrape.Seen
	learned  *pack.Learned
	held     *secrets
}

// newCleaning makes redactor and detector, which know the same ids and secrets. The key of the names is
// the one that is set, else the one of the state folder, else one for this run.
func newCleaning(s *settings, k *keeper) (*cleaning, error) {
	key := s.pseudonymKey
	if key == nil {
		key = k.key()
	}
	if key == nil {
		key = make([]byte, 32)
		rand.Read(key)
	}
	c := &cleaning{seen: scrape.NewSeen(), learned: pack.NewLearned(), held: &secrets{}}
	known := func(word []byte) bool { return c.seen.Known(word) || c.learned.Known(word) }
	var err error
	c.redactor, err = redact.New(redact.Options{Key: key, IDs: idKinds(s.profile), Known: known, Learn: c.learned.Learn, Policy: s.policy})
	if err != nil {
		return nil, fmt.Errorf("make the redactor: %w", err)
	}
	c.detector = verify.New(verify.Options{Known: known})
	c.held.known = func(values [][]byte) error {
		c.detector.SetValues(s.detectable(values))
		return c.redactor.SetValues(values)
	}
	c.held.inUse = func() [][]byte { return append(s.knownValues(), key) }
	around, _ := s.lookAround()
	c.held.around(around)
	c.held.add(c.held.inUse()...)
	return c, nil
}

// look takes one look and keeps it.
func (o *observer) look(ctx context.Context) {
	snap := o.scraper.Look(ctx)
	o.meet(snap)
	o.recorder.Record(snap)
}

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

// The linker sets them where the sources come without their history, as into an image:
// -X main.stampedVersion=1.2.3 -X main.stampedCommit=a36d33c.
var stampedVersion, stampedCommit string

// build reads what the linker or the Go tool stamped into the binary.
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
	b.version, b.commit = cmp.Or(stampedVersion, b.version), cmp.Or(stampedCommit, b.commit)
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
