package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"
)

// full is a device without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

var noRelay = []string{"RELAYPACK_RELAY_URL=http://127.0.0.1:1", "RELAYPACK_PROCESS=off"}

// A result that could not be written is told, and is not code 0.
func TestLostOutputIsTold(t *testing.T) {
	for _, line := range []string{"help", "help once", "once -h", "version", "schema", "check generic", "serve --check", "once", "redact"} {
		var errs bytes.Buffer
		code := run(t.Context(), append([]string{"relaypack"}, strings.Fields(line)...), append(noRelay, "RELAYPACK_ADMIN_TOKEN="+adminBearer),
			strings.NewReader(`{"password":"hunter2"}`), full{}, &errs)
		if code != 1 || !strings.HasPrefix(errs.String(), "relaypack: ") || !strings.Contains(errs.String(), syscall.ENOSPC.Error()) || strings.Count(errs.String(), "\n") != 1 {
			t.Errorf("%s: code %d, %q", line, code, errs.String())
		}
	}
	var errs bytes.Buffer
	if code := run(t.Context(), []string{"relaypack", "schema"}, nil, nil, &bytes.Buffer{}, &errs); code != 0 || errs.Len() > 0 {
		t.Errorf("with room: code %d, %q", code, errs.String())
	}
}

// Whatever is wrong, it is one line of visible characters that does not grow with what was given.
func TestComplaintsAreOneLine(t *testing.T) {
	odd := "a\x1b[2J\nb\u202ec\xff"
	long := strings.Repeat("x", 1<<20)
	for _, c := range []struct {
		args []string
		env  []string
	}{
		{[]string{odd}, nil},
		{[]string{long}, nil},
		{[]string{"help", long}, nil},
		{[]string{"once", "--" + odd}, nil},
		{[]string{"once", "--" + long}, nil},
		{[]string{"once", "--config=" + odd}, nil},
		{[]string{"demo", "--crash-every", long}, nil},
		{[]string{"check", odd}, nil},
		{[]string{"check", long}, nil},
		{[]string{"once"}, []string{"RELAYPACK_PROFILE=" + odd}},
		{[]string{"once"}, []string{"RELAYPACK_PROFILE=" + long}},
		{[]string{"once"}, []string{"RELAYPACK_ADMIN_TOKEN=" + long}},
		{[]string{"once"}, []string{"RELAYPACK_RELAY_URL=http://x:1/" + long, "RELAYPACK_GRACE=x"}},
	} {
		var out, errs bytes.Buffer
		code := run(t.Context(), append([]string{"relaypack"}, c.args...), append(noRelay, c.env...), nil, &out, &errs)
		text := errs.String()
		if code != 2 || out.Len() > 0 || !strings.HasPrefix(text, "relaypack: ") || strings.Count(text, "\n") != 1 || len(text) > 2000 || strings.ContainsAny(text, "\x1b\u202e") || !utf8.ValidString(text) {
			t.Errorf("%.40q %.40q: code %d, %d bytes: %.300q", c.args, c.env, code, len(text), text)
		}
	}
	var errs bytes.Buffer
	run(t.Context(), []string{"relaypack", "serve", "--check"}, []string{"RELAYPACK_X\x1b[2J\ny=1"}, nil, &bytes.Buffer{}, &errs)
	if strings.Count(errs.String(), "\n") != 2 || strings.Contains(errs.String(), "\x1b") { // the variable, and that no bearer is set
		t.Errorf("an odd variable: %q", errs.String())
	}
}

// The agent goes on when nobody reads its log any more.
func TestServeOutlivesItsLog(t *testing.T) {
	api, probe := freePort(t), freePort(t)
	cmd := exec.Command("relaypack", "serve")
	cmd.Env = append(os.Environ(), append(noRelay, "RELAYPACK_LISTEN="+api, "RELAYPACK_PROBE_LISTEN="+probe, "RELAYPACK_LOG_LEVEL=debug")...)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = write, write
	read.Close() // so that not even the first line is read
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { cmd.Process.Kill() })
	s := &serving{t: t, probe: probe}
	eventually(t, "/startupz", func() bool { return s.probed("/startupz").code == 200 })
	cmd.Process.Signal(syscall.SIGTERM)
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
}

// What is no regular file is refused, not waited for.
func TestNoRegularFiles(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"RELAY_TOKEN_FILE", "RELAY_CA_FILE", "RELAY_LOGIN_FILE", "ADMIN_TOKEN_FILE", "PSEUDONYM_KEY_FILE", "PROFILE"} {
		for path, want := range map[string]string{dir: "is a directory", pipe: "is no regular file", os.DevNull: "is no regular file"} {
			if _, faults := checked(t, "RELAYPACK_"+name+"="+path); len(faults) != 1 || !strings.HasSuffix(faults[0], want) {
				t.Errorf("%s=%s: %q, want %s", name, path, faults, want)
			}
		}
	}
}

var errGone = errors.New("gone")

type breaks struct{ n int }

func (b *breaks) Write(p []byte) (int, error) {
	if b.n++; b.n > 1 {
		return 0, errGone
	}
	return len(p), nil
}

// The first error of an output stays.
func TestOutputKeepsItsFirstError(t *testing.T) {
	o := &output{w: &breaks{}}
	for range 3 {
		o.Write([]byte("x"))
	}
	if !errors.Is(o.err, errGone) {
		t.Errorf("the error is %v", o.err)
	}
	if _, err := (&output{w: full{}}).Write(nil); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("an error is kept from the writer: %v", err)
	}
}
