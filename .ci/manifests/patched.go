package main

import (
	_ "embed"
	"fmt"
	"io"
	"os"

	"github.com/goccy/go-yaml"
	apps "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
)

// relayDeployment is one that runs a relay and knows nothing of the sidecar.
//
//go:embed relay.yaml
var relayDeployment []byte

// patched prints what `kubectl patch` makes of the relay's Deployment.
func patched(patch string, out io.Writer) error {
	b, err := os.ReadFile(patch)
	if err != nil {
		return err
	}
	var sides [2][]byte
	for i, text := range [][]byte{relayDeployment, b} {
		if sides[i], err = yaml.YAMLToJSON(text); err != nil {
			return fmt.Errorf("read %d: %w", i, err)
		}
	}
	merged, err := strategicpatch.StrategicMergePatch(sides[0], sides[1], apps.Deployment{})
	if err != nil {
		return fmt.Errorf("apply patch: %w", err)
	}
	text, err := yaml.JSONToYAML(merged)
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	return err
}
