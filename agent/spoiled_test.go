package main

import (
	"bytes"
	"context"
	crand "crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"relaypack/pack"
	"relaypack/pack/ship"
	"relaypack/scrape/demorelay"
)

// spoiled tries what an agent makes of a state folder in which one file was spoiled.
type spoiled struct {
	t     *testing.T
	s     *settings
	whole map[string][]byte // by path below the folder
}

// kept takes looks and keeps a pack, so that each kind of file is there.
func (sp *spoiled) kept(looks int) {
	sp.t.Helper()
	a, err := newAgent(sp.s, nil, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		sp.t.Fatal(err)
	}
	for range looks {
		a.box.take(context.Background(), a.observer.scraper.Look(context.Background()))
	}
	made, err := a.observer.builder.Build(context.Background(), pack.Request{})
	if err == nil {
		err = a.shipping.add(made, pack.Manual)
	}
	if err != nil {
		sp.t.Fatal(err)
	}
	large := make([]byte, 1<<20)
	_, _ = crand.Read(large) // never fails
	if _, err := a.shipping.spool.Add(ship.Pack{ID: "pack-1764000000000-abc123", Kind: ship.Periodic, Pod: "p", JSON: fmt.Appendf(nil, `{"x":"%x"}`, large)}); err == nil {
		sp.t.Fatal("a pack that is larger than the spool was kept")
	}
	a.keeper.close()
	sp.whole = map[string][]byte{}
	err = filepath.WalkDir(sp.s.stateDir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		sp.whole[strings.TrimPrefix(path, sp.s.stateDir+"/")] = body
		return err
	})
	if err != nil {
		sp.t.Fatal(err)
	}
}

// start starts an agent on the folder with one file changed, builds a pack, and says whether the agent told
// that something was wrong.
func (sp *spoiled) start(what, file string, content []byte) (told bool) {
	sp.t.Helper()
	if err := os.RemoveAll(sp.s.stateDir); err != nil {
		sp.t.Fatal(err)
	}
	for path, body := range sp.whole {
		if path == file {
			body = content
		}
		path = filepath.Join(sp.s.stateDir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			sp.t.Fatal(err)
		}
		if err := os.WriteFile(path, body, 0o600); err != nil {
			sp.t.Fatal(err)
		}
	}
	var log bytes.Buffer
	a, err := newAgent(sp.s, nil, nil, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		sp.t.Fatalf("%s: %v", what, err)
	}
	defer a.keeper.close()
	made, err := a.observer.builder.Build(context.Background(), pack.Request{})
	if err != nil {
		sp.t.Fatalf("%s: %v", what, err)
	}
	doc := validPack(sp.t, made.Bytes())
	state := at(doc, "supportBundle", "state").(map[string]any)
	if state["kept"] != true {
		sp.t.Fatalf("%s: %v", what, state)
	}
	for _, member := range []string{"torn", "missing", "setAside", "newer", "refused"} {
		told = told || state[member] != 0.0
	}
	delivery := at(doc, "supportBundle", "delivery").(map[string]any)
	waits := 0
	for _, it := range a.shipping.spool.List() {
		if it.State == ship.Waiting {
			waits++
		}
	}
	if broken := strings.HasSuffix(file, ".waiting"); delivery["waiting"] != float64(waits) || waits == 0 && !broken {
		sp.t.Errorf("%s: %v, %d packs wait", what, delivery, waits)
	}
	return told || delivery["setAside"] != 0.0 || strings.Contains(log.String(), "set aside")
}

// cutStep is how far the cuts of a small state are apart; RELAYPACK_TEST_CUTS=1 cuts at every byte.
func cutStep(t *testing.T) int {
	text := os.Getenv("RELAYPACK_TEST_CUTS")
	if text == "" {
		return 23
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("RELAYPACK_TEST_CUTS is %q", text)
	}
	return n
}

// Each file of a small state folder is cut, in steps or at every byte: the agent starts, tells what was not
// whole, and builds packs. Where a cut falls between two records there is nothing to tell.
func TestStateFolderCutAnywhere(t *testing.T) {
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes 1234\n") // a client that is gone is no matter
	}))
	defer target.Close()
	dir := filepath.Join(t.TempDir(), "state")
	sp := &spoiled{t: t, s: configuredBy(t, []string{"RELAYPACK_PROFILE=generic", "RELAYPACK_RELAY_URL=" + target.URL, "RELAYPACK_PROCESS=off",
		"RELAYPACK_STATE_DIR=" + dir, "RELAYPACK_SPOOL_BYTES=1MiB", "RELAYPACK_PUSH_URL=file://" + dir + "-missing"})}
	sp.kept(3)
	step, cuts, files := cutStep(t), 0, 0
	for file, body := range sp.whole {
		untold := 0
		if len(body) > 0 {
			files++
		}
		for n := 0; n < len(body); n += step {
			cuts++
			if !sp.start(file+" cut at "+strconv.Itoa(n), file, body[:n]) {
				untold++
			}
		}
		between := 0
		if strings.HasSuffix(file, ".seg") {
			between = 6 // as many records are appended
		}
		if untold > between {
			t.Errorf("%s: %d cuts were not told", file, untold)
		}
	}
	if files < 4 { // log, key, counts, pack
		t.Errorf("only %d files: %v", files, slices.Collect(maps.Keys(sp.whole)))
	}
	t.Logf("%d cuts of %d files", cuts, files)
}

// Bits of a large state are flipped at random: the same holds, and what was not hit is there.
func TestStateFolderWithFlippedBits(t *testing.T) {
	relay, address := liveRelay(t, demorelay.DemoOptions(15))
	dir := filepath.Join(t.TempDir(), "state")
	sp := &spoiled{t: t, s: configuredBy(t, []string{"RELAYPACK_RELAY_URL=http://" + address, "RELAYPACK_RELAY_TOKEN=" + relay.Bearer(), "RELAYPACK_PROCESS=off",
		"RELAYPACK_STATE_DIR=" + dir, "RELAYPACK_SPOOL_BYTES=1MiB", "RELAYPACK_PUSH_URL=file://" + dir + "-missing"})}
	sp.kept(2)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for file, body := range sp.whole {
		for range min(len(body), 8) {
			flipped := bytes.Clone(body)
			at := random.IntN(len(body))
			flipped[at] ^= 1 << random.IntN(8)
			// A pack's bytes are checked when they are sent, not at the start.
			if !sp.start(file+" flipped at "+strconv.Itoa(at), file, flipped) && !strings.HasSuffix(file, ".waiting") {
				t.Errorf("%s flipped at %d of %d was not told", file, at, len(body))
			}
		}
	}
}
