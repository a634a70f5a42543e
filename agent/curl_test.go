package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/shirou/gopsutil/v3/process"

	"relaypack/agent/internal/need"
	"relaypack/scrape/demorelay"
)

// usageCommand is the command line of the format document's usage section, as written there: a path for
// the address and a word for the bearer.
const usageCommand = `curl -X POST /api/ops/support-pack \
  -H "Authorization: Bearer <admin-token>" \
  -H "Content-Type: application/json" \
  -d '` + usageBody + `'`

// curled runs the usage section's command against an agent, quoting and line ends included.
func curled(t *testing.T, address, bearer string) []byte {
	t.Helper()
	line := strings.NewReplacer(" /api/", " http://"+address+"/api/", "<admin-token>", bearer).Replace(usageCommand)
	return shell(t, line)
}

func shell(t *testing.T, line string) []byte {
	t.Helper()
	need.Tool(t, "curl")
	cmd := exec.Command(need.Tool(t, "sh"), "-c", line)
	cmd.Dir = t.TempDir()
	var told bytes.Buffer
	cmd.Stderr = &told
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, told.Bytes())
	}
	if file, err := os.ReadFile(filepath.Join(cmd.Dir, "pack.json")); err == nil {
		return file
	}
	return out
}

func TestCurlAgainstServe(t *testing.T) {
	relay, address := liveRelay(t, demorelay.DemoOptions(21))
	program := startProgram(t, "serve", "RELAYPACK_RELAY_URL=http://"+address, "RELAYPACK_RELAY_TOKEN="+relay.Bearer(),
		"RELAYPACK_PROCESS=off", "RELAYPACK_ADMIN_TOKEN="+testAdmin, "RELAYPACK_LISTEN="+freePort(t), "RELAYPACK_PROBE_LISTEN="+freePort(t))
	program.listening(t, program.variable("RELAYPACK_PROBE_LISTEN"))
	eventually(t, "/startupz", func() bool {
		res, err := http.Get("http://" + program.variable("RELAYPACK_PROBE_LISTEN") + "/startupz")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
	program.listening(t, program.variable("RELAYPACK_LISTEN"))
	doc := validPack(t, curled(t, program.variable("RELAYPACK_LISTEN"), testAdmin))
	if doc["config"] == nil || at(doc, "supportBundle", "sources", "metrics", "status") != "ok" {
		t.Errorf("config %v, sources %v", doc["config"], at(doc, "supportBundle", "sources"))
	}
	program.end(t, syscall.SIGTERM)
	if bytes.Contains(program.stderr.Bytes(), []byte(testAdmin)) || bytes.Contains(program.stderr.Bytes(), []byte(relay.Bearer())) {
		t.Errorf("a bearer stands in the log")
	}
}

func TestCurlAgainstDemo(t *testing.T) {
	program := startProgram(t, "demo")
	intro := program.readUntil(t, "Ctrl-C ends both.")
	find := func(pattern string) string {
		m := regexp.MustCompile(pattern).FindStringSubmatch(intro)
		if m == nil {
			t.Fatalf("%s is not in what the demo says: %s", pattern, intro)
		}
		return m[1]
	}
	api, bearer := find(`API +http://(\S+)`), find(`admin token +(\S+)`)
	relay, pid := find(`relay runs on http://(\S+) `), find(`\(process (\d+)\)`)
	program.listening(t, api)
	var doc map[string]any
	eventually(t, "a pack of the first look", func() bool {
		doc = validPack(t, curled(t, api, bearer))
		return doc["config"] != nil
	})
	if at(doc, "supportBundle", "sources", "metrics", "status") != "ok" {
		t.Errorf("sources %v", at(doc, "supportBundle", "sources"))
	}
	// The line that the demo prints names a session that lives.
	printed := validPack(t, shell(t, strings.TrimSpace(find(`(?s)(curl .*-o pack\.json)`))))
	if printed["sessionParity"] == nil || printed["config"] == nil {
		t.Errorf("the printed line: parity %v, config %v", printed["sessionParity"], printed["config"])
	}
	program.end(t, syscall.SIGINT)
	goneWith(t, relay, pid)
}

// A demo that is killed takes its relay along.
func TestKilledDemoLeavesNoOrphan(t *testing.T) {
	program := startProgram(t, "demo", "--crash-every", "1s")
	intro := program.readUntil(t, "Ctrl-C ends both.")
	m := regexp.MustCompile(`relay runs on http://(\S+) \(process (\d+)\)`).FindStringSubmatch(intro)
	if m == nil {
		t.Fatal(intro)
	}
	if err := program.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-program.ended
	goneWith(t, m[1], m[2])
}

// goneWith waits for a relay to be gone: its port refuses and its process is no more.
func goneWith(t *testing.T, address, pid string) {
	t.Helper()
	eventually(t, "the end of the relay's port", func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
		}
		return errors.Is(err, syscall.ECONNREFUSED)
	})
	n, err := strconv.ParseInt(pid, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the end of the relay's process", func() bool {
		p, err := process.NewProcess(int32(n))
		if err != nil {
			return true
		}
		state, err := p.Status() // one that nobody waited for stays as a zombie where pid 1 is no init
		return err != nil || len(state) == 1 && state[0] == process.Zombie
	})
}

