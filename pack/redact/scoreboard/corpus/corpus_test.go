package corpus

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestSameSeedSameBytes(t *testing.T) {
	a, b, other := Generate(3, Open), Generate(3, Open), Generate(4, Open)
	same := func(x, y []Doc) bool {
		return slices.EqualFunc(x, y, func(d, e Doc) bool { return bytes.Equal(d.Bytes, e.Bytes) })
	}
	if !same(a, b) {
		t.Error("two runs with one seed differ")
	}
	if same(a, other) {
		t.Error("two seeds give the same documents")
	}
}

// jsonToo are carriers of other tables that are JSON as a whole.
var jsonToo = []string{"form-body", "base64-json-in-json", "graphql-body", "journal-json", "har", "otlp-json"}

func TestCarriersThatAreJSON(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range slices.Concat(Generate(5, Open), Generate(5, HeldKinds)) {
		if !slices.ContainsFunc(jsonCarriers, func(c carrier) bool { return c.name == d.Carrier && c.name != "json-bom" }) && !slices.Contains(jsonToo, d.Carrier) {
			continue
		}
		seen[d.Carrier] = true
		dec := json.NewDecoder(bytes.NewReader(d.Bytes))
		for {
			var v json.RawMessage
			err := dec.Decode(&v)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v\n%s", d.Carrier, err, d.Bytes)
			}
		}
	}
	if want := len(jsonCarriers) - 1 + len(jsonToo); len(seen) != want {
		t.Errorf("%d carriers of JSON, want %d", len(seen), want)
	}
}

func TestPlaces(t *testing.T) {
	for _, part := range []Part{Open, HeldKinds, HeldCarriers} {
		for _, d := range Generate(6, part) {
			for _, p := range d.Plants {
				if p.Start < 0 || p.End > len(d.Bytes) || !strings.Contains(string(d.Bytes[p.Start:p.End]), p.Text) {
					t.Fatalf("%s in %s: %q does not stand at its place %d to %d", p.Kind, d.Carrier, p.Text, p.Start, p.End)
				}
			}
		}
	}
}

func TestSize(t *testing.T) {
	docs := Generate(7, Open)
	secrets, alikes, kinds := 0, map[string]bool{}, map[string]bool{}
	n := 0
	for _, d := range docs {
		for _, p := range d.Plants {
			if p.Alike() {
				n++
				alikes[p.Kind] = true
			} else {
				secrets += len(p.Secrets)
				kinds[p.Kind] = true
			}
		}
	}
	if len(kinds) < 40 || len(carriers) < 17 || n < 5000 || secrets < 4000 || len(alikes) < 30 {
		t.Errorf("%d kinds, %d carriers, %d secrets, %d look-alikes of %d kinds: too small", len(kinds), len(carriers), secrets, n, len(alikes))
	}
}

// What is held out is new: none of its names is one of the open part, and no open document holds any of it.
func TestHeldOut(t *testing.T) {
	held := map[string]bool{}
	for _, k := range heldSecrets {
		held[k.name] = true
	}
	for _, k := range heldAlikes {
		held[k.name] = true
	}
	for _, c := range heldCarriers {
		held[c.name] = true
	}
	if len(heldSecrets) < 20 || len(heldCarriers) < 8 || len(heldAlikes) < 15 {
		t.Errorf("%d kinds, %d carriers, %d look-alikes are held out: too few", len(heldSecrets), len(heldCarriers), len(heldAlikes))
	}
	for _, d := range Generate(8, Open) {
		for _, p := range d.Plants {
			if held[p.Kind] || held[d.Carrier] {
				t.Fatalf("held out, and in an open corpus: %s in %s", p.Kind, d.Carrier)
			}
		}
	}
}

// Each held-out kind, carrier and look-alike really comes in the documents that are scored.
func TestHeldOutIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, part := range []Part{HeldKinds, HeldCarriers} {
		for _, d := range Generate(10, part) {
			for _, p := range d.Plants {
				seen[p.Kind], seen[d.Carrier] = true, true
			}
		}
	}
	for _, k := range slices.Concat(heldSecrets, heldAlikes) {
		if !seen[k.name] {
			t.Errorf("no document holds %s", k.name)
		}
	}
	for _, c := range heldCarriers {
		if !seen[c.name] {
			t.Errorf("no document is a %s", c.name)
		}
	}
}

func TestNames(t *testing.T) {
	seen := map[string]bool{}
	check := func(name string) {
		if seen[name] {
			t.Errorf("two are called %q", name)
		}
		seen[name] = true
	}
	for _, k := range slices.Concat(secretKinds, heldSecrets) {
		check(k.name)
	}
	for _, c := range Carriers(HeldKinds) {
		check(c)
	}
	for _, k := range slices.Concat(alikes, heldAlikes) {
		check("look-alike " + k.name)
	}
}

// A sign of a template that fill does not know would stay in the text.
var sign = regexp.MustCompile(`\{[a-zA-Z][a-z0-9]*(-[0-9]+)?\}|[«»]`)

func TestTemplates(t *testing.T) {
	g := &gen{newSource(9)}
	check := func(name string, alike bool, templates ...string) {
		for _, tmpl := range templates {
			text, secrets := g.fill(tmpl)
			if left := sign.FindString(text); left != "" {
				t.Errorf("%s: %q is left of %q", name, left, tmpl)
			}
			if alike != (len(secrets) == 0) {
				t.Errorf("%s: %d secrets in %q", name, len(secrets), tmpl)
			}
		}
	}
	for _, k := range slices.Concat(secretKinds, heldSecrets) {
		check(k.name, false, slices.Concat(k.form, k.phrase, k.values, k.members)...)
	}
	for _, k := range slices.Concat(alikes, heldAlikes) {
		check(k.name, true, slices.Concat(k.form, k.phrase, k.values, k.members)...)
	}
}

func TestFill(t *testing.T) {
	g := &gen{newSource(1)}
	for _, c := range []struct{ tmpl, want string }{
		{"plain", `^plain$`},
		{"k_«{h8}»", `^k_[0-9a-f]{8}$`},
		{"{A3-5}", `^[A-Za-z0-9]{3,5}$`},
		{`{"a":"{d2}"}`, `^\{"a":"\d\d"\}$`},
		{"{{user} x}", `^\{[a-z-]+ x\}$`},
	} {
		if got, _ := g.fill(c.tmpl); !regexp.MustCompile(c.want).MatchString(got) {
			t.Errorf("fill(%q) = %q, want %s", c.tmpl, got, c.want)
		}
	}
	if _, secrets := g.fill("a«b»c«d»"); !slices.Equal(secrets, []string{"b", "d"}) {
		t.Errorf("secrets = %q", secrets)
	}
}

func TestSplit(t *testing.T) {
	for name, want := range map[string]string{
		"dbPassword": "db Password", "DB_PASSWORD": "DB PASSWORD", "x-api-key": "x api key", "a.b[0]": "a b 0", "plain": "plain", "": "",
	} {
		if got := strings.Join(split(name), " "); got != want {
			t.Errorf("split(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestLuhn(t *testing.T) {
	g := &gen{newSource(2)}
	for range 200 {
		if s := g.card(""); luhn(s) != 0 {
			t.Fatalf("%s does not fit its check digit", s)
		}
		if s := g.noLuhn(); luhn(s) == 0 {
			t.Fatalf("%s fits its check digit", s)
		}
	}
	if luhn("79927398713") != 0 || luhn("79927398710") == 0 {
		t.Error("luhn is not the check of the standard's example")
	}
}
