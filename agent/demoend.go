package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/shirou/gopsutil/v3/process"
)

// The ways in which `demo-relay --end` ends the demo's relay that runs beside it.
const (
	endKill   = "kill"   // at once, by SIGKILL
	endMemory = "memory" // it takes memory until the kernel ends it
)

// fillSignal has no other meaning for a relay in a container of its own, which has no terminal.
const fillSignal = syscall.SIGHUP

// How fast the relay takes memory: slow enough to be seen near its limit.
const (
	fillBytes = 1 << 20
	fillEvery = 100 * time.Millisecond
)

// endRelay ends the one demo relay of this process's user, in an image without a shell or kill.
func endRelay(ctx context.Context, how string) error {
	sig := syscall.SIGKILL
	switch how {
	case endKill:
	case endMemory:
		sig = fillSignal
	default:
		return errors.New("demo-relay: --end wants kill or memory")
	}
	pid, err := theRelay(ctx)
	if err != nil {
		return failed("%w", err)
	}
	relay, err := os.FindProcess(int(pid))
	if err == nil {
		err = relay.Signal(sig)
	}
	if err != nil {
		return failed("end the relay: %w", err)
	}
	return nil
}

// theRelay finds it by its command line: that of one in a container of its own, and no other on the machine.
func theRelay(ctx context.Context) (int32, error) {
	pids, err := process.PidsWithContext(ctx)
	if err != nil {
		return 0, errors.New("find the relay: no process table")
	}
	found := int32(0)
	for _, pid := range pids {
		p := &process.Process{Pid: pid}
		args, err := p.CmdlineSliceWithContext(ctx)
		uids, uidErr := p.UidsWithContext(ctx)
		if err != nil || uidErr != nil || !runsAlone(args) || int(uint32(uids[0])) != os.Getuid() {
			continue
		}
		if found != 0 {
			return 0, errors.New("find the relay: more than one of this user runs")
		}
		found = pid
	}
	if found == 0 {
		return 0, errors.New("find the relay: none of this user runs")
	}
	return found, nil
}

func runsAlone(args []string) bool {
	return len(args) > 2 && args[1] == demoRelay && slices.Contains(args, "--alone") && !slices.Contains(args, "--end")
}

// fillOnSignal lets the relay take memory from fillSignal on, as a leak does, until ctx ends or it is killed,
// and says so in its log.
func fillOnSignal(ctx context.Context, log io.Writer) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, fillSignal)
	defer signal.Stop(asked)
	select {
	case <-ctx.Done():
		return
	case <-asked:
	}
	var taken []string
	tick := time.NewTicker(fillEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			taken = append(taken, strings.Repeat("x", fillBytes+len(taken))) // each is written, and stays
			if len(taken)%16 == 0 {
				fmt.Fprintf(log, "demo relay: %d MiB taken\n", len(taken))
			}
		}
	}
}
