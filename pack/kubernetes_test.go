package pack

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"relaypack/scrape"
)

func relayPod() *scrape.Pod {
	return &scrape.Pod{
		Relay: "relay", Node: "node-b2", Phase: "Running", QoS: "Burstable", StartedAt: looked.Add(-time.Hour),
		Conditions: []scrape.PodCondition{{Type: "Ready", Status: "False", Reason: "ContainersNotReady", Since: looked}},
		Containers: []scrape.PodContainer{
			{Name: "relaypack", Init: true, Ready: true, State: "running", StartedAt: looked, MemoryLimit: 64 << 20},
			{Name: "relay", Image: "registry.example/relay:2.3.1", ImageID: "registry.example/relay@sha256:" + strings.Repeat("2c", 32), Restarts: 3,
				State: "waiting", Reason: "CrashLoopBackOff", Message: "back-off 10s restarting failed container", MemoryLimit: 512 << 20, CPULimit: 1.5,
				Last: &scrape.Termination{Reason: "OOMKilled", ExitCode: 137, Message: "last words: password=planted-message-6a6a", FinishedAt: looked}},
		},
		Events: []scrape.PodEvent{{At: looked, Count: 7, Type: "Warning", Reason: "BackOff", Message: "mail jane.planted@example.com about sess_planted1234567890", Container: "relay", From: "kubelet"}},
		Log: "{\"level\":50,\"authorization\":\"Bearer planted-log-abcdef0123456789\",\"msg\":\"boot\"}\n" +
			"-----BEGIN PRIVATE KEY-----\nplantedMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n-----END PRIVATE KEY-----\nDATABASE_URL=postgres://app:planted-url-3113@db:5432/relay\nFATAL out of memory\n",
	}
}

func TestPodIsTold(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	doc, _ := b.build(Request{})
	want(t, doc, map[string]string{"supportBundle.kubernetes": `null`})

	s := look(t, p, "stock", looked, "metrics")
	s.States[scrape.KubernetesSource], s.States[scrape.KubernetesEventsSource] = okState(looked), scrape.State{Status: scrape.Forbidden, Reason: "may not list events"}
	s.Results = append(s.Results, &scrape.Result{Source: scrape.KubernetesSource, At: looked, State: okState(looked), Pod: relayPod()})
	b.record(s)
	doc, made := b.build(Request{})
	at := "supportBundle.kubernetes."
	want(t, doc, map[string]string{
		at + "asOf": `1795424858000`, at + "node": `"node-b2"`, at + "relayContainer": `"relay"`, at + "containers.1.restarts": `3`,
		at + "containers.1.lastEnded.reason": `"OOMKilled"`, at + "containers.1.lastEnded.exitCode": `137`, at + "containers.1.memoryLimitBytes": `536870912`,
		at + "containers.1.cpuLimitCores": `1.5`, at + "containers.0.ended": `null`, at + "containers.0.cpuLimitCores": `null`,
		at + "containers.1.imageId":                     `"registry.example/relay@sha256:` + strings.Repeat("2c", 32) + `"`,
		at + "events.0.reason":                          `"BackOff"`,
		at + "conditions.0.since":                       `1795424858000`,
		"supportBundle.sources.kubernetes.status":       `"ok"`,
		"supportBundle.sources.kubernetes-events.error": `"may not list events"`,
	})
	if bytes.Contains(made.Bytes(), []byte("planted")) {
		i := bytes.Index(made.Bytes(), []byte("planted"))
		t.Errorf("planted text in the pack: ...%s...", made.Bytes()[max(0, i-120):i+60])
	}
	if !bytes.Contains(made.Bytes(), []byte(`FATAL out of memory`)) {
		t.Error("the log did not come through")
	}
	b.record(emptyLook(p, looked.Add(time.Minute))) // the cluster does not answer: what it said stays, with its age
	doc, _ = b.build(Request{})
	want(t, doc, map[string]string{at + "asOf": `1795424858000`})
}

// Which container is the relay may be open; the pod is told all the same, and no answer of the relay is
// pretended.
func TestPodOfTwoRelays(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	pod := relayPod()
	pod.Relay = ""
	s := emptyLook(p, looked)
	s.Life = scrape.Life{N: 1, FirstSeen: looked, Pid: 7}
	s.Results = []*scrape.Result{{Source: scrape.KubernetesSource, At: looked, State: scrape.State{Status: scrape.Ambiguous}, Pod: pod}}
	b.record(s)
	doc, _ := b.build(Request{})
	want(t, doc, map[string]string{"supportBundle.kubernetes.relayContainer": `null`, "supportBundle.kubernetes.node": `"node-b2"`})
	s.Results[0].State = okState(looked)
	b.record(s)
	if b.recorder.life.answered {
		t.Error("the cluster's answer counts as one of the relay")
	}
}

func TestLimitOfThePodCountsForTheRelay(t *testing.T) {
	n := uint64(1 << 20)
	for name, c := range map[string]struct {
		p    scrape.Process
		want any
	}{
		"pod":           {scrape.Process{PodLimit: 1 << 29}, float64(1 << 29)},
		"control group": {scrape.Process{PodLimit: 1 << 29, Container: &scrape.Container{MemoryLimit: &n}}, float64(1 << 20)},
		"neither":       {scrape.Process{}, nil},
	} {
		if got := processDocument(&c.p)["memoryLimit"]; got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
