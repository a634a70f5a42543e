package page

import (
	"testing"
	"time"
)

func TestSessionsSlideAndEnd(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	s := newSessions(func() time.Time { return now })
	bearers := []string{"admin-one", "admin-two"}
	credential := s.Open("admin-one")
	if found, known := s.Find("ops-guess", bearers); found != nil || known {
		t.Error("a guess was found")
	}
	for range 3 {
		now = now.Add(SessionLife - time.Second)
		one, known := s.Find(credential, bearers)
		if one == nil || !known {
			t.Fatal("a session that is used has ended")
		}
		s.Use(one)
	}
	one, _ := s.Find(credential, bearers)
	now = now.Add(SessionLife)
	if left := s.Left(one, bearers); left != 0 {
		t.Errorf("%v are left of a session that is over", left)
	}
	if found, known := s.Find(credential, bearers); found != nil || !known {
		t.Errorf("after its end: %v, known %v", found, known)
	}
}

// A session ends with the bearer that opened it, and no other one does.
func TestSessionEndsWithItsBearer(t *testing.T) {
	s := newSessions(time.Now)
	first, second := s.Open("admin-one"), s.Open("admin-two")
	if found, _ := s.Find(first, []string{"admin-two"}); found != nil {
		t.Error("the bearer went, its session stayed")
	}
	if found, _ := s.Find(second, []string{"admin-two"}); found == nil {
		t.Error("the session of another bearer went")
	}
}

func TestSessionsAreBounded(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	s := newSessions(func() time.Time { return now })
	first := s.Open("a")
	for range maxSessions + maxEnded {
		now = now.Add(time.Millisecond)
		s.Open("a")
	}
	if len(s.open) != maxSessions || len(s.ended) != maxEnded {
		t.Errorf("%d open, %d ended", len(s.open), len(s.ended))
	}
	if found, _ := s.Find(first, []string{"a"}); found != nil {
		t.Error("the oldest stayed")
	}
}
