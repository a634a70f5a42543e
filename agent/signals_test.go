package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"relaypack/agent/internal/fixture"
)

func TestSignals(t *testing.T) {
	signals, log := make(chan os.Signal), &fixture.Page{}
	stop, cut, release := heedSignals(context.Background(), signals, slog.New(slog.NewTextHandler(log, nil)))
	defer release()
	if stop.Err() != nil || cut.Err() != nil {
		t.Fatal("it stops without a signal")
	}
	signals <- syscall.SIGTERM
	<-stop.Done()
	if cut.Err() != nil {
		t.Error("the first signal cuts the end short")
	}
	signals <- os.Interrupt
	<-cut.Done()
	for _, line := range []string{"msg=stopping signal=terminated", `msg="stopping at once" signal=interrupt`} {
		if !strings.Contains(log.String(), line) {
			t.Errorf("the log does not say %s:\n%s", line, log)
		}
	}
}

func TestSignalsEndWithTheirContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	stop, cut, release := heedSignals(ctx, make(chan os.Signal), slog.New(slog.DiscardHandler))
	cancel()
	<-stop.Done()
	if cut.Err() != nil {
		t.Error("a context that ends cuts the end short")
	}
	release()
	<-cut.Done()
}

// A request whose body does not come holds the end for as long as it may, unless there is a second signal.
func TestSecondSignalCutsTheEndShort(t *testing.T) {
	s := startServing(t, "RELAY_URL=http://"+freePort(t), "ADMIN_TOKEN="+testAdmin, "GRACE=10m")
	s.begun()
	c, err := net.Dial("tcp", s.api)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "POST /api/ops/support-pack HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"+
		"Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{", testAdmin)
	eventually(t, "a request under way", func() bool {
		for _, f := range s.agent.api.Families() {
			if f.GetName() == "relaypack_http_in_flight" {
				return f.Metric[0].GetGauge().GetValue() == 1
			}
		}
		return false
	})
	from := time.Now()
	s.stop()
	eventually(t, "the end of the looks", func() bool { return s.agent.stopping.Load() })
	select {
	case <-s.ended:
		t.Fatal("it does not wait for what is under way")
	case <-time.After(300 * time.Millisecond):
	}
	s.hurry()
	<-s.ended
	if took := time.Since(from); s.err != nil || took > 3*time.Second {
		t.Errorf("the end took %v: %v", took, s.err)
	}
}
