package profile

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
)

const pathDoc = ` {"a":{"b":[1, {"c":"x"},"y"],"odd name":null,"p\u006fint":true},"a":{"b":[2]},"list":[{"id":"n1"},{"no":1},{"id":"n2"}],"s":"t"} `

func TestPath(t *testing.T) {
	for _, c := range []struct {
		path string
		want []string // raw values, as written
	}{
		{".a.b", []string{`[1, {"c":"x"},"y"]`, `[2]`}},
		{".a.b[]", []string{"1", `{"c":"x"}`, `"y"`, "2"}},
		{".a.b[].c", []string{`"x"`}},
		{`.a."odd name"`, []string{"null"}},
		{`.a."point"`, []string{"true"}},
		{".a.point", []string{"true"}},
		{".list[].id", []string{`"n1"`, `"n2"`}},
		{".s", []string{`"t"`}},
		{".s[]", nil},
		{".s.t", nil},
		{".list.id", nil},
		{".b", nil},
		{".A", nil},
		{".", []string{strings.TrimSpace(pathDoc)}},
	} {
		for _, p := range []Path{parsePath(t, c.path), {Text: c.path}} {
			var got []string
			err := p.Each([]byte(pathDoc), func(v []byte) error { got = append(got, string(v)); return nil })
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%s: %q, %v", c.path, got, err)
			}
			first, ok := p.First([]byte(pathDoc))
			if ok != (len(c.want) > 0) || ok && string(first) != c.want[0] {
				t.Errorf("%s: first %q, %v", c.path, first, ok)
			}
		}
	}
}

func parsePath(t *testing.T, text string) Path {
	t.Helper()
	p, err := ParsePath(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return p
}

func TestPathOfAnArrayDocument(t *testing.T) {
	var got []string
	err := parsePath(t, ".[].a").Each([]byte(`[{"a":1},{"a":2}]`), func(v []byte) error { got = append(got, string(v)); return nil })
	if err != nil || !slices.Equal(got, []string{"1", "2"}) {
		t.Error(got, err)
	}
}

func TestPathGrammar(t *testing.T) {
	for _, text := range []string{"", "a", "..a", ".a.", ".a..b", ".a[0]", ".a[", ".a b", `."a`, `."a\"`, `."\x"`, ".a-b",
		"." + strings.Repeat("[]", maxSteps+1)} {
		if p, err := ParsePath(text); err == nil {
			t.Errorf("%q is taken as %v", text, p.steps)
		}
	}
	if !(Path{}).Empty() || parsePath(t, ".").Empty() {
		t.Error("Empty is about the path's text")
	}
	if _, ok := (Path{}).First([]byte(pathDoc)); ok {
		t.Error("the empty path names something")
	}
}

func TestPathGivesPartsOfTheDocument(t *testing.T) {
	doc := []byte(`{"a":[10,20]}`)
	v, ok := parsePath(t, ".a[]").First(doc)
	if !ok || &v[0] != &doc[6] || cap(v) != len(v) {
		t.Errorf("%q with capacity %d is a copy, or can grow into the document", v, cap(v))
	}
}

func TestPathErrors(t *testing.T) {
	stop := errors.New("stop")
	n := 0
	err := parsePath(t, ".list[]").Each([]byte(pathDoc), func([]byte) error { n++; return stop })
	if !errors.Is(err, stop) || n != 1 {
		t.Errorf("%v after %d elements", err, n)
	}
	for _, doc := range []string{"", "{", `{"a"`, `{"a":`, `{"a":[`, `{"a":[1,`, `{"a":[1 secretword]}`, `{a:1}`, "secretword"} {
		err := parsePath(t, ".a[].b").Each([]byte(doc), func([]byte) error { return nil })
		if !errors.Is(err, errPathJSON) || strings.Contains(err.Error(), "secretword") {
			t.Errorf("%q: %v", doc, err)
		}
	}
}

func TestPathsInsideOfPaths(t *testing.T) {
	list, id := parsePath(t, ".list[]"), parsePath(t, ".id")
	var got []string
	err := list.Each([]byte(pathDoc), func(e []byte) error {
		v, _ := id.First(e)
		got = append(got, string(v))
		return nil
	})
	if err != nil || !slices.Equal(got, []string{`"n1"`, "", `"n2"`}) {
		t.Error(got, err)
	}
}

// FuzzPath: what a path gives is a JSON value and a part of the document, and Each and First agree.
func FuzzPath(f *testing.F) {
	f.Add(".a.b[].c", pathDoc)
	f.Add(`."\u0061"[]`, `{"a":[1e9,"\ud800",{}]}`)
	f.Fuzz(func(t *testing.T, text, doc string) {
		p, err := ParsePath(text)
		if err != nil {
			return
		}
		var got [][]byte
		err = p.Each([]byte(doc), func(v []byte) error { got = append(got, v); return nil })
		for _, v := range got {
			if len(v) == 0 || !strings.Contains(doc, string(v)) || !json.Valid(v) {
				t.Fatalf("%q is no value of the document", v)
			}
		}
		first, ok := p.First([]byte(doc))
		if ok != (len(got) > 0) || ok && !bytes.Equal(first, got[0]) {
			t.Fatalf("first %q, each %q, %v", first, got, err)
		}
	})
}

func BenchmarkPathEvents(b *testing.B) {
	one := `{"type":"join","socketId":"d_Q-...AAa5","room":"session:sess...3c2d","id":"rb-3823","timestamp":1795424857449}`
	doc := []byte(`{"type":"socket","count":500,"events":[` + strings.Repeat(one+",", 499) + one + `]}`)
	each, errEach := ParsePath(".events[]")
	id, errID := ParsePath(".id")
	if errEach != nil || errID != nil {
		b.Fatal(errEach, errID)
	}
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		err := each.Each(doc, func(e []byte) error {
			if _, ok := id.First(e); ok {
				n++
			}
			return nil
		})
		if n != 500 || err != nil {
			b.Fatal(n, err)
		}
	}
}
