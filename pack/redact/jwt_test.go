package redact_test

import (
	"encoding/base64"
	"strconv"
	"testing"
	"time"

	"relaypack/pack/redact"
)

// A JWT's placeholder tells a known algorithm and, by the clock of the options, the age; it is a whole match
// of the grammar, so that it stays in a second pass, and holds none of the owner's three words.
func TestJWTPlaceholder(t *testing.T) {
	now := time.Unix(1795424857, 0)
	timed, err := redact.New(redact.Options{Key: []byte("0123456789abcdef"), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	exp := func(past time.Duration) string {
		return `{"sub":"u1","exp":` + strconv.FormatInt(now.Add(-past).Unix(), 10) + `}`
	}
	for _, row := range []struct{ header, claims, without, with string }{
		{`{"alg":"HS256","typ":"JWT"}`, exp(3*time.Hour + time.Minute), "[removed-jwt,HS256]", "[removed-jwt,HS256,expired-3h]"},
		{`{"typ": "JWT", "alg": "EdDSA"}`, exp(-50 * time.Minute), "[removed-jwt,EdDSA]", "[removed-jwt,EdDSA,expires-0h]"},
		{`{"alg":"none"}`, exp(75 * time.Hour), "[removed-jwt,none]", "[removed-jwt,none,expired-3d]"},
		{`{"alg":"RSA-OAEP","enc":"A256GCM"}`, exp(-9999 * time.Hour), "[removed-jwt,RSA-OAEP]", "[removed-jwt,RSA-OAEP,expires-99d]"},
		{`{"alg":"hunter2hunter2"}`, exp(time.Hour), "[removed-jwt]", "[removed-jwt,expired-1h]"},
		{`{"alg":"HS256"}`, `{"exp":"soon"}`, "[removed-jwt,HS256]", "[removed-jwt,HS256]"},
	} {
		for _, c := range []struct {
			r    *redact.Redactor
			want string
		}{{redactor(t), row.without}, {timed, row.with}} {
			in := "got " + base64.RawURLEncoding.EncodeToString([]byte(row.header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(row.claims)) + ".c2lnbmF0dXJl back"
			got := apply(t, c.r, in, redact.Text)
			if got != "got "+c.want+" back" {
				t.Errorf("%s %s gave %s, want %s", row.header, row.claims, got, c.want)
			}
			if again := apply(t, c.r, got, redact.Text); again != got {
				t.Errorf("twice %s, once %s", again, got)
			}
		}
	}
	// Other JSON in base64 is looked into.
	for _, in := range []string{"body eyJsYXAiOjcsInRyYWNrIjoiU3BhIn0= sent", "eyJ is how one begins"} {
		if got := apply(t, timed, in, redact.Text); got != in {
			t.Errorf("%s gave %s", in, got)
		}
	}
}
