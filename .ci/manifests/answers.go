package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// playedPod is the pod that podman plays of a rendered Deployment.
type playedPod struct {
	name, namespace string
	containers      []string
	labels          object
	spec            object
}

func newPlayedPod(rendered, name string) (*playedPod, error) {
	objects, err := read(rendered)
	if err != nil {
		return nil, err
	}
	for _, o := range objects {
		if o.text("kind") != "Deployment" {
			continue
		}
		p := &playedPod{name: name, namespace: playedNamespace, labels: o.at("spec", "template", "metadata", "labels"), spec: o.pod()}
		p.spec["nodeName"] = playedNode
		for _, c := range p.spec.list("containers") {
			p.containers = append(p.containers, c.text("name"))
		}
		return p, nil
	}
	return nil, fmt.Errorf("%s: no Deployment in it", rendered)
}

// uid is the pod's, as Kubernetes writes one.
func (s *state) uid() string {
	id := s.pod + strings.Repeat("0", 32)
	return strings.Join([]string{id[:8], id[8:12], id[12:16], id[16:20], id[20:32]}, "-")
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) } // whole seconds, as Kubernetes has it

// answer is the pod as Kubernetes would give it.
func (p *playedPod) answer(s *state) object {
	var statuses []any
	kills, err := oomKills()
	for _, c := range s.containers {
		statuses = append(statuses, c.status(kills))
	}
	pod := object{
		"kind": "Pod", "apiVersion": "v1", "spec": p.spec,
		"metadata": object{"name": p.name, "namespace": p.namespace, "uid": s.uid(), "labels": p.labels, "creationTimestamp": stamp(s.created), "resourceVersion": "1"},
		"status": object{
			"phase": "Running", "qosClass": "Guaranteed", "startTime": stamp(s.created), "containerStatuses": statuses,
			"conditions": []any{
				object{"type": "PodScheduled", "status": "True", "lastTransitionTime": stamp(s.created)},
				object{"type": "Ready", "status": "True", "lastTransitionTime": stamp(s.created)},
			},
		},
	}
	if err != nil {
		pod.at("status")["message"] = err.Error()
	}
	return pod
}

func (c *containerState) status(kills []oomKill) object {
	o := object{
		"name": c.name, "image": c.image, "imageID": "sha256:" + c.imageID, "containerID": "podman://" + c.id, "restartCount": c.restarts,
		"ready": c.running, "started": c.running, "state": object{}, "lastState": object{},
	}
	if c.memory > 0 {
		o["resources"] = object{"limits": object{"memory": strconv.FormatInt(c.memory, 10)}}
	}
	place := "lastState"
	if c.running {
		o["state"] = object{"running": object{"startedAt": stamp(c.started)}}
	} else {
		place = "state"
	}
	if e, ok := c.ended(kills); ok {
		reason := "Error"
		switch {
		case e.oom:
			reason = "OOMKilled"
		case e.code == 0:
			reason = "Completed"
		}
		o[place] = object{"terminated": object{
			"exitCode": e.code, "reason": reason, "startedAt": stamp(e.started), "finishedAt": stamp(e.finished), "containerID": "podman://" + c.id,
		}}
	}
	return o
}

// events are those of podman in the words of a kubelet.
func (p *playedPod) events(s *state) object {
	words := map[string][3]string{
		"create": {"Normal", "Created", "Created container"},
		"start":  {"Normal", "Started", "Started container"},
		"died":   {"Warning", "BackOff", "Back-off restarting failed container"},
	}
	items := []any{}
	for _, c := range s.containers {
		for n, h := range c.happened {
			w, known := words[h.What]
			if !known {
				continue
			}
			items = append(items, object{
				"metadata":       object{"name": fmt.Sprintf("%s.%s.%d", p.name, c.name, n), "namespace": p.namespace},
				"involvedObject": object{"kind": "Pod", "namespace": p.namespace, "name": p.name, "uid": s.uid(), "apiVersion": "v1", "fieldPath": "spec.containers{" + c.name + "}"},
				"type":           w[0], "reason": w[1], "message": w[2] + " " + c.name, "count": 1,
				"firstTimestamp": stamp(h.At), "lastTimestamp": stamp(h.At),
				"source": object{"component": "kubelet", "host": playedNode}, "reportingComponent": "kubelet", "reportingInstance": playedNode,
			})
		}
	}
	return object{"kind": "EventList", "apiVersion": "v1", "metadata": object{"resourceVersion": "1"}, "items": items}
}

// log is what the container wrote before its last death, or since its start.
func (p *playedPod) log(s *state, q url.Values) (int, any) {
	at := slices.IndexFunc(s.containers, func(c containerState) bool { return c.name == q.Get("container") })
	if at < 0 {
		return refusal(http.StatusBadRequest, "BadRequest", "container "+q.Get("container")+" is not valid for pod "+p.name)
	}
	c := s.containers[at]
	args := []string{"logs", "--since", stampNano(c.started)}
	if q.Get("previous") == "true" {
		e, ok := c.ended(nil)
		if !ok || !c.running {
			return refusal(http.StatusBadRequest, "BadRequest", "previous terminated container "+c.name+" in pod "+p.name+" not found")
		}
		args = []string{"logs", "--since", stampNano(e.started), "--until", stampNano(e.finished)}
	}
	if n := q.Get("tailLines"); n != "" {
		args = append(args, "--tail", n)
	}
	out, err := exec.Command("podman", append(args, c.full)...).CombinedOutput() // each stream of the container on its own
	if err != nil {
		return refusal(http.StatusInternalServerError, "InternalError", "podman gives no log")
	}
	if most, err := strconv.Atoi(q.Get("limitBytes")); err == nil && len(out) > most {
		out = out[:most]
	}
	return http.StatusOK, string(out)
}

func stampNano(t time.Time) string { return t.Format(time.RFC3339Nano) }
