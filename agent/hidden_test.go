package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"relaypack/agent/internal/fixture"
)

// Made-up values of every secret variable.
const (
	relayBearer = "relay-Bearer-6X7qPz19"
	adminBearer = "admin-Bearer-5Y8rNw28"
	pseudonyms  = "pseudonym-Hmac-4Z9sMv37"
	loginWord   = "login-Word-3A1tLu46"
)

// secretEnvironment sets every secret variable, by value or by file.
func secretEnvironment(t *testing.T, byFile bool) []string {
	t.Helper()
	dir := t.TempDir()
	var env []string
	file := func(name, content string) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		env = append(env, "RELAYPACK_"+name+"="+path)
	}
	file("RELAY_LOGIN_FILE", `{"email":"bot@example.com","password":"`+loginWord+`"}`)
	for name, value := range map[string]string{"RELAY_TOKEN": relayBearer, "ADMIN_TOKEN": adminBearer, "PSEUDONYM_KEY": pseudonyms} {
		if byFile {
			file(name+"_FILE", value+"\n")
		} else {
			env = append(env, "RELAYPACK_"+name+"="+value)
		}
	}
	return env
}

// unspoken looks for the made-up secrets, in the spellings that fmt and encoders have.
func unspoken(t *testing.T, place string, out []byte) {
	t.Helper()
	for _, value := range []string{relayBearer, adminBearer, pseudonyms, loginWord} {
		forms := []string{value, hex.EncodeToString([]byte(value)), strings.ToUpper(hex.EncodeToString([]byte(value))),
			base64.StdEncoding.EncodeToString([]byte(value)), strings.Trim(fmt.Sprint([]byte(value)), "[]"),
			strings.Trim(strings.TrimPrefix(fmt.Sprintf("%#v", []byte(value)), "[]byte"), "{}")}
		for _, form := range forms {
			if bytes.Contains(out, []byte(form)) {
				t.Errorf("%s shows %s as %s", place, value, form)
			}
		}
	}
}

func TestSecretsAreShownNowhere(t *testing.T) {
	for _, byFile := range []bool{false, true} {
		v, _, err := readVariables(secretEnvironment(t, byFile))
		if err != nil {
			t.Fatal(err)
		}
		s, faults := validate(v)
		if faults != nil || s.bearer.first() != relayBearer || s.admin.first() != adminBearer || string(s.pseudonymKey) != pseudonyms {
			t.Fatalf("by file %v: %v", byFile, faults)
		}
		for name, value := range map[string]any{"variables": v, "*variables": &v, "settings": *s, "*settings": s, "bearer": s.bearer,
			"admin": &s.admin, "values": s.admin.values(), "login": s.login, "files": s.files(), "secret": v.AdminToken,
			"inside": struct{ S *settings }{s}} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
				unspoken(t, name+" by "+verb, fmt.Appendf(nil, verb, value))
			}
			b, err := json.Marshal(value)
			if err != nil {
				t.Errorf("%s as JSON: %v", name, err)
			}
			unspoken(t, name+" as JSON", b)
			var told bytes.Buffer
			slog.New(slog.NewJSONHandler(&told, nil)).Info("x", "it", value)
			slog.New(slog.NewTextHandler(&told, nil)).Info("x", "it", value)
			unspoken(t, name+" in a log", told.Bytes())
		}
	}
}

// Values that are faulty are not quoted either.
func TestFaultsQuoteNoSecret(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	if err := os.WriteFile(path, []byte(loginWord+" "+adminBearer), 0o600); err != nil {
		t.Fatal(err)
	}
	v, _, err := readVariables([]string{"RELAYPACK_RELAY_URL=http://bot:" + loginWord + "@127.0.0.1?" + relayBearer, "RELAYPACK_RELAY_TOKEN=" + relayBearer + " x",
		"RELAYPACK_ADMIN_TOKEN_FILE=" + path, "RELAYPACK_RELAY_LOGIN_FILE=" + path, "RELAYPACK_PSEUDONYM_KEY=" + pseudonyms + "\n", "RELAYPACK_PROCESS=name:(" + adminBearer})
	if err != nil {
		t.Fatal(err)
	}
	_, faults := validate(v)
	if n := len(faultList(faults)); n != 6 {
		t.Errorf("%d faults of 6: %q", n, faultList(faults))
	}
	unspoken(t, "the faults", []byte(errors.Join(faults).Error()))
}

// The whole program, from the variables to the log.
func TestServeLogsNoSecret(t *testing.T) {
	for _, byFile := range []bool{false, true} {
		r, w := io.Pipe()
		var told fixture.Page
		read := make(chan struct{})
		go func() {
			defer close(read)
			io.Copy(&told, r)
		}()
		env := append(secretEnvironment(t, byFile), "RELAYPACK_RELAY_URL=http://"+freePort(t), "RELAYPACK_LISTEN="+freePort(t),
			"RELAYPACK_PROBE_LISTEN="+freePort(t), "RELAYPACK_PROCESS=off", "RELAYPACK_LOG_LEVEL=debug", "RELAYPACK_SERVICE_HOST=x")
		ctx, stop := context.WithCancel(t.Context())
		code := make(chan int, 1)
		go func() { code <- run(ctx, []string{"relaypack"}, env, strings.NewReader(""), w, w) }()
		for _, line := range []string{`"source changed"`, `"listening"`, `RELAYPACK_SERVICE_HOST`} {
			eventually(t, line, func() bool { return strings.Contains(told.String(), line) })
		}
		stop()
		if c := <-code; c != 0 {
			t.Errorf("exit code %d", c)
		}
		w.Close()
		<-read
		if !strings.Contains(told.String(), `"stopped"`) {
			t.Errorf("the log is %s", told.String())
		}
		unspoken(t, "the log of serve", []byte(told.String()))
	}
}
