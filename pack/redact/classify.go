package redact

import (
	"encoding/binary"
	"math/bits"
)

// verdict gathers what the words of a name say, one after the other.
type verdict struct {
	tab    *tables
	info   nameInfo
	prev   wordFlag
	before wordFlag // of the last but one
	last   wordFlag
	first  wordFlag
	count  int
	// letters of all words
	letters int
	joined  [64]byte // the words without what is between them, for Options.IDs
	n       int
}

// classify says what a decoded name says about its value.
func (r *Redactor) classify(name []byte) nameInfo {
	if isPlaceholder(name) {
		return nameInfo{}
	}
	v := verdict{tab: r.tab}
	sp := splitter{s: name}
	for sp.next() {
		w := sp.word()
		v.add(r.tab.wordOf(w), w)
	}
	if v.n <= len(v.joined) {
		if k := r.fields[string(v.joined[:v.n])]; k != 0 && !v.info.sensitive() {
			v.info.class, v.info.kind = nameID, k
		}
	}
	v.finish()
	if r.policy != nil && v.n <= len(v.joined) {
		r.policy.apply(&v.info, v.joined[:v.n])
	}
	if r.keep[string(name)] {
		v.info.flags |= nfKept
		if v.info.sensitive() {
			v.info.class = namePlain
		}
	}
	return v.info
}

func (v *verdict) add(f wordFlag, w []byte) {
	if v.count == 0 {
		v.first = f
	}
	v.count++
	v.letters += len(w)
	if v.n+len(w) <= len(v.joined) && w != nil {
		copy(v.joined[v.n:], w)
		v.n += len(w)
	} else {
		v.n = len(v.joined) + 1
	}
	if f == 0 && v.tab.fusedWord(w) {
		f = wStrong
	}
	switch {
	case f&wStrong != 0, f&wKey != 0 && v.prev&wKeyLead != 0, f&wString != 0 && v.prev&wConnection != 0,
		f&wCode != 0 && v.prev&wCodeLead != 0:
		v.raise(nameCredential, 0)
		v.info.flags &^= nfWeak | nfMild
	case f&wWeak != 0:
		switch {
		case v.info.class != nameCredential:
			v.info.flags |= nfWeak
			if f&wMild != 0 {
				v.info.flags |= nfMild
			}
		case f&wMild == 0:
			v.info.flags &^= nfMild
		}
		v.raise(nameCredential, 0)
	case f&wEmail != 0, f&wMail != 0 && v.prev&wE != 0, f&wAddress != 0 && v.prev&wMail != 0:
		v.raise(nameEmail, 0)
	case f&wPhone != 0:
		v.raise(namePhone, 0)
	case f&wCard != 0, f&wCardLead != 0 && v.prev&wCardOf != 0, f&wNumber != 0 && v.prev&wCardLead != 0:
		v.raise(nameCard, 0)
	case f&wID != 0 && v.prev&wNoun != 0:
		v.raise(nameID, v.prev.kindOf())
	case f&wIDWord != 0:
		v.raise(nameID, f.kindOf())
	}
	if f&wMeasure != 0 {
		v.info.flags |= nfMeasure
	}
	v.before, v.prev, v.last = v.prev, f, f
}

// manyWords is how many words of one or two letters a name may have.
const manyWords = 5

// raise sets the class unless one that removes more is there.
func (v *verdict) raise(c nameClass, kind uint8) {
	if v.info.class == namePlain || c < v.info.class {
		v.info.class, v.info.kind = c, kind
	}
}

