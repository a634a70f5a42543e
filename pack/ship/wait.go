package ship

import (
	"math/rand/v2"
	"time"
)

// Waits between tries, doubled from the first to the longest, half of each at random.
const (
	firstWait    = time.Second     // after a fault that may have been the moment's
	longestWait  = 5 * time.Minute // of the store
	suspectWait  = 4 * time.Second // of a pack that may be to blame itself: longer than the store's first, so that another is tried between
	refusedWait  = time.Minute     // of a pack that the store refused
	longestOwn   = time.Hour       // of a pack
	drainWait    = 2 * time.Second // the longest of the store while draining
	sweepEvery   = time.Minute     // how often ages are looked at when nothing else happens
	lookTime     = 30 * time.Second
	leastAttempt = time.Minute // time for one put, and
	slowestLine  = 2 << 10     // bytes per second more: slower than any modem still in use
)

// backoff is the wait after the n-th failure in a row, n from 1.
func backoff(n int, first, longest time.Duration) time.Duration {
	wait := longest
	if n < 30 && first<<(n-1) < longest {
		wait = first << (n - 1)
	}
	return wait/2 + rand.N(wait/2+1)
}

// after is what a store asked for, and up to a tenth more so that a fleet does not come back in step.
func after(asked time.Duration) time.Duration {
	if asked <= 0 {
		return 0
	}
	return asked + rand.N(asked/10+1)
}

// attemptTime bounds one put by what it has to carry.
func attemptTime(size int64) time.Duration {
	return leastAttempt + time.Duration(size/slowestLine)*time.Second
}
