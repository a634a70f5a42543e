package incident

import "time"

const (
	window     = time.Hour // of all budgets
	maxInOne   = 120       // openings that a ledger remembers: the largest budget
	maxRecords = 50        // incidents that are kept
)

// ledger remembers the openings of the last hour, oldest first, by the monotonic clock.
type ledger struct{ at []time.Duration }

func (l *ledger) add(now time.Duration) {
	l.at = append(l.at, now)
	l.at = l.at[max(0, len(l.at)-maxInOne):]
}

// used counts the openings of the last hour.
func (l *ledger) used(now time.Duration) int {
	for len(l.at) > 0 && now-l.at[0] >= window {
		l.at = l.at[1:]
	}
	return len(l.at)
}

// allows says whether one more of perHour fits in: half of them at once, the others spread over the
// hour, so that a storm is seen at its beginning and from time to time.
func (l *ledger) allows(perHour int, now time.Duration) bool {
	used := l.used(now)
	if used < (perHour+1)/2 {
		return true
	}
	return used < perHour && now-l.at[used-1] >= window/time.Duration(perHour)
}
