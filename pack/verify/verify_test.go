package verify_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"relaypack/pack/verify"
)

const jwt = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1MSJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ"

// Each kind with what must be found and what must pass, as the text of a message.
var texts = []struct {
	kind string
	find []string
	pass []string
}{
	{verify.KindAssignment,
		[]string{"password=hunter2", "cannot start: api_key=sq9fLk2", "passwd: Tr0ub4dor", `secret => "abcdef"`, "password is Tr0ub4dor", "--password hunter2",
			"--api-key=hunter2", "export DB_PASSWORD='x y'", `{"a":1,"password":"hunter2"`, `\"accessToken\":\"hunter2\"`, "url?x=1&sig=abc123def", "db.password=hunter2"},
		[]string{"token expired", "Token: expired", "auth: connection refused", "password is required", "password=[removed-assignment]", "--password", "monkey=banana7",
			"author: smith7", "no bearer given", "keyboard=qwerty12", `violates unique constraint "lap_pkey"`, "auth_fail 136", "the token is not valid"}},
	{verify.KindBearer,
		[]string{"401 for Bearer planted.bearer.token-002", "Authorization: Basic YWRtaW46aHVudGVyMg==", "bearer 9f8a7b6c5d"},
		[]string{"Bearer authentication required", "basic training", "Bearer [removed-bearer]", "a bearer of news"}},
	{verify.KindJWT, []string{"refused " + jwt}, []string{"eyJub3QiOiJhIGp3dCJ9", "eyJ.a.b"}},
	{verify.KindPEM,
		[]string{"-----BEGIN RSA PRIVATE KEY-----\nMIIE", "-----BEGIN OPENSSH PRIVATE KEY-----", "-----BEGIN PGP MESSAGE-----"},
		[]string{"-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----", "----- BEGIN -----"}},
	{verify.KindVendor,
		[]string{"sk_test_planted003", "AKIAIOSFODNN7EXAMPLE", "ghp_0123456789abcdefghijABCDEFGHIJ012345", "xoxb-12345678901-abcdEFGH", "AIzaSyA0123456789abcdefghijklmnopqrstu", "glpat-VzZQdeGWOQQlyyBbHscr", "SG.0123456789abcdefghij.ABCDEFGHIJ0123456789"},
		[]string{"sk_test_", "AKIA", "task_test_thing1", "SGML", "npm_config_registry", "hf_hub"}},
	{verify.KindUserinfo,
		[]string{"postgres://svc:planted-pw-001@db.internal:5432/controlbox", "redis://:pw12345@cache", "https://x7f6e5d4c3@git.example.com/a"},
		[]string{"postgres://[removed-userinfo]@db.internal:5432", "ssh://git@host/path", "http://localhost:5173/a@b"}},
	{verify.KindMail,
		[]string{"mail to planted.driver@example.com bounced", "a+b@c.example.org"},
		[]string{"user@localhost", "pkg@1.2.3", "@types/node", "[removed-email]"}},
	{verify.KindIP,
		[]string{"peer 81.93.237.231 reset", "from 2a02:8d7f:97df::a36d", "8.8.8.8:53"},
		[]string{"127.0.0.1:3001", "10.0.0.7", "192.168.1.1", "172.16.4.4", "::1", "fe80::1", "10.0.19041.1", "version 1.2.3.4", "chrome/120.0.6099.71", "at 10:20:30", "std::vec", "[ip-0123456789]"}},
	{verify.KindCard,
		[]string{"charge of card 4111111111111111 declined", "4111 1111 1111 1111"},
		[]string{"1795424857257", "card 4111111111111112", "id 4111111111111112"}},
	{verify.KindEntropy,
		[]string{"signing secret (rotated) 9fK2mQ7xLz4Tb8Wn3RvY6cPd"},
		[]string{"commit 4c236fe1b2a39d8e7f605142332415069788a9bc", "trace-1735654800000-abc123", "secret santa list for the whole team today"}},
	{verify.KindID,
		[]string{"user 7f3d9c52-1b7e-4c55-9a40-planted00004 not found", "session sess_09e18fd43c2d has no laps", "driver=drv795147347d48f", "socket id d_Q-x81AAAAa5xyz",
			"lost Race-ABC-123456 again", "broadcast sess_09e18fd43c2d", `session_id="sess_09e18fd43c2d"`},
		[]string{"user ...d00004 not found", "session:sess...1f20", "user not found", "session [id-0123456789]", "build 7f3d9c52-1b7e-4c55-9a40-0123456789ab", "session active since 09:12"}},
}

