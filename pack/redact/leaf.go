package redact

import "bytes"

// maxRounds is how often one string is gone over until nothing changes any more. What has not settled
// by then, which no known input does, is removed as a whole.
const maxRounds = 6

// leaf appends the clean form of one string, label value or text, as the carrier writes it, to dst. It
// goes over it again until nothing changes, so that a second pass of the redactor finds nothing either.
// Unchanged input appends nothing.
func (p *pass) leaf(dst, raw []byte, c carrier, info nameInfo, final bool) (out []byte, changed bool) {
	mark, rows := len(dst), p.columns.asRows
	if p.explainer != nil {
		p.explainer.enter(raw)
	}
	dst, changed = p.leafOnce(dst, raw, c, info, final)
	for round := 1; changed; round++ {
		if round == maxRounds {
			p.counted(ruleText, raw)
			return appendPlaceholder(dst[:mark], ruleText), true
		}
		p.columns.asRows = rows
		b := p.buffer()
		b, again := p.leafOnce(b, dst[mark:], c, info, final)
		if again {
			dst = append(dst[:mark], b...)
		}
		p.free(b)
		if !again {
			break
		}
	}
	return dst, changed
}

// leafOnce is one round of leaf.
func (p *pass) leafOnce(dst, raw []byte, c carrier, info nameInfo, final bool) ([]byte, bool) {
	if len(raw) == 0 {
		return dst, false
	}
	if !c.escaped(raw) {
		return p.plainLeaf(dst, raw, raw, c, info, final)
	}
	b := p.buffer()
	b = c.decode(b, raw)
	dst, changed := p.plainLeaf(dst, raw, b, c, info, final)
	p.free(b)
	return dst, changed
}

// plainLeaf judges the decoded text s of raw.
func (p *pass) plainLeaf(dst, raw, s []byte, c carrier, info nameInfo, final bool) ([]byte, bool) {
	switch info.class {
	case nameID:
		return p.idLeaf(dst, s, c, info)
	case nameNoun:
		if p.idLike(s) {
			return p.idLeaf(dst, s, c, info)
		}
	case nameRoom:
		if out, changed := p.roomLeaf(dst, s, c); changed {
			return out, true
		}
	}
	if p.shortWord(s) || info.flags&nfVersion != 0 && isQuad(s) {
		return dst, false
	}
	if c != inPlain && p.depth < maxNesting && mayBeJSON(s) {
		if end, _ := valueEnd(s, 0); end == len(s) {
			return p.nested(dst, s, c)
		}
	}
	t := p.scan(s, final)
	edits := t.edits()
	if len(edits) == 0 {
		t.drop()
		return dst, false
	}
	if p.explainer != nil {
		p.explainer.note(edits)
	}
	from, at := 0, 0 // in s, in raw
	for _, e := range edits {
		next := at + e.start - from
		if len(raw) != len(s) {
			next = c.advance(raw, at, e.start-from)
		}
		dst = append(dst, raw[at:next]...)
		dst = c.encode(dst, p.repl[e.from:e.to])
		at, from = next+e.end-e.start, e.end
		if len(raw) != len(s) {
			at = c.advance(raw, next, e.end-e.start)
		}
	}
	dst = append(dst, raw[at:]...)
	p.torn = p.torn || t.torn && !final
	t.drop()
	return dst, true
}

// minSecret is the length below which no matcher finds anything in a single word: vendors' prefixes ask
// for more, ids for 8 bytes and a digit.
const minSecret = 12

// shortWord says whether all of s is one word, with a digit only below the length of an id.
func (p *pass) shortWord(s []byte) bool {
	if len(s) >= minSecret || p.values != nil && len(s) >= p.values.least {
		return false
	}
	and, or := cWord, charFlag(0)
	for _, b := range s {
		f := p.r.tab.class[b]
		and, or = and&f, or|f
	}
	return and != 0 && (or&cDigit == 0 || len(s) < minID)
}

