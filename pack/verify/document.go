package verify

import "strconv"

const (
	maxNesting = 10_000  // deeper documents are read as text
	maxPointer = 4 << 10 // bytes; a longer pointer ends at a parent
)

// frame is one open object or array: where it stands, and what the names in and around it say.
type frame struct {
	object     bool
	index      int    // of the element under way
	name       []byte // of the member under way, as it is written, without its quotes
	outside    sense
	says       nameInfo // of the member under way
	holds      bool     // the name around it says so of objects inside, too
	owner      bool     // the object stands under a name that owns an id: user, session ...
	tally      bool     // what is inside is counted by name: a name says nothing of a number
	pair       sense    // what a member called name or header said
	pairCounts bool     // a number is how many of them
	held       held     // the value of such a pair, when it came before the name
	jwk        bool     // it says that it is a key of JSON
	previous   sense    // in an array: what the element before says of this one
	counts     bool     // that element says how many, where it says credential
}

// span is a place in the document under way. The empty one is none.
type span struct{ from, to int }

// walker reads one value of JSON. It is lenient about what strings hold and strict about structure,
// and it looks at every byte that can hold something: names, strings, numbers.
type walker struct {
	s      *scan
	text   []byte // JSON inside a text
	at     int    // where it begins there
	outer  bool   // it walks the document itself, as far as the window shows it
	i      int
	failed int // where the walk ended that did not come to the end
	depth  int // layers around the text
	stack  []frame
}

// doc is what the walker walks on.
func (w *walker) doc() []byte {
	if w.outer {
		return w.s.doc
	}
	return w.text
}

// What the walker expects next.
const (
	wantValue   = iota
	wantElement // a value or the end of the array
	wantMember  // a name or the end of the object
	wantName
	wantEnd // a comma or an end
)

// run reads the value at w.i to its end; false: it is no JSON from w.failed on.
func (w *walker) run() bool {
	w.stack = append(w.stack[:0], frame{holds: true})
	want := wantValue
	for {
		if w.outer && w.i >= w.s.low {
			w.more(w.i)
		}
		w.failed = w.i
		if !w.blank() {
			return false
		}
		if w.s.full() {
			return true
		}
		c := w.doc()[w.i]
		top := &w.stack[len(w.stack)-1]
		switch {
		case want == wantEnd && c == ',':
			w.i++
			top.index++
			want = wantValue
			if top.object {
				want = wantName
			}
			continue
		case (want == wantEnd || want == wantMember) && c == '}' && top.object,
			(want == wantEnd || want == wantElement) && c == ']' && !top.object:
			w.i++
			w.stack = w.stack[:len(w.stack)-1]
			want = wantEnd
		case want == wantName || want == wantMember:
			if c != '"' || !w.name() {
				return false
			}
			want = wantValue
			continue
		case want != wantValue && want != wantElement:
			return false
		case c == '{' || c == '[':
			if len(w.stack) > maxNesting {
				return false
			}
			w.open(c == '{')
			want = wantElement
			if c == '{' {
				want = wantMember
			}
			continue
		case !w.scalar(c):
			return false
		default:
			want = wantEnd
		}
		if len(w.stack) == 1 {
			return true
		}
	}
}

// blank skips white space; false at the end.
func (w *walker) blank() bool {
	for {
		doc := w.doc()
		for w.i < len(doc) {
			switch doc[w.i] {
			case ' ', '\t', '\n', '\r':
				w.i++
			default:
				return true
			}
		}
		if !w.outer || w.s.r == nil {
			return false
		}
		w.more(w.i)
	}
}

// more moves the window on. What stands at drop is then at its beginning.
func (w *walker) more(drop int) {
	w.s.more(drop)
	w.i, w.failed = 0, 0
}

// open enters an object or array.
func (w *walker) open(object bool) {
	top := &w.stack[len(w.stack)-1]
	f := frame{object: object, outside: top.current(), tally: top.tally || top.object && top.says.tally}
	if f.holds = top.holds; top.object {
		f.holds, f.owner = top.says.holds, object && top.says.owner
	}
	if object && !f.holds { // relay_auth_seconds_bucket: a family, no credential
		f.outside = plain
	}
	w.stack = append(w.stack, f)
	w.i++
}

// pointer tells where the walker is, by the document's own names.
func (w *walker) pointer() string {
	if len(w.stack) < 2 {
		return ""
	}
	var out []byte
	for i := range w.stack[1:] {
		f := &w.stack[i+1]
		before := len(out)
		out = append(out, '/')
		if !f.object {
			out = strconv.AppendInt(out, int64(f.index), 10)
		} else {
			name := f.name
			if len(name) > maxPointer {
				return string(out[:before])
			}
			if plain, ok := unquoted(nil, name); ok {
				name = plain
			}
			for _, c := range name {
				switch c {
				case '~':
					out = append(out, "~0"...)
				case '/':
					out = append(out, "~1"...)
				default:
					out = append(out, c)
				}
			}
		}
		if len(out) > maxPointer {
			return string(out[:before])
		}
	}
	return string(out)
}
