package scrape

import (
	"syscall"
	"time"
)

// Ending is how a life ended, as far as the system tells.
type Ending struct {
	Known  bool   // the exit status could be read: from Linux 6.15 on, of any process, with no rights at all
	Code   int    // exit code; of a death by signal 128 + the signal, as shells tell it
	Signal int    // 0: none
	Name   string // of the signal: SIGKILL
	OOM    OOM

	cluster bool // code and signal are what Kubernetes says of the container
}

// OOM says whether the kernel killed the process for want of memory.
type OOM string

// What is known of that.
const (
	OOMNone     OOM = ""         // no, or nothing points to it
	OOMProbable OOM = "probable" // it was killed, or nobody knows how it ended, and its memory was at 90 % of its limit when last seen
	OOMCertain  OOM = "certain"  // its control group counted a kill, or Kubernetes says so
)

// Bounds of waiting for an exit status: a dead process has none before its parent has read it.
const (
	maxDying   = 8
	dyingWait  = time.Minute
	nearMemory = 0.9 // of the limit
)

// held is a process of which we hold a handle, so that how it ends can be read when it has ended.
type held struct {
	identity
	handle    int    // -1: none
	limit     uint64 // bytes of memory that it may have, 0: unknown
	near      bool   // its memory was near that when it was last looked or glanced at
	kills     uint64 // by its memory group, when it was last looked at
	killsFile string // where they are counted, "" where that cannot be read
	gone      time.Time
}

// ended is the end of one process.
type ended struct {
	identity
	ending Ending
}

// look notes what will be needed when nothing of the process can be read any more.
func (h *held) look(p *Process) {
	c := p.Container
	if h != nil && c == nil && p.PodLimit > 0 && p.RSS > 0 { // in a pod
		h.limit = p.PodLimit
		h.near = h.close(p.RSS)
	}
	if h == nil || c == nil {
		return
	}
	h.killsFile = ""
	if c.OOMKills != nil {
		h.killsFile, h.kills = c.killsFile, *c.OOMKills
	}
	used := p.RSS
	if c.WorkingSet != nil {
		used = max(used, *c.WorkingSet)
	}
	h.limit = 0
	if c.MemoryLimit != nil {
		h.limit = *c.MemoryLimit
	}
	h.near = h.close(used)
}

// close says whether that many bytes are near the limit.
func (h *held) close(used uint64) bool {
	return h.limit > 0 && float64(used) >= nearMemory*float64(h.limit)
}

// glance notes that the memory came near its limit since the last look, which may be the last thing that
// is seen of it.
func (h *held) glance(proc string) {
	if h != nil && h.limit > 0 && !h.near {
		h.near = h.close(residentSet(proc, h.pid))
	}
}

// judge says how the process ended. A count of kills that rose is certain, unless the exit status says
// that it ended by itself.
func (h *held) judge(status int, known bool) Ending {
	e := Ending{Known: known}
	if known {
		e.Code, e.Signal = status>>8&0xff, status&0x7f
		if e.Signal != 0 {
			e.Code, e.Name = 128+e.Signal, signalName(e.Signal)
		}
		if e.Signal != int(syscall.SIGKILL) {
			return e
		}
	}
	switch kills := killsIn(h.killsFile); {
	case kills != nil && *kills > h.kills:
		e.OOM = OOMCertain
	case h.near:
		e.OOM = OOMProbable
	}
	return e
}

// hold takes a handle of the process that was found.
func (f *finder) hold(id identity) {
	h := &held{identity: id, handle: -1}
	if f.proc == "/proc" {
		h.handle = openHandle(id.pid)
	}
	if now, ok := f.identify(id.pid); !ok || now.ticks != id.ticks { // the pid went to another one meanwhile
		closeHandle(h.handle)
		h.handle = -1
	}
	f.held = h
}

// release puts the process that was found among those that are dying.
func (f *finder) release() {
	if f.held == nil {
		return
	}
	f.held.gone = time.Now()
	if len(f.dying) == maxDying {
		closeHandle(f.dying[0].handle)
		f.dying = f.dying[1:]
	}
	f.dying, f.held = append(f.dying, f.held), nil
}

// ends gives the ends of processes that are known by now. A dead process has no exit status before its
// parent has read it; after a minute nobody waits any longer.
func (f *finder) ends() (list []ended) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var waiting []*held
	for _, h := range f.dying {
		status, known, later := exitStatus(h.handle)
		if later && time.Since(h.gone) < dyingWait {
			waiting = append(waiting, h)
			continue
		}
		closeHandle(h.handle)
		list = append(list, ended{h.identity, h.judge(status, known)})
	}
	f.dying = waiting
	return list
}
