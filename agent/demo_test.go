package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"syscall"
	"testing"
	"time"
)

func TestDemoOncePrintsAPack(t *testing.T) {
	from := time.Now()
	program := startProgram(t, "demo", "--once")
	out, err := io.ReadAll(program.stdout)
	if err != nil {
		t.Fatal(err)
	}
	<-program.ended
	if program.err != nil || program.stderr.Len() > 0 {
		t.Fatalf("%v, stderr %s", program.err, program.stderr.String())
	}
	if took := time.Since(from); took > 10*time.Second { // 2 s are promised on a machine that does nothing else
		t.Errorf("it took %v", took)
	}
	doc := validPack(t, out)
	for _, path := range [][]string{{"config"}, {"sessionParity"}, {"sessionEvents"}, {"supportBundle", "process", "pid"}, {"runtimeStats", "memory", "heapUsed"}} {
		if at(doc, path...) == nil {
			t.Errorf("no %v", path)
		}
	}
}

// The demo's relay really dies and comes back, as another process.
func TestDemoCrashEvery(t *testing.T) {
	program := startProgram(t, "demo", "--crash-every", "1s")
	intro := program.readUntil(t, "Ctrl-C ends both.")
	m := regexp.MustCompile(`API +http://(\S+)\s+admin token +(\S+)`).FindStringSubmatch(intro)
	if m == nil {
		t.Fatal(intro)
	}
	s := &serving{t: t, api: m[1], bear: m[2]}
	program.listening(t, s.api)
	var lives []any
	eventually(t, "a second life", func() bool {
		lives = at(s.pack(""), "supportBundle", "lives").([]any)
		return len(lives) >= 2
	})
	if at(lives, "0", "endedAt") == nil || at(lives, "0", "pid") == nil || at(lives, "0", "pid") == at(lives, "1", "pid") {
		t.Errorf("lives: %v", lives)
	}
	eventually(t, "the command line of a later life", func() bool {
		lives := at(s.pack(""), "supportBundle", "lives").([]any)
		pid, _ := at(lives, strconv.Itoa(len(lives)-1), "pid").(float64)
		line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", int(pid)))
		if bytes.Contains(line, []byte("eyJ")) {
			t.Errorf("every user of the machine can read the bearer: %q", line)
		}
		return err == nil && bytes.Contains(line, []byte("--life")) && !bytes.Contains(line, []byte("--life\x001\x00"))
	})
	program.end(t, syscall.SIGINT)
}

// The line that the demo prints holds in every life: its session goes on after the relay came back.
func TestDemoSessionOutlivesTheRelay(t *testing.T) {
	program := startProgram(t, "demo", "--crash-every", "6s")
	intro := program.readUntil(t, "Ctrl-C ends both.")
	m := regexp.MustCompile(`API +http://(\S+)\s+admin token +(\S+)\s+a session +(\S+)`).FindStringSubmatch(intro)
	if m == nil {
		t.Fatal(intro)
	}
	s := &serving{t: t, api: m[1], bear: m[2]}
	program.listening(t, s.api)
	eventually(t, "the session in a later life", func() bool {
		made := s.pack(`{"sessionId": "` + m[3] + `"}`)
		lives := at(made, "supportBundle", "lives").([]any)
		return len(lives) >= 2 && at(lives, strconv.Itoa(len(lives)-1), "endedAt") == nil &&
			at(made, "supportBundle", "sources", "metrics", "status") == "ok" && at(made, "sessionParity") != nil
	})
	program.end(t, syscall.SIGINT)
}
