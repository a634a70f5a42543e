package scrape

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bounds of what is kept beside the pod.
const (
	maxEventAnswer = 2 << 20 // bytes
	maxPodEvents   = 20
	maxLog         = 64 << 10 // bytes
)

// PodEvent is one event about the pod. Its texts are foreign and UNREDACTED.
type PodEvent struct {
	At        time.Time // the last time
	First     time.Time
	Count     int64
	Type      string // Normal | Warning
	Reason    string
	Message   string
	Container string // "" where it is about the pod
	From      string // kubelet, for instance
}

// eventList keeps the newest events of one pod, which the API server gives in the order of their names.
type eventList struct {
	uid  string // of the pod; an earlier one of the same name has events, too. "": not known
	list []PodEvent
}

func (l *eventList) read(r io.Reader) error {
	w, kind := newWalker(r), ""
	err := w.object(func(name string) error {
		switch name {
		case "kind":
			return w.text(&kind)
		case "items":
			return w.array(func() error { return l.readEvent(w) })
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.whole(kind, "EventList")
}

// rawEvent is an event with what its API tells in several places.
type rawEvent struct {
	PodEvent
	uid, path, reporter   string // of what it tells, of a part of that, who tells it
	created, last, series time.Time
}

func (l *eventList) readEvent(w walker) error {
	var e rawEvent
	if err := e.read(w); err != nil || e.uid != l.uid && l.uid != "" {
		return err
	}
	l.list = append(l.list, e.settled())
	if len(l.list) >= 4*maxPodEvents {
		l.list = l.newest()
	}
	return nil
}

func (e *rawEvent) read(w walker) error {
	return w.object(func(name string) error {
		switch name {
		case "type":
			return w.text(&e.Type)
		case "reason":
			return w.text(&e.Reason)
		case "message":
			return w.text(&e.Message)
		case "count":
			return w.number(&e.Count)
		case "firstTimestamp":
			return w.instant(&e.First)
		case "lastTimestamp":
			return w.instant(&e.last)
		case "eventTime":
			return w.instant(&e.created)
		case "reportingComponent":
			return w.text(&e.reporter)
		case "source":
			return w.object(func(name string) error {
				if name == "component" {
					return w.text(&e.From)
				}
				return nil
			})
		case "series":
			return w.object(func(name string) error {
				switch name {
				case "count":
					return w.number(&e.Count)
				case "lastObservedTime":
					return w.instant(&e.series)
				}
				return nil
			})
		case "involvedObject":
			return w.object(func(name string) error {
				switch name {
				case "uid":
					return w.text(&e.uid)
				case "fieldPath":
					return w.text(&e.path)
				}
				return nil
			})
		}
		return nil
	})
}

// settled is the event with its newest time, its first one, who told it and whose container it is about.
func (e *rawEvent) settled() PodEvent {
	for _, at := range []time.Time{e.last, e.series, e.created, e.First} {
		if at.After(e.At) {
			e.At = at
		}
	}
	if e.First.IsZero() {
		e.First = e.created
	}
	if e.From == "" {
		e.From = e.reporter
	}
	if _, inside, ok := strings.Cut(e.path, "ontainers{"); ok { // spec.containers{relay}
		e.Container = strings.TrimSuffix(inside, "}")
	}
	return e.PodEvent
}

// newest gives the newest events, newest first.
func (l *eventList) newest() []PodEvent {
	slices.SortStableFunc(l.list, func(a, b PodEvent) int { return b.At.Compare(a.At) })
	return l.list[:min(len(l.list), maxPodEvents)]
}

// readLog gives the last lines of the log of the relay's container as it was when it ended last. It is read
// once for each end, and once more when the container has been started again: what is read in between could
// already be the next one's.
func (s *Scraper) readLog(ctx context.Context, pod *Pod) string {
	k := s.kube
	relay := pod.container(pod.Relay)
	if k.opt.LogLines == 0 || relay == nil || relay.Last == nil && relay.Ended == nil {
		return ""
	}
	ended, previous := relay.Last, relay.Ended == nil
	if !previous {
		ended = relay.Ended
	}
	id := ended.id + ended.FinishedAt.String() + strconv.FormatBool(previous)
	k.mu.Lock()
	known, before := k.logOf == id, k.log
	k.mu.Unlock()
	if known {
		return before
	}
	if !k.may(KubernetesLogSource) {
		return ""
	}
	log := ""
	got := k.cluster.get(ctx, request{
		path: k.podPath() + "/log",
		query: map[string]string{"container": pod.Relay, "previous": strconv.FormatBool(previous),
			"tailLines": strconv.Itoa(k.opt.LogLines), "limitBytes": strconv.Itoa(maxLog)},
		most: maxLog, missing: becauseNoLogRight,
		read: func(r io.Reader) (err error) { log, err = wholeLines(r); return err },
	})
	k.note(KubernetesLogSource, got)
	if got.code == 400 { // the node keeps it no longer
		got.status, got.why = OK, becauseNotThere
	}
	s.states.read(KubernetesLogSource, got.state())
	if got.status != OK {
		return ""
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.log, k.logOf = log, id
	return log
}

// wholeLines reads a log. A line that its bound cut goes: half a credential would not be known for one.
func wholeLines(r io.Reader) (string, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return "", err
	}
	if len(data) >= maxLog {
		data = data[:bytes.LastIndexByte(data, '\n')+1]
	}
	return strings.ToValidUTF8(string(data), "\ufffd"), nil
}
