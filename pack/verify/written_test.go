package verify_test

import (
	"encoding/base64"
	"strings"
	"testing"
)

// Shapes that public tools test themselves with: how programs, shells and people write a value, each group with what
// looks like it and stands for a value, or fills its place.
var written = []carriedGroup{
	{"references",
		[]string{"password=$ecret7xq", "password = config.hunter2", `password = decrypt("hunter2x")`, "password=$PW7x", "password: $Hunterpw", `password = race.hunter2`, "pw: password=%hunter2%", `password = load("hunter2x").text`},
		[]string{"password=${PW} key=value", "password: ${link}", "password = $password", "api_key: $API_KEY", "PASSWORD=$(cat /run/lap/pw)", "password = config.password", "apiKey: this.apiKey,", "db_password = var.db_password",
			"token = process.env.RELAY_TOKEN", "password = request.body['lap']", `$pwd = $_POST["lap"];`, "password = getLapPassword()", `password = os.environ["RELAY_PASS"]`, `password = os.Getenv("RELAY_PASS")`,
			"set PASSWORD=%RELAY_PASS%", "password: #{lap.word}", "password={0}", "password: [PASSWORD]", "password=######", "password=%s", "DB_PASSWORD=${DB_PASS_2}", "A_KEY_TOKEN=\nB_KEY_TOKEN=", "bad token:\n2026-01-02"}},
	{"filled space",
		[]string{"ghp_aXaaXaaaaaXaaaaaaaaaaaaXaaaaaaaaabQa", "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", "xoxb-123456789-abcdefGH"},
		[]string{"ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "glpat-XXXXXXXXXXXXXXXXXXXX", "Authorization: Bearer XXXXXXXXXXXX", "hf_requiredCharacteristicTypesForRaceMetadata", "xoxb-lap-of-the-race", "see github.com/xoxa-lap/xoxa-lap.github.io"}},
	{"operators",
		[]string{"DEPLOY_TOKEN ?= Hx7qT9zLm2", `$deployToken .= "Hx7qT9zLm2";`, "DEPLOY_TOKEN :::= Hx7qT9zLm2", `config.password ||= "hunterpw"`, `conf.password ??= "hunterpw"`, `db_password += "hunterpw"`, `password <- "hunterpw"`,
			"password              ----   Hx7q#T9z$", `password       = "hunterpw"`, `password   =>   "hunterpw"`},
		[]string{"LAPS ?= 7", "page?=1&lap=7", "password -- see page 7", "lap += 'password'", "token        | lap"}},
	{"arguments of calls",
		[]string{`new NetworkCredential("relay", "hunterpw");`, `req.SetBasicAuth("relay", "hunterpw")`, `auth=HTTPBasicAuth('relay', 'hunterpw')`, `smtp.PlainAuth("", "relay", "hunterpw", "h")`, `getConnection("jdbc:x:y", "relay", "hunterpw")`,
			`mysqli_connect("db", "relay", "hunterpw", "laps");`, `new PDO('mysql:host=db', 'relay', 'hunterpw')`, `mysql_real_connect(c, "db", "relay", "hunterpw")`, `conn.simple_bind_s("cn=relay", "hunterpw")`,
			"new DirectoryEntry(\"LDAP://10.0.0.7\",\n  \"relay\",\n  \"hunterpw\");", `new PasswordAuthentication(user, "hunterpw".toCharArray())`},
		[]string{`new NetworkCredential("relay", password)`, `getConnection("lap", "7")`, "SetBasicAuth(user, pass)", `render("lap", "seven", "eight")`, `SetBasicAuth("relay", "[removed-flag]")`, `SetBasicAuth("relay", "$RELAY_PASS")`}},
	{"names",
		[]string{"ADO_PAT=Hx7qT9zLm2", "github-pat: Hx7qT9zLm2", "snmp_community: hunter7pw", `"communityString": "hunterpw"`, "Jenkins-Crumb: 4a5b1f0c9d", "-Dsonar.login=Hx7qT9zLm2", "x-rapidapi-key: Hx7qT9zLm2", "X-Partner-Key: Hx7qT9zLm2",
			"consumer_key: Hx7qT9zLm2", "authentication_key: hunter7pw", "privacy_key: hunter7pw", "privKey: hunter7pw", `{"seedPhrase":"a b c"}`, `{"recovery_codes":["abf7x"]}`, `{"variable_name":"db_password","variable_value":"Hx7qT9zLm2"}`,
			`{"setting":"password","current":"Hx7qT9zLm2"}`},
		[]string{"pat=7 patch=lap community=racing7", "login: lap7", "breadcrumb=lap7x", `{"setting":"laps","current":"Hx7q"}`}},
	{"commands",
		[]string{"curl -k https://h/x \\\n  -H 'Accept: lap' \\\n  -u relay:Hx7qT9zLm2", "curl https://h/x `\n  --user relay:Hx7qT9zLm2", `curl -u "Hx7qT9zLm2Ab:" https://h`, `PSEXEC \\10.0.0.7 -u Administrator -p hunterpw CMD`,
			"echo relay:hunterpw | chpasswd", `echo "relay:Hx7q T9z" | sudo chpasswd`, "echo hunterpw | sudo -S ls lap", "echo -n 'hunterpw' | passwd --stdin relay", `net use Z: \\srv\share Hx7qT9zLm2 /user:relay`, `net use Z: \\srv\share /user:relay Hx7qT9zLm2`},
		[]string{"curl https://h; ls -u lap:7x9", "curl -u relay: https://h", "curl -u $RELAY_USER:$RELAY_PASS https://h", "curl --user ${RELAY_USER}:${RELAY_PASS} https://h", "echo lap | sudo ls", "echo $PW | passwd --stdin relay",
			`net use Z: \\srv\share /persistent:yes`, "sudo -S ls lap", "we use laps"}},
	{"told",
		[]string{"The password has been set to Hx7qT9zLm2", "Use the api key Hx7qT9zLm2Ab to log in", "Your verification code is 482913", "one-time code is 482913", "MFA code: 482913"},
		[]string{"error code is 482913", "the status code: 482913", "press the key lap to log in", "verification code is required"}},
	{"statements",
		[]string{"ENV RELAY_TOKEN YXNkZmZm_HARDcoded", `setenv API_KEY "Hx7qT9zLm2"`, "snmp-server community hunterpw RW", "enable password 7 0822455D0A16", "openssl enc -aes-256-cbc -k hunterpw -in x", "GET /cb?code=4/0AX4XfWhQ9zLm2Hx7qT9zLm2&state=x",
			"$ANSIBLE_VAULT;1.1;AES256\n36373836643336626639643534346538623766623661646261303130636166663566653335", `db.auth("relay", "hunterpw")`, "key 8-Lp22ov7halMBLUpG97Wg4y7fibQi3CW19VJiZcCu746zgCs0mdDdTCoOcpgEucgu x",
			"00D5fORG0A0M0Pe!CJoAQOx1GCLf1UIt4UU9y0VOPLUZAYN6I8DsdGEDyHh5cO02egObcAhIDHYiGCfi94c53oFbr4HB.xZf x", "charge 6759649826438453", "ibm-cloud-key: Hx7qT9zLm2Qw", "X-JFrog-Art-Api: AKCxHx7qT9zLm2", "GET /x;jsessionid=Hx7qT9zLm2?y=1",
			`{"id":"db_password","value":"Hx7qT9zLm2"}`, "https://h/verify-email/Hx7qT9zLm2AbQ8", "/export/home/bobby/x", "/mnt/c/Users/bobby/x", "legacy r.hCxjZf3O6gVJxRJHtRzLetg1 x", "client pi_3MtwBwLkdIwHu7ix28a3tqPa_secret_YrKJUKribcBjcG8HVhfZluoGH x",
			"hook https://outlook.office.com/webhook/9da5da9c-4218-4c22-aed6-b5c8baebfff5@2f2b54b7-0141-4ba7-8fcd-ab7d17a60547/IncomingWebhook/1bf66ccbb8e745e791fa6e6de0cf465b/x"},
		[]string{"ENV RELAY_TOKEN $RELAY_TOKEN", "ENV LAPS seven", "the env token lap", "the community lap grows", "password 3 of 5", "openssl x509 -in lap -noout", "GET /cb?code=404&state=x", "$ANSIBLE_VAULT;1.1;AES256 is the mark",
			`{"id":"laps","value":"Hx7q"}`, "https://h/verify-email/status", "curl --tlspassword https://h", "wget --user=relay --ask-password https://h", "wget --user=relay --password= https://h/lap", "docker login --password-stdin lap.example.net",
			"forgotpassword: lap7", "run -e RELAY_TOKEN=<RELAY_TOKEN> -e LAP=<LAP> image", "password: $$password", "git@example.com:org/repo.git cloned", "auth=HTTPBasicAuth('relay', '[removed-flag]')", "https://outlook.office.com/webhook/lap"}},
	{"keys of unknown kinds",
		[]string{"[DEBUG] Using Key=hjr1g5e97g6ag0ckurcudsdao2wqqm67wic3w4b6", `acmeshop_key: "gKmRzwHD5gWXB1O3RoVTuZU0"`, `{"acme_key":"gKmRzwHD5gWXB1O3RoVTuZU0"}`},
		[]string{"cache_key=gKmRzwHD5gWXB1O3RoVTuZU0", `{"key":"8757001ac93285291714547fa53d7766","n":1}`, "acme_key: f4d2bbf3-386a-ead1-b6c9-8db8b5e6a098", "acme_key: relay-7d9f8b6c5d-x2k4q-lap", "turkey=gKmRzwHD5gWXB1O3RoVTuZU0"}},
	{"forms",
		[]string{"AC0123456789abcdef0123456789abcdef:0123456789abcdef0123456789abcde0", "vault:v1:Hx7qT9zLm2Hx7qT9zLm2", "see amzn.mws.dab428a1-ed97-fd8d-e045-950d712f6f58 x", "posted with da2-nmaqhbb63zabjactesiydcfuv7 x",
			"x= GN.7Q~4AkLZBNEbz4Jxlm~O5G6SsyFxYg6zMR", "ajkey_q7WeR9tyU3q7WeR9tyU3q7We x"},
		[]string{"AC0123456789abcdef0123456789abcdef:7", "vault:v1:lap", "da2-lap", "GN.7Q~lap", "curl -b 'sid=Hx7q...zLm2' h", "PuTTY-User-Key-File-2: ssh-rsa\nPrivate-Lines: 1\n[removed-pem]"}},
}

func TestWritten(t *testing.T) { scanCarried(t, written) }

// A JWT whose header names neither an algorithm nor a type is one by its two objects, also inside base64.
func TestOddJWT(t *testing.T) {
	part := base64.RawURLEncoding.EncodeToString
	token := part([]byte(`{"apu":"lap7"}`)) + "." + part([]byte(`{"sub":"bob7"}`)) + "." + strings.Repeat("q7WeR9", 8)
	for _, s := range []string{token, base64.StdEncoding.EncodeToString([]byte(token))} {
		if len(detector().Scan([]byte("seen "+s+" here"))) == 0 {
			t.Errorf("%s passed", s)
		}
	}
	if got := detector().Scan([]byte("seen " + part([]byte(`{"apu":"lap7"}`)) + ".lap.x here")); len(got) > 0 {
		t.Errorf("one object gave %v", got)
	}
}
