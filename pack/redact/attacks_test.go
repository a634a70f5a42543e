package redact_test

import (
	"bytes"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"relaypack/pack/redact"
)

// attacks are the ways in which a credential was tried to be carried past the redactor. In none of
// them may the word hunter be left, the format recognised by itself.
var attacks = []string{
	`{"a":{"name":"password","value":"hunter2"}}`,
	`[["Authorization","Bearer hunter2"],["a","b"]]`,
	`{"rawHeaders":["Host","x","Authorization","Bearer hunter2x","Cookie","sid=hunter2"]}`,
	`{"argv":["node","--password","hunter2","--port","3001"]}`,
	`{"argv":["--api-key=hunter2","-p","x"]}`,
	`{"headers":{"X-Api-Key":["hunter2"],"x-forwarded-for":"203.0.113.9"}}`,
	`{"attributes":[{"key":"db.password","value":{"stringValue":"hunter2"}}]}`,
	`{"k":"password","v":"hunter2"}`,
	`{"value":"hunter2","x":[1,2],"name":"password","y":2}`,
	`{"Name":"password","Value":"hunter2"}`,
	`password: hunter2`,
	`PASSWORD=hunter2 USER=bob`,
	`password = "hunter2" # x`,
	`password => 'hunter2'`,
	`:password=>"hunter2", :lap=>1`,
	`{'password': 'hunter2', 'lap': 7}`,
	`{u'password': u'hunter2'}`,
	`map[password:hunter2 lap:7]`,
	`{Password:hunter2 Lap:7}`,
	`&{User:bob Password:hunter2}`,
	`Config{password: "hunter2", lap: 7}`,
	`{ password: 'hunter2', lap: 7 }`,
	`password=hunter2,lap=7`,
	`password=hun,ter2hunter;hunterx lap=7`,
	`Server=h;User Id=sa;Password=hunter2;Encrypt=true`,
	`host=h user=u password='hunter2 hunter3' dbname=d`,
	`jdbc:mysql://h:3306/db?user=u&password=hunter2`,
	`redis://:hunter2@h:6379/0`,
	`postgres://u:hunter/2@h:5432/db`,
	`postgres://u:hunter@2@h:5432/db`,
	`mongodb://u:hunter2@h1:27017,h2:27017/db`,
	`root:hunter2@tcp(db:3306)/x`,
	`amqp://u:hunter%402@h`,
	`https://hunter2@host/path`,
	`curl -u bob:hunter2 https://h`,
	`curl -H 'X-Api-Key: hunter2' -H "Authorization: Bearer hunter2abc" https://h`,
	`Authorization: Bearer hunter2abc`,
	`authorization: Digest username="hunter", realm="x", nonce="hunter"`,
	`Cookie: a=hunter2; b=hunter3`,
	`Set-Cookie: sid=hunter2; Path=/; HttpOnly`,
	`set-cookie: connect.sid=s%3Ahunter2.abc; Path=/`,
	`X-Auth-Token: hunter2`,
	`x-amz-security-token: hunter2`,
	`mysql --password=hunter2 -h x`,
	`export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIhunterK7MDENG`,
	`aws_secret_access_key = wJalrhunterEMI/K7MDENG`,
	`AccountKey=hunter2hunter2==;EndpointSuffix=core.windows.net`,
	`SharedAccessSignature sv=2020&sig=hunter2hunter2%3D&se=2030`,
	`https://h/x?sig=hunter2abc%3D&sv=2`,
	`https://h/cb#access_token=hunter2&state=1`,
	`password is hunter2`,
	`the API key is hunter2abc`,
	`API key: hunter2abc`,
	`secret access key: hunter2`,
	`my password was hunter2.`,
	`ALTER USER bob WITH PASSWORD 'hunter2'`,
	`CREATE USER x IDENTIFIED BY 'hunter2'`,
	`UPDATE users SET password='hunter2' WHERE id=1`,
	`<password>hunter2</password>`,
	`<user password="hunter2" lap="7"/>`,
	"password:\n  hunter2",
	`{"m":"{\"password\":\"hunter2\""}`,
	`{"m":"x {\"password\":\"hunter2\"} y"}`,
	`{"m":"x {\\\"password\\\":\\\"hunter2\\\"} y"}`,
	`{\"password\":\"hunter2\"}`,
	`{\\\"password\\\":\\\"hunter2\\\"}`,
	`"password":"hunter2"`,
	`{"password":hunter2}`,
	`{"password":"hunter2"`,
	`{"a":1,"password":"hunter2`,
	`{"a":1,"password":{"x":hunter2}}`,
	`{"pass word":"hunter2"}`,
	`{"password ":"hunter2"}`,
	`{"user[password]":"hunter2"}`,
	`user[password]=hunter2&user[name]=bob`,
	`{"ＰＡＳＳＷＯＲＤ":"hunter2"}`,
	"{\"pass\u200bword\":\"hunter2\"}",
	`ｐａｓｓｗｏｒｄ=hunter2`,
	`pаssword=hunter2`,
	`{"PASSWORD1":"hunter2","password_2":"hunter2"}`,
	`{"myPASSWORD":"hunter2","APIKeys":["hunter2"],"JWTs":"hunter2"}`,
	`{"password":"hunter2","password":"hunter3"}`,
	`["password","hunter2"]`,
	`{"body":"password=hunter2&user=bob"}`,
	`msg="login failed" password="hunter2 \"hunter3\" x" lap=7`,
	`password="unterminated hunter2`,
	"password='hunter2\nnext line",
	`db_password:hunter2`,
	`DB_PASSWORD:hunter2`,
	`token=hunter2`,
	`Token: hunter2abc`,
	`token: hunter2abc expired`,
	`token 'hunter2abc' rejected`,
	`invalid token hunter2abc1234567`,
	`jwt malformed: eyJhbGciOiJIUzI1NiJ9.eyJodW50ZXIiOjF9.huntersig`,
	`Bearer hunter2abc, next`,
	`bearer%20hunter2abc`,
	`{"authorization":"Bearer hunter2"}`,
	`email=hunter@example.com`,
	`hunter.x+tag@ex-ample.co.uk wrote`,
	`hunter%40example.com`,
	`mailto:hunter@example.com`,
	`hunter@münchen.de`,
	`passphrase: hunter horse battery`,
	`socket.io?EIO=4&sid=abcdHUNTER12345678`,
	`http://h/socket.io/?token=hunter2&EIO=4`,
	`"-----BEGIN PRIVATE KEY-----\nhunterAAAAAAAAAAAAAAAAA\nhunterB==\n-----END PRIVATE KEY-----\n"`,
	`-----BEGIN OPENSSH PRIVATE KEY----- hunterAAAAAAAAAAAAAAAAAAAAAAA hunterB== -----END OPENSSH PRIVATE KEY----- rest`,
	`-----BEGIN PRIVATE KEY-----\\nhunterAAAAAAAAAAAAAAAAAAAAA\\nhunterBBBBBBBBBBBBBBBBBBBBBBBBB`,
	`{"__proto__":{"password":"hunter2"}}`,
	`[removed-x]password=hunter2`,
	`password=[removed-jwt]hunter2`,
	`x{password="hunter2"} 1`,
	`x{a="b",password="hunter2",c="d"} 1 # {token="hunter2"} 1`,
	`x{password="hunter2" 1`,
	`x{a="password=hunter2"} NaN`,
}

