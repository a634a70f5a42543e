package state

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// childVariable makes this test binary the agent that is killed; its value is the folder.
const childVariable = "RELAYPACK_STATE_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childVariable); dir != "" {
		os.Exit(child(dir, os.Stdout))
	}
	os.Exit(m.Run())
}

// child appends numbered records as fast as it can, compacts and sweeps, and writes the number of each
// acknowledged record on its own line, until it is killed.
func child(dir string, acks io.Writer) int {
	s, rep, err := Open(dir, small)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	if rep.Broken+rep.Newer+rep.Missing+rep.Unmoved > 0 {
		fmt.Fprintf(os.Stderr, "%+v\n", rep)
		return 4
	}
	w := workload{s: s, dice: rand.New(rand.NewPCG(rand.Uint64(), 1))}
	if w.last, err = newestOf(s); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 5
	}
	fmt.Fprintf(acks, "from %d\n", w.last)
	for {
		before := w.last
		if err := w.do(w.dice.IntN(12)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 6
		}
		if w.last > before {
			fmt.Fprintf(acks, "%d\n", w.last)
		}
	}
}

// newestOf is the number of the last record, 0 without one.
func newestOf(s *Store) (n int, err error) {
	err = s.Replay(func(r Record) (err error) {
		if r.Kind != 99 {
			n, err = numberOf(r)
		}
		return err
	})
	return n, err
}

// TestKilledAtRandomInstants kills an agent under load and looks at what it left: every record whose
// append had returned is there, in order and once, and of one that had not, all or nothing.
//
//	RELAYPACK_KILLS=1000 go test -run Killed ./pack/state
func TestKilledAtRandomInstants(t *testing.T) {
	seed := seedOf(t)
	dice := rand.New(rand.NewPCG(seed, 3))
	rounds, err := strconv.Atoi(os.Getenv("RELAYPACK_KILLS"))
	if err != nil {
		rounds = 100
	}
	dir := filepath.Join(scratch(t), "state")
	newest, torn, appended := 0, 0, 0
	for round := range rounds {
		from, acked := killOne(t, dir, time.Duration(dice.IntN(20_000))*time.Microsecond)
		s, rep, err := Open(dir, small)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if rep.Broken+rep.Newer+rep.Missing+rep.Unmoved > 0 {
			t.Fatalf("round %d: a kill is no damage: %+v", round, rep)
		}
		if from >= 0 && from != newest {
			t.Fatalf("round %d: the agent began at %d, not at %d", round, from, newest)
		}
		w := workload{last: max(acked, newest)}
		if w.trying, err = newestOf(s); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if w.trying < w.last || w.trying > w.last+4 {
			t.Fatalf("round %d: %d was acknowledged, the newest is %d", round, w.last, w.trying)
		}
		w.promised(t, s, 0)
		appended += w.trying - newest
		newest = w.trying
		torn += int(rep.Torn.Files)
		s.Close()
	}
	t.Logf("%d kills, %d records, %d torn tails", rounds, appended, torn)
	if appended < rounds {
		t.Errorf("only %d records in %d rounds: the agents were killed before they worked", appended, rounds)
	}
}

// killOne runs an agent and kills it so long after its first sign of life, or, one time in eight, after
// its start. It gives what the agent said: where it began (-1: nothing) and what was acknowledged.
func killOne(t *testing.T, dir string, after time.Duration) (from, acked int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childVariable+"="+dir)
	var faults strings.Builder
	cmd.Stderr = &faults
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := func() { cmd.Process.Kill() }
	from = -1
	early := after%8 == 0
	if early {
		time.AfterFunc(after, kill)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if text, first := strings.CutPrefix(lines.Text(), "from "); first {
			from, _ = strconv.Atoi(text)
			if !early {
				time.AfterFunc(after, kill)
			}
		} else if n, err := strconv.Atoi(lines.Text()); err == nil {
			acked = n
		}
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.Exited() {
		t.Fatalf("the agent ended by itself: %v %s", err, faults.String())
	}
	return from, acked
}

// TestSecondAgentIsLockedOut tries to take the folder of an agent that runs, from another process.
func TestSecondAgentIsLockedOut(t *testing.T) {
	dir := scratch(t)
	s, _ := mustOpen(t, dir, small)
	if _, _, err := Open(dir, small); !errors.Is(err, ErrLocked) {
		t.Fatalf("the same process: %v", err)
	}
	again := func() (string, int) {
		cmd := exec.Command(os.Args[0], "-test.run=^$")
		cmd.Env = append(os.Environ(), childVariable+"="+dir)
		var said, faults strings.Builder
		cmd.Stdout, cmd.Stderr = stopAfter{&said, func() { cmd.Process.Kill() }}, &faults
		cmd.Run()
		return said.String() + faults.String(), cmd.ProcessState.ExitCode()
	}
	if said, code := again(); code != 3 || !strings.Contains(said, ErrLocked.Error()) {
		t.Fatalf("while it runs: %d %s", code, said)
	}
	appendAll(t, s, 1, 3)
	wantNumbers(t, s, run(1, 3))
	s.Close()
	if said, _ := again(); !strings.HasPrefix(said, "from 3\n") {
		t.Fatalf("after it ended: %s", said)
	}
	mustOpen(t, dir, small) // a killed agent leaves no lock
}

// stopAfter ends a child at its first word.
type stopAfter struct {
	io.Writer
	stop func()
}

func (s stopAfter) Write(b []byte) (int, error) {
	s.stop()
	return s.Writer.Write(b)
}
