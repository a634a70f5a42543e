package ship

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Azurite's account and its password are constants of its documentation.
const (
	azAccount = "devstoreaccount1"
	azSecret  = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)

func TestMain(m *testing.M) {
	if os.Getenv(childFolder) != "" {
		child()
		return
	}
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "testkey", "AWS_SECRET_ACCESS_KEY": "testsecret", "AWS_EC2_METADATA_DISABLED": "true",
		"AZURE_STORAGE_KEY": azSecret, "NO_PROXY": "127.0.0.1",
	} {
		os.Setenv(name, value)
	}
	code := m.Run()
	for _, stop := range running.stops {
		stop()
	}
	os.Exit(code)
}

// running are the servers of this test binary: each is started once, by the first test that needs it.
var running struct {
	sync.Mutex
	stops   []func()
	servers map[string]string // name: host:port
	folders map[string]string // name: where it keeps its data
}

// server starts a program on a free port, or gives the one that runs. args gets the port and a folder.
func server(t *testing.T, name string, args func(port, dir string) []string, env ...string) string {
	t.Helper()
	return serverCalled(t, name, name, args, env...)
}

// serverCalled is server for the second of a kind.
func serverCalled(t *testing.T, name, program string, args func(port, dir string) []string, env ...string) string {
	t.Helper()
	path := tool(t, program)
	running.Lock()
	defer running.Unlock()
	if addr := running.servers[name]; addr != "" {
		return addr
	}
	dir, err := os.MkdirTemp("", "ship-"+name)
	if err != nil {
		t.Fatal(err)
	}
	addr := freeAddress(t)
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args(port, dir)...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Dir = dir
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	running.stops = append(running.stops, func() {
		cmd.Process.Kill()
		<-ended
		os.RemoveAll(dir)
	})
	if running.servers == nil {
		running.servers, running.folders = map[string]string{}, map[string]string{}
	}
	waitFor(t, name+" to listen", func() bool {
		select {
		case <-ended:
			t.Fatalf("%s ended: %s", name, said.String())
		default:
		}
		c, err := net.Dial("tcp", addr)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	running.servers[name], running.folders[name] = addr, dir
	return addr
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// waitFor looks until something of another process has come about.
func waitFor(t *testing.T, what string, there func() bool) {
	t.Helper()
	deadline := time.After(90 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !there() {
		select {
		case <-deadline:
			t.Fatalf("waited in vain for %s", what)
		case <-tick.C:
		}
	}
}

func versitygw(t *testing.T) string {
	return server(t, "versitygw", func(port, dir string) []string {
		for _, sub := range []string{"meta", "data"} {
			if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		return []string{"--port", "127.0.0.1:" + port, "posix", "--sidecar", filepath.Join(dir, "meta"), filepath.Join(dir, "data")}
	}, "ROOT_ACCESS_KEY=testkey", "ROOT_SECRET_KEY=testsecret")
}

func fakeGCS(t *testing.T) string {
	return server(t, "fake-gcs-server", func(port, _ string) []string {
		return []string{"-scheme", "http", "-host", "127.0.0.1", "-port", port, "-public-host", "127.0.0.1:" + port, "-backend", "memory"}
	})
}

func azurite(t *testing.T) string {
	return server(t, "azurite-blob", func(port, dir string) []string {
		return []string{"--blobHost", "127.0.0.1", "--blobPort", port, "--location", dir, "--skipApiVersionCheck", "--disableTelemetry", "--silent"}
	})
}

// wire is a toxiproxy before a real server: what a network does to a connection.
type wire struct {
	t    *testing.T
	api  string
	name string
	addr string
}

var wires sync.Mutex

func newWire(t *testing.T, upstream string) *wire {
	t.Helper()
	api := server(t, "toxiproxy-server", func(port, _ string) []string { return []string{"-host", "127.0.0.1", "-port", port} })
	wires.Lock() // the port that is free now must not be given twice
	defer wires.Unlock()
	w := &wire{t: t, api: "http://" + api, addr: freeAddress(t)}
	w.name = "p" + w.addr[len("127.0.0.1:"):]
	w.post("/proxies", map[string]any{"name": w.name, "listen": w.addr, "upstream": upstream})
	t.Cleanup(func() { w.do(http.MethodDelete, "/proxies/"+w.name, nil) })
	return w
}

func (w *wire) post(path string, v any) { w.do(http.MethodPost, path, v) }

func (w *wire) do(method, path string, v any) {
	w.t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		w.t.Fatal(err)
	}
	req, err := http.NewRequest(method, w.api+path, bytes.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	if said, _ := io.ReadAll(resp.Body); resp.StatusCode >= 300 {
		w.t.Fatalf("toxiproxy %s %s: %s", method, path, said)
	}
}

// cut refuses connections, or lets them in again.
func (w *wire) cut(off bool) { w.post("/proxies/"+w.name, map[string]any{"enabled": !off}) }

// spoil adds a toxic; stream is upstream (what we send) or downstream (what the store answers).
func (w *wire) spoil(kind, stream string, attributes map[string]any) {
	w.t.Helper()
	w.post("/proxies/"+w.name+"/toxics", map[string]any{"name": kind + stream, "type": kind, "stream": stream, "attributes": attributes})
}

func (w *wire) heal(kind, stream string) {
	w.do(http.MethodDelete, fmt.Sprintf("/proxies/%s/toxics/%s%s", w.name, kind, stream), nil)
}
