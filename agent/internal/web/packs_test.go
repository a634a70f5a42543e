package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"relaypack/pack"
)

// spool is Packs with one pack, which Push puts there.
type spool struct {
	pushed []pack.Request
	fault  error
}

const keptID = "pack-1795424858000-abc123"

func (s *spool) List() []KeptPack {
	return []KeptPack{{ID: keptID, Kind: "final", MadeAt: 1795424858000, State: "waiting", Durable: true, Bytes: 7, SHA256: "00", Object: "a/b"}}
}

func (s *spool) Read(id string) ([]byte, error) {
	switch {
	case s.fault != nil:
		return nil, s.fault
	case id != keptID:
		return nil, ErrNoPack
	}
	return []byte(`{"packId":"` + keptID + `"}`), nil
}

func (s *spool) Push(_ context.Context, req pack.Request) (KeptPack, error) {
	if s.fault != nil {
		return KeptPack{}, s.fault
	}
	s.pushed = append(s.pushed, req)
	return s.List()[0], nil
}

func packsBench(t *testing.T, s *spool) *bench {
	return setup(t, func(o *Options, _ *http.Server) { o.Packs = s })
}

func TestKeptPacks(t *testing.T) {
	b := packsBench(t, &spool{})
	r := b.ask(http.MethodGet, "/api/ops/packs", "")
	var list struct {
		AsOf  int64
		Packs []KeptPack
	}
	if err := json.Unmarshal(r.body, &list); err != nil || r.code != http.StatusOK || list.AsOf == 0 || len(list.Packs) != 1 || list.Packs[0].ID != keptID {
		t.Errorf("%d %s, %v", r.code, r.body, err)
	}
	r = b.ask(http.MethodGet, "/api/ops/packs/"+keptID, "")
	if r.code != http.StatusOK || string(r.body) != `{"packId":"`+keptID+`"}` || r.header.Get("Content-Disposition") != `attachment; filename="support-`+keptID+`.json"` {
		t.Errorf("%d %s %v", r.code, r.body, r.header)
	}
	for path, want := range map[string]int{
		"/api/ops/packs/pack-1795424858000-zzzzzz":       http.StatusNotFound,
		"/api/ops/packs/":                                http.StatusNotFound,
		"/api/ops/packs/a/b":                             http.StatusNotFound,
		"/api/ops/packs/..%2f..%2fetc%2fpasswd":          http.StatusNotFound,
		"/api/ops/packs/x":                               http.StatusBadRequest,
		"/api/ops/packs/pack-1795424858000-ABC123":       http.StatusBadRequest,
		"/api/ops/packs/" + keptID + ".json":             http.StatusBadRequest,
		"/api/ops/packs/" + keptID + "?format=tar":       http.StatusBadRequest,
		"/api/ops/packs?sort=asc":                        http.StatusBadRequest,
		"/api/ops/packs/" + strings.Repeat("x", 2000):    http.StatusBadRequest,
		"/api/ops/push/" + keptID:                        http.StatusNotFound,
		"/api/ops/packs/pack-1795424858000-abc123%00":    http.StatusBadRequest,
		"/api/ops/packs/pack-1795424858000-abc123%0a..x": http.StatusNotFound,
	} {
		if r := b.ask(http.MethodGet, path, ""); r.code != want || strings.Contains(string(r.body), "passwd") {
			t.Errorf("%s: %d %s, want %d", path, r.code, r.body, want)
		}
	}
	for _, path := range []string{"/api/ops/packs", "/api/ops/packs/" + keptID} {
		if r := b.ask(http.MethodPost, path, ""); r.code != http.StatusMethodNotAllowed || r.header.Get("Allow") != reads {
			t.Errorf("POST %s: %d", path, r.code)
		}
		if r := b.ask(http.MethodGet, path, "", "Authorization: "); r.code != http.StatusUnauthorized {
			t.Errorf("%s without a bearer: %d", path, r.code)
		}
	}
}

func TestPush(t *testing.T) {
	s := &spool{}
	b := packsBench(t, s)
	for _, body := range []string{"", `{"sessionId":"sess_1","includeConfig":true}`} {
		if r := b.ask(http.MethodPost, "/api/ops/push", body); r.code != http.StatusAccepted || !strings.Contains(string(r.body), keptID) {
			t.Errorf("%q: %d %s", body, r.code, r.body)
		}
	}
	if len(s.pushed) != 2 || s.pushed[1].SessionID != "sess_1" || !s.pushed[1].IncludeConfig || s.pushed[0].Trigger.Kind != pack.Manual {
		t.Errorf("pushed %+v", s.pushed)
	}
	if r := b.ask(http.MethodPost, "/api/ops/push", `{"now":true}`); r.code != http.StatusBadRequest {
		t.Errorf("an unknown member: %d", r.code)
	}
	if r := b.ask(http.MethodGet, "/api/ops/push", ""); r.code != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", r.code)
	}
	for fault, want := range map[error]int{ErrNoPush: http.StatusConflict, errors.New("disk " + "full"): http.StatusServiceUnavailable} {
		s.fault = fault
		r := b.ask(http.MethodPost, "/api/ops/push", "")
		if r.code != want || strings.Contains(string(r.body), "full") {
			t.Errorf("%v: %d %s", fault, r.code, r.body)
		}
	}
}

func TestNoPacksAreKept(t *testing.T) {
	b := setup(t, nil)
	if r := b.ask(http.MethodGet, "/api/ops/packs", ""); r.code != http.StatusOK || !strings.Contains(string(r.body), `"packs":[]`) {
		t.Errorf("%d %s", r.code, r.body)
	}
	if r := b.ask(http.MethodGet, "/api/ops/packs/"+keptID, ""); r.code != http.StatusNotFound {
		t.Errorf("one: %d", r.code)
	}
	if r := b.ask(http.MethodPost, "/api/ops/push", ""); r.code != http.StatusConflict || !strings.Contains(r.problem.Detail, "RELAYPACK_PUSH_URL") {
		t.Errorf("push: %d %s", r.code, r.body)
	}
}
