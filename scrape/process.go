package scrape

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shirou/gopsutil/v3/common"
	"github.com/shirou/gopsutil/v3/process"
)

// finder finds the relay's process and reads it.
//
// In mode auto the relay's port in /proc/net/tcp and tcp6 gives the owner's uid, and the process is
// the one of that uid whose command line matches the profile: exactly one, or none is taken. Running
// under the relay's uid is not needed; what another uid keeps from us is listed as unreadable.
// Without a /proc, pid and name still work, with less.
type finder struct {
	how      string // off | auto | pid | name
	wanted   int32
	pattern  *regexp.Regexp
	target   Target
	proc     string
	groups   groups
	podLimit atomic.Uint64   // bytes, as the configuration or Kubernetes says; 0: unknown
	env      context.Context // carries the place of the process table to gopsutil

	mu    sync.Mutex
	id    identity // zero: not found
	held  *held    // of id; nil: none
	dying []*held  // ended, and how is not known yet
	ever  bool
	fault verdict // why it was not found
	fails int
	next  time.Time // monotonic; when to look again
}

// identity is one process, for ever: a pid alone comes back.
type identity struct {
	pid     int32
	ticks   uint64
	started time.Time
}

// newFinder reads the option Process. Its error does not quote the value.
func newFinder(option, proc string) (*finder, error) {
	f := &finder{how: option, proc: "/proc", env: context.Background()}
	f.groups = groups{proc: "/proc", root: "/"}
	if proc != "" {
		f.proc, f.groups = proc, groups{proc: proc, root: proc}
		f.env = context.WithValue(f.env, common.EnvKey, common.EnvMap{common.HostProcEnvKey: proc})
	}
	how, value, has := strings.Cut(option, ":")
	switch {
	case option == "off", option == "auto":
		return f, nil
	case has && how == "pid":
		n, err := strconv.ParseInt(value, 10, 32)
		if err != nil || n <= 0 {
			return nil, errors.New("process: want pid:N with a positive number")
		}
		f.how, f.wanted = how, int32(n)
		return f, nil
	case has && how == "name" && value != "":
		re, err := regexp.Compile(value)
		if err != nil {
			return nil, errors.New("process: name: is no regular expression")
		}
		f.how, f.pattern = how, re
		return f, nil
	}
	return nil, errors.New("process: want auto, pid:N, name:REGEXP or off")
}

// resume goes on with the process that an agent before has found.
func (f *finder) resume(last Life) {
	if f.how == "off" || f.how == "pid" && f.wanted != last.Pid {
		return
	}
	if last.Pid != 0 && last.EndedAt.IsZero() {
		f.id, f.ever = identity{pid: last.Pid, ticks: last.Ticks}, true
		if last.Source == ProcessSource {
			f.id.started = last.StartedAt
		}
	}
}

// relay says what auto looks for.
func (f *finder) relay(pattern *regexp.Regexp, target Target) {
	f.target = target
	if f.how == "auto" {
		f.pattern = pattern
	}
}

// look gives the process as it is now: the one that was found before while it lives, else a new
// search, which is made less often the longer it finds nothing. lost is a process that ended.
func (f *finder) look() (id identity, lost int32, why verdict) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.id.pid != 0 {
		if now, ok := f.identify(f.id.pid); ok && now.ticks == f.id.ticks {
			if f.held == nil {
				f.hold(f.id)
			}
			f.held.glance(f.proc)
			return f.id, 0, verdict{status: OK}
		}
		lost, f.id, f.fails, f.next = f.id.pid, identity{}, 0, time.Time{}
		f.release()
	}
	if time.Now().Before(f.next) {
		return identity{}, lost, f.fault
	}
	pid, why := f.search()
	if why.status == OK {
		var ok bool
		if f.id, ok = f.identify(pid); ok {
			f.ever, f.fails = true, 0
			f.id.started = f.startedAt(pid)
			f.hold(f.id)
			return f.id, lost, why
		}
		f.id, why = identity{}, verdict{status: Off, why: becauseNoMatch}
	}
	if f.ever && why.status == Off && f.how != "off" {
		why = verdict{status: Unreachable, why: becauseGone}
	}
	f.fails++
	f.fault, f.next = why, time.Now().Add(min(time.Duration(f.fails-1)*time.Second, 10*time.Second))
	return identity{}, lost, why
}

