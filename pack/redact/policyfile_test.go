package redact_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"relaypack/pack/redact"
)

const fullPolicy = `version: 1 # of this form
names:
  - raceLicence
  - "pit-crew code"
values:
  - Team Nimbus 7
exceptions:
  - name: passwordPolicy
    because: holds the address of a document
  - name: trackName
    because: is no credential anyway
  - value: support@example.com
    because: is on our web site
  - rule: home
    because: all paths are those of containers
`

func withPolicy(t *testing.T, text string, values ...string) *redact.Redactor {
	t.Helper()
	p, err := redact.ParsePolicy("policy.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	o := redact.Options{Key: []byte("0123456789abcdef"), Policy: p}
	for _, v := range values {
		o.Values = append(o.Values, []byte(v))
	}
	r, err := redact.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPolicy(t *testing.T) {
	r := withPolicy(t, fullPolicy)
	for in, want := range map[string]string{
		`{"race_licence":"x","RaceLicence":7,"n":1}`:                                 `{"n":1}`,
		`{"pitCrewCode":["x"],"pitCrew":"y"}`:                                        `{"pitCrew":"y"}`,
		`{"m":"race-licence: abc, lap 7"}`:                                           `{"m":"[removed-policy-field], lap 7"}`,
		`{"m":"by Team Nimbus 7 of late"}`:                                           `{"m":"by [removed-known] of late"}`,
		`{"m":"` + base64.StdEncoding.EncodeToString([]byte("Team Nimbus 7")) + `"}`: `{"m":"[removed-known]"}`,
		`{"m":"by Team Nimbus 8"}`:                                                   `{"m":"by Team Nimbus 8"}`,
		`{"passwordPolicy":"http://x","password_policy":"y","password":"z"}`:         `{"passwordPolicy":"http://x","password_policy":"y"}`,
		`{"m":"passwordPolicy: abc, password: def"}`:                                 `{"m":"passwordPolicy: abc, [removed-assignment]"}`,
		`{"m":"mail support@example.com or sales@example.com"}`:                      `{"m":"mail support@example.com or [removed-email]"}`,
		`{"m":"at /home/bobby/x.js of 203.0.113.9"}`:                                 `{"m":"at /home/bobby/x.js of [ip-NAME]"}`,
	} {
		got := apply(t, r, in, redact.JSON)
		if maskNames(got) != want {
			t.Errorf("%s\n gave %s\n want %s", in, maskNames(got), want)
		}
		if again := apply(t, r, got, redact.JSON); again != got {
			t.Errorf("once %s, twice %s", got, again)
		}
	}
	plain, _ := redact.New(redact.Options{})
	if r.RuleSet() == plain.RuleSet() || !strings.HasPrefix(r.RuleSet(), plain.RuleSet()+"-") || plain.Exceptions() != nil {
		t.Errorf("rule sets %s and %s", r.RuleSet(), plain.RuleSet())
	}
}

// Each exception is listed with the rule that it silences; a value is told by its shape alone.
func TestExceptionsAreListed(t *testing.T) {
	var all strings.Builder
	for _, e := range withPolicy(t, fullPolicy).Exceptions() {
		fmt.Fprintf(&all, "%d %s %q %q %q %s\n", e.Line, e.Kind, e.Name, e.Shape, e.Rule, e.Because)
	}
	want := `8 name "passwordPolicy" "" "field" holds the address of a document
10 name "trackName" "" "" is no credential anyway
12 value "" "19 letters+signs" "" is on our web site
14 rule "home" "" "home" all paths are those of containers
`
	if all.String() != want {
		t.Errorf("listed\n%s", all.String())
	}
}

// A value that is known to be secret goes in spite of an exception, and stays known when others rotate.
func TestKnownValuesBeatExceptions(t *testing.T) {
	r := withPolicy(t, "version: 1\nvalues:\n  - Nimbus-77\nexceptions:\n  - value: support@example.com\n    because: web site\n", "support@example.com")
	if got := apply(t, r, "mail support@example.com of Nimbus-77", redact.Text); got != "mail [removed-known] of [removed-known]" {
		t.Errorf("gave %s", got)
	}
	if err := r.SetValues(nil); err != nil {
		t.Fatal(err)
	}
	if got := apply(t, r, "mail support@example.com of Nimbus-77", redact.Text); got != "mail support@example.com of [removed-known]" {
		t.Errorf("after a rotation %s", got)
	}
}

// Every fault has its place and says what to write; none quotes a value.
func TestPolicyFaults(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "policy.yaml: the file is empty"},
		{"names:\n  - a\n", "policy.yaml:1:1: version is missing"},
		{"version: 2\n", "policy.yaml:1:10: this program reads version 1"},
		{"version: 1\nname:\n  - a\n", "policy.yaml:2:1: no such member: name;"},
		{"version: 1\nversion: 1\n", "policy.yaml:2:1: a second version"},
		{"version: 1\nnames: a\n", "policy.yaml:2:8: write a list"},
		{"version: 1\nnames:\n  - a: b\n", "policy.yaml:3:"},
		{"version: 1\nnames:\n  - \"77\"\n", "policy.yaml:3:5: a name has letters"},
		{"version: 1\nnames:\n  - raceLicence\n  - race_licence\n", "policy.yaml:4:5: line 3 says so"},
		{"version: 1\nvalues:\n  - abc\n", "policy.yaml:3:5: a text of 4 to 256 bytes"},
		{"version: 1\nexceptions:\n  - name: a\n", "policy.yaml:3:"},
		{"version: 1\nexceptions:\n  - because: I say so\n", "policy.yaml:3:"},
		{"version: 1\nexceptions:\n  - name: a\n    value: bcd\n    because: I say so\n", "policy.yaml:3:"},
		{"version: 1\nexceptions:\n  - rule: jwt\n    because: I say so\n", "policy.yaml:3:11: jwt guards"},
		{"version: 1\nexceptions:\n  - rule: known\n    because: I say so\n", "policy.yaml:3:11: known guards"},
		{"version: 1\nexceptions:\n  - rule: hom\n    because: I say so\n", "policy.yaml:3:11: no such rule"},
		{"version: 1\nexceptions:\n  - rule: home\n    reason: x\n    because: I say so\n", "policy.yaml:4:5: no such member: reason"},
		{"version: 1\nnames:\n  - raceLicence\nexceptions:\n  - name: raceLicence\n    because: I say so\n", "policy.yaml:5:11: line 3 says so, or the contrary"},
		{"version: 1\nvalues:\n  - &a hunter2hunter2\n  - *a\n", "policy.yaml:3:5: only plain"},
		{"version: 1\nvalues:\n  - [hunter2hunter2]\n", "policy.yaml:3:5: only plain"},
		{"version: 1\nvalues:\n  - hunter2: [\n", "policy.yaml:3:"},
		{"version: 1\n---\nversion: 1\n", "policy.yaml: the file must hold exactly one document"},
		{"a\n  b: \"\n", "policy.yaml:"},
		{"version: 1\nvalues:\n  - " + strings.Repeat("hunter2", 99) + "\n", "policy.yaml:3:5: a text of"},
		{strings.Repeat("# hunter2\n", 40_000), "policy.yaml: the file has more than"},
	} {
		p, err := redact.ParsePolicy("policy.yaml", []byte(c.text))
		if err == nil || p != nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%.80q gave %v, want %s", c.text, err, c.want)
		}
		var f *redact.Fault
		if err != nil && (!errors.As(err, &f) || f.File != "policy.yaml") {
			t.Errorf("%.80q gave no Fault: %v", c.text, err)
		}
	}
	_, err := redact.ParsePolicy("p", []byte("version: 1\nvalues:\n  - abc\nnames:\n  - \"1\"\n"))
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("not both faults: %v", err)
	}
}

func TestLoadPolicy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy.yaml")
	if _, err := redact.LoadPolicy(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file gave %v", err)
	}
	if err := os.WriteFile(path, []byte(fullPolicy), 0o600); err != nil {
		t.Fatal(err)
	}
	if p, err := redact.LoadPolicy(path); err != nil || len(p.Exceptions()) != 4 {
		t.Errorf("%v", err)
	}
}

func FuzzPolicy(f *testing.F) {
	f.Add([]byte(fullPolicy))
	f.Add([]byte("version: 1\nvalues:\n  - |\n    a\n    b\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := redact.ParsePolicy("p", data)
		if (p == nil) == (err == nil) {
			t.Fatalf("%v and %v", p, err)
		}
		if p == nil {
			return
		}
		if r, err := redact.New(redact.Options{Policy: p}); err != nil || len(r.Exceptions()) != len(p.Exceptions()) {
			t.Fatalf("a policy that was read cannot be applied: %v", err)
		}
	})
}
