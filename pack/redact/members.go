package redact

// open enters the array or object at the current element's value, or begins to skip it.
func (w *walker) open() status {
	e := &w.cur
	if w.drops(isContainer, nil) && w.on(w.ruleFor()) {
		w.cut(e.value, w.ruleFor())
		w.skip = skipping{on: true}
		return ok
	}
	if len(w.frames) >= maxDepth {
		return bad
	}
	f := frame{object: w.src[e.value] == '{', info: e.info, pairAt: none, heldAt: none}
	if e.single || f.object && f.info.class != nameNoun {
		f.info = nameInfo{}
	}
	w.hold()
	f.nameFrom = len(w.path)
	w.path = append(w.path, w.rawName()...)
	f.nameTo = len(w.path)
	fresh := w.fresh
	if fresh < 0 {
		fresh = e.cut
	}
	w.keep(e.value + 1)
	if w.pos-fresh <= maxFresh {
		w.fresh = fresh
	}
	w.frames = append(w.frames, f)
	return ok
}

// none is no place in out, gone a place that has been written.
var none, gone = span{from: -1, to: -1}, span{from: -2, to: -2}

// closeFrame leaves the innermost frame at i.
func (w *walker) closeFrame(i int, object bool) status {
	f := &w.frames[len(w.frames)-1]
	if f.object != object {
		return bad
	}
	w.path = w.path[:f.nameFrom]
	w.frames = w.frames[:len(w.frames)-1]
	w.pos, w.fresh = i+1, -1
	w.held(i+1, false)
	return ok
}

// scalar deals with the number, true, false or null that ends at end.
func (w *walker) scalar(end int) status {
	e := &w.cur
	v := w.src[e.value:end]
	kind := isNull
	switch {
	case v[0] == '-' || isDigit(v[0]):
		kind = isNumeric
	case v[0] != 'n':
		kind = isBool
	}
	if w.drops(kind, v) && w.on(w.ruleFor()) {
		w.cut(end, w.ruleFor())
		return ok
	}
	switch {
	case kind == isNumeric && w.on(ruleID) && e.info.class == nameID && e.info.flags&nfMeasure == 0:
		w.p.learn(e.info.kind, v)
		w.keep(end)
		w.quote(end, ruleID, w.p.r.Mask(w.p.buffer(), w.p.kindName(e.info.kind), v))
		return ok
	case w.p.values != nil && w.on(ruleKnown) && w.p.values.in(v):
		w.keep(end)
		w.quote(end, ruleKnown, appendPlaceholder(w.p.buffer(), ruleKnown))
		return ok
	}
	w.hold()
	w.keep(end)
	w.held(end, true)
	return ok
}

// on says whether a rule is switched on.
func (w *walker) on(r rule) bool { return w.p.r.off>>r&1 == 0 }

// quote puts a string in the place of the current value; text is a buffer of the pass.
func (w *walker) quote(end int, r rule, text []byte) {
	w.sync(w.cur.value)
	w.out = append(w.out, '"')
	w.out = append(w.out, text...)
	w.out = append(w.out, '"')
	w.copied = end
	w.p.free(text)
	w.p.counted(r, w.src[w.cur.value:end])
}

// str deals with the string that ends at end.
func (w *walker) str(end int) status {
	e := &w.cur
	raw := w.src[e.value+1 : end-1]
	if w.drops(isString, raw) && w.on(w.ruleFor()) {
		w.cut(end, w.ruleFor())
		return ok
	}
	short := false // nothing can be in it
	if e.info.class == nameID {
		short = !e.escaped && isMasked(raw)
	} else {
		short = w.p.shortWord(raw)
	}
	if short && e.info.flags&(nfNameRole|nfValueRole) == 0 && e.nameEnd > 0 {
		w.keep(end)
		return ok
	}
	if e.nameEnd-e.name <= 4 && e.nameEnd > 0 && isJWKPart(w.src[e.name+1:e.nameEnd-1], raw) {
		w.cut(end, ruleField)
		return ok
	}
	pairing := false
	if len(w.frames) > 0 {
		var done bool
		if pairing, done = w.pairWith(raw, end); done {
			return ok
		}
	}
	w.hold()
	if short {
		w.keep(end)
	} else {
		b, changed := w.p.documentLeaf(w.p.buffer(), raw, e.info)
		w.keep(end)
		if changed {
			w.sync(e.value + 1)
			w.out = append(w.out, b...)
			w.copied = end - 1
		}
		w.p.free(b)
	}
	w.held(end, false)
	if pairing {
		w.sync(end)
		w.frames[len(w.frames)-1].pairAt.to = len(w.out)
	}
	return ok
}

