package demorelay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
	"syscall"
	"time"
)

// front is the transport of a relay; its fields are guarded by Relay.mu.
type front struct {
	memory   *pipeListener
	listener net.Listener
	server   *http.Server
	serving  bool
	next     chan net.Listener // of the next life
	closed   chan struct{}
	isClosed bool
}

func newStage() front {
	return front{memory: newPipeListener(), next: make(chan net.Listener, 1), closed: make(chan struct{})}
}

// Listener is the in-memory listener to which Dial connects, for Serve. It works in a bubble of testing/synctest.
func (r *Relay) Listener() net.Listener {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.front.memory
}

// Dial connects to Listener, whatever the address says; it is made for http.Transport.DialContext.
// A dead, draining or closed relay refuses with ECONNREFUSED.
func (r *Relay) Dial(ctx context.Context, network, _ string) (net.Conn, error) {
	r.mu.Lock()
	l := r.front.memory
	r.mu.Unlock()
	c, err := l.dial(ctx)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Addr: pipeAddr{}, Err: err}
	}
	return c, nil
}

// Serve answers on l (Listener, or one of TCP) through deaths and restarts, until Close; it may be
// called once. After a death a TCP address refuses connections until Restart listens on it again.
func (r *Relay) Serve(l net.Listener) error {
	r.mu.Lock()
	f := &r.front
	if f.serving || f.isClosed {
		r.mu.Unlock()
		return errors.New("serve demo relay: already served or closed")
	}
	f.serving, f.listener = true, l
	r.mu.Unlock()
	for {
		r.mu.Lock()
		srv := &http.Server{Handler: r, IdleTimeout: 5 * time.Second, ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
		f.server = srv
		over := r.dead || f.isClosed
		r.mu.Unlock()
		if over {
			l.Close()
		}
		err := srv.Serve(l)
		r.mu.Lock()
		meant := r.dead || r.faults.draining || f.isClosed || f.server != srv || f.listener != l
		r.mu.Unlock()
		if !meant {
			return fmt.Errorf("serve demo relay: %w", err)
		}
		select {
		case l = <-f.next:
		case <-f.closed:
			return nil
		}
	}
}

// Close ends the relay for good: it is no death, and Serve returns.
func (r *Relay) Close() error {
	r.mu.Lock()
	if r.front.isClosed {
		r.mu.Unlock()
		return nil
	}
	r.front.isClosed = true
	close(r.front.closed)
	if !r.dead {
		r.dead = true
		close(r.gone)
	}
	stop := r.front.stop()
	r.mu.Unlock()
	stop()
	return nil
}

// stop gives what closes the listener and every connection; it is to be called without Relay.mu.
func (f *front) stop() func() {
	memory, listener, server := f.memory, f.listener, f.server
	return func() {
		memory.Close()
		if listener != nil {
			listener.Close()
		}
		if server != nil {
			server.Close()
		}
	}
}

// Kill ends the process as a signal would: every connection is closed without an answer.
func (r *Relay) Kill() {
	r.mu.Lock()
	life := r.life
	r.mu.Unlock()
	r.die(life, Killed)
}

// die ends the given life, if it still lasts.
func (r *Relay) die(life int, cause Cause) {
	r.mu.Lock()
	if r.dead || r.life != life {
		r.mu.Unlock()
		return
	}
	r.dead = true
	close(r.gone)
	r.journal.deaths = append(r.journal.deaths, Death{At: r.content.now(), Life: life, Cause: cause})
	stop := r.front.stop()
	r.mu.Unlock()
	stop()
}

// Drain is SIGTERM with sockets open: the listener closes, requests under way are answered, idle
// connections end, and the process stays until Kill or Restart.
func (r *Relay) Drain() {
	r.mu.Lock()
	r.faults.draining = true
	memory, listener, server := r.front.memory, r.front.listener, r.front.server
	r.mu.Unlock()
	memory.Close()
	if listener != nil {
		listener.Close()
	}
	if server != nil {
		server.SetKeepAlivesEnabled(false)
	}
}

// Alive says whether the process lives; a drained one does, although its port refuses.
func (r *Relay) Alive() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.dead
}

// Restart begins a new life, after killing one that lasts: ids from 1, counters, rate limits and
// gate forgotten; database, Redis and switches stay as they are. When it returns the port is open.
func (r *Relay) Restart() error {
	r.Kill()
	r.mu.Lock()
	defer r.mu.Unlock()
	f := &r.front
	if f.isClosed {
		return errors.New("restart demo relay: closed")
	}
	l, err := f.reopen()
	if err != nil {
		return fmt.Errorf("restart demo relay: %w", err)
	}
	r.life++
	r.dead, r.gone = false, make(chan struct{})
	r.limiter, r.gateAt, r.gateOpen = limiter{}, time.Time{}, false
	r.faults.taken, r.faults.queried, r.faults.stalled, r.faults.draining = 0, time.Time{}, time.Time{}, false
	r.content.begin(r.content.now(), r.life)
	if l != nil {
		f.listener = l
		f.next <- l
	}
	return nil
}

// reopen listens again where the last life did; nil when nothing was served.
func (f *front) reopen() (net.Listener, error) {
	select {
	case <-f.next: // of a life that ended before Serve came to it
	default:
	}
	old := f.listener
	f.memory = newPipeListener()
	if old == nil {
		return nil, nil
	}
	if _, memory := old.(*pipeListener); memory {
		return f.memory, nil
	}
	return net.Listen(old.Addr().Network(), old.Addr().String())
}

// pipeListener accepts the server ends of in-memory connections.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (l *pipeListener) dial(ctx context.Context) (net.Conn, error) {
	here, there := net.Pipe()
	refused := os.NewSyscallError("connect", syscall.ECONNREFUSED)
	select {
	case <-l.closed: // first, so that a closed one never takes a connection
		return nil, refused
	default:
	}
	select {
	case l.conns <- there:
		return here, nil
	case <-l.closed:
		return nil, refused
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "demorelay" }