func (v *verdict) finish() {
	if v.count > manyWords && v.letters < 3*v.count {
		v.info = nameInfo{} // no name, but letters and digits at random, which spell short words by chance
		return
	}
	if v.info.class == namePlain {
		switch {
		case v.last&wEnds != 0 && v.n <= len(v.joined) && v.tab.named[string(v.joined[:v.n])]:
			v.info.class = nameCredential
		case v.last&wRoom != 0:
			v.info.class = nameRoom
		case v.last&wNoun != 0:
			v.info.class, v.info.kind = nameNoun, v.last.kindOf()
		}
	}
	if v.info.class == namePlain && v.last&wKey != 0 && v.last&wPlural == 0 && (v.count == 1 || v.before&wOpenKey == 0) {
		v.info.flags |= nfKeyed
	}
	if v.last&wVersion != 0 {
		v.info.flags |= nfVersion
	}
	if v.last&wTail != 0 {
		v.info.flags |= nfTail
	}
	if (v.first|v.last)&wSegment != 0 {
		v.info.flags |= nfSegment
	}
	if v.last&wPlural != 0 {
		v.info.flags |= nfPlural
	}
	if v.last&wKind != 0 {
		v.info.flags |= nfKind
	}
	if v.count <= 2 && !v.info.sensitive() {
		v.role()
	}
	if v.first&(wKey|wString|wAddress|wID|wCode|wEnds) != 0 {
		v.info.flags |= nfLead
	}
}

// role says whether the value may name a field, or be such a field's value: key, variable_name; value,
// newValue. type and id name one, too, but also much else.
func (v *verdict) role() {
	switch {
	case v.last&wNameRole != 0:
		v.info.flags |= nfNameRole
	case v.last&wValueRole != 0:
		v.info.flags |= nfValueRole
	case v.count == 1 && v.last&(wID|wKind) != 0:
		v.info.flags |= nfNameRole | nfLooseRole
	case v.last&wLooseRole != 0:
		v.info.flags |= nfValueRole | nfLooseRole
	}
}

// namedBy says whether a member of this role can name, or hold the value of, a field whose name says n.
func (n nameInfo) namedBy(role nameFlag) bool {
	return role&nfLooseRole == 0 || n.class == nameCredential && n.flags&(nfWeak|nfTail) == 0
}

// nameSlots is the size of a pass's memory of names.
const (
	nameBits  = 8
	nameSlots = 1 << nameBits
)

// nameSlot remembers what one short name says. Names repeat in every event, so almost all are found.
type nameSlot struct {
	n    uint8
	info nameInfo
	name [28]byte
}

// classify is Redactor.classify with a memory.
func (p *pass) classify(name []byte) nameInfo {
	info, _ := p.recall(name)
	return info
}

// classifyMember is classify for names that stand in the output by themselves (members, labels): such
// a name is looked at, too.
func (p *pass) classifyMember(name []byte) nameInfo {
	info, slot := p.recall(name)
	if info.flags&nfLooked == 0 {
		info.flags |= nfLooked
		if p.nameHolds(name) {
			info.flags |= nfDirty
		}
		if slot != nil && slot.holds(name) { // a name inside it may have taken its place
			slot.info = info
		}
	}
	return info
}

// nameHash picks a slot by the length, the first and the last 8 bytes.
func nameHash(name []byte) uint64 {
	h := uint64(len(name)) * 0x9e3779b97f4a7c15
	if len(name) >= 8 {
		h ^= binary.LittleEndian.Uint64(name)
		h ^= bits.RotateLeft64(binary.LittleEndian.Uint64(name[len(name)-8:]), 31)
	} else {
		for _, c := range name {
			h = h<<8 | h>>56 ^ uint64(c)
		}
	}
	return h * 0xff51afd7ed558ccd >> (64 - nameBits)
}

func (p *pass) recall(name []byte) (nameInfo, *nameSlot) {
	if len(name) == 0 || len(name) > len(nameSlot{}.name) || p.r.forgetsNames {
		return p.r.classify(name), nil
	}
	h := nameHash(name)
	slot := &p.names[h]
	if slot.holds(name) {
		return slot.info, slot
	}
	other := &p.names[h^1] // two names of one place would else push each other out for ever
	if other.holds(name) {
		return other.info, other
	}
	*other = *slot
	slot.n, slot.info = uint8(len(name)), p.r.classify(name)
	copy(slot.name[:], name)
	return slot.info, slot
}

func (n *nameSlot) holds(name []byte) bool {
	return int(n.n) == len(name) && string(n.name[:n.n]) == string(name)
}

// nameHolds says whether the name itself has something that must go: a map by e-mail address, by
// session id. Ids that are only known, without a shape, never count in names (design 7).
func (p *pass) nameHolds(name []byte) bool {
	if len(name) < 6 {
		return false
	}
	p.inName = true
	dirty := p.holds(name)
	p.inName = false
	return dirty
}
