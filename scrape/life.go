package scrape

import (
	"sync"
	"time"
)

// Bounds of telling lives apart.
const (
	startSlack   = 2 * time.Second // a start that moved by more is another start
	otherSlack   = 5 * time.Second // likewise, where two sources tell it, which differ by up to 3.5 s
	stepSlack    = 2 * time.Second // a wall clock that moved by more against the monotonic one was set
	maxAnomalies = 64              // kept until the next snapshot
	maxSuspicion = 2 * time.Minute // how long ids that went back wait for word about the start
)

// lives tells one run of the relay's process from the next.
//
// A new life is one of: another pid or other start ticks; a start time, from the same source, that
// moved by more than 2 s (and not by what our own clock was set meanwhile); or, where neither can be
// had, event ids that begin again. Ids that go back are set aside until the next word about pid or
// start: the same start makes them an anomaly, another one a new life. A step of our clock is an
// anomaly of its own and never a new life. What was asked for before a life was first seen says
// nothing about it.
type lives struct {
	now func() time.Time

	mu        sync.Mutex
	life      Life
	before    Life
	resumed   Life      // that of the agent before, until the first word about process or start
	born      time.Time // monotonic, of life
	ended     time.Time // monotonic, of the last end
	port      PortState
	opened    time.Time // monotonic, of the newest sign that the port is open in life; zero: none yet
	starts    map[string]startSeen
	ids       map[string]uint64    // newest by event class
	suspects  map[string]time.Time // classes whose ids went back, and when
	anomalies []Anomaly
	told      []Termination // by Kubernetes, of the relay's container

	offset time.Duration // wall clock minus monotonic clock, as of the last check
	origin time.Time
	steps  time.Duration // by which our clock was set, in all
}

type startSeen struct {
	at    time.Time
	steps time.Duration
}

// newLives goes on from the last life that an agent before has seen. It is still that one if its process
// or its start is the same.
func newLives(now func() time.Time, last Life) *lives {
	l := &lives{now: now, origin: time.Now(), life: last, resumed: last, starts: map[string]startSeen{}, ids: map[string]uint64{}, suspects: map[string]time.Time{}}
	l.offset = l.wallOffset()
	if last.N > 0 && last.EndedAt.IsZero() {
		l.opened = time.Now()
	}
	if last.Source != "" && last.Source != ProcessSource {
		l.starts[last.Source] = startSeen{at: last.StartedAt}
	}
	return l
}

func (l *lives) wallOffset() time.Duration {
	return time.Duration(l.now().UnixNano()) - time.Since(l.origin)
}

// checkClock notes a step of our own clock.
func (l *lives) checkClock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	offset := l.wallOffset()
	step := offset - l.offset
	l.offset = offset // slow corrections do not add up
	if step.Abs() > stepSlack {
		l.steps += step
		l.anomaly("", "clock-step")
	}
}

func (l *lives) anomaly(class, what string) {
	if len(l.anomalies) < maxAnomalies {
		l.anomalies = append(l.anomalies, Anomaly{At: l.now(), Class: class, What: what})
	}
}

// alive notes an answer that was asked for at sent.
func (l *lives) alive(sent time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.life.N == 0 {
		l.begin()
	}
	if !sent.Before(l.born) {
		l.opened = time.Now()
	}
	if len(l.starts) == 0 && l.life.Pid == 0 && sent.After(l.ended) {
		l.revive() // it answers, and nothing could tell another life
	}
}

// begin starts a new life and says whether it took the place of another one. The lock is held.
func (l *lives) begin() (anew bool) {
	now := l.now()
	anew = l.life.N > 0
	if l.life.N > 0 {
		if l.life.EndedAt.IsZero() {
			l.life.EndedAt, l.life.End = now, "replaced"
		}
		l.before = l.life
	}
	l.life = Life{N: l.life.N + 1, FirstSeen: now}
	l.born = time.Now()
	l.opened = time.Time{}
	clear(l.starts)
	clear(l.ids)
	clear(l.suspects)
	return anew
}

// revive takes an end back: the same process answers again. The lock is held.
func (l *lives) revive() { l.life.EndedAt, l.life.End, l.life.Ending = time.Time{}, "", Ending{} }

func (l *lives) end(how string) {
	l.life.EndedAt, l.life.End, l.ended = l.now(), how, time.Now()
}

// another says whether the first word about the relay's start is of another life than the one that the agent
// before has left, which knew its start by a source that is not read any more. The lock is held.
func (l *lives) another(source string, at time.Time) bool {
	last := l.resumed
	l.resumed = Life{}
	return last.N > 0 && last.N == l.life.N && last.Source != source && !last.StartedAt.IsZero() && !at.IsZero() && at.Sub(last.StartedAt).Abs() > otherSlack
}

