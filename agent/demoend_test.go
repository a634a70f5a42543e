package main

import (
	"strings"
	"testing"
)

// Only a relay in a container of its own is ended from beside it; that it is, the played pod shows.
func TestWhichDemoRelayIsEnded(t *testing.T) {
	for line, want := range map[string]bool{
		"/relaypack demo-relay --alone --listen 127.0.0.1:3001": true,
		"/relaypack demo-relay --listen 127.0.0.1:3001":         false,
		"/relaypack demo-relay --end kill":                      false,
		"/relaypack demo-relay --alone --end kill":              false,
		"/relaypack serve --alone":                              false,
		"/relaypack":                                            false,
		"demo-relay --alone x":                                  false,
	} {
		if runsAlone(strings.Fields(line)) != want {
			t.Errorf("%s: %v", line, !want)
		}
	}
	if err := endRelay(t.Context(), "gently"); err == nil || !strings.Contains(err.Error(), "wants kill or memory") {
		t.Errorf("another way: %v", err)
	}
}
