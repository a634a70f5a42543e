package verify

import (
	"bytes"
	"hash/maphash"
)

// nameInfo is what a member's name says.
type nameInfo struct {
	sense     sense
	role      role
	holds     bool // credentials, cookieJar ...: what stands inside is one, too
	owner     bool // user, session ...: an `id` inside is one of those
	tally     bool // counts, byRole ...: what stands inside is counted by name
	countable bool // a number is how many
}

// role is the part that a member plays in a pair of name and value.
type role uint8

const (
	noRole role = iota
	pairName
	pairValue
	pairType // of a form's input
	jwkType  // of a key of JSON (RFC 7517)
	jwkPart  // what is private in one
	justID   // `id`
)

// held is a value that came before the name that says what it is.
type held struct {
	at     int // in the document
	line   int // 0: not yet counted
	name   []byte
	head   [maxExcerpt + 1]byte // how it begins
	size   int                  // 0: none is held
	number bool
}

func (s *scan) hold(f *frame, value []byte) {
	f.held = held{at: s.place(0), name: f.name, size: min(len(value), len(f.held.head))}
	copy(f.held.head[:], value)
}

type nameEntry struct {
	name []byte
	info nameInfo
}

// nameInfo reads a name and looks through it, since a name can be an id or hold anything. keep: it may be
// remembered.
func (s *scan) nameInfo(name []byte, keep bool) nameInfo {
	var entry *nameEntry
	if keep && s.caches != nil && len(name) > 0 && len(name) <= 64 {
		n := len(name)
		entry = &s.caches.names[uint8(n)^name[0]*7^name[n/2]*31^name[n-1]*101]
		if bytes.Equal(entry.name, name) {
			return entry.info
		}
	}
	info := nameInfo{sense: senseOf(name), role: roleOf(name), owner: isOwner(name), tally: isTally(name)}
	info.holds = info.sense != credential || holdsCredentials(name)
	info.countable = info.sense == credential && isCountable(name)
	before := len(s.found)
	if len(name) >= leastText {
		s.text(name, s.level)
	}
	if entry != nil && len(s.found) == before {
		entry.name, entry.info = append(entry.name[:0], name...), info
	}
	return info
}

// roleOf tells the members of {"name": ..., "value": ...} and its like.
func roleOf(name []byte) role {
	if len(name) == 0 {
		return noRole
	}
	switch vocationOf(name) {
	case ofName:
		return pairName
	case ofPairValue:
		return pairValue
	}
	switch last := bytes.HasSuffix; {
	case last(name, []byte("Value")), last(name, []byte("_value")):
		return pairValue
	case last(name, []byte("Name")), last(name, []byte("Key")), last(name, []byte("_name")), string(name) == "setting":
		return pairName
	}
	switch string(name) {
	case "kty":
		return jwkType
	case "d", "p", "q", "dp", "dq", "qi":
		return jwkPart
	case "id", "_id", "ID", "Id":
		return justID
	case "type", "Type", "kind":
		return pairType
	case "new", "old", "current", "previous", "before", "after", "newValue", "oldValue", "defaultValue", "stringValue", "_text", "#text", "_":
		return pairValue
	}
	return noRole
}

// current is what the names around a value say of it.
func (f *frame) current() sense {
	if f.object && f.says.sense != plain {
		return f.says.sense
	}
	if f.object && f.says.role == pairValue && (f.pair == credential || f.pair == mail || f.pair == phoneField) {
		return f.pair
	}
	if f.object && f.owner && f.says.role == justID {
		return ownedID
	}
	switch f.outside {
	case counted, version, ownedID:
		return plain
	}
	return f.outside
}

// number looks at a number: a secret only where its own name says so, an id, a card.
func (s *scan) number(f *frame, raw []byte) {
	whole := bytes.IndexByte(raw, '.') < 0
	switch f.current() {
	case credential:
		if f.object && (f.says.sense == credential && !f.says.countable || f.pair == credential && f.says.role == pairValue && !f.pairCounts) && !f.tally && whole && len(raw) >= leastPin {
			s.report(KindField, raw, 0)
		}
	case identity:
		if whole && string(raw) != "0" && string(raw) != "-1" && (!f.object || f.says.sense == identity) {
			s.report(KindID, raw, 0)
		}
	case cardField:
		if cardNumber(raw) {
			s.report(KindCard, raw, 0)
		}
	case phoneField:
		if len(raw) >= 7 && whole {
			s.report(KindPhone, raw, 0)
		}
	default:
		if s.planted >= 0 {
			s.known(raw)
		}
		if f.object && f.says.role == pairValue && whole && len(raw) >= leastPin {
			s.hold(f, raw)
			f.held.number = true
		}
	}
}

const leastPin = 4 // digits

