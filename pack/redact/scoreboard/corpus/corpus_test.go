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

func TestCarriersThatAreJSON(t *testing.T) {
	seen := 0
	for _, d := range Generate(5, Open) {
		if !slices.ContainsFunc(jsonCarriers, func(c carrier) bool { return c.name == d.Carrier && c.name != "json-bom" }) && d.Carrier != "form-body" && d.Carrier != "base64-json-in-json" {
			continue
		}
		seen++
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
	if seen == 0 {
		t.Error("no document of JSON")
	}
}

func TestPlaces(t *testing.T) {
	for _, d := range Generate(6, Open) {
		for _, p := range d.Plants {
			if p.Start < 0 || p.End > len(d.Bytes) || !strings.Contains(string(d.Bytes[p.Start:p.End]), p.Text) {
				t.Fatalf("%s in %s: %q does not stand at its place %d to %d", p.Kind, d.Carrier, p.Text, p.Start, p.End)
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

func TestHeldOut(t *testing.T) {
	open, held := Kinds(Open), Kinds(HeldOut)
	if share := float64(len(held)) / float64(len(open)+len(held)); share < 0.19 || share > 0.21 {
		t.Errorf("%d of %d kinds are held out, want about a fifth", len(held), len(open)+len(held))
	}
	isHeld := heldOut()
	for _, d := range Generate(8, Open) {
		for _, p := range d.Plants {
			if !p.Alike() && isHeld[p.Kind] {
				t.Fatalf("a held-out kind is in an open corpus: %s", p.Kind)
			}
		}
	}
}

func TestNamesOfKindsAndCarriers(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range append(Kinds(Open), Kinds(HeldOut)...) {
		if seen[k.Name()] {
			t.Errorf("two kinds are called %q", k.Name())
		}
		seen[k.Name()] = true
	}
	for _, c := range Carriers() {
		if seen[c] {
			t.Errorf("two carriers are called %q", c)
		}
		seen[c] = true
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
	for _, k := range append(Kinds(Open), Kinds(HeldOut)...) {
		check(k.Name(), false, slices.Concat(k.form, k.phrase, k.values, k.members)...)
	}
	for _, k := range alikes {
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
