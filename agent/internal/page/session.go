package page

import (
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"
)

const (
	// SessionLife is how long a session lasts after its last use.
	SessionLife = 30 * time.Minute

	maxSessions = 64
	maxEnded    = 256 // sessions that ended and are still known as such
)

// hash stands for a credential or a bearer: neither is kept.
type hash [sha256.Size]byte

// Session is one signed-in page.
type Session struct {
	id    hash
	by    hash // of the admin's bearer that opened it
	until time.Time
}

// Sessions are the credentials of signed-in pages, in memory alone. They are safe for concurrent use.
type Sessions struct {
	now func() time.Time

	mu    sync.Mutex
	open  map[hash]*Session
	ended []hash // oldest first
	early uint64 // ended because there were too many
}

func newSessions(now func() time.Time) *Sessions {
	return &Sessions{now: now, open: map[hash]*Session{}}
}

// Open makes a session for the holder of an admin's bearer, and gives its credential. When there are 64 the one
// that was used longest ago ends.
func (s *Sessions) Open(bearer string) (credential string) {
	credential = "ops-" + rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep(nil)
	for len(s.open) >= maxSessions {
		var oldest *Session
		for _, one := range s.open {
			if oldest == nil || one.until.Before(oldest.until) {
				oldest = one
			}
		}
		s.end(oldest)
		s.early++
	}
	id := hash(sha256.Sum256([]byte(credential)))
	s.open[id] = &Session{id: id, by: sha256.Sum256([]byte(bearer)), until: s.now().Add(SessionLife)}
	return credential
}

// Find gives the session of a credential. It ends with its time, or with the admin's bearer that opened it
// (bearers are those that are valid now). Without one, known says that there was: such a credential is no guess.
func (s *Sessions) Find(credential string, bearers []string) (found *Session, known bool) {
	id := hash(sha256.Sum256([]byte(credential)))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep(bearers)
	if one := s.open[id]; one != nil {
		return one, true
	}
	for _, e := range s.ended {
		known = known || e == id
	}
	return nil, known
}

// Use makes a session last SessionLife from now on.
func (s *Sessions) Use(one *Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one.until = s.now().Add(SessionLife)
}

// Close ends a session.
func (s *Sessions) Close(one *Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(one)
}

// Left is how long a session still lasts, 0 when it has ended.
func (s *Sessions) Left(one *Session, bearers []string) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep(bearers)
	if s.open[one.id] == nil {
		return 0
	}
	return one.until.Sub(s.now())
}

// sweep ends what is over; bearers nil: whatever opened it.
func (s *Sessions) sweep(bearers []string) {
	now := s.now()
	valid := map[hash]bool{}
	for _, b := range bearers {
		valid[sha256.Sum256([]byte(b))] = true
	}
	for _, one := range s.open {
		if !now.Before(one.until) || bearers != nil && !valid[one.by] {
			s.end(one)
		}
	}
}

func (s *Sessions) end(one *Session) {
	if s.open[one.id] == nil {
		return
	}
	delete(s.open, one.id)
	if len(s.ended) == maxEnded {
		s.ended = append(s.ended[:0], s.ended[1:]...)
	}
	s.ended = append(s.ended, one.id)
}
