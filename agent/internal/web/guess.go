package web

import (
	"log/slog"
	"net/netip"
	"sync"
	"time"
)

const (
	maxPeers     = 1024 // addresses that are remembered
	maxWrong     = 10   // wrong bearers within wrongWindow that bring a pause
	wrongWindow  = time.Minute
	firstPause   = 5 * time.Second // doubled with each further pause
	longestPause = 5 * time.Minute
	forgetAfter  = 30 * time.Minute
)

// guard slows down whoever guesses bearers. It keeps addresses and counts, never what was guessed. While
// an address pauses its right bearers are refused too: else the pause would not slow a guess down.
type guard struct {
	now func() time.Time
	log *slog.Logger

	mu      sync.Mutex
	peers   map[string]*peer
	pauses  uint64
	evicted uint64 // addresses that gave way to newer ones
}

// peer is one address from which a wrong bearer came.
type peer struct {
	last  time.Time
	times [maxWrong]time.Time // of the wrong ones since the last pause, a ring
	wrong int                 // how many those were
	until time.Time           // of the pause; zero: it does not pause
	pause time.Duration       // the last one
}

// peerOf names an address by what one client can easily change: all of an IPv6 /64 is one.
func peerOf(remote string) string {
	ap, err := netip.ParseAddrPort(remote)
	if err != nil {
		return "unknown"
	}
	ip := ap.Addr().Unmap().WithZone("")
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil && !ip.IsLoopback() {
			return p.String()
		}
	}
	return ip.String()
}

// paused is how long an address must still wait, 0 for not at all.
func (g *guard) paused(addr string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.peers[addr]
	if p == nil || p.until.IsZero() {
		return 0
	}
	now := g.now()
	if wait := p.until.Sub(now); wait > 0 {
		return wait
	}
	p.until, p.wrong = time.Time{}, 0
	g.log.Info("address may ask again", "peer", addr)
	return 0
}

// wrong notes a wrong bearer.
func (g *guard) wrong(addr string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	p := g.peers[addr]
	if p == nil || now.Sub(p.last) > forgetAfter {
		g.makeRoom(now)
		p = &peer{}
		g.peers[addr] = p
	}
	p.last = now
	p.times[p.wrong%maxWrong] = now
	p.wrong++
	tenthLast := p.times[p.wrong%maxWrong]
	if p.wrong < maxWrong || now.Sub(tenthLast) > wrongWindow || !p.until.IsZero() {
		return
	}
	p.pause = min(max(firstPause, 2*p.pause), longestPause)
	p.until = now.Add(p.pause)
	g.pauses++
	g.log.Warn("too many wrong bearers, address is paused", "peer", addr, "pause", p.pause)
}

// makeRoom drops the address that was heard of longest ago when the table is full.
func (g *guard) makeRoom(now time.Time) {
	if len(g.peers) < maxPeers {
		return
	}
	oldest, at := "", now
	for addr, p := range g.peers {
		if oldest == "" || p.last.Before(at) {
			oldest, at = addr, p.last
		}
	}
	delete(g.peers, oldest)
	g.evicted++
}
