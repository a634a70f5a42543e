package pack

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// lenient reads whatever a relay may have sent and a redactor let pass as valid JSON.
var lenient = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

// change is what an edit does with a value.
type change uint8

const (
	keep   change = iota
	toNull        // the value becomes null
	remove        // the member goes, name and value, or the array's element
)

// edits is a tree of changes by pointer, so that any number of them is made in one walk.
type edits struct {
	change change
	inner  map[string]*edits
}

// add notes a change at path; the root itself can only become null. A stronger change stays.
func (e *edits) add(path []string, c change) {
	for _, segment := range path {
		if e.inner == nil {
			e.inner = make(map[string]*edits)
		}
		next := e.inner[segment]
		if next == nil {
			next = &edits{}
			e.inner[segment] = next
		}
		e = next
	}
	if c > e.change {
		e.change = c
	}
}

// apply gives value with all changes made. Members keep their order, what is not changed its bytes.
// A value that cannot be read as JSON becomes null: that is the safe side.
func (e *edits) apply(value []byte) []byte {
	dec := jsontext.NewDecoder(bytes.NewBuffer(value), lenient...)
	out, err := e.walk(dec, make([]byte, 0, len(value)))
	if err != nil {
		return []byte("null")
	}
	return out
}

func (e *edits) walk(dec *jsontext.Decoder, dst []byte) ([]byte, error) {
	if e.change != keep {
		return append(dst, "null"...), dec.SkipValue()
	}
	kind := dec.PeekKind()
	if len(e.inner) == 0 || kind != '{' && kind != '[' {
		raw, err := dec.ReadValue()
		return append(dst, raw...), err
	}
	if _, err := dec.ReadToken(); err != nil {
		return dst, err
	}
	dst = append(dst, byte(kind))
	end, first := jsontext.Kind(kind+2), true // '}' and ']' stand two behind '{' and '['
	for i := 0; dec.PeekKind() != end; i++ {
		segment, name := strconv.Itoa(i), jsontext.Value(nil)
		if kind == '{' {
			raw, err := dec.ReadValue()
			if err != nil {
				return dst, err
			}
			name = raw.Clone()
			segment = string(scalarText(raw))
		}
		inner := e.inner[segment]
		if inner != nil && inner.change == remove {
			if err := dec.SkipValue(); err != nil {
				return dst, err
			}
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		if name != nil {
			dst = append(append(dst, name...), ':')
		}
		if inner == nil {
			inner = &edits{}
		}
		var err error
		if dst, err = inner.walk(dec, dst); err != nil {
			return dst, err
		}
	}
	_, err := dec.ReadToken()
	return append(dst, byte(end)), err
}

// splitPointer gives the segments of a JSON pointer, unescaped; none for the whole document.
func splitPointer(pointer string) []string {
	if !strings.HasPrefix(pointer, "/") {
		return nil
	}
	segments := strings.Split(pointer[1:], "/")
	for i, s := range segments {
		if strings.Contains(s, "~") {
			segments[i] = strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
		}
	}
	return segments
}

func joinPointer(segments ...string) string {
	p := jsontext.Pointer("")
	for _, s := range segments {
		p = p.AppendToken(s)
	}
	return string(p)
}

// elements cuts a JSON array into its elements; they are parts of value. False: no array.
func elements(value []byte) ([][]byte, bool) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(value), lenient...)
	if dec.PeekKind() != '[' {
		return nil, false
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, false
	}
	var out [][]byte
	for dec.PeekKind() != ']' {
		raw, err := dec.ReadValue()
		if err != nil {
			return nil, false
		}
		end := int(dec.InputOffset())
		out = append(out, value[end-len(raw):end:end])
	}
	return out, true
}

// member is one member of a JSON object, its parts cut from the object's bytes.
type member struct {
	name  string
	value []byte
}

// members cuts a JSON object into its members, in their order. False: no object.
func members(value []byte) ([]member, bool) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(value), lenient...)
	if dec.PeekKind() != '{' {
		return nil, false
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, false
	}
	var out []member
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, false
		}
		text := name.String()
		raw, err := dec.ReadValue()
		if err != nil {
			return nil, false
		}
		end := int(dec.InputOffset())
		out = append(out, member{text, value[end-len(raw) : end : end]})
	}
	return out, true
}

// memberOf is the value of the first member of that name, nil without one.
func memberOf(value []byte, name string) []byte {
	list, _ := members(value)
	for _, m := range list {
		if m.name == name {
			return m.value
		}
	}
	return nil
}
