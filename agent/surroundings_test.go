package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"relaypack/scrape/demorelay"
)

// around are made-up secrets that stand around the agent: none has a shape by which it could be found.
var around = map[string]string{
	"a variable":              "Qv8zLm3x-Tw6R-env",
	"a password in a URL":     "Kd5wPn2c/Yb9S+url",
	"a query of PUSH_URL":     "Gh4tBx7k.Ue1J~que",
	"a file that one names":   "Zr6yNc9v_Mi3D=fil",
	"a mounted folder":        "Xs2qFj8l!Wo5A mnt",
	"the relay's variable":    "Tb7mHg4d#Ck1E&rel",
	"a proxy":                 "Lw9rVf3s-Pq6X-pro",
	"a member of a JSON file": "Nj1kZt5b<Ra8G>mem",
}

// written gives the forms in which a value may not come out, and so not go in, either.
func written(v string) map[string]string {
	forms := map[string]string{
		"raw": v, "hex": hex.EncodeToString([]byte(v)), "HEX": strings.ToUpper(hex.EncodeToString([]byte(v))),
		"percent": url.QueryEscape(v), "path": url.PathEscape(v), "html": strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`).Replace(v),
	}
	var every, all, low strings.Builder
	for _, c := range []byte(v) {
		fmt.Fprintf(&every, "%%%02x", c)
		fmt.Fprintf(&all, `\u%04x`, c)
		fmt.Fprintf(&low, `\x%02x`, c)
	}
	forms["every sign percent"], forms[`every sign \u`], forms[`every sign \x`] = every.String(), all.String(), low.String()
	for lead := range 3 {
		inside := "abc"[:lead] + v + "xyz"
		forms[fmt.Sprintf("base64 at %d", lead)] = base64.StdEncoding.EncodeToString([]byte(inside))
		forms[fmt.Sprintf("base64url at %d", lead)] = base64.RawURLEncoding.EncodeToString([]byte(inside))
	}
	return forms
}

// leftOf gives what is left of a form in out, as it is or as JSON has it: a piece of 8 signs of its middle.
func leftOf(out []byte, form string) string {
	for _, form := range []string{form, strings.ReplaceAll(form, `\`, `\\`)} {
		for i := 4; i+12 <= len(form); i += 4 {
			if piece := form[i : i+8]; bytes.Contains(out, []byte(piece)) {
				return piece
			}
		}
	}
	return ""
}

func gunzipped(t *testing.T, b []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if b, err = io.ReadAll(z); err != nil {
		t.Fatal(err)
	}
	return b
}

// The agent as a process of its own, with secrets around it and around its relay; the relay tells each of them in
// every form. Neither packs nor the state folder, the store or the log may have them, and what is no secret stays.
func TestSecretsAroundTheAgentStayIn(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	process := exec.Command("relaypack", demoRelay, "--alone") // whose environment is the relay's
	process.Env = []string{"GOCOVERDIR=", "NODE_ENV=production", "IRACING_PASSWORD=" + around["the relay's variable"], "AUTH_REGION=eu-central-1"}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		process.Process.Kill()
		process.Wait()
	}()
	t.Setenv("KUBERNETES_SERVICE_HOST", "") // CI itself may be a pod
	t.Setenv("AWS_SECRET_ACCESS_KEY", around["a variable"])
	t.Setenv("DATABASE_URL", "postgres://svc:"+url.PathEscape(around["a password in a URL"])+"@db.internal/box")
	t.Setenv("HTTPS_PROXY", "http://bob:"+around["a proxy"]+"@127.0.0.1:1")
	t.Setenv("BOX_PASSWORD_FILE", put("box", around["a file that one names"]+"\n"))
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", put("gcp.json", `{"type":"authorized_user","client_secret":"`+around["a member of a JSON file"]+`"}`))
	t.Setenv("DB_PASSWORD", "controlbox") // a word, which stands everywhere
	put("mounted/db/password", around["a mounted folder"])

	relay, address := liveRelay(t, demorelay.DemoOptions(7))
	state, store := filepath.Join(dir, "state"), filepath.Join(dir, "store")
	if err := os.Mkdir(store, 0o700); err != nil {
		t.Fatal(err)
	}
	env := []string{"RELAYPACK_RELAY_URL=http://" + address, "RELAYPACK_RELAY_TOKEN=" + relay.Bearer(), fmt.Sprintf("RELAYPACK_PROCESS=pid:%d", process.Process.Pid),
		"RELAYPACK_ADMIN_TOKEN=" + testAdmin, "RELAYPACK_METRICS_INTERVAL=1s", "RELAYPACK_DEBUG_INTERVAL=1s", "RELAYPACK_LISTEN=" + freePort(t),
		"RELAYPACK_PROBE_LISTEN=" + freePort(t), "RELAYPACK_STATE_DIR=" + state, "RELAYPACK_PUSH_URL=file://" + store,
		"RELAYPACK_SECRET_PATHS=" + filepath.Join(dir, "mounted"), "RELAYPACK_POD_NAME=relay-0-x7f9q2kvb31",
		"RELAYPACK_LOG_LEVEL=debug", "RELAYPACK_PUSH_URLS=s3://b/p?secret_access_key=" + around["a query of PUSH_URL"]}
	const harmless = "production in eu-central-1 of controlbox, db.internal, relay-0-x7f9q2kvb31"
	relay.Raise("gateway", harmless, nil)
	for _, value := range around {
		for name, form := range written(value) {
			relay.Raise("gateway", "upstream ("+name+") echoed "+form+" and ended", nil)
		}
	}
	program := startProgram(t, "serve", env...)
	s := &serving{t: t, api: program.variable("RELAYPACK_LISTEN"), probe: program.variable("RELAYPACK_PROBE_LISTEN"), bear: testAdmin}
	program.listening(t, s.api)
	s.begun()
	out := map[string][]byte{"the pack": s.ask("POST", s.api, "/api/ops/support-pack", "").body, "events": s.get("/api/ops/events?type=all&limit=2000").body,
		"status": s.get("/api/ops/status").body, "readyz": s.probed("/readyz").body, "metrics": s.probed("/metrics").body}
	if pushed(s) == "" {
		t.Error("nothing was pushed")
	}
	program.end(t, os.Interrupt)
	out["the log"] = program.stderr.Bytes()
	for _, folder := range []string{state, store} {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				out[path], err = os.ReadFile(path)
				if strings.HasSuffix(path, ".gz") {
					out[path] = gunzipped(t, out[path])
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := len(out); n < 8 {
		t.Errorf("only %d places are searched", n)
	}
	for place, b := range out {
		for whence, value := range around {
			for name, form := range written(value) {
				if piece := leftOf(b, form); piece != "" {
					t.Errorf("%s has %s of %s (%s)", place, piece, whence, name)
				}
			}
		}
	}
	if !bytes.Contains(out["the pack"], []byte(harmless)) {
		t.Error("what is no secret does not stand in the pack as it was")
	}
	if n := bytes.Count(out["the pack"], []byte(" and ended")); n < 50 {
		t.Errorf("%d of the lines stand in the pack", n)
	}
}