// idLeaf masks a value that is an id by its field.
func (p *pass) idLeaf(dst, s []byte, c carrier, info nameInfo) ([]byte, bool) {
	if isMasked(s) || p.r.off>>ruleID&1 != 0 {
		return dst, false
	}
	p.learn(info.kind, s)
	p.counted(ruleID, s)
	b := p.buffer()
	b = p.r.Mask(b, p.kindName(info.kind), s)
	dst = c.encode(dst, b)
	p.free(b)
	return dst, true
}

// roomLeaf masks the parts of a room's name that are ids: those that look like one, are known or of a
// shape, and whatever stands behind session, user and their like. Other parts are words and stay.
func (p *pass) roomLeaf(dst, s []byte, c carrier) ([]byte, bool) {
	mark := len(dst)
	changed, before := false, uint8(0)
	for i := 0; i <= len(s); {
		n := bytes.IndexByte(s[i:], ':')
		if n < 0 {
			n = len(s) - i
		}
		part := s[i : i+n]
		if i > 0 {
			dst = append(dst, ':')
		}
		var room [32]byte
		f := p.r.tab.words[string(lowerInto(room[:], part))]
		kind, is := p.roomID(part)
		switch {
		case before != 0 && f&wNoun == 0 && len(part) > 0 && !isMasked(part):
			p.learn(before, part)
			kind, is = before, true
		case before != 0:
			kind = before
		}
		if is && !isMasked(part) && p.r.off>>ruleID&1 == 0 {
			b := p.buffer()
			b = p.r.Mask(b, p.kindName(kind), part)
			dst = c.encode(dst, b)
			p.free(b)
			p.counted(ruleID, part)
			changed = true
		} else {
			dst = c.encode(dst, part)
		}
		before = 0
		if f&wNoun != 0 {
			before = f.kindOf()
		}
		i += n + 1
	}
	if !changed {
		return dst[:mark], false
	}
	return dst, true
}

// roomID says whether a part of a room's name is an id by itself. A socket is in a room of its own
// name, which may have no digit: 16 word signs or more of mixed case count, too.
func (p *pass) roomID(part []byte) (kind uint8, ok bool) {
	if p.idLike(part) {
		if _, _, kind, ok := p.findID(part, 0, len(part)); ok {
			return kind, true
		}
		return 0, true
	}
	upper, low := 0, 0
	for _, b := range part {
		switch {
		case b >= 'A' && b <= 'Z':
			upper++
		case b >= 'a' && b <= 'z':
			low++
		case p.r.tab.class[b]&cWord == 0:
			return 0, false
		}
	}
	return 2, len(part) >= 16 && upper > 2 && low > 2
}

// mayBeJSON says whether s begins like a document that can hold names.
func mayBeJSON(s []byte) bool {
	for _, b := range s {
		if isSpace(b) {
			continue
		}
		return (b == '{' || b == '[' || b == '"') && len(s) > 2
	}
	return false
}

// nested redacts the document s that stands in a string.
func (p *pass) nested(dst, s []byte, c carrier) ([]byte, bool) {
	b := p.buffer()
	before := p.tally.changes
	b = p.document(b, s)
	changed := p.tally.changes != before
	if changed {
		dst = c.encode(dst, b)
	}
	p.free(b)
	return dst, changed
}

// island redacts a document that stands in text, at i.
func (t *text) island(i int) int {
	p, s := t.p, t.s
	if i < t.jsonFail || p.depth >= maxNesting {
		return i + 1
	}
	j := i + 1
	for j < len(s) && isSpace(s[j]) {
		j++
	}
	if j >= len(s) || s[j] != '"' && (s[i] == '{' || s[j] != '{' && s[j] != '[') {
		return i + 1
	}
	end, fail := valueEnd(s, i)
	if end == 0 {
		t.jsonFail = fail
		return i + 1
	}
	b := p.buffer()
	before := p.tally.changes
	p.pinAt(i)
	b = p.document(b, s[i:end])
	p.unpin()
	if p.tally.changes != before {
		t.replace(i, end, b)
	}
	p.free(b)
	return end
}
