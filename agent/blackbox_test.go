package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"relaypack/pack"
	"relaypack/scrape"
	"relaypack/scrape/demorelay"
)

// boxed is an agent without servers: all that happens with a look, on a folder of state.
type boxed struct {
	*blackbox
	t     *testing.T
	loops sync.WaitGroup
	stop  context.CancelFunc

	mu    sync.Mutex
	packs []made
}

type made struct {
	kind pack.TriggerKind
	doc  map[string]any
	at   time.Time
}

// box starts an agent that looks at a relay of the same process.
func box(t *testing.T, relay *demorelay.Relay, dir string, env ...string) *boxed {
	t.Helper()
	b := boxOn(t, relay, dir, env...)
	if dir != "" && b.keeper.store == nil {
		t.Fatal(b.keeper.why)
	}
	return b
}

// boxOn does so on a folder that may not be usable.
func boxOn(t *testing.T, relay *demorelay.Relay, dir string, env ...string) *boxed {
	t.Helper()
	s := configuredBy(t, append([]string{"RELAYPACK_RELAY_URL=http://relay.test:3001", "RELAYPACK_RELAY_TOKEN=" + relay.Bearer(),
		"RELAYPACK_PROCESS=off", "RELAYPACK_STATE_DIR=" + dir, "RELAYPACK_METRICS_INTERVAL=10s", "RELAYPACK_DEBUG_INTERVAL=10s"}, env...))
	s.dial = relay.Dial
	log := slog.New(slog.DiscardHandler)
	k := openKeeper(s.stateDir, s.windowBytes, log)
	o, err := observeOn(k, s, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	b := &boxed{blackbox: newBlackbox(o, k, s.profile, time.Now, log), t: t}
	b.deliver = func(p *pack.Pack, kind pack.TriggerKind) {
		b.mu.Lock()
		defer b.mu.Unlock()
		var doc map[string]any
		if err := json.Unmarshal(p.Bytes(), &doc); err != nil {
			t.Error(err)
		}
		b.packs = append(b.packs, made{kind, doc, time.Now()})
	}
	ctx, stop := context.WithCancel(t.Context())
	b.stop = stop
	b.loops.Go(func() { _ = o.scraper.Run(ctx, func(s *scrape.Snapshot) { b.take(ctx, s) }) })
	return b
}

// end stops the agent as a kill does: nothing is written that was not written before.
func (b *boxed) end() []made {
	b.stop()
	b.loops.Wait()
	b.keeper.close()
	return b.packs
}

// inFalseTime runs a test with a relay in the same process.
func inFalseTime(t *testing.T, opt demorelay.Options, run func(t *testing.T, relay *demorelay.Relay)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		relay := demorelay.New(opt)
		served := make(chan error, 1)
		go func() { served <- relay.Serve(relay.Listener()) }()
		run(t, relay)
		if err := relay.Close(); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}

// A relay that dies every 20 s for an hour, with an agent that is started anew after half of it: the
// budgets hold over both, and each final pack has what the relay told until the last look at that life.
func TestRelayThatDiesAllTheTime(t *testing.T) {
	dir := t.TempDir()
	opt := demorelay.DemoOptions(3)
	opt.Warm = time.Minute
	inFalseTime(t, opt, func(t *testing.T, relay *demorelay.Relay) {
		var packs []made
		lives := 0
		agent := box(t, relay, dir)
		for i := range 180 {
			if i == 90 {
				packs = append(packs, agent.end()...)
				agent = box(t, relay, dir)
			}
			time.Sleep(17 * time.Second)
			relay.Kill()
			lives++
			time.Sleep(3 * time.Second)
			if err := relay.Restart(); err != nil {
				t.Fatal(err)
			}
		}
		packs = append(packs, agent.end()...)
		finals := 0
		for _, p := range packs {
			if p.kind != pack.Final {
				continue
			}
			finals++
			holdsItsDead(t, p)
		}
		if finals < 4 || finals > 12 || len(packs) > 24 {
			t.Errorf("%d packs, %d of them final, of %d deaths", len(packs), finals, lives)
		}
		last := packs[len(packs)-1].doc
		if list := at(last, "supportBundle", "incidents").([]any); len(list) == 0 {
			t.Error("no incident is told")
		}
	})
}

// holdsItsDead says whether a final pack has the events and values of the life that ended.
func holdsItsDead(t *testing.T, p made) {
	t.Helper()
	lives := at(p.doc, "supportBundle", "lives").([]any)
	dead := lives[len(lives)-1].(map[string]any)
	if dead["endedAt"] == nil || dead["shown"] != true || at(p.doc, "supportBundle", "trigger", "kind") != "final" {
		t.Errorf("the last life is %v, trigger %v", dead, at(p.doc, "supportBundle", "trigger"))
	}
	rules, _ := json.Marshal(at(p.doc, "supportBundle", "trigger", "rules"))
	if !strings.Contains(string(rules), "relay-down") {
		t.Errorf("rules %s", rules)
	}
	// The demo relay tells of something every few seconds; the last look is at most one interval old.
	var newest float64
	for _, list := range p.doc["recentEvents"].(map[string]any) {
		for _, e := range list.([]any) {
			newest = max(newest, e.(map[string]any)["timestamp"].(float64))
		}
	}
	if age := p.at.Sub(time.UnixMilli(int64(newest))); age > 25*time.Second {
		t.Errorf("the newest event is %v old", age)
	}
	if at(p.doc, "summary", "uptime") == nil || at(p.doc, "supportBundle", "sockets", "count") == nil {
		t.Error("the values went with the relay")
	}
}

// The agent that starts on what another one left tells the same windows, and no event twice.
func TestAgentGoesOnWhereTheOneBeforeEnded(t *testing.T) {
	dir := t.TempDir()
	opt := demorelay.DemoOptions(4)
	inFalseTime(t, opt, func(t *testing.T, relay *demorelay.Relay) {
		first := box(t, relay, dir)
		time.Sleep(35 * time.Second)
		before := first.pack(t)
		first.end()
		time.Sleep(time.Minute)
		second := box(t, relay, dir)
		restored := second.pack(t)
		time.Sleep(35 * time.Second)
		after := second.pack(t)
		second.end()
		if n := at(restored, "supportBundle", "state", "restoredEvents").(float64); n == 0 || at(restored, "supportBundle", "state", "kept") != true {
			t.Errorf("state %v", at(restored, "supportBundle", "state"))
		}
		if lives := at(after, "supportBundle", "lives").([]any); len(lives) != 1 {
			t.Errorf("lives %v", lives)
		}
		for class, list := range after["recentEvents"].(map[string]any) {
			seen := map[any]bool{}
			for _, e := range list.([]any) {
				id := e.(map[string]any)["id"]
				if seen[id] {
					t.Errorf("%s %v twice", class, id)
				}
				seen[id] = true
			}
			for _, e := range before["recentEvents"].(map[string]any)[class].([]any) {
				if id := e.(map[string]any)["id"]; !seen[id] && len(seen) < 500 {
					t.Errorf("%s %v is lost", class, id)
				}
			}
		}
		if points := at(after, "supportBundle", "history", "heapUsed", "points").([]any); len(points) < 6 {
			t.Errorf("%d points of the heap", len(points))
		}
		holdsNothingOf(t, relay, dir)
	})
}

func (b *boxed) pack(t *testing.T) map[string]any {
	t.Helper()
	p, err := b.o.builder.Build(t.Context(), pack.Request{})
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(p.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// holdsNothingOf searches every file of a folder for what nobody may learn of a relay.
func holdsNothingOf(t *testing.T, relay *demorelay.Relay, dir string) {
	t.Helper()
	ids := rawOf(t, relay)
	files := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		for _, hit := range append(ids.in(data), ids.in(unzipped(t, path, data))...) {
			t.Errorf("%s holds %s", filepath.Base(path), hit)
		}
		return nil
	})
	if err != nil || files < 2 {
		t.Errorf("%d files, %v", files, err)
	}
}

// unzipped is what a file holds compressed, from its beginning or behind a head on.
func unzipped(t *testing.T, path string, data []byte) []byte {
	t.Helper()
	from := bytes.Index(data, []byte{0x1f, 0x8b, 8})
	if from < 0 {
		if strings.HasSuffix(path, ".gz") || strings.HasSuffix(path, ".waiting") || strings.HasSuffix(path, ".delivered") {
			t.Errorf("%s is not compressed", path)
		}
		return nil
	}
	z, err := gzip.NewReader(bytes.NewReader(data[from:]))
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return nil
	}
	text, err := io.ReadAll(z)
	if err != nil || len(text) < 1000 {
		t.Errorf("%s: %d bytes, %v", path, len(text), err)
	}
	return text
}

