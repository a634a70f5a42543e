package scrape

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"relaypack/scrape/profile"
)

// Options says which relay a Scraper looks at, and how. Profile and URL are needed; the zero value
// of everything else has the meaning that stands beside it.
type Options struct {
	Profile *profile.Profile
	URL     string // base of the relay, http or https, may have a path; no userinfo, query or fragment

	CAFile  string         // PEM file of the CA for https; "": the system's
	RootCAs *x509.CertPool // instead of CAFile

	Bearer   func() string                                                     // the configured bearer as it is now, "" none; nil: none
	Login    func() (email, password string, ok bool)                          // the account as it is now; nil: none
	Obtained func(bearer, renewal string)                                      // told what a login gave, before it is used; nil: not told
	Now      func() time.Time                                                  // wall clock for stamps; nil: time.Now. Budgets and ages use the monotonic clock.
	Dial     func(ctx context.Context, network, addr string) (net.Conn, error) // nil: net.Dialer

	MetricsInterval time.Duration // 0: 15 s
	DebugInterval   time.Duration // 0: 30 s; stretched when the relay's limit wants it (Self says to what)
	Timeout         time.Duration // per source; 0: 4 s
	MaxBytes        int64         // of a JSON answer; 0: 4 MiB
	MetricsMaxBytes int64         // of an exposition page; 0: 64 MiB

	Kubernetes *KubernetesOptions // nil: the cluster is not asked

	Process     string // auto, pid:N, name:REGEXP or off; "": off
	MemoryLimit uint64 // bytes that the relay's container may have, where only the configuration knows it; 0: unknown
	ProcPath    string // where the process table is; "": /proc
	Seen        *Seen  // nil: one of its own
	Last        Life   // the relay's last life that an agent before has seen; N is 0 for none
	UserAgent   string // "": relaypack
}

// ProcessSource and LoginSource are the names under which the process and the login of an account
// stand among the sources' states; the login only once it was tried.
const (
	ProcessSource = "process"
	LoginSource   = "login"
)

// Scraper looks at one relay. Its methods may be called from several goroutines: looks come one
// after the other, and so do calls with the bearer.
type Scraper struct {
	opt    Options
	target Target
	addr   string
	wire   *wire
	dial   dialFunc
	finder *finder
	kube   *kube // nil: the cluster is not asked

	states  *board
	budget  *budget
	gate    *gate
	holds   *holds
	account *account
	lives   *lives
	self    *tally

	looking  semaphore        // one look at a time
	glancing semaphore        // one glance at port and process at a time
	pages    map[string]*page // by metrics source; of the look that is being taken
	pace     pace
	opened   chan struct{} // one place: the port opened
	line     semaphore     // one call of gate, login or bearer at a time

	mu        sync.Mutex
	started   map[string]int // by source that is read once per life: the life in which it was
	retried   map[string]time.Time
	abandoned map[string]bool   // metrics sources whose last read was given up
	rates     map[string]*rates // by metrics source
	bursts    int               // so far
	turned    map[string]int    // by source: the burst in which it had its last turn
	idsOnly   bool              // the last burst did not get past the sources that list ids
	perBurst  int               // anonymous calls of the last burst

	lastMetrics, lastDebug time.Time // monotonic; when these looks began
	burstIn                int       // the life of the last burst
}

// semaphore of one place. Unlike a mutex it is served in order, gives up with a context, and lets
// false time pass in tests.
type semaphore chan struct{}

func newSemaphore() semaphore { return make(semaphore, 1) }

