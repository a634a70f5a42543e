package web

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"relaypack/agent/internal/fixture"
)

// raw sends text on a connection and reads one answer.
func raw(t *testing.T, addr, text string) reply {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	out := reply{code: res.StatusCode, header: res.Header}
	if out.body, err = io.ReadAll(res.Body); err != nil {
		t.Fatal(err)
	}
	return out
}

const head = "POST " + packPath + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + admin + "\r\nContent-Type: application/json\r\n"

// TestSlowAndBrokenBodies: a body that does not come ends with the read timeout, one that is no body with 400.
func TestSlowAndBrokenBodies(t *testing.T) {
	b := setup(t, func(_ *Options, s *http.Server) { s.ReadTimeout = 100 * time.Millisecond })
	for name, c := range map[string]struct {
		text string
		code int
	}{
		"slow":           {head + "Content-Length: 50\r\n\r\n{", 408},
		"slow in chunks": {head + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", 408},
		"broken chunks":  {head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
		"chunks":         {head + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 200},
		"empty chunks":   {head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200},
		"large chunk":    {head + "Transfer-Encoding: chunked\r\n\r\n10001\r\n" + strings.Repeat(" ", 0x10001) + "\r\n0\r\n\r\n", 413},
		"announced":      {head + "Content-Length: 99999999999\r\n\r\n", 408},
	} {
		got := raw(t, b.addr, c.text)
		promised(t, "POST", &got)
		if got.code != c.code {
			t.Errorf("%s: %d %s", name, got.code, got.body)
		}
	}
}

// TestNoHost: what is no usable request target or host is not answered as the API.
func TestNoHost(t *testing.T) {
	b := setup(t, nil)
	for text, code := range map[string]int{
		"GET /api/ops/summary HTTP/1.0\r\nAuthorization: Bearer " + admin + "\r\n\r\n":                                       421,
		"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n":                                                                      404,
		"GET http://evil.example/api/ops/summary HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + admin + "\r\n\r\n": 421,
		"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n":                                                           404,
	} {
		got := raw(t, b.addr, text)
		promised(t, "GET", &got)
		if got.code != code {
			t.Errorf("%.30s: %d, want %d", text, got.code, code)
		}
	}
	if got := raw(t, b.addr, "GET / HTTP/1.1\r\nHost: localhost\r\nX: "+strings.Repeat("x", 32<<10)+"\r\n\r\n"); got.code != 431 {
		t.Errorf("32 KiB of headers: %d", got.code)
	}
}

// TestServerLimits: none is missing.
func TestServerLimits(t *testing.T) {
	s := Server(http.NotFoundHandler(), nil)
	if s.ReadHeaderTimeout != 5*time.Second || s.ReadTimeout <= 0 || s.WriteTimeout != time.Minute || s.IdleTimeout <= 0 ||
		s.MaxHeaderBytes != 16<<10 || !s.DisableGeneralOptionsHandler {
		t.Errorf("%+v", s)
	}
	if maxWait+readTimeout >= writeTimeout {
		t.Error("a pack that waited has no time to be sent")
	}
}

// TestServerLog: net/http's own lines come at debug, without what a client sent.
func TestServerLog(t *testing.T) {
	var out fixture.Page
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := Server(nil, log)
	s.ErrorLog.Printf("http: TLS handshake error from 10.0.0.1:1: %s", guess)
	s.ErrorLog.Printf("something with %s", guess)
	if got := out.String(); strings.Contains(got, guess) || strings.Count(got, "level=DEBUG") != 2 || !strings.Contains(got, `kind="tls handshake"`) {
		t.Errorf("log: %s", got)
	}
}

// TestLimitListener: at most n connections are open, the others are closed and counted, and a place that
// is free is used again.
func TestLimitListener(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := LimitListener(inner, 2)
	accepted := make(chan net.Conn, 4)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			accepted <- c
		}
	}()
	dial := func() net.Conn {
		c, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	dial()
	dial()
	first := <-accepted
	<-accepted
	if _, err := dial().Read(make([]byte, 1)); err == nil {
		t.Error("a third connection was answered")
	}
	if l.Refused() != 1 || l.Open() != 2 {
		t.Errorf("%d refused, %d open", l.Refused(), l.Open())
	}
	first.Close()
	first.Close() // twice counts once
	dial()
	<-accepted
	if l.Open() != 2 {
		t.Errorf("%d open", l.Open())
	}
	families := ListenerFamilies(map[string]*Limited{"api": l})
	if len(families) != 2 || families[1].Metric[0].GetCounter().GetValue() != 1 {
		t.Errorf("families %v", fmt.Sprint(families))
	}
	l.Close()
	<-ended
}

// TestTooLargeIsHeard: a client that wants to close and still writes hears the 413, not a reset.
func TestTooLargeIsHeard(t *testing.T) {
	b := setup(t, nil)
	c, err := net.Dial("tcp", b.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	body := strings.Repeat(" ", 4*maxBody)
	if _, err := fmt.Fprintf(c, "%sConnection: close\r\nContent-Length: %d\r\n\r\n%s", head, len(body), body); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(c); err != nil || !strings.HasPrefix(string(got), "HTTP/1.1 413 ") {
		t.Errorf("%v after %.20q", err, got)
	}
}
