package scrape

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// procTree is a made-up /proc.
type procTree struct {
	t   *testing.T
	dir string
}

func newProcTree(t *testing.T) procTree {
	p := procTree{t, t.TempDir()}
	p.write("net/tcp", "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n")
	p.write("stat", "btime 1700000000\n")
	p.write("uptime", "1000.00 1000.00\n")
	return p
}

func (p procTree) write(name, text string) {
	p.t.Helper()
	path := filepath.Join(p.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

func (p procTree) socket(file string, port, uid int, state string) {
	p.t.Helper()
	old, _ := os.ReadFile(filepath.Join(p.dir, file))
	p.write(file, string(old)+fmt.Sprintf("   0: 0100007F:%04X 00000000:0000 %s 00000000:00000000 00:00000000 00000000 %5d        0 12345 1\n", port, state, uid))
}

func (p procTree) process(pid, uid int, ticks uint64, comm string, args ...string) {
	p.t.Helper()
	dir := strconv.Itoa(pid)
	p.write(dir+"/stat", fmt.Sprintf("%d (%s) S 1 1 1 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 11 0 %d 1073741824 25000 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0\n", pid, comm, ticks))
	p.write(dir+"/status", fmt.Sprintf("Name:\t%s\nState:\tS (sleeping)\nTgid:\t%d\nPid:\t%d\nPPid:\t1\nUid:\t%d\t%d\t%d\t%d\nGid:\t1\t1\t1\t1\nThreads:\t11\n", "x", pid, pid, uid, uid, uid, uid))
	p.write(dir+"/statm", "262144 25000 5000 1 0 60000 0\n")
	p.write(dir+"/cmdline", strings.Join(args, "\x00")+"\x00")
	p.write(dir+"/limits", "Limit                     Soft Limit           Hard Limit           Units     \nMax open files            1024                 4096                 files     \n")
}

func (p procTree) finder(option string) *finder {
	p.t.Helper()
	f, err := newFinder(option, p.dir)
	if err != nil {
		p.t.Fatal(err)
	}
	f.relay(regexp.MustCompile(`(^|/)node .*(packages/server|dist/index\.js)`), Target{Host: "127.0.0.1", Port: 3001})
	return f
}

func TestProcessByPort(t *testing.T) {
	relay := []string{"/usr/bin/node", "--max-old-space-size=512", "packages/server/dist/index.js"}
	for name, c := range map[string]struct {
		tree   func(p procTree)
		pid    int32
		status Status
		why    reason
	}{
		"one":    {func(p procTree) { p.socket("net/tcp", 3001, 1000, "0A"); p.process(40, 1000, 5, "node", relay...) }, 40, OK, because0},
		"ipv6":   {func(p procTree) { p.socket("net/tcp6", 3001, 1000, "0A"); p.process(40, 1000, 5, "node", relay...) }, 40, OK, because0},
		"nobody": {func(p procTree) { p.process(40, 1000, 5, "node", relay...) }, 0, Off, becauseNobody},
		"a connection is no listener": {func(p procTree) {
			p.socket("net/tcp", 3001, 1000, "01")
			p.process(40, 1000, 5, "node", relay...)
		}, 0, Off, becauseNobody},
		"another port": {func(p procTree) {
			p.socket("net/tcp", 3002, 1000, "0A")
			p.process(40, 1000, 5, "node", relay...)
		}, 0, Off, becauseNobody},
		"another uid": {func(p procTree) { p.socket("net/tcp", 3001, 1000, "0A"); p.process(40, 1001, 5, "node", relay...) }, 0, Off, becauseNoMatch},
		"another command": {func(p procTree) {
			p.socket("net/tcp", 3001, 1000, "0A")
			p.process(40, 1000, 5, "node", "/usr/bin/node", "other.js")
		}, 0, Off, becauseNoMatch},
		"two": {func(p procTree) {
			p.socket("net/tcp", 3001, 1000, "0A")
			p.process(40, 1000, 5, "node", relay...)
			p.process(41, 1000, 5, "node", relay...)
		}, 0, Ambiguous, becauseMany},
		"two, one of another uid": {func(p procTree) {
			p.socket("net/tcp", 3001, 1000, "0A")
			p.process(40, 1000, 5, "node", relay...)
			p.process(41, 0, 5, "node", relay...)
		}, 40, OK, because0},
		"two owners": {func(p procTree) {
			p.socket("net/tcp", 3001, 1000, "0A")
			p.socket("net/tcp6", 3001, 1001, "0A")
			p.process(40, 1000, 5, "node", relay...)
		}, 0, Ambiguous, becauseMany},
		"no table": {func(p procTree) { os.RemoveAll(filepath.Join(p.dir, "net")) }, 0, Off, becauseNoProc},
	} {
		t.Run(name, func(t *testing.T) {
			tree := newProcTree(t)
			c.tree(tree)
			id, _, why := tree.finder("auto").look()
			if id.pid != c.pid || why.status != c.status || why.why != c.why {
				t.Errorf("pid %d, %s %q, want %d, %s %q", id.pid, why.status, why.why, c.pid, c.status, c.why)
			}
		})
	}
}

func TestProcessIsRead(t *testing.T) {
	tree := newProcTree(t)
	tree.socket("net/tcp", 3001, 1000, "0A")
	tree.process(40, 1000, 8_000, "a) R (b", "/usr/bin/node", "packages/server", "--port=3001")
	f := tree.finder("auto")
	id, _, _ := f.look()
	p := f.read(id)
	if p.Pid != 40 || p.Found != "port" || p.State != "S" || p.StartTicks != 8_000 || p.Threads != 11 {
		t.Errorf("identity %+v", p)
	}
	if p.CPUUser != 2500*time.Millisecond || p.CPUSystem != 500*time.Millisecond || p.VMS != 262144*4096 || p.RSS != 25000*4096 {
		t.Errorf("numbers %+v", p)
	}
	if p.MaxFDs != 1024 || p.FDs != -1 || len(p.Args) != 3 || strings.Join(p.Unreadable, " ") != "fds" {
		t.Errorf("limits %+v", p)
	}
	if p.StartedAt.IsZero() {
		t.Error("no start time")
	}
}

func TestProcessThatEndsIsTold(t *testing.T) {
	tree := newProcTree(t)
	tree.socket("net/tcp", 3001, 1000, "0A")
	tree.process(40, 1000, 5, "node", "node", "packages/server")
	f := tree.finder("auto")
	if id, lost, _ := f.look(); id.pid != 40 || lost != 0 {
		t.Fatalf("pid %d, lost %d", id.pid, lost)
	}
	tree.process(40, 1000, 9, "other", "sleep", "1") // the pid came back
	if id, lost, why := f.look(); id.pid != 0 || lost != 40 || why.status != Unreachable || why.why != becauseGone {
		t.Errorf("pid %d, lost %d, %+v", id.pid, lost, why)
	}
	tree.process(41, 1000, 10, "node", "node", "packages/server")
	f.next = time.Time{}
	if id, lost, why := f.look(); id.pid != 41 || lost != 0 || why.status != OK {
		t.Errorf("pid %d, lost %d, %+v", id.pid, lost, why)
	}
}

func TestProcessOfTheAgentBeforeIsTakenUp(t *testing.T) {
	last := Life{N: 2, Pid: 40, Ticks: 5, Source: ProcessSource, StartedAt: time.Unix(1000, 0)}
	tree := newProcTree(t)
	tree.process(40, 1000, 5, "node", "node", "packages/server") // its port is closed: a search would not find it
	f := tree.finder("auto")
	f.resume(last)
	if id, lost, _ := f.look(); id.pid != 40 || lost != 0 || !id.started.Equal(last.StartedAt) {
		t.Errorf("%+v, lost %d", id, lost)
	}
	tree.process(40, 1000, 9, "node", "node", "packages/server")
	f = tree.finder("auto")
	f.resume(last)
	if id, lost, why := f.look(); id.pid != 0 || lost != 40 || why.why != becauseGone {
		t.Errorf("another process: %+v, lost %d, %+v", id, lost, why)
	}
	last.EndedAt = time.Unix(2000, 0)
	f = tree.finder("auto")
	f.resume(last)
	if _, lost, _ := f.look(); lost != 0 {
		t.Errorf("told again that %d is gone", lost)
	}
}

func TestRealProcess(t *testing.T) {
	mark := fmt.Sprintf("%d.25", 100000+os.Getpid())
	cmd := exec.Command("sh", "-c", "echo up; read x", mark)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	if _, err := out.Read(make([]byte, 3)); err != nil { // until then the kernel still sets the process up
		t.Fatal(err)
	}
	for _, option := range []string{"pid:" + strconv.Itoa(cmd.Process.Pid), "name:^sh -c .* " + regexp.QuoteMeta(mark) + "$"} {
		f, err := newFinder(option, "")
		if err != nil {
			t.Fatal(err)
		}
		id, _, why := f.look()
		if int(id.pid) != cmd.Process.Pid || id.ticks == 0 {
			t.Fatalf("%s: %+v, %+v", option, id, why)
		}
		p := f.read(id)
		if how, _, _ := strings.Cut(option, ":"); p.Found != how {
			t.Errorf("%s: found by %s", option, p.Found)
		}
		if p.RSS == 0 || p.Threads != 1 || p.FDs < 0 || p.MaxFDs == 0 || len(p.Args) != 4 || len(p.Unreadable) != 0 {
			t.Errorf("%s: %+v", option, p)
		}
		if age := time.Since(p.StartedAt); age < -2*time.Second || age > time.Minute {
			t.Errorf("%s: started %v ago", option, age)
		}
	}
	f, err := newFinder("pid:"+strconv.Itoa(cmd.Process.Pid), "")
	if err != nil {
		t.Fatal(err)
	}
	f.look()
	cmd.Process.Kill()
	cmd.Wait()
	if _, lost, why := f.look(); int(lost) != cmd.Process.Pid || why.why != becauseGone {
		t.Errorf("killed: lost %d, %+v", lost, why)
	}
}

func TestOwnPortIsFoundInTheRealTable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	uids, err := listeners("/proc", l.Addr().(*net.TCPAddr).Port)
	if err != nil || len(uids) != 1 || uids[0] != int64(os.Geteuid()) {
		t.Errorf("owners %v, %v, want %d", uids, err, os.Geteuid())
	}
}

func TestProcessOption(t *testing.T) {
	for option, good := range map[string]bool{
		"off": true, "auto": true, "pid:1": true, "name:^node": true,
		"": false, "pid:": false, "pid:0": false, "pid:-3": false, "pid:x": false, "name:": false, "name:(": false, "other": false,
	} {
		if _, err := newFinder(option, ""); (err == nil) != good {
			t.Errorf("%q: %v", option, err)
		}
	}
}

func TestRelayElsewhereHasNoProcessHere(t *testing.T) {
	tree := newProcTree(t)
	f := tree.finder("auto")
	for host, here := range map[string]bool{"127.0.0.1": true, "localhost": true, "::1": true, "192.0.2.7": false, "relay.example": false} {
		f.target.Host = host
		if f.local() != here {
			t.Errorf("%s: local %v", host, !here)
		}
	}
}
