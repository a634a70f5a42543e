package scrape

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestTerminationTellsHowALifeEnded(t *testing.T) {
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	s := func(n float64) time.Time { return at.Add(time.Duration(n * float64(time.Second))) }
	life := Life{N: 4, FirstSeen: s(-100), EndedAt: s(0.7), End: "gone", Pid: 7, Ticks: 9}
	killed := Termination{Reason: "OOMKilled", ExitCode: 137, FinishedAt: s(0)}
	none, near := Ending{}, Ending{OOM: OOMProbable}
	for name, c := range map[string]struct {
		life   Life
		before Ending
		t      Termination
		want   Ending
	}{
		"killed for memory":                     {life, near, killed, Ending{Known: true, Code: 137, Signal: 9, Name: "SIGKILL", OOM: OOMCertain, cluster: true}},
		"seen late":                             {life, none, Termination{Reason: "OOMKilled", ExitCode: 137, FinishedAt: s(-9)}, Ending{Known: true, Code: 137, Signal: 9, Name: "SIGKILL", OOM: OOMCertain, cluster: true}},
		"killed by somebody":                    {life, none, Termination{Reason: "Error", ExitCode: 137, FinishedAt: s(0)}, Ending{Known: true, Code: 137, Signal: 9, Name: "SIGKILL", cluster: true}},
		"killed by somebody, memory was near":   {life, near, Termination{Reason: "Error", ExitCode: 137, FinishedAt: s(0)}, Ending{Known: true, Code: 137, Signal: 9, Name: "SIGKILL", OOM: OOMProbable, cluster: true}},
		"by itself, memory was near":            {life, near, Termination{Reason: "Error", ExitCode: 1, FinishedAt: s(0)}, Ending{Known: true, Code: 1, cluster: true}},
		"completed":                             {life, none, Termination{Reason: "Completed", FinishedAt: s(0)}, Ending{Known: true, cluster: true}},
		"a signal that is told":                 {life, none, Termination{Reason: "Error", ExitCode: 143, Signal: 15, FinishedAt: s(0)}, Ending{Known: true, Code: 143, Signal: 15, Name: "SIGTERM", cluster: true}},
		"a code above the signals":              {life, none, Termination{Reason: "Error", ExitCode: 255, FinishedAt: s(0)}, Ending{Known: true, Code: 255, cluster: true}},
		"the kernel told, the cluster adds":     {life, Ending{Known: true, Code: 137, Signal: 9, Name: "SIGKILL"}, killed, Ending{Known: true, Code: 137, Signal: 9, Name: "SIGKILL", OOM: OOMCertain}},
		"the kernel told, it ended by itself":   {life, Ending{Known: true, Code: 3}, killed, Ending{Known: true, Code: 3}},
		"of the restart before":                 {life, none, Termination{Reason: "OOMKilled", ExitCode: 137, FinishedAt: s(-11)}, none},
		"after the end":                         {life, none, Termination{Reason: "OOMKilled", ExitCode: 137, FinishedAt: s(3)}, none},
		"without a time":                        {life, near, Termination{Reason: "OOMKilled", ExitCode: 137}, near},
		"before this life was first seen":       {Life{N: 4, FirstSeen: s(-2), EndedAt: s(0.7), End: "gone"}, none, Termination{Reason: "OOMKilled", ExitCode: 137, FinishedAt: s(-4)}, none},
		"before this life began":                {Life{N: 4, StartedAt: s(-2), EndedAt: s(0.7), End: "gone"}, none, Termination{Reason: "OOMKilled", ExitCode: 137, FinishedAt: s(-4)}, none},
		"a life that goes on":                   {Life{N: 4, FirstSeen: s(-100)}, none, killed, none},
		"killed in the second it was seen last": {Life{N: 4, FirstSeen: s(0.5), EndedAt: s(0.7), End: "gone"}, none, killed, Ending{Known: true, Code: 137, Signal: 9, Name: "SIGKILL", OOM: OOMCertain, cluster: true}},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLives(time.Now, Life{})
			l.life = c.life
			l.life.Ending = c.before
			for range 2 { // the cluster says it again with each read
				l.terminated([]Termination{c.t})
				if l.life.Ending != c.want {
					t.Errorf("%+v, want %+v", l.life.Ending, c.want)
				}
			}
		})
	}
}

func TestTerminationIsOfTheNearerLife(t *testing.T) {
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	l := newLives(time.Now, Life{})
	l.before = Life{N: 1, FirstSeen: at.Add(-time.Minute), EndedAt: at.Add(300 * time.Millisecond), End: "gone", Pid: 5, Ticks: 1}
	l.life = Life{N: 2, FirstSeen: at.Add(time.Second), EndedAt: at.Add(5 * time.Second), End: "gone", Pid: 6, Ticks: 2}
	l.terminated([]Termination{{Reason: "Error", ExitCode: 1, FinishedAt: at.Add(5 * time.Second)}, {Reason: "OOMKilled", ExitCode: 137, FinishedAt: at}})
	if l.life.Ending.Code != 1 || l.life.Ending.OOM != OOMNone || l.before.Ending.OOM != OOMCertain {
		t.Errorf("life %+v, before %+v", l.life.Ending, l.before.Ending)
	}
	// The system gives up waiting for the exit status later, and what it does not know takes nothing away.
	l.conclude(ended{identity{pid: 5, ticks: 1}, Ending{}})
	if l.before.Ending.OOM != OOMCertain || l.before.Ending.Code != 137 {
		t.Errorf("before, concluded: %+v", l.before.Ending)
	}
}

// Without a shared process namespace there is no pid: the port says that the relay ended, the cluster how.
func TestDeathInAPod(t *testing.T) {
	inPod(t, nil, func(ctx context.Context, d *demo, a *apiServer) {
		d.watch(ctx)
		d.later(ctx, time.Minute)
		d.Kill()
		ended := time.Now()
		d.later(ctx, 3*time.Second) // the node tells it a moment later
		a.set("", text(strings.Replace(fixture("pod.json"), "2000-01-01T00:09:57Z", ended.UTC().Format(time.RFC3339), 1)))
		d.later(ctx, 3*time.Second)
		life := d.s.Life()
		if life.End != "port-closed" || life.Ending.OOM != OOMCertain || life.Ending.Code != 137 || life.Ending.Name != "SIGKILL" {
			t.Errorf("%+v", life)
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		if last := d.snaps[len(d.snaps)-1]; last.Life.Ending.OOM != OOMCertain {
			t.Errorf("no snapshot tells it: %+v", last.Life)
		}
	})
}

// In a pod the agent sees its own control group alone; the limit comes from the cluster.
func TestMemoryNearTheLimitOfAPod(t *testing.T) {
	for rss, want := range map[uint64]OOM{950: OOMProbable, 800: OOMNone} {
		h := &held{}
		h.look(&Process{RSS: rss, PodLimit: 1000})
		if got := h.judge(0, false).OOM; got != want {
			t.Errorf("%d of 1000: %q, want %q", rss, got, want)
		}
		h.look(&Process{RSS: rss})
		h.look(&Process{PodLimit: 1000})
		if got := h.judge(0, false).OOM; got != want {
			t.Errorf("%d, then read while it died: %q", rss, got)
		}
	}
}
