package verify_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"syscall"
	"testing"
	"time"

	"relaypack/pack/verify"
)

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// Documents in which something must be found, with the kind, each beside a near miss that must pass.
var documents = []struct{ kind, find, pass string }{
	{verify.KindMail, `{"foo@example.com":1}`, `{"foo@example":1}`},
	{verify.KindMail, `{"m":"a%2540example.com"}`, `{"m":"a%2540example"}`},
	{verify.KindMail, `{"m":"x ` + b64("mail a.b@example.com now") + `"}`, `{"m":"x ` + b64("mail a.b at example now") + `"}`},
	{verify.KindMail, `{"m":"icon@example.net"}`, `{"m":"icon@2x.png"}`},
	{verify.KindVendor, `{"m":"` + hex.EncodeToString([]byte("use sk_test_planted003")) + `"}`, `{"m":"` + hex.EncodeToString([]byte("use pk_test_planted003")) + `"}`},
	{verify.KindVendor, `{"m":"[removed-jwt,sk_test_planted003]"}`, `{"m":"[removed-jwt,HS256,expired-3h]"}`},
	{verify.KindVendor, `{"m":"prefix_ghp_0123456789abcdefghijABCDEFGHIJ012345"}`, `{"m":"prefix_ghp_0123"}`},
	{verify.KindVendor, `{"m":"https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"}`, `{"m":"https://hooks.slack.com/services"}`},
	{verify.KindVendor, `{"m":"bot 123456789:AAF0123456789abcdefghijklmnopqrstuvw"}`, `{"m":"bot 123456789:AAF"}`},
	{verify.KindField, `{"m":"` + b64(`{"password":"hunter2"}`) + `"}`, `{"m":"` + b64(`{"surname":"hunter2"}`) + `"}`},
	{verify.KindField, `{"m":"` + b64(b64(`{"password":"hunter2"}`)) + `"}`, `{"m":"` + b64(b64(`{"password":null}`)) + `"}`},
	{verify.KindField, `{"pаssword":"x12345"}`, `{"pаssage":"x12345"}`}, // Cyrillic a
	{verify.KindField, `{"ｐａｓｓword":"x12345"}`, `{"ｐａｓｓage":"x12345"}`},
	{verify.KindField, `{"password":"[removed-x]hunter2"}`, `{"password":"[removed-x]"}`},
	{verify.KindField, `{"h":{"value":"v1x","name":"x-api-key"}}`, `{"h":{"value":"v1x","name":"x-api-version"}}`},
	{verify.KindField, `{"args":["--password","hunter2x"]}`, `{"args":["--password","[removed-flag]"]}`},
	{verify.KindField, `{"rawHeaders":["Host","x","Cookie","sid=abc123def"]}`, `{"rawHeaders":["Host","sid","Cookie","none"]}`},
	{verify.KindField, `{"cookieJar":[{"x":"v1"}]}`, `{"relay_auth_latency_bucket":[{"le":"0.5"}]}`},
	{verify.KindField, `{"authTokens":{"x":"v1"}}`, `{"auth_tokens_seconds_bucket":{"type":"histogram"}}`},
	{verify.KindField, `{"password":1234567}`, `{"counts":{"password":1234567}}`},
	{verify.KindID, `{"userId":12345678}`, `{"userId":0}`},
	{verify.KindID, `{"driverIds":[4211]}`, `{"driverIds":[]}`},
	{verify.KindID, `{"user":{"id":"abc12345678"}}`, `{"user":[{"id":"rb-12345678"}]}`},
	{verify.KindID, `{"sessionId":"sess...1f20x"}`, `{"sessionId":"sess...1f20"}`},
	{verify.KindID, `{"sessionId":"[id-012345678o]"}`, `{"sessionId":"[id-012345678p]"}`},
	{verify.KindID, `{"m":"[removed-x,sess_11111]"}`, `{"m":"[removed-x,sess-x]"}`},
	{verify.KindID, `{"m":"ab [removed-x,sess_11111] cd"}`, `{"m":"ab [removed-x,sess-x] cd"}`},
	{verify.KindID, `{"socketId":"short"}`, `{"socketId":"unknown"}`},
	{verify.KindID, `{"rooms":["broadcast:session:ab"]}`, `{"rooms":["broadcast:session:[id-0123456789]"]}`},
	{verify.KindID, `{"m":"{\"sessionId\":\"ab1\"}"}`, `{"m":"{\"sessionId\":\"\"}"}`},
	{verify.KindID, `{"m":"x-Race-ABC-123456"}`, `{"m":"x-Race-ABC-123457"}`},
	{verify.KindID, `{"m":"session ab34cd78"}`, `{"m":"session trace-1795424853150-w8xu9e"}`},
	{verify.KindID, `{"m":"user 120000mx"}`, `{"m":"user 120000ms"}`},
	{verify.KindID, `{"m":"session 2026-11-23-x9"}`, `{"m":"session 2026-11-23T09:07:00Z"}`},
	{verify.KindAssignment, `{"m":"password=[removed-x]hunter2"}`, `{"m":"password=[removed-x], hunter2"}`},
	{verify.KindAssignment, `{"m":"log {\"password\":\"hun\\u0074er2\"} end"}`, `{"m":"log {\"surname\":\"hun\\u0074er2\"} end"}`},
	{verify.KindAssignment, `{"m":"<password>hunter2</password>"}`, `{"m":"<password></password>"}`},
	{verify.KindAssignment, `{"m":"api key: Zx81kk29"}`, `{"m":"map key: Zx81kk29"}`},
	{verify.KindAssignment, `{"m":"token = 8fa31bc"}`, `{"m":"const token = req.headers.authorization;"}`},
	{verify.KindAssignment, `{"m":"passphrase = correct-horse"}`, `{"m":"if (token === null)"}`},
	{verify.KindAssignment, `{"m":"https://x/a?sv=2020&sig=abcdefgh1"}`, `{"m":"a significant sign=abcdefgh"}`},
	{verify.KindAssignment, `{"m":"X-Amz-Signature=abcdef0123456789"}`, `{"m":"signature=of-a-function"}`},
	{verify.KindAssignment, `a_metric{token="abc1234"} 3`, `a_metric_token_total{le="0.5"} 1234`},
	{verify.KindUserinfo, `{"m":"svc:hunter2pw@localhost:5432"}`, `{"m":"npm:left-pad@1.3.0"}`},
	{verify.KindUserinfo, `{"m":"postgres://[removed-x]pw1@db/x"}`, `{"m":"postgres://[removed-x]@db/x"}`},
	{verify.KindPEM, `{"m":"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"}`, `{"m":"MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ"}`},
	{verify.KindJWT, `{"m":"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9 cut off"}`, `{"m":"eyJub3QiOiJhIGp3dCwgdHJ1ZSJ9 cut off"}`},
	{verify.KindIP, `{"m":"http://8.8.8.8/x"}`, `{"m":"chrome/8.8.8.8"}`},
	{verify.KindIP, `{"address":"9.2.3.4"}`, `{"version":"9.2.3.4"}`},
	{verify.KindIP, "8.8.8.8", "8.8.8"},
	{verify.KindCard, `{"cardNumber":4111111111111111}`, `{"cardNumber":4111111111111112}`},
	{verify.KindCard, "4111 1111 1111 1111", "4111 1111 1111 1112"},
	{verify.KindPhone, `{"phone":"+49 170 1234567"}`, `{"phone":"none"}`},
	{verify.KindKnown, `{"m":"kn0wn\/Value\u002bx1"}`, `{"m":"kn0wn\/Value\u002cx1"}`},
	{verify.KindKnown, `{"m":"x=kn0wn%2FValue%2Bx%31"}`, `{"m":"x=kn0wn%2FValue%2Bx%32"}`},
	{verify.KindKnown, `{"kn0wn/Value+x1":1}`, `{"kn0wn/Value+x2":1}`},
}

