package demorelay

import "slices"

const seenMax = 20_000 // raw ids remembered, of each kind; the oldest go first

// seen holds the raw ids that ever stood in an answer, for those who look for leaks.
type seen struct{ sessions, sockets []string }

func newSeen() seen { return seen{} }

func (s *seen) session(id string) { s.sessions = keepNewest(s.sessions, id) }
func (s *seen) socket(id string)  { s.sockets = keepNewest(s.sockets, id) }

func keepNewest(list []string, id string) []string {
	if len(list) >= seenMax {
		list = list[seenMax/10:]
	}
	return append(list, id)
}

// RawSessions gives the raw session ids of all lives, oldest first, at most the newest 20,000. The
// one of seven characters is among them. A replayed relay has none.
func (r *Relay) RawSessions() []string { return r.raw(func(s *seen) []string { return s.sessions }) }

// RawSockets gives the raw socket ids of all lives, oldest first, at most the newest 20,000.
func (r *Relay) RawSockets() []string { return r.raw(func(s *seen) []string { return s.sockets }) }

func (r *Relay) raw(list func(*seen) []string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	l, ok := r.content.(*live)
	if !ok {
		return nil
	}
	l.advance(l.now().UnixMilli())
	return slices.Clone(list(&l.seen))
}

// Session is the raw id of a session that lives as long as the process, and again in each life; on a replayed relay, of the
// one whose parity was captured. "" when there is none.
func (r *Relay) Session() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch c := r.content.(type) {
	case *live:
		if len(c.tracks.slots) > 0 {
			return c.tracks.slots[0].id
		}
	case *replay:
		for _, name := range []string{"diagnostics-parity-session.json", "diagnostics-sessions-active.json"} {
			if id := firstMember(c.files[name], "sessionId"); id != "" {
				return id
			}
		}
	}
	return ""
}
