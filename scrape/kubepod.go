package scrape

import (
	"io"
	"slices"
	"time"
)

// Bounds of what is kept of a pod.
const (
	maxPod           = 4 << 20 // bytes of the answer; the API server stores no object of more than 1.5 MiB
	maxPodContainers = 50
	maxPodConditions = 20
)

// Pod is what the cluster says of the relay's pod. Its texts are foreign and UNREDACTED.
type Pod struct {
	Relay      string // name of the relay's container; "": not told apart
	Node       string
	Phase      string // Pending | Running | Succeeded | Failed | Unknown
	QoS        string // Guaranteed | Burstable | BestEffort
	Reason     string // Evicted, for instance; "" as a rule
	Message    string
	StartedAt  time.Time
	Conditions []PodCondition
	Containers []PodContainer // init containers first, as the pod names them
	Events     []PodEvent     // newest first; empty where they are not allowed
	Log        string         // last lines of the relay's previous log, UNREDACTED; "": not asked for, or none

	MemoryLimit uint64  // bytes, of the pod as a whole; 0: none
	CPULimit    float64 // cores, of the pod as a whole; 0: none

	uid string
}

// PodCondition is one condition of a pod.
type PodCondition struct {
	Type, Status, Reason string
	Since                time.Time
}

// PodContainer is one container of a pod.
type PodContainer struct {
	Name        string
	Init        bool
	Image       string // as it was asked for
	ImageID     string
	Ready       bool
	Restarts    int64
	State       string // waiting | running | terminated; "" unknown
	Reason      string // why it waits
	Message     string
	StartedAt   time.Time    // while it runs
	Ended       *Termination // while it is terminated
	Last        *Termination // the one before it runs or waits
	MemoryLimit uint64       // bytes; 0: none
	CPULimit    float64      // cores; 0: none
}

// Termination is how a container ended.
type Termination struct {
	Reason     string // OOMKilled | Error | Completed | ContainerCannotRun | ...
	ExitCode   int64
	Signal     int64 // 0: none told, which is the rule: a death by signal is the exit code 128 + the signal
	Message    string
	StartedAt  time.Time // whole seconds
	FinishedAt time.Time // whole seconds

	id string // of the container that ended
}

// read takes the answer to a question for a pod. Of its spec only names, images' limits and the node are
// read, never the environment; of its metadata the uid.
func (p *Pod) read(r io.Reader) error {
	w, kind := newWalker(r), ""
	err := w.object(func(name string) error {
		switch name {
		case "kind":
			return w.text(&kind)
		case "metadata":
			return w.object(func(name string) error {
				if name == "uid" {
					return w.text(&p.uid)
				}
				return nil
			})
		case "spec":
			return p.readSpec(w)
		case "status":
			return p.readStatus(w)
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(p.Containers, func(a, b PodContainer) int {
		switch {
		case a.Init == b.Init:
			return 0
		case a.Init:
			return -1
		}
		return 1
	})
	return w.whole(kind, "Pod")
}

func (p *Pod) readSpec(w walker) error {
	return w.object(func(name string) error {
		switch name {
		case "nodeName":
			return w.text(&p.Node)
		case "resources":
			return limits(w, &p.MemoryLimit, &p.CPULimit)
		case "containers", "initContainers":
			return w.array(func() error { return p.readSpecContainer(w, name == "initContainers") })
		}
		return nil
	})
}

func (p *Pod) readSpecContainer(w walker, init bool) error {
	one := PodContainer{Init: init}
	err := w.object(func(name string) error {
		switch name {
		case "name":
			return w.text(&one.Name)
		case "resources":
			return limits(w, &one.MemoryLimit, &one.CPULimit)
		}
		return nil
	})
	if c := p.named(one.Name, init); c != nil && c.MemoryLimit == 0 && c.CPULimit == 0 { // what the status says is what holds
		c.MemoryLimit, c.CPULimit = one.MemoryLimit, one.CPULimit
	}
	return err
}

func limits(w walker, memory *uint64, cpu *float64) error {
	return w.object(func(name string) error {
		if name != "limits" {
			return nil
		}
		return w.object(func(name string) error {
			text := ""
			switch err := w.scalar(&text); {
			case err != nil:
				return err
			case name == "memory":
				*memory = bytesOf(text)
			case name == "cpu":
				*cpu = coresOf(text)
			}
			return nil
		})
	})
}

// named is the container of that name, a new one if it is not there yet; nil for no name, or too many.
func (p *Pod) named(name string, init bool) *PodContainer {
	if c := p.container(name); c != nil || name == "" || len(p.Containers) >= maxPodContainers {
		return c
	}
	p.Containers = append(p.Containers, PodContainer{Name: name, Init: init})
	return &p.Containers[len(p.Containers)-1]
}

func (p *Pod) container(name string) *PodContainer {
	for i := range p.Containers {
		if p.Containers[i].Name == name && name != "" {
			return &p.Containers[i]
		}
	}
	return nil
}

// choose says which container is the relay: the one that was named, else the only one that is no init
// container and not ours. It never guesses.
func (p *Pod) choose(name string) (Status, reason) {
	if name != "" {
		if p.container(name) == nil {
			return Invalid, becauseNoContainer
		}
		p.Relay = name
		return OK, because0
	}
	var others []string
	for _, c := range p.Containers {
		if !c.Init && c.Name != OwnContainer {
			others = append(others, c.Name)
		}
	}
	switch len(others) {
	case 0:
		return Invalid, becauseNoContainer
	case 1:
		p.Relay = others[0]
		return OK, because0
	}
	return Ambiguous, becauseManyContainers
}

// memoryLimit is the limit that holds for a container: its own, else that of the pod.
func (c *PodContainer) memoryLimit(p *Pod) uint64 {
	if c.MemoryLimit > 0 {
		return c.MemoryLimit
	}
	return p.MemoryLimit
}

// terminations lists what is known of the container's ends, newest first.
func (c *PodContainer) terminations() (list []Termination) {
	for _, t := range []*Termination{c.Ended, c.Last} {
		if t != nil {
			list = append(list, *t)
		}
	}
	return list
}