func detector() *verify.Detector {
	return verify.New(verify.Options{Known: func(w []byte) bool { return string(w) == "Race-ABC-123456" }, Values: [][]byte{[]byte("kn0wn/Value+x1")}})
}

func kinds(found []verify.Finding) (out []string) {
	for _, f := range found {
		out = append(out, f.Kind)
	}
	return out
}

// carriers put a text where foreign text stands.
var carriers = map[string]func(string) string{
	"text": func(s string) string { return "first line\n" + s + "\nlast line" },
	"json": func(s string) string {
		b, _ := json.Marshal(map[string]any{"events": []any{map[string]any{"message": s}}})
		return string(b)
	},
	"json in json": func(s string) string {
		b, _ := json.Marshal(map[string]any{"message": s})
		b, _ = json.Marshal(map[string]any{"body": string(b)})
		return string(b)
	},
}

func TestTexts(t *testing.T) {
	d := detector()
	for _, row := range texts {
		for name, carry := range carriers {
			for _, s := range row.find {
				if got := kinds(d.Scan([]byte(carry(s)))); !strings.Contains(strings.Join(got, " "), row.kind) {
					t.Errorf("%s, %s: %q gave %v", row.kind, name, s, got)
				}
			}
			for _, s := range row.pass {
				if got := d.Scan([]byte(carry(s))); len(got) > 0 {
					t.Errorf("%s, %s: %q must pass, gave %v", row.kind, name, s, got)
				}
			}
		}
	}
}

func TestFields(t *testing.T) {
	d := detector()
	for doc, want := range map[string]string{
		`{"a":{"password":"x1"}}`:                            "/a/password credential-field",
		`{"db_Password":"x1"}`:                               "/db_Password credential-field",
		`{"x-api-key":["v1"]}`:                               "/x-api-key/0 credential-field",
		`{"credentials":{"id":7,"value":"v1"}}`:              "/credentials/value credential-field",
		`{"header":{"name":"X-Api-Key","value":"v1"}}`:       "/header/value credential-field",
		`{"pin":1234}`:                                       "/pin credential-field",
		`{"userEmail":"x"}`:                                  "/userEmail e-mail-field",
		`{"sessionId":"ab3"}`:                                "/sessionId raw-id",
		`{"socket_id":"d_Q-x81AAAAa5xyz"}`:                   "/socket_id raw-id",
		`{"rooms":["session:sess_20997b8d2335"]}`:            "/rooms/0 raw-id",
		`{"room":"broadcast:session:ab"}`:                    "/room raw-id",
		`{"socketId":"abcdefghijkl..."}`:                     "/socketId raw-id",
		`{"Race-ABC-123456":1}`:                              "/Race-ABC-123456 raw-id",
		`[{"m":"ok"},{"m":"` + jwt + `"}]`:                   "/1/m jwt",
		"{\"a\":1}\n{\"m\":\"password=hunter2\"}":            "/m assignment",
		`{"totalAuthFails":136,"tokens":{"total":5}}`:        "",
		`{"sessionId":"sess...2335","userId":"...d00004"}`:   "",
		`{"sessionId":"[id-0123456789]","password":null}`:    "",
		`{"room":"session:sess...1f20","rooms":["lobby"]}`:   "",
		`{"tokenizer":"bpe50k","author":"k1","monkey":"b2"}`: "",
		`{"primaryKey":"id7","cacheKey":"v12","name":"k9"}`:  "",
		`{"password":"[removed-known]","passing":"lane 9"}`:  "",
		`{"hasPassword":true,"token":"expired"}`:             "",
		`{"authFails":{"unit":"count","points":[[1,2]]}}`:    "",
		`{"socketStats.totalAuthFails":"summary"}`:           "",
		`{"tokenCount":"x91Kf02m"}`:                          "/tokenCount credential-field",
		`{"reason":"auth_fail","counts":{"bearer":26}}`:      "",
	} {
		var got []string
		for _, f := range d.Scan([]byte(doc)) {
			got = append(got, f.Pointer+" "+f.Kind)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s gave %q, want %q", doc, got, want)
		}
	}
}

