package pack

import (
	"bytes"
	"encoding/json"
	"time"

	"relaypack/pack/redact"
	"relaypack/scrape"
)

// Entry is one thing of a Recorder that can outlive the agent: redacted bytes, numbers, times and keyed
// hashes, nothing else. Of the kinds that replace, a later entry of the same name takes the place of an
// earlier one; the others add up.
type Entry struct {
	Kind byte   // of the closed set below
	Data []byte // JSON in the shape of the kind
}

// StoredSchema is the version of what entries mean. It grows when a kind changes its shape.
const StoredSchema = 1

// The kinds of entry. Readers skip a kind that they do not know.
const (
	entryLook    = 'k' // storedLook, replaces
	entryLives   = 'l' // storedLives, replaces
	entryGap     = 'g' // storedGap, adds
	entryClass   = 'c' // storedClass, replaces by name
	entryEvent   = 'e' // storedEvent, adds
	entryPoints  = 'h' // storedPoints, adds
	entryValue   = 'v' // storedValue, replaces by name
	entryList    = 'i' // storedList, replaces by name
	entryPage    = 'm' // storedPage, replaces
	entryProcess = 'p' // storedProcess, replaces
)

// storedKept is a clean value. Whoever restores it redacts it again: the rules may be newer.
type storedKept struct {
	At      int64           `json:"at"` // epoch ms
	Life    int             `json:"life"`
	Clean   json.RawMessage `json:"clean,omitempty"`
	Counts  map[string]int  `json:"counts,omitempty"`
	Removed [][2]string     `json:"removed,omitempty"` // the parent's pointer and the rule
	Dropped int             `json:"dropped,omitempty"`
}

type storedLook struct {
	At     int64            `json:"at"`
	Port   scrape.PortState `json:"port"`
	LastOK map[string]int64 `json:"lastOk"` // by source, epoch ms
}

type storedLives struct {
	Lives    []scrape.Life `json:"lives"`
	Shown    int           `json:"shown"`
	Answered []int         `json:"answered"`
}

type storedGap struct {
	At     int64  `json:"at"`
	Class  string `json:"class,omitempty"`
	Life   int    `json:"life"`
	From   int64  `json:"from,omitempty"`
	To     int64  `json:"to,omitempty"`
	Missed int64  `json:"missed,omitempty"`
	Why    string `json:"why"`
}

type storedClass struct {
	Name     string          `json:"name"`
	Missed   int64           `json:"missed"`
	Evicted  int             `json:"evicted"`
	Answered bool            `json:"answered"`
	Life     int             `json:"life"` // of what stands below
	Types    map[string]int  `json:"types"`
	Count    int             `json:"count"`
	Used     string          `json:"used,omitempty"` // the variant's source
	Broken   bool            `json:"broken,omitempty"`
	Tracks   []storedTrack   `json:"tracks"`
	Variants []storedVariant `json:"variants"`
}

type storedTrack struct {
	Prefix   string `json:"prefix"`
	Life     int    `json:"life"`
	WentBack bool   `json:"wentBack,omitempty"`
	Last     int64  `json:"last"`
}

type storedVariant struct {
	From    string `json:"from"`
	Life    int    `json:"life"`
	Started bool   `json:"started"`
	Newest  int64  `json:"newest"`
}

type storedEvent struct {
	storedKept
	Class     string `json:"class"`
	ID        string `json:"id"`
	Sequence  int64  `json:"sequence,omitempty"`
	Timestamp int64  `json:"timestamp"`
	Type      string `json:"type"`
	Raw       uint64 `json:"raw,omitempty"`
	Masked    uint64 `json:"masked,omitempty"`
	Same      uint64 `json:"same"` // the relay's copy has it, too
}

type storedPoints struct {
	At     int64              `json:"at"`
	Values map[string]float64 `json:"values"` // by series
}

type storedValue struct {
	storedKept
	Name   string  `json:"name"` // of the rule
	Number float64 `json:"number,omitempty"`
	Given  bool    `json:"given,omitempty"`
}

type storedList struct {
	storedKept
	Name  string `json:"name"` // of list and source
	Count int    `json:"count"`
}

type storedPage struct {
	storedKept
	Omitted int `json:"omitted,omitempty"`
}

type storedProcess struct {
	storedKept
	Container json.RawMessage `json:"container,omitempty"`
}

func entryOf(kind byte, v any) Entry {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false) // clean bytes stay as they are
	if err := enc.Encode(v); err != nil {
		return Entry{Kind: kind} // of a number that JSON cannot write; nothing else here can fail
	}
	return Entry{kind, bytes.TrimSuffix(out.Bytes(), []byte("\n"))}
}

func (k kept) stored() storedKept {
	out := storedKept{At: k.at.UnixMilli(), Clean: k.clean.Bytes(), Dropped: k.dropped}
	if k.life != nil {
		out.Life = k.life.N
	}
	if len(k.counts) > 0 {
		out.Counts = make(map[string]int, len(k.counts))
	}
	for _, c := range k.counts {
		out.Counts[c.rule] = c.n
	}
	for _, rem := range k.removed {
		out.Removed = append(out.Removed, [2]string{rem.Parent, rem.Rule})
	}
	return out
}

// restoreKept makes a kept value of a stored one. False: it is nothing that could be redacted.
func (r *Recorder) restoreKept(s storedKept, in func(n int) *life) (kept, bool) {
	k, ok := r.take(s.Clean, time.UnixMilli(s.At))
	if !ok {
		return kept{}, false
	}
	if !bytes.Equal(k.clean.Bytes(), s.Clean) {
		r.journal.rewrite = true // what is on disk must not stay there
	}
	k.life = in(s.Life)
	for rule, n := range s.Counts {
		k.counts = addCount(k.counts, rule, n)
	}
	for _, rem := range s.Removed {
		k.removed = append(k.removed, redact.Removal{Parent: rem[0], Rule: rem[1]})
	}
	k.dropped += s.Dropped
	return k, true
}
