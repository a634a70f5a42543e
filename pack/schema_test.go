package pack

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"relaypack/scrape"
)

// Each property of the schema is explained in FORMAT.md.
func TestFormatExplainsEveryProperty(t *testing.T) {
	text, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(Schema(), &doc); err != nil {
		t.Fatal(err)
	}
	words := map[string]bool{}
	for i, quoted := range strings.Split(string(text), "`") {
		if i%2 == 1 {
			for _, w := range strings.FieldsFunc(quoted, func(r rune) bool { return strings.ContainsRune(" {},->.\"", r) }) {
				words[w] = true
			}
		}
	}
	n := 0
	properties(doc, func(name string) {
		n++
		if !words[name] {
			t.Errorf("FORMAT.md says nothing of %s", name)
		}
	})
	if n < 100 {
		t.Errorf("only %d properties", n)
	}
}

func properties(v any, fn func(name string)) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			if name == "properties" {
				for property, schema := range inner.(map[string]any) {
					fn(property)
					properties(schema, fn)
				}
				continue
			}
			properties(inner, fn)
		}
	case []any:
		for _, inner := range v {
			properties(inner, fn)
		}
	}
}

func TestSchemaRefusesWhatIsNotAPack(t *testing.T) {
	b := setup(t, okboxbox(t), megabytes)
	b.record(look(t, b.profile, "tapped", looked, all...))
	doc, _ := b.build(Request{})
	for name, spoil := range map[string]func(map[string]any){
		"more":            func(d map[string]any) { d["more"] = 1 },
		"missing":         func(d map[string]any) { delete(d, "relayStats") },
		"text for number": func(d map[string]any) { d["summary"].(map[string]any)["uptime"] = "long" },
		"status":          func(d map[string]any) { inner(d, "supportBundle", "sources", "summary")["status"] = "fine" },
		"parity alone":    func(d map[string]any) { d["sessionParity"] = nil },
	} {
		t.Run(name, func(t *testing.T) {
			raw, _ := json.Marshal(doc)
			again := decode(t, raw).(map[string]any)
			spoil(again)
			if packSchema(t).Validate(again) == nil {
				t.Error("taken")
			}
		})
	}
}

func inner(d map[string]any, path ...string) map[string]any {
	for _, name := range path {
		d = d[name].(map[string]any)
	}
	return d
}

// What the agent itself writes holds none of the three words.
func TestOwnTextsAreFreeOfTheWords(t *testing.T) {
	texts := map[string]string{"schema": string(Schema()), "signs": signs}
	for _, v := range []Verdict{Clean, Cleaned, Minimal} {
		texts["verdict "+string(v)] = string(v)
	}
	for _, why := range []string{whyBeforeStart, whyBetweenLooks, whyIDsWentBack, whyClockStep, whyNoCandidate, whyManyCandidates, whyNotAllListed, cutMember, cutText} {
		texts[why] = why
	}
	b := setup(t, okboxbox(t), MinBytes, "schemaVersion")
	s := emptyLook(b.profile, looked)
	s.Anomalies = []scrape.Anomaly{{At: looked, Class: "relay", What: "ids-went-back"}, {At: looked, What: "clock-step"}}
	b.record(s)
	_, minimal := b.build(Request{SessionID: mask, TraceID: "trace-1", IncludeConfig: true})
	texts["minimal pack"] = string(minimal.Bytes())
	b = setup(t, okboxbox(t), megabytes)
	b.record(look(t, b.profile, "stock", looked, all...))
	_, stock := b.build(Request{SessionID: "sess_1", TraceID: "trace-1", IncludeConfig: true})
	texts["stock pack"] = string(stock.Bytes())
	for _, name := range Views() {
		v, err := b.builder.View(name)
		if err != nil {
			t.Fatal(err)
		}
		texts["view "+name] = string(v)
	}
	for place, text := range literals(t) {
		texts[place] = text
	}
	for name, text := range texts {
		if hasWords([]byte(text)) {
			t.Errorf("%s holds one of the words", name)
		}
	}
}

// literals are all texts in the package's code, but for the words themselves.
func literals(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	fset := token.NewFileSet()
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(fset, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && !slices.Contains(wordsOfTheCheck[:], strings.Trim(lit.Value, `"`)) {
				texts[fset.Position(lit.Pos()).String()] = lit.Value
			}
			return true
		})
	}
	if len(texts) < 200 {
		t.Fatalf("only %d texts", len(texts))
	}
	return texts
}

func TestSearchTellsEveryHitAndMakesNone(t *testing.T) {
	d := &draft{}
	d.add(&part{path: []string{"supportBundle", "errors"}, data: []byte(`{"list":[{"message":"a KEY and a token","x":{"pkey":{"y":"secretsecret","tok":"en"}}}]}`)})
	d.add(&part{path: []string{"summary"}, data: []byte(`{"environment":"monkey"}`)})
	var s search
	for _, p := range d.parts {
		s.part(p)
	}
	got := string(s.encode(false))
	const want = `{"hits":6,"places":[` +
		`{"pointer":"/supportBundle/errors/list/0/message","word":1,"count":1},` +
		`{"pointer":"/supportBundle/errors/list/0/message","word":2,"count":1},` +
		`{"pointer":"/supportBundle/errors/list/0/x","word":2,"member":0,"count":1},` +
		`{"pointer":"/supportBundle/errors/list/0/x","word":3,"member":0,"count":2},` +
		`{"pointer":"/summary/environment","word":2,"count":1}],"untold":0}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if hasWords([]byte(got)) {
		t.Error("the report makes hits of its own")
	}
	if got := plainPointer("/a/apiKey/b"); got != "/a" {
		t.Errorf("pointer is told as %s", got)
	}
}