// Deaths whose successor is there before anybody looks: each has a pack, which tells the life that ended as
// ended, or is counted as held back.
func TestDeathsThatNobodySawAreNotLost(t *testing.T) {
	inFalseTime(t, demorelay.DemoOptions(8), func(t *testing.T, relay *demorelay.Relay) {
		b := box(t, relay, t.TempDir())
		time.Sleep(25 * time.Second)
		const deaths = 5
		for range deaths {
			relay.Kill()
			if err := relay.Restart(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(25 * time.Second)
		}
		held := int64(0)
		for _, r := range b.engine.Summary().Rules {
			if strings.HasPrefix(r.Rule, "relay-") {
				held += r.HeldBackTotal
			}
		}
		packs := b.end()
		if len(packs) == 0 || len(packs)+int(held) < deaths {
			t.Errorf("%d packs and %d held back, of %d deaths", len(packs), held, deaths)
		}
		for _, p := range packs {
			lives := at(p.doc, "supportBundle", "lives").([]any)
			dead := lives[len(lives)-1].(map[string]any)
			if p.kind != pack.Final || dead["endedAt"] == nil || dead["end"] == nil || dead["shown"] != true || at(p.doc, "summary", "uptime") == nil {
				t.Errorf("%s: %v", p.kind, dead)
			}
		}
	})
}