func TestAttacks(t *testing.T) {
	r := redactor(t)
	for _, in := range attacks {
		got := apply(t, r, in, redact.Auto)
		if strings.Contains(strings.ToLower(got), "hunter") {
			t.Errorf("%q leaves %q", in, got)
		}
		if again := apply(t, r, got, redact.Auto); again != got {
			t.Errorf("%q: once %q, twice %q", in, got, again)
		}
	}
}

// stays are texts that look like a credential's carrier and are none.
var stays = []string{
	`Unexpected token '}' in JSON at position 7`,
	`Unexpected token 'hello' at 3`,
	`TokenExpiredError: jwt expired`,
	`JsonWebTokenError: invalid signature`,
	`password must be at least 8 characters`,
	`password: must be at least 8 characters`,
	`the password is wrong`,
	`auth: user logged in`,
	`--password flag is required`,
	`password=${DB_PASSWORD} token={{ .token }} secret=<secret> pass=***`,
	`tokens_total=5 auth_failures: 12 password_length=9`,
	`image nginx:1.25@sha256:0123456789abcdef`,
	`https://registry.example/@scope/pkg and https://h:3001/a@b`,
	`user agent Chrome/120.0.0.0 on Windows 10.0.19041.1`,
	`std::string a::b 12:34:56 aa:bb:cc:dd:ee:ff:00 fe80::1 fc00::1`,
	`session timeout 30000ms, user 2026-11-24 driver config.json`,
	`map[lap:7 track:Spa] {Lap:7}`,
	`{"keyboard":"de","publicKey":"k","sortKey":"s","author":{"name":"x"}}`,
	`{"name":"lap","value":7,"labels":{"le":"0.5"}}`,
	`{"grant":["password","refresh_token"],"scopes":["a","token"]}`,
	`-----BEGIN PUBLIC KEY-----` + "\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n" + `-----END PUBLIC KEY-----`,
	`x_bucket{le="+Inf"} 7 1795424857257`,
	`# TYPE password_resets counter`,
}

