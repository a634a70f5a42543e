package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"relaypack/agent/internal/known"
	"relaypack/pack"
	"relaypack/pack/redact"
	"relaypack/pack/ship"
	"relaypack/scrape"
	"relaypack/scrape/profile"
)

const (
	leastAdmin = 16  // characters of an admin token
	leastKey   = 16  // bytes of the pseudonym key
	maxLabel   = 253 // characters of a name in packs, as many as Kubernetes allows
)

// settings are the variables as they are used: parsed, checked, with their files read.
type settings struct {
	relayURL    string
	relayCAFile string
	dial        func(ctx context.Context, network, address string) (net.Conn, error) // to the relay; nil: the system's
	bearer      credential                                                           // for the relay
	login       *watchedFile
	profile     *profile.Profile
	environment string
	identity    pack.Identity

	metricsInterval, debugInterval, scrapeTimeout time.Duration
	scrapeMaxBytes, metricsMaxBytes               int64
	process                                       string
	memoryLimit                                   uint64                    // bytes, of the relay; 0: not known
	kubernetes                                    *scrape.KubernetesOptions // nil: the cluster is not asked

	admin                        credential // of the API; up to two lines of a file
	adminFault                   bool       // it was set, and cannot be used
	listen, probeListen          string
	hosts                        []string
	tlsCert, tlsKey, tlsClientCA string
	windowEvents, windowBytes    int
	windowAge, history, grace    time.Duration
	pseudonymKey                 []byte         // nil: made at the start
	pseudonymFile                *watchedFile   // of the key; nil: none. A key is for the whole life of what was named by it
	policy                       *redact.Policy // the operator's; nil: none
	policyFile                   *watchedFile
	withhold                     bool // the policy is faulty: no pack may leave
	secretPaths                  []string
	store                        string        // the scheme of PUSH_URL
	finder                       *known.Finder // of what stands around the agent; nil: nothing is looked for
	packMaxBytes                 int
	stateDir                     string      // "": memory only
	bucket                       ship.Bucket // nil: nothing is pushed
	pushInterval, spoolAge       time.Duration
	spoolBytes                   int64
	logLevel                     slog.Level
	logText                      bool
}

// checker turns variables into settings and collects every fault. A faulty variable leaves its default.
type checker struct {
	defaults variables
	faults   []error
}

// validate gives settings and all faults, joined. The settings are usable in any case: what is faulty
// stands on its default.
func validate(v variables) (*settings, error) {
	defaults, _, err := readVariables(nil)
	if err != nil {
		return nil, err
	}
	c := &checker{defaults: defaults}
	s := &settings{environment: c.label("Environment", v.Environment)}
	c.relay(s, v)
	c.looks(s, v)
	c.kubernetes(s, v, inPod())
	c.api(s, v)
	c.keeping(s, v)
	c.delivery(s, v)
	c.policy(s, v.RedactionPolicyFile)
	s.secretPaths = c.secretPaths(v.SecretPaths)
	c.logging(s, v)
	return s, errors.Join(c.faults...)
}

func (c *checker) relay(s *settings, v variables) {
	s.relayURL = v.RelayURL
	if why := relayURLFault(v.RelayURL); why != "" {
		c.fault("RelayURL", "%s", why)
		s.relayURL = c.defaults.RelayURL
	}
	s.relayCAFile = c.certificates("RelayCAFile", v.RelayCAFile)
	s.bearer = c.credential("RelayToken", v.RelayToken, v.RelayTokenFile, 1, 1)
	s.login = c.file("RelayLoginFile", v.RelayLoginFile)
	if s.login != nil {
		if _, _, err := parseLogin(s.login.get()); err != nil {
			c.fault("RelayLoginFile", "%v", err)
			s.login = nil
		}
	}
	s.profile = c.profile(v.Profile)
	host, _ := os.Hostname()
	s.identity = pack.Identity{Pod: c.label("PodName", v.PodName), Namespace: c.label("PodNamespace", v.PodNamespace),
		Node: c.label("NodeName", v.NodeName), Host: host}
	if s.identity.Pod == "" {
		s.identity.Pod = host
	}
}

// profile loads a built-in profile or a file.
func (c *checker) profile(name string) *profile.Profile {
	var err error
	if !slices.Contains(profile.Builtins(), name) {
		err = regular(name)
	}
	if err == nil {
		var p *profile.Profile
		if p, err = profile.Load(name); err == nil {
			return p
		}
	}
	if errors.Is(err, os.ErrNotExist) {
		err = fmt.Errorf("is neither a built-in profile (%s) nor the path of a file", strings.Join(profile.Builtins(), ", "))
	}
	c.faultsOf("Profile", err)
	p, _ := profile.Load(c.defaults.Profile)
	return p
}

