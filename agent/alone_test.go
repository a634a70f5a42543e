package main

import (
	"bytes"
	"context"
	"net"
	"strings"
	"testing"
	"time"
)

// As a container of its own the demo's relay outlives its stdin, which is empty there, and does not write its
// bearer, which would stand in the container's log.
func TestDemoRelayAlone(t *testing.T) {
	address, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var stdout, stderr bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"relaypack", demoRelay, "--alone", "--listen", address},
			[]string{demoBearer + "=" + testAdmin}, strings.NewReader(""), &stdout, &stderr)
	}()
	for dialed := false; !dialed; {
		select {
		case code := <-ended:
			t.Fatalf("it ended with %d: %s", code, stderr.String())
		default:
		}
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			dialed = true
		}
	}
	s := configuredBy(t, []string{"RELAYPACK_RELAY_URL=http://" + address, "RELAYPACK_RELAY_TOKEN=" + testAdmin, "RELAYPACK_PROCESS=off"})
	o, err := observe(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	o.look(ctx)
	for name, st := range o.scraper.States(time.Now()) {
		if st.Failures > 0 {
			t.Errorf("source %s: %s", name, st.Status)
		}
	}
	select {
	case code := <-ended:
		t.Errorf("it ended with %d beside an empty stdin", code)
	default:
	}
	cancel()
	if code := <-ended; code != 0 {
		t.Errorf("stopped, it ends with %d: %s", code, stderr.String())
	}
	if stdout.Len() > 0 {
		t.Errorf("it wrote %d bytes", stdout.Len())
	}
}
