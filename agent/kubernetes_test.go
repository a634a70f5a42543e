package main

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"relaypack/agent/internal/fixture"
	"relaypack/pack"
	"relaypack/scrape/demorelay"
)

// account mounts a service account, as far as its files are named.
func account(t testing.TB, names ...string) cluster {
	dir := t.TempDir()
	for _, name := range names {
		fixture.Put(t, dir, name, []byte("planted-account-4410\n"))
	}
	return cluster{folder: dir, env: func(name string) string {
		return map[string]string{"KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443"}[name]
	}}
}

func TestKubernetesVariables(t *testing.T) {
	here := account(t, "token", "ca.crt")
	nowhere := account(t, "token")
	outside := cluster{folder: here.folder, env: func(string) string { return "" }}
	full := "KUBERNETES=on POD_NAME=relay-0 POD_NAMESPACE=racing"
	for name, c := range map[string]struct {
		vars  string
		in    cluster
		fault string // part of it, "" for none
		on    bool
	}{
		"off by default":     {"", nowhere, "", false},
		"off":                {"KUBERNETES=off", nowhere, "", false},
		"on":                 {full, here, "", true},
		"named":              {full + " RELAY_CONTAINER=relay KUBERNETES_LOG_LINES=200", here, "", true},
		"neither":            {"KUBERNETES=yes", here, "RELAYPACK_KUBERNETES: wants on or off", false},
		"no service account": {full, nowhere, "RELAYPACK_KUBERNETES: is on, but no service account is mounted at " + nowhere.folder, false},
		"no pod":             {full, outside, "RELAYPACK_KUBERNETES: is on, but KUBERNETES_SERVICE_HOST", false},
		"no name":            {"KUBERNETES=on POD_NAMESPACE=racing", here, "RELAYPACK_POD_NAME: is not set, and RELAYPACK_KUBERNETES is on: take it from fieldRef metadata.name", false},
		"no namespace":       {"KUBERNETES=on POD_NAME=relay-0", here, "RELAYPACK_POD_NAMESPACE: is not set", false},
		"a bad name":         {"KUBERNETES=on POD_NAMESPACE=racing POD_NAME=../x", here, "RELAYPACK_POD_NAME: wants a name", false},
		"a bad container":    {full + " RELAY_CONTAINER=Relay", here, "RELAYPACK_RELAY_CONTAINER: wants a name", true},
		"too many lines":     {full + " KUBERNETES_LOG_LINES=201", here, "RELAYPACK_KUBERNETES_LOG_LINES: wants a whole number between 0 and 200", true},
	} {
		t.Run(name, func(t *testing.T) {
			var env []string
			for _, v := range strings.Fields(c.vars) {
				env = append(env, envPrefix+"_"+v)
			}
			v, _, err := readVariables(env)
			if err != nil {
				t.Fatal(err)
			}
			defaults, _, _ := readVariables(nil)
			check, s := &checker{defaults: defaults}, &settings{}
			check.kubernetes(s, v, c.in)
			told := ""
			if err := errors.Join(check.faults...); err != nil {
				told = err.Error()
			}
			if (told == "") != (c.fault == "") || !strings.HasPrefix(told, c.fault) {
				t.Errorf("told %q, want %q", told, c.fault)
			}
			if (s.kubernetes != nil) != c.on {
				t.Errorf("asked: %v", s.kubernetes != nil)
			}
			if k := s.kubernetes; name == "named" && (k.Container != "relay" || k.LogLines != 200 || k.Pod != "relay-0" || k.Namespace != "racing" || k.Host != "10.0.0.1" || k.Port != "443") {
				t.Errorf("asks for %+v", k)
			}
		})
	}
}

// plantedAccount is the bearer of the mounted service account.
const plantedAccount = "planted-account-9902-Xk4Q"

