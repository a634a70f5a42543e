package main

import (
	"io"
	"slices"

	"github.com/goccy/go-yaml"
)

// play prints what podman can play of a rendered chart. What it changes is this list, because podman 4.3 has no:
//
//   - kinds but Secret, ConfigMap and Deployment: left out
//   - projected volumes: a secret volume of the sources, which are all of one Secret
//   - fieldPath spec.nodeName: the node is called "here"
//   - httpGet probes in an image without curl: left out
func play(file string, out io.Writer) error {
	objects, err := read(file)
	if err != nil {
		return err
	}
	e := yaml.NewEncoder(out, yaml.UseLiteralStyleIfMultiline(true))
	for _, o := range objects {
		if !slices.Contains([]string{"Secret", "ConfigMap", "Deployment"}, o.text("kind")) {
			continue
		}
		for _, v := range o.pod().list("volumes") {
			if sources := v.at("projected").list("sources"); len(sources) > 0 {
				v["secret"] = oneSecret(sources)
				delete(v, "projected")
			}
		}
		for _, c := range o.pod().containers() {
			delete(c, "livenessProbe")
			for _, env := range c.list("env") {
				if env.at("valueFrom", "fieldRef").text("fieldPath") == "spec.nodeName" {
					delete(env, "valueFrom")
					env["value"] = "here"
				}
			}
		}
		if err := e.Encode(o); err != nil {
			return err
		}
	}
	return e.Close()
}

func oneSecret(sources []object) map[string]any {
	var items []any
	for _, s := range sources {
		more, _ := s.at("secret")["items"].([]any)
		items = append(items, more...)
	}
	return map[string]any{"secretName": sources[0].at("secret").text("name"), "items": items}
}
