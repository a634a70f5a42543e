package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// bearer is the admin's, of agents that live for seconds.
const bearer = "cost-admin-0123456789"

// subject is a process that looks at the target.
type subject struct {
	name  string
	api   string // the agent's; "" of the others
	start func(*target) (*exec.Cmd, error)
}

func build(binary string) (size int64, err error) {
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, "./agent")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return 0, fmt.Errorf("build the agent (run this in the project's root): %w", err)
	}
	info, err := os.Stat(binary)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// subjects are the agent, the floor, and those of the others that are on this machine.
func subjects(binary, dir string, every time.Duration) []subject {
	api, probe := freeAddress(), freeAddress()
	list := []subject{
		{"relaypack", api, func(t *target) (*exec.Cmd, error) {
			cmd := exec.Command(binary, "serve")
			cmd.Env = append(os.Environ(), "RELAYPACK_RELAY_URL=http://"+t.address, "RELAYPACK_RELAY_TOKEN="+t.relay.Bearer(),
				"RELAYPACK_ADMIN_TOKEN="+bearer, "RELAYPACK_LISTEN="+api, "RELAYPACK_PROBE_LISTEN="+probe,
				"RELAYPACK_METRICS_INTERVAL="+every.String(), "RELAYPACK_LOG_LEVEL=error")
			return cmd, nil
		}},
		{"fetch and discard", "", func(t *target) (*exec.Cmd, error) {
			self, err := os.Executable()
			return exec.Command(self, "floor", "http://"+t.address+"/metrics", every.String()), err
		}},
	}
	if path, err := exec.LookPath("vmagent"); err == nil {
		list = append(list, subject{"vmagent", "", func(t *target) (*exec.Cmd, error) {
			config, err := configFor(t, dir, every)
			sink := freeAddress()
			go http.ListenAndServe(sink, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }))
			return exec.Command(path, "-promscrape.config="+config, "-remoteWrite.url=http://"+sink+"/write",
				"-remoteWrite.tmpDataPath="+filepath.Join(dir, "vmagent"), "-httpListenAddr="+freeAddress(), "-loggerLevel=ERROR"), err
		}})
	}
	if path, err := exec.LookPath("prometheus"); err == nil {
		list = append(list, subject{"prometheus", "", func(t *target) (*exec.Cmd, error) {
			config, err := configFor(t, dir, every)
			return exec.Command(path, "--config.file="+config, "--storage.tsdb.path="+filepath.Join(dir, "prometheus"+t.address),
				"--web.listen-address="+freeAddress(), "--log.level=error"), err
		}})
	}
	return list
}

func configFor(t *target, dir string, every time.Duration) (string, error) {
	path := filepath.Join(dir, "scrape.yml")
	text := fmt.Sprintf("global: {scrape_interval: %s}\nscrape_configs:\n- job_name: relay\n  static_configs: [{targets: ['%s']}]\n", every, t.address)
	return path, os.WriteFile(path, []byte(text), 0o600)
}

func freeAddress() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	fail(err)
	defer l.Close()
	return l.Addr().String()
}

// fetchForever is the floor: what any process pays that reads the page.
func fetchForever(url string, every time.Duration) error {
	transport := &http.Transport{DisableKeepAlives: true, DisableCompression: true}
	for tick := time.Tick(every); ; <-tick {
		request, err := http.NewRequest(http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		resp, err := transport.RoundTrip(request)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if err != nil {
			return err
		}
	}
}
