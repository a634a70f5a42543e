package main

import (
	"os"
	"path/filepath"
	"strings"

	"relaypack/scrape"
)

// cluster is where a pod finds what it needs for asking its cluster.
type cluster struct {
	folder string                   // the mounted service account
	env    func(name string) string // variables that Kubernetes sets in every container
}

// inPod is the place as Kubernetes makes it.
func inPod() cluster { return cluster{scrape.ServiceAccount, os.Getenv} }

func (p cluster) mounted() bool {
	for _, name := range []string{"token", "ca.crt"} {
		if regular(filepath.Join(p.folder, name)) != nil {
			return false
		}
	}
	return true
}

// kubernetes reads what is to be asked of the cluster. Nothing is asked when something is missing for it.
func (c *checker) kubernetes(s *settings, v variables, p cluster) {
	lines := c.number("KubernetesLogLines", v.KubernetesLogLines, c.defaults.KubernetesLogLines, 0, scrape.MaxLogLines)
	relay := c.objectName("RelayContainer", v.RelayContainer)
	switch v.Kubernetes {
	case "off":
		return
	case "on":
	default:
		c.fault("Kubernetes", "wants on or off")
		return
	}
	before := len(c.faults)
	if p.env("KUBERNETES_SERVICE_HOST") == "" || p.env("KUBERNETES_SERVICE_PORT") == "" {
		c.fault("Kubernetes", "is on, but KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: this is no pod of a cluster")
	}
	if !p.mounted() {
		c.fault("Kubernetes", "is on, but no service account is mounted at %s: mount one into this container, as a projected volume", p.folder)
	}
	for _, name := range []struct{ field, value, from string }{
		{"PodName", v.PodName, "metadata.name"}, {"PodNamespace", v.PodNamespace, "metadata.namespace"},
	} {
		if name.value == "" {
			c.fault(name.field, "is not set, and %s is on: take it from fieldRef %s", variableName("Kubernetes"), name.from)
			continue
		}
		c.objectName(name.field, name.value)
	}
	if len(c.faults) > before {
		return
	}
	s.kubernetes = &scrape.KubernetesOptions{
		Host: p.env("KUBERNETES_SERVICE_HOST"), Port: p.env("KUBERNETES_SERVICE_PORT"), Folder: p.folder,
		Namespace: v.PodNamespace, Pod: v.PodName, Container: relay, LogLines: lines,
	}
}

// objectName checks a name as Kubernetes gives it to its objects.
func (c *checker) objectName(field, text string) string {
	if len(text) <= maxLabel && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789-.") == "" && strings.Trim(text, ".-") == text {
		return text
	}
	c.fault(field, "wants a name as Kubernetes gives it: lower-case letters, digits, - and .")
	return ""
}
