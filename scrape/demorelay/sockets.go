package demorelay

import "slices"

// socket is one connection to the relay's websocket.
type socket struct {
	id, masked string
	role       string
	surface    string
	rooms      []*session
	connected  int64
	seen       int64
	place      int // that it belongs to; -1: a visitor
}

// lastSeen is the newest frame for a sender, the newest command for everybody else.
func (k *socket) lastSeen(at int64) int64 {
	seen := k.seen
	if k.role == "relay" {
		for _, s := range k.rooms {
			seen = max(seen, s.lastFrame(at))
		}
	}
	return seen
}

// sockets are the open ones, in order of their connect, and what was counted since the start.
type sockets struct {
	open        []*socket
	made        int
	connects    int
	disconnects int
	authFails   int
	joins       int
	leaves      int
	rateErrors  int
	relays      int // connects of senders
	relayEnds   int
	roles       []string // that were ever connected, in that order: gauges of /metrics keep a 0
}

func (k *sockets) add(s *socket) {
	k.open = append(k.open, s)
	k.connects++
	if s.role == "relay" {
		k.relays++
	}
	if !slices.Contains(k.roles, s.role) {
		k.roles = append(k.roles, s.role)
	}
}

func (k *sockets) drop(s *socket) {
	k.open = slices.DeleteFunc(k.open, func(o *socket) bool { return o == s })
	k.disconnects++
	if s.role == "relay" {
		k.relayEnds++
	}
}

// count is one member of an object whose members come in the order in which they first appear.
type count struct {
	name string
	n    int
}

// counts encodes as an object in its own order.
type counts []count

func (c counts) add(name string, n int) counts {
	for i := range c {
		if c[i].name == name {
			c[i].n += n
			return c
		}
	}
	return append(c, count{name, n})
}

// MarshalJSON writes the members in order.
func (c counts) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, m := range c {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, encode(m.name)...), ':'), encode(m.n)...)
	}
	return append(out, '}'), nil
}

// socketStats is the block of ops/summary and of the support pack; "total" of connections means now.
type socketStats struct {
	TotalConnections  int    `json:"totalConnections"`
	ActiveConnections int    `json:"activeConnections"`
	TotalConnects     int    `json:"totalConnects"`
	TotalDisconnects  int    `json:"totalDisconnects"`
	TotalAuthFails    int    `json:"totalAuthFails"`
	TotalJoins        int    `json:"totalJoins"`
	TotalLeaves       int    `json:"totalLeaves"`
	ByRole            counts `json:"byRole"`
	BySurface         counts `json:"bySurface"`
}

func (k *sockets) stats() socketStats {
	out := socketStats{
		TotalConnections: len(k.open), ActiveConnections: len(k.open), TotalConnects: k.connects, TotalDisconnects: k.disconnects,
		TotalAuthFails: k.authFails, TotalJoins: k.joins, TotalLeaves: k.leaves,
	}
	for _, s := range k.open {
		out.ByRole = out.ByRole.add(s.role, 1)
		out.BySurface = out.BySurface.add(s.surface, 1)
	}
	return out
}
