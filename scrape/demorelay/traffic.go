package demorelay

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strconv"
)

// populate brings a life's first sessions and sockets up and enters everything that keeps happening.
//
// The first two sessions live as long as the process, and their senders come back to the next one: every life
// of a seed has them. The second of them has an id of seven characters, which upstream does not mask at
// all. The others follow one another in their places.
func (l *live) populate(at int64) {
	if l.opts.Sessions == 0 {
		return
	}
	w := &l.world
	l.tracks.slots = make([]*session, l.opts.Sessions)
	for i := range l.tracks.slots {
		l.crew(at, i)
		l.race(at, i)
	}
	w.every(at, 1500, 3500, always(l.visit))
	w.every(at, 25_000, 60_000, always(l.stumble))
	w.every(at, 8_000, 20_000, always(l.authFail))
	w.every(at, 15_000, 30_000, always(l.socketError))
	w.every(at, 4_000, 9_000, always(l.databaseError))
}

// crew connects the five sockets of a place: who sends and who watches.
func (l *live) crew(at int64, place int) {
	for _, c := range [...][2]string{{"relay", "relay"}, {"dashboard", "racebox"}, {"dashboard", "dashboard"}, {"overlay", "racebox"}, {"driver", "dashboard"}} {
		k := l.connect(at, c[0], c[1])
		k.place = place
	}
}

// race begins a session in a place and, unless it is one of the two that stay, its end.
func (l *live) race(at int64, place int) {
	rng := l.rng
	s := &session{
		id: sessionID(rng), track: tracks[rng.IntN(len(tracks))], drivers: 4 + rng.IntN(9), created: at,
		perMs: l.opts.FramesPerSecond / 1000, ownClock: rng.IntN(4) == 0,
	}
	switch place {
	case 0:
		s.id = sessionID(rand.New(rand.NewPCG(l.opts.Seed, 0x58)))
	case 1:
		s.id = "gp-" + hexWord(rand.New(rand.NewPCG(l.opts.Seed, 0x59)), 3) + "7"
	}
	s.masked = masked(s.id)
	l.seen.session(s.id)
	l.tracks.slots[place] = s
	l.tracks.add(s)
	l.session(at, event{Type: "created", SessionID: s.masked})
	l.later(at+between(rng, 5, 40), func(at int64) {
		l.session(at, event{Type: "driver_join", SessionID: s.masked, DriverCount: s.drivers})
	})
	for _, k := range l.sockets.open {
		if k.place == place {
			l.join(at, k, s)
		}
	}
	l.every(at, 3000, 6000, func(at int64) bool { return l.mishap(at, s) })
	l.every(at, 12_000, 40_000, func(at int64) bool { return l.driverJoins(at, s) })
	if place >= 2 {
		l.later(at+between(rng, 20_000, 70_000), func(at int64) { l.finish(at, place) })
	}
}

// finish ends the session of a place, one in twelve without a word, and begins the next.
func (l *live) finish(at int64, place int) {
	s, said := l.tracks.slots[place], l.rng.IntN(12) != 0
	l.tracks.end(s, at, said)
	if said {
		l.session(at, event{Type: "ended", SessionID: s.masked})
	}
	for _, k := range l.sockets.open {
		if k.place == place {
			l.leave(at, k, s)
		}
	}
	l.race(at, place)
}

// driverJoins is one more driver; those that leave do so without an event, as upstream has it.
func (l *live) driverJoins(at int64, s *session) bool {
	if s.drivers >= 20 {
		s.drivers = 5
	}
	if s.stopped == 0 {
		s.drivers++
		l.session(at, event{Type: "driver_join", SessionID: s.masked, DriverCount: s.drivers})
	}
	return s.stopped == 0
}

// mishap is something that goes wrong with a session's frames: a drop, a clock, a bad payload.
func (l *live) mishap(at int64, s *session) bool {
	if s.stopped != 0 {
		return false
	}
	rng := l.rng
	switch rng.IntN(3) {
	case 0:
		s.drops++
		l.tracks.totalDrops++
		l.relay(at, event{Type: "drop", SessionID: s.masked, Reason: [...]string{"backpressure", "payload_too_large"}[rng.IntN(2)]})
	case 1:
		ms := -6500 + float64(rng.IntN(4)) // a clock that is ahead, in whole milliseconds
		if rng.IntN(2) == 0 {
			ms = 5000 + math.Round(rng.Float64()*7000*1024)/1024 + 1.0/4096
		}
		l.tracks.totalDrifts++
		s.drifts = append(s.drifts[max(0, len(s.drifts)-9):], drift{max(0, s.total(at)-1), ms})
		s.outOfOrder += rng.IntN(2)
		l.relay(at, event{Type: "drift_warn", SessionID: s.masked, DriftMs: ms})
	default:
		reason := l.payloadReason()
		s.errors++
		s.lastError = reason
		s.duplicates += rng.IntN(2)
		l.tracks.invalid++
		l.relay(at, event{Type: "invalid_payload", SessionID: s.masked, Reason: reason})
		l.fail(at, failure{kind: "validation_error", subsystem: "relay", message: "telemetry payload rejected: cars missing", context: sessionContext(s)})
	}
	if rng.IntN(8) == 0 {
		l.tracks.incidents++
	}
	return true
}

func sessionContext(s *session) json.RawMessage {
	return json.RawMessage(`{"sessionId":` + strconv.Quote(s.id) + `}`)
}

func socketContext(k *socket) json.RawMessage {
	return json.RawMessage(`{"socketId":` + strconv.Quote(k.id) + `}`)
}

// The recorders: they are fed only when the relay is wired.

func (l *live) session(at int64, e event) { l.record(&l.rings.session, at, e) }
func (l *live) relay(at int64, e event)   { l.record(&l.rings.relay, at, e) }
func (l *live) socket(at int64, e event)  { l.record(&l.rings.socket, at, e) }

func (l *live) record(g *ring, at int64, e event) {
	if l.opts.Wired {
		g.push(at, e)
	}
}
