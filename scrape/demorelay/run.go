package demorelay

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"time"
)

// Hello is the one line of JSON that a relay run as a child process prints when its port is open.
type Hello struct {
	Address       string `json:"address"` // host:port
	Pid           int    `json:"pid"`
	Bearer        string `json:"bearer"`        // a super admin's
	Session       string `json:"session"`       // a raw session id that lives, "" for none
	ClockOffsetMs int64  `json:"clockOffsetMs"` // the relay's clock less the machine's
}

// Run is a live relay as a whole process: it listens on an address ("127.0.0.1:0"), writes a Hello to
// out, and returns nil when ctx is done or in ends; a parent that is killed closes in, so no orphan
// stays. When the relay dies, of a signal's stand-in or by its own faults, Run returns an error, and
// the process should exit with it: whoever watches sees the port refuse and the process gone. The
// next life is another process, with Life one higher and without Warm.
func Run(ctx context.Context, o Options, listen string, out io.Writer, in io.Reader) error {
	return run(ctx, New(o), listen, out, in)
}

// RunReplay is Run for captured answers.
func RunReplay(ctx context.Context, folder fs.FS, o ReplayOptions, listen string, out io.Writer, in io.Reader) error {
	r, err := NewReplay(folder, o)
	if err != nil {
		return err
	}
	return run(ctx, r, listen, out, in)
}

func run(ctx context.Context, r *Relay, listen string, out io.Writer, in io.Reader) error {
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("run demo relay: %w", err)
	}
	served := make(chan error, 1)
	go func() { served <- r.Serve(l) }()
	defer r.Close()
	hello := Hello{l.Addr().String(), os.Getpid(), r.Bearer(), r.Session(), time.Until(r.Clock()()).Milliseconds()}
	if _, err := out.Write(append(encode(hello), '\n')); err != nil {
		return fmt.Errorf("run demo relay: say hello: %w", err)
	}
	parent := make(chan struct{})
	go func() {
		io.Copy(io.Discard, in) // until the parent closes it, or is gone
		close(parent)
	}()
	r.mu.Lock()
	gone := r.gone
	r.mu.Unlock()
	select {
	case <-ctx.Done():
		return nil
	case <-parent:
		return nil
	case <-gone:
		deaths := r.Deaths()
		return fmt.Errorf("demo relay died: %s", deaths[len(deaths)-1].Cause)
	case err := <-served:
		return err
	}
}
