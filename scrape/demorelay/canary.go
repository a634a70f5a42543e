package demorelay

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// Canary is one made-up secret that the relay plants in its error messages, contexts and stacks.
type Canary struct {
	Kind  string // what it is: "password", "jwt", "card", ...
	Value string // the text that may not come out of an agent; as it stands inside JSON strings, unescaped
}

// plant is an error text with planted secrets. %S in it becomes a raw session id, %K a raw socket id.
type plant struct {
	message string
	context string // members of the context after sessionId, "" for none
	holds   []Canary
}

// Planted gives every canary, in the order in which they first come up. A replayed relay has none.
func (r *Relay) Planted() []Canary {
	r.mu.Lock()
	defer r.mu.Unlock()
	l, ok := r.content.(*live)
	if !ok {
		return nil
	}
	var out []Canary
	for _, p := range l.plants {
		out = append(out, p.holds...)
	}
	return slices.Clip(append(out, planted(l.opts.Seed)...))
}

// Canaries gives the values of Planted.
func (r *Relay) Canaries() []string {
	var out []string
	for _, c := range r.Planted() {
		out = append(out, c.Value)
	}
	return out
}

// databaseError is the next text of the list: harmless ones and planted ones in turn.
func (l *live) databaseError(at int64) {
	harmless := [...]string{"deadlock detected", "timeout exceeded when trying to connect", "remaining connection slots are reserved"}
	turn := l.trouble.turn
	l.trouble.turn++
	s := l.tracks.slots[l.rng.IntN(len(l.tracks.slots))]
	f := failure{kind: "db_error", subsystem: "db", message: harmless[turn%len(harmless)]}
	context := ""
	if turn%4 != 3 {
		p := l.plants[(turn-turn/4)%len(l.plants)]
		k := l.sockets.open[l.rng.IntN(len(l.sockets.open))]
		f.message = strings.NewReplacer("%S", l.tracks.slots[0].id, "%K", k.id).Replace(p.message)
		context = p.context
	}
	f.context = json.RawMessage(`{"sessionId":` + string(encode(s.id)) + context + `,"table":"telemetry"}`)
	l.fail(at, f)
}

// reasons of socket and relay events come from exception texts; now and then one holds a secret.
const (
	inCommandReason = "command-reason"
	inPayloadReason = "payload-reason"
)

// planted are the canaries that stand in reasons of events instead of errors.
func planted(seed uint64) []Canary {
	rng := rand.New(rand.NewPCG(seed, 0xca2))
	return []Canary{{inCommandReason, "cmd" + word(rng, alnum, 25) + "7"}, {inPayloadReason, "owner." + word(rng, base36, 10) + "@example.com"}}
}

func (l *live) commandReason() string {
	if l.rng.IntN(3) != 0 {
		return "Rate limit exceeded"
	}
	return "Command refused for Bearer " + planted(l.opts.Seed)[0].Value
}

func (l *live) payloadReason() string {
	switch l.rng.IntN(8) {
	case 0, 1, 2, 3:
		return "telemetry: cars missing"
	case 4, 5, 6:
		return "session_metadata: schema"
	}
	return "session_metadata: owner " + planted(l.opts.Seed)[1].Value + " unknown"
}

// makePlants makes up all secrets of a seed: one of each kind that a redactor has to know.
func makePlants(o *Options) []plant {
	rng := rand.New(rand.NewPCG(o.Seed, 0xca1))
	m := maker{rng: rng}
	m.inFields()
	m.inConnections()
	m.inHeaders(o)
	m.ofVendors()
	m.ofPeople()
	m.inShells()
	return m.plants
}

type maker struct {
	rng    *rand.Rand
	plants []plant
}

func (m *maker) add(kind, message, context string, values ...string) {
	p := plant{message: message, context: context}
	for _, v := range values {
		p.holds = append(p.holds, Canary{kind, v})
	}
	m.plants = append(m.plants, p)
}

// password is 16 signs with a digit; never a word of prose.
func (m *maker) password() string { return "Pw" + word(m.rng, alnum, 13) + "4" }

// in formats a context member.
func in(format string, values ...any) string { return "," + fmt.Sprintf(format, values...) }

func (m *maker) inFields() {
	a, b, c := m.password(), m.password(), m.password()
	m.add("password-field", "deadlock detected", in(`"password":%q`, a), a)
	m.add("credential-field", "login rejected by directory", in(`"dbPassword":%q,"api_key":%q`, b, c), b, c)
	d, e, f := m.password(), hexWord(m.rng, 32), hexWord(m.rng, 40)
	m.add("credential-field", "webhook not reached", in(`"clientSecret":%q,"refreshToken":%q,"sessionCookie":%q`, d, e, f), d, e, f)
	g := m.password()
	m.add("nested-json", "body not accepted", in(`"body":%s`, encode(fmt.Sprintf(`{"login":"crew","password":%q,"lap":7}`, g))), g)
	h := m.password()
	inner := string(encode(fmt.Sprintf(`{"passwd":%q}`, h)))
	m.add("nested-json-twice", "body not accepted", in(`"body":%s`, encode(`{"auth":`+inner+`}`)), h)
	i := m.password()
	m.add("json-in-prose", fmt.Sprintf(`body not accepted: {"user":"crew","passwd":%q}`, i), "", i)
	j := m.password()
	m.add("header-pair", "upstream answered 403", in(`"headers":[{"name":"accept","value":"*/*"},{"name":"x-api-key","value":%q}]`, j), j)
}

