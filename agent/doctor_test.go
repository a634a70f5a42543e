package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"relaypack/agent/internal/fixture"
	"relaypack/scrape/demorelay"
)

// examined runs doctor with variables written without their prefix.
func examined(t *testing.T, vars ...string) (code int, table, fault string) {
	t.Helper()
	env := []string{"RELAYPACK_PROCESS=off", "RELAYPACK_PROBE_LISTEN=" + freePort(t)}
	for _, v := range vars {
		env = append(env, envPrefix+"_"+v)
	}
	var out, errs bytes.Buffer
	code = run(t.Context(), []string{"relaypack", "doctor"}, env, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

// lines holds a table to patterns of its lines, each "GRADE CHECK WHAT" with single blanks, or "fix: WHAT".
func lines(t *testing.T, table string, patterns ...string) {
	t.Helper()
	plain := regexp.MustCompile(` +`).ReplaceAllString(table, " ")
	for _, p := range patterns {
		if !regexp.MustCompile(`(?m)^ ?` + p).MatchString(plain) {
			t.Errorf("no line %q in\n%s", p, table)
		}
	}
}

func TestDoctorFindsAllWell(t *testing.T) {
	o := demorelay.DemoOptions(3)
	o.Account = demorelay.Account{Email: "doctor@example.com", Password: "Planted-Password-7781"}
	relay, address := liveRelay(t, o)
	login := fixture.Put(t, t.TempDir(), "login", []byte(`{"email":"doctor@example.com","password":"Planted-Password-7781"}`))
	state, store := t.TempDir(), t.TempDir()
	code, table, fault := examined(t, "RELAY_URL=http://"+address, "RELAY_LOGIN_FILE="+login, "ADMIN_TOKEN=planted-admin-0123456789",
		"PSEUDONYM_KEY=planted-pseudonym-0123456789", "STATE_DIR="+state, "PUSH_URL=file://"+store)
	if code != 0 || fault != "" {
		t.Errorf("exit %d, %s", code, fault)
	}
	lines(t, table, `ok configuration no faults, profile okboxbox`, `ok relay http://127\.0\.0\.1:\d+ takes connections`, `ok login bearer given by a login; it ends in 2[34]h`,
		`ok gate open`, `ok source ok: .*metrics.*`, `ok process switched off`, `ok kubernetes not asked`, `ok state can be written`,
		`ok bucket file://.* answers \(nothing was put\)`, `ok clock within 5s of 1 other`, `warn agent none answers on`)
	if strings.Contains(table, "fail") {
		t.Errorf("something fails:\n%s", table)
	}
	for _, secret := range []string{"planted", "Planted", "doctor@example.com", "eyJ"} {
		if strings.Contains(table, secret) {
			t.Errorf("%s stands in\n%s", secret, table)
		}
	}
	for _, dir := range []string{state, store} {
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
	seen := map[string]int{}
	for _, q := range relay.Log() {
		seen[q.Path]++
		if q.Bearer && !q.GateOpen || q.Path == "/api/health" {
			t.Errorf("%s %s, gate open: %v", q.Method, q.Path, q.GateOpen)
		}
	}
	for path, n := range seen {
		if most := map[string]int{"/api/ops/events": 4, "/api/health/ready": 3}[path]; n > max(most, 1) {
			t.Errorf("%s was asked %d times", path, n)
		}
	}
}

func TestDoctorTellsWhatIsWrong(t *testing.T) {
	relay, address := liveRelay(t, demorelay.DemoOptions(4))
	ended := "eyJhbGciOiJIUzI1NiJ9." + base64.RawURLEncoding.EncodeToString([]byte(`{"exp":1600000000}`)) + ".c2lnbmF0dXJl"
	unused := freePort(t)
	for name, c := range map[string]struct {
		vars   string
		before func()
		code   int
		want   []string
	}{
		"no relay": {"RELAY_URL=http://" + unused, nil, 1, []string{`fail relay .* refuses connections`, `fix: start the relay`, `fail gate shut`, `warn clock nobody`}},
		"no account": {"RELAY_URL=http://" + address, nil, 0, []string{`ok relay`, `warn login no account`, `fix: set RELAYPACK_RELAY_TOKEN_FILE`,
			`warn source unauthorized \(no account or bearer configured\): `, `warn state in memory only`, `warn bucket none`}},
		"a bearer that ended":  {"RELAY_URL=http://" + address + " RELAY_TOKEN=" + ended, nil, 1, []string{`fail login bearer configured; it ended \d+h`, `fail source unauthorized \(bearer not accepted\)`}},
		"without rights":       {"RELAY_URL=http://" + address + " RELAY_TOKEN=" + relay.PlainBearer(), nil, 1, []string{`ok login`, `fail source forbidden \(not allowed for this account\): active`, `fix: give the account the relay's admin role`}},
		"database down":        {"RELAY_URL=http://" + address + " RELAY_TOKEN=" + relay.Bearer(), func() { relay.SetDatabase(false) }, 1, []string{`fail gate shut: .*not ready`, `warn source gated`}},
		"a typing error":       {"RELAY_URL=http://" + address + " HISTROY=1h HISTORY=soon", nil, 2, []string{`fail configuration RELAYPACK_HISTORY: wants a duration`, `warn configuration RELAYPACK_HISTROY is not known`}},
		"a bucket of nobody":   {"RELAY_URL=http://" + address + " PUSH_URL=s3://planted-bucket/p?endpoint=http://" + unused + "&region=x", nil, 1, []string{`fail bucket s3://planted-bucket/p: `}},
		"a store not writable": {"RELAY_URL=http://" + address + " STATE_DIR=/proc", nil, 1, []string{`fail state cannot be written`, `fix: let the agent's user write it`}},
	} {
		t.Run(name, func(t *testing.T) {
			relay.SetDatabase(true)
			if c.before != nil {
				c.before()
			}
			code, table, _ := examined(t, strings.Fields(c.vars)...)
			if code != c.code {
				t.Errorf("exit %d, want %d:\n%s", code, c.code, table)
			}
			lines(t, table, c.want...)
			if strings.Contains(table, ended) || strings.Contains(table, relay.Bearer()) || strings.Contains(table, relay.PlainBearer()) {
				t.Errorf("a bearer stands in\n%s", table)
			}
		})
	}
}

// An agent that runs on the same folder keeps it, and doctor sees that it runs.
func TestDoctorBesideAnAgent(t *testing.T) {
	_, address := liveRelay(t, demorelay.DemoOptions(5))
	dir := t.TempDir()
	a := startServing(t, "RELAY_URL=http://"+address, "ADMIN_TOKEN="+testAdmin, "STATE_DIR="+dir)
	a.begun()
	_, table, _ := examined(t, "RELAY_URL=http://"+address, "STATE_DIR="+dir, "PROBE_LISTEN="+a.probe)
	lines(t, table, `ok state can be written`, `ok agent one runs here and is ready`)
	if n := a.agent.keeper.numbers(); !n.Kept || n.Failures > 0 {
		t.Errorf("the agent's folder: %+v", n)
	}
	before := a.agent.observer.scraper.Self().Looks
	eventually(t, "another look", func() bool { return a.agent.observer.scraper.Self().Looks > before })
	if n := a.agent.keeper.numbers(); !n.Kept {
		t.Errorf("afterwards: %+v", n)
	}
}

func TestDoctorAsksTheCluster(t *testing.T) {
	pod := `{"kind":"Pod","spec":{"nodeName":"n1","containers":[{"name":"relay","env":[{"name":"A","value":"planted-env"}],"resources":{"limits":{"memory":"512Mi"}}}%s]},"status":{"phase":"Running"}}`
	refusal := `{"kind":"Status","status":"Failure","message":"planted-refusal","reason":"Forbidden","code":403}`
	for name, c := range map[string]struct {
		pod    string
		events int // status code
		want   []string
		code   grade
	}{
		"all allowed": {fmt.Sprintf(pod, ""), 200, []string{`ok kubernetes ok`, `ok kubernetes-events ok`, `ok kubernetes the relay is the container relay of relay-0`}, fine},
		"no events":   {fmt.Sprintf(pod, ""), 403, []string{`warn kubernetes-events forbidden \(may not list events\)`, `fix: allow list on events in namespace racing`}, worth},
		"two relays":  {fmt.Sprintf(pod, `,{"name":"mesh"}`), 200, []string{`fail kubernetes ambiguous`, `fix: name the relay's container with RELAYPACK_RELAY_CONTAINER`}, wrong},
		"no pod":      {"", 200, []string{`fail kubernetes forbidden \(may not get pods\)`, `fix: allow get on pods in namespace racing`}, wrong},
	} {
		t.Run(name, func(t *testing.T) {
			s := inCluster(t, "", func(w http.ResponseWriter, r *http.Request) {
				switch events := strings.HasSuffix(r.URL.Path, "/events"); {
				case events && c.events != 200, !events && c.pod == "":
					w.WriteHeader(http.StatusForbidden)
					io.WriteString(w, refusal)
				case events:
					io.WriteString(w, `{"kind":"EventList","items":[]}`)
				default:
					io.WriteString(w, c.pod)
				}
			})
			e := &examination{s: s}
			if err := e.examine(t.Context()); err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			e.print(&out)
			lines(t, out.String(), c.want...)
			if e.worst() == wrong != (c.code == wrong) {
				t.Errorf("worst is %s:\n%s", e.worst(), out.String())
			}
			if strings.Contains(out.String(), "planted") {
				t.Errorf("planted text stands in\n%s", out.String())
			}
		})
	}
}

func TestExpiryOfABearer(t *testing.T) {
	claims := func(body string) string { return "h." + base64.RawURLEncoding.EncodeToString([]byte(body)) + ".s" }
	if at, ok := expiryOf(claims(`{"exp":1800000000.5,"sub":"x"}`)); !ok || at.Unix() != 1800000000 {
		t.Errorf("%v %v", at, ok)
	}
	for _, bearer := range []string{"", "opaque", "a.b.c", claims(`{}`), claims(`{"exp":"x"}`), claims(`{"exp":-1}`), claims(`{"exp":1e300}`), claims(`[`)} {
		if at, ok := expiryOf(bearer); ok {
			t.Errorf("%s ends %v", bearer, at)
		}
	}
}

// A folder may go bad between the check of the configuration and the look at it.
func TestFolderIsTried(t *testing.T) {
	file := fixture.Put(t, t.TempDir(), "file", nil)
	for dir, want := range map[string]string{
		t.TempDir(): "ok state can be written", "/proc": "fail state cannot be written", file: "fail state cannot be used", file + "s": "ok state not there yet", "": "warn state in memory only",
	} {
		e := &examination{s: &settings{stateDir: dir}}
		e.folder()
		var out bytes.Buffer
		e.print(&out)
		if !strings.HasPrefix(strings.Join(strings.Fields(out.String()), " "), want) {
			t.Errorf("%s: %s", dir, out.String())
		}
	}
}

func TestClocksAreCompared(t *testing.T) {
	for name, c := range map[string]struct {
		offsets map[string]time.Duration
		want    string
	}{
		"alike":   {map[string]time.Duration{"relay": 0, "kubernetes": -4 * time.Second}, "ok clock within 5s of 2 others"},
		"apart":   {map[string]time.Duration{"relay": 0, "kubernetes": -4 * time.Minute}, "fail clock that of kubernetes is 4m0s from ours"},
		"nothing": {nil, "warn clock nobody answered"},
	} {
		e := &examination{}
		e.clock(c.offsets)
		var out bytes.Buffer
		e.print(&out)
		if !strings.HasPrefix(strings.Join(strings.Fields(out.String()), " "), c.want) {
			t.Errorf("%s: %s", name, out.String())
		}
	}
}
