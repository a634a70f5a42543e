package scrape

import "strings"

// readStatus takes the status of a pod: what its node saw last.
func (p *Pod) readStatus(w walker) error {
	return w.object(func(name string) error {
		switch name {
		case "phase":
			return w.text(&p.Phase)
		case "qosClass":
			return w.text(&p.QoS)
		case "reason":
			return w.text(&p.Reason)
		case "message":
			return w.text(&p.Message)
		case "startTime":
			return w.instant(&p.StartedAt)
		case "conditions":
			return w.array(func() error { return p.readCondition(w) })
		case "containerStatuses", "initContainerStatuses":
			return w.array(func() error { return p.readContainer(w, strings.HasPrefix(name, "init")) })
		}
		return nil
	})
}

func (p *Pod) readCondition(w walker) error {
	var c PodCondition
	err := w.object(func(name string) error {
		switch name {
		case "type":
			return w.text(&c.Type)
		case "status":
			return w.text(&c.Status)
		case "reason":
			return w.text(&c.Reason)
		case "lastTransitionTime":
			return w.instant(&c.Since)
		}
		return nil
	})
	if c.Type != "" && len(p.Conditions) < maxPodConditions {
		p.Conditions = append(p.Conditions, c)
	}
	return err
}

func (p *Pod) readContainer(w walker, init bool) error {
	var one PodContainer
	err := w.object(func(name string) error {
		switch name {
		case "name":
			return w.text(&one.Name)
		case "image":
			return w.text(&one.Image)
		case "imageID":
			return w.text(&one.ImageID)
		case "ready":
			return w.flag(&one.Ready)
		case "restartCount":
			return w.number(&one.Restarts)
		case "resources":
			return limits(w, &one.MemoryLimit, &one.CPULimit)
		case "state":
			return one.readState(w)
		case "lastState":
			return w.object(func(name string) error {
				if name == "terminated" {
					one.Last = &Termination{}
					return one.Last.read(w)
				}
				return nil
			})
		}
		return nil
	})
	c := p.named(one.Name, init)
	if c == nil {
		return err
	}
	memory, cpu := c.MemoryLimit, c.CPULimit
	*c = one
	c.Init = init
	if c.MemoryLimit == 0 && c.CPULimit == 0 { // before Kubernetes 1.33 the status has none
		c.MemoryLimit, c.CPULimit = memory, cpu
	}
	return err
}

func (c *PodContainer) readState(w walker) error {
	return w.object(func(state string) error {
		switch state {
		case "waiting", "running":
			c.State = state
		case "terminated":
			c.State, c.Ended = state, &Termination{}
			return c.Ended.read(w)
		}
		return w.object(func(name string) error {
			switch name {
			case "reason":
				return w.text(&c.Reason)
			case "message":
				return w.text(&c.Message)
			case "startedAt":
				return w.instant(&c.StartedAt)
			}
			return nil
		})
	})
}

func (t *Termination) read(w walker) error {
	return w.object(func(name string) error {
		switch name {
		case "reason":
			return w.text(&t.Reason)
		case "exitCode":
			return w.number(&t.ExitCode)
		case "signal":
			return w.number(&t.Signal)
		case "message":
			return w.text(&t.Message)
		case "startedAt":
			return w.instant(&t.StartedAt)
		case "finishedAt":
			return w.instant(&t.FinishedAt)
		case "containerID":
			return w.text(&t.id)
		}
		return nil
	})
}
