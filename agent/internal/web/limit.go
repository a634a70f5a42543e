package web

import (
	"net"
	"sync"
	"sync/atomic"
)

// Limited is a listener with a bound on its open connections.
type Limited struct {
	net.Listener
	most    int64
	open    atomic.Int64
	refused atomic.Uint64
}

// LimitListener lets at most n connections be open at once. One more is accepted and closed at once:
// a client that is told so is better off than one that waits in the kernel's queue.
func LimitListener(l net.Listener, n int) *Limited {
	return &Limited{Listener: l, most: int64(n)}
}

// Accept waits for the next connection within the bound.
func (l *Limited) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if l.open.Add(1) <= l.most {
			return &limitedConn{Conn: c, of: l}, nil
		}
		l.open.Add(-1)
		l.refused.Add(1)
		_ = c.Close() // nothing was sent on it
	}
}

// Open is how many connections are open now.
func (l *Limited) Open() int { return int(l.open.Load()) }

// Refused counts the connections that were closed at once.
func (l *Limited) Refused() uint64 { return l.refused.Load() }

type limitedConn struct {
	net.Conn
	of   *Limited
	once sync.Once
}

func (c *limitedConn) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() { c.of.open.Add(-1) })
	return err
}
