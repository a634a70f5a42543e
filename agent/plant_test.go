package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
)

// planted is one made-up secret and where it is put: a text for prose, or members for a context.
type planted struct {
	row     string // of the redaction policy's table
	value   string // what may not come out in any form
	text    string // prose that holds it, "" if only a field does
	members string // JSON members that hold it, "" if only prose does
}

// planter makes secrets of every row of the redaction policy, another set for every seed.
type planter struct{ r *rand.Rand }

const (
	lower   = "abcdefghijklmnopqrstuvwxyz"
	upper   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits  = "0123456789"
	hexSet  = "0123456789abcdef"
	alnum   = lower + upper + digits
	urlSafe = alnum + "-_"
)

func (p planter) from(set string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = set[p.r.IntN(len(set))]
	}
	return string(b)
}

// word is a password-like value that no dictionary holds: letters and digits of both cases.
func (p planter) word(n int) string {
	return p.from(upper, 1) + p.from(lower, 2) + p.from(digits, 2) + p.from(alnum, n-5)
}

func (p planter) pick(of ...string) string { return of[p.r.IntN(len(of))] }

func (p planter) jwt() string {
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." +
		enc(fmt.Appendf(nil, `{"sub":"%s","exp":%d}`, p.from(hexSet, 12), 1795424000+p.r.IntN(1e6))) + "." + p.from(urlSafe, 43)
}

func (p planter) publicIP() string {
	return fmt.Sprintf("%d.%d.%d.%d", p.r.IntN(60)+20, p.r.IntN(250)+2, p.r.IntN(250)+2, p.r.IntN(250)+2)
}

