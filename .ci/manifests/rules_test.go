package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const goodPod = `apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  automountServiceAccountToken: false
  enableServiceLinks: false
  shareProcessNamespace: true
  containers:
    - name: relaypack
      image: relaypack:1
      resources:
        requests: {cpu: 100m, memory: 64Mi}
        limits: {cpu: 100m, memory: 64Mi}
      volumeMounts: [{name: relaypack-state, mountPath: /state}]
      securityContext: &restricted
        allowPrivilegeEscalation: false
        capabilities: {drop: [ALL]}
        readOnlyRootFilesystem: true
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
    - name: relay
      image: relay:1
      securityContext: *restricted
  volumes: [{name: relaypack-state, emptyDir: {sizeLimit: 256Mi}}]
`

// Each rule lets the good pod through and refuses one that breaks it.
func TestRules(t *testing.T) {
	if faults := checkRules(manifest(t, goodPod)); len(faults) > 0 {
		t.Fatalf("the good pod: %v", faults)
	}
	for _, c := range []struct{ from, to, want string }{
		{"automountServiceAccountToken: false", "automountServiceAccountToken: true", "service account"},
		{"  enableServiceLinks: false\n", "", "services"},
		{"shareProcessNamespace: true", "hostPID: true", "hostPID"},
		{"shareProcessNamespace: true", "shareProcessNamespace: false", "does not see"},
		{"emptyDir: {sizeLimit: 256Mi}", "hostPath: {path: /}", "hostPath"},
		{"allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true", "gain privileges"},
		{"{drop: [ALL]}", "{drop: [NET_RAW]}", "capabilities"},
		{"{drop: [ALL]}", "{drop: [ALL], add: [SYS_PTRACE]}", "capabilities"},
		{"RuntimeDefault", "Unconfined", "seccomp"},
		{"runAsNonRoot: true", "runAsNonRoot: false", "root"},
		{"runAsNonRoot: true", "runAsNonRoot: true\n        runAsUser: 0", "root"},
		{"readOnlyRootFilesystem: true", "privileged: false", "can write"},
		{"readOnlyRootFilesystem: true", "readOnlyRootFilesystem: true\n        privileged: true", "privileged"},
		{"image: relaypack:1\n", "image: relaypack:1\n      readinessProbe: {httpGet: {port: 1}}\n", "readinessProbe"},
		{"image: relaypack:1\n", "image: relaypack:1\n      startupProbe: {httpGet: {port: 1}}\n", "startupProbe"},
		{"image: relaypack:1\n", "image: relaypack:1\n      livenessProbe: {httpGet: {port: 1, host: 127.0.0.1}}\n", "another host"},
		{"requests: {cpu: 100m,", "requests: {cpu: 50m,", "other cpu"},
		{"limits: {cpu: 100m, memory: 64Mi}", "limits: {cpu: 100m}", "other memory"},
		{"image: relay:1\n", "image: relay:1\n      volumeMounts: [{name: relaypack-state, mountPath: /x}]\n", "mounts the sidecar's"},
	} {
		spoiled := strings.Replace(goodPod, c.from, c.to, 1)
		if spoiled == goodPod {
			t.Errorf("%q is not in the pod", c.from)
		}
		faults := checkRules(manifest(t, spoiled))
		if len(faults) == 0 || !strings.Contains(faults[0].Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.to, faults, c.want)
		}
	}
}

// A schema's fields are all there are, also in what it refers to.
func TestStrict(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "api__v1_openapi.json"), `{"components": {"schemas": {
		"Thing": {"x-kubernetes-group-version-kind": [{"group": "", "version": "v1", "kind": "Thing"}], "type": "object", "properties": {
			"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "free": {"type": "object", "additionalProperties": {"type": "string"}},
			"part": {"allOf": [{"$ref": "#/components/schemas/Part"}]}}},
		"Part": {"type": "object", "properties": {"n": {"type": "integer"}}}}}}`)
	s := newSchemas(folder)
	for text, good := range map[string]bool{
		"{}": true, "{part: {n: 1}, free: {a: b}}": true,
		"{x: 1}": false, "{part: {m: 1}}": false, "{part: {n: a}}": false, "{free: {a: 1}}": false,
	} {
		o := manifest(t, text+"\n")
		o["apiVersion"], o["kind"] = "v1", "Thing"
		if faults := s.check(o); (len(faults) == 0) != good {
			t.Errorf("%s: %v", text, faults)
		}
	}
	if faults := s.check(object{"apiVersion": "v1", "kind": "Other"}); len(faults) == 0 {
		t.Error("a kind that nobody knows is accepted")
	}
	if faults := s.check(object{"apiVersion": "v2", "kind": "Thing"}); len(faults) == 0 {
		t.Error("a version that nobody knows is accepted")
	}
}

// Any difference between the two sidecars is told.
func TestSame(t *testing.T) {
	dir := t.TempDir()
	deployment := "kind: Deployment\nspec: {template: {spec: " + `{initContainers: [{name: relaypack, image: a}], volumes: [{name: relaypack-state, emptyDir: {}}]}` + "}}\n"
	one, other := filepath.Join(dir, "one"), filepath.Join(dir, "other")
	write(t, one, deployment)
	for _, c := range []struct {
		from, to string
		good     bool
	}{
		{"", "", true}, {"kind: Deployment\n", "", true}, {"image: a", "image: b", false}, {"relaypack-state", "relaypack-other", false},
		{"initContainers", "containers", false}, {"image: a}]", "image: a}, {name: mine}]", true}, {"relaypack,", "agent,", false},
	} {
		write(t, other, strings.Replace(deployment, c.from, c.to, 1))
		if err := same(other, one); (err == nil) != c.good {
			t.Errorf("%s: %v", c.to, err)
		}
	}
}

func manifest(t *testing.T, text string) object {
	t.Helper()
	file := filepath.Join(t.TempDir(), "m.yaml")
	write(t, file, text)
	objects, err := read(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(objects) == 0 {
		return object{}
	}
	return objects[0]
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
