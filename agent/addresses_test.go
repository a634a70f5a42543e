package main

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
)

// Two listeners on one port are a fault exactly where the second one could not listen.
func TestListenersOnOnePort(t *testing.T) {
	for _, c := range []struct {
		listen, probe string
		fault         string // the variable at fault, "" for none
	}{
		{"127.0.0.1:P", "127.0.0.1:P", "PROBE_LISTEN"},
		{"127.0.0.1:P", ":P", "PROBE_LISTEN"},
		{":P", "127.0.0.1:P", "PROBE_LISTEN"},
		{"0.0.0.0:P", "[::]:P", "PROBE_LISTEN"},
		{"0.0.0.0:P", "[::1]:P", "PROBE_LISTEN"},
		{"127.0.0.1:P", "[::]:P", "PROBE_LISTEN"},
		{"localhost:P", "127.0.0.1:P", "PROBE_LISTEN"},
		{"LocalHost:P", "localhost:P", "PROBE_LISTEN"},
		{"127.0.0.1:P", "[::ffff:127.0.0.1]:0P", "PROBE_LISTEN"},
		{"127.0.0.1:P", "127.0.0.2:P", ""},
		{"127.0.0.1:P", "[::1]:P", ""},
		{"localhost:P", "127.0.0.2:P", ""},
		{":0", ":0", ""},
		{"127.0.0.1:0", ":00", ""},
	} {
		_, port, err := net.SplitHostPort(freePort(t))
		if err != nil {
			t.Fatal(err)
		}
		listen, probe := strings.Replace(c.listen, "P", port, 1), strings.Replace(c.probe, "P", port, 1)
		s, faults := checked(t, "RELAYPACK_LISTEN="+listen, "RELAYPACK_PROBE_LISTEN="+probe)
		if c.fault == "" && len(faults) > 0 || c.fault != "" && (len(faults) != 1 || !strings.HasPrefix(faults[0], "RELAYPACK_"+c.fault+": ")) {
			t.Errorf("%s and %s: faults %q", c.listen, c.probe, faults)
		}
		if c.fault != "" && (s.listen != listen || s.probeListen != ":9732") {
			t.Errorf("%s and %s leave %s and %s", c.listen, c.probe, s.listen, s.probeListen)
		}
		first, err := net.Listen("tcp", listen)
		if err != nil {
			continue // no IPv6 here
		}
		second, err := net.Listen("tcp", probe)
		if taken := errors.Is(err, syscall.EADDRINUSE); taken != (c.fault != "") {
			t.Errorf("%s and %s: listening gives %v", c.listen, c.probe, err)
		}
		if err == nil {
			second.Close()
		}
		first.Close()
	}
}

// What collides with the other's default gives way itself.
func TestListenOnTheProbesPort(t *testing.T) {
	for _, env := range [][]string{{"RELAYPACK_LISTEN=127.0.0.1:9732"}, {"RELAYPACK_LISTEN=[::1]:9732", "RELAYPACK_PROBE_LISTEN=[::1]:9732"}} {
		s, faults := checked(t, env...)
		if len(faults) != 1 || !strings.HasPrefix(faults[0], "RELAYPACK_LISTEN: ") || s.listen != "127.0.0.1:9731" {
			t.Errorf("%v: faults %q, listens on %s", env, faults, s.listen)
		}
	}
	if s, faults := checked(t, "RELAYPACK_PROBE_LISTEN=:9731"); len(faults) != 1 || !strings.HasPrefix(faults[0], "RELAYPACK_PROBE_LISTEN: ") || s.probeListen != ":9732" {
		t.Errorf("faults %q, probes on %s", faults, s.probeListen)
	}
}

// Each bad item of HOSTS is told by its place.
func TestHosts(t *testing.T) {
	s, faults := checked(t, "RELAYPACK_HOSTS= a.example ,,http://x.example, b_1.example.,u:p@x, fd00::1, [fd00::2], a\x1bb, "+strings.Repeat("x", 254))
	if want := "[a.example b_1.example. fd00::1 [fd00::2]]"; fmt.Sprint(s.hosts) != want {
		t.Errorf("hosts %v, want %s", s.hosts, want)
	}
	if len(faults) != 4 {
		t.Fatalf("%d faults of 4: %q", len(faults), faults)
	}
	for i, place := range []string{"item 3 ", "item 5 ", "item 8 ", "item 9 "} {
		if !strings.HasPrefix(faults[i], "RELAYPACK_HOSTS: "+place) || strings.ContainsAny(faults[i], "\x1b@") {
			t.Errorf("fault %q, want one of %s", faults[i], place)
		}
	}
}
