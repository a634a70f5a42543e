package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"relaypack/agent/internal/page"
	"relaypack/pack"
)

// Packs are the packs that wait for their delivery or were delivered and are still kept.
type Packs interface {
	// List gives them, newest first.
	List() []KeptPack
	// Read gives the JSON of one; ErrNoPack when it is not kept.
	Read(id string) ([]byte, error)
	// Push builds one now and puts it where it waits. It returns when the pack is safe there.
	Push(ctx context.Context, req pack.Request) (KeptPack, error)
}

// The errors of Packs that a client can do something about.
var (
	ErrNoPack = errors.New("no such pack")
	ErrNoPush = errors.New("no object storage is configured")
)

// KeptPack is how one pack stands.
type KeptPack struct {
	ID       string `json:"packId"`
	Kind     string `json:"kind"`           // manual periodic incident final
	MadeAt   int64  `json:"madeAt"`         // epoch ms
	State    string `json:"state"`          // waiting delivered held
	Durable  bool   `json:"durable"`        // it is on disk and outlives the agent
	Bytes    int64  `json:"bytes"`          // of the object: gzip of the pack
	SHA256   string `json:"sha256"`         // of the object
	Object   string `json:"object"`         // its name below the store's prefix
	Failures int    `json:"failures"`       // in a row, of this pack
	Held     string `json:"held,omitempty"` // why it is not tried again
}

const keptPath = "/api/ops/packs/"

var packForm = regexp.MustCompile(`^pack-\d{13}-[a-z0-9]{6}$`)

// keptPacks answers GET /api/ops/packs.
func (a *API) keptPacks(w *answer, r *http.Request, _ Source) *problem {
	if _, p := readQuery(r); p != nil {
		return p
	}
	list := []KeptPack{}
	if a.opt.Packs != nil {
		list = append(list, a.opt.Packs.List()...)
	}
	body, err := json.Marshal(map[string]any{"asOf": a.opt.Now().UnixMilli(), "stale": false, "packs": list})
	if err != nil {
		return a.unexpected("list packs", err)
	}
	send(w, r, jsonType, body)
	return nil
}

// keptForPage is the same list for the page.
func (a *API) keptForPage() []page.Kept {
	if a.opt.Packs == nil {
		return nil
	}
	var list []page.Kept
	for _, k := range a.opt.Packs.List() {
		list = append(list, page.Kept{ID: k.ID, Kind: k.Kind, State: k.State, Held: k.Held, MadeAt: k.MadeAt, Bytes: k.Bytes, Failures: k.Failures, Durable: k.Durable})
	}
	return list
}

// keptPack answers GET /api/ops/packs/{packId} with the pack itself.
func (a *API) keptPack(w *answer, r *http.Request, _ Source) *problem {
	asPage, p := readFormat(r)
	if p != nil {
		return p
	}
	id := strings.TrimPrefix(r.URL.Path, keptPath)
	if !packForm.MatchString(id) {
		return badField("packId", "wants pack-, 13 digits, - and 6 letters or digits")
	}
	if a.opt.Packs == nil {
		return fault(http.StatusNotFound, "no such pack is kept")
	}
	body, err := a.opt.Packs.Read(id)
	switch {
	case errors.Is(err, ErrNoPack):
		return fault(http.StatusNotFound, "no such pack is kept; "+strings.TrimSuffix(keptPath, "/")+" lists those that are")
	case err != nil:
		return a.unexpected("read pack", err)
	}
	if body, err = formatted(body, asPage); err != nil {
		return a.unexpected("show pack", err)
	}
	sendPack(w, r, "support-"+id, body, asPage)
	return nil
}

// push answers POST /api/ops/push, which takes the body of a pack's request: the pack is built, and safe
// where it waits for its delivery.
func (a *API) push(w *answer, r *http.Request, _ Source) *problem {
	if _, p := readQuery(r); p != nil {
		return p
	}
	req, p := readPackRequest(w, r)
	if p != nil {
		return p
	}
	if a.opt.Packs == nil {
		return fault(http.StatusConflict, ErrNoPush.Error()+"; set RELAYPACK_PUSH_URL")
	}
	leave, p := a.turn(w, r)
	if p != nil {
		return p
	}
	made, err := pushOne(r.Context(), a.opt.Packs, req, leave)
	switch {
	case errors.Is(err, ErrNoPush):
		return fault(http.StatusConflict, ErrNoPush.Error()+"; set RELAYPACK_PUSH_URL")
	case err != nil:
		a.opt.Log.Error("api", "step", "push", "reason", err.Error())
		p := fault(http.StatusServiceUnavailable, "the pack could not be kept for delivery; the agent's log says why")
		p.retryAfter = 30 * time.Second
		return p
	}
	body, err := json.Marshal(made)
	if err != nil {
		return a.unexpected("push", err)
	}
	sendAs(http.StatusAccepted, w, r, jsonType, body)
	return nil
}

func pushOne(ctx context.Context, packs Packs, req pack.Request, leave func()) (KeptPack, error) {
	defer leave()
	return packs.Push(ctx, req)
}
