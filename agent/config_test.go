package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"relaypack/agent/internal/fixture"
)

// variableCases has good and bad values of every variable; want is the member of settings that a good
// value reaches, as fmt shows it. FILE, LOGIN, EMPTY, SHORT, LONG, BIG, CERT, PRIVATE, OTHER, POLICY, CROWDED and ABSENT stand for paths.
var variableCases = []struct {
	name string // without the prefix
	good []goodValue
	bad  []string
}{
	{"RELAY_URL", []goodValue{{"http://10.0.0.7:3001", func(s *settings) any { return s.relayURL }, "http://10.0.0.7:3001"},
		{"https://relay.internal/base", func(s *settings) any { return s.relayURL }, "https://relay.internal/base"}},
		[]string{"10.0.0.7:3001", "ftp://x", "http://", "http://u:p@x", "http://x?a=b", "http://x?", "http://x#y", "http://\x7f", "//x", "http://x:0", "http://x:65536", "http://x:99999999999999999999"}},
	{"RELAY_CA_FILE", []goodValue{{"CERT", func(s *settings) any { return s.relayCAFile }, "CERT"}}, []string{"ABSENT", "BIG", "FILE", "EMPTY", "PRIVATE"}},
	{"RELAY_TOKEN", []goodValue{{"x", func(s *settings) any { return s.bearer.first() }, "x"}}, []string{"a b", "a\tb", "ü", strings.Repeat("x", 8193)}},
	{"RELAY_TOKEN_FILE", []goodValue{{"FILE", func(s *settings) any { return s.bearer.first() }, adminBearer}}, []string{"ABSENT", "EMPTY", "BIG", "LONG"}},
	{"RELAY_LOGIN_FILE", []goodValue{{"LOGIN", func(s *settings) any { return string(s.login.get()[:8]) }, `{"email"`}}, []string{"ABSENT", "EMPTY", "BIG", "FILE"}},
	{"PROFILE", []goodValue{{"generic", func(s *settings) any { return s.profile.Name }, "generic"}}, []string{"ABSENT", "FILE", "nowhere"}},
	{"ENVIRONMENT", []goodValue{{"staging-3", func(s *settings) any { return s.environment }, "staging-3"}}, []string{strings.Repeat("x", 254), "a\nb", "a\u202eb", "a\xff"}},
	{"POD_NAME", []goodValue{{"p-0", func(s *settings) any { return s.identity.Pod }, "p-0"}}, []string{"a\x1b[2J"}},
	{"POD_NAMESPACE", []goodValue{{"ns", func(s *settings) any { return s.identity.Namespace }, "ns"}}, []string{"a\x1b[2J"}},
	{"NODE_NAME", []goodValue{{"n1", func(s *settings) any { return s.identity.Node }, "n1"}}, []string{"a\x1b[2J"}},
	{"METRICS_INTERVAL", []goodValue{{"1s", func(s *settings) any { return s.metricsInterval }, "1s"}, {"1h", func(s *settings) any { return s.metricsInterval }, "1h0m0s"}},
		[]string{"999ms", "3601s", "15", "soon", "-15s"}},
	{"DEBUG_INTERVAL", []goodValue{{"45s", func(s *settings) any { return s.debugInterval }, "45s"}}, []string{"0", "61m", "x"}},
	{"SCRAPE_TIMEOUT", []goodValue{{"100ms", func(s *settings) any { return s.scrapeTimeout }, "100ms"}}, []string{"99ms", "61s", "4"}},
	{"SCRAPE_MAX_BYTES", []goodValue{{"64KiB", func(s *settings) any { return s.scrapeMaxBytes }, "65536"}, {"1000000", func(s *settings) any { return s.scrapeMaxBytes }, "1000000"},
		{"2 MB", func(s *settings) any { return s.scrapeMaxBytes }, "2000000"}}, []string{"63KiB", "257MiB", "4Mib", "-1MiB", "9223372036854775807GiB", "MiB"}},
	{"METRICS_MAX_BYTES", []goodValue{{"1GiB", func(s *settings) any { return s.metricsMaxBytes }, "1073741824"}}, []string{"1025MiB", "1kB", "much"}},
	{"PROCESS", []goodValue{{"off", func(s *settings) any { return s.process }, "off"}, {"pid:12", func(s *settings) any { return s.process }, "pid:12"},
		{"name:node .*index", func(s *settings) any { return s.process }, "name:node .*index"}},
		[]string{"auto:", "off:x", "pid:0", "pid:-1", "pid:x", "pid:99999999999", "name:", "name:(", "guess"}},
	// What these do when they are on, kubernetes_test.go shows in the shape of a pod.
	{"KUBERNETES", []goodValue{{"off", func(s *settings) any { return s.kubernetes }, "<nil>"}}, []string{"yes", "ON", "true"}},
	{"RELAY_MEMORY_LIMIT", []goodValue{{"134217728", func(s *settings) any { return s.memoryLimit }, "134217728"}, {"1GiB", func(s *settings) any { return s.memoryLimit }, "1073741824"}}, []string{"-1", "lots", "128Mi"}},
	{"RELAY_CONTAINER", []goodValue{{"relay-1", func(s *settings) any { return s.kubernetes }, "<nil>"}}, []string{"Relay", "a/b", "-a", ".", strings.Repeat("x", 254)}},
	{"KUBERNETES_LOG_LINES", []goodValue{{"200", func(s *settings) any { return s.kubernetes }, "<nil>"}}, []string{"-1", "201", "all"}},
	{"ADMIN_TOKEN", []goodValue{{"0123456789abcdef", func(s *settings) any { return s.admin.first() }, "0123456789abcdef"}}, []string{"0123456789abcde", "0123456789 abcdef"}},
	{"ADMIN_TOKEN_FILE", []goodValue{{"FILE", func(s *settings) any { return s.admin.first() }, adminBearer}}, []string{"ABSENT", "EMPTY", "BIG", "SHORT", "LONG"}},
	{"LISTEN", []goodValue{{":1", func(s *settings) any { return s.listen }, ":1"}, {"[::1]:65535", func(s *settings) any { return s.listen }, "[::1]:65535"}},
		[]string{"localhost", "1:2:3", ":65536", ":-1", ":http", "nowhere"}},
	{"PROBE_LISTEN", []goodValue{{"0.0.0.0:80", func(s *settings) any { return s.probeListen }, "0.0.0.0:80"}}, []string{"9732", ":x"}},
	{"HOSTS", []goodValue{{"a.example, b.example,", func(s *settings) any { return s.hosts }, "[a.example b.example]"}}, []string{"http://x", "x:1", "*.x", "a b"}},
	{"WINDOW_EVENTS", []goodValue{{"1", func(s *settings) any { return s.windowEvents }, "1"}, {"100000", func(s *settings) any { return s.windowEvents }, "100000"}},
		[]string{"0", "100001", "-1", "1.5", "many"}},
	{"WINDOW_AGE", []goodValue{{"720h", func(s *settings) any { return s.windowAge }, "720h0m0s"}}, []string{"59s", "721h", "1d"}},
	{"WINDOW_BYTES", []goodValue{{"16KiB", func(s *settings) any { return s.windowBytes }, "16384"}}, []string{"15KiB", "2GiB"}},
	{"HISTORY", []goodValue{{"168h", func(s *settings) any { return s.history }, "168h0m0s"}}, []string{"59s", "169h", "-1h"}},
	{"PSEUDONYM_KEY", []goodValue{{"0123456789abcdef", func(s *settings) any { return string(s.pseudonymKey) }, "0123456789abcdef"}}, []string{"0123456789abcde"}},
	{"PSEUDONYM_KEY_FILE", []goodValue{{"FILE", func(s *settings) any { return string(s.pseudonymKey) }, adminBearer}}, []string{"ABSENT", "EMPTY", "SHORT", "LONG"}},
	{"REDACTION_POLICY_FILE", []goodValue{{"POLICY", func(s *settings) any { return len(s.policy.Exceptions()) }, "1"}}, []string{"ABSENT", "BIG", "EMPTY", "FILE", "CROWDED"}},
	{"SECRET_PATHS", []goodValue{{"/a, /b/c,", func(s *settings) any { return s.secretPaths }, "[/a /b/c]"}}, []string{"a", "./a, "}},
	{"PACK_MAX_BYTES", []goodValue{{"64KiB", func(s *settings) any { return s.packMaxBytes }, "65536"}}, []string{"65535", "2GiB"}},
	{"STATE_DIR", []goodValue{{"FOLDER", func(s *settings) any { return s.stateDir }, "FOLDER"}, {"FOLDER/new", func(s *settings) any { return s.stateDir }, "FOLDER/new"}}, nil},
	{"PUSH_URL", []goodValue{{"file:///x", func(s *settings) any { return fmt.Sprint(s.bucket) }, "file:///x"}, {"s3://evidence/relay?region=eu-central-1", func(s *settings) any { return fmt.Sprint(s.bucket) }, "s3://evidence/relay"}},
		[]string{"x", "ftp://x", "s3://", "s3://u:p@x/y", "s3://b/p?unheard=1", "\x7f"}},
	{"PUSH_CA_FILE", []goodValue{{"CERT", func(s *settings) any { return fmt.Sprint(s.bucket) }, "<nil>"}}, []string{"ABSENT", "BIG", "FILE", "EMPTY", "PRIVATE"}},
	{"PUSH_INTERVAL", []goodValue{{"0", func(s *settings) any { return s.pushInterval }, "0s"}, {"168h", func(s *settings) any { return s.pushInterval }, "168h0m0s"}}, []string{"59s", "169h", "-1h", "x"}},
	{"SPOOL_BYTES", []goodValue{{"1MiB", func(s *settings) any { return s.spoolBytes }, "1048576"}}, []string{"1023KiB", "2048GiB"}},
	{"SPOOL_AGE", []goodValue{{"1m", func(s *settings) any { return s.spoolAge }, "1m0s"}}, []string{"59s", "8785h"}},
	{"GRACE", []goodValue{{"0s", func(s *settings) any { return s.grace }, "0s"}, {"10m", func(s *settings) any { return s.grace }, "10m0s"}}, []string{"-1s", "11m", "25"}},
	{"LOG_LEVEL", []goodValue{{"debug", func(s *settings) any { return s.logLevel }, "DEBUG"}, {"ERROR", func(s *settings) any { return s.logLevel }, "ERROR"}}, []string{"loud", "5"}},
	{"LOG_FORMAT", []goodValue{{"text", func(s *settings) any { return s.logText }, "true"}, {"json", func(s *settings) any { return s.logText }, "false"}}, []string{"xml", "JSON"}},
}

