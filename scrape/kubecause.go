package scrape

import (
	"context"
	"time"
)

// Bounds of waiting for word about an end. A node tells the API server one to two seconds after it.
const (
	causeTime  = 3 * time.Second
	causePause = 500 * time.Millisecond // between two reads of the pod
)

// Cause waits for what the cluster says about how life n of the relay ended, at most 3 s, and less where
// that is known already, the cluster is not asked or does not answer, or ctx ends. It gives that life as
// it is known then, N is 0 for one that is not known any more, and the pod as it was read last, nil if it
// was not. The relay is asked nothing.
func (s *Scraper) Cause(ctx context.Context, n int) (Life, *Result) {
	ctx, cancel := context.WithTimeout(ctx, causeTime)
	defer cancel()
	var pod *Result
	for {
		for _, e := range s.finder.ends() {
			s.lives.conclude(e)
		}
		life, told := s.lives.numbered(n)
		if s.kube == nil || life.EndedAt.IsZero() || s.kube.enough(life, told, pod) || !s.kube.free() {
			return life, pod
		}
		r := s.readPod(ctx)
		if r.Pod != nil {
			pod = r
		}
		if life, told = s.lives.numbered(n); r.State.Status != OK || s.kube.enough(life, told, pod) || !pause(ctx, causePause) {
			return life, pod
		}
	}
}

// pause waits, and says whether ctx goes on.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// numbered gives a life by its number, and whether the cluster told how it ended.
func (l *lives) numbered(n int) (life Life, told bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, one := range []Life{l.life, l.before} {
		if one.N != n {
			continue
		}
		for _, t := range l.told {
			told = told || t.fits(&one)
		}
		return one, told
	}
	return Life{}, false
}

// enough says whether nothing is missing any more that the cluster could tell of an end. Of a process that is
// known to have ended by itself that is its log alone, which is asked for with the read that tells the end. One
// that is empty while the container is down may be the next container's already.
func (k *kube) enough(life Life, told bool, read *Result) bool {
	if k.opt.LogLines == 0 {
		return told || life.Ending.Known && life.Ending.Signal != sigKill
	}
	if !told || read == nil {
		return false
	}
	relay := read.Pod.container(read.Pod.Relay)
	return relay == nil || relay.Ended == nil || read.Pod.Log != ""
}

// free says whether the API server may be asked now.
func (k *kube) free() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return !time.Now().Before(k.wait)
}
