package demorelay

// connect opens a socket; it belongs to no place until its maker says so.
func (l *live) connect(at int64, role, surface string) *socket {
	l.sockets.made++
	k := &socket{id: socketID(l.rng, l.sockets.made), role: role, surface: surface, connected: at, seen: at, place: -1}
	k.masked = masked(k.id)
	l.seen.socket(k.id)
	l.sockets.add(k)
	l.socket(at, event{Type: "connect", SocketID: k.masked, Role: role, Surface: surface})
	return k
}

func (l *live) join(at int64, k *socket, s *session) {
	k.rooms = append(k.rooms, s)
	k.seen = at
	l.sockets.joins++
	l.socket(at, event{Type: "join", SocketID: k.masked, Room: "session:" + s.masked})
}

func (l *live) leave(at int64, k *socket, s *session) {
	for i, room := range k.rooms {
		if room == s {
			k.rooms = append(k.rooms[:i:i], k.rooms[i+1:]...)
			k.seen = at
			l.sockets.leaves++
			l.socket(at, event{Type: "leave", SocketID: k.masked, Room: "session:" + s.masked})
			return
		}
	}
}

func (l *live) disconnect(at int64, k *socket, reason string) {
	l.sockets.drop(k)
	l.socket(at, event{Type: "disconnect", SocketID: k.masked, Reason: reason})
}

// visit is somebody who looks in for a few seconds.
func (l *live) visit(at int64) {
	kinds := [...][2]string{{"driver", "dashboard"}, {"overlay", "racebox"}, {"dashboard", "dashboard"}, {"dashboard", "racebox"}}
	kind := kinds[l.rng.IntN(len(kinds))]
	k := l.connect(at, kind[0], kind[1])
	l.later(at+between(l.rng, 5, 200), func(at int64) {
		l.join(at, k, l.tracks.slots[l.rng.IntN(len(l.tracks.slots))])
	})
	l.later(at+between(l.rng, 1000, 15_000), func(at int64) {
		if len(k.rooms) > 0 {
			l.leave(at, k, k.rooms[0])
		}
		l.disconnect(at, k, "client namespace disconnect")
	})
}

// stumble is a socket that loses its connection and comes back under another id.
func (l *live) stumble(at int64) {
	reasons := [...]string{"transport close", "ping timeout", "transport error"}
	k := l.sockets.open[l.rng.IntN(len(l.sockets.open))]
	if k.place < 0 {
		return // a visitor: its own end is on the agenda
	}
	l.disconnect(at, k, reasons[l.rng.IntN(len(reasons))])
	l.later(at+between(l.rng, 500, 3000), func(at int64) {
		again := l.connect(at, k.role, k.surface)
		again.place = k.place
		l.join(at, again, l.tracks.slots[k.place])
	})
}

// authFail is a socket with a wrong credential: it never connects.
func (l *live) authFail(at int64) {
	const reason = "Relay authentication required for telemetry event"
	l.sockets.made++
	k := &socket{id: socketID(l.rng, l.sockets.made)}
	l.seen.socket(k.id)
	l.sockets.authFails++
	l.socket(at, event{Type: "auth_fail", SocketID: masked(k.id), Reason: reason})
	l.fail(at, failure{kind: "handler_error", subsystem: "ws", message: reason, place: "AuthGate.ts:113:37", context: socketContext(k)})
}

// socketError is a command that the relay refused.
func (l *live) socketError(at int64) {
	k := l.sockets.open[l.rng.IntN(len(l.sockets.open))]
	reason := "Telemetry payload too large"
	if k.role != "relay" {
		reason = l.commandReason()
		l.sockets.rateErrors++
	}
	l.socket(at, event{Type: "error", SocketID: k.masked, Reason: reason})
	l.fail(at, failure{kind: "handler_error", subsystem: "ws", message: reason, place: "AuthGate.ts:122:37", context: socketContext(k)})
}