type goodValue struct {
	value  string
	member func(*settings) any
	want   string
}

// configurationFiles makes the files that the cases name, and gives what replaces the names.
func configurationFiles(t *testing.T) *strings.Replacer {
	t.Helper()
	dir := t.TempDir()
	var pairs []string
	ca := fixture.NewAuthority(t, "ca")
	cert, private := ca.Leaf("relaypack")
	_, other := ca.Leaf("another")
	for name, content := range map[string]string{
		"FILE": adminBearer + "\n", "EMPTY": "\n", "SHORT": "short\n", "BIG": strings.Repeat("x", maxPEMSize+1),
		"LONG":    strings.Repeat("x", 8193),
		"POLICY":  "version: 1\nnames:\n  - raceLicence\nexceptions:\n  - rule: home\n    because: containers\n",
		"CROWDED": crowdedPolicy(),
		"CERT":    string(cert), "PRIVATE": string(private), "OTHER": string(other),
		"LOGIN": `{"email":"a@example.com","password":"` + loginWord + `"}`,
	} {
		path := filepath.Join(dir, strings.ToLower(name))
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, name, path)
	}
	return strings.NewReplacer(append(pairs, "FOLDER", dir, "ABSENT", filepath.Join(dir, "absent"))...)
}

// crowdedPolicy has more values than there is room for beside the agent's own.
func crowdedPolicy() string {
	text := "version: 1\nvalues:\n"
	for i := range maxPolicyValues + 1 {
		text += fmt.Sprintf("  - Team Nimbus %d\n", i)
	}
	return text
}

