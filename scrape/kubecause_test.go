package scrape

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
)

// podThatEnded is the pod's answer with the relay's last end at an instant, and where it stands: while it is
// "terminated" or "lastState" says it, when the container has been started again.
func podThatEnded(at time.Time, again bool) http.HandlerFunc {
	doc := strings.Replace(fixture("pod.json"), "2000-01-01T00:09:57Z", at.UTC().Format(time.RFC3339), 1)
	if !again {
		doc = strings.Replace(doc, `"state": {"waiting"`, `"before": {"waiting"`, 1)
		doc = strings.Replace(doc, `"lastState": {"terminated"`, `"state": {"terminated"`, 1)
	}
	return text(doc)
}

// The node tells the API server a moment after an end how it came; the final pack waits for that, and not longer.
func TestCauseOfAnEnd(t *testing.T) {
	for name, c := range map[string]struct {
		lines  int
		told   time.Duration // when the node tells it, 0: never
		again  time.Duration // when the container is started again, 0: never
		h      http.HandlerFunc
		least  time.Duration
		most   time.Duration
		oom    OOM
		log    bool
		early  bool // what is asked for while the container is down is the next one's log, empty
		silent bool // of the pod
	}{
		"known at once":           {told: 1, again: 1, most: 100 * time.Millisecond, oom: OOMCertain},
		"known after a second":    {told: 1200 * time.Millisecond, least: time.Second, most: 2 * time.Second, oom: OOMCertain},
		"never":                   {least: causeTime, most: causeTime, oom: OOMNone},
		"too late":                {told: 5 * time.Second, least: causeTime, most: causeTime, oom: OOMNone},
		"with its log":            {lines: 20, told: 500 * time.Millisecond, least: 500 * time.Millisecond, most: time.Second, oom: OOMCertain, log: true},
		"the log of the next one": {lines: 20, told: 500 * time.Millisecond, again: 1200 * time.Millisecond, early: true, least: 1500 * time.Millisecond, most: 2 * time.Second, oom: OOMCertain, log: true},
		"started again at once":   {lines: 20, told: 500 * time.Millisecond, again: 500 * time.Millisecond, least: 500 * time.Millisecond, most: time.Second, oom: OOMCertain, log: true},
		"a cluster that refuses":  {h: status(403, "Forbidden"), most: 100 * time.Millisecond, oom: OOMNone, silent: true},
		"a cluster that is busy":  {h: status(429, "TooManyRequests", "Retry-After", "60"), most: 100 * time.Millisecond, oom: OOMNone, silent: true},
		"a cluster that is mute":  {h: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, least: causeTime, most: causeTime, oom: OOMNone, silent: true},
	} {
		t.Run(name, func(t *testing.T) {
			inPod(t, func(o *KubernetesOptions) { o.LogLines = c.lines }, func(ctx context.Context, d *demo, a *apiServer) {
				d.s.Look(ctx)
				d.Kill()
				d.s.glance(ctx)
				life := d.s.Life()
				if life.EndedAt.IsZero() {
					t.Fatal("the end was not seen")
				}
				ended := time.Now()
				a.set("", func(w http.ResponseWriter, r *http.Request) {
					since := time.Since(ended)
					switch {
					case c.h != nil:
						c.h(w, r)
					case c.again > 0 && since >= c.again:
						podThatEnded(ended, true)(w, r)
					case c.told > 0 && since >= c.told:
						podThatEnded(ended, false)(w, r)
					default:
						file("pod.json")(w, r)
					}
				})
				if c.early {
					a.set("/log", func(w http.ResponseWriter, r *http.Request) {
						if r.URL.Query().Get("previous") == "true" {
							text("last words\n")(w, r)
						}
					})
				}
				if c.told == 1 {
					time.Sleep(time.Nanosecond) // false time
				}
				got, pod := d.s.Cause(ctx, life.N)
				if took := time.Since(ended); took < c.least || took > c.most+1 {
					t.Errorf("took %v, want %v to %v", took, c.least, c.most)
				}
				if got.N != life.N || got.Ending.OOM != c.oom || (pod == nil) != c.silent {
					t.Errorf("life %+v, pod %v", got, pod)
				}
				if pod != nil && (pod.Pod.Log != "") != c.log {
					t.Errorf("log %q", pod.Pod.Log)
				}
			})
		})
	}
}

// What is known or not asked for is not waited for.
func TestNoCauseToWaitFor(t *testing.T) {
	inPod(t, nil, func(ctx context.Context, d *demo, a *apiServer) {
		d.s.Look(ctx)
		begin := time.Now()
		n := d.s.Life().N
		if got, pod := d.s.Cause(ctx, n); got.N != n || pod != nil {
			t.Errorf("of a life that goes on: %+v, %v", got, pod)
		}
		if got, _ := d.s.Cause(ctx, n+7); got.N != 0 {
			t.Errorf("of no life: %+v", got)
		}
		d.Kill()
		d.s.glance(ctx)
		d.s.lives.mu.Lock()
		d.s.lives.life.Ending = Ending{Known: true, Code: 1}
		d.s.lives.mu.Unlock()
		if got, pod := d.s.Cause(ctx, n); got.Ending.Code != 1 || pod != nil {
			t.Errorf("of one that ended by itself: %+v, %v", got, pod)
		}
		d.s.lives.mu.Lock()
		d.s.lives.life.Ending = Ending{}
		d.s.lives.mu.Unlock()
		a.set("", file("pod.json"))
		stopped, stop := context.WithCancel(ctx)
		stop()
		d.s.Cause(stopped, n)
		if took := time.Since(begin); took > 100*time.Millisecond {
			t.Errorf("took %v", took)
		}
	})
}

// While the container is down its log is the one that ended; when it has been started again that is the
// previous one, which is asked for again, once.
func TestLogOfAnEnd(t *testing.T) {
	inPod(t, func(o *KubernetesOptions) { o.LogLines = 20 }, func(ctx context.Context, d *demo, a *apiServer) {
		a.set("/log", func(w http.ResponseWriter, r *http.Request) {
			text("previous is "+r.URL.Query().Get("previous")+"\n")(w, r)
		})
		ended := time.Now()
		for _, c := range []struct {
			again bool
			want  string
			asked int
		}{{false, "previous is false\n", 1}, {false, "previous is false\n", 1}, {true, "previous is true\n", 2}, {true, "previous is true\n", 2}} {
			a.set("", podThatEnded(ended, c.again))
			if pod := d.s.readPod(ctx).Pod; pod == nil || pod.Log != c.want {
				t.Errorf("started again %v: %+v", c.again, pod)
			}
			if n := a.requests()["log"]; n != c.asked {
				t.Errorf("started again %v: asked %d times", c.again, n)
			}
		}
	})
}