// running is the real program, as a process of its own.
type running struct {
	cmd    *exec.Cmd
	stdout *bufio.Reader
	stderr bytes.Buffer // to be read after the end
	ended  chan struct{}
	err    error
}

// startProgram starts a command with arguments and variables (NAME=VALUE); nothing else of the
// environment names a RELAYPACK_* variable. It is killed with the test if it has not ended.
func startProgram(t *testing.T, command string, args ...string) *running {
	t.Helper()
	r := &running{ended: make(chan struct{})}
	r.cmd = exec.Command("relaypack", command)
	for _, nv := range os.Environ() {
		if !strings.HasPrefix(nv, envPrefix+"_") {
			r.cmd.Env = append(r.cmd.Env, nv)
		}
	}
	for _, a := range args {
		if strings.HasPrefix(a, envPrefix+"_") {
			r.cmd.Env = append(r.cmd.Env, a)
		} else {
			r.cmd.Args = append(r.cmd.Args, a)
		}
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.stdout = bufio.NewReader(read)
	r.cmd.Stdout, r.cmd.Stderr = write, &r.stderr
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	go func() {
		r.err = r.cmd.Wait()
		close(r.ended)
	}()
	t.Cleanup(func() {
		r.cmd.Process.Kill() // nothing is left to kill in most cases
		<-r.ended
		read.Close()
	})
	return r
}

func (r *running) variable(name string) string {
	for _, nv := range r.cmd.Env {
		if value, ok := strings.CutPrefix(nv, name+"="); ok {
			return value
		}
	}
	return ""
}

// readUntil gives what the program says on stdout up to a line.
func (r *running) readUntil(t *testing.T, last string) string {
	t.Helper()
	var all strings.Builder
	for {
		line, err := r.stdout.ReadString('\n')
		all.WriteString(line)
		if strings.TrimSpace(line) == last {
			return all.String()
		}
		if errors.Is(err, io.EOF) {
			<-r.ended
			t.Fatalf("the program ended: %v, after %q, stderr %s", r.err, all.String(), r.stderr.String())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// listening waits until an address can be reached.
func (r *running) listening(t *testing.T, address string) {
	t.Helper()
	eventually(t, "a listener on "+address, func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// end tells the program to stop and wants exit code 0.
func (r *running) end(t *testing.T, how os.Signal) {
	t.Helper()
	if err := r.cmd.Process.Signal(how); err != nil {
		t.Fatal(err)
	}
	<-r.ended
	if r.err != nil {
		t.Errorf("after %v: %v, stderr %s", how, r.err, r.stderr.String())
	}
}
