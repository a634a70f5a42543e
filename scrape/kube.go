package scrape

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"time"
)

// The Kubernetes source: what the cluster knows of the pod that the relay and the agent share.
//
// Where the agent sees its own control group alone and another uid's process half, the API server
// tells limits, restarts, and how a container ended. Three answers are asked for, each with a state of
// its own, since each wants a right of its own: the pod, its events, the relay's previous log. kubecall.go
// makes the calls, kubewalk.go, kubepod.go and kubestatus.go read the answers (a pod's environment among what they
// pass over), kubelife.go lets a termination say how a life of the relay ended.

// The names under which the cluster's answers stand among the sources' states.
const (
	KubernetesSource       = "kubernetes"
	KubernetesEventsSource = "kubernetes-events"
	KubernetesLogSource    = "kubernetes-log"
)

// OwnContainer is the name of the agent's own container, which is never taken for the relay's.
const OwnContainer = "relaypack"

// ServiceAccount is the folder in which Kubernetes mounts what the API server wants to see.
const ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount"

// Bounds of asking the cluster.
const (
	podInterval    = 30 * time.Second
	podSoon        = 2 * time.Second  // between two reads, at least
	podUnrest      = 20 * time.Second // after a change of port or process a read every podSoon
	eventsInterval = 10 * time.Second
	MaxLogLines    = 200
)

// KubernetesOptions says which pod is asked for, and where.
type KubernetesOptions struct {
	Host, Port string // of the API server
	Folder     string // with ca.crt and token, both read anew for each answer; "": ServiceAccount
	Namespace  string
	Pod        string
	Container  string                                                            // the relay's; "": the only one that is no init container and not ours
	LogLines   int                                                               // of the relay's previous log, at most MaxLogLines; 0: it is not read
	Obtained   func(bearer string)                                               // told each new token before it is used; nil: not told
	Dial       func(ctx context.Context, network, addr string) (net.Conn, error) // nil: net.Dialer
}

func (o *KubernetesOptions) check() error {
	switch {
	case o.Host == "", o.Port == "":
		return errors.New("kubernetes: no address of the API server")
	case !pathName(o.Namespace), !pathName(o.Pod), o.Container != "" && !pathName(o.Container):
		return errors.New("kubernetes: pod, namespace and container are lower-case letters, digits, hyphens and dots")
	case o.LogLines < 0, o.LogLines > MaxLogLines:
		return errors.New("kubernetes: too many lines of the log")
	}
	return nil
}

// pathName says whether a text is a name that stands in a path as it is (RFC 1123, as Kubernetes has it).
func pathName(text string) bool {
	return text != "" && len(text) <= 253 && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789-.") == "" && strings.Trim(text, ".") == text
}

// kube asks for one pod.
type kube struct {
	opt     KubernetesOptions
	cluster *cluster
	changed chan struct{} // one place: port, process or life is another one
	reading semaphore

	mu       sync.Mutex
	unrest   time.Time // monotonic; until when reads come fast
	wait     time.Time // monotonic; no read before then: the API server wants it
	events   []PodEvent
	eventsAt time.Time // monotonic, of the last try
	held     map[string]time.Time
	log      string
	logOf    string // the container id whose log that is, or was not there
}

func newKube(o *KubernetesOptions, agent string) *kube {
	if o == nil {
		return nil
	}
	k := &kube{opt: *o, changed: make(chan struct{}, 1), reading: newSemaphore(), held: map[string]time.Time{}}
	if k.opt.Folder == "" {
		k.opt.Folder = ServiceAccount
	}
	if k.opt.Dial == nil {
		k.opt.Dial = (&net.Dialer{}).DialContext
	}
	k.cluster = newCluster(&k.opt, agent)
	return k
}

// names lists the sources that a look has through it.
func (k *kube) names() []string {
	switch {
	case k == nil:
		return nil
	case k.opt.LogLines == 0:
		return []string{KubernetesSource, KubernetesEventsSource}
	}
	return []string{KubernetesSource, KubernetesEventsSource, KubernetesLogSource}
}

// wake asks for a read at once: what the cluster says of it comes within seconds.
func (k *kube) wake() {
	if k == nil {
		return
	}
	k.mu.Lock()
	k.unrest = time.Now().Add(podUnrest)
	k.mu.Unlock()
	select {
	case k.changed <- struct{}{}:
	default:
	}
}

