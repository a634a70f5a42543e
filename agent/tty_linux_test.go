package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// pseudo is a terminal of 60 columns and 20 lines with nobody behind it but the test.
type pseudo struct {
	hand *os.File // what is written here is typed
	tty  *os.File // what the program takes for its terminal
	mu   sync.Mutex
	seen bytes.Buffer
	done chan struct{}
}

func openPseudo(t *testing.T) *pseudo {
	t.Helper()
	hand, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(int(hand.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(hand.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	tty, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := &pseudo{hand: hand, tty: tty, done: make(chan struct{})}
	p.resize(t, 60, 20)
	go func() {
		defer close(p.done)
		buf := make([]byte, 4096)
		for {
			n, err := hand.Read(buf)
			p.mu.Lock()
			p.seen.Write(buf[:n])
			p.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { tty.Close(); <-p.done; hand.Close() })
	return p
}

func (p *pseudo) resize(t *testing.T, width, height uint16) {
	t.Helper()
	if err := unix.IoctlSetWinsize(int(p.hand.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Col: width, Row: height}); err != nil {
		t.Fatal(err)
	}
}

func (p *pseudo) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen.String()
}

// flags are those of the terminal that watch changes.
func (p *pseudo) flags(t *testing.T) uint32 {
	t.Helper()
	now, err := unix.IoctlGetTermios(int(p.tty.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return now.Lflag & (unix.ECHO | unix.ICANON)
}

// watch takes the screen, follows its size, ends at q, and leaves the terminal as it was. What a relay says moves nothing.
func TestWatchOnATerminal(t *testing.T) {
	agent := cannedAgent(t)
	for name, colours := range map[string]string{"colours": "TERM=xterm", "none": "NO_COLOR=1"} {
		p := openPseudo(t)
		before := p.flags(t)
		env := []string{"TERM=xterm", colours, "RELAYPACK_ADMIN_TOKEN=" + cannedBearer}
		ended := make(chan int, 1)
		go func() {
			ended <- run(t.Context(), []string{"relaypack", "watch", "--interval", "200ms", agent.URL}, env, p.tty, p.tty, p.tty)
		}()
		eventually(t, "the screen", func() bool { return strings.Contains(p.text(), "dead since") })
		if strings.Contains(p.text(), "title\\u0007 <b>") {
			t.Errorf("%s: a line is longer than 60 columns", name)
		}
		if p.flags(t) == before {
			t.Errorf("%s: what is typed is shown", name)
		}
		p.resize(t, 160, 40)
		eventually(t, "the larger screen", func() bool { return strings.Contains(p.text(), "title\\u0007 <b>") })
		if _, err := p.hand.WriteString("abcq"); err != nil {
			t.Fatal(err)
		}
		if code := <-ended; code != 0 {
			t.Errorf("%s: exit %d", name, code)
		}
		eventually(t, "the shell's page", func() bool { return strings.HasSuffix(p.text(), "\x1b[?7h\x1b[?25h\x1b[?1049l") })
		text := p.text()
		if !strings.HasPrefix(text, "\x1b[?1049h\x1b[?25l\x1b[?7l") || p.flags(t) != before {
			t.Errorf("%s: the terminal is not as it was", name)
		}
		if strings.Contains(text, "\x1b]0;") || strings.Contains(text, "\x1b[31m") != (name == "colours") {
			t.Errorf("%s: %q", name, text)
		}
	}
}

// once tells a person what it does, beside the pack and not in it; without a person it is silent.
func TestOnceTellsAPerson(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	env := []string{"TERM=xterm", "RELAYPACK_RELAY_URL=" + closed.URL}
	for name, more := range map[string]string{"colours": "TERM=xterm", "none": "NO_COLOR=1", "piped": ""} {
		p := openPseudo(t)
		var stdout, piped bytes.Buffer
		var stderr io.Writer = p.tty
		if name == "piped" {
			stderr = &piped
		}
		if code := run(t.Context(), []string{"relaypack", "once"}, append(env, more), strings.NewReader(""), &stdout, stderr); code != 0 {
			t.Fatalf("%s: exit %d", name, code)
		}
		if !json.Valid(stdout.Bytes()) {
			t.Errorf("%s: stdout is not the pack alone", name)
		}
		if name == "piped" {
			if piped.Len() > 0 || p.text() != "" {
				t.Errorf("piped, and yet %q", piped.String())
			}
			continue
		}
		eventually(t, "the verdict", func() bool { return strings.Contains(p.text(), "second detector: ") })
		for _, want := range []string{"metrics          unreachable", "taken out or masked: "} {
			if !strings.Contains(p.text(), want) {
				t.Errorf("%s: no %q in %q", name, want, p.text())
			}
		}
		if got := strings.Contains(p.text(), "\x1b["); got != (name == "colours") {
			t.Errorf("%s: colours %v", name, got)
		}
	}
}
