package demorelay

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// wantedKinds are the places and kinds of secrets that a redactor has to know.
var wantedKinds = []string{
	"password-field", "credential-field", "nested-json", "nested-json-twice", "json-in-prose", "header-pair", "connection-string",
	"url-userinfo", "url-query", "bearer", "basic-auth", "cookie", "header-in-text", "jwt", "own-bearer", "own-bearer-base64",
	"cloud-key", "vendor-key", "pem", "e-mail", "e-mail-field", "public-ip", "user-in-prose", "user-field", "card", "phone-field",
	"flag", "env-dump", "assignment", inCommandReason, inPayloadReason,
}

func TestEveryCanaryIsServed(t *testing.T) {
	inBubble(t, DemoOptions(34), func(t *testing.T, b *bench) {
		ring := b.get(t, "/api/ops/events?type=error&limit=500", 200) + b.get(t, "/api/ops/events?type=socket&limit=500", 200) + b.get(t, "/api/ops/events?type=relay&limit=500", 200)
		buffer := b.get(t, "/api/dev/diagnostics/errors/recent?limit=500", 200)
		kinds := map[string]int{}
		for _, c := range b.Planted() {
			kinds[c.Kind]++
			if len(c.Value) < 12 || strings.Count(ring, c.Value) == 0 {
				t.Errorf("canary of kind %s is short or not served: %q", c.Kind, c.Value)
			}
		}
		for _, kind := range wantedKinds {
			if kinds[kind] == 0 {
				t.Errorf("no canary of kind %s", kind)
			}
		}
		if got := len(b.Canaries()); got != len(b.Planted()) || len(slices.Compact(slices.Sorted(slices.Values(b.Canaries())))) != got {
			t.Errorf("%d canaries, or two alike", got)
		}
		for _, id := range []string{"session " + b.Session() + " has no laps", "write after end on socket "} {
			if !strings.Contains(ring, id) {
				t.Errorf("no prose with %q", id)
			}
		}
		for _, c := range b.Planted() { // the second store scrubs by the name of the member only
			if c.Kind == "password-field" && strings.Contains(buffer, c.Value) {
				t.Error("the error buffer holds a password field")
			}
			if c.Kind == "jwt" && !strings.Contains(buffer, c.Value) {
				t.Error("the error buffer lost a message")
			}
		}
		if !strings.Contains(buffer, `"[REDACTED]"`) {
			t.Error("nothing scrubbed in the error buffer")
		}
	})
}

func TestCanariesComeUpWithinTenMinutes(t *testing.T) {
	o := DemoOptions(35)
	o.Warm = 0
	inBubble(t, o, func(t *testing.T, b *bench) {
		if n := len(b.events(t, "type=error")); n != 0 {
			t.Errorf("%d errors at the start", n)
		}
		time.Sleep(10 * time.Minute)
		ring := b.get(t, "/api/ops/events?type=error&limit=500", 200)
		for _, c := range b.Planted() {
			if c.Kind != inCommandReason && c.Kind != inPayloadReason && !strings.Contains(ring, c.Value) {
				t.Errorf("canary of kind %s has not come up", c.Kind)
			}
		}
	})
}

func TestRaisedFailureIsInBothStores(t *testing.T) {
	inBubble(t, cool(40), func(t *testing.T, b *bench) {
		b.Raise("db", "made to order", json.RawMessage(`{"note":"x<y","apiKey":"z"}`))
		if got := b.get(t, "/api/ops/events?type=error&limit=1", 200); !strings.Contains(got, `"message":"made to order","context":{"note":"x<y","apiKey":"z"}`) {
			t.Errorf("ring: %s", got)
		}
		if got := b.get(t, "/api/dev/diagnostics/errors/recent?limit=1", 200); !strings.Contains(got, `"metadata":{"note":"x<y","apiKey":"[REDACTED]"}`) {
			t.Errorf("buffer: %s", got)
		}
	})
}

func TestStackIsCutAsUpstreamCutsIt(t *testing.T) {
	for in, want := range map[string]string{
		"at run (/srv/a/b.js:1:2)\n at /srv/c.js:3:4": "at run (b.js:1:2)\n at /srv/c.js:3:4",
		"one (/a/b:1) two (/c/d:2) three":             "one (b:1) two (d:2) three",
		"open (/srv/a and no end":                     "open (/srv/a and no end",
		"(node:internal/x)":                           "(node:internal/x)",
		strings.Repeat("x", 501):                      strings.Repeat("x", 500) + "... (truncated)",
		strings.Repeat("x", 500):                      strings.Repeat("x", 500),
	} {
		if got := cutStack(in); got != want {
			t.Errorf("%.60q became %.60q, want %.60q", in, got, want)
		}
	}
}