func (s semaphore) take(ctx context.Context) error {
	select {
	case s <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s semaphore) give() { <-s }

// New checks the options and makes a Scraper, which does nothing by itself: see Look and Run. All
// faults of the options are told at once; none quotes a value.
func New(opt Options) (*Scraper, error) {
	opt.fill()
	base, err := checkURL(opt.URL)
	faults := []error{err}
	if opt.Profile == nil {
		faults = append(faults, errors.New("profile: none given"))
	}
	roots := opt.RootCAs
	if roots == nil && opt.CAFile != "" {
		roots, err = readCA(opt.CAFile)
		faults = append(faults, err)
	}
	finder, err := newFinder(opt.Process, opt.ProcPath)
	faults = append(faults, err)
	if opt.Kubernetes != nil {
		faults = append(faults, opt.Kubernetes.check())
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	s := &Scraper{
		opt: opt, target: targetOf(base), dial: opt.Dial, finder: finder,
		budget: newBudget(opt.Profile.Budget), gate: &gate{rule: opt.Profile.Gate}, holds: newHolds(),
		account: &account{configured: opt.Bearer, login: opt.Login, obtained: opt.Obtained, rule: opt.Profile.Login},
		rates:   map[string]*rates{}, pages: map[string]*page{}, self: &tally{},
		opened: make(chan struct{}, 1), looking: newSemaphore(), glancing: newSemaphore(), line: newSemaphore(),
		started: map[string]int{}, retried: map[string]time.Time{}, abandoned: map[string]bool{}, turned: map[string]int{}, perBurst: 1,
	}
	s.addr = net.JoinHostPort(s.target.Host, strconv.Itoa(s.target.Port))
	s.wire = newWire(base, roots, s.dial, opt.UserAgent)
	s.kube = newKube(opt.Kubernetes, opt.UserAgent)
	s.states = newBoard(opt.Now, s.sourceNames())
	s.lives = newLives(opt.Now, opt.Last)
	finder.podLimit.Store(opt.MemoryLimit)
	finder.relay(opt.Profile.Relay.Process, s.target)
	finder.resume(opt.Last)
	return s, nil
}

func (o *Options) fill() {
	def := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	def(&o.MetricsInterval, 15*time.Second)
	def(&o.DebugInterval, 30*time.Second)
	def(&o.Timeout, 4*time.Second)
	if o.MaxBytes <= 0 {
		o.MaxBytes = 4 << 20
	}
	if o.MetricsMaxBytes <= 0 {
		o.MetricsMaxBytes = 64 << 20
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{}).DialContext
	}
	if o.Bearer == nil {
		o.Bearer = func() string { return "" }
	}
	if o.Login == nil {
		o.Login = func() (string, string, bool) { return "", "", false }
	}
	if o.Process == "" {
		o.Process = "off"
	}
	if o.Seen == nil {
		o.Seen = NewSeen()
	}
	if o.UserAgent == "" {
		o.UserAgent = "relaypack"
	}
}

// checkURL reads the base. Its errors do not quote it: it may hold a password.
func checkURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return nil, errors.New("relay url: want http://HOST:PORT or https://HOST:PORT")
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		return nil, errors.New("relay url: no user, query or fragment is allowed in it")
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.RawPath, "/")
	return u, nil
}

func targetOf(base *url.URL) Target {
	port, err := strconv.Atoi(base.Port())
	if err != nil {
		port = map[string]int{"http": 80, "https": 443}[base.Scheme]
	}
	return Target{Host: base.Hostname(), Port: port}
}

func readCA(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read relay ca: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("read relay ca: no certificate in the file")
	}
	return pool, nil
}

// sourceNames lists everything that has a state.
func (s *Scraper) sourceNames() []string {
	names := []string{ProcessSource}
	for _, src := range s.opt.Profile.Sources {
		names = append(names, src.Name)
	}
	return append(names, s.kube.names()...)
}

// Seen is the set of raw session ids that the relay listed.
func (s *Scraper) Seen() *Seen { return s.opt.Seen }

// Life is the relay's current or last life.
func (s *Scraper) Life() Life { life, _ := s.lives.current(); return life }

// Self counts what the Scraper itself did, since it was made.
func (s *Scraper) Self() Self {
	self := s.self.read()
	self.Refused = s.budget.refusals()
	self.DebugInterval = s.debugInterval()
	return self
}

// States says how every source stands at now. A source that was ok but was not read for three of its
// intervals is stale.
func (s *Scraper) States(now time.Time) map[string]State {
	all := s.states.all()
	for name, st := range all {
		every := s.intervalOf(name)
		if st.Status == OK && every > 0 && now.Sub(st.LastOK) > 3*every {
			st.Status, st.Since = Stale, st.LastOK.Add(3*every)
			all[name] = st
		}
	}
	return all
}

// intervalOf is how often a source is read, 0 for those that no clock reads.
func (s *Scraper) intervalOf(name string) time.Duration {
	if name == ProcessSource {
		return s.opt.MetricsInterval
	}
	if name == KubernetesSource {
		return podInterval
	}
	src := s.opt.Profile.Source(name)
	if src == nil {
		return 0
	}
	switch src.Every {
	case profile.EveryMetrics:
		return s.opt.MetricsInterval
	case profile.EveryDebug, profile.EveryGate:
		return s.debugInterval()
	}
	return 0
}

// debugInterval is the configured one, stretched when the anonymous calls of a burst would else use
// up what the relay allows.
func (s *Scraper) debugInterval() time.Duration {
	s.mu.Lock()
	per := s.perBurst
	s.mu.Unlock()
	return s.budget.stretch(s.opt.DebugInterval, per)
}
