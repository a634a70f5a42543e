package demorelay

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestDrainClosesThePortAndKeepsTheProcess(t *testing.T) {
	inBubble(t, cool(8), func(t *testing.T, b *bench) {
		b.get(t, "/metrics", 200)
		b.Drain()
		if _, err := b.Dial(t.Context(), "tcp", "relay:1"); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("dial a draining relay: %v", err)
		}
		if !b.Alive() || len(b.Deaths()) != 0 {
			t.Error("a draining relay counts as dead")
		}
		if err := b.Restart(); err != nil {
			t.Fatal(err)
		}
		b.get(t, "/metrics", 200)
	})
}

func TestRestartIsANewLife(t *testing.T) {
	inBubble(t, DemoOptions(9), func(t *testing.T, b *bench) {
		before := b.get(t, "/metrics", 200)
		session := b.Session()
		first := b.get(t, "/api/ops/events?type=relay&limit=1", 200)
		open := make(chan error, 1)
		b.Hang(true)
		go func() {
			_, _, _, err := b.ask("GET", "/metrics", "", "")
			open <- err
		}()
		synctest.Wait()
		old := b.RawSessions()
		b.Kill()
		if err := <-open; err == nil {
			t.Error("an open request was answered by a dead relay")
		}
		b.dead(t, Killed)
		b.Hang(false)
		time.Sleep(5 * time.Second)
		if err := b.Restart(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		after := b.get(t, "/metrics", 200)
		start := func(page string) (at float64) {
			_, rest, _ := strings.Cut(page, "\ncontrolbox_process_start_time_seconds ")
			fmt.Sscan(rest, &at)
			return at
		}
		if a, z := start(before), start(after); z-a < 3600 || a == 0 {
			t.Errorf("process start went from %v to %v after an hour of life", a, z)
		}
		answer := b.get(t, "/api/ops/events?type=relay&limit=500", 200)
		if !strings.Contains(answer, `"id":"rb-1","`) || strings.Contains(first, `"id":"rb-1","`) {
			t.Errorf("ids did not begin again: %.300s", answer)
		}
		if b.Session() != session {
			t.Error("the sender of the session that stays did not come back")
		}
		again := 0
		for _, id := range b.RawSessions()[len(old):] {
			if slices.Contains(old, id) {
				again++
			}
		}
		if again != 2 {
			t.Errorf("%d sessions of the first life are in the second one, want the two that stay", again)
		}
		if log := b.Log(); log[0].Life != 1 || log[len(log)-1].Life != 2 {
			t.Error("the log does not tell the lives apart")
		}
	})
}

func TestTCPPortIsRefusedUntilRestart(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := New(cool(10))
	ended := make(chan error, 1)
	go func() { ended <- r.Serve(l) }()
	address := l.Addr().String()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range 3 {
		r.Kill()
		if again, err := net.Dial("tcp", address); err == nil {
			again.Close()
			t.Fatal("a dead relay takes connections")
		}
		if err := r.Restart(); err != nil {
			t.Fatal(err)
		}
		again, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatalf("after restart: %v", err)
		}
		again.Close()
	}
	c.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := c.Read(make([]byte, 1)); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the old connection lives: %v", err)
	}
	r.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
