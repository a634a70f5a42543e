package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"slices"

	"github.com/goccy/go-yaml"
)

// play prints what podman can play of a rendered chart. What it changes is this list, because of what podman 4.3
// does with the rest:
//
//   - kinds but Secret, ConfigMap and Deployment: left out
//   - Secrets: ConfigMaps, since a Secret's values are mounted as they stand, in Base64, and are no variables
//   - projected volumes: a configMap volume of the sources, which are all of one Secret
//   - fieldPath spec.nodeName and metadata.namespace: both are called "here"
//   - httpGet probes, which would want curl in the image: left out
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
		if err := openSecret(o); err != nil {
			return err
		}
		for _, v := range o.pod().list("volumes") {
			if sources := v.at("projected").list("sources"); len(sources) > 0 {
				v["configMap"] = oneVolume(sources)
				delete(v, "projected")
			}
		}
		for _, c := range o.pod().containers() {
			delete(c, "livenessProbe")
			for _, env := range c.list("env") {
				playVariable(env)
			}
		}
		if err := e.Encode(o); err != nil {
			return err
		}
	}
	return e.Close()
}

func openSecret(o object) error {
	if o.text("kind") != "Secret" {
		return nil
	}
	o["kind"] = "ConfigMap"
	delete(o, "type")
	data := o.at("data")
	for name := range data {
		value, err := base64.StdEncoding.DecodeString(data.text(name))
		if err != nil {
			return fmt.Errorf("decode secret %s: %w", name, err)
		}
		data[name] = string(value)
	}
	return nil
}

func playVariable(env object) {
	from := env.at("valueFrom")
	switch from.at("fieldRef").text("fieldPath") {
	case "spec.nodeName", "metadata.namespace":
		delete(env, "valueFrom")
		env["value"] = "here"
	}
	if ref, ok := from["secretKeyRef"]; ok {
		delete(from, "secretKeyRef")
		from["configMapKeyRef"] = ref
	}
}

func oneVolume(sources []object) map[string]any {
	var items []any
	for _, s := range sources {
		more, _ := s.at("secret")["items"].([]any)
		items = append(items, more...)
	}
	return map[string]any{"name": sources[0].at("secret").text("name"), "items": items}
}
