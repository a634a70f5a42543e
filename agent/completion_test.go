package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"relaypack/agent/internal/need"
)

// Every command is taught by example, and the examples use commands and flags that there are.
func TestExamplesUseWhatThereIs(t *testing.T) {
	flags := map[string][]string{"help": nil}
	for _, c := range commands() {
		flags[c.name] = []string{"--help"}
		for _, f := range flagsOf(c) {
			flags[c.name] = append(flags[c.name], "--"+f.Name)
		}
	}
	for name := range lessons() {
		if _, ok := flags[name]; !ok {
			t.Errorf("a lesson on %s, which is no command", name)
		}
	}
	if !slices.Contains(flags["once"], "--session") || !slices.Contains(flags["demo"], "--crash-every") {
		t.Fatalf("the flags are not found: %q", flags)
	}
	for _, c := range commands() {
		l, ok := lessons()[c.name]
		if !ok || len(l.examples) == 0 {
			t.Errorf("%s has no example", c.name)
		}
		for _, e := range l.examples {
			if !strings.Contains(e.line, "relaypack "+c.name) && !strings.Contains(e.line, "/relaypack "+c.name) {
				t.Errorf("%s: %s", c.name, e.line)
			}
			_, own, _ := strings.Cut(e.line, "relaypack "+c.name)
			for _, word := range strings.Fields(own) {
				if strings.HasPrefix(word, "--") && !slices.Contains(flags[c.name], word) {
					t.Errorf("%s has no flag %s", c.name, word)
				}
			}
		}
	}
}

// completionFile is the script of a shell, in a file.
func completionFile(t *testing.T, shell string) string {
	t.Helper()
	var out, faults bytes.Buffer
	if code := run(context.Background(), []string{"relaypack", "completion", shell}, nil, strings.NewReader(""), &out, &faults); code != 0 {
		t.Fatalf("exit %d: %s", code, faults.String())
	}
	name := filepath.Join(t.TempDir(), "_relaypack")
	if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func shellSays(t *testing.T, name string, args ...string) string {
	t.Helper()
	c := exec.Command(need.Tool(t, name), args...)
	c.Env = append(os.Environ(), "HOME="+t.TempDir(), "XDG_CONFIG_HOME="+t.TempDir())
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestBashCompletes(t *testing.T) {
	file := completionFile(t, "bash")
	for typed, want := range map[string]string{
		"ver":           "verify version",
		"once --s":      "--session",
		"redact --as j": "json",
		"redact --as ":  "auto json text metrics",
		"completion ":   "bash zsh fish --help",
		"help wat":      "watch",
		"verify pa":     "", // files, by the shell itself
		"once --nope":   "",
	} {
		got := shellSays(t, "bash", "-c", `source "$1"; words="$2"; COMP_WORDS=(relaypack $words); [[ "$words" == *" " ]] && COMP_WORDS+=(""); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _relaypack; echo "${COMPREPLY[@]}"`, "bash", file, typed)
		if got != want {
			t.Errorf("%q gives %q, want %q", typed, got, want)
		}
	}
}

func TestZshTakesTheCompletion(t *testing.T) {
	got := shellSays(t, "zsh", "-fc", `autoload -Uz compinit && compinit -D && source "$1" && print $_comps[relaypack] && functions _relaypack | grep -c -- --session`, "zsh", completionFile(t, "zsh"))
	if got != "_relaypack\n1" {
		t.Errorf("zsh says %q", got)
	}
}

func TestFishCompletes(t *testing.T) {
	file := completionFile(t, "fish")
	for typed, want := range map[string]string{
		"relaypack ver":            "verify\tlook for what must not leave in files (- is stdin)\nversion\tprint version, commit and Go version",
		"relaypack redact --as me": "metrics\twhat stdin is: auto, json, text or metrics",
		"relaypack completion z":   "zsh",
	} {
		if got := shellSays(t, "fish", "--no-config", "-c", `source $argv[1]; complete -C $argv[2]`, file, typed); got != want {
			t.Errorf("%q gives %q, want %q", typed, got, want)
		}
	}
}