// card is a number with a valid check digit (Luhn).
func (p planter) card() string {
	n := "4" + p.from(digits, 14)
	sum := 0
	for i, c := range n {
		d := int(c - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return n + string(rune('0'+(10-sum%10)%10))
}

// all gives one secret or more of each row.
func (p planter) all() []planted {
	var out []planted
	add := func(row, value, text, members string) {
		out = append(out, planted{row, value, text, members})
	}
	q := func(s string) string { b, _ := json.Marshal(s); return string(b) }

	for range 3 {
		id := p.pick("sess_", "sess-", "") + p.from(hexSet, 11) + p.from(digits, 1)
		add("session id in a field", id, "", `"`+p.pick("sessionId", "session_id", "SessionID", "session-id")+`":`+q(id))
		short := p.from(lower, 4) + p.from(digits, 3)
		add("short session id in a field", short, "", `"sessionId":`+q(short))
		sock := p.from(urlSafe, 18) + p.from(digits, 1) + p.from(upper, 1)
		add("socket id in a field", sock, "", `"socketId":`+q(sock))
		user := p.from(hexSet, 8) + "-" + p.from(hexSet, 4) + "-" + p.from(digits, 4) + "-" + p.from(hexSet, 12)
		add("user id in a field", user, "", `"`+p.pick("userId", "driverId", "account_id", "customerId")+`":`+q(user))
		room := "sess_" + p.from(hexSet, 11) + p.from(digits, 1)
		add("room name", room, "", `"room":`+q(p.pick("session:", "broadcast:session:", "telemetry:")+room))
		behind := p.from(hexSet, 10) + p.from(digits, 4)
		add("id behind a word in text", behind, p.pick("user ", "driver=", "account #", "session: ", "socket id ")+behind+" not found", "")

		pw := p.word(12)
		add("credential field", pw, "", `"`+p.pick("password", "dbPassword", "apiKey", "api_key", "client-secret", "accessToken",
			"AUTHORIZATION", "x-auth-token", "sessionCookie", "privateKey", "DB_PASS", "jwt", "passphrase")+`":`+q(pw))
		obj := p.word(14)
		add("credential field with an object", obj, "", `"credentials":{"id":7,"value":`+q(obj)+`}`)
		pair := p.word(13)
		add("name and value pair", pair, "", `"header":{"name":"X-Api-Key","value":`+q(pair)+`}`)
		mail := p.from(lower, 7) + "." + p.from(lower, 5) + "@" + p.from(lower, 6) + ".example.com"
		add("e-mail in a field", mail, "", `"`+p.pick("email", "e_mail", "userEmail", "mailAddress")+`":`+q(mail))
		mail2 := p.from(lower, 7) + "+" + p.from(lower, 3) + "@" + p.from(lower, 6) + ".example.org"
		add("e-mail in text", mail2, "mail to "+mail2+" bounced", "")
	}
	jwt := p.jwt()
	add("JWT in text", jwt, "refused "+jwt+" for the socket", "")
	bearer := p.word(24)
	add("bearer in text", bearer, "upstream said 401 for Bearer "+bearer, "")
	basic := base64.StdEncoding.EncodeToString([]byte("admin:" + p.word(14)))
	add("basic auth in text", basic, "Authorization: Basic "+basic, "")
	pem := p.from(alnum, 64)
	add("PEM in text", pem, "-----BEGIN RSA PRIVATE KEY-----\n"+pem+"\n"+p.from(alnum, 64)+"\n-----END RSA PRIVATE KEY-----", "")
	for _, prefix := range []string{"sk_live_", "sk_test_", "ghp_", "xoxb-" + p.from(digits, 11) + "-", "AIza", "glpat-", "npm_", "hf_"} {
		v := p.from(alnum, 35) + p.from(digits, 1)
		add("vendor prefix "+prefix[:3], v, "call with "+prefix+v+" failed", "")
	}
	aws := p.from(upper+digits, 16)
	add("cloud id", aws, "AKIA"+aws+" is not allowed to s3:PutObject", "")
	db := p.word(15)
	add("connection string", db, "connect "+p.pick("postgres", "redis", "amqp", "mongodb")+"://svc:"+db+"@db.internal:5432/controlbox", "")
	azure := base64.StdEncoding.EncodeToString([]byte(p.from(alnum, 48)))
	add("account key list", azure, "DefaultEndpointsProtocol=https;AccountName=box;AccountKey="+azure+";EndpointSuffix=core.windows.net", "")
	query := p.word(20)
	add("URL query", query, "GET https://hooks.example.com/v1?room=7&"+p.pick("token", "api_key", "access_token", "sig")+"="+query+"&x=1 gave 500", "")
	cookie := p.word(26)
	add("cookie", cookie, "Cookie: theme=dark; connect.sid="+cookie, "")
	for _, form := range []string{"password=%s", "password: %s", "api_key=%s", "passwd='%s'", "--password %s", "--api-key=%s", "export DB_PASSWORD=%s", "secret => \"%s\""} {
		v := p.word(14)
		add("assignment "+form, v, "cannot start: "+fmt.Sprintf(form, v)+" refused", "")
	}
	nested := p.word(16)
	inner, _ := json.Marshal(map[string]any{"level": "error", "password": nested})
	add("JSON in a text", nested, "payload was "+string(inner), "")
	deep := p.word(16)
	inner, _ = json.Marshal(map[string]any{"apiKey": deep})
	inner, _ = json.Marshal(map[string]any{"body": string(inner)})
	add("JSON in JSON in a text", deep, "", `"payload":`+q(string(inner)))
	ip := p.publicIP()
	add("public address", ip, "peer "+ip+" closed the connection", "")
	card := p.card()
	add("card number", card, "charge of card "+card+" declined", "")
	phone := "+4917" + p.from(digits, 9)
	add("phone in a field", phone, "", `"phone":`+q(phone))
	return out
}

// spellings are the forms in which a value may not come out either.
func spellings(v string) []string {
	std, raw := base64.StdEncoding.EncodeToString([]byte(v)), base64.RawURLEncoding.EncodeToString([]byte(v))
	out := []string{v, std, raw, hex.EncodeToString([]byte(v)), url.QueryEscape(v)}
	if b, err := json.Marshal(v); err == nil {
		out = append(out, strings.Trim(string(b), `"`))
	}
	return out
}
