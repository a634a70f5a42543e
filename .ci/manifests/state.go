package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// state is what podman says about the containers of a pod now.
type state struct {
	pod        string // its id
	created    time.Time
	containers []containerState
}

// containerState is one container, and all that happened to it.
type containerState struct {
	name, full, id, image, imageID string
	memory                         int64 // bytes, 0: no limit
	running                        bool
	started                        time.Time
	restarts                       int64
	happened                       []happening // oldest first
}

// happening is an event as podman keeps it.
type happening struct {
	At       time.Time `json:"Time"`
	What     string    `json:"Status"` // create | init | start | died | restart | ...
	ExitCode int       `json:"ContainerExitCode"`
}

// clockSlack is how far the kernel's clock and ours, and podman's word and the death, may be apart.
const clockSlack = 5 * time.Second

// ending is a death of a container and the start before it.
type ending struct {
	started, finished time.Time
	code              int
	oom               bool
}

// look asks podman, and the kernel why a container died.
func (p *playedPod) look() (*state, error) {
	s := &state{}
	for _, name := range p.containers {
		c, err := p.lookAt(name, s)
		if err != nil {
			return nil, err
		}
		s.containers = append(s.containers, c)
	}
	return s, nil
}

func (p *playedPod) lookAt(name string, s *state) (containerState, error) {
	full := p.name + "-" + name
	var list []struct {
		ID, Pod, ImageName, Image string
		Created                   time.Time
		RestartCount              int64
		HostConfig                struct{ Memory int64 }
		State                     struct {
			Running   bool
			StartedAt time.Time
		}
	}
	out, err := podman("inspect", "--type", "container", full)
	if err != nil {
		return containerState{}, err
	}
	if err := json.Unmarshal(out, &list); err != nil || len(list) != 1 {
		return containerState{}, fmt.Errorf("read what podman says of %s: %v", full, err)
	}
	in := list[0]
	s.pod = in.Pod
	if s.created.IsZero() || in.Created.Before(s.created) {
		s.created = in.Created
	}
	c := containerState{name: name, full: full, id: in.ID, image: in.ImageName, imageID: in.Image, memory: in.HostConfig.Memory,
		running: in.State.Running, started: in.State.StartedAt, restarts: in.RestartCount}
	out, err = podman("events", "--stream=false", "--since", "24h", "--filter", "container="+c.id, "--format", "json")
	if err != nil {
		return c, err
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var h happening
		switch err := d.Decode(&h); {
		case err == io.EOF:
			return c, nil
		case err != nil:
			return c, fmt.Errorf("read podman's events of %s: %w", full, err)
		}
		c.happened = append(c.happened, h)
	}
}

// ended gives the container's last death; false when it did not die yet.
func (c *containerState) ended(kills []oomKill) (e ending, ok bool) {
	started := time.Time{}
	for _, h := range c.happened {
		switch h.What {
		case "start":
			started = h.At
		case "died":
			e, ok = ending{started: started, finished: h.At, code: h.ExitCode}, true
		}
	}
	for _, k := range kills {
		if ok && strings.Contains(k.group, c.id) && e.finished.Sub(k.at).Abs() < clockSlack {
			e.oom = true
		}
	}
	return e, ok
}

func podman(args ...string) ([]byte, error) {
	var out, complaint bytes.Buffer
	cmd := exec.Command("podman", args...)
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("podman %s: %w: %s", args[0], err, strings.TrimSpace(complaint.String()))
	}
	return out.Bytes(), nil
}