func checked(t *testing.T, env ...string) (*settings, []string) {
	t.Helper()
	v, unknown, err := readVariables(env)
	if err != nil || len(unknown) > 0 {
		t.Fatalf("read %v: %v, unknown %v", env, err, unknown)
	}
	s, faults := validate(v)
	return s, faultList(faults)
}

func TestEveryVariable(t *testing.T) {
	paths := configurationFiles(t)
	defaults, _ := checked(t)
	var tested []string
	for _, c := range variableCases {
		name := envPrefix + "_" + c.name
		tested = append(tested, name)
		for _, good := range c.good {
			value, want := paths.Replace(good.value), paths.Replace(good.want)
			s, faults := checked(t, name+"="+value)
			if got := fmt.Sprint(good.member(s)); got != want || len(faults) > 0 {
				t.Errorf("%s=%s: %s, want %s, faults %q", name, value, got, want, faults)
			}
		}
		for _, bad := range c.bad {
			s, faults := checked(t, name+"="+paths.Replace(bad))
			if len(faults) != 1 || !strings.HasPrefix(faults[0], name+": ") || strings.Contains(faults[0], "\n") {
				t.Errorf("%s=%s: faults %q", name, bad, faults)
			}
			if strings.Contains(c.name, "TOKEN") || strings.Contains(c.name, "PSEUDONYM") || c.name == "RELAY_LOGIN_FILE" {
				continue // no default to fall back on
			}
			if got, want := fmt.Sprint(c.good[0].member(s)), fmt.Sprint(c.good[0].member(defaults)); got != want {
				t.Errorf("%s=%s leaves %s, want the default %s", name, bad, got, want)
			}
		}
	}
	for _, name := range variableNames() {
		if !slices.Contains(tested, name) && !strings.HasPrefix(name, envPrefix+"_TLS_") {
			t.Errorf("no case for %s", name)
		}
	}
}

