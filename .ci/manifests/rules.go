package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

const sidecar = "relaypack" // name of the agent's container, and what the names of its volumes begin with

// checkRules holds a pod to the restricted level of pod security, and its sidecar to what it must not do to a relay.
func checkRules(o object) (faults []error) {
	pod := o.pod()
	if len(pod) == 0 {
		return nil
	}
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if pod["automountServiceAccountToken"] != false {
		fault("the service account is mounted into all containers")
	}
	if pod["enableServiceLinks"] != false {
		fault("the variables of all services get into the containers")
	}
	for _, name := range []string{"hostNetwork", "hostPID", "hostIPC"} {
		if _, set := pod[name]; set {
			fault("%s is set", name)
		}
	}
	for _, v := range pod.list("volumes") {
		for kind := range v {
			if !slices.Contains([]string{"name", "configMap", "emptyDir", "projected", "secret", "persistentVolumeClaim"}, kind) {
				fault("volume %s is a %s", v.text("name"), kind)
			}
		}
	}
	for _, c := range pod.containers() {
		for _, why := range append(restricted(pod, c), manners(pod, c)...) {
			fault("container %s: %s", c.text("name"), why)
		}
	}
	return faults
}

// restricted is what the level "restricted" wants of a container, and a root that cannot be written.
func restricted(pod, c object) (faults []string) {
	s := c.at("securityContext")
	if s["allowPrivilegeEscalation"] != false {
		faults = append(faults, "may gain privileges")
	}
	if drop, _ := s.at("capabilities")["drop"].([]any); !slices.Contains(drop, "ALL") || s.at("capabilities")["add"] != nil {
		faults = append(faults, "keeps capabilities")
	}
	if s.at("seccompProfile").text("type") != "RuntimeDefault" {
		faults = append(faults, "has no seccomp profile")
	}
	if s["runAsNonRoot"] != true && pod.at("securityContext")["runAsNonRoot"] != true || fmt.Sprint(s["runAsUser"]) == "0" {
		faults = append(faults, "may run as root")
	}
	if s["readOnlyRootFilesystem"] != true {
		faults = append(faults, "has a root that it can write")
	}
	if s["privileged"] == true {
		faults = append(faults, "is privileged")
	}
	return faults
}

// manners are the sidecar's towards the relay's pod: it changes neither its readiness nor its QoS class, and
// shares its volumes with nobody.
func manners(pod, c object) (faults []string) {
	if c.text("name") != sidecar {
		for _, m := range c.list("volumeMounts") {
			if strings.HasPrefix(m.text("name"), sidecar) {
				faults = append(faults, "mounts the sidecar's "+m.text("name"))
			}
		}
		return faults
	}
	for _, probe := range []string{"readinessProbe", "startupProbe"} {
		if c[probe] != nil {
			faults = append(faults, "has a "+probe)
		}
	}
	if host := c.at("livenessProbe", "httpGet")["host"]; host != nil {
		faults = append(faults, "is probed at another host")
	}
	requests, limits := c.at("resources", "requests"), c.at("resources", "limits")
	for _, name := range []string{"cpu", "memory"} { // both, or nothing at all beside a relay that has nothing
		if c["resources"] != nil && (limits[name] == nil || !reflect.DeepEqual(requests[name], limits[name])) {
			faults = append(faults, "requests other "+name+" than its limit")
		}
	}
	if pod["shareProcessNamespace"] != true {
		faults = append(faults, "does not see the relay's process")
	}
	return faults
}
