package scrape

import (
	"sync"
	"time"

	"relaypack/scrape/profile"
)

// holdTime is how long a source that was refused is left alone: one call per five minutes finds out
// whether it healed.
const holdTime = 5 * time.Minute

// holds remembers refusals, so that what is switched off or not allowed costs one call per five
// minutes and not a burst. A group of sources that are switched off together is held as one.
type holds struct {
	mu     sync.Mutex
	until  map[string]hold // by group, or by source
	bearer string          // that was not accepted
	free   time.Time       // when it may be tried again
}

type hold struct {
	state State
	until time.Time
}

func newHolds() *holds { return &holds{until: map[string]hold{}} }

// over says what stands in the way of a source, if anything does.
func (h *holds) over(src *profile.Source) (State, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	for _, name := range [...]string{"source " + src.Name, "group " + src.Group} {
		if held, ok := h.until[name]; ok && now.Before(held.until) {
			return held.state, true
		}
	}
	return State{}, false
}

// note takes in how a call ended. A refusal with a text of the profile, or a 403, speaks for the
// whole group; a path that is not there only for itself; a good answer frees the group.
func (h *holds) note(src *profile.Source, st State) {
	h.mu.Lock()
	defer h.mu.Unlock()
	own, group := "source "+src.Name, "group "+src.Group
	name := own
	switch {
	case st.Status == Off && st.Reason == string(becauseNoPath):
	case st.Status == Off, st.Status == Forbidden:
		if src.Group != "" {
			name = group
		}
	default:
		if st.Status == OK {
			delete(h.until, own)
			delete(h.until, group)
		}
		return
	}
	h.until[name] = hold{State{Status: st.Status, Reason: st.Reason, Code: st.Code}, time.Now().Add(holdTime)}
}

// rejected notes that the relay did not accept the bearer; accepts says whether it may be sent.
func (h *holds) rejected(bearer string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.bearer, h.free = bearer, time.Now().Add(holdTime)
}

func (h *holds) accepts(bearer string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if bearer == h.bearer {
		return !time.Now().Before(h.free)
	}
	if h.bearer != "" { // another bearer may have other rights
		h.bearer = ""
		clear(h.until)
	}
	return true
}

// forget is for a new life of the relay, which may be configured otherwise.
func (h *holds) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.bearer = ""
	clear(h.until)
}
