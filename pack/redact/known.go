package redact

import (
	"bytes"
	"errors"
	"fmt"
)

// minValue is the least length of a known value in bytes; maxValues how many there may be.
const (
	minValue  = 4
	maxValues = 512
)

// knownValues finds any of many literals: every form of every value that is known to be secret. A table
// over pairs of bytes says how far the search may go on (Wu and Manber), so most bytes are not read.
type knownValues struct {
	forms [][]byte
	least int              // length of the shortest form
	skip  [1 << 16]uint8   // pair of bytes -> how far no form can end
	ends  map[uint16][]int // pair at the end of a form's first least bytes -> forms
}

func newKnownValues(values [][]byte) (*knownValues, error) {
	if len(values) > maxValues {
		return nil, fmt.Errorf("values: %d, more than %d", len(values), maxValues)
	}
	seen := make(map[string]bool)
	k := &knownValues{ends: make(map[uint16][]int)}
	for _, v := range values {
		v = bytes.TrimSpace(v)
		if len(v) == 0 {
			continue
		}
		if len(v) < minValue {
			return nil, errors.New("values: one is shorter than 4 bytes")
		}
		for _, f := range formsOf(v) {
			if !seen[string(f)] {
				seen[string(f)] = true
				k.forms = append(k.forms, f)
			}
		}
	}
	if len(k.forms) == 0 {
		return nil, nil
	}
	k.least = 255
	for _, f := range k.forms {
		k.least = min(k.least, len(f))
	}
	for i := range k.skip {
		k.skip[i] = uint8(k.least - 1)
	}
	for i, f := range k.forms {
		for j := 1; j < k.least; j++ {
			pair := uint16(f[j-1])<<8 | uint16(f[j])
			k.skip[pair] = min(k.skip[pair], uint8(k.least-1-j))
		}
		pair := uint16(f[k.least-2])<<8 | uint16(f[k.least-1])
		k.ends[pair] = append(k.ends[pair], i)
	}
	return k, nil
}

// find gives the first known value in s at or behind i: the longest form that begins there. -1: none.
func (k *knownValues) find(s []byte, i int) (start, end int) {
	for j := i + k.least - 1; j < len(s); {
		pair := uint16(s[j-1])<<8 | uint16(s[j])
		if n := int(k.skip[pair]); n > 0 {
			j += n
			continue
		}
		start, end = j-k.least+1, -1
		for _, f := range k.ends[pair] {
			if e := start + len(k.forms[f]); e > end && bytes.HasPrefix(s[start:], k.forms[f]) {
				end = e
			}
		}
		if end > 0 {
			return start, end
		}
		j++
	}
	return -1, -1
}

func (k *knownValues) in(s []byte) bool {
	start, _ := k.find(s, 0)
	return start >= 0
}

// runTo scans up to stop what lies between known values, and removes them. A match of another rule that
// has a known value inside goes first where it begins first.
func (t *text) runTo(stop int) {
	if t.p.values == nil {
		t.run(stop)
		return
	}
	for t.done < stop {
		start, end := t.p.values.find(t.s[:stop], t.done)
		if start < 0 {
			t.run(stop)
			return
		}
		t.run(start)
		if t.done < end {
			t.add(start, end, ruleKnown)
		}
	}
}

// CredentialName says whether a name says that its value is a credential, by the judgement that removes fields: in any
// spelling, and not where it only speaks about one (a policy, a count, a kind).
func CredentialName(name string) bool {
	r := Redactor{tab: sharedTables()}
	info := r.classify([]byte(name))
	return info.class == nameCredential && info.flags&(nfMeasure|nfTail|nfKind) == 0
}
