package verify

import (
	"bytes"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// frame is one open object or array: what its name says, and what the name of the member under way says.
type frame struct {
	object   bool
	isName   bool // the next string is a name
	outside  sense
	member   sense
	pairName bool  // the member under way is called name, key or header
	pair     sense // what such a member of the object said
}

// json walks a document of JSON values; false: it is none, and nothing that was found counts.
func (s *scan) json(doc []byte) bool {
	dec := jsontext.NewDecoder(bytes.NewReader(doc), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if s.pointer == nil {
		s.pointer = func() string { return string(dec.StackPointer()) }
		defer func() { s.pointer = nil }()
		return s.walk(dec, true)
	}
	return s.walk(dec, false)
}

// walk reads values to the end. outer is false for JSON inside a text, whose findings keep the text's place.
func (s *scan) walk(dec *jsontext.Decoder, outer bool) bool {
	stack := make([]frame, 1, 16)
	values := 0
	for {
		top := &stack[len(stack)-1]
		kind := dec.PeekKind()
		switch kind {
		case '{', '[':
			if _, err := dec.ReadToken(); err != nil {
				return false
			}
			stack = append(stack, frame{object: kind == '{', isName: kind == '{', outside: top.current(), member: plain})
			top.isName = top.object
			continue
		case '}', ']':
			if _, err := dec.ReadToken(); err != nil {
				return false
			}
			stack = stack[:len(stack)-1]
			continue
		}
		raw, err := dec.ReadValue()
		if err == io.EOF {
			return values > 0 && len(stack) == 1
		}
		if err != nil {
			return false
		}
		values++
		if outer {
			s.offset = int(dec.InputOffset()) - len(raw)
		}
		if s.full() {
			return true
		}
		if top.object && top.isName {
			name := s.unquote(raw)
			top.member, top.isName = senseOf(name), false
			s.name(name)
			top.pairName = isPairName(name)
			continue
		}
		s.leaf(top, kind, raw)
		top.isName = top.object
	}
}

// current is what the names around a value say of it.
func (f *frame) current() sense {
	if f.object && f.member != plain {
		return f.member
	}
	if f.outside == counted {
		return plain
	}
	return f.outside
}

// unquote gives the bytes that a JSON string stands for; without escapes they are those of the document.
// They are good until the next call.
func (s *scan) unquote(raw []byte) []byte {
	if len(raw) >= 2 && bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1]
	}
	if s.depth > 0 { // the text around is still in use
		out, _ := jsontext.AppendUnquote(nil, raw)
		return out
	}
	s.scratch, _ = jsontext.AppendUnquote(s.scratch[:0], raw)
	return s.scratch
}

// name looks at a member's name, which can be an id or hold anything.
func (s *scan) name(name []byte) {
	if len(name) >= 8 {
		s.text(name, maxDepth)
	}
}

func (s *scan) leaf(f *frame, kind jsontext.Kind, raw []byte) {
	says := f.current()
	if kind == '0' {
		if says == credential && f.member == credential && longNumber(raw) {
			s.report(KindField, raw, 0)
		}
		return
	}
	if kind != '"' {
		return
	}
	value := s.unquote(raw)
	if f.object && f.pairName {
		if senseOf(value) == credential {
			f.pair = credential
		}
	} else if f.pair == credential && f.member == plain && len(value) > 0 && !masked(value) {
		s.report(KindField, value, 0)
		return
	}
	switch says {
	case credential:
		if len(value) > 0 && !masked(value) && !idle(value) {
			s.report(KindField, value, 0)
			return
		}
	case counted:
		if len(value) >= 6 && !masked(value) && !wordy(value) {
			s.report(KindField, value, 0)
			return
		}
	case mail:
		if len(value) > 0 && !masked(value) && !idle(value) {
			s.report(KindMailField, value, 0)
			return
		}
	case identity:
		if len(value) > 0 && !masked(value) {
			s.report(KindID, value, 0)
			return
		}
	case room:
		if s.room(value) {
			return
		}
	}
	s.text(value, maxDepth)
}

// longNumber says whether a number could be a password: four digits and more.
func longNumber(raw []byte) bool {
	return len(raw) >= 4 && bytes.IndexByte(raw, '.') < 0
}

// room looks at the parts of a room's name: an id among them must be masked.
func (s *scan) room(name []byte) bool {
	behind := false
	for part := range bytes.SplitSeq(name, []byte(":")) {
		if !masked(part) && len(part) > 0 && (behind || idLike(part) || s.d.isKnown(part)) {
			s.report(KindID, part, 0)
			return true
		}
		behind = isOwner(part)
	}
	return false
}
