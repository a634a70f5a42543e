package scrape

import (
	"context"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"relaypack/scrape/demorelay"
)

// apiServer stands in for a cluster's: TLS with an authority of its own, over pipes, so that it runs in
// false time.
type apiServer struct {
	t      *testing.T
	folder string // the mounted service account
	conns  chan net.Conn
	done   chan struct{}
	server *httptest.Server

	mu     sync.Mutex
	bearer string
	asked  []string // path and query
	at     []time.Time
	answer map[string]http.HandlerFunc // by the end of the path
}

func (a *apiServer) Accept() (net.Conn, error) {
	select {
	case c := <-a.conns:
		return c, nil
	case <-a.done:
		return nil, net.ErrClosed
	}
}
func (a *apiServer) Close() error   { return nil }
func (a *apiServer) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 443} }

func (a *apiServer) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case a.conns <- theirs:
		return ours, nil
	case <-a.done:
		return nil, net.ErrClosed
	}
}

// newAPIServer serves until stop is called.
func newAPIServer(t *testing.T) (a *apiServer, stop func()) {
	a = &apiServer{t: t, folder: t.TempDir(), conns: make(chan net.Conn), done: make(chan struct{}), answer: map[string]http.HandlerFunc{
		"/events": file("events.json"), "/log": text("starting\npassword=planted-log-2b2b\nFATAL out of memory\n"), "": file("pod.json"),
	}}
	a.server = &httptest.Server{Listener: a, Config: &http.Server{Handler: a}}
	a.server.StartTLS()
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.server.Certificate().Raw})
	a.mount("ca.crt", string(cert))
	a.rotate("planted-account-first")
	return a, func() { close(a.done); a.server.CloseClientConnections(); a.server.Close() }
}

func (a *apiServer) mount(name, content string) {
	if err := os.WriteFile(filepath.Join(a.folder, name), []byte(content), 0o600); err != nil {
		a.t.Fatal(err)
	}
}

func (a *apiServer) rotate(bearer string) {
	a.mount("token", bearer+"\n")
	a.mu.Lock()
	defer a.mu.Unlock()
	a.bearer = bearer
}

func (a *apiServer) set(end string, h http.HandlerFunc) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer[end] = h
}

func (a *apiServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	a.asked, a.at = append(a.asked, r.URL.RequestURI()), append(a.at, time.Now())
	h := a.answer[""]
	for _, end := range []string{"/events", "/log"} {
		if strings.HasSuffix(r.URL.Path, end) {
			h = a.answer[end]
		}
	}
	good := r.Header.Get("Authorization") == "Bearer "+a.bearer
	a.mu.Unlock()
	if !good {
		h = status(http.StatusUnauthorized, "Unauthorized")
	}
	h(w, r)
}

// requests gives how often each path was asked, its query left out.
func (a *apiServer) requests() map[string]int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := map[string]int{}
	for _, uri := range a.asked {
		path, _, _ := strings.Cut(uri, "?")
		n[path[strings.LastIndexByte(path, '/')+1:]]++
	}
	return n
}

func (a *apiServer) options() *KubernetesOptions {
	return &KubernetesOptions{Host: "127.0.0.1", Port: "443", Folder: a.folder, Namespace: "racing", Pod: "relay-7c9d6f5b8-x2x4q", Dial: a.dial}
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
}

func fixture(name string) string {
	data, err := os.ReadFile(filepath.Join("testdata", "kubernetes", name))
	if err != nil {
		panic(err)
	}
	return string(data)
}

func file(name string) http.HandlerFunc { return text(fixture(name)) }

// status is a refusal in the shape of Kubernetes.
func status(code int, why string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"planted-refusal-0d0d","reason":%q,"code":%d}`, why, code)
	}
}

// inPod runs a test against a demo relay and a stand-in cluster in false time.
func inPod(t *testing.T, change func(*KubernetesOptions), run func(ctx context.Context, d *demo, a *apiServer)) {
	t.Helper()
	var a *apiServer
	stop := func() {}
	inBubble(t, demorelay.Options{}, func(o *Options, _ *demorelay.Relay) {
		a, stop = newAPIServer(t)
		o.Kubernetes = a.options()
		if change != nil {
			change(o.Kubernetes)
		}
	}, func(ctx context.Context, d *demo) {
		defer stop()
		run(ctx, d, a)
	})
}
