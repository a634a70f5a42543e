package redact

// walker goes over JSON token by token and copies what is harmless. It keeps a frame for each open
// array or object and nothing of the values, so a document may be longer than memory. It stops between
// elements when its source runs out, and goes on when it is given more.
//
// It is lenient: what is no JSON stops it, and is text from there on. Valid input stays valid.
type walker struct {
	p      *pass
	src    []byte
	pos    int  // what is before it is done
	copied int  // what is before it is in out, or removed
	fresh  int  // where brackets begin of which nothing but the opening has been read, -1: there are none
	final  bool // src ends where the input ends
	out    []byte
	frames []frame
	path   []byte // names of the members that the frames are values of, as written
	name   []byte // the current element's name, decoded, while it is looked at
	cur    element
	skip   skipping
	big    bool // inside a string longer than maxString
}

// frame is an open array or object. Places in out are -1 when there is none.
type frame struct {
	object   bool
	flag     bool // the last element was a flag of a command line that may have an argument
	seen     bool // an element has been read, so a comma must follow
	kept     int  // elements that stayed
	nameFrom int  // its own name in path
	nameTo   int
	info     nameInfo // what its name says, for the elements of an array
	pair     nameInfo // what the value of a name, key, header ... member says
	pairAt   span
	heldAt   span // a value, val ... member that came before such a member
	heldRole nameFlag
	heldNum  bool // it is a number, boolean or null
}

// span is a piece of out. first: no element stayed before it, so its comma is behind it.
type span struct {
	from, to int
	first    bool
}

// element is one member or array element: where it begins with its comma, and without it, and its parts.
type element struct {
	cut, begin      int
	name, nameEnd   int // with quotes; nameEnd 0: no name
	value           int
	info            nameInfo
	renamed, single bool
	// Whether an escape is in the name, and in the value when it is a string.
	nameEscaped, escaped bool
}

type status uint8

const (
	ok   status = iota
	more        // src ends inside an element
	bad         // no JSON
)

const (
	maxString  = 512 << 10 // a longer string is gone over in segments
	maxElement = 2 << 20   // a name, what stands before a value, or a number longer than that is no JSON
	maxFresh   = 4 << 10   // how much of brackets that have only been opened is kept
	maxHold    = 256 << 10 // how far behind a value its name may come in {"value": ..., "name": ...}
)

func (p *pass) walker() *walker {
	var w *walker
	if n := len(p.walks); n > 0 {
		w = p.walks[n-1]
		p.walks = p.walks[:n-1]
	} else {
		w = &walker{p: p}
	}
	*w = walker{p: p, fresh: -1, frames: w.frames[:0], path: w.path[:0], name: w.name[:0]}
	return w
}

func (p *pass) release(w *walker) {
	w.src, w.out = nil, nil
	if cap(w.frames) <= 1024 && cap(w.path) <= maxKeptBuffer {
		p.walks = append(p.walks, w)
	}
}

// document appends the redacted form of the valid document s that stands in a string or a text.
func (p *pass) document(dst, s []byte) []byte {
	w := p.walker()
	w.src, w.out, w.final = s, dst, true
	p.depth++
	w.run()
	p.depth--
	w.sync(len(s))
	dst = w.out
	p.release(w)
	return dst
}

// run goes on until src is used up or is no JSON.
func (w *walker) run() status {
	for {
		var st status
		switch {
		case w.skip.on:
			st = w.skipOn()
		case w.big:
			st = w.bigOn()
		default:
			st = w.step()
		}
		if st != ok {
			return st
		}
	}
}

// step reads one element or one closing bracket. More leaves pos where it was.
func (w *walker) step() status {
	s := w.src
	i := skipSpace(s, w.pos)
	w.pos = i
	if w.fresh >= 0 && i-w.fresh > maxFresh {
		w.fresh = -1
	}
	if i >= len(s) {
		return more
	}
	if c := s[i]; len(w.frames) > 0 && (c == '}' || c == ']') {
		return w.closeFrame(i, c == '}')
	}
	if st := w.head(i); st != ok {
		return w.short(st)
	}
	e := &w.cur
	if e.value-e.cut > maxString {
		return bad
	}
	switch s[e.value] {
	case '{', '[':
		if st := w.noPlaceholder(e.value); st != ok {
			return w.short(st)
		}
		return w.open()
	case '"':
		end, escaped := stringSpan(s, e.value+1)
		if end < 0 && len(s)-e.value <= maxString {
			return w.short(more)
		}
		if end < 0 || end-e.value > maxString {
			return w.bigString()
		}
		if st := w.follows(end); st != ok {
			return w.short(st)
		}
		e.escaped = escaped
		return w.str(end)
	}
	end := e.value
	for end < len(s) && !isSpace(s[end]) && s[end] != ',' && s[end] != ']' && s[end] != '}' {
		end++
	}
	if end == len(s) && !w.final {
		return w.short(more)
	}
	if end-e.value > maxString || scalarEnd(s, e.value) != end {
		return bad
	}
	if st := w.follows(end); st != ok {
		return w.short(st)
	}
	return w.scalar(end)
}

