package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/shirou/gopsutil/v3/disk"

	"relaypack/pack/ship"
	"relaypack/scrape"
)

const (
	bucketTime = 15 * time.Second
	clockLimit = 5 * time.Second // by which clocks may differ: times in a pack come from both
	// neverPut is a name that no pack has, so that a store can only say that nothing is there.
	neverPut = "doctor/never-put.json.gz"
)

// cluster says what the API server lets the agent see.
func (e *examination) cluster(snap *scrape.Snapshot) {
	if e.s.kubernetes == nil {
		e.add(fine, "kubernetes", "", "not asked (%s)", variableName("Kubernetes"))
		return
	}
	rights := map[string]string{
		scrape.KubernetesSource: "get on pods", scrape.KubernetesEventsSource: "list on events", scrape.KubernetesLogSource: "get on pods/log",
	}
	for _, name := range []string{scrape.KubernetesSource, scrape.KubernetesEventsSource, scrape.KubernetesLogSource} {
		st, asked := snap.States[name]
		if !asked {
			continue
		}
		switch st.Status {
		case scrape.OK, scrape.Skipped:
			e.add(fine, name, "", "%s", statusText(st))
		case scrape.Forbidden:
			g := wrong
			if name == scrape.KubernetesEventsSource { // a pod is told without them, too
				g = worth
			}
			e.add(g, name, fmt.Sprintf("allow %s in namespace %s to the pod's service account (a Role and a RoleBinding)", rights[name], e.s.kubernetes.Namespace), "%s", statusText(st))
		case scrape.Unauthorized:
			e.add(wrong, name, "see the mounted service account: it is missing, or of another cluster", "%s", statusText(st))
		case scrape.Ambiguous:
			e.add(wrong, name, "name the relay's container with "+variableName("RelayContainer"), "%s", statusText(st))
		default:
			e.add(wrong, name, "see pod, namespace and container names, and the way to "+e.s.kubernetes.Host, "%s", statusText(st))
		}
	}
	for _, r := range snap.Results {
		if r.Pod != nil && r.Pod.Relay != "" {
			e.add(fine, "kubernetes", "", "the relay is the container %s of %s", r.Pod.Relay, e.s.kubernetes.Pod)
		}
	}
}

// around says how much of what is secret around the agent it knows, so that no pack can have it.
func (e *examination) around() {
	switch _, n := e.s.lookAround(); {
	case n.LeftOut > 0:
		e.add(worth, "secrets", "mount fewer into this container", "%d are known, of %s and the environment; %d are too many", n.Values, counted(n.Files, "file"), n.LeftOut)
	default:
		e.add(fine, "secrets", "", "%d around the agent are known, of %s and the environment", n.Values, counted(n.Files, "file"))
	}
}

// folder looks at STATE_DIR, and takes no lock: an agent may run on it.
func (e *examination) folder() {
	dir := e.s.stateDir
	if dir == "" {
		e.add(worth, "state", "set "+variableName("StateDir")+" to a volume of the pod", "in memory only: windows and undelivered packs end with the agent")
		return
	}
	st, err := os.Stat(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		e.add(fine, "state", "", "not there yet, it is made at the start")
		return
	case err != nil || !st.IsDir():
		e.add(wrong, "state", "give "+variableName("StateDir")+" a folder that the agent's user may write", "cannot be used")
		return
	}
	probe, err := os.CreateTemp(dir, "doctor-*.relaypack-tmp") // what is left of it by an accident, the agent removes
	if err != nil {
		e.add(wrong, "state", "let the agent's user write it (fsGroup in a pod)", "cannot be written: %v", withoutPath(err))
		return
	}
	probe.Close()
	os.Remove(probe.Name())
	usage, err := disk.Usage(dir)
	switch need := uint64(e.s.spoolBytes) + stateBytes; {
	case err != nil:
		e.add(fine, "state", "", "can be written")
	case usage.Free < need:
		e.add(worth, "state", "make room, or lower "+variableName("SpoolBytes"), "can be written; %d MiB are free, spool and windows may want %d", usage.Free>>20, need>>20)
	default:
		e.add(fine, "state", "", "can be written; %d MiB are free", usage.Free>>20)
	}
}

// bucket asks the store for an object that nobody put. That a put would work it does not show.
func (e *examination) bucket(ctx context.Context) {
	if e.s.bucket == nil {
		e.add(worth, "bucket", "set "+variableName("PushURL")+", unless packs are only fetched", "none: packs end with the pod")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, bucketTime)
	defer cancel()
	_, err := e.s.bucket.Look(ctx, neverPut)
	var f *ship.Fault
	switch {
	case err == nil, errors.Is(err, ship.ErrAbsent):
		e.add(fine, "bucket", "", "%s answers (nothing was put)", e.s.bucket)
	case !errors.As(err, &f):
		e.add(wrong, "bucket", "check "+variableName("PushURL"), "%s gives no answer", e.s.bucket)
	case f.Cause == ship.Forbidden: // a store that may not be listed says so of what is not there, too
		e.add(worth, "bucket", f.Hint(), "%s answers: %v; that may be meant, if it cannot be listed", e.s.bucket, f)
	default:
		e.add(wrong, "bucket", f.Hint(), "%s: %v", e.s.bucket, f)
	}
}

// clock compares ours with those who answered.
func (e *examination) clock(offsets map[string]time.Duration) {
	var who []string
	for name := range offsets {
		who = append(who, name)
	}
	slices.Sort(who)
	for _, name := range who {
		if off := offsets[name]; off.Abs() > clockLimit {
			e.add(wrong, "clock", "set the clocks of the nodes (NTP)", "that of %s is %s from ours", name, off.Round(time.Second).Abs())
			return
		}
	}
	if len(who) == 0 {
		e.add(worth, "clock", "see relay", "nobody answered to compare it with")
		return
	}
	e.add(fine, "clock", "", "within %s of %s", clockLimit, counted(len(who), "other"))
}
