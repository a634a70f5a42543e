package ship

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// The stores are real; what stands in is only what hands out credentials.

func writeFile(t *testing.T, path, content string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// handsOut is a service that answers by path, and counts its calls.
func handsOut(t *testing.T, answers map[string]func(r *http.Request) string) (string, *atomic.Int32) {
	t.Helper()
	var calls atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		f := answers[r.URL.Path]
		if f == nil {
			http.NotFound(w, r)
			return
		}
		if said := f(r); said == "" {
			w.WriteHeader(http.StatusUnauthorized)
		} else {
			fmt.Fprint(w, said)
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL, &calls
}

func putOne(t *testing.T, b Bucket, n int) error {
	t.Helper()
	name, o := object(t, fmt.Sprintf("pack-17640000000%02d-abc123", n), 50)
	return b.Put(t.Context(), name, o)
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("%v (%v)", err, unwrapped(err))
	}
}

func is(t *testing.T, err error, want Cause) {
	t.Helper()
	if err == nil || faultOf("", err).Cause != want {
		t.Errorf("%v, not %q (%v)", err, want, err)
	}
}

// ownCertificate makes a certificate for 127.0.0.1 that signs itself.
func ownCertificate(t *testing.T) (certFile, privateFile string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "store"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	cert, err := x509.CreateCertificate(rand.Reader, about, about, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	return writeFile(t, filepath.Join(dir, "cert.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))),
		writeFile(t, filepath.Join(dir, "own.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestMetadataServicesAreNotAskedByProxy(t *testing.T) {
	for host, want := range map[string]bool{
		"169.254.169.254": true, "169.254.170.2": true, "fe80::1": true, "fd00:ec2::254": true, "fd00:ec2::23": true, "metadata.google.internal": true,
		"s3.amazonaws.com": false, "10.0.0.7": false, "fd00:ec2::1": false, "metadata.google.internal.example": false,
	} {
		if ofTheNode(host) != want {
			t.Errorf("%s: %v", host, !want)
		}
	}
}
