package redact_test

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"

	"relaypack/pack/redact"
)

type shape struct{ in, want string }

// shapes are the text shapes of the policy's table, each with its exact output; "" stands for the input
// itself, a near miss that must stay to the byte. TestShapes puts each one into every carrier.
var shapes = []shape{
	// Issuers' marks.
	{"upload refused for AIzaSyA1234567890abcdefghijklmnopqrstuv now", "upload refused for [removed-gcp] now"},
	{"hook xoxb-123456789012-abcdefGHIJKL posted", "hook [removed-slack] posted"},
	{"hook https://hooks.slack.com/services/T00000000/B00000000/abcdefGHIJKLmnop posted", "hook https://[removed-slack] posted"},
	{"hook https://discord.com/api/webhooks/1234567890/abcdef-GHI_JKLmnopQRST posted", "hook https://[removed-vendor] posted"},
	{"see https://hooks.slack.com/services/ for more", ""},
	{"charge sk_live_4eC39HqLyjWDarjtT1zdp7dc refused", "charge [removed-stripe] refused"},
	{"publish npm_abcdefghijklmnopqrstuvwxyzABCDEFGHIJ refused", "publish [removed-vendor] refused"},
	{"model hf_abcdefghijklmnopqrstuvwxyzABCDEFGH refused", "model [removed-vendor] refused"},
	{"npm_config_cache, hf_hub and sk_test of ghp_ and AKIA", ""},
	{"eyJ is how a JWT begins, eyJust is no such thing", ""},
	// Connection strings and addresses with a login.
	{"DATABASE_URL=postgres://u:p4ss@h/db", "DATABASE_URL=postgres://[removed-userinfo]@h/db"},
	{"redis://:p4ssword@cache:6379/0 refused", "redis://[removed-userinfo]@cache:6379/0 refused"},
	{"mongodb+srv://u:p4ss@cluster0.example.net/db", "mongodb+srv://[removed-userinfo]@cluster0.example.net/db"},
	{"Server=db;Database=x;User Id=sa;Pwd=p4ss;", "Server=db;Database=x;User Id=sa;[removed-assignment];"},
	{"https://h/x?access_token=Ab12Cd34&y=1", "https://h/x?[removed-assignment]&y=1"},
	{"https://h/x?email=bob%40example.com&y=1", "https://h/x?[removed-assignment]&y=1"},
	{"https://h/x?session=sess_20997b8d2335", "https://h/x?session=sess...2335"},
	{"http://127.0.0.1:3001/api/ops/events?limit=500&key=lap", ""},
	// Headers, cookies, schemes.
	{"X-Api-Key: abc123def", "[removed-assignment]"},
	{"Set-Cookie: sid=abc; Path=/", "[removed-cookie]; Path=/"},
	{"x-request-id: 4bf92f3577b34da6a3ce929d0e0e4736", ""},
	{"traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", ""},
	{"Bearer Ab12Cd34Ef56 refused", "[removed-bearer] refused"},
	// Assignments, flags, environment.
	{"password=Tr0ub4dor lap=7", "[removed-assignment] lap=7"},
	{"password: Tr0ub4dor", "[removed-assignment]"},
	{"password is Tr0ub4dor", "[removed-assignment]"},
	{"export DB_PASSWORD=Tr0ub4dor", "export [removed-assignment]"},
	{"run --password Tr0ub4dor --port 3001", "run [removed-flag] --port 3001"},
	{"run --api-key=Tr0ub4dor --port 3001", "run [removed-assignment] --port 3001"},
	{"password was wrong", ""},
	{"run --port 3001 --monkey banana --compass north", ""},
	// Escapes around names and values.
	{`body {\"password\":\"Tr0ub4dor\",\"lap\":7}`, `body {[removed-assignment],\"lap\":7}`},
	{`body {\u0022password\u0022:\u0022Tr0ub4dor\u0022,\u0022lap\u0022:7}`, `body {[removed-assignment],\u0022lap\u0022:7}`},
	{`body {\x22password\x22: \x22Tr0 ub4dor\x22}`, `body {[removed-assignment]}`},
	{`body &quot;password&quot;:&quot;Tr0ub4dor&quot;, &quot;lap&quot;:7`, `body [removed-assignment], &quot;lap&quot;:7`},
	{`body &quot;sessionId&quot;:&quot;abcd1234567&quot;, &quot;lap&quot;:7`, `body &quot;sessionId&quot;:&quot;abcd...4567&quot;, &quot;lap&quot;:7`},
	{`body {\u0022sessionId\u0022:\u0022abcd1234567\u0022}`, `body {\u0022sessionId\u0022:\u0022abcd...4567\u0022}`},
	{`body {\\u0022sessionId\\u0022:\\u0022abcd1234567\\u0022}`, `body {\\u0022sessionId\\u0022:\\u0022abcd...4567\\u0022}`},
	{`body {\u0022monkey\u0022:\u0022banana\u0022} &quot;author&quot;:&quot;bob&quot;`, ""},
	// Ids behind words.
	{"user 7f3d9c52-1b7e wrote", "user ...2-1b7e wrote"},
	{"driver: drv-12345678 lost", "driver: ...345678 lost"},
	{"account=acc_99887766 closed", "account=...887766 closed"},
	{"customer#cust-4455667 gone", "customer#...455667 gone"},
	{"socket mTgk0QtgvQOMUa4EAAYR closed", "socket mTgk...AAYR closed"},
	{"session=abc12345 closed", "session=[id-NAME] closed"},
	{"session abc1234 closed", ""},  // 7 characters
	{"session abcdefgh closed", ""}, // no digit
	{"joined room broadcast:session:sess_20997b8d2335", "joined room broadcast:session:sess...2335"},
	// Addresses, cards, telephones.
	{"peer 203.0.113.9:443 reset", "peer [ip-NAME]:443 reset"},
	{"card 4111-1111-1111-1111 declined", "card [removed-card] declined"},
	{"card 4111 1111 1111 1111 declined", "card [removed-card] declined"},
	{"card 4111-1111-1111-1112 declined", ""}, // Luhn says no
	{"phone: +49 170 1234567, please", "[removed-assignment], please"},
	{"lap 49 170 1234567, please", ""},
	// What must stay.
	{"commit 4c236fe1b2a39d8e7f605142332415069788a9bc", ""},
	{"trace 4bf92f3577b34da6a3ce929d0e0e4736 span 00f067aa0ba902b7", ""},
	{"build 7f3d9c52-1b7e-4c55-9a40-0123456789ab", ""},
	{"version v1.2.3-rc.4+build.5 (node v20.11.1) took 12.5ms, 1h30m, 90s", ""},
	{`duplicate key value violates unique constraint "lap_pkey"`, ""},
	{"monkey author tokenizer compass totalAuthFails primaryKey", ""},
	{"monkey=m1 author=a1 tokenizer=t1 compass=c1 totalAuthFails=3 primaryKey=id", ""},
}

