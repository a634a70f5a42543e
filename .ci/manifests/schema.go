package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// operatorSchemas are those of the Prometheus operator's kinds, as far as the chart uses them.
//
//go:embed operator.json
var operatorSchemas []byte

// schemas compiles Kubernetes' schemas as they are needed, a file for each group and version.
type schemas struct {
	folder   string
	compiler *jsonschema.Compiler
	kinds    map[string]string // GROUP/VERSION KIND to the schema's address
	loaded   map[string]bool
}

func newSchemas(folder string) *schemas {
	s := &schemas{folder: folder, compiler: jsonschema.NewCompiler(), kinds: map[string]string{}, loaded: map[string]bool{}}
	s.compiler.DefaultDraft(jsonschema.Draft2020)
	return s
}

// check validates one manifest.
func (s *schemas) check(o object) []error {
	version, kind := o.text("apiVersion"), o.text("kind")
	if err := s.load(version); err != nil {
		return []error{err}
	}
	place, ok := s.kinds[version+" "+kind]
	if !ok {
		return []error{fmt.Errorf("no schema of %s %s", version, kind)}
	}
	schema, err := s.compiler.Compile(place)
	if err != nil {
		return []error{fmt.Errorf("compile schema: %w", err)}
	}
	b, err := json.Marshal(o)
	if err != nil {
		return []error{err}
	}
	plain, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		return []error{err}
	}
	if err := schema.Validate(plain); err != nil {
		return []error{err}
	}
	return nil
}

// load makes the schemas of a group and version known.
func (s *schemas) load(version string) error {
	if s.loaded[version] {
		return nil
	}
	name, b := "api__"+version, []byte(nil)
	if strings.Contains(version, "/") {
		name = "apis__" + strings.ReplaceAll(version, "/", "__")
	}
	var err error
	if strings.HasPrefix(version, "monitoring.coreos.com/") {
		b = operatorSchemas
	} else if b, err = os.ReadFile(filepath.Join(s.folder, name+"_openapi.json")); err != nil {
		return fmt.Errorf("find schema of %s: %w", version, err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		return fmt.Errorf("read schema of %s: %w", version, err)
	}
	root, _ := doc.(map[string]any)
	place := "mem:///" + name
	for schema, v := range object(root).at("components", "schemas") {
		m, ok := v.(map[string]any)
		if !ok {
			continue
		}
		strict(m)
		for _, k := range object(m).list("x-kubernetes-group-version-kind") {
			s.kinds[strings.TrimPrefix(k.text("group")+"/", "/")+k.text("version")+" "+k.text("kind")] = place + "#/components/schemas/" + schema
		}
	}
	s.loaded[version] = true
	return s.compiler.AddResource(place, doc)
}

// strict refuses, in a schema and those in it, each field that is not named: the API server drops them without a word.
func strict(schema map[string]any) {
	_, named := schema["properties"]
	if _, said := schema["additionalProperties"]; named && !said {
		schema["additionalProperties"] = false
	}
	for _, v := range schema {
		switch v := v.(type) {
		case map[string]any:
			strict(v)
		case []any:
			for _, item := range v {
				if m, ok := item.(map[string]any); ok {
					strict(m)
				}
			}
		}
	}
}
