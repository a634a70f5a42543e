package ship

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// childFolder names the variable by which this test binary, started again, is the agent that dies.
const childFolder = "SHIP_TEST_CHILD"

var quiet = log.New(io.Discard, "", 0)

// child spools packs and delivers them to a folder, and says on stdout which were acknowledged.
func child() {
	root := os.Getenv(childFolder)
	fmt.Println("UP")
	spool, err := OpenSpool(SpoolOptions{Dir: filepath.Join(root, "spool")})
	if err != nil {
		fmt.Println("FAULT", err)
		return
	}
	b, err := Open("file://"+filepath.Join(root, "bucket"), OpenOptions{})
	if err != nil {
		fmt.Println("FAULT", err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go NewShipper(b, spool, ShipperOptions{}).Run(ctx)
	kinds := []Kind{Periodic, Manual, Final, Incident}
	for i := range 2000 {
		id := fmt.Sprintf("pack-%013d-%06x", time.Now().UnixMilli(), (os.Getpid()*4096+i)&0xffffff)
		if r, err := spool.Add(packOf(id, kinds[i%4], 3000)); err != nil || !r.Durable {
			fmt.Println("FAULT", err, r.Durable)
			return
		}
		fmt.Println("ACK", id)
	}
}

// killed starts a child, kills it after a while, and gives what it had acknowledged.
func killed(t *testing.T, root string, after time.Duration, how os.Signal) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childFolder+"="+root)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var acked []string
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		switch word, id, _ := strings.Cut(lines.Text(), " "); word {
		case "UP":
			time.AfterFunc(after, func() { cmd.Process.Signal(how) })
		case "ACK":
			acked = append(acked, id)
		default:
			t.Errorf("the child says %s", lines.Text())
		}
	}
	_ = cmd.Wait() // killed, as it should be
	return acked
}

// TestKilledAtAnyInstant: a process that spools and delivers is killed again and again in the same
// folder. Then one more life delivers what is left: every pack that was acknowledged is in the bucket,
// no object is torn, empty or there twice.
func TestKilledAtAnyInstant(t *testing.T) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "bucket"), 0o755); err != nil {
		t.Fatal(err)
	}
	rounds := 150 // RELAYPACK_KILLS has another number
	if testing.Short() {
		rounds = 20
	}
	if text := os.Getenv("RELAYPACK_KILLS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		rounds = n
	}
	acked := map[string]bool{}
	for range rounds {
		for _, id := range killed(t, root, time.Duration(rand.N(40_000))*time.Microsecond, syscall.SIGKILL) {
			acked[id] = true
		}
	}
	spool, err := OpenSpool(SpoolOptions{Dir: filepath.Join(root, "spool")})
	if err != nil {
		t.Fatal(err)
	}
	b, err := Open("file://"+filepath.Join(root, "bucket"), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	found := spool.Counts()
	waited := spool.level().waiting
	sh := NewShipper(b, spool, ShipperOptions{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := sh.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	st := sh.Status()
	if st.SetAside > 0 || len(st.Dropped) > 0 || len(st.Faults) > 0 {
		t.Errorf("set aside %d, dropped %v, faults %v: %s", st.SetAside, st.Dropped, st.Faults, st.LastFault)
	}
	inBucket := map[string]int{}
	for _, name := range listDir(t, b) {
		if strings.HasPrefix(filepath.Base(name), tempPrefix) {
			continue // hidden, and nobody's object
		}
		id := strings.TrimSuffix(filepath.Base(name), suffix)
		inBucket[id]++
		e, err := b.Look(t.Context(), name)
		if g := getDir(t, b, name); err != nil || len(g.body) == 0 || hashOf(g.body) != e.SHA256 {
			t.Errorf("%s: %d bytes that are not what its hash says (%v)", name, len(g.body), err)
		}
	}
	for id := range acked {
		if inBucket[id] != 1 {
			t.Errorf("%s was acknowledged and is there %d times", id, inBucket[id])
		}
	}
	if len(acked) < rounds/3 { // a busy machine starts slowly
		t.Errorf("only %d packs were acknowledged in %d lives: the kills come too soon to prove anything", len(acked), rounds)
	}
	t.Logf("%d lives, %d packs acknowledged, %d objects, %d waited for the last life, %d temp files, %d were already there",
		rounds, len(acked), len(inBucket), waited, found.Unfinished, st.AlreadyThere)
}
