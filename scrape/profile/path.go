package profile

import (
	"bytes"
	"errors"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// Path is a place in a JSON document that is walked as tokens, without decoding a tree.
//
// `.` is the whole document, `.a.b` a member of a member, `[]` the elements of an array:
// `.events[]`, `.sessions[].sessionId`, `.[]` for a document that is an array. A name of other signs
// than letters, digits and _ is quoted as in JSON: `."odd name"`. The zero Path names nothing.
// Of several members of one name First takes the first and Each takes all.
type Path struct {
	Text  string
	steps []step
}

// step is one move of a path: into the member whose name is quoted, or, with quoted empty, into each
// element.
type step struct {
	quoted []byte // the name as a JSON string
	name   string
}

// maxSteps bounds the length of a path, and with it the depth that a walk reaches.
const maxSteps = 16

// The errors of a path; they never quote the document.
var (
	errPathSyntax = errors.New("path: write . or .name.name[] with odd names quoted")
	errPathLong   = errors.New("path: at most 16 steps")
	errPathJSON   = errors.New("path: the document is not JSON")
	errPathStop   = errors.New("path: found")
)

// ParsePath reads a path.
func ParsePath(text string) (Path, error) {
	p := Path{Text: text}
	rest, ok := strings.CutPrefix(text, ".")
	if !ok {
		return Path{}, errPathSyntax
	}
	if rest == "" {
		return p, nil
	}
	for first := true; rest != ""; first = false {
		if len(p.steps) >= maxSteps {
			return Path{}, errPathLong
		}
		if after, ok := strings.CutPrefix(rest, "[]"); ok {
			p.steps, rest = append(p.steps, step{}), after
			continue
		}
		if !first {
			if rest, ok = strings.CutPrefix(rest, "."); !ok {
				return Path{}, errPathSyntax
			}
		}
		s, after, ok := cutName(rest)
		if !ok {
			return Path{}, errPathSyntax
		}
		p.steps, rest = append(p.steps, s), after
	}
	return p, nil
}

// cutName takes a member's name, plain or quoted, from the front of text.
func cutName(text string) (s step, rest string, ok bool) {
	if strings.HasPrefix(text, `"`) {
		end := 1
		for end < len(text) && text[end] != '"' {
			if text[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(text) {
			return step{}, "", false
		}
		name, err := jsontext.AppendUnquote(nil, text[:end+1])
		if err != nil {
			return step{}, "", false
		}
		return newStep(string(name)), text[end+1:], true
	}
	end := 0
	for end < len(text) && isNameSign(text[end]) {
		end++
	}
	return newStep(text[:end]), text[end:], end > 0
}

func newStep(name string) step {
	quoted, _ := jsontext.AppendQuote(nil, name) // cannot fail on text that was unquoted or is ASCII
	return step{name: name, quoted: quoted}
}

func isNameSign(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// Empty says whether p names nothing.
func (p Path) Empty() bool { return p.Text == "" }

// First gives the raw JSON value at p (of the first element where p has []), false where there is
// none. The value is a part of doc, not a copy. What stands behind it in doc is not looked at.
func (p Path) First(doc []byte) (value []byte, ok bool) {
	_ = p.Each(doc, func(v []byte) error {
		value, ok = v, true
		return errPathStop
	})
	return value, ok
}

// HasList says whether the first array on the way of p is there: of `.events[]` whether .events is one,
// be it empty. A path without [] asks for no list and has it.
func (p Path) HasList(doc []byte) bool {
	for i, s := range p.steps {
		if s.quoted != nil {
			continue
		}
		at := Path{Text: p.Text, steps: p.steps[:i]}
		if i == 0 {
			at = Path{Text: "."}
		}
		list, ok := at.First(doc)
		return ok && len(list) > 0 && list[0] == '['
	}
	return true
}

// Each calls fn with the raw bytes of every value at p, in the document's order, until fn returns an
// error, which it gives back. The bytes are a part of doc. A document that is not JSON is an error
// when the walk comes to the bad place; a place that is not there is none.
func (p Path) Each(doc []byte, fn func(value []byte) error) error {
	if p.Text == "" {
		return nil
	}
	if len(p.steps) == 0 && p.Text != "." { // made by hand and not by ParsePath
		parsed, err := ParsePath(p.Text)
		if err != nil {
			return err
		}
		p = parsed
	}
	w := walkers.Get().(*walker)
	defer w.release()
	w.start(doc)
	w.fn = fn
	return w.walk(p.steps)
}

// walker is the state of one walk; walkers are used again because events are cut by the thousand.
type walker struct {
	doc []byte
	buf bytes.Buffer
	dec jsontext.Decoder
	fn  func([]byte) error
}

var walkers = sync.Pool{New: func() any { return new(walker) }}

func (w *walker) start(doc []byte) {
	w.doc, w.buf = doc, *bytes.NewBuffer(doc)
	w.dec.Reset(&w.buf, lenient...)
}

// release drops every hold on the document, which is unredacted.
func (w *walker) release() {
	w.start(nil)
	w.fn = nil
	walkers.Put(w)
}

// walk reads the value that is next: hands it on where no step is left, and goes into it otherwise.
func (w *walker) walk(steps []step) error {
	if len(steps) == 0 {
		v, err := w.dec.ReadValue()
		if err != nil {
			return errPathJSON
		}
		end := int(w.dec.InputOffset())
		return w.fn(w.doc[end-len(v) : end : end])
	}
	open, shut := jsontext.KindBeginObject, jsontext.KindEndObject
	if steps[0].quoted == nil {
		open, shut = jsontext.KindBeginArray, jsontext.KindEndArray
	}
	if w.dec.PeekKind() != open {
		return w.skip()
	}
	if _, err := w.dec.ReadToken(); err != nil {
		return errPathJSON
	}
	for {
		switch w.dec.PeekKind() {
		case shut:
			_, err := w.dec.ReadToken()
			return notJSON(err)
		case jsontext.KindInvalid:
			return errPathJSON
		}
		if err := w.enter(steps); err != nil {
			return err
		}
	}
}

// enter reads one member or element and follows it when the step names it.
func (w *walker) enter(steps []step) error {
	if steps[0].quoted == nil {
		return w.walk(steps[1:])
	}
	name, err := w.dec.ReadValue()
	if err != nil {
		return errPathJSON
	}
	if steps[0].is(name) {
		return w.walk(steps[1:])
	}
	return w.skip()
}

func (w *walker) skip() error { return notJSON(w.dec.SkipValue()) }

func notJSON(err error) error {
	if err != nil {
		return errPathJSON
	}
	return nil
}

// is compares a name as written, escapes and all.
func (s step) is(raw []byte) bool {
	if bytes.Equal(raw, s.quoted) {
		return true
	}
	if !bytes.ContainsRune(raw, '\\') {
		return false
	}
	name, err := jsontext.AppendUnquote(nil, raw)
	return err == nil && string(name) == s.name
}
