package scrape

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Container is what the control groups of the relay's process say. A nil pointer: no such number, or
// no limit.
type Container struct {
	Version          int     // of the control groups, 1 or 2
	MemoryLimit      *uint64 // bytes, the least one on the way up
	MemoryUsage      *uint64 // bytes, with the page cache
	WorkingSet       *uint64 // bytes, without the page cache that can go at once
	OOMKills         *uint64 // processes of the group that the kernel killed for want of memory
	CPUQuota         *float64
	Periods          *uint64 // of the CPU quota, since the group was made
	ThrottledPeriods *uint64
	ThrottledMs      *uint64

	killsFile string // where OOMKills stands
}

// groups finds the control groups of other processes: where they are mounted, by controller.
type groups struct{ proc, root string }

// errNotOurs is a group of which nothing is to be seen from here: a container sees its own alone.
var errNotOurs = errors.New("read control group: it lies outside of what is mounted here")

// noLimit is from where on version 1 means none: it writes the highest multiple of a page.
const noLimit = 1 << 62

// read gives what the control groups of a process say, nil when they cannot be seen. They are taken for
// its own only where cgroup.procs names it, so that a sidecar never tells its own limits as the relay's.
func (g groups) read(pid int32) *Container {
	paths, err := g.paths(pid)
	if err != nil {
		return nil
	}
	if dir, err := g.dir(paths, "", pid); err == nil && exists(filepath.Join(dir, "memory.current")) {
		return readV2(dir, g.mount("", "cgroup2"))
	}
	c := &Container{Version: 1}
	memory, err := g.dir(paths, "memory", pid)
	if err != nil {
		return nil
	}
	c.memoryV1(memory)
	if cpu, err := g.dir(paths, "cpu", pid); err == nil {
		c.cpuV1(cpu)
	}
	return c
}

// paths reads /proc/PID/cgroup: the group by controller, "" for version 2.
func (g groups) paths(pid int32) (map[string]string, error) {
	data, err := os.ReadFile(filepath.Join(g.proc, strconv.Itoa(int(pid)), "cgroup"))
	if err != nil {
		return nil, err
	}
	paths := make(map[string]string)
	for line := range strings.Lines(string(data)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		for controller := range strings.SplitSeq(parts[1], ",") {
			paths[controller] = parts[2]
		}
	}
	return paths, nil
}

// mounted is one line of /proc/self/mountinfo: what of the tree of groups stands where.
type mounted struct{ top, point string }

// mount finds the mount of a controller (version 1) or of version 2.
func (g groups) mount(controller, kind string) mounted {
	data, _ := os.ReadFile(filepath.Join(g.proc, "self", "mountinfo"))
	for line := range strings.Lines(string(data)) {
		left, right, found := strings.Cut(line, " - ")
		from, to := strings.Fields(left), strings.Fields(right)
		if !found || len(from) < 5 || len(to) < 3 || to[0] != kind {
			continue
		}
		if controller == "" || slices.Contains(strings.Split(to[2], ","), controller) {
			return mounted{from[3], filepath.Join(g.root, from[4])}
		}
	}
	return mounted{}
}

// dir is the folder of the process's group for a controller.
func (g groups) dir(paths map[string]string, controller string, pid int32) (string, error) {
	kind := "cgroup"
	if controller == "" {
		kind = "cgroup2"
	}
	path, in := paths[controller]
	m := g.mount(controller, kind)
	below, under := strings.CutPrefix(path, strings.TrimSuffix(m.top, "/"))
	if !in || m.point == "" || !under || slices.Contains(strings.Split(path, "/"), "..") {
		return "", errNotOurs
	}
	dir := filepath.Join(m.point, below)
	procs, err := os.ReadFile(filepath.Join(dir, "cgroup.procs"))
	if err != nil {
		return "", err
	}
	if !slices.Contains(strings.Fields(string(procs)), strconv.Itoa(int(pid))) {
		return "", errNotOurs
	}
	return dir, nil
}

func (c *Container) memoryV1(dir string) {
	stat := keyed(dir, "memory.stat")
	c.MemoryLimit = least(figure(dir, "memory.limit_in_bytes"), stat["hierarchical_memory_limit"])
	c.MemoryUsage = figure(dir, "memory.usage_in_bytes")
	c.WorkingSet = without(c.MemoryUsage, stat["total_inactive_file"])
	c.killsFile = filepath.Join(dir, "memory.oom_control")
	c.OOMKills = killsIn(c.killsFile)
}

func (c *Container) cpuV1(dir string) {
	quota, period := figure(dir, "cpu.cfs_quota_us"), figure(dir, "cpu.cfs_period_us")
	if quota == nil || period == nil || *period == 0 { // a quota of -1: none
		return
	}
	c.CPUQuota = ratio(*quota, *period)
	stat := keyed(dir, "cpu.stat")
	c.Periods, c.ThrottledPeriods = stat["nr_periods"], stat["nr_throttled"]
	c.ThrottledMs = divided(stat["throttled_time"], 1_000_000)
}

// readV2 takes the least limit of the group and of those that it lies in, up to the mount.
func readV2(dir string, m mounted) *Container {
	c := &Container{Version: 2}
	for at := dir; strings.HasPrefix(at, m.point); at = filepath.Dir(at) {
		c.MemoryLimit = least(c.MemoryLimit, figure(at, "memory.max"))
	}
	stat := keyed(dir, "memory.stat")
	c.MemoryUsage = figure(dir, "memory.current")
	c.WorkingSet = without(c.MemoryUsage, stat["inactive_file"])
	c.killsFile = filepath.Join(dir, "memory.events")
	c.OOMKills = killsIn(c.killsFile)
	if quota, period, ok := strings.Cut(strings.TrimSpace(textOf(dir, "cpu.max")), " "); ok {
		if q, p := parsed(quota), parsed(period); q != nil && p != nil && *p > 0 {
			c.CPUQuota = ratio(*q, *p)
			use := keyed(dir, "cpu.stat")
			c.Periods, c.ThrottledPeriods = use["nr_periods"], use["nr_throttled"]
			c.ThrottledMs = divided(use["throttled_usec"], 1000)
		}
	}
	return c
}

// killsIn counts the processes of a group that were killed for want of memory, in either version's file.
func killsIn(file string) *uint64 {
	if file == "" {
		return nil
	}
	return keyed(filepath.Split(file))["oom_kill"]
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }

func textOf(dir, name string) string {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return ""
	}
	return string(bytes.TrimSpace(data))
}

func figure(dir, name string) *uint64 { return parsed(textOf(dir, name)) }

// parsed is nil for what is no number, "max" and -1 among it.
func parsed(text string) *uint64 {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

// keyed reads a file of lines "name number".
func keyed(dir, name string) map[string]*uint64 {
	values := make(map[string]*uint64)
	for line := range strings.Lines(textOf(dir, name)) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			values[key] = parsed(value)
		}
	}
	return values
}

func least(a, b *uint64) *uint64 {
	for _, n := range []**uint64{&a, &b} {
		if *n != nil && **n >= noLimit {
			*n = nil
		}
	}
	if a == nil || b != nil && *b < *a {
		return b
	}
	return a
}

func without(a, b *uint64) *uint64 {
	if a == nil || b == nil || *b > *a {
		return nil
	}
	n := *a - *b
	return &n
}

func ratio(a, b uint64) *float64 { q := float64(a) / float64(b); return &q }

func divided(n *uint64, by uint64) *uint64 {
	if n == nil {
		return nil
	}
	q := *n / by
	return &q
}
