package scrape

import (
	"testing"
	"testing/synctest"
	"time"
)

// livesInBubble gives lives on a wall clock that the test can set.
func livesInBubble(t *testing.T, run func(l *lives, set func(time.Duration))) {
	synctest.Test(t, func(t *testing.T) {
		var step time.Duration
		l := newLives(func() time.Time { return time.Now().Add(step) }, Life{})
		run(l, func(d time.Duration) { step += d })
	})
}

func wait(d time.Duration) { <-time.After(d) }

func what(l *lives) (n int, end string, anomalies []string) {
	life, _ := l.current()
	_, found := l.take()
	for _, a := range found {
		anomalies = append(anomalies, a.What+" "+a.Class)
	}
	return life.N, life.End, anomalies
}

func TestLives(t *testing.T) {
	began := time.Now().Add(-time.Hour).Truncate(time.Second)
	start := func(l *lives, at time.Time) { l.start("metrics", at, time.Now()) }
	for name, c := range map[string]struct {
		happens   func(l *lives, set func(time.Duration))
		n         int
		end       string
		anomalies int
	}{
		"nothing seen":          {func(*lives, func(time.Duration)) {}, 0, "", 0},
		"refused before a life": {func(l *lives, _ func(time.Duration)) { l.connected(PortRefused, time.Now()) }, 0, "", 0},
		"port open":             {func(l *lives, _ func(time.Duration)) { l.connected(PortOpen, time.Now()) }, 1, "", 0},
		"same start":            {func(l *lives, _ func(time.Duration)) { start(l, began); wait(1); start(l, began) }, 1, "", 0},
		"start a second off":    {func(l *lives, _ func(time.Duration)) { start(l, began); wait(1); start(l, began.Add(2*time.Second)) }, 1, "", 0},
		"start moved":           {func(l *lives, _ func(time.Duration)) { start(l, began); wait(1); start(l, began.Add(3*time.Second)) }, 2, "", 0},
		"start moved back":      {func(l *lives, _ func(time.Duration)) { start(l, began); wait(1); start(l, began.Add(-3*time.Second)) }, 2, "", 0},
		"another source's start": {func(l *lives, _ func(time.Duration)) {
			start(l, began)
			l.start("summary", began.Add(4*time.Second), time.Now())
		}, 1, "", 0},
		"start moved with our clock": {func(l *lives, set func(time.Duration)) {
			start(l, began)
			wait(time.Second)
			set(time.Hour)
			l.checkClock()
			start(l, began.Add(time.Hour))
		}, 1, "", 1},
		"start moved otherwise than our clock": {func(l *lives, set func(time.Duration)) {
			start(l, began)
			wait(time.Second)
			set(time.Hour)
			l.checkClock()
			start(l, began.Add(30*time.Minute))
		}, 2, "", 1},
		"an answer of the life before": {func(l *lives, _ func(time.Duration)) {
			start(l, began)
			wait(time.Second)
			sent := time.Now()
			wait(time.Second)
			start(l, began.Add(time.Hour))
			l.start("metrics", began, sent)
			start(l, began.Add(time.Hour))
		}, 2, "", 0},
		"pid changed": {func(l *lives, _ func(time.Duration)) {
			l.process(7, 100, began)
			l.process(8, 200, began)
		}, 2, "", 0},
		"pid came back with other ticks": {func(l *lives, _ func(time.Duration)) {
			l.process(7, 100, began)
			l.process(7, 200, began)
		}, 2, "", 0},
		"pid and start tell of one restart": {func(l *lives, _ func(time.Duration)) {
			start(l, began)
			l.process(7, 100, began)
			wait(time.Second)
			l.process(8, 200, began.Add(time.Hour))
			wait(time.Second)
			start(l, began.Add(time.Hour))
			start(l, began.Add(time.Hour))
		}, 2, "", 0},
		"start and then pid tell of one restart": {func(l *lives, _ func(time.Duration)) {
			start(l, began)
			l.process(7, 100, began)
			wait(time.Second)
			start(l, began.Add(time.Hour))
			l.gone(7)
			l.process(8, 200, began.Add(time.Hour))
		}, 2, "", 0},
		"process gone": {func(l *lives, _ func(time.Duration)) {
			l.process(7, 100, began)
			l.gone(7)
			l.connected(PortRefused, time.Now())
		}, 1, "gone", 0},
		"port closed": {func(l *lives, _ func(time.Duration)) {
			l.process(7, 100, began)
			l.connected(PortOpen, time.Now())
			l.connected(PortRefused, time.Now())
			l.process(7, 100, began)
		}, 1, "port-closed", 0},
		"boots": {func(l *lives, _ func(time.Duration)) {
			l.process(7, 100, began)
			l.connected(PortOpen, time.Now())
			l.process(8, 200, began)
			l.connected(PortRefused, time.Now())
		}, 2, "", 0},
		"dies while it boots": {func(l *lives, _ func(time.Duration)) {
			l.process(7, 100, began)
			l.connected(PortRefused, time.Now())
			l.gone(7)
			l.connected(PortRefused, time.Now())
		}, 1, "gone", 0},
		"booted, then its port closed": {func(l *lives, _ func(time.Duration)) {
			l.process(7, 100, began)
			l.connected(PortRefused, time.Now())
			l.process(7, 100, began)
			l.connected(PortOpen, time.Now())
			l.connected(PortRefused, time.Now())
		}, 1, "port-closed", 0},
		"refused by the life before": {func(l *lives, _ func(time.Duration)) {
			l.process(7, 100, began)
			l.connected(PortOpen, time.Now())
			wait(time.Second)
			sent := time.Now()
			wait(time.Second)
			l.process(8, 200, began)
			l.alive(time.Now())
			l.connected(PortRefused, sent)
		}, 2, "", 0},
		"open in the life before": {func(l *lives, _ func(time.Duration)) {
			l.process(7, 100, began)
			sent := time.Now()
			wait(time.Second)
			l.process(8, 200, began)
			l.connected(PortOpen, sent)
			wait(time.Second)
			l.connected(PortRefused, time.Now())
		}, 2, "", 0},
		"answers, then its port is closed": {func(l *lives, _ func(time.Duration)) {
			start(l, began)
			l.alive(time.Now())
			l.connected(PortRefused, time.Now())
		}, 1, "port-closed", 0},
		"port closed, then gone": {func(l *lives, _ func(time.Duration)) {
			l.process(7, 100, began)
			l.connected(PortOpen, time.Now())
			l.connected(PortRefused, time.Now())
			l.gone(7)
		}, 1, "gone", 0},
		"port times out": {func(l *lives, _ func(time.Duration)) {
			l.connected(PortOpen, time.Now())
			l.connected(PortTimeout, time.Now())
		}, 1, "", 0},
		"port came back, same process": {func(l *lives, _ func(time.Duration)) {
			l.process(7, 100, began)
			l.connected(PortOpen, time.Now())
			l.connected(PortRefused, time.Now())
			l.connected(PortOpen, time.Now())
			l.process(7, 100, began)
		}, 1, "", 0},
		"port came back, same start": {func(l *lives, _ func(time.Duration)) {
			start(l, began)
			l.connected(PortOpen, time.Now())
			l.connected(PortRefused, time.Now())
			wait(time.Second)
			start(l, began)
		}, 1, "", 0},
		"port came back, nothing to tell by": {func(l *lives, _ func(time.Duration)) {
			l.connected(PortOpen, time.Now())
			l.connected(PortRefused, time.Now())
			wait(time.Second)
			l.alive(time.Now())
		}, 1, "", 0},
		"ids began again, nothing else to tell by": {func(l *lives, _ func(time.Duration)) {
			l.connected(PortOpen, time.Now())
			wait(time.Second)
			l.newest("relay", 500, time.Now())
			l.newest("relay", 501, time.Now())
			l.newest("relay", 3, time.Now())
		}, 2, "", 0},
		"ids went back under one start": {func(l *lives, _ func(time.Duration)) {
			start(l, began)
			wait(time.Second)
			l.newest("relay", 500, time.Now())
			l.newest("relay", 3, time.Now())
			wait(time.Second)
			start(l, began)
		}, 1, "", 1},
		"ids went back, then the start moved": {func(l *lives, _ func(time.Duration)) {
			start(l, began)
			wait(time.Second)
			l.newest("relay", 500, time.Now())
			l.newest("relay", 3, time.Now())
			wait(time.Second)
			start(l, began.Add(time.Hour))
		}, 2, "", 0},
		"ids went back, and no word came": {func(l *lives, _ func(time.Duration)) {
			start(l, began)
			wait(time.Second)
			l.newest("relay", 500, time.Now())
			l.newest("relay", 3, time.Now())
			wait(maxSuspicion + time.Second)
			l.connected(PortTimeout, time.Now())
		}, 2, "", 0},
		"clock set back": {func(l *lives, set func(time.Duration)) {
			start(l, began)
			set(-3 * time.Second)
			l.checkClock()
			l.checkClock()
		}, 1, "", 1},
		"clock corrected slowly": {func(l *lives, set func(time.Duration)) {
			for range 100 {
				set(100 * time.Millisecond)
				l.checkClock()
			}
		}, 0, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			livesInBubble(t, func(l *lives, set func(time.Duration)) {
				c.happens(l, set)
				if n, end, anomalies := what(l); n != c.n || end != c.end || len(anomalies) != c.anomalies {
					t.Errorf("life %d end %q anomalies %v, want %d %q %d", n, end, anomalies, c.n, c.end, c.anomalies)
				}
			})
		})
	}
}

