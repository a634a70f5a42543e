package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"relaypack/pack/state"
)

// Without a key of its own the installation's is the one that the agent keeps in STATE_DIR, also while it runs.
func TestInstallationKeyOfTheStateFolder(t *testing.T) {
	dir := t.TempDir()
	with := func(env, stdin string, command ...string) (int, string, string) {
		var out, errs bytes.Buffer
		code := run(t.Context(), append([]string{"relaypack"}, command...), append([]string{env}, noRelay...), strings.NewReader(stdin), &out, &errs)
		return code, out.String(), errs.String()
	}
	ask := func(stdin string, command ...string) (int, string, string) {
		return with("RELAYPACK_STATE_DIR="+dir, stdin, command...)
	}
	if code, _, errs := ask("", "whois", "bob7"); code != 2 || !strings.Contains(errs, "RELAYPACK_STATE_DIR") {
		t.Errorf("without a kept one: code %d, %s", code, errs)
	}
	store, _, err := state.Open(dir, state.Options{MaxBytes: 1 << 20, Schema: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	key, err := store.PseudonymKey()
	if err != nil {
		t.Fatal(err)
	}
	_, direct, _ := with("RELAYPACK_PSEUDONYM_KEY="+string(key.Text), "", "whois", "bob7")
	code, names, errs := ask("", "whois", "bob7")
	if code != 0 || names != direct || strings.Count(names, "\n") != 6 {
		t.Errorf("code %d, %s\n%s\nwant\n%s", code, errs, names, direct)
	}
	code, clean, _ := ask(`{"userId":"bob7"}`, "redact")
	name := strings.Split(clean, `"`)[3]
	if code != 0 || !strings.Contains(names, "bob7\t"+name+"\tuser\n") {
		t.Errorf("redact gives %s, which is none of\n%s", clean, names)
	}
	epoch := strings.Fields(errs)[len(strings.Fields(errs))-1]
	if code, made, _ := ask("", "once"); code != 0 || !strings.Contains(made, `"epoch":"`+epoch+`"`) {
		t.Errorf("once: code %d, its pack is not of epoch %s", code, epoch)
	}
	if err := os.WriteFile(filepath.Join(dir, keptKey), []byte("x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"whois", "redact", "once"} {
		if code, out, errs := ask("bob7", command); code != 2 || out != "" || !strings.Contains(errs, "pseudonym.key in RELAYPACK_STATE_DIR: is broken") {
			t.Errorf("%s with a broken one: code %d, %q, %s", command, code, out, errs)
		}
	}
}
