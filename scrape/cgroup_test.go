package scrape

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func show(n *uint64) string {
	if n == nil {
		return "-"
	}
	return strconv.FormatUint(*n, 10)
}

func (c *Container) String() string {
	if c == nil {
		return "none"
	}
	quota := "-"
	if c.CPUQuota != nil {
		quota = fmt.Sprint(*c.CPUQuota)
	}
	return fmt.Sprintf("v%d limit %s usage %s set %s kills %s quota %s throttled %s of %s %s ms", c.Version, show(c.MemoryLimit), show(c.MemoryUsage),
		show(c.WorkingSet), show(c.OOMKills), quota, show(c.ThrottledPeriods), show(c.Periods), show(c.ThrottledMs))
}

// group writes the files of one control group.
func (p procTree) group(dir string, files map[string]string) {
	for name, text := range files {
		p.write(filepath.Join(dir, name), text)
	}
}

func TestControlGroups(t *testing.T) {
	const v1Mounts = "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
	const v2Mounts = "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n"
	v1 := func(p procTree, pid string) {
		p.write("40/cgroup", "4:memory:/relay\n2:cpu,cpuacct:/relay\n0::/\n")
		p.write("self/mountinfo", v1Mounts)
		p.group("sys/fs/cgroup/memory/relay", map[string]string{
			"cgroup.procs": "39\n" + pid + "\n", "memory.limit_in_bytes": "104857600\n", "memory.usage_in_bytes": "90000000\n",
			"memory.stat": "cache 9\nhierarchical_memory_limit 83886080\ntotal_inactive_file 10000000\n", "memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
		})
		p.group("sys/fs/cgroup/cpu/relay", map[string]string{
			"cgroup.procs": pid + "\n", "cpu.cfs_quota_us": "150000\n", "cpu.cfs_period_us": "100000\n", "cpu.stat": "nr_periods 70\nnr_throttled 7\nthrottled_time 1234567890\n",
		})
	}
	v2 := func(p procTree, path, pid string) {
		p.write("40/cgroup", "0::"+path+"\n")
		p.write("self/mountinfo", v2Mounts)
		p.group("sys/fs/cgroup/a", map[string]string{"memory.max": "50000000\n"})
		p.group("sys/fs/cgroup/a/relay", map[string]string{
			"cgroup.procs": pid + "\n", "memory.max": "max\n", "memory.current": "40000000\n", "memory.stat": "anon 1\ninactive_file 1000000\n",
			"memory.events": "low 0\noom 3\noom_kill 1\n", "cpu.max": "50000 100000\n", "cpu.stat": "usage_usec 5\nnr_periods 9\nnr_throttled 3\nthrottled_usec 77000\n",
		})
	}
	for name, c := range map[string]struct {
		tree func(p procTree)
		want string
	}{
		"version 1": {func(p procTree) { v1(p, "40") }, "v1 limit 83886080 usage 90000000 set 80000000 kills 2 quota 1.5 throttled 7 of 70 1234 ms"},
		"version 1 without limits": {func(p procTree) {
			v1(p, "40")
			p.group("sys/fs/cgroup/memory/relay", map[string]string{"memory.limit_in_bytes": "9223372036854771712\n", "memory.stat": "hierarchical_memory_limit 9223372036854771712\n"})
			p.group("sys/fs/cgroup/cpu/relay", map[string]string{"cpu.cfs_quota_us": "-1\n"})
		}, "v1 limit - usage 90000000 set - kills 2 quota - throttled - of - - ms"},
		"version 1, a group of somebody else": {func(p procTree) { v1(p, "4000") }, "none"},
		"version 2":                           {func(p procTree) { v2(p, "/a/relay", "40") }, "v2 limit 50000000 usage 40000000 set 39000000 kills 1 quota 0.5 throttled 3 of 9 77 ms"},
		"version 2, without a CPU limit": {func(p procTree) {
			v2(p, "/a/relay", "40")
			p.write("sys/fs/cgroup/a/relay/cpu.max", "max 100000\n")
		}, "v2 limit 50000000 usage 40000000 set 39000000 kills 1 quota - throttled - of - - ms"},
		"version 2, beside our namespace": {func(p procTree) { v2(p, "/../relay", "40") }, "none"},
		"version 2, another process":      {func(p procTree) { v2(p, "/a/relay", "41") }, "none"},
		"a mount of our own group alone": {func(p procTree) {
			v1(p, "40")
			p.write("self/mountinfo", strings.ReplaceAll(v1Mounts, " / /sys", " /kubepods/agent /sys"))
		}, "none"},
		"a mount that begins further down": {func(p procTree) {
			v2(p, "/top/a/relay", "40")
			p.write("self/mountinfo", strings.Replace(v2Mounts, " / ", " /top ", 1))
		}, "v2 limit 50000000 usage 40000000 set 39000000 kills 1 quota 0.5 throttled 3 of 9 77 ms"},
		"no groups": {func(p procTree) {}, "none"},
		"garbage": {func(p procTree) {
			v1(p, "40")
			p.write("40/cgroup", "x\n4:memory\n:::::\n4:memory:/relay\n")
			p.group("sys/fs/cgroup/memory/relay", map[string]string{"memory.limit_in_bytes": "x", "memory.usage_in_bytes": "", "memory.stat": "a\nb c d\n", "memory.oom_control": "oom_kill -1\n"})
		}, "v1 limit - usage - set - kills - quota - throttled - of - - ms"},
	} {
		t.Run(name, func(t *testing.T) {
			tree := newProcTree(t)
			c.tree(tree)
			if got := (groups{tree.dir, tree.dir}).read(40).String(); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

// child is a process that ends as its command says.
func child(t *testing.T, command string) (*exec.Cmd, *finder) {
	t.Helper()
	cmd := exec.Command("sh", "-c", "read x; "+command)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	f, err := newFinder("pid:"+strconv.Itoa(cmd.Process.Pid), "")
	if err != nil {
		t.Fatal(err)
	}
	id, _, why := f.look()
	if why.status != OK {
		t.Fatal(why)
	}
	f.read(id)
	in.Close()
	return cmd, f
}

// endOf waits until the finder has told how its process ended.
func endOf(t *testing.T, f *finder) Ending {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		f.look()
		if list := f.ends(); len(list) == 1 {
			return list[0].ending
		}
	}
	t.Fatal("no end was told")
	return Ending{}
}

// kernelTells says whether this kernel gives the exit status of a process to others than its parent.
func kernelTells(t *testing.T) bool {
	t.Helper()
	cmd := exec.Command("true")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	fd := openHandle(int32(cmd.Process.Pid))
	defer closeHandle(fd)
	_ = cmd.Wait()
	_, known, _ := exitStatus(fd)
	return known
}

// The process is no child of whoever looks: the exit status comes from the kernel, where it tells it.
func TestEndOfAProcess(t *testing.T) {
	tells := kernelTells(t)
	for command, want := range map[string]Ending{
		"exit 0": {Known: true}, "exit 7": {Known: true, Code: 7},
		"kill -KILL $$": {Known: true, Code: 137, Signal: 9, Name: "SIGKILL"}, "kill -TERM $$": {Known: true, Code: 143, Signal: 15, Name: "SIGTERM"}, "ulimit -c 0; kill -ABRT $$": {Known: true, Code: 134, Signal: 6, Name: "SIGABRT"},
	} {
		t.Run(command, func(t *testing.T) {
			cmd, f := child(t, command)
			go func() { _ = cmd.Wait() }()
			if !tells {
				want = Ending{}
			}
			if got := endOf(t, f); got != want {
				t.Errorf("%+v, want %+v", got, want)
			}
		})
	}
}

func TestEndIsWaitedForUntilTheParentHasReadIt(t *testing.T) {
	if !kernelTells(t) {
		t.Log("this kernel tells no exit status, there is nothing to wait for")
		return
	}
	cmd, f := child(t, "exit 3")
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if _, lost, _ := f.look(); lost != 0 {
			break
		}
	}
	if list := f.ends(); len(list) != 0 {
		t.Fatalf("told before it could be known: %+v", list)
	}
	_ = cmd.Wait()
	if got := endOf(t, f); got.Code != 3 || !got.Known {
		t.Errorf("%+v", got)
	}
}

func TestEndIsJudged(t *testing.T) {
	dir := t.TempDir()
	counted := func(n int) string {
		file := filepath.Join(dir, strconv.Itoa(n))
		if err := os.WriteFile(file, fmt.Appendf(nil, "oom_kill_disable 0\noom_kill %d\n", n), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	killed := int(syscall.SIGKILL)
	for name, c := range map[string]struct {
		held   held
		status int
		known  bool
		want   Ending
	}{
		"killed":                          {held{}, killed, true, Ending{Known: true, Code: 137, Signal: 9, Name: "SIGKILL"}},
		"killed, counted":                 {held{kills: 1, killsFile: counted(2)}, killed, true, Ending{Known: true, Code: 137, Signal: 9, Name: "SIGKILL", OOM: OOMCertain}},
		"killed, counted before":          {held{kills: 2, killsFile: counted(2)}, killed, true, Ending{Known: true, Code: 137, Signal: 9, Name: "SIGKILL"}},
		"killed near its limit":           {held{near: true}, killed, true, Ending{Known: true, Code: 137, Signal: 9, Name: "SIGKILL", OOM: OOMProbable}},
		"a group that is gone":            {held{near: true, kills: 1, killsFile: filepath.Join(dir, "none")}, killed, true, Ending{Known: true, Code: 137, Signal: 9, Name: "SIGKILL", OOM: OOMProbable}},
		"aborted near its limit":          {held{near: true, kills: 1, killsFile: counted(3)}, 6, true, Ending{Known: true, Code: 134, Signal: 6, Name: "SIGABRT"}},
		"exited near its limit":           {held{near: true}, 1 << 8, true, Ending{Known: true, Code: 1}},
		"nobody knows":                    {held{}, 0, false, Ending{}},
		"nobody knows, near its limit":    {held{near: true}, 0, false, Ending{OOM: OOMProbable}},
		"nobody knows, but it is counted": {held{kills: 0, killsFile: counted(1)}, 0, false, Ending{OOM: OOMCertain}},
		"dumped core":                     {held{}, 0x80 | 11, true, Ending{Known: true, Code: 139, Signal: 11, Name: "SIGSEGV"}},
	} {
		if got := c.held.judge(c.status, c.known); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestMemoryNearItsLimit(t *testing.T) {
	n := func(n uint64) *uint64 { return &n }
	for name, c := range map[string]struct {
		p    Process
		near bool
	}{
		"resident": {Process{RSS: 90, Container: &Container{MemoryLimit: n(100)}}, true},
		"below":    {Process{RSS: 89, Container: &Container{MemoryLimit: n(100), WorkingSet: n(80)}}, false},
		"the set":  {Process{RSS: 10, Container: &Container{MemoryLimit: n(100), WorkingSet: n(95)}}, true},
		"no limit": {Process{RSS: 90, Container: &Container{}}, false},
		"no group": {Process{RSS: 90}, true}, // what was seen before stays
	} {
		h := held{near: c.p.Container == nil}
		if h.look(&c.p); h.near != c.near {
			t.Errorf("%s: near %v", name, h.near)
		}
	}
}

// limitedGroup makes a real memory group of 32 MiB, of whichever version this machine has.
func limitedGroup(t *testing.T) string {
	t.Helper()
	name := fmt.Sprintf("relaypack-test-%d", os.Getpid())
	for parent, file := range map[string]string{"/sys/fs/cgroup/memory": "memory.limit_in_bytes", "/sys/fs/cgroup": "memory.max"} {
		dir := filepath.Join(parent, name)
		if !exists(filepath.Join(parent, "cgroup.procs")) || os.Mkdir(dir, 0o755) != nil {
			continue
		}
		t.Cleanup(func() { _ = os.Remove(dir) })
		if os.WriteFile(filepath.Join(dir, file), []byte("33554432"), 0o644) == nil {
			return dir
		}
	}
	t.Skip("no memory group can be made: only root may, where the control groups can be written")
	return ""
}

// A process that the kernel kills for want of memory is told as such, for certain.
func TestKilledForWantOfMemory(t *testing.T) {
	dir := limitedGroup(t)
	cmd := exec.Command("sh", "-c", "read x; exec tail /dev/zero")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pid := strconv.Itoa(cmd.Process.Pid)
	if err := os.WriteFile(filepath.Join(dir, "cgroup.procs"), []byte(pid), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := newFinder("pid:"+pid, "")
	if err != nil {
		t.Fatal(err)
	}
	id, _, _ := f.look()
	p := f.read(id)
	if p.Container == nil || show(p.Container.MemoryLimit) != "33554432" || show(p.Container.OOMKills) != "0" {
		t.Errorf("before: %v", p.Container)
	}
	in.Close()
	_ = cmd.Wait()
	if got := endOf(t, f); got.OOM != OOMCertain || got.Known && got.Signal != 9 {
		t.Errorf("%+v", got)
	}
}
