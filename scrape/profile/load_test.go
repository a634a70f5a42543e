package profile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestBuiltinsLoad(t *testing.T) {
	if got := Builtins(); !slices.Equal(got, []string{"generic", "okboxbox"}) {
		t.Fatalf("built in: %v", got)
	}
	for _, name := range Builtins() {
		p, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if p.Name != name || len(p.Hash) != 12 || p.Version != 1 {
			t.Errorf("%s: name %s, hash %s, version %d", name, p.Name, p.Hash, p.Version)
		}
	}
}

// TestOkboxboxIsCareful holds the profile to what the relay does not survive or what costs it dear.
func TestOkboxboxIsCareful(t *testing.T) {
	p, err := Load("okboxbox")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range p.Sources {
		path, _, _ := strings.Cut(s.Path, "?")
		for _, never := range []string{"/inject", "support-bundle", "metrics/snapshot"} {
			if strings.Contains(path, never) {
				t.Errorf("source %s is %s", s.Name, s.Path)
			}
		}
		if path == "/api/health" {
			t.Errorf("source %s asks /api/health", s.Name)
		}
		// Once per life, and for a request where nothing else knows, but not as often as requests come.
		if strings.HasSuffix(path, "support-pack") && s.Every != EveryStart && (s.InsteadOf == "" || s.AtMost < time.Minute) {
			t.Errorf("source %s is read %s, at most every %v", s.Name, s.Every, s.AtMost)
		}
		open := []string{"metrics", "ready", "telemetry"}
		if s.Bearer == slices.Contains(open, s.Name) {
			t.Errorf("source %s: bearer is %v", s.Name, s.Bearer)
		}
	}
	g := p.Source(p.Gate.Source)
	if g.Path != "/api/health/ready" || g.Bearer {
		t.Errorf("the gate is %+v", g)
	}
	var have []string
	for _, s := range p.Sections {
		have = append(have, s.Field)
	}
	var want []string
	for _, g := range groups {
		for _, f := range g.fields {
			want = append(want, g.prefix+f)
		}
	}
	if !slices.Equal(have, want) {
		t.Errorf("fields without any source, or out of order:\n%v\n%v", have, want)
	}
}

func TestOrderOfSources(t *testing.T) {
	p, err := Parse("f.yaml", []byte(`version: 1
name: test
sources:
  rest: {path: /a, every: debug}
  standIn: {path: /b, every: debug, insteadOf: rest}
  idsInstead: {path: /c, every: debug, insteadOf: ids}
  ring: {path: /d, every: debug}
  ids: {path: /e, every: debug}
  gate: {path: /f, every: gate}
  other: {path: /g, every: debug}
gate: {source: gate, open: .a, maxAge: 2s}
ids: {session: {raw: [{from: ids, path: .a}, {from: idsInstead, path: .a}]}}
events: {error: [{from: ring, each: '.a[]', id: .id, time: .t}]}
`))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range p.Sources {
		names = append(names, s.Name)
	}
	if want := []string{"gate", "ids", "idsInstead", "ring", "rest", "other", "standIn"}; !slices.Equal(names, want) {
		t.Errorf("%v, want %v", names, want)
	}
}

func TestLoadByPath(t *testing.T) {
	folder := t.TempDir()
	good, bad := filepath.Join(folder, "good.yaml"), filepath.Join(folder, "bad.yaml")
	for path, text := range map[string]string{good: start, bad: start + "relay: 1\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if p, err := Load(good); err != nil || p.Name != "test" {
		t.Error(err)
	}
	if _, err := Load(bad); err == nil || !strings.HasPrefix(err.Error(), bad+":7:8: ") {
		t.Error(err)
	}
	if _, err := Load("nothing"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "generic, okboxbox") {
		t.Error(err)
	}
	if _, err := Load(folder); err == nil {
		t.Error("a folder is a profile")
	}
}

// FuzzParse: a file is a whole profile or has faults that all have a place in it.
func FuzzParse(f *testing.F) {
	for _, name := range Builtins() {
		data, err := builtin.ReadFile("builtin/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	for _, c := range append(faultCases, incidentCases...) {
		if text, whole := strings.CutPrefix(c.file, "="); whole && len(text) < 1000 {
			f.Add(text)
		} else if !whole {
			f.Add(start + c.file)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse("f.yaml", []byte(text))
		if err == nil {
			checkWhole(t, p)
			return
		}
		list := faultsOf(err)
		if p != nil || len(list) == 0 {
			t.Fatalf("a profile, or no fault: %v", err)
		}
		for _, fault := range list {
			if fault.File != "f.yaml" || fault.Text == "" || !utf8.ValidString(fault.Text) || strings.Contains(fault.Text, "\n") {
				t.Fatalf("%#v", fault)
			}
			if fault.Line > strings.Count(text, "\n")+strings.Count(text, "\r")+1 || fault.Line > 0 && fault.Column < 1 {
				t.Fatalf("%v is outside of a file of %d bytes", fault, len(text))
			}
		}
	})
}

// checkWhole holds what users of a profile rely on.
func checkWhole(t *testing.T, p *Profile) {
	t.Helper()
	if p.Version != 1 || p.Name == "" || p.Hash == "" || len(p.Sources) == 0 {
		t.Fatalf("%+v", p)
	}
	rules := append(slices.Clone(p.Starts), fieldRules(append(p.Sections, p.Bundle...))...)
	for _, h := range p.History {
		rules = append(rules, h.Rule)
	}
	for _, r := range rules {
		if r.Query == nil || p.Source(r.From) == nil && !slices.Contains(pseudo, r.From) {
			t.Fatalf("%+v", r)
		}
	}
	for _, rule := range p.Incidents.Rules {
		if rule.Name == "" || rule.Summary == "" || len(rule.When) == 0 || rule.PerHour < 1 || rule.Severity == "" || p.Incidents.PerHour < 1 {
			t.Fatalf("%+v", rule)
		}
		for _, c := range rule.When {
			named := c.Name != "" || c.Kind == OfRelay && c.Relay != ""
			if c.Kind == "" || !named || c.Below && c.Until < c.Bound || !c.Below && c.Until > c.Bound {
				t.Fatalf("%+v", c)
			}
		}
	}
	for _, e := range p.Events {
		for _, v := range e.Variants {
			if p.Source(v.From) == nil || v.Each.Empty() || v.ID.Empty() || v.Time.Empty() {
				t.Fatalf("%+v", v)
			}
		}
	}
}

func fieldRules(sections []Section) (rules []Rule) {
	for _, s := range sections {
		rules = append(rules, s.Rules...)
	}
	return rules
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load("okboxbox"); err != nil {
			b.Fatal(err)
		}
	}
}
