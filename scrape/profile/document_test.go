package profile

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestDocument(t *testing.T) {
	doc, cut, err := Document([]byte(` {"n":12345678901234567890,"f":1e400,"a":1,"a":{"b":[true,false,null]},"t":"\u00fc"} `))
	want := map[string]any{"n": json.Number("12345678901234567890"), "f": json.Number("1e400"),
		"a": map[string]any{"b": []any{true, false, nil}}, "t": "ü"}
	if err != nil || cut || !reflect.DeepEqual(doc, want) {
		t.Errorf("%v, %v, %v", doc, cut, err)
	}
	if doc, _, err := Document([]byte("{\"a\":\"b\xff\"}")); err != nil || doc.(map[string]any)["a"] != "b\ufffd" {
		t.Errorf("%q, %v", doc, err)
	}
}

func TestDocumentRefuses(t *testing.T) {
	deep := func(n int) []byte { return []byte(strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n)) }
	if _, _, err := Document(deep(maxDepth)); err != nil {
		t.Errorf("%d levels: %v", maxDepth, err)
	}
	wide := `{"a":"` + strings.Repeat("x", maxDocument) + `"`
	for _, c := range []struct {
		body []byte
		want error
	}{
		{deep(maxDepth + 1), errTooDeep},
		{deep(20000), errTooDeep},
		{nil, errNotJSON},
		{[]byte(`{"a":1} 2`), errNotJSON},
		{[]byte(`{"a":secretword}`), errNotJSON},
		{[]byte(`{"a":[1,2}`), errNotJSON},
		{[]byte(wide + "}"), errTooWide},
		{[]byte(wide + `,"b":[1,2,3]}`), errTooWide},
		{[]byte(wide), errNotJSON},
		{[]byte(`{"a":[1,2]` + strings.Repeat(`,"a":[1,2]`, maxDocument/8) + "}"), errTooWide},
	} {
		doc, _, err := Document(c.body)
		if !errors.Is(err, c.want) || doc != nil || strings.Contains(err.Error(), "secretword") {
			t.Errorf("%.40q: %v, want %v", c.body, err, c.want)
		}
	}
}

// TestDocumentCuts: the longest arrays go, and only as many as have to.
func TestDocumentCuts(t *testing.T) {
	array := func(bytes int) string { return "[" + strings.Repeat("1,", (bytes-3)/2) + "1]" }
	big, mid, small := array(maxDocument+1000), array(2000), array(1000)
	for _, c := range []struct{ name, body, want string }{
		{"one goes", `{"small":` + small + `,"n":1,"big":` + big + `,"mid" :  ` + mid + `}`, "small n mid"},
		{"two go", `{"small":` + small + `,"t":"` + strings.Repeat("x", maxDocument-2500) + `","big":` + big + `,"mid":` + mid + `}`, "small t"},
		{"inside of an array", `{"n":1,"outer":[{"inner":` + big + `}]}`, "n"},
		{"inside of an object", `{"n":1,"o":{"big":` + big + `,"small":` + small + `}}`, "n o.small"},
		{"the answer itself", big, ""},
	} {
		doc, cut, err := Document([]byte(c.body))
		if err != nil || !cut {
			t.Fatalf("%s: cut %v, %v", c.name, cut, err)
		}
		for name := range strings.FieldsSeq(c.want) {
			if at(doc, name) == nil {
				t.Errorf("%s: %s is gone", c.name, name)
			}
		}
		if n := leaves(doc); n != len(strings.Fields(c.want)) {
			t.Errorf("%s: %d members left, want %s", c.name, n, c.want)
		}
	}
	fits := `{"a":` + array(maxDocument-6) + `}`
	if _, cut, err := Document([]byte(fits)); cut || err != nil || len(fits) > maxDocument {
		t.Errorf("%d bytes are cut (%v), %v", len(fits), cut, err)
	}
}

// at follows dotted names.
func at(doc any, name string) any {
	for part := range strings.SplitSeq(name, ".") {
		m, _ := doc.(map[string]any)
		doc = m[part]
	}
	return doc
}

// leaves counts the members that are no objects.
func leaves(doc any) (n int) {
	m, ok := doc.(map[string]any)
	if !ok {
		if doc == nil {
			return 0
		}
		return 1
	}
	for _, v := range m {
		n += leaves(v)
	}
	return n
}

func TestDocumentOfTheLargestCapture(t *testing.T) {
	body, err := os.ReadFile(filepath.Join(captures, "tapped", "diagnostics-errors-recent.json"))
	if err != nil {
		t.Fatal(err)
	}
	doc, cut, err := Document(body)
	if err != nil || !cut || at(doc, "data.errors") != nil || fmt.Sprint(at(doc, "data.countsBySubsystem.ws")) != "259" {
		t.Errorf("cut %v, %v, counts %v", cut, err, at(doc, "data.countsBySubsystem"))
	}
}

// FuzzDocument: it takes what encoding/json takes and makes the same of it, but for bounds.
func FuzzDocument(f *testing.F) {
	f.Add([]byte(pathDoc))
	f.Add([]byte(`{"a":[` + strings.Repeat("1,", maxDocument/2) + `1]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		doc, cut, err := Document(body)
		if err != nil && doc != nil {
			t.Fatal("a document and an error")
		}
		if cut || errors.Is(err, errTooDeep) || errors.Is(err, errTooWide) {
			return
		}
		dec := json.NewDecoder(strings.NewReader(string(body)))
		dec.UseNumber()
		var want any
		if json.Valid(body) != (err == nil) {
			t.Fatalf("%v, encoding/json: %v", err, json.Valid(body))
		}
		if err != nil {
			return
		}
		if err := dec.Decode(&want); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(doc, want) {
			t.Fatalf("%v\n%v", doc, want)
		}
	})
}
