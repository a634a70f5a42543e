package main

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"testing"

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