func TestLooksLikeAttackAndStays(t *testing.T) {
	r := redactor(t)
	for _, in := range stays {
		if got := apply(t, r, in, redact.Auto); got != in {
			t.Errorf("%q became %q", in, got)
		}
	}
}

// large are inputs beyond every window. Whatever the chunks, the output is the same, no hunter is left,
// and the time is that of a linear pass. open: only the time and the chunks are judged.
func large() []largeCase {
	return []largeCase{
		{"string beyond a window", `{"a":"` + strings.Repeat(`password=hunter2 x\n`, 100_000) + `","b":{"password":"hunter2"}}`, false},
		{"credential of 2 MB", `{"password":"` + strings.Repeat("hunter2", 300_000) + `","b":1}`, false},
		{"object of 2 MB", `{"password":{"a":"` + strings.Repeat("hunter2", 300_000) + `"},"b":1}`, false},
		{"id of 2 MB", `{"sessionId":"` + strings.Repeat("hunter2", 300_000) + `","b":1}`, false},
		{"one line", strings.Repeat("x=1&password=hunter2&", 200_000), false},
		{"pairs, the value first", `[` + strings.Repeat(`{"v":1,"value":"hunter2","name":"password"},`, 50_000) + `1]`, false},
		{"blanks inside", `{"a":1` + strings.Repeat(" ", 3<<20) + `,"password":"hunter2"}`, false},
		{"PEM beyond a window", "x\n-----BEGIN RSA PRIVATE KEY-----\n" + strings.Repeat("hunter2"+strings.Repeat("A", 57)+"\n", 5000) + "-----END RSA PRIVATE KEY-----\nafter", false},
		{"name far before its value", `{"name":"password","pad":"` + strings.Repeat("y", 400<<10) + `","value":"hunter2"}`, false},
		{"value far before its name", `{"value":"hunter2","pad":"` + strings.Repeat("y", 100<<10) + `","name":"password"}`, false},
		{"deep", strings.Repeat(`{"a":[`, 7000) + `{"password":"hunter2"}` + strings.Repeat(`]}`, 7000), false},
		{"cut string", `{"message":"` + strings.Repeat("password=hunter2 ", 100_000), false},
		{"eyJ", strings.Repeat("eyJ", 400_000), true},
		{"brackets", strings.Repeat("password=[", 100_000), true},
		{"quotes", strings.Repeat("password='", 100_000), true},
		{"braces", strings.Repeat(`{"`, 100_000), true},
		{"URLs", strings.Repeat("://", 300_000), true},
		{"URLs with an @", strings.Repeat("://x:", 200_000) + "@", true},
		{"@", strings.Repeat("a:b@", 200_000), true},
		{"elements", strings.Repeat("<password>", 100_000), true},
		{"BEGIN", strings.Repeat("-----BEGIN ", 100_000), true},
		{"percent", strings.Repeat("%70%", 80_000), true},
		{"entities", strings.Repeat("&#61;&amp;", 40_000), true},
		{"escapes", strings.Repeat(`\\u0061\\x61`, 40_000), true},
		{"base64", strings.Repeat("QUFBQUFBQUFBQUFB/", 40_000), true},
		{"base64 of base64", strings.Repeat("VVVGQlFVRkJRVUZCUVVGQlFVRkI+", 24_000), true},
		{"hex", strings.Repeat("41414141414141414141414141414141-", 20_000), true},
		{"VALUES", strings.Repeat("(a, password) VALUES (b, '", 20_000), true},
		{"values", strings.Repeat("value=(", 40_000), true},
		{"names and values", strings.Repeat("name=x value=y ", 40_000), true},
		{"lines in quotes", strings.Repeat("password=\"\n", 40_000), true},
		{"blocks", strings.Repeat("password: |\n ", 40_000), true},
		{"lists", strings.Repeat("password:\n - ", 40_000), true},
		{"told", strings.Repeat("password for the ", 40_000), true},
		{"behind names", strings.Repeat("password a1b2c3d4/", 40_000), true},
		{"form parts", strings.Repeat("form-data; name=\"password\"\n\n", 20_000), true},
		{"flags", strings.Repeat("mysql -p", 40_000), true},
		{"paths", strings.Repeat("/password/a1b2c3", 40_000), true},
		{"hashes", strings.Repeat("$2b$", 80_000), true},
		{"open documents", strings.Repeat(`[{"a":`, 100_000), true},
	}
}

