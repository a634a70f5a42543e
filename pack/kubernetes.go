package pack

import (
	"relaypack/scrape"
)

// takeKubernetes keeps what the cluster says of the relay's pod. It is of no life of the relay: the pod
// outlives them.
func (r *Recorder) takeKubernetes(res *scrape.Result) {
	if res.Pod == nil {
		return
	}
	if k, ok := r.take(encodePod(res.Pod, res), res.At); ok {
		r.pod = k
	}
}

// Explain takes over what became known of how a life ended, and the pod that says it; nil: there is none.
// The look that comes next may be of another life.
func (r *Recorder) Explain(ended scrape.Life, pod *scrape.Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, l := range r.lives {
		if l.N == ended.N && ended.N > 0 && !l.EndedAt.IsZero() {
			r.journal.lives = r.journal.lives || l.Ending != ended.Ending
			l.Ending = ended.Ending
		}
	}
	if pod != nil {
		r.takeKubernetes(pod)
	}
}

func (r *Recorder) addKubernetes(p *part) {
	p.owned = 1
	if r.pod.clean.Len() > 0 {
		p.data = r.pod.clean.Bytes()
		p.take(r.pod)
	}
}

func encodePod(p *scrape.Pod, res *scrape.Result) []byte {
	var o object
	o.instant("asOf", res.At)
	o.textOrNull("node", p.Node)
	o.textOrNull("phase", p.Phase)
	o.textOrNull("qosClass", p.QoS)
	o.textOrNull("reason", p.Reason)
	o.textOrNull("message", p.Message)
	o.instant("startedAt", p.StartedAt)
	o.textOrNull("relayContainer", p.Relay)
	o.positive("memoryLimitBytes", int64(min(p.MemoryLimit, maxMissed)))
	o.cores("cpuLimitCores", p.CPULimit)
	var conditions, containers, events array
	for _, c := range p.Conditions {
		var one object
		one.text("type", c.Type)
		one.textOrNull("status", c.Status)
		one.textOrNull("reason", c.Reason)
		one.instant("since", c.Since)
		conditions.raw(one.done())
	}
	o.raw("conditions", conditions.done())
	for _, c := range p.Containers {
		containers.raw(encodePodContainer(&c))
	}
	o.raw("containers", containers.done())
	for _, e := range p.Events {
		var one object
		one.instant("at", e.At)
		one.instant("firstAt", e.First)
		one.positive("count", e.Count)
		one.textOrNull("type", e.Type)
		one.textOrNull("reason", e.Reason)
		one.textOrNull("message", e.Message)
		one.textOrNull("container", e.Container)
		one.textOrNull("from", e.From)
		events.raw(one.done())
	}
	o.raw("events", events.done())
	o.textOrNull("previousLog", p.Log)
	return o.done()
}

func encodePodContainer(c *scrape.PodContainer) []byte {
	var o object
	o.text("name", c.Name)
	o.raw("init", encodeBool(c.Init))
	o.textOrNull("image", c.Image)
	o.textOrNull("imageId", c.ImageID)
	o.raw("ready", encodeBool(c.Ready))
	o.number("restarts", c.Restarts)
	o.textOrNull("state", c.State)
	o.textOrNull("reason", c.Reason)
	o.textOrNull("message", c.Message)
	o.instant("startedAt", c.StartedAt)
	o.raw("ended", encodeTermination(c.Ended))
	o.raw("lastEnded", encodeTermination(c.Last))
	o.positive("memoryLimitBytes", int64(min(c.MemoryLimit, maxMissed)))
	o.cores("cpuLimitCores", c.CPULimit)
	return o.done()
}

func encodeTermination(t *scrape.Termination) []byte {
	if t == nil {
		return nil
	}
	var o object
	o.textOrNull("reason", t.Reason)
	o.number("exitCode", t.ExitCode)
	o.positive("signal", t.Signal)
	o.textOrNull("message", t.Message)
	o.instant("startedAt", t.StartedAt)
	o.instant("finishedAt", t.FinishedAt)
	return o.done()
}

// cores adds a share of processors, null for none.
func (o *object) cores(name string, n float64) {
	if n <= 0 {
		o.raw(name, nil)
		return
	}
	o.raw(name, appendFloat(nil, n))
}