// How a process ended is known when its parent has read it, which may be in the next life.
func TestEndIsToldOfItsOwnLife(t *testing.T) {
	livesInBubble(t, func(l *lives, _ func(time.Duration)) {
		l.process(7, 100, time.Unix(1000, 0))
		l.gone(7)
		l.conclude(ended{identity{pid: 7, ticks: 100}, Ending{Known: true, Code: 1}})
		if life, _ := l.current(); life.Ending.Code != 1 {
			t.Errorf("life %+v", life)
		}
		l.process(8, 200, time.Unix(2000, 0))
		l.gone(8)
		l.process(8, 300, time.Unix(3000, 0)) // the same pid
		before := l.mark()
		l.conclude(ended{identity{pid: 8, ticks: 200}, Ending{Known: true, Code: 137, Signal: 9}})
		life, last := l.current()
		if life.Ending != (Ending{}) || last.Ending.Signal != 9 || l.mark() == before {
			t.Errorf("life %+v, before %+v", life, last)
		}
	})
}

func TestLivesGoOnWhereTheAgentBeforeEnded(t *testing.T) {
	began := time.Unix(1000, 0)
	byStart := Life{N: 3, StartedAt: began, Source: "metrics", FirstSeen: began}
	byProcess := Life{N: 3, StartedAt: began, Source: ProcessSource, FirstSeen: began, Pid: 7, Ticks: 100}
	ended := byStart
	ended.EndedAt, ended.End = began.Add(time.Hour), "port-closed"
	gone := byProcess
	gone.EndedAt, gone.End = began.Add(time.Hour), "gone"
	for name, c := range map[string]struct {
		last    Life
		happens func(l *lives)
		n       int
		end     string
	}{
		"nothing seen yet":                        {byStart, func(*lives) {}, 3, ""},
		"same start":                              {byStart, func(l *lives) { l.start("metrics", began, time.Now()) }, 3, ""},
		"another start":                           {byStart, func(l *lives) { l.start("metrics", began.Add(time.Minute), time.Now()) }, 4, ""},
		"same process":                            {byProcess, func(l *lives) { l.process(7, 100, began) }, 3, ""},
		"another process":                         {byProcess, func(l *lives) { l.process(8, 200, began) }, 4, ""},
		"same pid, new ticks":                     {byProcess, func(l *lives) { l.process(7, 200, began) }, 4, ""},
		"gone, and stays so":                      {gone, func(l *lives) { l.connected(PortRefused, time.Now()) }, 3, "gone"},
		"gone, then a new one":                    {gone, func(l *lives) { l.process(9, 300, began) }, 4, ""},
		"ended, and a process that began later":   {ended, func(l *lives) { l.process(9, 300, began.Add(2*time.Hour)) }, 4, ""},
		"ended, and a process that began earlier": {ended, func(l *lives) { l.connected(PortOpen, time.Now()); l.process(9, 300, began) }, 3, "port-closed"},
		"same start by another source":            {byProcess, func(l *lives) { l.start("metrics", began.Add(3500*time.Millisecond), time.Now()) }, 3, ""},
		"another start by another source":         {byProcess, func(l *lives) { l.start("metrics", began.Add(6*time.Second), time.Now()) }, 4, ""},
		"the same told by a third, which differs": {byProcess, func(l *lives) { l.process(7, 100, began); l.start("metrics", began.Add(6*time.Second), time.Now()) }, 3, ""},
		"same start by a process":                 {byStart, func(l *lives) { l.process(7, 100, began.Add(-3500*time.Millisecond)) }, 3, ""},
		"another start by a process":              {byStart, func(l *lives) { l.process(7, 100, began.Add(time.Hour)) }, 4, ""},
		"start by a process, then by its source": {byStart, func(l *lives) {
			l.process(7, 100, began.Add(time.Hour))
			l.start("metrics", began.Add(time.Hour), time.Now())
		}, 4, ""},
		"port refuses": {byProcess, func(l *lives) { l.process(7, 100, began); l.connected(PortRefused, time.Now()) }, 3, "port-closed"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLives(time.Now, c.last)
				c.happens(l)
				if n, end, _ := what(l); n != c.n || end != c.end {
					t.Errorf("life %d end %q, want %d %q", n, end, c.n, c.end)
				}
			})
		})
	}
}

func TestLifeBeforeIsTold(t *testing.T) {
	livesInBubble(t, func(l *lives, _ func(time.Duration)) {
		l.process(7, 100, time.Unix(1000, 0))
		if anew := l.process(8, 200, time.Unix(2000, 0)); !anew {
			t.Error("a new life was not told")
		}
		life, before := l.current()
		if before.N != 1 || before.End != "replaced" || before.EndedAt.IsZero() || before.Pid != 7 {
			t.Errorf("before %+v", before)
		}
		if life.Pid != 8 || life.Source != ProcessSource || !life.StartedAt.Equal(time.Unix(2000, 0)) {
			t.Errorf("life %+v", life)
		}
	})
}