// Each field of variables is set by the variable that variableName says, and by no other.
func TestVariableNamesAreEnvconfigs(t *testing.T) {
	fields := reflect.TypeFor[variables]()
	for i := range fields.NumField() {
		field := fields.Field(i)
		v, unknown, err := readVariables([]string{variableName(field.Name) + "=arrived"})
		if err != nil || len(unknown) > 0 {
			t.Errorf("%s: %v, unknown %v", field.Name, err, unknown)
		}
		for j := range fields.NumField() {
			if got := reflect.ValueOf(v).Field(j).String(); (got == "arrived") != (i == j) {
				t.Errorf("%s sets %s to %q", variableName(field.Name), fields.Field(j).Name, got)
			}
		}
		if tag := field.Tag.Get("envconfig"); tag != "" {
			t.Errorf("%s has a name tag, so that the variable without the prefix is read", field.Name)
		}
	}
}

// A variable without the prefix is the relay's own and is never read.
func TestVariablesWithoutPrefixAreNotRead(t *testing.T) {
	plain, _, err := readVariables(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range variableNames() {
		short := strings.TrimPrefix(name, envPrefix+"_")
		t.Setenv(short, "stolen-value-0123456789")
		v, unknown, err := readVariables([]string{short + "=stolen-value-0123456789"})
		if err != nil || len(unknown) > 0 || v != plain {
			t.Errorf("%s is read: %v, unknown %v", short, err, unknown)
		}
	}
}

func TestReadVariablesLeavesTheEnvironment(t *testing.T) {
	t.Setenv("RELAYPACK_GRACE", "3s")
	t.Setenv("RELAYPACK_HISTORY", "")
	v, unknown, err := readVariables([]string{"RELAYPACK_LISTEN=:7", "RELAYPACK_SERVICE_HOST=10.0.0.1", "RELAYPACK_EMPTY_ONE=", "RELAYPACKED=1", "RELAYPACK_LISTENS=:8"})
	if err != nil || v.Listen != ":7" || v.Grace != "25s" {
		t.Errorf("listen %q, grace %q, %v", v.Listen, v.Grace, err)
	}
	if want := []string{"RELAYPACK_SERVICE_HOST", "RELAYPACK_LISTENS"}; !slices.Equal(unknown, want) {
		t.Errorf("unknown %v, want %v", unknown, want)
	}
	if os.Getenv("RELAYPACK_GRACE") != "3s" || os.Getenv("RELAYPACK_LISTEN") != "" {
		t.Error("the process's environment is not as it was")
	}
	if _, there := os.LookupEnv("RELAYPACK_HISTORY"); !there {
		t.Error("an empty variable of the process is gone")
	}
}

// A variable and its twin are not taken together, and all faults come in one go.
func TestTwinsAndManyFaults(t *testing.T) {
	paths := configurationFiles(t)
	for _, name := range []string{"RELAY_TOKEN", "ADMIN_TOKEN", "PSEUDONYM_KEY"} {
		_, faults := checked(t, "RELAYPACK_"+name+"="+relayBearer, "RELAYPACK_"+name+"_FILE="+paths.Replace("FILE"))
		if len(faults) != 1 || !strings.HasPrefix(faults[0], "RELAYPACK_"+name+": and RELAYPACK_"+name+"_FILE are both set") {
			t.Errorf("%s: %q", name, faults)
		}
	}
	_, faults := checked(t, "RELAYPACK_GRACE=x", "RELAYPACK_LISTEN=x", "RELAYPACK_PROCESS=x", "RELAYPACK_RELAY_URL=x", "RELAYPACK_HISTORY=x")
	if len(faults) != 5 {
		t.Errorf("%d faults of 5: %q", len(faults), faults)
	}
}

// What is right in SECRET_PATHS counts in any case: less would be known.
func TestSecretPathsKeepWhatIsRight(t *testing.T) {
	for list, want := range map[string]int{"/a,b": 1, strings.Repeat("/a,", maxSecretPaths+1): maxSecretPaths} {
		if s, faults := checked(t, "RELAYPACK_SECRET_PATHS="+list); len(s.secretPaths) != want || len(faults) != 1 {
			t.Errorf("%s: %d paths, %q", list, len(s.secretPaths), faults)
		}
	}
}

func TestFileThatVanishesKeepsItsContent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bearer")
	if err := os.WriteFile(path, []byte(relayBearer+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, _ := checked(t, "RELAYPACK_RELAY_TOKEN_FILE="+path)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	var told bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&told, nil))
	poll := func() {
		changed, err := s.bearer.file.poll()
		s.bearer.file.tell(log, changed, err)
	}
	poll()
	poll()
	if got := s.bearer.first(); got != relayBearer {
		t.Errorf("the bearer is %q", got)
	}
	if n := strings.Count(told.String(), "file not usable"); n != 1 {
		t.Errorf("told %d times: %s", n, told.String())
	}
	if err := os.WriteFile(path, []byte(adminBearer), 0o600); err != nil {
		t.Fatal(err)
	}
	poll()
	if got := s.bearer.first(); got != adminBearer || !strings.Contains(told.String(), "file usable again") {
		t.Errorf("the bearer is %q, the log %s", got, told.String())
	}
	unspoken(t, "the log", told.Bytes())
}