// isJWKPart says whether a member is the private part of a key of RFC 7518: d, p, q, dp, dq, qi, or k, in base64url.
func isJWKPart(name, v []byte) bool {
	switch string(name) {
	case "d", "p", "q", "dp", "dq", "qi", "k":
	default:
		return false
	}
	if len(v) < 22 {
		return false
	}
	upper, small := 0, 0
	for _, c := range v {
		switch {
		case c >= 'A' && c <= 'Z':
			upper++
		case c >= 'a' && c <= 'z':
			small++
		case !isBase64URL(c):
			return false
		}
	}
	return upper > 2 && small > 2 && digits(v) > 0
}

// valueKind is what a value is, as far as its removal depends on it.
type valueKind uint8

const (
	isNull valueKind = iota
	isBool
	isNumeric
	isString
	isContainer
)

// drops says whether the current element is to be removed by its name, or by the name that stands in
// the member before it.
func (w *walker) drops(kind valueKind, v []byte) bool {
	e := &w.cur
	info := e.info
	if e.info.flags&nfValueRole != 0 && len(w.frames) > 0 {
		if f := &w.frames[len(w.frames)-1]; f.object && f.pairAt != none && !info.sensitive() && f.pair.namedBy(info.flags) {
			info = f.pair
			if info.class == nameID || info.class == nameRoom {
				e.info = nameInfo{class: info.class, kind: info.kind}
			}
		}
	}
	if info.flags&nfKeyed != 0 && kind == isString && isRandomKey(v) && info.flags&nfKept == 0 {
		e.info.class = nameCredential
		return true
	}
	switch {
	case !info.sensitive(), info.flags&nfKept != 0:
		return false
	case info.class == namePhone || info.class == nameCard:
		return kind == isContainer || kind >= isNumeric && digits(v) >= 3
	}
	switch kind {
	case isNull, isBool:
		return info.flags&(nfMeasure|nfMild) == 0
	case isNumeric:
		return info.flags&(nfMeasure|nfPlural) == 0 && (info.flags&nfMild == 0 || len(v) > maxMild)
	case isString:
		return info.flags&nfKind == 0 || !w.p.isKind(v)
	}
	return true
}

// maxMild is how many digits a number behind pass, pin or auth may have that is none of these.
const maxMild = 3

// isKind says whether a value only tells the kind of a credential: token_type=bearer.
func (p *pass) isKind(v []byte) bool {
	var room [32]byte
	return p.r.tab.words[string(lowerInto(room[:], v))]&wKindOf != 0
}

func (w *walker) ruleFor() rule {
	return fieldRule(w.cur.info)
}

// fieldRule is the rule by which a field of this name goes.
func fieldRule(info nameInfo) rule {
	switch info.class {
	case nameCredential:
		if info.flags&nfPolicy != 0 {
			return rulePolicy
		}
		return ruleField
	case nameEmail:
		return ruleEmailField
	case namePhone:
		return rulePhoneField
	case nameCard:
		return ruleCardField
	}
	return rulePair
}

// keep goes on to i: the current element stays as it is so far.
func (w *walker) keep(i int) {
	e := &w.cur
	if len(w.frames) > 0 {
		f := &w.frames[len(w.frames)-1]
		if f.seen && f.kept == 0 {
			w.sync(e.cut) // the comma belonged to an element that was removed
			w.copied = e.begin
		}
		f.seen = true
		f.kept++
	}
	if e.renamed {
		w.sync(e.name + 1)
		w.out = append(w.out, w.name...)
		w.copied = e.nameEnd - 1
	}
	w.pos, w.fresh = i, -1
}

// cut removes the current element, up to end, and the member that gave its name, if one did.
func (w *walker) cut(end int, r rule) {
	e := &w.cur
	value := w.src[e.value:end]
	if len(value) == 0 { // it is passed over piece by piece
		value = w.src[e.value : e.value+1]
	}
	w.sync(e.cut)
	w.copied, w.pos, w.fresh = end, end, -1
	if len(w.frames) > 0 {
		f := &w.frames[len(w.frames)-1]
		f.seen = true
		if r == rulePair {
			if f.pairAt.from >= 0 && len(w.out)-f.pairAt.from <= maxHold {
				w.cutOut(f, f.pairAt)
			}
			f.pairAt = gone // more values of the same name may follow
		}
	}
	w.removed(r, value)
}

// removed counts a removal and notes its place.
func (w *walker) removed(r rule, value []byte) {
	w.p.tally.count(r)
	if e := w.p.explainer; e != nil {
		if w.p.depth == 0 {
			e.tell(Change{Rule: ruleNames[r], Pointer: w.pointer(), Shape: shapeOfValue(value)})
		} else {
			w.p.explain(r, 0, shapeOfValue(value))
		}
	}
	switch {
	case w.p.rep == nil:
	case w.p.depth == 0:
		w.p.tally.remove(w.pointer(), r)
	case w.p.outer != nil:
		w.p.tally.remove(w.p.outer.here(), r)
	default:
		w.p.tally.remove("", r)
	}
}