func TestDocuments(t *testing.T) {
	d := detector()
	for _, row := range documents {
		if got := kinds(d.Scan([]byte(row.find))); !strings.Contains(strings.Join(got, " "), row.kind) {
			t.Errorf("%s gave %v, want %s", row.find, got, row.kind)
		}
		if got := d.Scan([]byte(row.pass)); len(got) > 0 {
			t.Errorf("%s must pass, gave %v", row.pass, got)
		}
	}
}

// What a relay, its database and their libraries say about credentials without telling one.
var prose = []string{
	"Unexpected token < in JSON at position 0", "Unexpected token 'export'", `Unexpected token '<', "<!DOCTYPE "... is not valid JSON`,
	"Invalid credentials: user not found", "password must be at least 8 characters", "password: must be longer", "token is missing",
	"password is incorrect.", "jwt malformed", "JsonWebTokenError: jwt expired", "TokenExpiredError: jwt expired at 2026-11-23T09:07:00.000Z",
	"at AuthGate.ts:122:37", "at auth (auth.ts:12:3)", "at token (/srv/app/token.js:12:3)", "at Secrets.load (/srv/app/secrets.ts:5:1)", "token:12:3",
	"Key (id)=(1) already exists.", `duplicate key value violates unique constraint "lap_pkey"`, "tokens: 512", "pin: 12", "auth=ok", "pass 3 of 12",
	"sha512-abcDEF0123456789abcDEF0123456789abcDEF0123456789==", "/node_modules/.pnpm/ws@8.17.1/node_modules/ws/lib/sender.js:1:2",
	"Chrome/120.0.0.0 Safari/537.36", "GET /api/auth/token?x=1 401", "max-age=31536000; session=false", "secret=undefined", "session 1795424853150",
	"Authorization: Bearer [removed-bearer]", "Bearer [removed-jwt,HS256,expired-3h]", "cookie: [removed-cookie]; Path=/", "salt lake city",
	"(node:internal/process/task_queues:77:11)", "http://localhost:3000/@fs/x", "Password reset e-mail sent", "socket.io/dist/socket.js:744:19",
	"image repo/app@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "uptime 4m 5s, drift -6499.25 ms", "node v20.11.1 on linux/amd64",
}

