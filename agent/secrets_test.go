package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"

	"relaypack/agent/internal/known"
	"relaypack/pack"
	"relaypack/scrape/demorelay"
)

// A bearer that rotates is known from the moment at which its file was read again, and the old one
// stays known: it may stand in what the relay remembers.
func TestRotatedBearersStayIn(t *testing.T) {
	const first, second = "opaque-Kq81vZx0Lm44", "opaque-Rt59bWy7Pn23"
	o := demorelay.DemoOptions(5)
	o.Bearer = first
	relay := demorelay.New(o)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go relay.Serve(l)
	defer relay.Close()
	file := filepath.Join(t.TempDir(), "bearer")
	write := func(s string) {
		if err := os.WriteFile(file, []byte(s+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(first)
	s := configuredBy(t, []string{"RELAYPACK_RELAY_URL=http://" + l.Addr().String(), "RELAYPACK_RELAY_TOKEN_FILE=" + file, "RELAYPACK_PROCESS=off"})
	agent, err := observe(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	agent.look(t.Context())
	relay.Accept(second)
	write(second)
	if changed, err := s.bearer.file.poll(); !changed || err != nil {
		t.Fatalf("poll: changed %v, %v", changed, err)
	}
	agent.secrets.add(s.knownValues()...)
	relay.Raise("gateway", "upstream echoed "+first+" and then "+second, nil)
	agent.look(t.Context())
	made, err := agent.builder.Build(t.Context(), pack.Request{})
	if err != nil {
		t.Fatal(err)
	}
	validPack(t, made.Bytes())
	if !bytes.Contains(made.Bytes(), []byte("upstream echoed [removed-known] and then [removed-known]")) {
		t.Error("the message is not in the pack as it should be")
	}
	for _, v := range []string{first, second} {
		if bytes.Contains(made.Bytes(), []byte(v)) {
			t.Errorf("%s came out", v)
		}
	}
}

// What was found around the agent stays known when it is gone, until there is no room; what is still found does not go.
func TestFoundSecretsStay(t *testing.T) {
	var given [][]byte
	calls := 0
	s := &secrets{known: func(values [][]byte) error { given, calls = values, calls+1; return nil }}
	s.add([]byte("own"))
	if !s.around([][]byte{[]byte("stays"), []byte("goes")}) || s.around([][]byte{[]byte("stays")}) || calls != 2 {
		t.Errorf("%d calls: only what is new is told", calls)
	}
	if got := string(bytes.Join(given, []byte(" "))); got != "own stays goes" {
		t.Errorf("%s are known", got)
	}
	for i := range known.MaxValues {
		s.around([][]byte{fmt.Appendf(nil, "another-%d", i), []byte("stays")})
	}
	if n := len(given); n != 1+known.MaxValues || string(given[0]) != "own" || string(given[n-1]) != "stays" || bytes.Contains(bytes.Join(given, nil), []byte("goes")) {
		t.Errorf("%d are known, from %s to %s", n, given[0], given[n-1])
	}
}
