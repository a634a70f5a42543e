package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"relaypack/scrape/demorelay"
)

// demoRelay is the hidden command that is the demo's relay; demoBearer is the variable with the bearer that
// it takes over from its last life. A command line could be read by every user of the machine.
const (
	demoRelay  = "demo-relay"
	demoBearer = envPrefix + "_DEMO_BEARER"
)

const relayStart = 10 * time.Second // the longest that a relay process may take to listen

// relayProcess is the demo's relay: a real process, so that it can really die.
type relayProcess struct {
	p       *program
	replay  string
	address string          // the same in all lives
	seed    string          // likewise, so that the session that is printed goes on in each
	hello   demorelay.Hello // of the first life

	mu    sync.Mutex
	cmd   *exec.Cmd
	stdin io.Closer // its end is the relay's end, so that no orphan stays when we are killed
	life  int
}

// runDemoRelay is the relay's side: its flags and demoBearer come from start.
func runDemoRelay(ctx context.Context, p *program, args []string) error {
	fs := p.flags(demoRelay)
	listen := fs.String("listen", "127.0.0.1:0", "")
	seed := fs.Uint64("seed", 1, "")
	life := fs.Int("life", 1, "")
	folder := fs.String("replay", "", "")
	alone := fs.Bool("alone", false, "") // in a container of its own
	end := fs.String("end", "", "")      // does not run one, but ends the one that runs here
	if err := fs.Parse(args); err != nil {
		return err
	}
	if *end != "" {
		return endRelay(ctx, *end)
	}
	out, in := io.Writer(p.stdout), p.stdin
	if *alone {
		go fillOnSignal(ctx, p.stderr)
		out = io.Discard  // the hello has the bearer, and a container's output is its log
		in, _ = io.Pipe() // nobody whose end is the relay's
	}
	bearer := p.variable(demoBearer)
	var err error
	if *folder != "" {
		err = demorelay.RunReplay(ctx, os.DirFS(*folder), demorelay.ReplayOptions{Seed: *seed, Bearer: bearer,
			AdminLimit: demoLimit, AnonymousLimit: demoLimit}, *listen, out, in)
	} else {
		o := demorelay.DemoOptions(*seed)
		o.Life, o.Bearer, o.AdminLimit, o.AnonymousLimit = *life, bearer, demoLimit, demoLimit
		if *life > 1 {
			o.Warm = 0
		}
		err = demorelay.Run(ctx, o, *listen, out, in)
	}
	if err != nil {
		return failed("%w", err)
	}
	return nil
}

func startRelay(p *program, replay string) (*relayProcess, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, fmt.Errorf("find a free port: %w", err)
	}
	r := &relayProcess{p: p, replay: replay, address: address, seed: strconv.FormatInt(time.Now().UnixNano(), 10)}
	return r, r.start("")
}

// start begins a life of the relay and waits for its hello. bearer is what its other lives took.
func (r *relayProcess) start(bearer string) error {
	r.life++
	args := []string{demoRelay, "--listen", r.address, "--seed", r.seed, "--life", strconv.Itoa(r.life)}
	if r.replay != "" {
		args = append(args, "--replay", r.replay)
	}
	cmd := exec.Command(r.p.binary(), args...)
	cmd.Env = append(withoutOwn(r.p.env), "GOCOVERDIR=", demoBearer+"="+bearer)
	var complaint beginning
	cmd.Stderr = &complaint
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", filepath.Base(r.p.binary()), errors.Unwrap(err))
	}
	late := time.AfterFunc(relayStart, func() { cmd.Process.Kill() })
	defer late.Stop()
	line, err := bufio.NewReader(out).ReadBytes('\n')
	var hello demorelay.Hello
	if err != nil || json.Unmarshal(line, &hello) != nil {
		in.Close()
		cmd.Process.Kill()
		cmd.Wait() // until then complaint is the copying goroutine's
		return complaint.reason()
	}
	go cmd.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cmd, r.stdin = cmd, in
	if r.life == 1 {
		r.hello = hello
	}
	return nil
}

// beginning keeps the first bytes of what it is given, enough for a line.
type beginning []byte

func (b *beginning) Write(p []byte) (int, error) {
	*b = append(*b, p[:min(len(p), maxLine-len(*b))]...)
	return len(p), nil
}

// reason is why a relay did not come up, in its own words.
func (b beginning) reason() error {
	line, _, _ := strings.Cut(string(b), "\n")
	if line = strings.TrimPrefix(line, "relaypack: "); line == "" {
		return errors.New("it said nothing")
	}
	return errors.New(line)
}

// withoutOwn is env without RELAYPACK_* variables: the agent's settings are not the relay's business.
func withoutOwn(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(nv string) bool { return strings.HasPrefix(nv, envPrefix+"_") })
}

// process is the PROCESS setting that finds the relay in each of its lives.
func (r *relayProcess) process() string {
	return "name:" + demoRelay + " --listen " + regexp.QuoteMeta(r.address) + " "
}

// binary is the program itself, found as it was called, so that a test binary that stands for the
// program under another name is found under that name.
func (p *program) binary() string {
	if path, err := exec.LookPath(p.self); err == nil {
		if abs, err := filepath.Abs(path); err == nil {
			return abs
		}
	}
	path, err := os.Executable()
	if err != nil {
		return p.self
	}
	return path
}

// now is the relay's clock: the captures' own when they are replayed.
func (r *relayProcess) now() time.Time {
	return time.Now().Add(time.Duration(r.hello.ClockOffsetMs) * time.Millisecond)
}

// crash kills the relay every d and starts its next life on the same address, until ctx ends.
func (r *relayProcess) crash(ctx context.Context, d time.Duration, log *slog.Logger) {
	tick := time.NewTicker(d)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		r.kill()
		if ctx.Err() != nil {
			return
		}
		if err := r.restart(ctx); err != nil {
			log.Error("the demo's relay did not come back", "reason", err.Error())
		}
	}
}

// restart waits for the old life's port to be free.
func (r *relayProcess) restart(ctx context.Context) error {
	var err error
	for range 20 {
		if err = r.start(r.hello.Bearer); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
	return err
}

func (r *relayProcess) kill() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cmd != nil {
		r.cmd.Process.Kill()
		r.stdin.Close()
	}
}

func (r *relayProcess) stop() { r.kill() }
