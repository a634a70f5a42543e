package redact

import (
	"bytes"
	"hash/maphash"
)

// Events repeat the same texts (stack traces, messages, reasons) a thousand times. A pass remembers strings of
// documents that it found clean, byte for byte, and does not go over them again.
//
// Whether leaf finds a string clean depends on its bytes, on the class of its name (the kind only says what a mask
// says), on how deep the document lies in strings, on the known values, and on the Redactor's policy, which does not
// change. It also depends on Options.Known, and leaf may tell Options.Learn: a string for which one of these was
// called is not remembered, nor one whose name says version. Nothing that was changed is remembered, so counts, reports
// and explanations do not come from memory.

const (
	seenSlots = 256     // how many texts are remembered
	minSeen   = 16      // a shorter text costs as much to find as to go over, in bytes
	maxSeen   = 2 << 10 // a longer one is not remembered: at most seenSlots*maxSeen bytes are held
)

// seenTexts is a table in which each text has one place, by its hash: the last one stays.
type seenTexts struct {
	seed   maphash.Seed // so that nobody can choose texts that take each other's place
	values *knownValues // those of the pass for which the slots hold
	slots  []seenText   // made when the first text is remembered
}

type seenText struct {
	text  []byte // empty: the slot is free
	class nameClass
	depth uint8
}

// cleanLeaf says whether the string raw of a document, whose name says info, is known to be clean; slot is where to
// remember it when it turns out to be, nil when it is not to be remembered.
func (p *pass) cleanLeaf(raw []byte, info nameInfo) (clean bool, slot *seenText) {
	if len(raw) < minSeen || len(raw) > maxSeen || info.flags&nfVersion != 0 || p.r.forgetsTexts || p.explainer != nil {
		return false, nil
	}
	t := &p.seen
	if t.slots == nil {
		t.slots, t.seed, t.values = make([]seenText, seenSlots), maphash.MakeSeed(), p.values
	}
	if t.values != p.values { // SetValues has been called
		for i := range t.slots {
			t.slots[i].text = t.slots[i].text[:0]
		}
		t.values = p.values
	}
	slot = &t.slots[maphash.Bytes(t.seed, raw)%seenSlots]
	clean = bytes.Equal(slot.text, raw) && slot.class == info.class && int(slot.depth) == p.depth
	return clean, slot
}

// documentLeaf is leaf for a string of a document that is not too long, with a memory of the clean ones.
func (p *pass) documentLeaf(dst, raw []byte, info nameInfo) (out []byte, changed bool) {
	clean, slot := p.cleanLeaf(raw, info)
	if clean {
		return dst, false
	}
	calls := p.calls
	out, changed = p.leaf(dst, raw, inJSON, info, true)
	if !changed && slot != nil && p.calls == calls {
		slot.text = append(slot.text[:0], raw...)
		slot.class, slot.depth = info.class, uint8(p.depth)
	}
	return out, changed
}
