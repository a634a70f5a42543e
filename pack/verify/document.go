package verify

import (
	"bytes"
	"strconv"
)

const (
	maxNesting = 10_000  // deeper documents are read as text
	maxPointer = 4 << 10 // bytes; a longer pointer ends at a parent
)

// frame is one open object or array: where it stands, and what the names in and around it say.
type frame struct {
	object   bool
	index    int  // of the element under way
	name     span // of the member under way, without its quotes
	outside  sense
	says     nameInfo // of the member under way
	holds    bool     // the name around it says so of objects inside, too
	owner    bool     // the object stands under a name that owns an id: user, session ...
	tally    bool     // what is inside is counted by name: a name says nothing of a number
	pair     sense    // what a member called name or header said
	held     held     // the value of such a pair, when it came before the name
	previous sense    // in an array: what the element before says of this one
}

// span is a place in the document under way. The empty one is none.
type span struct{ from, to int }

// walker reads one document of JSON. It is lenient about what strings hold and strict about structure,
// and it looks at every byte that can hold something: names, strings, numbers.
type walker struct {
	s     *scan
	doc   []byte
	i     int
	stack []frame
}

// document walks the whole document; false: it is no JSON, and nothing that was found counts.
func (s *scan) document() bool {
	s.walk = &walker{s: s, doc: s.doc}
	return s.walk.run(true)
}

// What the walker expects next.
const (
	wantValue   = iota
	wantElement // a value or the end of the array
	wantMember  // a name or the end of the object
	wantName
	wantEnd // a comma or an end
)

// run reads values to the end. outer is false for JSON inside a text, whose findings keep the text's place.
func (w *walker) run(outer bool) bool {
	w.stack = append(make([]frame, 0, 16), frame{holds: true})
	want := wantValue
	scalar := false // a number or string stands at the top: nothing may follow it
	for w.blank() {
		if w.s.full() {
			return true
		}
		c := w.doc[w.i]
		top := &w.stack[len(w.stack)-1]
		switch {
		case want == wantEnd && len(w.stack) == 1:
			if scalar || c != '{' && c != '[' {
				return false
			}
			want = wantValue
		case want == wantEnd && c == ',':
			w.i++
			top.index++
			want = wantValue
			if top.object {
				want = wantName
			}
		case (want == wantEnd || want == wantMember) && c == '}' && top.object,
			(want == wantEnd || want == wantElement) && c == ']' && !top.object && len(w.stack) > 1:
			w.i++
			w.stack = w.stack[:len(w.stack)-1]
			want = wantEnd
		case want == wantName || want == wantMember:
			if c != '"' || !w.name(outer) {
				return false
			}
			want = wantValue
		case want == wantValue || want == wantElement:
			scalar = len(w.stack) == 1
			switch {
			case c == '{' || c == '[':
				if len(w.stack) > maxNesting {
					return false
				}
				w.open(c == '{')
				scalar, want = false, wantElement
				if c == '{' {
					want = wantMember
				}
			case !w.scalar(c, outer):
				return false
			default:
				want = wantEnd
			}
		default:
			return false
		}
	}
	return want == wantEnd && len(w.stack) == 1
}

// blank skips white space; false at the end.
func (w *walker) blank() bool {
	for w.i < len(w.doc) {
		switch w.doc[w.i] {
		case ' ', '\t', '\n', '\r':
			w.i++
		default:
			return true
		}
	}
	return false
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

// text gives the span of the string that begins at the quote under way, and moves behind it.
func (w *walker) text() (str span, escaped, ok bool) {
	at := w.i + 1
	str.from = at
	for end := min(len(w.doc), at+16); at < end; at++ { // most strings are short
		if c := w.doc[at]; c == '"' {
			str.to, w.i = at, at+1
			return str, false, true
		} else if c == '\\' {
			break
		}
	}
	for quote := -1; ; {
		if quote < at {
			n := bytes.IndexByte(w.doc[at:], '"')
			if n < 0 {
				return str, false, false
			}
			quote = at + n
		}
		b := bytes.IndexByte(w.doc[at:quote], '\\')
		if b < 0 {
			str.to, w.i = quote, quote+1
			return str, escaped, true
		}
		if at, escaped = at+b+2, true; at > len(w.doc) {
			return str, false, false
		}
	}
}

// name reads a member's name and the colon behind it, and notes what the name says.
func (w *walker) name(outer bool) bool {
	str, escaped, ok := w.text()
	if !ok || !w.blank() || w.doc[w.i] != ':' {
		return false
	}
	w.i++
	name := w.doc[str.from:str.to]
	if escaped {
		if name, ok = w.s.unquote(name); !ok {
			return false
		}
	}
	top := &w.stack[len(w.stack)-1]
	top.name = str
	if outer {
		w.s.offset, w.s.exact = str.from, !escaped
	}
	top.says = w.s.nameInfo(name, outer && !escaped)
	return true
}

// scalar reads a string, number, true, false or null, and looks at it.
func (w *walker) scalar(c byte, outer bool) bool {
	top := &w.stack[len(w.stack)-1]
	if c != '"' {
		from := w.i
		if w.i = endOfPlain(w.doc, from); w.i == from {
			return false
		}
		if outer {
			w.s.offset, w.s.exact = from, true
		}
		if c == '-' || c >= '0' && c <= '9' {
			w.s.number(top, w.doc[from:w.i])
		}
		top.previous = plain
		return true
	}
	str, escaped, ok := w.text()
	if !ok {
		return false
	}
	raw := w.doc[str.from:str.to]
	var seen *[]byte
	if outer {
		w.s.offset, w.s.exact = str.from, !escaped
		seen = w.s.seen(raw)
		if seen != nil && bytes.Equal(*seen, raw) && top.silent() {
			return true
		}
	}
	value := raw
	if escaped {
		if value, ok = w.s.unquote(raw); !ok {
			return false
		}
	}
	before := len(w.s.found)
	w.s.member(top, value, str)
	if seen != nil && len(w.s.found) == before && top.silent() {
		*seen = raw
	}
	return true
}

// endOfPlain gives the end of a number, true, false or null that begins at i; i: it is none of them.
func endOfPlain(doc []byte, i int) int {
	for _, word := range [...]string{"true", "false", "null"} {
		if doc[i] == word[0] && len(doc)-i >= len(word) && string(doc[i:i+len(word)]) == word {
			return i + len(word)
		}
	}
	j := i
	if doc[j] == '-' {
		j++
	}
	digits := func() bool {
		from := j
		for j < len(doc) && doc[j] >= '0' && doc[j] <= '9' {
			j++
		}
		return j > from
	}
	if !digits() {
		return i
	}
	if j < len(doc) && doc[j] == '.' {
		if j++; !digits() {
			return i
		}
	}
	if j < len(doc) && doc[j]|0x20 == 'e' {
		if j++; j < len(doc) && (doc[j] == '+' || doc[j] == '-') {
			j++
		}
		if !digits() {
			return i
		}
	}
	return j
}

// pointer tells where the walker is, by the document's own names.
func (w *walker) pointer() string {
	var out []byte
	for i := range w.stack[1:] {
		f := &w.stack[i+1]
		before := len(out)
		out = append(out, '/')
		if !f.object {
			out = strconv.AppendInt(out, int64(f.index), 10)
		} else {
			name := w.doc[f.name.from:f.name.to]
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