// A value that is known is found in every form, and whatever its shape.
func TestKnownValues(t *testing.T) {
	const v = "kn0wn/Value+x1"
	forms := map[string]string{"raw": v, "hex": hex.EncodeToString([]byte(v)), "percent": url.QueryEscape(v)}
	for shift := range 4 {
		forms[fmt.Sprintf("base64 behind %d", shift)] = base64.StdEncoding.EncodeToString([]byte(strings.Repeat("a", shift) + v + "tail"))
	}
	d := detector()
	for form, s := range forms {
		for name, carry := range carriers {
			if got := d.Scan([]byte(carry("x " + s + " y"))); len(got) == 0 {
				t.Errorf("%s in %s passed", form, name)
			}
		}
	}
	if got := d.Scan([]byte(`{"m":"kn0wn/Valuf+x1"}`)); len(got) > 0 {
		t.Errorf("a near miss gave %v", got)
	}
}

func TestEncodedTexts(t *testing.T) {
	d := detector()
	const secret = "password=hunter2x"
	for name, s := range map[string]string{
		"percent":     "next=" + url.QueryEscape(secret),
		"twice":       "next=" + url.QueryEscape(url.QueryEscape(secret)),
		"base64":      base64.StdEncoding.EncodeToString([]byte(secret)),
		"hex":         hex.EncodeToString([]byte(secret)),
		"\\u escapes": `p\u0061ssword=hunter2x`,
	} {
		if got := d.Scan([]byte(carriers["json"](s))); len(got) == 0 {
			t.Errorf("%s passed: %s", name, s)
		}
	}
}

const captures = "../../scrape/demorelay/testdata"

// The raw captures hold planted secrets and raw ids: each is found at every place where it stands.
func TestRawCaptures(t *testing.T) {
	d := verify.New(verify.Options{})
	canaries := []string{"planted-pw-001", "planted.driver@example.com", "planted.bearer.token-002", "sk_test_planted003", "planted00004", "hunter2"}
	for _, file := range []string{"tapped/ops-events-error.json", "tapped/ops-support-pack.json", "tapped/diagnostics-errors-recent.json"} {
		b, err := os.ReadFile(captures + "/" + file)
		if err != nil {
			t.Fatal(err)
		}
		for i, message := range bytes.Split(b, []byte(`{"type":`)) {
			message = message[:min(len(message), 2000)]
			for _, canary := range canaries {
				if !bytes.Contains(message, []byte(canary)) {
					continue
				}
				piece, _ := json.Marshal(string(message))
				if found := d.Scan(piece); len(found) == 0 {
					t.Errorf("%s, piece %d: %s passed", file, i, canary)
				}
			}
		}
		if len(d.Scan(b)) < 20 {
			t.Errorf("%s gave only %d findings", file, len(d.Scan(b)))
		}
	}
	b, _ := os.ReadFile(captures + "/tapped/diagnostics-sessions-active.json")
	if found := d.Scan(b); len(found) != 24 {
		t.Errorf("24 raw session ids gave %d findings", len(found))
	}
}

func TestExcerptsShowNothing(t *testing.T) {
	d := detector()
	for _, row := range texts {
		for _, s := range row.find {
			for _, f := range d.Scan([]byte(carriers["json"](s))) {
				letters := strings.Trim(strings.TrimSuffix(f.Excerpt, "..."), "aA9 _-.:/@=+*#")
				if letters != "" || len(f.Excerpt) > 27 {
					t.Errorf("%q: excerpt %q", s, f.Excerpt)
				}
			}
		}
	}
}

