package demorelay

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestRateLimitWindows(t *testing.T) {
	o := cool(20)
	o.AnonymousLimit, o.AdminLimit = 5, 8
	inBubble(t, o, func(t *testing.T, b *bench) {
		ask := func(path, who string, want, remaining, reset int) {
			t.Helper()
			status, h, _, err := b.ask("GET", path, bearerFor(b.Relay, who), "")
			if err != nil || status != want {
				t.Fatalf("%s as %q: %d %v, want %d", path, who, status, err, want)
			}
			if got := h.Get("RateLimit-Remaining"); got != strconv.Itoa(remaining) {
				t.Errorf("%s: remaining %s, want %d", path, got, remaining)
			}
			if got := h.Get("RateLimit-Reset"); got != strconv.Itoa(reset) {
				t.Errorf("%s: reset %s, want %d", path, got, reset)
			}
			if got := h.Get("Retry-After"); (got == strconv.Itoa(reset)) != (want == 429) {
				t.Errorf("%s: status %d with Retry-After %q", path, status, got)
			}
		}
		ask("/api/health/ready", "", 200, 4, 900)
		time.Sleep(300500 * time.Millisecond)
		ask("/api/ops/summary", "bad", 401, 3, 600) // the bad bearer counts for the address, and refusals count
		ask("/api/nothing", "", 404, 2, 600)
		ask("/api/ops/summary", "admin", 200, 7, 900) // a window of its own
		ask("/api/health/ready", "", 200, 1, 600)
		ask("/api/health/ready", "", 200, 0, 600)
		ask("/api/health/ready", "", 429, 0, 600)
		time.Sleep(10 * time.Minute)
		ask("/api/health/ready", "", 200, 4, 900) // refused calls did not extend it
		for i := range 7 {
			ask("/api/ops/sockets", "admin", 200, 6-i, 300)
		}
		ask("/api/ops/sockets", "admin", 429, 0, 300)
		if err := b.Restart(); err != nil {
			t.Fatal(err)
		}
		ask("/api/ops/sockets", "admin", 200, 7, 900)
		for range 20 { // /metrics is not limited
			status, h, _, err := b.ask("GET", "/metrics", "", "")
			if err != nil || status != 200 || h.Get("RateLimit-Limit") != "" {
				t.Fatalf("/metrics: %d %v", status, err)
			}
		}
	})
}

func TestLoginAndRefresh(t *testing.T) {
	o := cool(21)
	o.BearerLife = time.Hour
	inBubble(t, o, func(t *testing.T, b *bench) {
		login := func(email, password string) (int, string) {
			status, _, answer, err := b.ask("POST", "/api/auth/login", "", `{"email":"`+email+`","password":"`+password+`"}`)
			if err != nil {
				t.Fatal(err)
			}
			return status, answer
		}
		if status, answer := login(o.Account.Email, "wrong-password"); status != 401 || !strings.Contains(answer, "INVALID_CREDENTIALS") {
			t.Errorf("wrong password: %d %s", status, answer)
		}
		if status, answer := login(o.Account.Email, ""); status != 400 || !strings.Contains(answer, "VALIDATION_ERROR") {
			t.Errorf("no password: %d %s", status, answer)
		}
		status, answer := login(strings.ToUpper(o.Account.Email), o.Account.Password)
		var in struct {
			Data struct {
				AccessToken, RefreshToken string
				ExpiresAt                 int64
			}
		}
		if err := json.Unmarshal([]byte(answer), &in); err != nil || status != 200 {
			t.Fatalf("login: %d %v", status, err)
		}
		if left := time.Until(time.Unix(in.Data.ExpiresAt, 0)); left <= 59*time.Minute || left > time.Hour {
			t.Errorf("expires in %v", left)
		}
		works := func(bearer string) int {
			status, _, _, err := b.ask("GET", "/api/ops/sockets", bearer, "")
			if err != nil {
				t.Fatal(err)
			}
			return status
		}
		old := in.Data.AccessToken
		if got := works(old); got != 200 {
			t.Errorf("fresh bearer: %d", got)
		}
		time.Sleep(time.Hour)
		if got := works(old); got != 401 {
			t.Errorf("expired bearer: %d", got)
		}
		status, _, answer, err := b.ask("POST", "/api/auth/refresh", "", `{"refreshToken":"`+in.Data.RefreshToken+`"}`)
		if err != nil || status != 200 || strings.Contains(answer, "refreshToken") {
			t.Fatalf("refresh: %d %v %s", status, err, answer)
		}
		json.Unmarshal([]byte(answer), &in)
		if in.Data.AccessToken == old || works(in.Data.AccessToken) != 200 {
			t.Error("the refreshed bearer is not a new one that works")
		}
		b.SetDatabase(false)
		if status, answer := login(o.Account.Email, o.Account.Password); status != 500 || !strings.Contains(answer, "LOGIN_ERROR") {
			t.Errorf("login without database: %d %s", status, answer)
		}
	})
}
