package demorelay

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// bench is a served relay and a client beside it.
type bench struct {
	*Relay
	client *http.Client
}

// serve starts a relay on its in-memory listener; it ends with the test.
func serve(t *testing.T, r *Relay) *bench {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- r.Serve(r.Listener()) }()
	tr := &http.Transport{DialContext: r.Dial, DisableCompression: true}
	t.Cleanup(func() {
		tr.CloseIdleConnections()
		r.Close()
		if err := <-ended; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return &bench{r, &http.Client{Transport: tr, Timeout: time.Minute}}
}

// ask sends one request; body "" is none, bearer "" is none.
func (b *bench) ask(method, path, bearer, body string) (status int, h http.Header, answer string, err error) {
	q, err := newRequest(method, path, bearer, body)
	if err != nil {
		return 0, nil, "", err
	}
	resp, err := b.client.Do(q)
	if err != nil {
		return 0, nil, "", err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	return resp.StatusCode, resp.Header, string(raw), err
}

func newRequest(method, path, bearer, body string) (*http.Request, error) {
	q, err := http.NewRequest(method, "http://relay"+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if bearer != "" {
		q.Header.Set("Authorization", "Bearer "+bearer)
	}
	if body != "" {
		q.Header.Set("Content-Type", "application/json")
	}
	return q, nil
}

// get asks with the super admin's bearer and wants the status.
func (b *bench) get(t *testing.T, path string, want int) string {
	t.Helper()
	status, _, answer, err := b.ask("GET", path, b.Bearer(), "")
	if err != nil || status != want {
		t.Fatalf("GET %s: status %d, error %v, want %d: %.300s", path, status, err, want, answer)
	}
	return answer
}
