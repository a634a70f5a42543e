package demorelay

type socketRow struct {
	SocketID         string   `json:"socketId"`
	Role             string   `json:"role"`
	Surface          string   `json:"surface"`
	JoinedRoomsCount int      `json:"joinedRoomsCount"`
	JoinedRooms      []string `json:"joinedRooms"`
	ConnectedAtMs    int64    `json:"connectedAtMs"`
	LastSeenMs       int64    `json:"lastSeenMs"`
	AgeMs            int64    `json:"ageMs"`
}

type socketsAnswer struct {
	Count     int         `json:"count"`
	Sockets   []socketRow `json:"sockets"`
	Timestamp int64       `json:"timestamp"`
}

func (l *live) socketList(now int64) socketsAnswer {
	out := socketsAnswer{Sockets: []socketRow{}, Timestamp: now}
	if !l.opts.Wired {
		return out
	}
	for _, k := range l.sockets.open {
		row := socketRow{k.masked, k.role, k.surface, len(k.rooms), []string{}, k.connected, k.lastSeen(now), now - k.connected}
		for _, s := range k.rooms {
			row.JoinedRooms = append(row.JoinedRooms, "session:"+s.masked)
		}
		out.Sockets = append(out.Sockets, row)
	}
	out.Count = len(out.Sockets)
	return out
}

type sessionRow struct {
	SessionID      string `json:"sessionId"`
	State          string `json:"state"`
	DriverCount    int    `json:"driverCount"`
	CreatedAt      int64  `json:"createdAt"`
	LastFrameAt    int64  `json:"lastFrameAt"`
	AgeMs          int64  `json:"ageMs"`
	LastFrameAgeMs int64  `json:"lastFrameAgeMs"`
	Rates          struct {
		Baseline int `json:"baseline"` // all three are counts
		Controls int `json:"controls"`
		Total    int `json:"total"`
	} `json:"rates"`
	Drops  int `json:"drops"`
	Errors int `json:"errors"`
}

type sessionsAnswer struct {
	Count     int          `json:"count"`
	Sessions  []sessionRow `json:"sessions"`
	Timestamp int64        `json:"timestamp"`
}

func (l *live) sessionList(now int64) sessionsAnswer {
	out := sessionsAnswer{Sessions: []sessionRow{}, Timestamp: now}
	if !l.opts.Wired {
		return out
	}
	for _, s := range l.tracks.tracked {
		last := s.lastFrame(now)
		row := sessionRow{SessionID: s.masked, State: "active", DriverCount: s.drivers, CreatedAt: s.created, LastFrameAt: last,
			AgeMs: now - s.created, LastFrameAgeMs: now - last, Drops: s.drops, Errors: s.errors}
		b, c := s.frames(now)
		row.Rates.Baseline, row.Rates.Controls, row.Rates.Total = b, c, b+c
		out.Sessions = append(out.Sessions, row)
	}
	out.Count = len(out.Sessions)
	return out
}
