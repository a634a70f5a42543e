package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// same compares the sidecar of a patch, and its volumes, with those that the chart made.
func same(patch, chart string) error {
	var sides [2]map[string]any
	for i, file := range []string{patch, chart} {
		objects, err := read(file)
		if err != nil {
			return err
		}
		for _, o := range objects {
			if pod := o.pod(); len(pod.list("containers"))+len(pod.list("initContainers")) > 0 && o.text("kind") != "Pod" {
				sides[i] = parts(pod)
			}
		}
		if len(sides[i]) < 2 {
			return fmt.Errorf("%s: no sidecar in it", file)
		}
	}
	var faults []error
	for name := range sides[0] {
		if !reflect.DeepEqual(sides[0][name], sides[1][name]) {
			faults = append(faults, fmt.Errorf("%s differs:\n  patch %s\n  chart %s", name, plain(sides[0][name]), plain(sides[1][name])))
		}
	}
	for name := range sides[1] {
		if _, ok := sides[0][name]; !ok {
			faults = append(faults, fmt.Errorf("the patch has no %s", name))
		}
	}
	return errors.Join(faults...)
}

// parts are a pod's sidecar and its volumes by where they stand.
func parts(pod object) map[string]any {
	out := map[string]any{}
	for place, prefix := range map[string]string{"initContainers": sidecar, "containers": sidecar, "volumes": sidecar + "-"} {
		for _, o := range pod.list(place) {
			if strings.HasPrefix(o.text("name"), prefix) {
				out[place+"/"+o.text("name")] = o
			}
		}
	}
	return out
}

func plain(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}
