package scrape

import (
	"context"
	"errors"
	"syscall"
	"time"
)

const (
	glanceInterval = time.Second
	connectTime    = time.Second
)

// glance looks at the process and connects to the port, which is no look at the relay and costs it
// nothing. It says whether the life, the process or the port is another than before.
func (s *Scraper) glance(ctx context.Context) (changed bool) {
	if s.glancing.take(ctx) != nil {
		return false
	}
	defer s.glancing.give()
	before := s.lives.mark()
	s.lives.checkClock()
	s.identify()
	sent := time.Now()
	port, ok := s.connect(ctx)
	if !ok {
		return false
	}
	if port == PortRefused {
		s.gate.shut()
		s.identify() // a process that ended just now is gone, and not behind a closed port
	}
	s.born(s.lives.connected(port, sent))
	after := s.lives.mark()
	if port == PortOpen && (before.port != PortOpen || before.n != after.n) {
		select {
		case s.opened <- struct{}{}:
		default:
		}
	}
	after.how, after.last = before.how, before.last
	if after != before { // more than word of an end that was known
		s.kube.wake()
	}
	return s.lives.mark() != before
}

// Glance looks at process and port once more, and asks the relay nothing: for who is about to stop, in a pod
// because the relay just did.
func (s *Scraper) Glance(ctx context.Context) *Snapshot {
	begin := time.Now()
	s.glance(ctx)
	return s.snapshot(nil, begin)
}

// identify finds the relay's process and tells the lives which one it is.
func (s *Scraper) identify() (identity, verdict) {
	id, lost, why := s.finder.look()
	if lost != 0 {
		s.lives.gone(lost)
	}
	for _, e := range s.finder.ends() {
		s.lives.conclude(e)
	}
	if why.status == OK {
		s.born(s.lives.process(id.pid, id.ticks, id.started))
	}
	return id, why
}

// connect says what a TCP connect to the port finds; false when our own end stopped it.
func (s *Scraper) connect(ctx context.Context) (PortState, bool) {
	own, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	c, err := s.dial(own, "tcp", s.addr)
	switch {
	case err == nil:
		c.Close()
		return PortOpen, true
	case ctx.Err() != nil:
		return PortUnknown, false
	case errors.Is(err, syscall.ECONNREFUSED):
		return PortRefused, true
	}
	return PortTimeout, true
}

// watch glances every second and gives a snapshot without results when something changed.
func (s *Scraper) watch(ctx context.Context, sink func(*Snapshot)) {
	tick := time.NewTicker(glanceInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		begin := time.Now()
		if s.glance(ctx) {
			sink(s.snapshot(nil, begin))
		}
	}
}
