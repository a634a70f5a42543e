package verify_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"html"
	"net/url"
	"strings"
	"testing"
)

// zipped gives the base64 of a text behind gzip.
func zipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func deflated(s string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return base64.RawURLEncoding.EncodeToString(b.Bytes())
}

type carriedGroup struct {
	group      string
	find, pass []string
}

// Texts as people, shells, databases and languages write them, with the near misses of each group.
// Nothing of a group's second list may be found, something of each text of its first must be.
var carried = []carriedGroup{
	{"command lines",
		[]string{"mysql -uroot -pHunter2x shop", "mysqldump --single-transaction -u root -pHunter2x db", "sshpass -p hunter ssh bob@10.0.0.1", "/usr/bin/mysql -h db -pTr0ub4dor",
			"redis-cli -h cache -a hunter2x ping", "curl -u bob:hunter2x https://api.internal/x", "curl --user bob:hunter https://api.internal/", "docker login -u bob -p hunter2x registry.internal",
			"ldapsearch -x -D cn=admin -w hunter2x", "mongosh --host h -u bob -p hunter2x", "openssl rsa -passin pass:hunter2x -in k", "smbclient //h/share -U bob%hunter2x",
			"PGPASSWORD=hunter psql -h db", "wget --http-password hunter2x http://h/x", "curl -H 'X-Api-Key: abc123def' https://h", "MYSQL_PWD=hunter2 mysqldump x", "sqlcmd -S h -U sa -P Hunter2x!"},
		[]string{"mysql -p shop", "mysql -P 3306 -h db", "ssh -p 2222 bob-host", "mkdir -p build/out", "curl -u", "tar -pxzf a.tgz", "mysql --protocol tcp", "psql -p 5432 -U bob", "redis-cli -a",
			"docker run -p 8080:80 -u 1000:1000 image", "nmap -p1-1024 host", "cp -pr a b", "mysqladmin --port=3306 status"}},
	{"without separator",
		[]string{"ALTER USER bob PASSWORD Hunter2x", "CREATE USER 'bob'@'%' IDENTIFIED BY 'hunter'", `CREATE ROLE bob LOGIN PASSWORD 'hunter';`, "IDENTIFIED WITH mysql_native_password BY 'hunter'",
			"ALTER ROLE bob WITH ENCRYPTED PASSWORD 'hunter'", "AUTH default Hunter2x9", "requirepass hunter2x", "the password Tr0ub4dor3 was refused", "PASS hunter2x", "set password for bob = 'hunter'",
			"Password for user bob: Hunter2x", "Enter password for 'https://h.internal': hunter2x", "password changed to Hunter2x", "password changed from Old3pass to Hunter2x", "the new password is: hunter2x",
			"token 8fa31bc90d refused", "secret \"hunter2x\" refused", "password (hunter2x) refused", "password [hunter2x] refused"},
		[]string{"PASSWORD is wrong", "IDENTIFIED BY the owner", "Password for user bob: incorrect", "password for user bob is required", "token 17 of 20", "Unexpected token 'export'", "password 3 of 5",
			"pass 2 done", "using password: YES", "passed 12 of 14 tests", "AUTH failed", "auth 2.0", "the password field is empty", "password policy v2", "secret santa", "OAuth2 token endpoint",
			"token bucket 12ms", "Unexpected token } in JSON", "auth service10 is down"}},
	{"next line",
		[]string{"password: |\n  hunter2x\n", "password: >-\n  hunter2x", "password:\n  hunter2x", "Password:\nHunter2x", "password = \"first line\nhunter2xyz\"", "password: \"\n  Hunter2x\n\"", "secret:\n    - Hunter2x9"},
		[]string{"password:\n  description: text of it", "password:\nrequired", "token:\n  type: string\n  length: 12", "secrets:\n  - name: db"}},
	{"e-mail",
		[]string{"mail user (at) example.com", "user [at] example [dot] com", "user(at)example.com", "bob.smith at example dot com", "mailto:bob@example.com", "Bob <bob@example.com>", "bob%40example.com",
			"bob&#64;example.com", "bob\\u0040example.com", "b\u00f6b@ex\u00e4mple.com", "bob@xn--exmple-cua.com", "bob+tag@mail.example.co.uk", "\"bob smith\"@example.com", "bob＠example.com"},
		[]string{"look (at) example", "error at example.js:12", "at Object.run (a.js:1:2)", "look at socket.io for this", "at dist.index.js", "listening at localhost", "at node:internal/x dot", "x@2.0.0", "at main.go", "started at example.internal"}},
	{"aws",
		[]string{"AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY,AKIAIOSFODNN7EXAMPLE"},
		[]string{"4c236fe1b2a39d8e7f605142332415069788a9bc", "AKIA"}},
	{"encodings",
		[]string{url.QueryEscape(`{"password":"hunter"}`), url.QueryEscape(url.QueryEscape(`{"password":"hunter"}`)), html.EscapeString(`{"password":"hunter"}`), "pass&#119;ord=hunter2x", "password&#x3d;hunter2x",
			"body " + b64(`{"user":"bob","password":"hunter"}`), base64.RawURLEncoding.EncodeToString([]byte(`{"a":"?>","password":"hunter"}`)), hex.EncodeToString([]byte(`{"password":"hunter"}`)),
			zipped(`{"password":"hunter"}`), zipped(strings.Repeat("harmless ", 90) + "password=hunter2x"), deflated(`{"password":"hunter"}`), hex.EncodeToString([]byte("PASSWORD=hunter2x")),
			b64(zipped("password=hunter2x")), "p%61ssword%3Dhunter2x", "password=%68unter", `password\u003dhunter2x`, `password\x3dhunter2x`, `password\075hunter2x`, "password=3Dhunter2x=20ok",
			b64("p\x00a\x00s\x00s\x00w\x00o\x00r\x00d\x00=\x00h\x00u\x00n\x00t\x00e\x00r\x002\x00"), "data:text/plain;base64," + b64("password=hunter2x"), "p\u200bassword=hunter2x", "password\u200b=hunter2x", "pass\u00adword: hunter2x"},
		[]string{url.QueryEscape(`{"surname":"hunter"}`), html.EscapeString(`{"surname":"hunter"}`), b64(`{"user":"bob","surname":"hunter"}`), zipped(`{"surname":"hunter"}`), "50%2B", "a&amp;b", zipped(strings.Repeat("harmless ", 90))}},
	{"paths",
		[]string{"GET /api/token/8f3kd92mdk3 200", "https://h/reset-password/Zx81kk29dfg", "/v1/secret/abc123def456", "https://h/invite?next=%2Ftoken%2F8f3kd92mdk3", "https://h/a;token=abc123?x=1", "https://h/#access_token=abc123def", "https://h/cb?code=1&next=https%3A%2F%2Fi%2F%3Ftoken%3Dhunter2"},
		[]string{"/token/refresh", "/srv/app/token/index.js", "/api/auth/token?x=1", "/var/run/secrets/kubernetes.io/serviceaccount", "/secrets/v2", "/auth/login2", "/token/v1.2.3/", "/passwords/new", "node_modules/jsonwebtoken/lib/x64"}},
	{"opaque",
		[]string{"data:image/png;base64," + b64("password=hunter2x, and so on and on and on"), "-----BEGIN CERTIFICATE-----\n" + b64("password=hunter2x, and so on and on and on"), "-----BEGIN CERTIFICATE-----\n0vWsToken/8f3kd92mdk3xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n" + b64("password=hunter2x, and so on"), "-----BEGIN PUBLIC KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
			"data:image/png;base64,iVBORw0KGgoPwd/x81kk29dfgZZtoken/8f3kd92mdk3xY0q1 password=hunter2x"},
		[]string{"data:image/png;base64,iVBORw0KGgoPwd/x81kk29dfgZZtoken/8f3kd92mdk3xY0q1", "-----BEGIN CERTIFICATE-----\n0vWsToken/8f3kd92mdk3xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\nkuC32Gpwd/8f3kd92mdk3GyyyyyyyyyyyyyyyYPqSlcs\n-----END CERTIFICATE-----"}},
	{"methods",
		[]string{`{"token_type":"x91Kf02m"}`, `{"auth":"abc123"}`},
		[]string{`{"token_type":"Bearer"}`, `{"authMethod":"jwt"}`, `{"auth_mode":"basic"}`, `{"authScheme":"none"}`, `{"pin":12}`, `{"auth":true}`, "token_type=bearer", `{"tokens":4096,"max_tokens":8192}`}},
	{"sql",
		[]string{"INSERT INTO users (name, password) VALUES ('bob', 'hunter')", "insert into t(id,`api_key`,x) values (1, 'hunter', 2), (2,'other',3)", `INSERT INTO "u" ("a","Password") VALUES ($1, 'hunter')`, "UPDATE users SET password = 'hunter' WHERE id=1", "WHERE password='hunter'"},
		[]string{"INSERT INTO users (name, password) VALUES ($1, $2)", "INSERT INTO users (name, surname) VALUES ('bob', 'hunter')", "INSERT INTO users (name, password) VALUES (?, ?)", "values ('a','b')", "SELECT password FROM users WHERE id = 1"}},
	{"xml",
		[]string{"<password>hunter</password>", `<password type="plain">hunter</password>`, `<user name="bob" password="hunter"/>`, `<param name="password" value="hunter"/>`, `<add key="DbPassword" value="hunter"/>`, `<add value="hunter" key="DbPassword"/>`,
			`<string name="password">hunter</string>`, `<entry key="password">hunter</entry>`, "<key>password</key><string>hunter</string>", "<ns:Password>hunter</ns:Password>", "<password><![CDATA[hunter2]]></password>", "<password>\n  hunter2x\n</password>"},
		[]string{"<password></password>", "<password/>", `<param name="surname" value="hunter"/>`, `<input type="password" id="p">`, "<password>[removed-x]</password>", "<tokens>12</tokens>"}},
	{"pairs",
		[]string{`[{"name":"password","value":"hunter"}]`, `{"value":"hunter","name":"password"}`, `{"k":"password","v":"hunter"}`, `["password","Hunter2x"]`, `[["password","Hunter2x"]]`, `{"key":"pin","value":4711}`, `{"name":"password","value":["hunter"]}`, `{"field":"password","old":"hunter","new":"hunter7"}`,
			"name=password value=hunter", "{name: 'password', value: 'hunter'}", "{Name:password Value:hunter}", "value='hunter' name='password'", `{"header":["X-Api-Key","abc123def"]}`, `(b'Authorization', b'hunter2x')`, `('password', 'hunter2x')`},
		[]string{`[{"name":"surname","value":"hunter"}]`, `{"name":"password","value":""}`, `{"k":"password","v":"[removed-x]"}`, `["surname","Hunter2x"]`, "name=password type=string", `{"name":"password","required":true}`, `["tokens","total"]`}},
	{"printed structures",
		[]string{"map[password:hunter user:bob]", "{User:bob Password:hunter}", "&{Password:hunter2x}", `Config{Password:"hunter"}`, "{'user': 'bob', 'password': 'hunter'}", "Config(password='hunter')", "{ password: 'hunter' }", "{password: [ 'hunter' ]}", "password => hunter2x", `:password=>"hunter"`,
			`[password] => hunter2x`, "map[password:[hunter2x]]", `map[string]string{"password":"hunter"}`, "Password: \"hunter\"", "password=b'hunter'", "password: u'hunter'", "User(name=bob, password=hunter)", `{"password", "hunter2x"}`, `password := "hunter"`, "$password = 'hunter';", "'password' => 'hunter'", "password\thunter2x"},
		[]string{"map[surname:hunter user:bob]", "{Password: User:bob}", "Config{Password:\"\"}", "{'password': None}", "{password: undefined}", "{ password: [Function] }", "{ token: [Object] }", "password := os.Getenv(x)", "password: string", "(password string, n int)", "map[password:[removed-x]]", "password: req.body.password"}},
	{"files",
		[]string{"machine h.internal login bob password hunter", "root:$6$abcdefgh$0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ./0123456789abcdefghij:19000:0:99999:7:::", "$2b$12$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234", "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b27WA",
			"{SSHA}0123456789abcdefghijABCDEFGHIJ==", "pbkdf2_sha256$260000$abcdefgh$0123456789abcdefABCDEFGHIJKLMNOPQRSTUVWXYZ0=", "db:5432:app:bob:Hunter2x9", "//registry.npmjs.org/:_authToken=hunter2x", "_auth=aHVudGVyMng6eHg=", "bob:{SHA}0123456789abcdefghijABCDEFG=", "$apr1$abcdefgh$0123456789abcdefghijkl"},
		[]string{"machine learning login page", "cost $5 and $6 today", "$1$", "a$b$c", "{SHA}", "host:5432:app:bob"}},
	{"arrows and calls",
		[]string{"password -> Hunter2x", "secret → SgiFAPNLxARLoxoIWRYMzDnu", "client.setApiKey('u95MjmBBBnWfqJrwcV6tOYHh')", `if (token === "Lj3sKlafnj9FmwdGkSgdl2c1") {`, "api_key==ypTfNG3aSTorcJuSnT8ba9", "password: str = \"hunter2x\"",
			"var accessToken string = \"qXc7cKssMpww4kip\"", "C: AUTH PLAIN AHJlbGF5Ag2dSu/6/g+dsjCU", "\x1b[36mpassword\x1b[0m=hunter2x", "\x1b[31msk_test_planted003\x1b[0m", "Secret: DnEC}7YV8bZl9#", "keytool -list -keystore a.jks -storepass tangerine4", "userPassword:: X1DowOazU2g7snW+QNF6A/up", "ConvertTo-SecureString \"jigsaw0\" -AsPlainText", "aws configure set aws_secret_access_key eA7Li1SJ1H0/2Hbe6s0F+omI2+wbH93ZzcAqB36g",
			"https://h/v2/series?key=5f224dfbd80545c6894e9b7ba6fcb9b9&from=1", "https://h/v2/series?key=600e7e2296a17d9166bd4b01617e9e77&from=1", "PRIVATE-TOKEN: -LVKmAgCkCAz5nalO8LW"},
		[]string{"password -> required", "token → expired", "client.setApiKey(key)", "if (token === undefined) {", "token==expected", "password: str = None", "AUTH PLAIN required", "Secrets::load of a thing", "password::text", "https://h/series?key=lap_12&x=1", "relay_tokens_issued_total relay_tokens_refused_total", "a session_token relay_frames_dropped_total", "non-existent secret Message7:deadlock detected", "--max-tokens 4096 x", "a max_tokens=64\x1b[0m", "--token --verbose", "setToken('next')"}},
	{"people",
		[]string{"mac:3c:13:2f:45:22:25", "F0-5A-03-4F-3B-31", "switch 002b.c194.9776", "/home/maria/x.json", "file:///home/maria-rossini/x", `C:\Users\oliver\relay`, "/Users/alice/src", "phone: +49 151 18815934", "MobileNumber:(555) 355-4085", "email: maria.rossini"},
		[]string{"00:00:00:00:00:00", "FF:FF:FF:FF:FF:FF", "/home/node/app", "/srv/home/x.js", "12:30:45:11:22:33:44", "phone: none", "phone: 12", "email: required", "email: user.email", "1234.5678.9012"}},
	{"forms of vendors",
		[]string{"sha256~6zeFriX3badWZnJXUGaRYXF8_jsJKoq-MvARBzwVmuZ", "patLdpgAueRBylYTz.4399995c18c1c11afd490e86ba60303e2d515a26b6111cef46347197ad077856", "SKe548b8c13d080a862b950d6f92d19c70", "1//0WaTewBl5fA0nzVcF3-7MkEvtrxecjqaqcTy1LHKds1BnTSw",
			"YZi8Q~cn4oKcX66BtIuzhGUCYvmWxEZzNkQnjekL", "MLURDeaNTGqDvmqy4IQqwJU7.U5kRa0.m8UKvwkKjkCvtmjZnSC99sabiPE", "9f476f90e75b8bd211999a1a159d8fff-us39", "7d470755e1179fc5c288ddf6a2673615-43d31fde-7cd41a65", "https://hooks.slack.com/workflows/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",
			"https://api.telegram.org/bot6074991499:AA5ZGtLCpNY5qpLiIvXps5yLLd4HlMSL9zl/sendMessage", "XXqgs0Sf00L3T4.atlasv1.9ybJBM9DNbVSzpBeR5iV32KZq3n0XIKDqX3uWhnaCymoBd6f"},
		[]string{"sha256~abc", "SKU446699850", "1//0", "a-us39", "https://hooks.slack.com/workflows", "4c236fe1b2a39d8e7f605142332415069788a9bc-43d31fde"}},
	{"pem",
		[]string{`-----BEGIN PRIVATE KEY-----\nMIIEvQ`, `-----BEGIN RSA PRIVATE KEY-----\\nMIIE`, "-----BEGIN EC PRIVATE KEY----- MHcCAQEE", b64("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq"), "xyzabc\n-----END RSA PRIVATE KEY-----", "PuTTY-User-Key-File-2: ssh-rsa", "-----BEGIN PRIVATE", "-----BEGIN+PRIVATE+KEY-----"},
		[]string{"-----BEGIN CERTIFICATE-----\\nMIIDdz", "-----END PUBLIC KEY-----", "-----BEGIN RSA PUBLIC KEY-----", "-----BEGIN CERTIFICATE REQUEST-----", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7", "-----BEGIN PUBLIC KEY-----\nmSxj3pwdZbO31FOo9mzicLc/quv27OZ1wQ7dX82R5WiKNh3\n-----END PUBLIC KEY-----"}},
	{"cards",
		[]string{"charged 4111111111111111", "4111-1111-1111-1111", "3782 822463 10005", "378282246310005 declined", "5555.5555.5555.4444", "card=6011111111111117", "pan 4111 1111 1111 1111 x", "4111\u00a01111\u00a01111\u00a01111"},
		[]string{"4111111111111112", "1795424857257", "seq 1795424857257123", "7777777777777777", "0000000000000000", "6.011111111111117"}},
	{"addresses",
		[]string{"http://81.93.237.231/x", "[2a02:8d7f:97df::a36d]:443", "::ffff:81.93.237.231", "/ip/81.93.237.231", "db.internal/81.93.237.231:5432", "0x515DEDE7 as 0x51.0x5d.0xed.0xe7", "http://1365111271/", "ec2-81-93-237-231.compute-1.amazonaws.com", "81[.]93[.]237[.]231",
			"81.237.93.81.in-addr.arpa", "081.093.237.231", "81.93.237.231/32", "x-forwarded-for: 81.93.237.231, 10.0.0.1", "2A02:8D7F:97DF:0:0:0:0:A36D", "2a02:8d7f:97df::a36d%eth0", "2a02-8d7f-97df--a36d.ipv6-literal.net", "http://0x515DEDE7/", "peer=81.93.237.231;", "81.93.237.231_443", "64:ff9b::81.93.237.231"},
		[]string{"http://2130706433/", "ip-10-0-0-1.ec2.internal", "10[.]0[.]0[.]1", "1.0.0.127.in-addr.arpa", "0x7f.0.0.1", "Chrome/120.0.0.0", "v1.2.3.4", "Firefox/8.8.8.8 x", "version 8.8.8.8", "2026-11-23", "12:30:45:11", "1.2.3.4.5.6", "aa:bb:cc", "sha256:aa::bb x", "::", "fd00::1", "fe80::1%eth0", "Edg/8.8.8.8", "build 10.0.19041.1", "OID 1.3.6.1.4.1.311"}},
	{"connection strings",
		[]string{"mongodb://bob:hunter@h1:27017,h2:27017/db?replicaSet=r", "redis://:hunter@cache:6379/0", "bob:hunter2x@tcp(db:3306)/shop", "bob:hunter@tcp(10.0.0.1:3306)/shop", "host=db user=bob password=hunter dbname=x", "Server=db;User Id=sa;Password=hunter;", "Data Source=db;Pwd=hunter;Uid=sa",
			"jdbc:oracle:thin:scott/tiger7@//db:1521/x", "jdbc:mysql://db/x?user=bob&password=hunter", "jdbc:sqlserver://db;user=sa;password=hunter", "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ==;", "Endpoint=sb://x/;SharedAccessKeyName=R;SharedAccessKey=abc+def/123=",
			"amqp://bob:p@ss@mq/v", "postgres://bob:p:w/x@db/x", "postgresql://bob:hunter@/db?host=/var/run", "mysql+pymysql://bob:hunter@db/x", "https://0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/2", "ftp://bob:hunter@10.0.0.1", "postgres://bob:p%40ss@db/x", "bob:hunter2x@unix(/tmp/mysql.sock)/x", "ldap://cn=admin:hunter@h"},
		[]string{"mongodb://h1:27017,h2:27017/db", "redis://cache:6379/0", "tcp(db:3306)/shop", "host=db user=bob dbname=x", "Server=db;Trusted_Connection=True;", "jdbc:oracle:thin:@//db:1521/x", "DefaultEndpointsProtocol=https;AccountName=x", "postgres://[removed-userinfo]@db/x", "mysql://db/x?user=bob"}},
	{"jwt",
		[]string{"eyJhbGciOiJub25lIn0.eyJzdWIiOiJib2IifQ.", "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.OKOawDo13gRp2ojaHV7L.48V1_ALb6US04U3b.5eym8TW_c8SuK0lt.XFBoMYUZodetZdvT", base64.RawURLEncoding.EncodeToString([]byte(`{ "typ" : "JWT", "alg" : "HS256" }`)) + ".eyJzdWIiOiJib2IifQ.c2lnbmF0dXJl", base64.RawURLEncoding.EncodeToString([]byte("{\r\n\"alg\":\"HS256\"}")) + ".eyJzdWIiOiJib2IifQ.c2lnbmF0dXJl", "x_eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib2IifQ.c2lnbmF0dXJl"},
		[]string{"eyJub3QiOiJhIGp3dCJ9", "a.b.c", "socket.io.dist"}},
	{"schemes",
		[]string{"Authorization: ApiKey abc123def", "Authorization: Digest username=\"bob\", response=\"0123456789abcdef\"", "Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, Signature=0123456789abcdef0123", "Cookie: sid=abc123def; theme=dark", "Set-Cookie: sid=abc123def; Path=/; HttpOnly",
			"Sec-WebSocket-Protocol: bearer, abc123def456", "X-Auth-Token: abc", "X-Vault-Token: s.abcdef0123456789", "proxy-authorization: Basic Ym9iOmh1bnRlcg==", "auth: Bearer abc123.def456", "Authorization: Token abc123def", "Authorization: abc123def", "bearer_token=abc123", "Ocp-Apim-Subscription-Key: abc123def", "authorization: Negotiate YIIabc123def456", "curl -b 'sid=abc123def' h"},
		[]string{"Authorization: Bearer", "Set-Cookie: ", "Cookie: ", "Authorization: none", "Authorization header missing", "WWW-Authenticate: Basic realm=\"x\"", "bearer authentication", "Access-Control-Allow-Headers: Authorization, Content-Type, Cookie", "Vary: Authorization", "cookie: [removed-cookie]; Path=/; HttpOnly"}},
}

func TestCarried(t *testing.T) { scanCarried(t, carried) }

func scanCarried(t *testing.T, rows []carriedGroup) {
	t.Helper()
	d := detector()
	for _, row := range rows {
		for name, carry := range carriers {
			for _, s := range row.find {
				if got := d.Scan([]byte(carry(s))); len(got) == 0 {
					t.Errorf("%s, %s: %q passed", row.group, name, s)
				}
			}
			for _, s := range row.pass {
				if got := d.Scan([]byte(carry(s))); len(got) > 0 {
					t.Errorf("%s, %s: %q must pass, gave %v", row.group, name, s, got)
				}
			}
		}
	}
}
