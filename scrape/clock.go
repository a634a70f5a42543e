package scrape

import (
	"net/http"
	"sync"
	"time"
)

// clock notes how far the clock of whoever answers is from ours, as its Date headers say.
type clock struct {
	mu    sync.Mutex
	off   time.Duration
	known bool
}

// note takes headers that came in between sent and now. A Date is of whole seconds.
func (c *clock) note(h http.Header, sent, now time.Time) {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	off := time.Duration(0)
	switch {
	case date.After(now):
		off = date.Sub(now)
	case date.Add(time.Second).Before(sent):
		off = date.Add(time.Second).Sub(sent)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off, c.known = off, true
}

// ClockOffsets says by how much at least the clocks of the relay ("relay") and of the cluster
// ("kubernetes") are before ours (negative: behind), of those that answered.
func (s *Scraper) ClockOffsets() map[string]time.Duration {
	all := map[string]*clock{"relay": &s.wire.clock}
	if s.kube != nil {
		all[KubernetesSource] = &s.kube.cluster.clock
	}
	out := map[string]time.Duration{}
	for who, c := range all {
		c.mu.Lock()
		if c.known {
			out[who] = c.off
		}
		c.mu.Unlock()
	}
	return out
}