// member looks at a text in an object or array: by its names, by its neighbours, by itself.
func (s *scan) member(f *frame, value []byte) {
	if s.paired(f, value) {
		return
	}
	says := f.current()
	if says != plain && s.field(says, value) {
		return
	}
	if !f.object {
		before := f.previous
		f.previous = plain
		if before == credential && len(value) > 0 && !masked(value) && (!wordy(value) || compound(value)) && !idle(value) && !(f.counts && countDigits(value) == len(value)) && (senseOf(value) != credential || madeUp(value)) {
			s.report(KindField, value, 0)
			return
		}
		if (before == mail || before == phoneField) && s.field(before, value) {
			return
		}
		if len(value) <= 64 && isNameLike(value) {
			f.previous, f.counts = senseOf(value), isCountable(value)
		}
	}
	if f.object && says == plain && isSomeKey(f.name) && isKeyValue(value) {
		s.report(KindEntropy, value, 0)
		return
	}
	s.version = says == version || f.object && f.says.role == pairValue && f.pair == version
	s.text(value, s.level)
	s.version = false
}

// silent says whether nothing around a text says anything of it, so that it stands for itself alone.
func (f *frame) silent() bool {
	return f.object && f.says == nameInfo{holds: true} && f.pair == plain && f.current() == plain
}

// worthHashing is the length from which on a text is looked up before it is looked through.
const worthHashing = 24

// seen gives the place where a text is remembered in which nothing was found, and its hash; nil: none is.
func (s *scan) seen(raw []byte) (*uint64, uint64) {
	if s.caches == nil || len(raw) < worthHashing {
		return nil, 0
	}
	h := maphash.Bytes(s.d.seed, raw) | 1
	return &s.caches.clean[h>>1%uint64(len(s.caches.clean))], h
}

// field judges a value by what its name says; true: it was found, and that is enough.
func (s *scan) field(says sense, value []byte) bool {
	if len(value) == 0 || masked(value) {
		return false
	}
	kind := ""
	switch says {
	case credential:
		if !idle(value) {
			kind = KindField
		}
	case counted:
		if madeUp(value) && turns(value) >= 3 {
			kind = KindField
		}
	case mail:
		if !idle(value) {
			kind = KindMailField
		}
	case identity:
		if !nobody(value) {
			kind = KindID
		}
	case ownedID:
		if idLike(value) {
			kind = KindID
		}
	case cardField:
		if cardNumber(value) {
			kind = KindCard
		}
	case phoneField:
		if countDigits(value) >= 7 {
			kind = KindPhone
		}
	case room:
		return s.room(value)
	}
	if kind == "" {
		return false
	}
	s.report(kind, value, 0)
	return true
}

// paired judges {"name": "password", "value": ...}, in whichever order the two stand.
func (s *scan) paired(f *frame, value []byte) bool {
	if !f.object {
		return false
	}
	switch {
	case f.says.role == jwkType:
		if f.jwk = true; f.held.size > 0 {
			s.reportHeld(f)
		}
		return false
	case f.says.role != jwkPart && !(f.says.role == pairName && string(f.name) == "k") || len(value) < leastJWK || turns(value) < leastJWK/4:
	case f.jwk:
		s.report(KindField, value, 0)
		return true
	default:
		s.hold(f, value)
		return false
	}
	if f.says.role == pairName || f.says.role == pairType && isPassword(value) || f.says.role == justID && isNameLike(value) && senseOf(value) == credential {
		f.pair, f.pairCounts = senseOf(value), isCountable(value)
		switch h := &f.held; {
		case h.size == 0:
		case f.pair == credential && !(h.number && f.pairCounts), f.pair == mail,
			f.pair == phoneField && countDigits(h.head[:h.size]) >= leastPhone:
			s.reportHeld(f)
		}
		return false
	}
	if f.says.role != pairValue || f.says.sense != plain || f.pair == credential || len(value) == 0 || masked(value) {
		return false
	}
	s.hold(f, value)
	return false
}

const leastJWK = 24 // signs of a private part of a key of JSON

// reportHeld reports the value that stood in front of the name that says what it is.
func (s *scan) reportHeld(f *frame) {
	name, h := f.name, f.held
	f.name, f.held = h.name, held{}
	s.add(Finding{Kind: KindField, Pointer: s.walk.pointer(), Offset: h.at, Line: h.line, Excerpt: excerpt(h.head[:h.size])})
	f.name = name
}

// room looks at the parts of a room's name: an id among them must be masked.
func (s *scan) room(name []byte) bool {
	behind := false
	for part := range bytes.SplitSeq(name, []byte(":")) {
		if !masked(part) && len(part) > 0 && (behind && !isOwner(part) || idLike(part) || s.d.isKnown(part)) {
			s.report(KindID, part, 0)
			return true
		}
		behind = isOwner(part)
	}
	return false
}
