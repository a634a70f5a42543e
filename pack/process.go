package pack

import (
	"strconv"
	"strings"
	"time"

	"relaypack/scrape"
)

const maxCommand = 4096 // bytes of a command line

// takeProcess keeps what the operating system says about the relay's process.
func (r *Recorder) takeProcess(res *scrape.Result) {
	p := res.Process
	if p == nil {
		return
	}
	k, ok := r.take(encodeProcess(p, res), res.At)
	if !ok {
		return
	}
	if short, cut := cutCommand(k.clean.Bytes()); cut {
		again, ok := r.take(short, res.At)
		if !ok {
			return
		}
		k.clean = again.clean
	}
	r.process, r.container = k, encodeContainer(p.Container, res.At)
}

// encodeProcess writes the command line as one text, so that the redactor sees a flag beside its value.
func encodeProcess(p *scrape.Process, res *scrape.Result) []byte {
	var o object
	o.instant("asOf", res.At)
	o.number("pid", int64(p.Pid))
	o.textOrNull("foundBy", p.Found)
	o.textOrNull("state", p.State)
	o.instant("startedAt", p.StartedAt)
	o.number("cpuUserMs", p.CPUUser.Milliseconds())
	o.number("cpuSystemMs", p.CPUSystem.Milliseconds())
	o.positive("residentBytes", int64(p.RSS)) // 0: read while it died
	o.positive("virtualBytes", int64(p.VMS))
	o.positive("threads", int64(p.Threads))
	if p.FDs < 0 {
		o.raw("openDescriptors", nil)
	} else {
		o.number("openDescriptors", int64(p.FDs))
	}
	o.positive("maxDescriptors", int64(min(p.MaxFDs, maxMissed)))
	o.textOrNull("command", commandLine(p.Args))
	var a array
	for _, what := range p.Unreadable {
		a.text(what)
	}
	o.raw("unreadable", a.done())
	return o.done()
}

// encodeEnding tells how a life ended.
func (o *object) encodeEnding(e scrape.Ending) {
	if e.Known {
		o.number("exitCode", int64(e.Code))
	} else {
		o.raw("exitCode", nil)
	}
	o.textOrNull("signal", e.Name)
	o.textOrNull("oomKill", string(e.OOM))
}

// encodeContainer is supportBundle.container, null where the control groups cannot be seen.
func encodeContainer(c *scrape.Container, at time.Time) []byte {
	if c == nil {
		return nil
	}
	var o object
	o.instant("asOf", at)
	o.number("cgroupVersion", int64(c.Version))
	for _, one := range []struct {
		name string
		n    *uint64
	}{
		{"memoryLimitBytes", c.MemoryLimit}, {"memoryUsageBytes", c.MemoryUsage}, {"workingSetBytes", c.WorkingSet}, {"oomKills", c.OOMKills},
		{"periods", c.Periods}, {"throttledPeriods", c.ThrottledPeriods}, {"throttledMs", c.ThrottledMs},
	} {
		if one.n == nil {
			o.raw(one.name, nil)
			continue
		}
		o.number(one.name, int64(min(*one.n, maxMissed)))
	}
	if c.CPUQuota == nil {
		o.raw("cpuLimitCores", nil)
	} else {
		o.raw("cpuLimitCores", appendFloat(nil, *c.CPUQuota))
	}
	return o.done()
}

func commandLine(args []string) string {
	parts := make([]string, len(args))
	for i, a := range args {
		if strings.ContainsAny(a, " \t\n\"") {
			a = strconv.Quote(a)
		}
		parts[i] = a
	}
	return strings.Join(parts, " ")
}

// cutCommand shortens the command line of clean bytes to its bound.
func cutCommand(clean []byte) ([]byte, bool) {
	text := scalarText(memberOf(clean, "command"))
	if len(text) <= maxCommand {
		return nil, false
	}
	list, _ := members(clean)
	var o object
	for _, m := range list {
		if m.name == "command" {
			o.text(m.name, strings.ToValidUTF8(string(text[:maxCommand]), "")+cutText)
			continue
		}
		o.raw(m.name, m.value)
	}
	return o.done(), true
}

// processDocument is the source `process` for the profile's expressions: the numbers alone.
func processDocument(p *scrape.Process) map[string]any {
	doc := map[string]any{
		"startedAt":   nil,
		"cpuUserMs":   int(p.CPUUser.Milliseconds()),
		"cpuSystemMs": int(p.CPUSystem.Milliseconds()),
		"rss":         nil,
		"vms":         nil,
		"threads":     int(p.Threads),
		"fds":         nil,
		"workingSet":  nil,
		"memoryLimit": nil,
		"oomKills":    nil,
		"maxFds":      nil,
	}
	if p.RSS > 0 {
		doc["rss"] = float64(p.RSS)
	}
	if p.VMS > 0 {
		doc["vms"] = float64(p.VMS)
	}
	if p.PodLimit > 0 {
		doc["memoryLimit"] = float64(p.PodLimit)
	}
	if c := p.Container; c != nil {
		for name, n := range map[string]*uint64{"workingSet": c.WorkingSet, "memoryLimit": c.MemoryLimit, "oomKills": c.OOMKills} {
			if n != nil {
				doc[name] = float64(*n)
			}
		}
	}
	if p.FDs >= 0 {
		doc["fds"] = int(p.FDs)
	}
	if p.MaxFDs > 0 {
		doc["maxFds"] = float64(p.MaxFDs)
	}
	if !p.StartedAt.IsZero() {
		doc["startedAt"] = int(p.StartedAt.UnixMilli())
	}
	return doc
}
