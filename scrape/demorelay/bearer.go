package demorelay

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

const issuedBearers = 10_000 // logins and refreshes remembered; a relay forgets none, a demo may

// user is a row of the relay's user table.
type user struct {
	id, email, name string
	admin           bool
}

// bearers are the signed tokens that the relay would look up in its database. They survive a
// restart: signature and user table do. Guarded by Relay.mu.
type bearers struct {
	key    []byte
	life   time.Duration
	valid  map[string]grant
	renew  map[string]*user // refresh tokens
	admin  *user
	plain  *user
	minted int
}

type grant struct {
	user    *user
	expires time.Time // zero: never
}

func newBearers(o *Options) *bearers {
	rng := rand.New(rand.NewPCG(o.Seed, 0xbea7))
	b := &bearers{
		key: []byte(hexWord(rng, 64)), life: o.BearerLife,
		valid: map[string]grant{}, renew: map[string]*user{},
		admin: &user{id: uuid(rng), email: "crew.chief@example.com", name: "Crew Chief", admin: true},
		plain: &user{id: uuid(rng), email: "driver.one@example.com", name: "Driver One"},
	}
	if o.Account.Email != "" {
		b.admin.email = strings.ToLower(o.Account.Email)
	}
	if o.Bearer == "" {
		o.Bearer = b.sign(b.admin, time.Time{}, time.Time{})
	}
	if o.PlainBearer == "" {
		o.PlainBearer = b.sign(b.plain, time.Time{}, time.Time{})
	}
	b.valid[o.Bearer] = grant{user: b.admin}
	b.valid[o.PlainBearer] = grant{user: b.plain}
	return b
}

// sign makes an HS256 token of the relay's shape; zero times leave iat and exp out.
func (b *bearers) sign(u *user, now, expires time.Time) string {
	claims := struct {
		Sub   string `json:"sub"`
		Email string `json:"email"`
		Name  string `json:"displayName"`
		Admin bool   `json:"isSuperAdmin"`
		Iat   int64  `json:"iat,omitempty"`
		Exp   int64  `json:"exp,omitempty"`
	}{Sub: u.id, Email: u.email, Name: u.name, Admin: u.admin}
	if !expires.IsZero() {
		claims.Iat, claims.Exp = now.Unix(), expires.Unix()
	}
	enc := base64.RawURLEncoding
	signed := enc.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + enc.EncodeToString(encode(claims))
	mac := hmac.New(sha256.New, b.key)
	mac.Write([]byte(signed))
	return signed + "." + enc.EncodeToString(mac.Sum(nil))
}

// verify finds the user of a bearer; nil: unknown, expired or revoked. It asks no database.
func (b *bearers) verify(bearer string, now time.Time) *user {
	g, ok := b.valid[bearer]
	if !ok || (!g.expires.IsZero() && !now.Before(g.expires)) {
		return nil
	}
	return g.user
}

// bearerOf takes the bearer of a request: Authorization with a capital Bearer, else ?token=.
func bearerOf(q *http.Request) string {
	scheme, bearer, _ := strings.Cut(q.Header.Get("Authorization"), " ")
	if scheme == "Bearer" && bearer != "" {
		return bearer
	}
	return q.URL.Query().Get("token")
}

// grantTo signs a bearer for u that dies after the configured life; expires is epoch seconds.
func (b *bearers) grantTo(u *user, now time.Time) (bearer string, expires int64) {
	if b.minted++; b.minted > issuedBearers {
		b.minted = 0
		for t, g := range b.valid {
			if !g.expires.IsZero() {
				delete(b.valid, t)
			}
		}
		clear(b.renew)
	}
	end := now.Add(b.life).Truncate(time.Second)
	bearer = b.sign(u, now, end)
	b.valid[bearer] = grant{u, end}
	return bearer, end.Unix()
}

type userRow struct {
	ID            string `json:"id"`
	Email         string `json:"email"`
	DisplayName   string `json:"displayName"`
	IsSuperAdmin  bool   `json:"isSuperAdmin"`
	IsActive      bool   `json:"isActive"`
	EmailVerified bool   `json:"emailVerified"`
}

// login answers POST /api/auth/login.
func (r *Relay) login(body json.RawMessage, now time.Time) reply {
	var in struct{ Email, Password string }
	if json.Unmarshal(body, &in) != nil || in.Email == "" || in.Password == "" {
		return refuseWith(http.StatusBadRequest, fault{Code: "VALIDATION_ERROR", Message: "Email and password are required"})
	}
	if !r.faults.database {
		return refuseWith(http.StatusInternalServerError, fault{Code: "LOGIN_ERROR", Message: "Login failed"})
	}
	acc, b := r.opts.Account, r.bearers
	if acc.Email == "" || !strings.EqualFold(in.Email, acc.Email) || in.Password != acc.Password {
		return refuseWith(http.StatusUnauthorized, fault{Code: "INVALID_CREDENTIALS", Message: "Invalid email or password"})
	}
	bearer, expires := b.grantTo(b.admin, now)
	sum := sha512.Sum512(fmt.Appendf(b.key, "renew %d %d", b.minted, now.UnixNano()))
	renew := hex.EncodeToString(sum[:])
	b.renew[renew] = b.admin
	return success(struct {
		User         userRow `json:"user"`
		AccessToken  string  `json:"accessToken"`
		RefreshToken string  `json:"refreshToken"`
		ExpiresAt    int64   `json:"expiresAt"`
	}{userRow{b.admin.id, b.admin.email, b.admin.name, true, true, true}, bearer, renew, expires})
}

// refresh answers POST /api/auth/refresh: a new access token, and no new refresh token.
func (r *Relay) refresh(body json.RawMessage, now time.Time) reply {
	var in struct{ RefreshToken string }
	if json.Unmarshal(body, &in) != nil || in.RefreshToken == "" {
		return refuseWith(http.StatusBadRequest, fault{Code: "VALIDATION_ERROR", Message: "Refresh token is required"})
	}
	if !r.faults.database {
		return refuseWith(http.StatusInternalServerError, fault{Code: "REFRESH_ERROR", Message: "Token refresh failed"})
	}
	u := r.bearers.renew[in.RefreshToken]
	if u == nil {
		return refuseWith(http.StatusUnauthorized, fault{Code: "TOKEN_INVALID", Message: "Invalid or expired refresh token"})
	}
	bearer, expires := r.bearers.grantTo(u, now)
	return success(struct {
		AccessToken string `json:"accessToken"`
		ExpiresAt   int64  `json:"expiresAt"`
	}{bearer, expires})
}

// Bearer is the super admin's.
func (r *Relay) Bearer() string { return r.opts.Bearer }

// PlainBearer is that of a signed-in user without rights.
func (r *Relay) PlainBearer() string { return r.opts.PlainBearer }

// Revoke makes a bearer invalid, as if it had expired.
func (r *Relay) Revoke(bearer string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.bearers.valid, bearer)
}

// Accept makes a bearer a super admin's that never expires.
func (r *Relay) Accept(bearer string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bearers.valid[bearer] = grant{user: r.bearers.admin}
}
