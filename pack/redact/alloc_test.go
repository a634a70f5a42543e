//go:build !race

package redact_test

import (
	"testing"

	"relaypack/pack/redact"
)

// Not under the race detector, which makes sync.Pool forget at random.
func TestNoAllocationOnCleanInput(t *testing.T) {
	r := redactor(t)
	for name, clean := range map[string]string{
		"metrics": "# HELP x Count of laps.\n# TYPE x counter\nx{track=\"Spa\",le=\"0.5\"} 7 1795424857257\ny 7\n",
		"JSON":    `{"type":"handler_error","subsystem":"ws","message":"Telemetry payload too large","context":{"socketId":"mTgk...AAYR"},"id":"rb-584","timestamp":1795424857101}`,
		"text":    "Telemetry payload too large\n    at run (/srv/controlbox/dist/index.js:7:1)\n",
	} {
		src, dst := []byte(clean), make([]byte, 0, 4096)
		if n := testing.AllocsPerRun(200, func() { dst, _ = r.Append(dst[:0], src, redact.Auto, nil) }); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