// inCluster gives the settings of an agent beside a made-up relay, in a pod of a cluster whose API server
// is h, over TLS of its own; who comes with another bearer than the mounted one is refused.
func inCluster(t *testing.T, lines string, h http.HandlerFunc) *settings {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+plantedAccount {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		h(w, r)
	}))
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	fixture.Put(t, dir, "token", []byte(plantedAccount+"\n"))
	fixture.Put(t, dir, "ca.crt", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	relay, address := liveRelay(t, demorelay.DemoOptions(6))
	s := configuredBy(t, []string{"RELAYPACK_RELAY_URL=http://" + address, "RELAYPACK_RELAY_TOKEN=" + relay.Bearer(), "RELAYPACK_PROCESS=off", "RELAYPACK_PROBE_LISTEN=" + freePort(t)})
	v, _, err := readVariables([]string{"RELAYPACK_KUBERNETES=on", "RELAYPACK_POD_NAME=relay-0", "RELAYPACK_POD_NAMESPACE=racing", "RELAYPACK_KUBERNETES_LOG_LINES=" + lines})
	if err != nil {
		t.Fatal(err)
	}
	check := &checker{defaults: v}
	check.kubernetes(s, v, cluster{dir, func(name string) string {
		return map[string]string{"KUBERNETES_SERVICE_HOST": u.Hostname(), "KUBERNETES_SERVICE_PORT": u.Port()}[name]
	}})
	if len(check.faults) > 0 || s.kubernetes == nil {
		t.Fatalf("%v", check.faults)
	}
	return s
}

// The answer of the API server holds the pod's environment and annotations, and the relay's log whatever
// the relay wrote: a pack holds none of what is secret in them, whatever path it takes.
func TestPodInAPack(t *testing.T) {
	log := "boot with JWT_SECRET=planted-log-7c7c\nechoes " + plantedAccount + "\nFATAL heap out of memory\n"
	file := func(w http.ResponseWriter, name string) {
		data, err := os.ReadFile(filepath.Join("..", "scrape", "testdata", "kubernetes", name))
		if err != nil {
			t.Error(err)
		}
		w.Write(data)
	}
	s := inCluster(t, "50", func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/events"):
			file(w, "events.json")
		case strings.HasSuffix(r.URL.Path, "/log"):
			io.WriteString(w, log)
		default:
			file(w, "pod.json")
		}
	})
	o, err := observe(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	o.look(t.Context())
	made, err := o.builder.Build(t.Context(), pack.Request{IncludeConfig: true})
	if err != nil {
		t.Fatal(err)
	}
	doc := validPack(t, made.Bytes())
	pod := at(doc, "supportBundle", "kubernetes")
	if at(pod, "relayContainer") != "relay" || at(pod, "containers", "1", "lastEnded", "reason") != "OOMKilled" || at(pod, "events", "0", "reason") != "BackOff" {
		t.Errorf("the pod: %v", pod)
	}
	if text, _ := at(pod, "previousLog").(string); !strings.Contains(text, "FATAL heap out of memory") || !strings.Contains(text, "[removed-") {
		t.Errorf("the log: %q", text)
	}
	if i := bytes.Index(made.Bytes(), []byte("planted")); i >= 0 {
		t.Errorf("planted text in the pack: %s", made.Bytes()[max(0, i-80):i+40])
	}
}

// What comes and goes, as the bearer that Kubernetes replaces every hour, never pushes out what is in use.
func TestWhatIsInUseStaysKnown(t *testing.T) {
	var last [][]byte
	inUse := [][]byte{[]byte("configured-bearer"), []byte("pseudonym-of-the-folder")}
	s := &secrets{known: func(v [][]byte) error { last = v; return nil }, inUse: func() [][]byte { return inUse }}
	s.add(s.inUse()...)
	for i := range 3 * maxSecrets {
		s.obtained(fmt.Sprintf("rotated-%04d", i), "")
	}
	joined := bytes.Join(last, []byte(" "))
	for _, want := range []string{"configured-bearer", "pseudonym-of-the-folder", "rotated-0191", "rotated-0190"} {
		if !bytes.Contains(joined, []byte(want)) {
			t.Errorf("%s is not known any more", want)
		}
	}
	if len(last) != maxSecrets {
		t.Errorf("%d values", len(last))
	}
}
