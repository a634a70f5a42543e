package redact_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"relaypack/pack/redact"
)

// row is one line of testdata/table.txt.
type row struct {
	line, in string
	secrets  []string // what may not be left; none: the row must stay as it is
}

func tableRows(t testing.TB) (rows []row) {
	t.Helper()
	b, err := os.ReadFile("testdata/table.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(b), "\n") {
		if line == "" || line[0] == '#' && (len(line) < 2 || line[1] == '#' || line[1] == ' ') {
			continue
		}
		r := row{line: line}
		text := strings.ReplaceAll(line, "⏎", "\n")
		for rest := text; ; {
			_, after, ok := strings.Cut(rest, "«")
			if !ok {
				break
			}
			secret, next, _ := strings.Cut(after, "»")
			r.secrets, rest = append(r.secrets, secret), next
		}
		r.in = strings.NewReplacer("«", "", "»", "").Replace(text)
		rows = append(rows, r)
	}
	if len(rows) < 500 {
		t.Fatalf("%d rows", len(rows))
	}
	return rows
}

// fault says what is wrong with the row in a carrier; empty: nothing.
func (w row) fault(t testing.TB, r *redact.Redactor, c int) string {
	t.Helper()
	k := carriers[c]
	in := k.before + k.quote(w.in) + k.after
	got := apply(t, r, in, k.as)
	for _, s := range w.secrets {
		if strings.Contains(got, s) || strings.Contains(got, strings.Trim(k.quote(s), `"`)) {
			return fmt.Sprintf("%s leaves %s", got, s)
		}
	}
	switch {
	case strings.Contains(got, "[removed-text]"):
		return "does not settle, and all of it goes"
	case len(w.secrets) == 0 && got != in:
		return "must stay, gave " + got
	case strings.Count(strings.ToLower(got), "lap") != strings.Count(strings.ToLower(in), "lap"):
		return "lost what stands beside it, gave " + got
	}
	if again := apply(t, r, got, k.as); again != got {
		return fmt.Sprintf("once %s, twice %s", got, again)
	}
	return ""
}

func TestTable(t *testing.T) {
	r := redactor(t)
	for _, w := range tableRows(t) {
		for c := range carriers {
			if fault := w.fault(t, r, c); fault != "" {
				t.Errorf("%s: %s\n %s", carriers[c].name, w.line, fault)
			}
		}
	}
}

// Every mark of an issuer finds its credential, and nothing that is too short.
func TestEveryPrefix(t *testing.T) {
	r := redactor(t)
	for _, p := range redact.Prefixes() {
		if p.Rule == "jwt" {
			continue // has parts
		}
		body := strings.Repeat("q7WeR9tyU3", 1+p.Min/10)
		if got, want := apply(t, r, "call with "+p.Prefix+body+" refused", redact.Text), "call with [removed-"+p.Rule+"] refused"; got != want {
			t.Errorf("%s: %s", p.Prefix, got)
		}
		if in := "call with " + p.Prefix + "q7, refused"; apply(t, r, in, redact.Text) != in {
			t.Errorf("%s gave %s", in, apply(t, r, in, redact.Text))
		}
	}
}

// oddRows need a carrier of their own to show what their rule does.
var oddRows = []struct {
	as            redact.Format
	in, mustLeave string // the second may not be in the output
}{
	{redact.Metrics, "x{password=\"a1\",job=\"j\"} 1\nx{password=\"a2\",job=\"j\"} 2\n", "} 2"},
	{redact.Metrics, "x{api_key=\"abc\",job=\"j\"} 1\n", "abc"},
	{redact.JSON, `{"n":1,"userEmail":"x1y"}`, "x1y"},
	{redact.JSON, `{"n":1,"phone":"0170 1234"}`, "0170"},
	{redact.JSON, `{"n":1,"creditCard":"4000"}`, "4000"},
	{redact.JSON, `{"n":1,"password":"x1y"}`, "x1y"},
	{redact.JSON, `{"h":{"name":"X-Api-Key","value":"v1"}}`, "v1"},
	{redact.JSON, `{"argv":["run","--api-key","v1"]}`, "v1"},
	{redact.JSON, `{"sessionId":"abc"}`, "abc"},
	{redact.JSON, `{"n":1,"race_licence":"x1y"}`, "x1y"},
	{redact.Text, "the agent got " + knownValue, knownValue},
	{redact.JSON, `{"sessionId":"` + strings.Repeat("hunter2", 100_000) + `"}`, "hunter2"},
}

// With any one rule switched off, a row of the tables is no longer right: no rule is there for nothing.
func TestEachRuleIsNeeded(t *testing.T) {
	whole, rows := redactor(t), tableRows(t)
	for _, o := range oddRows {
		if got := apply(t, whole, o.in, o.as); strings.Contains(got, o.mustLeave) {
			t.Errorf("%.80s leaves %s", o.in, o.mustLeave)
		}
	}
	for _, name := range redact.RuleNames() {
		r, needed := whole.Without(name), false
		for i := 0; i < len(oddRows) && !needed; i++ {
			needed = strings.Contains(apply(t, r, oddRows[i].in, oddRows[i].as), oddRows[i].mustLeave)
		}
		for i := 0; i < len(rows) && !needed; i++ {
			needed = rows[i].fault(t, r, 0) != ""
		}
		for i := 0; i < len(shapes) && !needed; i++ {
			needed = shapes[i].want != "" && maskNames(apply(t, r, shapes[i].in, redact.Text)) != shapes[i].want
		}
		if !needed {
			t.Errorf("no row fails without %s", name)
		}
	}
}
