package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"relaypack/agent/internal/fixture"
	"relaypack/pack"
	"relaypack/scrape/demorelay"
)

const nimbusPolicy = "version: 1\nvalues:\n  - Team Nimbus\nexceptions:\n  - rule: home\n    because: containers\n"

func policyFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// What the agent keeps went through the policy, and every pack lists its exceptions.
func TestPacksKeepToThePolicy(t *testing.T) {
	relay, address := liveRelay(t, demorelay.DemoOptions(3))
	for path, want := range map[string]struct {
		named      bool
		exceptions int
	}{"": {true, 0}, policyFile(t, nimbusPolicy): {false, 1}} {
		s := configuredBy(t, []string{"RELAYPACK_RELAY_URL=http://" + address, "RELAYPACK_RELAY_TOKEN=" + relay.Bearer(),
			"RELAYPACK_PROCESS=off", "RELAYPACK_REDACTION_POLICY_FILE=" + path})
		o, err := observe(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		relay.Raise("gateway", "lost the car of Team Nimbus", nil)
		o.look(t.Context())
		made, err := o.builder.Build(t.Context(), pack.Request{})
		if err != nil {
			t.Fatal(err)
		}
		if named := strings.Contains(string(made.Bytes()), "Team Nimbus"); named != want.named {
			t.Errorf("policy %q: the pack names the team: %v", path, named)
		}
		if list, _ := at(validPack(t, made.Bytes()), "supportBundle", "redaction", "exceptions").([]any); len(list) != want.exceptions {
			t.Errorf("policy %q: exceptions %v", path, list)
		}
	}
}

// While the policy is faulty no pack is kept for delivery: nobody knows what should not be in it.
func TestFaultyPolicyWithholdsPacks(t *testing.T) {
	for text, kept := range map[string]int{nimbusPolicy: 1, "version: 1\nvalues: all\n": 0} {
		s, _ := checked(t, "RELAYPACK_PROCESS=off", "RELAYPACK_RELAY_URL=http://127.0.0.1:1", "RELAYPACK_REDACTION_POLICY_FILE="+policyFile(t, text))
		log := &fixture.Page{}
		a, err := newAgent(s, nil, nil, slog.New(slog.NewJSONHandler(log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		made, err := a.observer.builder.Build(t.Context(), pack.Request{Trigger: pack.Trigger{Kind: pack.Final, At: time.Now()}})
		if err != nil {
			t.Fatal(err)
		}
		a.box.deliver(made, pack.Final)
		if got := len(a.shipping.List()); got != kept || strings.Contains(log.String(), "pack withheld") != (kept == 0) {
			t.Errorf("policy %q: %d packs wait, log %s", text, got, log.String())
		}
	}
}

// A policy that changes is told, and counts from the next start on.
func TestPolicyThatChanges(t *testing.T) {
	path := policyFile(t, nimbusPolicy)
	s, _ := checked(t, "RELAYPACK_REDACTION_POLICY_FILE="+path)
	before := s.policy
	log := &fixture.Page{}
	for _, step := range []struct{ text, says string }{
		{nimbusPolicy + "names:\n  - raceLicence\n", "file changed, which counts from the next start on"},
		{"version: 2\n", "file not usable"},
	} {
		if err := os.WriteFile(path, []byte(step.text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, f := range s.files() {
			changed, err := f.poll()
			f.tell(slog.New(slog.NewJSONHandler(log, nil)), changed, err)
		}
		if !strings.Contains(log.String(), step.says) {
			t.Errorf("%q: log %s", step.text, log.String())
		}
	}
	if s.policy != before {
		t.Error("the running agent took the new policy")
	}
}
