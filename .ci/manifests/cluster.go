package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// cluster stands in for the API server of a pod that podman plays: over TLS it answers three questions, for the
// pod, its events and the log of its relay, out of what podman and the kernel say (state.go, oom.go), in the shape
// of Kubernetes (answers.go). Each answer is held against Kubernetes' own schemas before it goes out.
//
// FOLDER is how a script speaks with it: account/ca.crt and account/token are what a service account has, port is
// where it listens, rights holds a line for each right ("get pods", "list events", "get pods/log"), asked gets a line
// for each question, and faults one for each answer that the schemas refuse. Token and rights count as they are at
// each question.
type cluster struct {
	folder  string
	schemas *schemas
	pod     *playedPod
}

const maxAsked = 10_000 // questions, after which something is wrong with who asks

// serveCluster runs until it is killed.
func serveCluster(openapi, folder, rendered, pod, address string) error {
	played, err := newPlayedPod(rendered, pod)
	if err != nil {
		return err
	}
	c := &cluster{folder: folder, schemas: newSchemas(openapi), pod: played}
	if err := c.schemas.load("v1"); err != nil {
		return err
	}
	cert, err := c.authority(address)
	if err != nil {
		return err
	}
	l, err := tls.Listen("tcp", "0.0.0.0:0", &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12})
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "port"), []byte(port+"\n"), 0o644); err != nil {
		return err
	}
	server := &http.Server{Handler: c, ReadHeaderTimeout: 5 * time.Second}
	return server.Serve(l)
}

// authority makes the certificate of the server, which is its own authority, and the account's ca.crt.
func (c *cluster) authority(address string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	about := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "kubernetes"}, IPAddresses: []net.IP{net.ParseIP(address)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, &about, &about, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, os.WriteFile(filepath.Join(c.folder, "account", "ca.crt"), text, 0o644)
}

func (c *cluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	code, answer := c.answer(r)
	defer func() { c.note("asked", fmt.Sprintf("%d %s %s", code, r.Method, r.URL.RequestURI())) }()
	if text, ok := answer.(string); ok { // a log
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, text)
		return
	}
	body, err := json.Marshal(answer)
	if err == nil {
		err = c.judge(body)
	}
	if err != nil {
		c.note("faults", err.Error())
		code, body = http.StatusInternalServerError, nil
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_, _ = w.Write(body)
}

// judge holds an answer against the schema of its kind.
func (c *cluster) judge(body []byte) error {
	var o object
	if err := json.Unmarshal(body, &o); err != nil {
		return err
	}
	for _, fault := range c.schemas.check(o) {
		return fmt.Errorf("%s: %w", o.text("kind"), fault)
	}
	return nil
}

// answer judges who asks for what.
func (c *cluster) answer(r *http.Request) (int, any) {
	base := "/api/v1/namespaces/" + c.pod.namespace
	me := base + "/pods/" + c.pod.name
	verb, resource := "get", "pods"
	switch r.URL.Path {
	case me:
	case me + "/log":
		resource = "pods/log"
	case base + "/events":
		verb, resource = "list", "events"
	default:
		return refusal(http.StatusNotFound, "NotFound", "the server could not find the requested resource")
	}
	switch {
	case r.Method != http.MethodGet:
		return refusal(http.StatusMethodNotAllowed, "MethodNotAllowed", "the server does not allow this method on the requested resource")
	case r.Header.Get("Authorization") != "Bearer "+strings.TrimSpace(c.text("account/token")):
		return refusal(http.StatusUnauthorized, "Unauthorized", "Unauthorized")
	case !slices.Contains(strings.Split(c.text("rights"), "\n"), verb+" "+resource):
		return refusal(http.StatusForbidden, "Forbidden", fmt.Sprintf(`%s is forbidden: User "system:serviceaccount:%s:relay" cannot %s resource %q in API group "" in the namespace %q`,
			resource, c.pod.namespace, verb, resource, c.pod.namespace))
	}
	now, err := c.pod.look()
	if err != nil {
		c.note("faults", err.Error())
		return refusal(http.StatusInternalServerError, "InternalError", "podman does not say")
	}
	switch resource {
	case "events":
		if want := "involvedObject.kind=Pod,involvedObject.name=" + c.pod.name; r.URL.Query().Get("fieldSelector") != want {
			return refusal(http.StatusBadRequest, "BadRequest", "this server only knows the selector "+want)
		}
		return http.StatusOK, c.pod.events(now)
	case "pods/log":
		return c.pod.log(now, r.URL.Query())
	}
	return http.StatusOK, c.pod.answer(now)
}

func (c *cluster) text(name string) string {
	b, err := os.ReadFile(filepath.Join(c.folder, name))
	if err != nil {
		return ""
	}
	return string(b)
}

// note adds a line to a file of the folder.
func (c *cluster) note(name, line string) {
	if strings.Count(c.text(name), "\n") >= maxAsked {
		return
	}
	f, err := os.OpenFile(filepath.Join(c.folder, name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return
	}
	defer f.Close()
	fmt.Fprintln(f, strings.ReplaceAll(line, "\n", " "))
}

// refusal is an answer in the shape of Kubernetes.
func refusal(code int, reason, message string) (int, any) {
	return code, object{"kind": "Status", "apiVersion": "v1", "metadata": object{}, "status": "Failure", "message": message, "reason": reason, "code": code}
}
