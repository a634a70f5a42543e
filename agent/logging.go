package main

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"slices"

	"relaypack/scrape"
)

// logger makes the agent's log on stderr.
func (p *program) logger(s *settings) *slog.Logger {
	opts := &slog.HandlerOptions{Level: s.logLevel}
	if s.logText {
		return slog.New(slog.NewTextHandler(p.stderr, opts))
	}
	return slog.New(slog.NewJSONHandler(p.stderr, opts))
}

// changeLog tells each change of a source, of the relay's port and of its life in one line; a look
// that changes nothing is silent.
type changeLog struct {
	log    *slog.Logger
	states map[string]scrape.Status
	port   scrape.PortState
	life   scrape.Life
	again  bool // life is what an agent before has seen
}

// newChangeLog makes one; last is the relay's last life that an agent before has seen, N is 0 for none.
func newChangeLog(log *slog.Logger, last scrape.Life) *changeLog {
	return &changeLog{log: log, states: map[string]scrape.Status{}, life: last, again: last.N > 0}
}

func (c *changeLog) note(s *scrape.Snapshot) {
	for _, name := range sortedNames(s.States) {
		st := s.States[name]
		if before, known := c.states[name]; before == st.Status || !known && st.Status == scrape.Skipped {
			continue
		}
		c.states[name] = st.Status
		level := slog.LevelInfo
		if st.Status != scrape.OK && st.Status != scrape.Skipped && st.Status != scrape.Off {
			level = slog.LevelWarn
		}
		c.log.Log(context.Background(), level, "source changed", "source", name, "status", string(st.Status), "reason", st.Reason)
	}
	if s.Port != c.port {
		c.port = s.Port
		c.log.Info("relay port changed", "port", string(s.Port))
	}
	c.noteLife(s.Life)
}

func (c *changeLog) noteLife(l scrape.Life) {
	switch {
	case l.N != c.life.N:
		c.log.Info("relay life began", "life", l.N, "startedAt", l.StartedAt)
	case !l.EndedAt.IsZero() && c.life.EndedAt.IsZero():
		c.log.Warn("relay life ended", "life", l.N, "end", l.End)
	case l.EndedAt.IsZero() && (c.again || !c.life.EndedAt.IsZero()):
		c.log.Info("relay life goes on", "life", l.N)
	}
	c.life, c.again = l, false
}

func sortedNames[K cmp.Ordered, V any](states map[K]V) []K {
	return slices.Sorted(maps.Keys(states))
}
