package web

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

const (
	pollTLS    = 10 * time.Second // least time between two looks at the files
	maxPEMFile = 1 << 20          // bytes
)

// TLSConfig makes the configuration of a server of the PEM files of its certificate (chain) and its key.
// With a file of client CAs only clients with a certificate of theirs are let in. At a handshake, at most
// every 10 s, the files are read again; when their content changed to something good it is used from then
// on, else the last good one stays. told hears of each change of state: nil when new files are used, an
// error when they cannot be. Errors name the file's part, never its content.
func TLSConfig(certFile, keyFile, clientCAFile string, told ...func(error)) (*tls.Config, error) {
	r := &reloader{files: [3]string{certFile, keyFile, clientCAFile}, now: time.Now, told: told}
	return r.config()
}

// reloader keeps the last good configuration.
type reloader struct {
	files [3]string // certificate, key, client CAs ("": none)
	now   func() time.Time
	told  []func(error)

	mu      sync.Mutex
	checked time.Time
	sum     [sha256.Size]byte // of the files as last read, good or bad
	failed  bool              // the files could not be read at the last look
	good    *tls.Config
}

func (r *reloader) config() (*tls.Config, error) {
	if r.files[0] == "" || r.files[1] == "" {
		return nil, errors.New("configure tls: certificate and key are both needed")
	}
	contents, err := r.read()
	if err == nil {
		r.good, err = r.compile(contents)
	}
	if err != nil {
		return nil, fmt.Errorf("configure tls: %w", err)
	}
	r.sum, r.checked = digest(contents), r.now()
	return &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return r.current(), nil },
	}, nil
}

// current looks at the files when it is time to, and gives the configuration for a handshake.
func (r *reloader) current() *tls.Config {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if age := now.Sub(r.checked); age >= 0 && age < pollTLS {
		return r.good
	}
	r.checked = now
	contents, err := r.read()
	if err != nil {
		if !r.failed {
			r.tell(err)
		}
		r.failed = true
		return r.good
	}
	sum := digest(contents)
	if sum == r.sum && !r.failed {
		return r.good
	}
	r.sum, r.failed = sum, false
	next, err := r.compile(contents)
	if err == nil {
		r.good = next
	}
	r.tell(err)
	return r.good
}

func (r *reloader) tell(err error) {
	if err != nil {
		err = fmt.Errorf("reload tls: %w", err)
	}
	for _, f := range r.told {
		f(err)
	}
}

var parts = [3]string{"certificate", "key", "client CAs"}

func (r *reloader) read() (contents [3][]byte, err error) {
	for i, name := range r.files {
		if name == "" {
			continue
		}
		if contents[i], err = readPEM(name); err != nil {
			return contents, fmt.Errorf("read %s: %w", parts[i], err)
		}
	}
	return contents, nil
}

func readPEM(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxPEMFile+1))
	if err == nil && len(data) > maxPEMFile {
		err = errors.New("larger than 1 MiB")
	}
	return data, err
}

func digest(contents [3][]byte) [sha256.Size]byte {
	h := sha256.New()
	for _, c := range contents {
		part := sha256.Sum256(c)
		h.Write(part[:])
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// compile makes the configuration of one handshake. The reasons of crypto/tls are not passed on: some
// quote the file.
func (r *reloader) compile(contents [3][]byte) (*tls.Config, error) {
	pair, err := tls.X509KeyPair(contents[0], contents[1])
	if err != nil {
		return nil, errors.New("certificate and key are not PEM, or do not belong together")
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, Certificates: []tls.Certificate{pair}}
	if r.files[2] == "" {
		return c, nil
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(contents[2]) {
		return nil, errors.New("client CAs: no certificate in PEM")
	}
	c.ClientCAs, c.ClientAuth = pool, tls.RequireAndVerifyClientCert
	return c, nil
}
