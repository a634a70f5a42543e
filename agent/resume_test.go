package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"relaypack/pack"
	"relaypack/pack/ship"
	"relaypack/pack/state"
	"relaypack/scrape"
	"relaypack/scrape/demorelay"
)

// The agent ends while it writes what a death brought, at any byte of it: the next one makes the final pack,
// with all events up to the last look before the death, unless the one before has noted that it did.
func TestDeathIsTakenUpAtEachByteOfWhatItWrote(t *testing.T) {
	dir := t.TempDir()
	inFalseTime(t, demorelay.DemoOptions(12), func(t *testing.T, relay *demorelay.Relay) {
		first := box(t, relay, dir)
		time.Sleep(25 * time.Second)
		known := first.pack(t)
		segment, from := newestSegment(t, dir)
		relay.Kill()
		time.Sleep(3 * time.Second)
		whole := first.end()
		if len(whole) != 1 || whole[0].kind != pack.Final {
			t.Fatalf("%d packs of the agent that was not cut short", len(whole))
		}
		same, to := newestSegment(t, dir)
		if same != segment || to-from < 1000 {
			t.Fatalf("a death wrote %d bytes to %s, from %s", to-from, same, segment)
		}
		cuts := []int64{from, from + 1, to - 1, to}
		for i := range int64(24) {
			cuts = append(cuts, from+i*i*(to-from)/(24*24)) // most where the small things stand
		}
		for _, cut := range cuts {
			next := box(t, relay, cutCopy(t, dir, segment, cut))
			time.Sleep(3 * time.Second)
			packs := next.end()
			if cut == to { // the last thing that is written is which pack tells of it
				if len(packs) != 0 {
					t.Errorf("told twice: %v", packs[0].kind)
				}
				continue
			}
			if len(packs) != 1 || packs[0].kind != pack.Final {
				t.Errorf("cut at %d of %d to %d: %d packs", cut, from, to, len(packs))
				continue
			}
			if dead := lastLife(packs[0].doc); dead["shown"] != true || dead["endedAt"] == nil || at(packs[0].doc, "summary", "uptime") == nil {
				t.Errorf("cut at %d: the last life is %v", cut, dead)
			} else if cut-from > 8<<10 && dead["endedAt"] != lastLife(whole[0].doc)["endedAt"] { // the values come after
				t.Errorf("cut at %d of %d to %d: ended at %v", cut, from, to, dead["endedAt"])
			}
			if lost := lostEvents(known, packs[0].doc); len(lost) > 0 {
				t.Errorf("cut at %d of %d to %d: lost %v", cut, from, to, lost)
			}
		}
	})
}

// A new life is found at once, and the agent ends before the pack of the one before is there: the next agent
// makes it, and it tells the values of the life that ended, although the new one answers.
func TestReplacedLifeIsTakenUp(t *testing.T) {
	dir := t.TempDir()
	inFalseTime(t, demorelay.DemoOptions(13), func(t *testing.T, relay *demorelay.Relay) {
		first := box(t, relay, dir)
		copied := t.TempDir()
		first.cause = causeThat(func() { copyState(t, dir, copied) }, first.cause) // what is on disk when the pack begins
		time.Sleep(25 * time.Second)
		known := first.pack(t)
		relay.Kill()
		if err := relay.Restart(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(15 * time.Second)
		first.end()
		next := box(t, relay, copied)
		time.Sleep(15 * time.Second)
		packs := next.end()
		if len(packs) != 1 || packs[0].kind != pack.Final {
			t.Fatalf("%d packs", len(packs))
		}
		if dead := lastLife(packs[0].doc); dead["shown"] != true || dead["endedAt"] == nil || at(packs[0].doc, "summary", "uptime") == nil {
			t.Errorf("the last life is %v", dead)
		}
		if lost := lostEvents(known, packs[0].doc); len(lost) > 0 {
			t.Errorf("lost %v", lost)
		}
		if n := next.engine.Summary().Used; n != 1 {
			t.Errorf("%d openings of one restart", n)
		}
	})
}

// What the rules say of lives is what the recorder says, also where the next agent knows the relay by
// something else than the one before: its process, or the start that it tells.
func TestRulesAndRecorderCountTheSameLives(t *testing.T) {
	for name, restarts := range map[string]bool{"the same relay": false, "another one": true} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			inFalseTime(t, demorelay.DemoOptions(14), func(t *testing.T, relay *demorelay.Relay) {
				first := box(t, relay, dir)
				time.Sleep(25 * time.Second)
				first.end()
				rewriteLives(t, dir) // as of an agent that could see the relay's process
				if restarts {
					relay.Kill()
					time.Sleep(time.Minute)
					if err := relay.Restart(); err != nil {
						t.Fatal(err)
					}
				}
				next := box(t, relay, dir)
				time.Sleep(25 * time.Second)
				doc := next.pack(t)
				packs := next.end()
				lives := at(doc, "supportBundle", "lives").([]any)
				var told []any
				for _, one := range at(doc, "supportBundle", "incidents").([]any) {
					if rule := one.(map[string]any)["rule"]; strings.HasPrefix(fmt.Sprint(rule), "relay-") {
						told = append(told, rule)
					}
				}
				want := map[bool]int{false: 1, true: 2}[restarts]
				if len(lives) != want || len(told) != want-1 || len(packs) != want-1 {
					t.Errorf("%d lives, incidents %v, %d packs", len(lives), told, len(packs))
				}
			})
		})
	}
}

