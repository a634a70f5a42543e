package pack

import (
	"bytes"
	"sort"
	"strings"
	"time"

	"relaypack/pack/redact"
	"relaypack/scrape"
)

// life is one run of the relay. Values carry a pointer to theirs, so that a new life voids them by
// comparison alone.
type life struct {
	scrape.Life
	answered bool // a source beside its process was read
}

// kept is one clean value and what the redactor did to it.
type kept struct {
	clean   redact.Clean
	life    *life
	at      time.Time // when its source's answer was complete
	counts  []ruleCount
	removed []redact.Removal // pointers within clean
	dropped int              // removals beyond those
}

type ruleCount struct {
	rule string
	n    int
}

// take redacts a JSON value and keeps the result. False: the redactor refused it, nothing is kept.
func (r *Recorder) take(raw []byte, at time.Time) (kept, bool) {
	var rep redact.Report
	clean, err := r.redactor.Clean(oneLine(raw), redact.JSON, &rep)
	if err != nil {
		r.refused.Add(1)
		return kept{}, false
	}
	k := kept{clean: clean, life: r.life, at: at}
	k.note(&rep)
	return k, true
}

// note takes over what a report says. Reports of several passes over one value add up.
func (k *kept) note(rep *redact.Report) {
	for rule, n := range rep.Counts {
		k.counts = addCount(k.counts, rule, n)
	}
	sort.Slice(k.counts, func(i, j int) bool { return k.counts[i].rule < k.counts[j].rule })
	k.removed = append(k.removed, rep.Removed...)
	k.dropped += rep.Dropped
}

// within gives the account of a value that takeField kept under its name, as one of the value alone.
func (k kept) within(name string) kept {
	prefix := joinPointer(name)
	moved := make([]redact.Removal, len(k.removed))
	for i, rem := range k.removed {
		moved[i] = redact.Removal{Parent: strings.TrimPrefix(rem.Parent, prefix), Rule: rem.Rule}
	}
	k.removed = moved
	return k
}

func addCount(counts []ruleCount, rule string, n int) []ruleCount {
	for i := range counts {
		if counts[i].rule == rule {
			counts[i].n += n
			return counts
		}
	}
	return append(counts, ruleCount{rule, n})
}

// sweep redacts the value again when it names one of the ids, which the redactor knows by now.
// False: it was to be redacted and could not be; the caller drops it.
func (r *Recorder) sweep(k *kept, ids [][]byte) (changed, ok bool) {
	if k.clean.Len() == 0 || !containsAny(k.clean.Bytes(), ids) {
		return false, true
	}
	r.journal.rewrite = true // what was handed out names the id
	again, ok := r.take(k.clean.Bytes(), k.at)
	if !ok {
		*k = kept{}
		return true, false
	}
	k.clean = again.clean
	for _, c := range again.counts {
		k.counts = addCount(k.counts, c.rule, c.n)
	}
	k.removed = append(k.removed, again.removed...)
	k.dropped += again.dropped
	return true, true
}

func containsAny(b []byte, ids [][]byte) bool {
	for _, id := range ids {
		if len(id) > 0 && bytes.Contains(b, id) {
			return true
		}
	}
	return false
}