type largeCase struct {
	name, in string
	open     bool
}

func TestLarge(t *testing.T) {
	r := redactor(t)
	for _, l := range large() {
		begin := cpuTime() // not the time of day: the machine may be busy with other things
		whole := apply(t, r, l.in, redact.Auto)
		if took := cpuTime() - begin; took > 10*time.Second {
			t.Errorf("%s: %d bytes took %v", l.name, len(l.in), took)
		}
		if strings.Contains(whole, "hunter") && !l.open {
			t.Errorf("%s: hunter is left", l.name)
		}
		for _, size := range []int{10_007, 1 << 20} {
			var out bytes.Buffer
			if err := r.Copy(&out, &chunks{b: []byte(l.in), next: func() int { return size }}, redact.Auto, nil); err != nil || out.String() != whole {
				t.Errorf("%s: chunks of %d give %d bytes, the whole %d, %v", l.name, size, out.Len(), len(whole), err)
			}
		}
	}
}

// A line of 100 MB and a JSON string of 100 MB go through in a few MiB.
func TestCopyIsBounded(t *testing.T) {
	r := redactor(t)
	for _, open := range []string{"", `{"a":"`, `["x",` + strings.Repeat(" ", 100)} {
		in := &endless{head: open, unit: "lap 7 of 12 password=hunter2 ", left: 100 << 20}
		runtime.GC()
		var before runtime.MemStats
		runtime.ReadMemStats(&before)
		out := counter{floor: before.HeapAlloc}
		if err := r.Copy(&out, in, redact.Auto, nil); err != nil || out.n < 90<<20 || out.hunters > 0 {
			t.Errorf("%q: %d bytes, %d leaks, %v", open, out.n, out.hunters, err)
		}
		if out.peak > maxHeld {
			t.Errorf("%q: %d MiB were held", open, out.peak>>20)
		}
	}
}

// maxHeld is how much Copy may hold, with what its buffers grow through.
const maxHeld = 24 << 20

type endless struct {
	head, unit string
	left, at   int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.head != "" {
		n := copy(p, e.head)
		e.head = e.head[n:]
		return n, nil
	}
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) && e.left > 0 {
		k := copy(p[n:min(len(p), n+e.left)], e.unit[e.at:])
		e.at = (e.at + k) % len(e.unit)
		n, e.left = n+k, e.left-k
	}
	return n, nil
}

// counter counts what is written and looks at the heap now and then.
type counter struct {
	n, hunters, writes int
	floor, peak        uint64
}

func (c *counter) Write(p []byte) (int, error) {
	c.n += len(p)
	c.hunters += bytes.Count(p, []byte("hunter"))
	if c.writes++; c.writes%100 == 0 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if m.HeapAlloc > c.floor+maxHeld { // part of it may be garbage
			runtime.GC()
			runtime.ReadMemStats(&m)
		}
		c.peak = max(c.peak, m.HeapAlloc-min(c.floor, m.HeapAlloc))
	}
	return len(p), nil
}

// A value that two matchers take, one of them the one that reads ahead (SQL's VALUES), is taken once.
func TestWhatIsTakenAheadIsTakenOnce(t *testing.T) {
	for _, text := range []string{"(pass)VALUES(,&apos;)cookie</key><g>m</", "(,password)VALUES(&#9;)Credential=I", "(,password)VALUES(&apos;)<Secret>><",
		"(pass,word)VALUES('hunter2,password=hunter3)</password>"} {
		out, err := redact.Append(nil, []byte(text))
		if err != nil || strings.Contains(string(out), "hunter") {
			t.Errorf("%q: %q, %v", text, out, err)
		}
	}
}