// search finds the pid.
func (f *finder) search() (int32, verdict) {
	switch f.how {
	case "off":
		return 0, verdict{status: Off, why: becauseSwitchedOff}
	case "pid":
		return f.wanted, verdict{status: OK}
	case "name":
		return f.only(-1)
	}
	if !f.local() {
		return 0, verdict{status: Off, why: becauseElsewhere}
	}
	if f.pattern == nil {
		return 0, verdict{status: Off, why: becauseNoMatch}
	}
	uids, err := listeners(f.proc, f.target.Port)
	switch {
	case err != nil:
		return 0, verdict{status: Off, why: becauseNoProc}
	case len(uids) == 0:
		return 0, verdict{status: Off, why: becauseNobody}
	case len(uids) > 1:
		return 0, verdict{status: Ambiguous, why: becauseMany}
	}
	return f.only(uids[0])
}

// only gives the one process that matches, of that uid (-1: of any).
func (f *finder) only(uid int64) (int32, verdict) {
	pids, err := process.PidsWithContext(f.env)
	if err != nil {
		return 0, verdict{status: Off, why: becauseNoProc}
	}
	found := int32(0)
	for _, pid := range pids {
		p := &process.Process{Pid: pid}
		if int(pid) == os.Getpid() || !f.matches(p, uid) {
			continue
		}
		if found != 0 {
			return 0, verdict{status: Ambiguous, why: becauseMany}
		}
		found = pid
	}
	if found == 0 {
		return 0, verdict{status: Off, why: becauseNoMatch}
	}
	return found, verdict{status: OK}
}

func (f *finder) matches(p *process.Process, uid int64) bool {
	args, err := p.CmdlineSliceWithContext(f.env)
	if err != nil || !f.pattern.MatchString(strings.Join(args, " ")) {
		return false
	}
	if uid < 0 {
		return true
	}
	uids, err := p.UidsWithContext(f.env) // real, effective, saved, file system
	return err == nil && len(uids) > 1 && int64(uint32(uids[1])) == uid
}

// local says whether the relay's address is one of this machine.
func (f *finder) local() bool {
	if f.target.Host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(f.target.Host)
	if err != nil {
		return false
	}
	if ip.IsLoopback() || ip.IsUnspecified() {
		return true
	}
	own, err := net.InterfaceAddrs()
	if err != nil {
		return false
	}
	for _, a := range own {
		if prefix, err := netip.ParsePrefix(a.String()); err == nil && prefix.Addr() == ip.Unmap() {
			return true
		}
	}
	return false
}

func (f *finder) startedAt(pid int32) time.Time {
	ms, err := (&process.Process{Pid: pid}).CreateTimeWithContext(f.env)
	if err != nil || ms <= 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// read gives all that can be read of the process.
func (f *finder) read(id identity) *Process {
	p := &process.Process{Pid: id.pid}
	out := &Process{Pid: id.pid, Found: f.how, StartTicks: id.ticks, StartedAt: id.started, FDs: -1}
	if f.how == "auto" {
		out.Found = "port"
	}
	if st, err := readStat(f.proc, id.pid); err == nil {
		out.State = st.state
	}
	if t, err := p.TimesWithContext(f.env); err == nil {
		out.CPUUser, out.CPUSystem = span(t.User), span(t.System)
	}
	if m, err := p.MemoryInfoWithContext(f.env); err == nil && m != nil {
		out.RSS, out.VMS = m.RSS, m.VMS
	}
	if n, err := p.NumThreadsWithContext(f.env); err == nil {
		out.Threads = n
	}
	if n, err := p.NumFDsWithContext(f.env); err == nil {
		out.FDs = n
	} else {
		out.Unreadable = append(out.Unreadable, "fds")
	}
	if limit, ok := openFiles(f.env, p); ok {
		out.MaxFDs = limit
	} else {
		out.Unreadable = append(out.Unreadable, "limits")
	}
	if args, err := p.CmdlineSliceWithContext(f.env); err == nil && len(args) > 0 {
		out.Args = args
	} else {
		out.Unreadable = append(out.Unreadable, "args")
	}
	out.Container, out.PodLimit = f.groups.read(id.pid), f.podLimit.Load()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.held != nil && f.held.identity == id {
		f.held.look(out)
	}
	return out
}

func openFiles(env context.Context, p *process.Process) (uint64, bool) {
	limits, err := p.RlimitWithContext(env)
	if err != nil {
		return 0, false
	}
	for _, l := range limits {
		if l.Resource == process.RLIMIT_NOFILE {
			return l.Soft, true
		}
	}
	return 0, false
}

func span(secs float64) time.Duration { return time.Duration(secs * float64(time.Second)) }
