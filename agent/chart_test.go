package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const chartFolder = "../charts/relaypack"

// The chart's schema lets through the agent's variables, each but those that the chart sets by itself or that
// would stand in the clear.
func TestChartKnowsTheVariables(t *testing.T) {
	b, err := os.ReadFile(chartFolder + "/values.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Properties struct {
			Sidecar struct {
				Properties struct {
					Config struct{ Properties map[string]any }
				}
			}
		}
	}
	if err := json.Unmarshal(b, &schema); err != nil {
		t.Fatal(err)
	}
	got := sortedNames(schema.Properties.Sidecar.Properties.Config.Properties)
	byChart := strings.Fields("RELAY_URL RELAY_TOKEN RELAY_TOKEN_FILE RELAY_LOGIN_FILE ADMIN_TOKEN ADMIN_TOKEN_FILE PSEUDONYM_KEY PSEUDONYM_KEY_FILE " +
		"POD_NAME POD_NAMESPACE NODE_NAME STATE_DIR REDACTION_POLICY_FILE KUBERNETES RELAY_CONTAINER RELAY_MEMORY_LIMIT KUBERNETES_LOG_LINES")
	var want []string
	for _, name := range variableNames() {
		if name = strings.TrimPrefix(name, envPrefix+"_"); !slices.Contains(byChart, name) {
			want = append(want, name)
		}
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the schema has\n%q, want\n%q", got, want)
	}
}

// What the alerts and the dashboard ask for are metrics that the agent has.
func TestChartAsksForMetricsThatAre(t *testing.T) {
	var source strings.Builder
	for _, pattern := range []string{"*.go", "internal/web/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			source.Write(b)
		}
	}
	metric := regexp.MustCompile(`\b(relaypack|process)_[a-z_]+\b`)
	for _, file := range []string{"alerts/relaypack.yaml", "dashboards/relaypack.json"} {
		b, err := os.ReadFile(filepath.Join(chartFolder, file))
		if err != nil {
			t.Fatal(err)
		}
		asked := metric.FindAllString(string(b), -1)
		if len(asked) < 10 {
			t.Errorf("%s asks for %d metrics only", file, len(asked))
		}
		for _, name := range asked {
			if !strings.Contains(source.String(), `"`+name+`"`) {
				t.Errorf("%s asks for %s, which the agent has not", file, name)
			}
		}
	}
}
