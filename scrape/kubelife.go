package scrape

import "time"

// Bounds of holding a termination to the end of a life. The container's runtime tells it in whole
// seconds; we see the end at the next glance, or later where a look stood in between.
const (
	finishedEarly = 10 * time.Second // before the end was seen, at most
	finishedLate  = 2 * time.Second  // behind it
)

const reasonOOM = "OOMKilled"

// terminated takes what the cluster says about the ends of the relay's container.
func (l *lives) terminated(list []Termination) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.told = list
	l.settle()
}

// settle lets each termination that was told say how the life ended that it fits. The lock is held.
func (l *lives) settle() {
	for _, t := range l.told {
		var best *Life
		for _, life := range []*Life{&l.life, &l.before} {
			if t.fits(life) && (best == nil || t.distance(life) < t.distance(best)) {
				best = life
			}
		}
		if best != nil {
			best.Ending = best.Ending.with(t)
		}
	}
}

// fits says whether a container that ended so can have held that life of the relay.
func (t *Termination) fits(life *Life) bool {
	if life.N == 0 || life.EndedAt.IsZero() || t.FinishedAt.IsZero() {
		return false
	}
	before := life.EndedAt.Sub(t.FinishedAt)
	second := t.FinishedAt.Add(time.Second) // all of it
	return before <= finishedEarly && before >= -finishedLate &&
		!second.Before(life.FirstSeen) && !second.Before(life.StartedAt)
}

func (t *Termination) distance(life *Life) time.Duration {
	return life.EndedAt.Sub(t.FinishedAt).Abs()
}

// with adds what the cluster says to what the system told. Where the exit status of the process is known,
// that one holds, and an end by itself is no kill.
func (e Ending) with(t Termination) Ending {
	if !e.Known {
		e.Known, e.Code, e.Signal = true, int(t.ExitCode), int(t.Signal)
		if e.Signal == 0 && e.Code > 128 && e.Code <= 128+maxSignal {
			e.Signal = e.Code - 128
		}
		if e.Signal != 0 {
			e.Code, e.Name = 128+e.Signal, signalName(e.Signal)
		}
		e.cluster = true
	}
	switch {
	case t.Reason == reasonOOM && (e.cluster || e.Signal == sigKill):
		e.OOM = OOMCertain
	case e.cluster && e.Signal != sigKill:
		e.OOM = OOMNone
	}
	return e
}

const (
	sigKill   = 9
	maxSignal = 64
)