func TestProsePasses(t *testing.T) {
	d := detector()
	for _, s := range prose {
		for name, carry := range carriers {
			if got := d.Scan([]byte(carry(s))); len(got) > 0 {
				t.Errorf("%s: %q must pass, gave %v", name, s, got)
			}
		}
	}
}

// A value that is known is found wherever it lies, also across names and values.
func TestKnownValueAcrossBorders(t *testing.T) {
	d := verify.New(verify.Options{Values: [][]byte{[]byte(`left":"right`), []byte("123456")}})
	found := d.Scan([]byte(`{"a":{"xleft":"rightx"}}`))
	if len(found) != 1 || found[0].Kind != verify.KindKnown || found[0].Pointer != "" || found[0].Offset != 8 {
		t.Errorf("%+v", found)
	}
	if found := d.Scan([]byte(`{"a":[0,123456]}`)); len(found) != 1 || found[0].Pointer != "/a/1" {
		t.Errorf("a number: %+v", found)
	}
	d.SetValues(nil)
	if found := d.Scan([]byte(`{"a":[0,123456]}`)); len(found) > 0 {
		t.Errorf("after the value was retired: %+v", found)
	}
}

func TestPlacesInJSON(t *testing.T) {
	doc := []byte("{\n \"a~b/c\": [0,\n  {\"m\": \"say password=hunter2x\"},\n \"line\\npassword=hunter2x\"]}")
	found := detector().Scan(doc)
	if len(found) != 2 {
		t.Fatalf("%+v", found)
	}
	if f := found[0]; f.Pointer != "/a~0b~1c/1/m" || f.Line != 3 || !bytes.HasPrefix(doc[f.Offset:], []byte("hunter2x")) {
		t.Errorf("%+v", f)
	}
	if f := found[1]; f.Pointer != "/a~0b~1c/2" || f.Line != 4 || !bytes.HasPrefix(doc[f.Offset:], []byte("hunter2x")) {
		t.Errorf("behind an escape: %+v", f)
	}
}

