package demorelay

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// child is a relay that runs as `relaypack demo` runs it, but in this process.
type child struct {
	Hello
	stop   context.CancelFunc
	parent io.Closer // its stdin
	ended  chan error
}

func start(t *testing.T, run func(ctx context.Context, out io.Writer, in io.Reader) error) child {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	c := child{stop: stop, parent: inW, ended: make(chan error, 1)}
	go func() {
		err := run(ctx, outW, inR)
		outW.CloseWithError(io.EOF)
		c.ended <- err
	}()
	line, err := bufio.NewReader(outR).ReadBytes('\n')
	if err != nil {
		t.Fatalf("no hello: %v, %v", err, <-c.ended)
	}
	if err := json.Unmarshal(line, &c.Hello); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { inW.Close() })
	return c
}

func (c child) status(t *testing.T, path string) int {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+c.Address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+c.Bearer)
	q.Close = true
	resp, err := http.DefaultTransport.RoundTrip(q)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

func liveChild(t *testing.T) child {
	return start(t, func(ctx context.Context, out io.Writer, in io.Reader) error {
		return Run(ctx, DemoOptions(50), "127.0.0.1:0", out, in)
	})
}

func TestRunSaysHelloAndServes(t *testing.T) {
	c := liveChild(t)
	if c.Pid != os.Getpid() || c.ClockOffsetMs > 1000 || c.ClockOffsetMs < -1000 {
		t.Errorf("hello %+v", c.Hello)
	}
	if got := c.status(t, "/api/dev/diagnostics/session/"+c.Session+"/flow"); got != 200 {
		t.Errorf("flow of the named session: %d", got)
	}
	c.stop()
	if err := <-c.ended; err != nil {
		t.Errorf("ended with %v", err)
	}
	if _, err := net.Dial("tcp", c.Address); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("port after the end: %v", err)
	}
}

func TestRunEndsWithItsParent(t *testing.T) {
	c := liveChild(t)
	c.parent.Close()
	if err := <-c.ended; err != nil {
		t.Errorf("ended with %v", err)
	}
}

func TestRunEndsWithTheRelaysDeath(t *testing.T) {
	r := New(DemoOptions(51))
	c := start(t, func(ctx context.Context, out io.Writer, in io.Reader) error {
		return run(ctx, r, "127.0.0.1:0", out, in)
	})
	r.Kill()
	if err := <-c.ended; err == nil || !strings.Contains(err.Error(), string(Killed)) {
		t.Errorf("ended with %v", err)
	}
}

func TestRunTellsThatItsAddressIsTaken(t *testing.T) {
	c := liveChild(t)
	if err := Run(t.Context(), DemoOptions(52), c.Address, io.Discard, strings.NewReader("")); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("second relay on one port: %v", err)
	}
}

func TestRunReplayTellsTheOffsetOfItsClock(t *testing.T) {
	root := captures("tapped")
	defer root.Close()
	c := start(t, func(ctx context.Context, out io.Writer, in io.Reader) error {
		return RunReplay(ctx, root.FS(), ReplayOptions{}, "127.0.0.1:0", out, in)
	})
	there := time.Now().Add(time.Duration(c.ClockOffsetMs) * time.Millisecond).UTC()
	if got := there.Format("2006-01-02T15:04"); got != "2026-11-23T09:07" {
		t.Errorf("its clock stands at %s", got)
	}
	if c.Session != "sess_09e18fd43c2d" || c.status(t, "/api/ops/summary") != 200 {
		t.Errorf("hello %+v", c.Hello)
	}
}