func TestShapes(t *testing.T) { inEveryCarrier(t, shapes) }

func inEveryCarrier(t *testing.T, rows []shape) {
	t.Helper()
	r := redactor(t)
	for _, row := range rows {
		want := row.want
		if want == "" {
			want = row.in
		}
		for _, c := range carriers {
			in := c.before + c.quote(row.in) + c.after
			got := apply(t, r, in, c.as)
			if w := c.before + c.quote(want) + c.after; maskNames(got) != w {
				t.Errorf("%s: %s\n gave %s\n want %s", c.name, in, maskNames(got), w)
			}
			if again := apply(t, r, got, c.as); again != got {
				t.Errorf("%s: twice gave\n%s, once\n%s", c.name, again, got)
			}
		}
	}
}

// bounds are the masks at 8 and 9 characters, the masked forms and what is nearly one.
var bounds = []struct{ field, in, want string }{
	{"socketId", "abcdefgh", "[id-NAME]"},
	{"socketId", "abcdefghi", "abcd...fghi"},
	{"socketId", "äbcdefgh", "[id-NAME]"},
	{"socketId", "äbcdefghï", "äbcd...fghï"},
	{"socketId", "abcd...wxyz", "abcd...wxyz"},
	{"socketId", "abcd...wxyz0", "abcd...xyz0"},
	{"socketId", "abcdefgh...", "abcd..."},
	{"socketId", "abcd...", "abcd..."},
	{"socketId", "abcde...", "[id-NAME]"},
	{"socketId", "...123456", "...123456"},
	{"socketId", "[id-0123456789]", "[id-0123456789]"},
	{"socketId", "[id-012345678]", "[id-...678]"},
	{"sessionId", "", ""},
	{"userId", "12345678", "[id-NAME]"},
	{"userId", "123456789", "...456789"},
	{"userId", "...123456", "...123456"},
	{"userId", "...12345", "[id-NAME]"},
	{"userId", "abcd...wxyz", "abcd...wxyz"},
	{"driverId", "🏁🏁🏁🏁🏁🏁🏁🏁", "[id-NAME]"},
	{"driverId", "🏁🏁🏁🏁🏁🏁🏁🏁x", "...🏁🏁🏁🏁🏁x"},
	{"userId", "abcdefgh...", "abcd..."},
	{"accountId", "acc-998877", "...998877"},
	{"customerId", "cust-4455667", "...455667"},
}

