package redact_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"relaypack/pack/redact"
)

const (
	knownWord  = "Race-ABC-123456"
	knownValue = "kn0wn/Value+x1"
)

func redactor(t testing.TB) *redact.Redactor {
	t.Helper()
	policy, err := redact.ParsePolicy("policy.yaml", []byte("version: 1\nnames:\n  - raceLicence\n"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := redact.New(redact.Options{Key: []byte("0123456789abcdef"), Policy: policy, Values: [][]byte{[]byte(knownValue)},
		IDs:   []redact.IDKind{{Kind: "session", Shapes: []string{"sess_[A-Za-z0-9]+"}}},
		Known: func(w []byte) bool { return string(w) == knownWord }})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func apply(t testing.TB, r *redact.Redactor, s string, as redact.Format) string {
	t.Helper()
	out, err := r.Append(nil, []byte(s), as, nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// Rows of the policy on JSON values. NAME stands for the ten signs of a pseudonym; an output equal to
// the input is a near miss, which must stay as it is to the byte.
var values = []struct{ in, want string }{
	// Ids: 9 and more, 8 and fewer, already masked, half masked.
	{`{"sessionId":"sess_20997b8d2335"}`, `{"sessionId":"sess...2335"}`},
	{`{"session_id":"123456789"}`, `{"session_id":"1234...6789"}`},
	{`{"SessionID":"12345678"}`, `{"SessionID":"[id-NAME]"}`},
	{`{"socketId":"mTgk0QtgvQOMUa4EAAYR"}`, `{"socketId":"mTgk...AAYR"}`},
	{`{"socketId":"abcd...wxyz"}`, `{"socketId":"abcd...wxyz"}`},
	{`{"socketId":"Ux1Te_dqR9P4..."}`, `{"socketId":"Ux1T..."}`},
	{`{"socketId":"ab..."}`, `{"socketId":"[id-NAME]"}`},
	{`{"sessionId":"ÄÖÜäöüßéñ"}`, `{"sessionId":"ÄÖÜä...üßéñ"}`},
	{`{"sessionIds":["sess_20997b8d2335","x1"]}`, `{"sessionIds":["sess...2335","[id-NAME]"]}`},
	{`{"userId":"7f3d9c52-1b7e-4c55"}`, `{"userId":"...e-4c55"}`},
	{`{"driver_id":"...e-4c55"}`, `{"driver_id":"...e-4c55"}`},
	{`{"accountId":"ab3"}`, `{"accountId":"[id-NAME]"}`},
	{`{"customerId":null}`, `{"customerId":null}`},
	// Rooms.
	{`{"room":"session:sess_20997b8d2335"}`, `{"room":"session:sess...2335"}`},
	{`{"rooms":["broadcast:session:sess...1f20","lobby"]}`, `{"rooms":["broadcast:session:sess...1f20","lobby"]}`},
	{`{"joinedRooms":["session:gp-d107"]}`, `{"joinedRooms":["session:[id-NAME]"]}`},
	// Fields whose name says credential or e-mail, of any type.
	{`{"a":1,"password":"hunter2","b":2}`, `{"a":1,"b":2}`},
	{`{"dbPassword":"x","n":1}`, `{"n":1}`},
	{`{"API_KEY":["a","b"],"n":1}`, `{"n":1}`},
	{`{"client-secret":{"v":1},"n":1}`, `{"n":1}`},
	{`{"x-auth-token":true,"n":1}`, `{"n":1}`},
	{`{"раssword":"x","n":1}`, `{"n":1}`},
	{`{"p\u0061ssword":"x","n":1}`, `{"n":1}`},
	{`{"refreshToken":"x"}`, `{}`},
	{`{"userEmail":"x","n":1}`, `{"n":1}`},
	{`{"phone":"+49 170 1234567","n":1}`, `{"n":1}`},
	{`{"totalAuthFails":null,"tokenCount":12,"passwordLength":9,"authEnabled":true}`, `{"totalAuthFails":null,"tokenCount":12,"passwordLength":9,"authEnabled":true}`},
	{`{"monkey":"b","author":"k","keyboard":"q","tokenizer":"bpe","compass":"n","bypass":"no","primaryKey":"id","cacheKey":"v"}`, ``},
	// Pairs, in both orders.
	{`{"h":{"name":"X-Api-Key","value":"v1"},"n":1}`, `{"h":{},"n":1}`},
	{`{"h":{"value":"v1","name":"X-Api-Key"},"n":1}`, `{"h":{},"n":1}`},
	{`{"h":{"name":"track","value":"Spa"}}`, ``},
	// Numbers keep their digits, members their order; nested documents are opened.
	{`{"b":12345678901234567890,"a":1.50e+3,"c":-0}`, ``},
	{`{"body":"{\"password\":\"x\",\"lap\":7}"}`, `{"body":"{\"lap\":7}"}`},
	{`[{"z":1},"password"]`, ``},
	{`"sess_20997b8d2335"`, `"sess...2335"`},
}

func TestValues(t *testing.T) {
	r := redactor(t)
	for _, row := range values {
		want := row.want
		if want == "" {
			want = row.in
		}
		got := apply(t, r, row.in, redact.JSON)
		if maskNames(got) != want {
			t.Errorf("%s\n gave %s\n want %s", row.in, maskNames(got), want)
		}
		if again := apply(t, r, got, redact.JSON); again != got {
			t.Errorf("%s: twice gave %s, once %s", row.in, again, got)
		}
	}
}

// maskNames replaces pseudonyms by NAME.
func maskNames(s string) string {
	for _, open := range []string{"[id-", "[ip-"} {
		for i := 0; ; {
			j := strings.Index(s[i:], open)
			if j < 0 {
				break
			}
			i += j + len(open)
			if len(s) > i+10 && s[i+10] == ']' {
				s = s[:i] + "NAME" + s[i+10:]
			}
		}
	}
	return s
}

const jwt = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1MSJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ"

// Rows of the policy in prose. `secret` may not be left; an empty one is a near miss.
var prose = []struct{ in, secret, want string }{
	{"webhook rejected, api_key=sk_test_planted003", "planted003", "webhook rejected, [removed-assignment]"},
	{"upstream said 401 for Bearer planted.bearer.token-002", "planted", "upstream said 401 for [removed-bearer]"},
	{"refused " + jwt + " now", jwt, "refused [removed-jwt,HS256] now"},
	{"mail to planted.driver@example.com bounced", "planted", "mail to [removed-email] bounced"},
	{"user 7f3d9c52-1b7e-4c55-9a40-planted00004 not found", "7f3d9c52", "user ...d00004 not found"},
	{"session sess_09e18fd43c2d has no laps", "sess_09e18fd43c2d", "session sess...3c2d has no laps"},
	{"lost " + knownWord + ", again", knownWord, "lost Race...3456, again"},
	{"postgres://svc:planted-pw-001@db.internal:5432/controlbox", "planted-pw", "postgres://[removed-userinfo]@db.internal:5432/controlbox"},
	{"GET https://h.example/x?room=7&access_token=Ab12Cd34&y=1", "Ab12Cd34", ""},
	{"GET https://s.internal/lap.bin?X-Amz-Signature=350454c49e6b0de05c05bd1e41afe7b0&X-Amz-Expires=60", "350454", ""},
	{"Cookie: theme=dark; connect.sid=s3cr1tvalue", "s3cr1tvalue", "[removed-cookie]"},
	{"Authorization: Basic YWRtaW46aHVudGVyMg==", "YWRtaW46", "[removed-header]"},
	{"password is Tr0ub4dor", "Tr0ub4dor", ""},
	{"cannot start: --password hunter2 refused", "hunter2", ""},
	{"export DB_PASSWORD='x y z' done", "x y z", ""},
	{`payload {\"password\":\"hunter2\"} refused`, "hunter2", ""},
	{"key -----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAx81\n-----END RSA PRIVATE KEY----- end", "MIIEow", "key [removed-pem] end"},
	{"call with ghp_0123456789abcdefghijABCDEFGHIJ012345 failed", "ghp_", "call with [removed-github] failed"},
	{"integration refused glpat-QwErTyUiOpAsDfGhJkLz", "glpat", "integration refused [removed-gitlab]"},
	{"AKIAIOSFODNN7EXAMPLE is not allowed", "AKIA", "[removed-aws] is not allowed"},
	{"peer 81.93.237.231 reset", "81.93", "peer [ip-NAME] reset"},
	{"peer 2a02:8d7f:97df::a36d reset", "8d7f", "peer [ip-NAME] reset"},
	{"charge of card 4111111111111111 declined", "4111", "charge of card [removed-card] declined"},
	{"the agent got " + knownValue + " back", knownValue, "the agent got [removed-known] back"},
	{"the agent got " + hex.EncodeToString([]byte(knownValue)), hex.EncodeToString([]byte(knownValue)), "the agent got [removed-known]"},
	{"the agent got " + url.QueryEscape(knownValue), "kn0wn", "the agent got [removed-known]"},
	{"the agent got " + base64.StdEncoding.EncodeToString([]byte(knownValue)), base64.StdEncoding.EncodeToString([]byte(knownValue))[:12], ""},

	{`duplicate key value violates unique constraint "lap_pkey"`, "", ""},
	{"commit 4c236fe1b2a39d8e7f605142332415069788a9bc of version 1.2.3.4", "", ""},
	{"trace-1735654800000-abc123 and pack-1735654800000-abc123", "", ""},
	{"build 7f3d9c52-1b7e-4c55-9a40-0123456789ab took 12.5ms at 2026-11-24T09:12:00.000Z", "", ""},
	{"token expired; Token: expired; auth: connection refused", "", ""},
	{"Bearer authentication required, basic training", "", ""},
	{"peer 10.1.2.3, 127.0.0.1:3001, 192.168.1.1, ::1 and 10.0.19041.1", "", ""},
	{"monkey=banana author=bob tokenizer=bpe compass=north", "", ""},
	{"user not found, session ended, driver left", "", ""},
	{"    at Array.<anonymous> (/srv/controlbox/packages/server/src/websocket/AuthGate.ts:122:37)", "", ""},
	{"session:sess...1f20 and ...d00004 and [id-0123456789] and [removed-jwt,HS256]", "", ""},
	{"epoch 1795424857257 and 4111111111111112", "", ""},
	{"-----BEGIN CERTIFICATE-----", "", ""},
}

// carriers put prose where foreign text stands.
var carriers = []struct {
	name   string
	as     redact.Format
	before string
	after  string
	quote  func(string) string
}{
	{"text", redact.Text, "first line\n", "\nlast line\n", func(s string) string { return s }},
	{"JSON", redact.JSON, `{"n":1,"message":`, `,"z":2}`, quote},
	{"JSON in JSON", redact.JSON, `{"body":`, `}`, func(s string) string { return quote(`{"message":` + quote(s) + `,"n":1}`) }},
	{"label", redact.Metrics, "# TYPE x counter\nx{type=", "} 1\n", func(s string) string {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
	}},
}

func quote(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.Encode(s)
	return strings.TrimSuffix(b.String(), "\n")
}

func TestProse(t *testing.T) {
	r := redactor(t)
	for _, row := range prose {
		for _, c := range carriers {
			in := c.before + c.quote(row.in) + c.after
			got := apply(t, r, in, c.as)
			switch {
			case row.secret == "" && got != in:
				t.Errorf("%s: %s\nmust stay, gave %s", c.name, in, got)
			case row.secret != "" && strings.Contains(got, row.secret):
				t.Errorf("%s: %s\nleaves %s: %s", c.name, in, row.secret, got)
			case row.want != "" && maskNames(got) != c.before+c.quote(row.want)+c.after:
				t.Errorf("%s: %s\n gave %s\n want %s", c.name, in, maskNames(got), c.before+c.quote(row.want)+c.after)
			}
			if again := apply(t, r, got, c.as); again != got {
				t.Errorf("%s: twice gave\n%s, once\n%s", c.name, again, got)
			}
		}
	}
}

func TestLabelsAreFields(t *testing.T) {
	r := redactor(t)
	in := "# HELP x about api_key=abc123x\n# TYPE x counter\nx{api_key=\"abc123x\",session_id=\"sess_20997b8d2335\",le=\"0.5\"} 1 1795424857257\n"
	want := "# HELP x about [removed-assignment]\n# TYPE x counter\nx{session_id=\"sess...2335\",le=\"0.5\"} 1 1795424857257\n"
	if got := apply(t, r, in, redact.Metrics); got != want {
		t.Errorf("gave\n%s\nwant\n%s", got, want)
	}
}

func TestPseudonyms(t *testing.T) {
	a, b := redactor(t), redactor(t)
	other, _ := redact.New(redact.Options{Key: []byte("fedcba9876543210")})
	name := a.Name("session", []byte("x1"))
	if len(name) != 10 || strings.ContainsAny(name, "eilo") || name != b.Name("session", []byte("x1")) ||
		name == other.Name("session", []byte("x1")) || name == a.Name("user", []byte("x1")) || a.Epoch() == other.Epoch() || a.Epoch() != b.Epoch() {
		t.Errorf("name %q, epochs %q and %q", name, a.Epoch(), other.Epoch())
	}
	if a.Hash("session", []byte("x1")) != b.Hash("session", []byte("x1")) || a.Hash("session", []byte("x1")) == other.Hash("session", []byte("x1")) {
		t.Error("the hash is not that of the key")
	}
	if _, err := redact.New(redact.Options{Key: []byte("short")}); err == nil || strings.Contains(err.Error(), "short") {
		t.Errorf("a short key gave %v", err)
	}
}

func TestReport(t *testing.T) {
	var rep redact.Report
	_, err := redactor(t).Append(nil, []byte(`{"events":[{"message":"ok"},{"context":{"password":"x","id":7},"sessionId":"sess_20997b8d2335"}]}`), redact.JSON, &rep)
	if err != nil || rep.Counts["field"] != 1 || rep.Counts["id"] != 1 || len(rep.Removed) != 1 || rep.Removed[0].Parent != "/events/1/context" {
		t.Errorf("%+v, %v", rep, err)
	}
}