// next is when the pod is read after a read that began at last.
func (k *kube) next(last time.Time) time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	at := last.Add(podInterval)
	if soon := last.Add(podSoon); soon.Before(k.unrest) {
		at = soon
	}
	if at.Before(k.wait) {
		return k.wait
	}
	return at
}

// followPod reads the pod until ctx ends.
func (s *Scraper) followPod(ctx context.Context, hand func(*Snapshot)) {
	if s.kube == nil {
		return
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	var last time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.kube.changed:
			if !last.IsZero() {
				timer.Reset(time.Until(s.kube.next(last)))
				continue
			}
		case <-timer.C:
		}
		last = time.Now()
		r := s.readPod(ctx)
		if ctx.Err() != nil {
			return
		}
		hand(s.snapshot([]*Result{r}, last))
		timer.Reset(time.Until(s.kube.next(last)))
	}
}

// readPod reads the pod, and its events and the log where they are due.
func (s *Scraper) readPod(ctx context.Context) *Result {
	k := s.kube
	r := &Result{Source: KubernetesSource, At: s.opt.Now()}
	if k.reading.take(ctx) != nil {
		r.State = s.states.pass(KubernetesSource, Skipped, becauseStopped)
		return r
	}
	defer k.reading.give()
	ctx, cancel := context.WithTimeout(ctx, s.opt.Timeout)
	defer cancel()
	pod := &Pod{}
	got := k.cluster.get(ctx, request{path: k.podPath(), most: maxPod, read: pod.read, missing: becauseNoPodRight})
	k.heed(got.after)
	r.At = s.opt.Now()
	if got.status != OK {
		r.State = s.states.read(KubernetesSource, got.state())
		return r
	}
	got.status, got.why = pod.choose(k.opt.Container)
	r.State = s.states.read(KubernetesSource, got.state())
	r.Pod = pod
	if relay := pod.container(pod.Relay); relay != nil {
		if limit := relay.memoryLimit(pod); limit > 0 {
			s.finder.podLimit.Store(limit)
		}
		s.lives.terminated(relay.terminations())
	}
	pod.Events = s.readEvents(ctx, pod)
	pod.Log = s.readLog(ctx, pod)
	return r
}

func (k *kube) podPath() string {
	return "/api/v1/namespaces/" + k.opt.Namespace + "/pods/" + k.opt.Pod
}

// heed notes that the API server wants us to wait.
func (k *kube) heed(after time.Duration) {
	if after <= 0 {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.wait = time.Now().Add(min(after, holdTime))
}

// may says whether a source may be asked: one that was forbidden is left alone for five minutes.
func (k *kube) may(source string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return !time.Now().Before(k.held[source])
}

func (k *kube) note(source string, got outcome) {
	k.heed(got.after)
	if got.status == Forbidden || got.status == Unauthorized {
		k.mu.Lock()
		k.held[source] = time.Now().Add(holdTime)
		k.mu.Unlock()
	}
}

// readEvents gives the pod's newest events, those of the last read while none is due.
func (s *Scraper) readEvents(ctx context.Context, pod *Pod) []PodEvent {
	k := s.kube
	k.mu.Lock()
	due, before := k.eventsAt.IsZero() || time.Since(k.eventsAt) >= eventsInterval, k.events
	k.mu.Unlock()
	if !due || !k.may(KubernetesEventsSource) {
		return before
	}
	list := eventList{uid: pod.uid}
	got := k.cluster.get(ctx, request{
		path:  "/api/v1/namespaces/" + k.opt.Namespace + "/events",
		query: map[string]string{"fieldSelector": "involvedObject.kind=Pod,involvedObject.name=" + k.opt.Pod, "limit": "500"},
		most:  maxEventAnswer, read: list.read, missing: becauseNoEventsRight,
	})
	k.note(KubernetesEventsSource, got)
	s.states.read(KubernetesEventsSource, got.state())
	k.mu.Lock()
	defer k.mu.Unlock()
	k.eventsAt = time.Now()
	if got.status == OK {
		k.events = list.newest()
	}
	return k.events
}