func newestSegment(t *testing.T, dir string) (path string, size int64) {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(dir, "log-*.seg"))
	if err != nil || len(list) == 0 {
		t.Fatal("no segment", err)
	}
	path = slices.Max(list)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, info.Size()
}

// cutCopy copies a state folder, with one segment cut short.
func cutCopy(t *testing.T, dir, segment string, size int64) string {
	t.Helper()
	to := t.TempDir()
	copyState(t, dir, to)
	if err := os.Truncate(filepath.Join(to, filepath.Base(segment)), size); err != nil {
		t.Fatal(err)
	}
	return to
}

func copyState(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Error(err)
	}
}

// lostEvents are those of a pack that a later one has not, or has twice.
func lostEvents(before, after map[string]any) (lost []string) {
	count := map[string]int{}
	each := func(doc map[string]any, do func(id string)) {
		for class, list := range doc["recentEvents"].(map[string]any) {
			for _, e := range list.([]any) {
				do(fmt.Sprint(class, " ", e.(map[string]any)["id"], " ", e.(map[string]any)["timestamp"]))
			}
		}
	}
	each(after, func(id string) { count[id]++ })
	each(before, func(id string) {
		if count[id] != 1 {
			lost = append(lost, id)
		}
	})
	return lost
}

// rewriteLives makes the last life of a state folder one that was known by its process.
func rewriteLives(t *testing.T, dir string) {
	t.Helper()
	store, _, err := state.Open(dir, state.Options{MaxBytes: stateBytes, Schema: pack.StoredSchema})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var all []state.Record
	changed := false
	err = store.Replay(func(r state.Record) error {
		r.Data = slices.Clone(r.Data)
		var lives struct {
			Lives    []scrape.Life `json:"lives"`
			Shown    int           `json:"shown"`
			Answered []int         `json:"answered"`
		}
		if json.Unmarshal(r.Data, &lives) == nil && len(lives.Lives) == 1 {
			changed = true
			lives.Lives[0].Source, lives.Lives[0].Pid, lives.Lives[0].Ticks = scrape.ProcessSource, 77, 1234
			if r.Data, err = json.Marshal(lives); err != nil {
				return err
			}
		}
		all = append(all, r)
		return nil
	})
	if err == nil {
		err = store.Compact(slices.Values(all))
	}
	if err != nil || !changed {
		t.Fatalf("changed %v, %v", changed, err)
	}
}

// causeThat does something before a cause is looked for.
func causeThat(do func(), cause func(context.Context, int) (scrape.Life, *scrape.Result)) func(context.Context, int) (scrape.Life, *scrape.Result) {
	return func(ctx context.Context, n int) (scrape.Life, *scrape.Result) {
		do()
		return cause(ctx, n)
	}
}

// What was dropped, delivered and tried again is told by the packs of the next agent, too.
func TestDropsAreToldOverARestart(t *testing.T) {
	dir := t.TempDir()
	s := configuredBy(t, []string{"RELAYPACK_STATE_DIR=" + dir, "RELAYPACK_SPOOL_BYTES=1MiB", "RELAYPACK_PUSH_URL=file://" + filepath.Join(dir, "missing"), "RELAYPACK_PROCESS=off"})
	delivery := func(a *agent) map[string]any {
		p, err := a.observer.builder.Build(t.Context(), pack.Request{})
		if err != nil {
			t.Fatal(err)
		}
		return at(validPack(t, p.Bytes()), "supportBundle", "delivery").(map[string]any)
	}
	a, err := newAgent(s, nil, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	large := make([]byte, 400<<10)
	rand.Read(large)
	for i := range 5 {
		if _, err := a.shipping.spool.Add(ship.Pack{ID: fmt.Sprintf("pack-%013d-abcdef", time.Now().UnixMilli()+int64(i)), Kind: ship.Periodic, Pod: "p",
			JSON: fmt.Appendf(nil, `{"x":"%x"}`, large)}); err != nil {
			t.Fatal(err)
		}
	}
	before := delivery(a)
	if before["dropped"].(map[string]any)["space"] != 3.0 || before["countedSince"] == nil {
		t.Errorf("%v", before)
	}
	a.keeper.close()
	if a, err = newAgent(s, nil, nil, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	defer a.keeper.close()
	if after := delivery(a); fmt.Sprint(after["dropped"], after["countedSince"]) != fmt.Sprint(before["dropped"], before["countedSince"]) || after["waiting"] != 2.0 {
		t.Errorf("%v, before %v", after, before)
	}
}
