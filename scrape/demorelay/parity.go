package demorelay

import "net/http"

type parityStream struct {
	FramesIn    int     `json:"framesIn"`
	Acked       int     `json:"acked"`       // of those for which the sender wanted an acknowledgement
	LastFrameTs float64 `json:"lastFrameTs"` // by the sender's clock, 0: never
}

// parity is what the relay knows of one session's frames. It stands with the raw id.
type parity struct {
	SessionID string `json:"sessionId"`
	Streams   struct {
		Baseline  parityStream `json:"baseline"`
		Controls  parityStream `json:"controls"`
		Lossless  parityStream `json:"lossless"`
		Telemetry parityStream `json:"telemetry"`
	} `json:"streams"`
	Duplicates int     `json:"duplicates"`
	OutOfOrder int     `json:"outOfOrder"`
	LastError  *string `json:"lastError"`
	Timestamp  int64   `json:"timestamp,omitempty"` // in the diagnostics answer only
}

func (l *live) parityEntry(id string) *session {
	if !l.opts.Wired {
		return nil
	}
	return l.tracks.parityOf(id)
}

func (l *live) parityOf(s *session, now int64) parity {
	p := parity{SessionID: s.id, Duplicates: s.duplicates, OutOfOrder: s.outOfOrder}
	stamp := float64(s.lastFrame(now))
	if s.ownClock {
		stamp += senderAhead
	}
	b, c := s.frames(now)
	stream := func(n int) (out parityStream) {
		if n > 0 {
			out = parityStream{n, (n + ackEvery - 1) / ackEvery, stamp}
		}
		return out
	}
	p.Streams.Baseline, p.Streams.Controls = stream(b), stream(c)
	if s.lastError != "" {
		p.LastError = &s.lastError
	}
	return p
}

// parityRoute lists the raw ids of all sessions of this life, or answers for one.
func (l *live) parityRoute(id string, now int64) reply {
	if id == "" {
		ids := []string{}
		for _, s := range l.tracks.parity {
			if l.opts.Wired {
				ids = append(ids, s.id)
			}
		}
		return success(struct {
			Sessions  []string `json:"sessions"`
			Count     int      `json:"count"`
			Timestamp int64    `json:"timestamp"`
		}{ids, len(ids), now})
	}
	s := l.parityEntry(id)
	if s == nil {
		return refuse(http.StatusNotFound, "No parity data for session")
	}
	p := l.parityOf(s, now)
	p.Timestamp = now
	return success(p)
}