// follows says whether behind a value that ends at end stands what may follow one. It is asked before
// anything is removed, so that what is no JSON is judged as one text.
func (w *walker) follows(end int) status {
	s := w.src
	if len(w.frames) == 0 {
		return w.nextBegins(end)
	}
	if end < len(s) && (s[end] == ',' || s[end] == '}' || s[end] == ']') {
		return ok
	}
	i := skipSpace(s, end)
	switch {
	case i-w.pos > maxElement:
		return bad
	case i < len(s) && (s[i] == ',' || s[i] == '}' || s[i] == ']'), i >= len(s) && w.final:
		return ok
	case i < len(s):
		return bad
	}
	return more
}

// nextBegins says whether behind a value at top level that ends at end stands nothing or the next one.
func (w *walker) nextBegins(end int) status {
	s := w.src
	i := skipSpace(s, end)
	switch {
	case i-w.pos > maxElement:
		return bad
	case i >= len(s) && w.final:
		return ok
	case i >= len(s):
		return more
	case i > end && (inClass("{[\"-tfn", s[i]) || isDigit(s[i])):
		return ok
	}
	return bad
}

// short turns more into bad where no more will come or where an element is too long.
func (w *walker) short(st status) status {
	if st == more && (w.final || len(w.src)-w.pos > maxElement) {
		return bad
	}
	return st
}

// head reads up to the value: comma, name, colon.
func (w *walker) head(i int) status {
	s, e := w.src, &w.cur
	*e = element{cut: i, begin: i, value: i}
	if len(w.frames) == 0 {
		return ok
	}
	f := &w.frames[len(w.frames)-1]
	if f.seen {
		if s[i] != ',' {
			return bad
		}
		if i = skipSpace(s, i+1); i >= len(s) {
			return more
		}
		e.begin = i
	}
	e.value, e.info = i, f.info
	if !f.object {
		return ok
	}
	if s[i] != '"' {
		return bad
	}
	end, escaped := stringSpan(s, i+1)
	if end < 0 {
		return more
	}
	e.name, e.nameEnd, e.nameEscaped = i, end, escaped
	if i = skipSpace(s, end); i >= len(s) {
		return more
	}
	if s[i] != ':' {
		return bad
	}
	if i = skipSpace(s, i+1); i >= len(s) {
		return more
	}
	e.value = i
	w.judge(f)
	return ok
}

// judge says what the name of the current element says. A name that itself holds what must go is
// judged by what is left of it.
func (w *walker) judge(f *frame) {
	e := &w.cur
	raw := w.src[e.name+1 : e.nameEnd-1]
	name := raw
	if e.nameEscaped {
		w.name = inJSON.decode(w.name[:0], raw)
		name = w.name
	}
	e.info = w.p.classifyMember(name)
	if e.info.flags&nfDirty != 0 && !e.info.sensitive() {
		w.p.inName = true
		w.name, e.renamed = w.p.leaf(w.name[:0], raw, inJSON, nameInfo{}, true)
		w.p.inName = false
		if e.renamed {
			e.info = w.p.r.classify(inJSON.decode(nil, w.name))
		}
	}
	if e.info.class == namePlain && f.info.class == nameNoun && isIDName(name) {
		e.info.class, e.info.kind, e.single = nameID, f.info.kind, true
	}
}

func isIDName(name []byte) bool {
	switch string(name) {
	case "id", "_id", "ID", "Id", "uuid", "guid":
		return true
	}
	return false
}

// sync copies what is kept before i.
func (w *walker) sync(i int) {
	if i > w.copied {
		w.out = append(w.out, w.src[w.copied:i]...)
		w.copied = i
	}
}
