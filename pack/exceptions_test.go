package pack

import (
	"fmt"
	"strings"
	"testing"

	"relaypack/pack/redact"
)

// Every pack lists what a policy lets through, by its place and not in the operator's words.
func TestPackListsExceptions(t *testing.T) {
	text := "version: 1\nexceptions:\n"
	for i := range 100 {
		text += fmt.Sprintf("  - value: support%d@example.com\n    because: on the web site\n", i)
	}
	policy, err := redact.ParsePolicy("policy.yaml", []byte(text+"  - name: passwordPolicy\n    because: an address\n  - rule: home\n    because: containers\n"))
	if err != nil {
		t.Fatal(err)
	}
	red, err := redact.New(redact.Options{Policy: policy})
	if err != nil {
		t.Fatal(err)
	}
	b := setup(t, okboxbox(t), 8<<20)
	b.builder.opts.Redactor = red
	doc, made := b.build(Request{})
	want(t, doc, map[string]string{
		"supportBundle.redaction.exceptions.length": "100", "supportBundle.redaction.exceptionsUntold": "2",
		"supportBundle.redaction.exceptions.0.line": "203", "supportBundle.redaction.exceptions.0.kind": `"name"`,
		"supportBundle.redaction.exceptions.0.rule": `"field"`, "supportBundle.redaction.exceptions.1.rule": `"home"`,
		"supportBundle.redaction.exceptions.99.kind": `"value"`,
		"supportBundle.redaction.exceptions.99.rule": "null", "supportBundle.redaction.ruleSet": fmt.Sprintf("%q", red.RuleSet()),
	})
	for _, word := range []string{"example.com", "passwordPolicy", "web site", "containers"} {
		if strings.Contains(string(made.Bytes()), word) {
			t.Errorf("the pack holds the operator's %q", word)
		}
	}
	plain, _ := setup(t, okboxbox(t), 8<<20).build(Request{})
	want(t, plain, map[string]string{"supportBundle.redaction.exceptions.length": "0", "supportBundle.redaction.exceptionsUntold": "0"})
}
