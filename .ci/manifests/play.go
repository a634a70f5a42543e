package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// play prints what podman can play of a rendered chart. What it changes is this list, because of what podman 4.3
// does with the rest:
//
//   - kinds but Secret, ConfigMap and Deployment: left out
//   - Secrets: ConfigMaps, since a Secret's values are mounted as they stand, in Base64, and are no variables
//   - projected volumes of Secrets: a configMap volume of the sources, which are all of one Secret
//   - the projected volume of the service account: a configMap of the account's files; nothing without one
//   - fieldPath spec.nodeName and metadata.namespace: both are called "here"
//   - resourceFieldRef: the number, since podman takes the container's own limit, whatever container is named
//   - httpGet probes, which would want curl in the image: left out
//   - ports: left out, since podman takes each for one of the machine's
//
// And, as Kubernetes does, each container gets the address of the API server in two variables, where there is one.
func play(file string, a *account, out io.Writer) error {
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
		if err := playContainers(o.pod(), a); err != nil {
			return err
		}
		if err := e.Encode(o); err != nil {
			return err
		}
	}
	if a != nil {
		if err := e.Encode(a.configMap()); err != nil {
			return err
		}
	}
	return e.Close()
}

func playContainers(pod object, a *account) error {
	for _, c := range pod.containers() {
		delete(c, "livenessProbe")
		delete(c, "ports")
		for _, env := range c.list("env") {
			if err := playVariable(pod, env); err != nil {
				return err
			}
		}
		if a != nil {
			env, _ := c["env"].([]any)
			c["env"] = append(env, map[string]any{"name": "KUBERNETES_SERVICE_HOST", "value": a.host}, map[string]any{"name": "KUBERNETES_SERVICE_PORT", "value": a.port})
		}
	}
	return nil
}

// account is what a service account has: its files by name, and where it asks.
type account struct {
	files      map[string]any
	host, port string
}

// accountMap is the name of the ConfigMap, and so of podman's volume.
const accountMap = "relaypack-account"

// readAccount reads it from the folder of a stand-in.
func readAccount(folder, address string) (*account, error) {
	port, err := os.ReadFile(filepath.Join(folder, "port"))
	a := &account{host: address, port: strings.TrimSpace(string(port)), files: map[string]any{"namespace": playedNamespace}}
	for _, name := range []string{"token", "ca.crt"} {
		b, fault := os.ReadFile(filepath.Join(folder, "account", name))
		err = errors.Join(err, fault)
		a.files[name] = string(b)
	}
	return a, err
}

func (a *account) configMap() object {
	return object{"apiVersion": "v1", "kind": "ConfigMap", "metadata": object{"name": accountMap}, "data": a.files}
}

// What stands for a namespace and a node.
const playedNamespace, playedNode = "here", "here"

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

func playVariable(pod, env object) error {
	from := env.at("valueFrom")
	switch from.at("fieldRef").text("fieldPath") {
	case "spec.nodeName":
		delete(env, "valueFrom")
		env["value"] = playedNode
	case "metadata.namespace":
		delete(env, "valueFrom")
		env["value"] = playedNamespace
	}
	if ref, ok := from["secretKeyRef"]; ok {
		delete(from, "secretKeyRef")
		from["configMapKeyRef"] = ref
	}
	if ref := from.at("resourceFieldRef"); len(ref) > 0 {
		bytes, err := memoryLimit(pod, ref)
		if err != nil {
			return err
		}
		delete(env, "valueFrom")
		env["value"] = bytes
	}
	return nil
}

// memoryLimit is what the downward API says of a container: bytes, as a text.
func memoryLimit(pod, ref object) (string, error) {
	for _, c := range pod.containers() {
		if c.text("name") != ref.text("containerName") || ref.text("resource") != "limits.memory" {
			continue
		}
		mebis, err := strconv.ParseInt(strings.TrimSuffix(c.at("resources", "limits").text("memory"), "Mi"), 10, 32)
		return strconv.FormatInt(mebis<<20, 10), err
	}
	return "", fmt.Errorf("no %s of a container %s", ref.text("resource"), ref.text("containerName"))
}

func oneVolume(sources []object) map[string]any {
	if len(sources[0].at("serviceAccountToken")) > 0 {
		return map[string]any{"name": accountMap}
	}
	var items []any
	for _, s := range sources {
		more, _ := s.at("secret")["items"].([]any)
		items = append(items, more...)
	}
	return map[string]any{"name": sources[0].at("secret").text("name"), "items": items}
}