// What was found behind escapes, percent signs, entities and JSON in a text is told where it stands.
func TestPlacesBehindEncodings(t *testing.T) {
	for doc, at := range map[string]string{
		`x a=%20b&note=password%3Dhunter2x `:                   "hunter2x",
		`x "\u0061\u0062 p\u0061ssword=hunter2x" `:             "hunter2x",
		`<a b="&quot;c&quot; password=&quot;hunter2x&quot;"/>`: "hunter2x",
		`{"m":"\n{\"a\":[1,{\"password\":\"hunter2x\"}]}"}`:    "hunter2x",
		`{"m":"é%C3%A9 p\u0061ssword%3Dhunter2x"}`:             "hunter2x",
	} {
		found := detector().Scan([]byte(doc))
		if len(found) == 0 || !strings.HasPrefix(doc[found[len(found)-1].Offset:], at) {
			t.Errorf("%s gave %+v", doc, found)
		}
	}
}

func TestPlaceOfAnEncodedRun(t *testing.T) {
	run := b64("password=hunter2x")
	doc := []byte(`{"m":"next ` + run + ` end"}`)
	found := detector().Scan(doc)
	if len(found) != 1 || found[0].Offset != bytes.Index(doc, []byte(run)) {
		t.Errorf("%+v", found)
	}
}

// cpuTime is what this process has used, so that a busy machine does not count.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Input made to be slow: a megabyte of each takes milliseconds, a quadratic step would take minutes.
func TestHostileInputIsLinear(t *testing.T) {
	d := verify.New(verify.Options{Known: func([]byte) bool { return false }, Values: [][]byte{[]byte("kn0wn-value-1")}})
	for _, piece := range []string{"token=", "@", "AKIA/", "eyJ.", "a.b.", "://a@", "aaa1:bbb1@", "-----BEGIN ", "1.2.3.", "::", "a/", "user ", "session ab",
		"bearer ", "api key ", "%25", `\u0041`, `\\`, "[removed-a,", "ghp_", "_-", "a1b2c3d4-", "4 ", "70", "cGFz/", "eyJhbGciOiJIUzI1NiIs ", "?xsig=", "{", "[", `{"a":`, `"`, "\x00", "\xff", "\n"} {
		text := strings.Repeat(piece, 1<<20/len(piece))
		quoted, err := json.Marshal(map[string]string{"m": text})
		if err != nil {
			t.Fatal(err)
		}
		for _, doc := range [][]byte{[]byte(text), quoted, []byte(`{"` + strings.ReplaceAll(text, `"`, "") + `":1}`)} {
			begun := cpuTime()
			d.Scan(doc)
			if took := cpuTime() - begun; took > 5*time.Second {
				t.Errorf("%d bytes of %q took %s", len(doc), piece, took)
			}
		}
	}
}

func TestDepth(t *testing.T) {
	d := detector()
	for _, depth := range []int{9_999, 10_001, 1_000_000} {
		doc := strings.Repeat(`{"a":[`, depth/2) + `"password=hunter2x"` + strings.Repeat("]}", depth/2)
		found := d.Scan([]byte(doc))
		if len(found) == 0 {
			t.Fatalf("%d deep: passed", depth)
		}
		if len(found[0].Pointer) > 4<<10 {
			t.Errorf("%d deep: a pointer of %d bytes", depth, len(found[0].Pointer))
		}
	}
}