func TestTextPlaces(t *testing.T) {
	found := detector().Scan([]byte("one\ntwo\nabc password=hunter2x\n"))
	if len(found) != 1 || found[0].Line != 3 || found[0].Offset != 21 || found[0].Pointer != "" {
		t.Fatalf("%+v", found)
	}
}

func TestBounds(t *testing.T) {
	d := detector()
	many := bytes.Repeat([]byte(`{"password":"x1"}`), 5000)
	if n := len(d.Scan(many)); n != 1000 {
		t.Errorf("%d findings, want 1000", n)
	}
	deep := strings.Repeat("[", 9000) + `"password=hunter2x"` + strings.Repeat("]", 9000)
	if len(d.Scan([]byte(deep))) != 1 {
		t.Error("9,000 deep: passed")
	}
	d.Scan([]byte(strings.Repeat("[", 100_000)))
	d.Scan(bytes.Repeat([]byte{0}, 1<<20))
	d.Scan(bytes.Repeat([]byte("%41"), 1<<18))
	d.Scan(bytes.Repeat([]byte("@"), 1<<16))
}

// FuzzScan: no panic, the same findings twice, pointers that lead to a value, and what is planted is found.
func FuzzScan(f *testing.F) {
	for _, row := range texts {
		for _, s := range append(row.find, row.pass...) {
			f.Add([]byte(carriers["json"](s)))
			f.Add([]byte(s))
		}
	}
	d := detector()
	f.Fuzz(func(t *testing.T, doc []byte) {
		one, two := d.Scan(doc), d.Scan(doc)
		if fmt.Sprint(one) != fmt.Sprint(two) {
			t.Fatal("two scans differ")
		}
		planted, err := json.Marshal(map[string]any{"first": string(doc), "context": map[string]string{"password": "Hunter2hunter"}})
		if err != nil || len(one) > 900 {
			return
		}
		found := false
		for _, g := range d.Scan(planted) {
			found = found || g.Pointer == "/context/password"
			if g.Offset < 0 || g.Offset > len(planted) || g.Line < 1 {
				t.Fatalf("%+v", g)
			}
		}
		if !found && len(d.Scan(planted)) < 1000 {
			t.Fatal("what was planted was not found")
		}
	})
}

// clean makes event JSON as redaction leaves it.
func clean(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"recentEvents":{"error":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"type":"handler_error","subsystem":"ws","message":"Telemetry payload too large","stack":"Error: Telemetry payload too large\n    at Array.<anonymous> (/srv/controlbox/packages/server/src/websocket/AuthGate.ts:122:37)\n    at run (/srv/controlbox/node_modules/socket.io/dist/socket.js:744:19)","context":{"socketId":"mTgk...AAYR","sessionId":"sess...38f1"},"id":"rb-%d","timestamp":%d}`, i, 1795424857101+i)
	}
	b.WriteString("]}}")
	return b.Bytes()
}

func TestCleanEventsPass(t *testing.T) {
	if found := detector().Scan(clean(500)); len(found) > 0 {
		t.Fatalf("%+v", found)
	}
}

func BenchmarkScan(b *testing.B) {
	doc := clean(2000)
	d := detector()
	b.SetBytes(int64(len(doc)))
	for b.Loop() {
		if len(d.Scan(doc)) > 0 {
			b.Fatal("found something")
		}
	}
}

func ExampleDetector_Scan() {
	d := verify.New(verify.Options{})
	for _, f := range d.Scan([]byte(`{"events":[{"message":"api_key=sk_test_planted003"}]}`)) {
		fmt.Println(f.Pointer, f.Kind, f.Excerpt)
	}
	// Output:
	// /events/0/message assignment aa_aaaa_aaaaaaa999
	// /events/0/message vendor aa_aaaa_aaaaaaa999
}
