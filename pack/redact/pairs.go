package redact

import "bytes"

// maxPairName is the greatest length of a string that is read as the name of a field.
const maxPairName = 64

// pairWith looks at a string that may name a field: {"name": "password", "value": ...} in both orders,
// and in arrays a name or flag before its value. done: the element was removed. pairing: it stays, and
// the value that may follow belongs to it.
func (w *walker) pairWith(raw []byte, end int) (pairing, done bool) {
	f := &w.frames[len(w.frames)-1]
	if !f.object {
		return w.pairInArray(f, raw, end)
	}
	if w.cur.info.flags&nfNameRole == 0 || len(raw) == 0 || len(raw) > maxPairName {
		return false, false
	}
	if w.cur.info.flags&nfLooseRole != 0 && digits(raw) > 0 {
		return false, false // an id, which is no name
	}
	info := w.nameOf(raw)
	if info.flags&nfKept != 0 || !info.namedBy(w.cur.info.flags) || !info.sensitive() && info.class != nameID && info.class != nameRoom {
		return false, false
	}
	w.sync(w.cur.cut)
	if h := f.heldAt; h.to >= 0 && len(w.out)-h.from <= maxHold && info.namedBy(f.heldRole) {
		switch {
		case !info.sensitive():
			w.maskHeld(f, info)
		case !w.on(rulePair), info.class >= namePhone && f.heldNum, f.heldNum && info.flags&nfMeasure != 0:
		default:
			w.copied, w.pos, w.fresh = end, end, -1
			f.heldAt, f.seen = none, true
			w.removed(rulePair, valueOf(w.out[h.from:h.to]))
			w.cutOut(f, h)
			return false, true
		}
		return false, false
	}
	f.pair, f.pairAt = info, w.begin(f)
	return true, false
}

// nameOf says what the string raw, which is the current value, says as a name.
func (w *walker) nameOf(raw []byte) nameInfo {
	if w.cur.escaped {
		return w.p.r.classify(inJSON.decode(nil, raw))
	}
	return w.p.classify(raw)
}

// begin copies up to the current element, which stays, and gives the place where it will stand.
func (w *walker) begin(f *frame) span {
	e := &w.cur
	first := f.kept == 0
	switch {
	case first && f.seen:
		w.sync(e.cut)
		w.copied = max(w.copied, e.begin)
	case first:
		w.sync(e.begin)
	default:
		w.sync(e.cut)
	}
	return span{len(w.out), -1, first}
}

// hold remembers where a value stands whose name may follow it.
func (w *walker) hold() {
	if w.cur.info.flags&nfValueRole == 0 || len(w.frames) == 0 {
		return
	}
	f := &w.frames[len(w.frames)-1]
	if f.object && f.pairAt == none {
		f.heldAt, f.heldRole = w.begin(f), w.cur.info.flags
	}
}

// held notes the end of the value that hold began.
func (w *walker) held(end int, number bool) {
	if len(w.frames) == 0 {
		return
	}
	f := &w.frames[len(w.frames)-1]
	if f.heldAt.from >= 0 && f.heldAt.to < 0 {
		w.sync(end)
		f.heldAt.to, f.heldNum = len(w.out), number
	}
}

// valueOf gives the value of a member that may have its comma before it; nil when it is none.
func valueOf(member []byte) []byte {
	at := skipSpace(member, 0)
	if at < len(member) && member[at] == ',' {
		at = skipSpace(member, at+1)
	}
	if at = nameEnd(member, at); at <= 0 || at >= len(member) {
		return nil
	}
	return member[at:]
}

// maskHeld masks a value that came before the name that says it is an id.
func (w *walker) maskHeld(f *frame, info nameInfo) {
	h := f.heldAt
	member := w.out[h.from:h.to]
	v := valueOf(member)
	at := len(member) - len(v)
	if len(v) == 0 {
		return
	}
	b, changed := w.p.buffer(), false
	switch {
	case v[0] == '"':
		b = append(b, '"')
		b, changed = w.p.leaf(b, v[1:len(v)-1], inJSON, nameInfo{class: info.class, kind: info.kind}, true)
		b = append(b, '"')
	case isNumber(v) && info.class == nameID && info.flags&nfMeasure == 0:
		b = append(b, '"')
		b = w.p.r.Mask(b, w.p.kindName(info.kind), v)
		b = append(b, '"')
		w.p.counted(ruleID, v)
		changed = true
	}
	if changed {
		b = append(b, w.out[h.to:]...)
		w.out = append(w.out[:h.from+at], b...)
	}
	w.p.free(b)
	f.heldAt = none
}

// pairInArray looks at strings in arrays: ["--api-key", "x"], ["Authorization", "Bearer x"] and the flat
// lists of names and values that Node calls raw headers.
func (w *walker) pairInArray(f *frame, raw []byte, end int) (pairing, done bool) {
	at, argument := f.pairAt, f.flag
	f.pairAt, f.flag = none, len(raw) > 1 && raw[0] == '-' && bytes.IndexByte(raw, '=') < 0
	info, named := w.elementName(f, raw)
	if named && argument && raw[0] != '-' && at.from < 0 {
		named = false // it is the argument of another flag
	}
	if n := len(w.frames); named && at.from >= 0 && f.kept == 1 && raw[0] != '-' && n > 1 && !w.frames[n-2].object { // the last one: [["api_key", "my_key"]]
		last := skipSpace(w.src, end)
		named = last >= len(w.src) || w.src[last] != ']'
	}
	if at.from >= 0 && w.on(ruleArgument) && f.kept == int(f.pair.kind) && (f.heldNum || !named) {
		w.cut(end, ruleArgument)
		w.cutOut(f, at)
		return false, true
	}
	if !named || raw[0] != '-' && f.kept%2 != 0 {
		return false, false
	}
	f.heldNum = raw[0] == '-' // a flag takes whatever follows; of other names the next may be a name, too
	f.pair = info
	f.pair.kind = uint8(min(f.kept+1, 255))
	f.pairAt = w.begin(f)
	return true, false
}

// elementName says whether an element of an array is the name of a credential, as a whole.
func (w *walker) elementName(f *frame, raw []byte) (nameInfo, bool) {
	if len(raw) < 3 || len(raw) > maxPairName || f.kept >= 254 || f.info.class != namePlain {
		return nameInfo{}, false
	}
	name := raw
	if raw[0] == '-' {
		name = raw[1:]
	}
	for _, c := range name {
		if !isAlnum(c) && c != '-' && c != '_' && c != '.' {
			return nameInfo{}, false
		}
	}
	info := w.p.classify(name)
	return info, (info.class == nameCredential || raw[0] == '-' && info.sensitive()) && info.flags&(nfKept|nfMeasure|nfTail) == 0
}

// cutOut removes an element that is in out already, with the comma that it leaves.
func (w *walker) cutOut(f *frame, at span) {
	w.sync(w.copied)
	from, to := at.from, at.to
	if at.first {
		j := skipSpace(w.out, to)
		if j < len(w.out) && w.out[j] == ',' {
			to = skipSpace(w.out, j+1)
		}
	}
	w.out = append(w.out[:from], w.out[to:]...)
	f.kept--
	if f.heldAt.from > from {
		f.heldAt.from, f.heldAt.to = f.heldAt.from-(to-from), f.heldAt.to-(to-from)
	}
	if f.pairAt.from > from {
		f.pairAt.from, f.pairAt.to = f.pairAt.from-(to-from), f.pairAt.to-(to-from)
	}
}