// confirm clears suspicions: the start is the one that it was. The lock is held.
func (l *lives) confirm(seen time.Time) {
	for class, since := range l.suspects {
		if seen.After(since) {
			delete(l.suspects, class)
			l.anomaly(class, "ids-went-back")
		}
	}
}

// start takes the relay's start as a source of the profile gives it, in an answer asked for at sent.
// It says, as the others do, whether a new life took the place of another one.
func (l *lives) start(source string, at, sent time.Time) (anew bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.life.N > 0 && sent.Before(l.born) {
		return false
	}
	if l.life.N == 0 {
		l.begin()
	}
	seen, known := l.starts[source]
	moved := at.Sub(seen.at)
	if another := l.another(source, at); another && !known {
		anew = l.begin()
	} else if known && moved.Abs() > startSlack && (moved-(l.steps-seen.steps)).Abs() > startSlack {
		anew = l.begin()
	} else if known {
		l.confirm(sent)
		if sent.After(l.ended) {
			l.revive()
		}
	}
	l.starts[source] = startSeen{at, l.steps}
	if l.life.StartedAt.IsZero() {
		l.life.StartedAt, l.life.Source = at, source
	}
	return anew
}

// newest takes the sequence number of the first event that a ring lists.
func (l *lives) newest(class string, id uint64, sent time.Time) (anew bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.life.N == 0 || sent.Before(l.born) {
		return false
	}
	last, known := l.ids[class]
	l.ids[class] = id
	if !known || id >= last {
		return false
	}
	if len(l.starts) == 0 && l.life.Pid == 0 {
		anew = l.begin()
		l.ids[class] = id
		return anew
	}
	if _, waits := l.suspects[class]; !waits {
		l.suspects[class] = sent
	}
	return false
}

// process takes the identity of the relay's process.
func (l *lives) process(pid int32, ticks uint64, started time.Time) (anew bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	another := l.another(ProcessSource, started)
	switch {
	case l.life.N == 0, l.life.Pid != 0 && (l.life.Pid != pid || l.life.Ticks != ticks):
		anew = l.begin()
	case l.life.Pid == 0 && another:
		anew = l.begin()
	case l.life.Pid == 0 && !l.life.EndedAt.IsZero() && started.After(l.life.EndedAt.Add(-startSlack)):
		anew = l.begin() // it began after the end of the one that is known
	case l.life.Pid == pid:
		l.confirm(time.Now())
		if l.life.End == "gone" || l.life.End == "port-closed" && l.port == PortOpen {
			l.revive()
		}
	}
	l.life.Pid, l.life.Ticks = pid, ticks
	if !started.IsZero() && l.life.Source != ProcessSource {
		l.life.StartedAt, l.life.Source = started, ProcessSource
	}
	return anew
}

// gone notes that the process that was known is no more.
func (l *lives) gone(pid int32) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.life.N == 0 || l.life.Pid != pid {
		return
	}
	if l.life.EndedAt.IsZero() {
		l.end("gone")
	}
	l.life.End = "gone"
}

// conclude notes how a process ended. That is known only after the end, when the next life may have begun.
func (l *lives) conclude(e ended) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, life := range []*Life{&l.life, &l.before} {
		if life.N > 0 && life.Pid == e.pid && life.Ticks == e.ticks {
			life.Ending = e.ending
		}
	}
	l.settle()
}

// connected notes what a connect to the port, made at sent, found. A port that was not open yet in this
// life does not end it: the relay boots. Nor does one that was opened since.
func (l *lives) connected(port PortState, sent time.Time) (anew bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if port != PortRefused || !sent.Before(l.opened) {
		l.port = port
	}
	switch {
	case port == PortOpen:
		if l.life.N == 0 {
			l.begin()
		}
		if !sent.Before(l.born) {
			l.opened = sent
		}
	case port == PortRefused && !l.opened.IsZero() && !sent.Before(l.opened) && l.life.EndedAt.IsZero():
		l.end("port-closed")
	}
	for _, since := range l.suspects {
		if time.Since(since) > maxSuspicion { // no word about the start came: they began again
			return l.begin()
		}
	}
	return false
}

// current gives the life, and the one before it.
func (l *lives) current() (life, before Life) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.life, l.before
}

// take gives the port's state and the anomalies since the last call.
func (l *lives) take() (PortState, []Anomaly) {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := l.anomalies
	l.anomalies = nil
	return l.port, out
}

// mark is what the watch looks for changes in.
type mark struct {
	n    int
	pid  int32
	end  string
	how  Ending
	port PortState
	last Ending // of the life before
}

func (l *lives) mark() mark {
	l.mu.Lock()
	defer l.mu.Unlock()
	return mark{l.life.N, l.life.Pid, l.life.End, l.life.Ending, l.port, l.before.Ending}
}
