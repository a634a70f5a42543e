package main

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/kelseyhightower/envconfig"
)

const envPrefix = "RELAYPACK"

// variables are the RELAYPACK_* variables as they were set, all of them texts: what they may be is
// validate.go's matter, so that all faults are told at once and none with a value that is secret.
// A field RelayURL is the variable RELAYPACK_RELAY_URL; the tags hold the defaults.
type variables struct {
	RelayURL       string `split_words:"true" default:"http://127.0.0.1:3001"`
	RelayCAFile    string `split_words:"true"`
	RelayToken     secret `split_words:"true"`
	RelayTokenFile string `split_words:"true"`
	RelayLoginFile string `split_words:"true"`
	Profile        string `split_words:"true" default:"okboxbox"`
	Environment    string `split_words:"true"`
	PodName        string `split_words:"true"`
	PodNamespace   string `split_words:"true"`
	NodeName       string `split_words:"true"`

	MetricsInterval string `split_words:"true" default:"15s"`
	DebugInterval   string `split_words:"true" default:"30s"`
	ScrapeTimeout   string `split_words:"true" default:"4s"`
	ScrapeMaxBytes  string `split_words:"true" default:"4MiB"`
	MetricsMaxBytes string `split_words:"true" default:"64MiB"`
	Process         string `split_words:"true" default:"auto"`

	Kubernetes         string `split_words:"true" default:"off"`
	RelayContainer     string `split_words:"true"`
	RelayMemoryLimit   string `split_words:"true" default:"0"`
	KubernetesLogLines string `split_words:"true" default:"0"`

	AdminToken      secret `split_words:"true"`
	AdminTokenFile  string `split_words:"true"`
	Listen          string `split_words:"true" default:"127.0.0.1:9731"`
	ProbeListen     string `split_words:"true" default:":9732"`
	Hosts           string `split_words:"true"`
	TLSCertFile     string `split_words:"true"`
	TLSKeyFile      string `split_words:"true"`
	TLSClientCAFile string `split_words:"true"`

	WindowEvents     string `split_words:"true" default:"500"`
	WindowAge        string `split_words:"true" default:"24h"`
	WindowBytes      string `split_words:"true" default:"1MiB"`
	History          string `split_words:"true" default:"1h"`
	PseudonymKey     secret `split_words:"true"`
	PseudonymKeyFile string `split_words:"true"`
	PackMaxBytes     string `split_words:"true" default:"8MiB"`

	RedactionPolicyFile string `split_words:"true"`
	SecretPaths         string `split_words:"true"`

	StateDir     string `split_words:"true"`
	PushURL      string `split_words:"true"`
	PushCAFile   string `split_words:"true"`
	PushInterval string `split_words:"true" default:"1h"`
	SpoolBytes   string `split_words:"true" default:"64MiB"`
	SpoolAge     string `split_words:"true" default:"168h"`
	Grace        string `split_words:"true" default:"25s"`
	LogLevel     string `split_words:"true" default:"info"`
	LogFormat    string `split_words:"true" default:"json"`
}

// environment serialises readVariables: envconfig reads the process's environment and nothing else.
var environment sync.Mutex

// readVariables reads env, a list of NAME=VALUE. An empty value counts as not set. unknown names the
// RELAYPACK_* variables that this version does not know: Kubernetes makes some by itself
// (RELAYPACK_SERVICE_HOST), so they are worth a warning and no more.
func readVariables(env []string) (v variables, unknown []string, err error) {
	environment.Lock()
	defer environment.Unlock()
	restore := exchange(env)
	defer restore()
	if err := envconfig.Process(envPrefix, &v); err != nil {
		return v, nil, fmt.Errorf("read the environment: a variable is not a text") // never envconfig's text: it quotes values
	}
	known := variableNames()
	for _, nv := range env {
		name, value, _ := strings.Cut(nv, "=")
		if strings.HasPrefix(name, envPrefix+"_") && value != "" && !slices.Contains(known, name) {
			unknown = append(unknown, name)
		}
	}
	return v, unknown, nil
}

// exchange makes the process's RELAYPACK_* variables those of env, until restore is called. When env
// is the process's own environment, as in main, nothing but empty variables changes.
func exchange(env []string) (restore func()) {
	prefixed := func(list []string) map[string]string {
		m := map[string]string{}
		for _, nv := range list {
			if name, value, ok := strings.Cut(nv, "="); ok && strings.HasPrefix(name, envPrefix+"_") {
				m[name] = value
			}
		}
		return m
	}
	before, wanted := prefixed(os.Environ()), prefixed(env)
	set := func(from, to map[string]string) {
		for name := range from {
			if _, keep := to[name]; !keep {
				os.Unsetenv(name)
			}
		}
		for name, value := range to {
			os.Setenv(name, value)
		}
	}
	for name, value := range wanted {
		if value == "" {
			delete(wanted, name) // so that the default counts
		}
	}
	set(before, wanted)
	return func() { set(wanted, before) }
}

// variableNames lists all variables, in the order of the struct.
func variableNames() []string {
	var names []string
	t := reflect.TypeFor[variables]()
	for i := range t.NumField() {
		names = append(names, variableName(t.Field(i).Name))
	}
	return names
}

// variableName turns RelayCAFile into RELAYPACK_RELAY_CA_FILE, as envconfig's split_words does.
func variableName(field string) string {
	var b strings.Builder
	b.WriteString(envPrefix + "_")
	for i, r := range field {
		upper := r >= 'A' && r <= 'Z'
		if i > 0 && upper {
			lowerBefore := field[i-1] >= 'a' && field[i-1] <= 'z'
			lowerAfter := i+1 < len(field) && field[i+1] >= 'a' && field[i+1] <= 'z'
			if lowerBefore || lowerAfter {
				b.WriteByte('_')
			}
		}
		b.WriteRune(r)
	}
	return strings.ToUpper(b.String())
}
