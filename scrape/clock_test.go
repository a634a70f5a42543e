package scrape

import (
	"net/http"
	"testing"
	"time"
)

func TestClockOfWhoeverAnswers(t *testing.T) {
	sent := time.Date(2026, 11, 24, 12, 0, 0, 400e6, time.UTC)
	now := sent.Add(300 * time.Millisecond)
	for date, want := range map[string]time.Duration{
		"Tue, 24 Nov 2026 12:00:00 GMT": 0,
		"Tue, 24 Nov 2026 11:59:59 GMT": -400 * time.Millisecond,
		"Tue, 24 Nov 2026 12:00:01 GMT": 300 * time.Millisecond,
		"Tue, 24 Nov 2026 12:10:00 GMT": 10*time.Minute - 700*time.Millisecond,
		"Tue, 24 Nov 2026 11:50:00 GMT": -10*time.Minute + 600*time.Millisecond,
	} {
		var c clock
		c.note(http.Header{"Date": {date}}, sent, now)
		if !c.known || c.off != want {
			t.Errorf("%s: %v, want %v", date, c.off, want)
		}
	}
	var c clock
	c.note(http.Header{"Date": {"yesterday"}}, sent, now)
	c.note(http.Header{}, sent, now)
	if c.known {
		t.Error("an answer without a date tells a clock")
	}
}
