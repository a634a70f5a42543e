package scrape

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// A leash holds the bearer back at the socket: its connections refuse every byte that would leave
// later than the gate's answer allows, whatever held it up (a slow connect, a handshake, a busy
// machine).
type leash struct {
	mu    sync.Mutex
	until time.Time
	wrote bool
}

var errLate = errors.New("write: the gate's answer is too old")

// arm allows one call, all of whose bytes leave before until.
func (l *leash) arm(until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until, l.wrote = until, false
}

// sent says whether anything of the call that was armed last has left.
func (l *leash) sent() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.wrote
}

func (l *leash) mayWrite() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !time.Now().Before(l.until) {
		return errLate
	}
	l.wrote = true
	return nil
}

// dialer puts the leash on every connection that dial makes.
func (l *leash) dialer(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &leashedConn{Conn: c, leash: l}, nil
	}
}

type leashedConn struct {
	net.Conn
	leash *leash
}

func (c *leashedConn) Write(b []byte) (int, error) {
	if err := c.leash.mayWrite(); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}