func (c *checker) looks(s *settings, v variables) {
	s.metricsInterval = c.duration("MetricsInterval", v.MetricsInterval, c.defaults.MetricsInterval, time.Second, time.Hour)
	s.debugInterval = c.duration("DebugInterval", v.DebugInterval, c.defaults.DebugInterval, time.Second, time.Hour)
	s.scrapeTimeout = c.duration("ScrapeTimeout", v.ScrapeTimeout, c.defaults.ScrapeTimeout, 100*time.Millisecond, time.Minute)
	s.scrapeMaxBytes = c.bytes("ScrapeMaxBytes", v.ScrapeMaxBytes, c.defaults.ScrapeMaxBytes, 64<<10, 256<<20)
	s.metricsMaxBytes = c.bytes("MetricsMaxBytes", v.MetricsMaxBytes, c.defaults.MetricsMaxBytes, 64<<10, 1<<30)
	s.memoryLimit = uint64(c.bytes("RelayMemoryLimit", v.RelayMemoryLimit, c.defaults.RelayMemoryLimit, 0, 1<<50))
	s.process = v.Process
	if why := processFault(v.Process); why != "" {
		c.fault("Process", "%s", why)
		s.process = c.defaults.Process
	}
}

func (c *checker) api(s *settings, v variables) {
	before := len(c.faults)
	s.admin = c.credential("AdminToken", v.AdminToken, v.AdminTokenFile, leastAdmin, 2)
	s.adminFault = len(c.faults) > before
	s.listen, s.probeListen = c.listeners(v.Listen, v.ProbeListen)
	s.hosts = c.hosts(v.Hosts)
	c.tls(s, v)
}

func (c *checker) keeping(s *settings, v variables) {
	s.windowEvents = c.number("WindowEvents", v.WindowEvents, c.defaults.WindowEvents, 1, 100_000)
	s.windowAge = c.duration("WindowAge", v.WindowAge, c.defaults.WindowAge, time.Minute, 30*24*time.Hour)
	s.windowBytes = int(c.bytes("WindowBytes", v.WindowBytes, c.defaults.WindowBytes, 16<<10, 1<<30))
	s.history = c.duration("History", v.History, c.defaults.History, time.Minute, 7*24*time.Hour)
	s.packMaxBytes = int(c.bytes("PackMaxBytes", v.PackMaxBytes, c.defaults.PackMaxBytes, pack.MinBytes, 1<<30))
	s.grace = c.duration("Grace", v.Grace, c.defaults.Grace, 0, 10*time.Minute)
	key := c.credential("PseudonymKey", v.PseudonymKey, v.PseudonymKeyFile, leastKey, 1)
	if values := key.values(); len(values) > 0 {
		s.pseudonymKey = []byte(values[0].reveal())
	}
	if s.pseudonymFile = key.file; key.file != nil {
		key.file.atStart = true
	}
}

func (c *checker) logging(s *settings, v variables) {
	if err := s.logLevel.UnmarshalText([]byte(v.LogLevel)); err != nil {
		c.fault("LogLevel", "wants debug, info, warn or error")
	}
	switch v.LogFormat {
	case "json":
	case "text":
		s.logText = true
	default:
		c.fault("LogFormat", "wants json or text")
	}
}

func processFault(text string) string {
	kind, rest, _ := strings.Cut(text, ":")
	switch kind {
	case "auto", "off":
		if rest == "" && !strings.Contains(text, ":") {
			return ""
		}
	case "pid":
		if n, err := strconv.ParseInt(rest, 10, 32); err == nil && n > 0 {
			return ""
		}
		return "pid: wants a process id above 0"
	case "name":
		if _, err := regexp.Compile(rest); err == nil && rest != "" {
			return ""
		}
		return "name: wants a regular expression (RE2) for the command line"
	}
	return "wants auto, pid:N, name:REGEXP or off"
}

// label checks a name that packs will show.
func (c *checker) label(field, text string) string {
	if utf8.ValidString(text) && utf8.RuneCountInString(text) <= maxLabel && !strings.ContainsFunc(text, unprintable) {
		return text
	}
	c.fault(field, "wants at most %d printable characters", maxLabel)
	return ""
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) || unicode.Is(unicode.Bidi_Control, r) }

func (c *checker) duration(field, text, fallback string, least, most time.Duration) time.Duration {
	d, err := time.ParseDuration(text)
	if err == nil && d >= least && d <= most {
		return d
	}
	c.fault(field, "wants a duration between %v and %v, such as %s", least, most, fallback)
	d, _ = time.ParseDuration(fallback)
	return d
}

func (c *checker) number(field, text, fallback string, least, most int) int {
	n, err := strconv.Atoi(text)
	if err == nil && n >= least && n <= most {
		return n
	}
	c.fault(field, "wants a whole number between %d and %d", least, most)
	n, _ = strconv.Atoi(fallback)
	return n
}

func (c *checker) bytes(field, text, fallback string, least, most int64) int64 {
	n, ok := parseBytes(text)
	if ok && n >= least && n <= most {
		return n
	}
	c.fault(field, "wants a size between %s and %s, such as %s", showBytes(least), showBytes(most), fallback)
	n, _ = parseBytes(fallback)
	return n
}

var byteUnits = []struct {
	name string
	size int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}, {"B", 1}, {"", 1}}

func parseBytes(text string) (int64, bool) {
	for _, u := range byteUnits {
		if digits, ok := strings.CutSuffix(text, u.name); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
			return n * u.size, err == nil && n >= 0 && n <= (1<<62)/u.size
		}
	}
	return 0, false
}

func showBytes(n int64) string {
	for _, u := range byteUnits[:3] {
		if n%u.size == 0 {
			return strconv.FormatInt(n/u.size, 10) + u.name
		}
	}
	return strconv.FormatInt(n, 10)
}