func TestParseBytes(t *testing.T) {
	for text, want := range map[string]int64{"0": 0, "7": 7, "7B": 7, "1kB": 1000, "1 KiB": 1024, "3MiB": 3 << 20, "2GB": 2e9, "": -1, "-1": -1, "1.5MiB": -1, "1TiB": -1, "0x10": -1} {
		got, ok := parseBytes(text)
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("%q is %d, %v", text, got, ok)
		}
	}
	for n, want := range map[int64]string{64 << 10: "64KiB", 1 << 30: "1GiB", 1000: "1000"} {
		if got := showBytes(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

// One run tells also all that is wrong with one variable, and warns of nothing that is a fault already.
func TestAllFaultsOfOneVariable(t *testing.T) {
	paths := configurationFiles(t)
	for env, want := range map[string][]string{
		"RELAY_URL=ftp://u:p@x/?q=1#f":                                {"wants http:// or https://", "may not hold a user", "may not have a query"},
		"RELAY_TOKEN=a b|RELAY_TOKEN_FILE=" + paths.Replace("ABSENT"): {"both set", "cannot be read", "visible ASCII"},
		"RELAY_TOKEN=x|RELAY_TOKEN_FILE=" + paths.Replace("FILE"):     {"both set"},
		"ADMIN_TOKEN=short|WINDOW_EVENTS=0":                           {"at least 16", "whole number"},
	} {
		var list []string
		for _, one := range strings.Split(env, "|") {
			list = append(list, envPrefix+"_"+one)
		}
		s, faults := checked(t, list...)
		told := strings.Join(faults, "\n")
		for _, text := range want {
			if !strings.Contains(told, text) {
				t.Errorf("%s: %q misses %q", env, faults, text)
			}
		}
		for _, w := range s.warnings() {
			if strings.Contains(env, "ADMIN_TOKEN=short") && strings.Contains(w, "ADMIN_TOKEN") {
				t.Errorf("%s: warns %q", env, w)
			}
		}
		if s.bearer.first() != "" || strings.Contains(told, "short") {
			t.Errorf("%s: taken, or quoted: %q", env, faults)
		}
	}
}
