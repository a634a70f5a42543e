package web

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"relaypack/agent/internal/fixture"
)

// greet makes one TLS request and gives the server's common name.
func greet(addr string, ca *fixture.Authority, client ...tls.Certificate) (string, error) {
	pool := x509.NewCertPool()
	pool.AddCert(ca.Cert)
	c := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool, Certificates: client}, DisableKeepAlives: true,
	}}
	res, err := c.Get("https://" + addr + "/livez")
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return "", errors.New(res.Status)
	}
	return res.TLS.PeerCertificates[0].Subject.CommonName, nil
}

func serveTLS(t *testing.T, conf *tls.Config) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	yes := func() bool { return true }
	srv := Server(NewProbes(ProbeOptions{Started: yes, Alive: yes}), nil)
	srv.TLSConfig = conf
	done := make(chan error, 1)
	go func() { done <- srv.ServeTLS(l, "", "") }()
	t.Cleanup(func() { srv.Close(); <-done })
	return l.Addr().String()
}

// TestTLSReload: new files are used after ten seconds, bad ones never, and each change is told once.
func TestTLSReload(t *testing.T) {
	ca, dir := fixture.NewAuthority(t, "server ca"), t.TempDir()
	cert, key := ca.Leaf("one")
	r := &reloader{files: [3]string{fixture.Put(t, dir, "c.pem", cert), fixture.Put(t, dir, "k.pem", key)}}
	var mu sync.Mutex
	now := time.Now()
	r.now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	forward := func(d time.Duration) { mu.Lock(); defer mu.Unlock(); now = now.Add(d) }
	var told []string
	r.told = []func(error){func(err error) {
		if err == nil {
			told = append(told, "good")
			return
		}
		told = append(told, err.Error())
	}}
	conf, err := r.config()
	if err != nil {
		t.Fatal(err)
	}
	addr := serveTLS(t, conf)
	expect := func(step, want string) {
		t.Helper()
		if got, err := greet(addr, ca); got != want {
			t.Errorf("%s: %q %v, want %q", step, got, err, want)
		}
	}
	expect("at first", "one")
	cert, key = ca.Leaf("two")
	fixture.Put(t, dir, "c.pem", cert)
	fixture.Put(t, dir, "k.pem", key)
	forward(9 * time.Second)
	expect("before ten seconds", "one")
	forward(time.Second)
	expect("after ten seconds", "two")
	for _, bad := range []string{"", "no certificate", string(key)} {
		fixture.Put(t, dir, "c.pem", []byte(bad))
		forward(10 * time.Second)
		expect("with a bad file", "two")
		forward(10 * time.Second)
		expect("with a bad file, later", "two")
	}
	os.Remove(filepath.Join(dir, "c.pem"))
	forward(10 * time.Second)
	expect("without a file", "two")
	forward(10 * time.Second)
	expect("without a file, later", "two")
	cert, key = ca.Leaf("three")
	fixture.Put(t, dir, "c.pem", cert)
	fixture.Put(t, dir, "k.pem", key)
	forward(10 * time.Second)
	expect("mended", "three")
	if len(told) != 6 || told[0] != "good" || !strings.HasPrefix(told[1], "reload tls: certificate and key") ||
		!strings.HasPrefix(told[4], "reload tls: read certificate") || told[5] != "good" {
		t.Errorf("told %q", told)
	}
}

// TestMutualTLS: only a client of the CA is let in, and taking the CA away in the file does not open the door.
func TestMutualTLS(t *testing.T) {
	ca, clients, dir := fixture.NewAuthority(t, "server ca"), fixture.NewAuthority(t, "client ca"), t.TempDir()
	cert, key := ca.Leaf("server")
	caFile := fixture.Put(t, dir, "ca.pem", clients.PEM)
	r := &reloader{files: [3]string{fixture.Put(t, dir, "c.pem", cert), fixture.Put(t, dir, "k.pem", key), caFile}, now: time.Now}
	conf, err := r.config()
	if err != nil {
		t.Fatal(err)
	}
	addr := serveTLS(t, conf)
	right, err := tls.X509KeyPair(clients.Leaf("client"))
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := tls.X509KeyPair(ca.Leaf("stranger"))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := greet(addr, ca, right); err != nil {
			t.Errorf("the right client: %v", err)
		}
		if _, err := greet(addr, ca, wrong); err == nil {
			t.Error("a client of another CA was let in")
		}
		if _, err := greet(addr, ca); err == nil {
			t.Error("a client without certificate was let in")
		}
		fixture.Put(t, dir, "ca.pem", nil)
		r.mu.Lock()
		r.checked = time.Time{}
		r.mu.Unlock()
	}
}

// TestTLSFaults: what cannot be used at the start is told, with the part and without content.
func TestTLSFaults(t *testing.T) {
	ca, dir := fixture.NewAuthority(t, "ca"), t.TempDir()
	certPEM, keyPEM := ca.Leaf("server")
	_, otherPEM := ca.Leaf("other")
	cert, key, other := fixture.Put(t, dir, "c", certPEM), fixture.Put(t, dir, "k", keyPEM), fixture.Put(t, dir, "o", otherPEM)
	odd := fixture.Put(t, dir, "odd", []byte("-----BEGIN hunter2-----\naGk=\n-----END hunter2-----\n"))
	large := fixture.Put(t, dir, "large", make([]byte, maxPEMFile+1))
	for name, c := range map[string]struct{ cert, key, ca, want string }{
		"no key":         {cert, "", "", "both needed"},
		"no certificate": {"", key, "", "both needed"},
		"missing file":   {cert, filepath.Join(dir, "none"), "", "read key"},
		"other key":      {cert, other, "", "do not belong together"},
		"odd blocks":     {odd, key, "", "not PEM"},
		"odd CA":         {cert, key, odd, "client CAs"},
		"large":          {large, key, "", "larger than 1 MiB"},
	} {
		_, err := TLSConfig(c.cert, c.key, c.ca)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
		if name == "missing file" && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the cause is lost in %v", name, err)
		}
	}
	if conf, err := TLSConfig(cert, key, ""); err != nil || conf.MinVersion != tls.VersionTLS12 {
		t.Errorf("good files: %v", err)
	}
}
