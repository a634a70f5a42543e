package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// asked runs a command as main does and gives its exit code and what it says on stderr.
func asked(t *testing.T, args []string, env ...string) (code int, stderr string) {
	t.Helper()
	var out, fault bytes.Buffer
	code = run(context.Background(), append([]string{"relaypack"}, args...), env, strings.NewReader(""), &out, &fault)
	if out.Len() > 0 {
		t.Errorf("%v says %q on stdout", args, out.String())
	}
	return code, fault.String()
}

func TestHealth(t *testing.T) {
	whole := startServing(t, "RELAY_URL=http://"+freePort(t), "ADMIN_TOKEN="+testAdmin)
	faulty := startServing(t, "RELAY_URL=http://"+freePort(t), "ADMIN_TOKEN="+testAdmin, "HISTORY=ages")
	whole.begun()
	faulty.begun()
	for _, c := range []struct {
		name string
		args []string
		of   *serving
		code int
		says string
	}{
		{"alive", []string{"health"}, whole, 0, ""},
		{"ready", []string{"health", "--ready"}, whole, 0, ""},
		{"alive on a faulty configuration", []string{"health"}, faulty, 0, ""},
		{"not ready", []string{"health", "--ready"}, faulty, 1, "the agent answers /readyz with 503: RELAYPACK_HISTORY: wants a duration"},
	} {
		code, says := asked(t, c.args, "RELAYPACK_PROBE_LISTEN="+c.of.probe)
		if code != c.code || !strings.Contains(says, c.says) || (c.says == "") != (says == "") || strings.Count(says, "\n") > 1 {
			t.Errorf("%s: %d, %q", c.name, code, says)
		}
	}
}

// A probe that comes while the agent only begins to listen asks again.
func TestHealthAsksAgain(t *testing.T) {
	address := freePort(t)
	begun := make(chan *http.Server, 1)
	time.AfterFunc(150*time.Millisecond, func() {
		srv := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})}
		l, err := net.Listen("tcp", address)
		if err == nil {
			go srv.Serve(l)
		}
		begun <- srv
	})
	code, says := asked(t, []string{"health"}, "RELAYPACK_PROBE_LISTEN="+address)
	(<-begun).Close()
	if code != 0 {
		t.Errorf("%d, %q", code, says)
	}
}

// Whatever listens there instead of an agent: exit 1 or 0, and nothing of its text on stderr.
func TestHealthOfAnother(t *testing.T) {
	const foreign = "hunter2-of-another"
	for name, says := range map[string]string{
		"unasked":   "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nX: " + foreign,
		"no HTTP":   foreign + "\r\n\r\n",
		"elsewhere": "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/" + foreign + "\r\nContent-Length: 0\r\n\r\n",
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		left := make(chan struct{}, 10)
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				go func() {
					defer c.Close()
					c.Read(make([]byte, 4096))
					io.WriteString(c, says)
					io.Copy(io.Discard, c) // until the client leaves
					left <- struct{}{}
				}()
			}
		}()
		program := startProgram(t, "health", "RELAYPACK_PROBE_LISTEN="+l.Addr().String())
		<-program.ended
		<-left
		want := 1
		if name == "unasked" {
			want = 0
		}
		if code := program.cmd.ProcessState.ExitCode(); code != want || strings.Contains(program.stderr.String(), foreign) {
			t.Errorf("%s: code %d, %s", name, code, program.stderr.String())
		}
	}
}

func TestLocal(t *testing.T) {
	for listen, want := range map[string]string{":9732": "127.0.0.1:9732", "0.0.0.0:1": "127.0.0.1:1", "[::]:2": "127.0.0.1:2",
		"[::1]:3": "[::1]:3", "10.0.0.7:4": "10.0.0.7:4", "relay:5": "relay:5"} {
		if got := local(listen); got != want {
			t.Errorf("%s: %s, want %s", listen, got, want)
		}
	}
}
