package main

import (
	"errors"
	"iter"
	"log/slog"
	"slices"
	"sync"
	"time"

	"relaypack/pack"
	"relaypack/pack/incident"
	"relaypack/pack/state"
)

const (
	stateBytes   = 64 << 20         // of the log in the state folder, unless the windows are larger
	writeRetry   = 30 * time.Second // after a write failed
	entryEngine  = 'n'              // the state of the incident engine; the other kinds are pack's
	noFolder     = "no folder configured"
	lockedFolder = "the folder is locked by another agent"
	badFolder    = "the folder cannot be used"
	failedWrites = "writes fail"
)

// keeper keeps what must outlive the agent in STATE_DIR. Without a folder, or with one that cannot be
// used, it keeps nothing and says why: an agent in memory is better than none.
type keeper struct {
	log    *slog.Logger
	store  *state.Store // nil: memory only
	report state.Report
	done   pack.Restored
	engine []byte // the state of the incident engine that was found

	mu      sync.Mutex
	why     string    // of a closed set; "" while writes work
	behind  bool      // what was handed out last is not on disk: everything must be written anew
	retryAt time.Time // while behind
}

// openKeeper opens the folder, "" for none.
func openKeeper(dir string, windowBytes int, log *slog.Logger) *keeper {
	k := &keeper{log: log, why: noFolder}
	if dir == "" {
		return k
	}
	store, report, err := state.Open(dir, state.Options{MaxBytes: max(stateBytes, 16*int64(windowBytes)), Schema: pack.StoredSchema})
	switch {
	case errors.Is(err, state.ErrLocked):
		k.why = lockedFolder
	case err != nil:
		k.why = badFolder
	default:
		k.store, k.report, k.why = store, report, ""
		k.tellReport()
		return k
	}
	log.Error("the state folder is not used, recording goes on in memory", "variable", variableName("StateDir"), "reason", err.Error())
	return k
}

// tellReport says what was not whole in the folder.
func (k *keeper) tellReport() {
	r := k.report
	if r.Torn != (state.Loss{}) || r.Missing > 0 || r.Broken > 0 || r.Newer > 0 || r.Unmoved > 0 {
		k.log.Warn("the state folder was not whole", "tornRecords", r.Torn.Records, "missingBatches", r.Missing, "brokenFiles", r.Broken, "newerFiles", r.Newer, "unmovedFiles", r.Unmoved)
	}
	for _, a := range r.Aside {
		k.log.Warn("a file of the state folder was set aside", "file", a.Name, "why", a.Why, "recordsKept", a.Kept)
	}
	if r.Shared {
		k.log.Warn("others may enter the state folder", "variable", variableName("StateDir"))
	}
}

// key is the installation's pseudonym key, nil without a folder.
func (k *keeper) key() []byte {
	if k.store == nil {
		return nil
	}
	key, err := k.store.PseudonymKey()
	if err != nil {
		k.log.Error("the pseudonym key cannot be kept, names change with the next start", "reason", err.Error())
		return nil
	}
	if key.Replaced {
		k.log.Warn("the pseudonym key was broken and is set aside: names in earlier packs were made with another one")
	}
	return key.Text
}

// restore gives the recorder what the agent before has kept.
func (k *keeper) restore(r *pack.Recorder) {
	if k.store == nil {
		return
	}
	done, err := r.Restore(func(take func(pack.Entry) error) error {
		return k.store.Replay(func(rec state.Record) error {
			if rec.Kind == entryEngine {
				k.engine = slices.Clone(rec.Data)
				return nil
			}
			return take(pack.Entry{Kind: rec.Kind, Data: rec.Data})
		})
	})
	k.done = done
	if err != nil {
		k.log.Error("the state folder could not be read to its end", "reason", err.Error())
		k.behind = true
	}
	k.log.Info("state restored", "events", done.Events, "entries", done.Entries, "refused", done.Refused, "life", done.Life.N)
}

// keep writes what a look brought, the small things first, so that an agent that is killed while it
// writes values and lists has the relay's end and its last events on disk. changed: the engine's state
// goes with them. It returns when that is safe, or counted as failed.
func (k *keeper) keep(r *pack.Recorder, e *incident.Engine, changed bool) {
	if k.store == nil {
		return
	}
	behind, wait := k.trouble()
	entries, anew := r.Entries() // also while nothing can be written: what waits would grow
	if wait {
		return
	}
	if !behind {
		var saved []byte
		if changed {
			saved = e.State()
		}
		err := k.store.Append(slices.Collect(recordsOf(entries, saved))...)
		if err != nil && !errors.Is(err, state.ErrTooLarge) {
			k.settle(err)
			return
		}
		anew = anew || err != nil // a first look at large windows: a snapshot may be larger
	}
	if behind || anew || k.store.Due() {
		k.keepAll(r, e)
		return
	}
	err := k.store.Append(slices.Collect(recordsOf(r.Values(), nil))...)
	if errors.Is(err, state.ErrTooLarge) {
		k.keepAll(r, e)
		return
	}
	k.settle(err)
}

// keepAll writes everything that is kept.
func (k *keeper) keepAll(r *pack.Recorder, e *incident.Engine) {
	if k.store == nil {
		return
	}
	k.settle(k.store.Compact(recordsOf(r.Everything(), e.State())))
}

// trouble says whether everything must be written anew, and whether it is too early to try.
func (k *keeper) trouble() (behind, wait bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.behind, k.behind && time.Now().Before(k.retryAt)
}

// settle notes whether a write worked.
func (k *keeper) settle(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case err == nil && k.why != "":
		k.log.Info("the state folder can be written again")
	case err != nil && k.why == "":
		k.log.Error("the state folder cannot be written, recording goes on in memory", "reason", err.Error())
	}
	k.behind, k.why = err != nil, ""
	if err != nil {
		k.why, k.retryAt = failedWrites, time.Now().Add(writeRetry)
	}
}

// recordsOf makes records of entries and of the engine's state, if there is one.
func recordsOf(entries []pack.Entry, engine []byte) iter.Seq[state.Record] {
	return func(yield func(state.Record) bool) {
		for _, e := range entries {
			if !yield(state.Record{Kind: e.Kind, Data: e.Data}) {
				return
			}
		}
		if engine != nil {
			yield(state.Record{Kind: entryEngine, Data: engine})
		}
	}
}

// numbers say in packs how the folder stands.
func (k *keeper) numbers() pack.StateNumbers {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := pack.StateNumbers{Kept: k.store != nil && k.why == "", Why: k.why, RestoredAt: k.done.At, Restored: k.done.Events, Refused: k.done.Refused}
	if k.store == nil {
		return n
	}
	stats := k.store.Stats()
	n.Torn = max(k.report.Torn.Records, k.report.Torn.Files) // one at least, where the cut took the count as well
	n.Missing, n.SetAside, n.Newer = k.report.Missing, k.report.Broken, k.report.Newer
	n.Dropped, n.Failures, n.Bytes = stats.Dropped.Records, stats.Failures, stats.Bytes
	return n
}

// close gives the folder free.
func (k *keeper) close() {
	if k.store == nil {
		return
	}
	if err := k.store.Close(); err != nil {
		k.log.Error("close the state folder", "reason", err.Error())
	}
}