func TestBoundsOfMasks(t *testing.T) {
	r := redactor(t)
	for _, row := range bounds {
		in, want := `{"`+row.field+`":`+quote(row.in)+`,"n":1}`, `{"`+row.field+`":`+quote(row.want)+`,"n":1}`
		for _, c := range []struct{ in, want string }{{in, want}, {`{"body":` + quote(in) + `}`, `{"body":` + quote(want) + `}`}} {
			got := apply(t, r, c.in, redact.JSON)
			if maskNames(got) != maskNames(c.want) {
				t.Errorf("%s\n gave %s\n want %s", c.in, maskNames(got), c.want)
			}
			if again := apply(t, r, got, redact.JSON); again != got {
				t.Errorf("%s: twice gave %s", got, again)
			}
		}
		kind := strings.TrimSuffix(row.field, "Id")
		if got := maskNames(string(r.Mask(nil, kind, []byte(row.in)))); got != maskNames(row.want) {
			t.Errorf("Mask(%s, %s) = %s, want %s", kind, row.in, got, row.want)
		}
	}
}

// A known value goes in every form in which it is likely to be written, and nothing that is like it.
func TestFormsOfKnownValues(t *testing.T) {
	r := redactor(t)
	v := []byte(knownValue)
	for form, s := range map[string]string{
		"raw": knownValue, "hex": hex.EncodeToString(v), "upper hex": strings.ToUpper(hex.EncodeToString(v)),
		"query": url.QueryEscape(knownValue), "path": url.PathEscape(knownValue),
		"base64": base64.StdEncoding.EncodeToString(v), "base64 without =": base64.RawStdEncoding.EncodeToString(v),
		"base64 for URLs": base64.RawURLEncoding.EncodeToString(v),
		"escaped /":       strings.ReplaceAll(knownValue, "/", `\/`), "escaped +": strings.ReplaceAll(knownValue, "+", `\u002b`),
	} {
		for _, c := range carriers {
			in := c.before + c.quote("got "+s+" back") + c.after
			if got, want := apply(t, r, in, c.as), c.before+c.quote("got [removed-known] back")+c.after; got != want {
				t.Errorf("%s, %s: %s\n gave %s", form, c.name, in, got)
			}
		}
	}
	for i := range len(v) {
		almost := append([]byte(nil), v...)
		almost[i] ^= 1
		if in := "got " + string(almost) + " back"; apply(t, r, in, redact.Text) != in {
			t.Errorf("%q is not a known value, but changed", in)
		}
	}
}

// Inside something longer that is in base64 as a whole, no four signs are left that the value decides.
func TestKnownValueInsideBase64(t *testing.T) {
	r := redactor(t)
	for lead := range 3 {
		for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawURLEncoding} {
			whole := enc.EncodeToString([]byte("\xf0\x01\xf1\x02\xf3\x04"[:3+lead] + knownValue + "xyz")) // no text, so it is not read as one
			got := apply(t, r, `{"m":"`+whole+`"}`, redact.JSON)
			from, to := (3+lead)*8/6+1, (3+lead+len(knownValue))*8/6
			if want := `{"m":"` + whole[:from-1]; !strings.HasPrefix(got, want) || !strings.Contains(got, "[removed-known]") {
				t.Errorf("lead %d: %s gave %s", lead, whole, got)
			}
			if strings.Contains(got, whole[from:from+4]) || strings.Contains(got, whole[to-4:to]) {
				t.Errorf("lead %d: %s leaves a part: %s", lead, whole, got)
			}
		}
	}
}
