package profile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("profile.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("profile.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// validate holds a file in YAML against the schema.
func validate(t *testing.T, s *jsonschema.Schema, file []byte) error {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

func TestBuiltinsFollowTheSchema(t *testing.T) {
	s := compileSchema(t)
	for _, name := range Builtins() {
		file, err := builtin.ReadFile("builtin/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(t, s, file); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := validate(t, s, append(file, "\nalerts: []\n"...)); err == nil {
			t.Errorf("%s: the schema takes a member that is not there yet", name)
		}
	}
}

// TestSchemaAndDecoderAgree builds a file that has every member of the schema. The decoder must know
// each of them, and, asked with a member that it does not know, must name just those of the schema.
func TestSchemaAndDecoderAgree(t *testing.T) {
	var root map[string]any
	if err := json.Unmarshal(Schema(), &root); err != nil {
		t.Fatal(err)
	}
	w := &schemaWalk{defs: root["$defs"].(map[string]any), known: map[string][]string{}}
	full := w.sample(root, "")
	if faults := unknownMembers(t, full); len(faults) > 0 {
		t.Errorf("members of the schema that the decoder does not take:\n%s", strings.Join(faults, "\n"))
	}
	w.probe = true
	faults := unknownMembers(t, w.sample(root, ""))
	told := map[string][]string{}
	for _, f := range faults {
		_, rest, _ := strings.Cut(f, `"probe-`)
		place, rest, _ := strings.Cut(rest, `"`)
		_, list, _ := strings.Cut(rest, "write one of: ")
		told[place] = strings.Split(list, ", ")
	}
	if len(w.known) < 30 {
		t.Fatalf("only %d objects in the schema", len(w.known))
	}
	for place, known := range w.known {
		if got := slices.Sorted(slices.Values(told[place])); !slices.Equal(got, known) {
			t.Errorf("%s: the decoder knows %v, the schema %v", place, got, known)
		}
	}
}

// unknownMembers parses a sample and gives the faults about members.
func unknownMembers(t *testing.T, sample any) []string {
	t.Helper()
	file, err := json.MarshalIndent(sample, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	file, err = yaml.JSONToYAML(file)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Parse("sample.yaml", file)
	var list []string
	for _, f := range faultsOf(err) {
		if strings.Contains(f.Text, "has no member") {
			list = append(list, f.Text)
		} else if strings.Contains(f.Text, "is not for profiles") || f.Line == 0 {
			t.Fatal(f)
		}
	}
	return list
}

// schemaWalk makes samples of a schema and notes the members of each object on its way.
type schemaWalk struct {
	defs  map[string]any
	probe bool
	known map[string][]string
}

func (w *schemaWalk) sample(schema map[string]any, place string) any {
	if ref, ok := schema["$ref"].(string); ok {
		return w.sample(w.defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any), place)
	}
	if values, ok := schema["enum"].([]any); ok {
		return values[0]
	}
	if v, ok := schema["const"]; ok {
		return v
	}
	switch schema["type"] {
	case "object":
		return w.object(schema, place)
	case "array":
		return []any{w.sample(schema["items"].(map[string]any), place+".0")}
	case "integer", "number":
		return 1
	case "boolean":
		return true
	}
	return "x"
}

func (w *schemaWalk) object(schema map[string]any, place string) any {
	if open, ok := schema["additionalProperties"].(map[string]any); ok { // names are free
		return map[string]any{"x": w.sample(open, place+".x")}
	}
	out := map[string]any{}
	properties := schema["properties"].(map[string]any)
	for name, p := range properties {
		out[name] = w.sample(p.(map[string]any), place+"."+name)
	}
	w.known[place] = slices.Sorted(maps.Keys(properties))
	if w.probe {
		out[fmt.Sprintf("probe-%s", place)] = 1
	}
	return out
}
