package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"relaypack/agent/internal/known"
	"relaypack/scrape"
)

const maxSecretPaths = 16

// secretPaths divides SECRET_PATHS. A faulty item is told by its place, since its text may be anything.
func (c *checker) secretPaths(list string) []string {
	var out []string
	for i, path := range strings.Split(list, ",") {
		switch path = strings.TrimSpace(path); {
		case path == "":
		case !filepath.IsAbs(path):
			c.fault("SecretPaths", "item %d is no absolute path; write files and folders divided by commas", i+1)
		case len(out) == maxSecretPaths:
			c.fault("SecretPaths", "has more than %d items", maxSecretPaths)
			return out
		default:
			out = append(out, path)
		}
	}
	return out
}

// absentPaths counts the items of SECRET_PATHS that cannot be seen; one may still be mounted later.
func (s *settings) absentPaths() (n int) {
	for _, path := range s.secretPaths {
		if _, err := os.Stat(path); err != nil {
			n++
		}
	}
	return n
}

// surround lets the settings know what stands around the agent: its environment, and what that leads to.
func (s *settings) surround(env []string) {
	podded := false
	harmless := []string{s.identity.Pod, s.identity.Namespace, s.identity.Node, s.identity.Host, s.environment, s.profile.Name}
	for _, nv := range env {
		name, value, _ := strings.Cut(nv, "=")
		switch name {
		case "USER", "LOGNAME", "HOME", "HOSTNAME", "PWD":
			harmless = append(harmless, value)
		case "KUBERNETES_SERVICE_HOST":
			podded = value != ""
		}
	}
	s.finder = known.New(known.Options{Environ: env, Paths: s.secretPaths, Store: s.store, Harmless: harmless, Podded: podded})
}

// lookAround gives the secrets that stand around the agent now.
func (s *settings) lookAround() ([][]byte, known.Numbers) {
	if s.finder == nil {
		return nil, known.Numbers{}
	}
	return s.finder.Look()
}

// meet notes which process the relay is. What its environment and its arguments hold is known before anything else of
// this look is redacted.
func (o *observer) meet(snap *scrape.Snapshot) {
	s := o.s
	if s.finder == nil {
		return
	}
	for _, r := range snap.Results {
		if p := r.Process; p != nil && s.finder.Relay(p.Pid, p.StartTicks, p.Args) {
			values, _ := s.lookAround()
			o.secrets.around(values)
		}
	}
}

// watchAround looks around anew, and tells when something came that was not there: files rotate.
func (o *observer) watchAround(log *slog.Logger) {
	values, n := o.s.lookAround()
	if o.secrets.around(values) {
		tellAround(log, n)
	}
}

func tellAround(log *slog.Logger, n known.Numbers) {
	log.Info("secrets around the agent are known", "values", n.Values, "files", n.Files)
	if n.LeftOut > 0 {
		log.Warn("there are more secrets around the agent than it can know", "leftOut", n.LeftOut)
	}
}