func (m *maker) inConnections() {
	a, b, c, d := m.password(), m.password(), m.password(), m.password()
	m.add("connection-string", "connect failed: postgresql://relay:"+a+"@db.internal:5432/controlbox", "", a)
	m.add("connection-string", "cache gone: redis://:"+b+"@cache.internal:6379/0", "", b)
	m.add("connection-string", "cannot reach mongodb+srv://crew:"+c+"@cluster0.internal/laps?w=majority", "", c)
	m.add("connection-string", "bad data source Server=db.internal;User Id=relay;Password="+d+";Encrypt=true", "", d)
	e, f, g := m.password(), word(m.rng, alnum, 30)+"3", hexWord(m.rng, 48)
	m.add("url-userinfo", "download failed: https://crew:"+e+"@files.internal/replay.bin", "", e)
	m.add("url-query", "GET https://hooks.internal/push?access_token="+f+"&lap=7 answered 410", "", f)
	m.add("url-query", "upload refused", in(`"url":"https://store.internal/lap.bin?X-Amz-Signature=%s&X-Amz-Expires=60"`, g), g)
}

func (m *maker) inHeaders(o *Options) {
	a, b := word(m.rng, alnum, 31)+"9", m.password()
	m.add("bearer", "upstream said 401 for Bearer "+a, "", a)
	basic := base64.StdEncoding.EncodeToString([]byte("crew:" + b))
	m.add("basic-auth", "proxy answered 407 to Authorization: Basic "+basic, "", basic)
	c, d, e := word(m.rng, alnum, 24)+"5", word(m.rng, alnum, 27), m.password()
	m.add("cookie", "request refused, Cookie: connect.sid=s%3A"+c+"."+d+"; theme=dark", "", c, d)
	m.add("header-in-text", "request was X-Api-Key: "+e+", Accept: */*", "", e)
	claims := base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"crew-` + hexWord(m.rng, 8) + `","exp":1700000000}`))
	jwt := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + claims + "." + word(m.rng, urlSigns, 43)
	m.add("jwt", "cannot restore "+jwt, "", jwt)
	m.add("own-bearer", "proxy echoed "+o.Bearer+" to the log", "", o.Bearer)
	enc := base64.StdEncoding.EncodeToString([]byte(o.Bearer))
	m.add("own-bearer-base64", "proxy echoed a header", in(`"echo":%q`, enc), enc)
}

func (m *maker) ofVendors() {
	pick := func(alphabet string, n int) string { return word(m.rng, alphabet, n) }
	upper := base36[:10] + strings.ToUpper(base36[10:])
	a, b := "AKIA"+pick(upper[10:], 15)+"7", pick(alnum, 40)
	m.add("cloud-key", "put refused for "+a, "", a)
	m.add("cloud-key", "profile has aws_secret_access_key="+b, "", b)
	for _, v := range []string{
		"sk_live_" + pick(alnum, 24), "ghp_" + pick(alnum, 36), "xoxb-" + pick("0123456789", 12) + "-" + pick("0123456789", 12) + "-" + pick(alnum, 24),
		"AIza" + pick(alnum, 35), "glpat-" + pick(alnum, 20),
	} {
		m.add("vendor-key", "integration refused "+v, "", v)
	}
	c := "sk_test_" + pick(alnum, 24)
	m.add("vendor-key", "webhook rejected, api_key="+c, "", c)
	body := "MIIE" + pick(alnum+"+/", 60)
	m.add("pem", "cannot read -----BEGIN PRIVATE KEY-----\n"+body+"\n-----END PRIVATE KEY-----", "", body)
}

func (m *maker) ofPeople() {
	pick := func(alphabet string, n int) string { return word(m.rng, alphabet, n) }
	a, b := "driver."+pick(base36, 9)+"@example.com", "crew+"+pick(base36, 9)+"@example.org"
	m.add("e-mail", "mail to "+a+" bounced", "", a)
	m.add("e-mail-field", "mail bounced", in(`"email":%q`, b), b)
	c := fmt.Sprintf("81.%d.%d.%d", 60+m.rng.IntN(100), 100+m.rng.IntN(150), 100+m.rng.IntN(150))
	d := fmt.Sprintf("2a02:%s:%s::%s", "8"+hexWord(m.rng, 3), "9"+hexWord(m.rng, 3), "a"+hexWord(m.rng, 3))
	m.add("public-ip", "peer "+c+" reset the connection", "", c)
	m.add("public-ip", "peer reset the connection", in(`"clientIp":%q`, d), d)
	e, f, g := uuid(m.rng), uuid(m.rng), "drv7"+hexWord(m.rng, 12)
	m.add("user-in-prose", "user "+e+" not found", "", e)
	m.add("user-field", "row not found", in(`"userId":%q,"driverId":%q`, f, g), f, g)
	m.add("session-in-prose", "session %S has no laps yet", "")
	m.add("socket-in-prose", "write after end on socket %K", "")
	h := card(m.rng)
	m.add("card", "charge refused for "+h, "", h)
	i := "+49 151 " + pick("123456789", 8)
	m.add("phone-field", "alert not sent", in(`"phone":%q`, i), i)
}

func (m *maker) inShells() {
	a, b, c, d := m.password(), m.password(), m.password(), hexWord(m.rng, 48)
	m.add("flag", "spawn failed: encoder --password="+a+" --lap 7", "", a)
	m.add("flag", "spawn failed: encoder --api-key "+b+" --lap 7", "", b)
	m.add("env-dump", "environment was\nDATABASE_URL=postgres://relay:"+c+"@db.internal/controlbox\nJWT_SECRET="+d+"\nPORT=3001", "", c, d)
	e := m.password()
	m.add("assignment", "payload rejected (password: "+e+")", "", e)
}

// card is a number of 16 digits that Luhn's rule accepts.
func card(rng *rand.Rand) string {
	digits := "4556" + word(rng, "0123456789", 11)
	sum := 0
	for i, c := range digits {
		n := int(c - '0')
		if i%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return digits + string(rune('0'+(10-sum%10)%10))
}
