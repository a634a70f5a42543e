// Command manifests judges what Helm made of the chart. It is a module of its own, so that nothing of it gets into
// the agent's.
//
//	manifests validate OPENAPI FILE...   against Kubernetes' own schemas, each unknown field refused (schema.go), and
//	                                     against the rules for the sidecar and its pod (rules.go)
//	manifests same PATCH FILE            the patch adds the container and the volumes that the chart makes (same.go)
//	manifests patched PATCH              prints a relay's Deployment with the patch in it, as kubectl would make it (patched.go)
//	manifests play FILE [FOLDER ADDRESS] prints FILE as podman can play it (play.go)
//	manifests cluster OPENAPI FOLDER FILE POD ADDRESS  answers at ADDRESS, for the POD that podman plays of FILE, what
//	                                     Kubernetes' API server would (cluster.go)
//
// OPENAPI is api/openapi-spec/v3 of Kubernetes' sources. FILE is what `helm template` printed. Faults go to
// stderr, a line each; exit 1.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/goccy/go-yaml"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	switch {
	case len(args) > 2 && args[0] == "validate":
		return validate(args[1], args[2:], out)
	case len(args) == 3 && args[0] == "same":
		return same(args[1], args[2])
	case len(args) == 2 && args[0] == "patched":
		return patched(args[1], out)
	case len(args) == 2 && args[0] == "play":
		return play(args[1], nil, out)
	case len(args) == 4 && args[0] == "play":
		account, err := readAccount(args[2], args[3])
		if err != nil {
			return err
		}
		return play(args[1], account, out)
	case len(args) == 6 && args[0] == "cluster":
		return serveCluster(args[1], args[2], args[3], args[4], args[5])
	}
	return errors.New("usage: manifests validate OPENAPI FILE... | same PATCH FILE | patched PATCH | play FILE [FOLDER ADDRESS] | cluster OPENAPI FOLDER FILE POD ADDRESS")
}

func validate(openapi string, files []string, out io.Writer) error {
	schemas := newSchemas(openapi)
	var faults []error
	documents := 0
	for _, file := range files {
		objects, err := read(file)
		if err != nil {
			return err
		}
		if len(objects) == 0 {
			faults = append(faults, fmt.Errorf("%s: holds nothing", file))
		}
		for _, o := range objects {
			documents++
			for _, err := range append(schemas.check(o), checkRules(o)...) {
				faults = append(faults, fmt.Errorf("%s: %s %s: %w", file, o.text("kind"), o.at("metadata").text("name"), err))
			}
		}
	}
	if len(faults) == 0 {
		fmt.Fprintf(out, "%d manifests in %d files are valid\n", documents, len(files))
	}
	return errors.Join(faults...)
}

// object is one YAML document, or a part of it.
type object map[string]any

// read gives the documents of a file that hold something. A key that stands twice is an error.
func read(file string) ([]object, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var objects []object
	for d := yaml.NewDecoder(bytes.NewReader(b)); ; {
		var o map[string]any
		switch err := d.Decode(&o); {
		case err == io.EOF:
			return objects, nil
		case err != nil:
			return nil, fmt.Errorf("%s: %w", file, err)
		case len(o) > 0:
			objects = append(objects, o)
		}
	}
}

// at follows a path of names; what is not there is an empty object.
func (o object) at(path ...string) object {
	for _, name := range path {
		next, _ := o[name].(map[string]any)
		o = next
	}
	return o
}

func (o object) text(name string) string {
	s, _ := o[name].(string)
	return s
}

// list gives the objects of a list.
func (o object) list(name string) []object {
	items, _ := o[name].([]any)
	var out []object
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// pod is the spec of the pod that an object is or makes; empty when it has none.
func (o object) pod() object {
	if o.text("kind") == "Pod" {
		return o.at("spec")
	}
	return o.at("spec", "template", "spec")
}

// containers gives all containers of a pod's spec.
func (o object) containers() []object {
	return append(o.list("initContainers"), o.list("containers")...)
}
