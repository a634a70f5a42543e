package profile

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// Bounds of what queries see of an answer.
const (
	maxDocument = 256 << 10 // bytes of JSON
	maxDepth    = 200       // containers inside each other
	minArray    = 512       // bytes; shorter arrays are never left out
)

// The errors of Document; they never quote the document.
var (
	errNotJSON = errors.New("document: not JSON")
	errTooDeep = errors.New("document: deeper than 200 levels")
	errTooWide = errors.New("document: over 256 KiB without its arrays")
)

// Document decodes a JSON answer for queries: objects as map[string]any, arrays as []any, numbers as
// json.Number with their digits as written. Of several members of one name the last wins, as in
// encoding/json; bytes that are not UTF-8 become U+FFFD.
//
// Queries see at most 256 KiB of an answer. Of a larger one the longest arrays are left out, whole
// and with the member that holds them, until the rest fits, and cut is true; an answer that is itself
// such an array gives nil. It fails on what is not one JSON value, on more than 200 levels, and when
// the rest does not fit without any array.
func Document(body []byte) (doc any, cut bool, err error) {
	drop, err := longestArrays(body)
	if err != nil {
		return nil, len(body) > maxDocument, err
	}
	d := newDecoder(body, drop)
	doc, here, err := d.value(0)
	if err != nil {
		return nil, d.cut, err
	}
	if _, err := d.dec.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, d.cut, errNotJSON
	}
	if !here {
		doc = nil
	}
	return doc, d.cut, nil
}

// extent is where an array stands in a document.
type extent struct{ start, end int64 }

// longestArrays names the arrays to leave out of a body that is over the bound, by where they end.
// Only arrays outside of any other count: one that lies inside another is shorter, so it would not
// have its turn before the other is gone.
func longestArrays(body []byte) (drop map[int64]bool, err error) {
	over := int64(len(body)) - maxDocument
	if over <= 0 {
		return nil, nil
	}
	var arrays []extent
	dec := jsontext.NewDecoder(bytes.NewBuffer(body), lenient...)
	for {
		if dec.PeekKind() == jsontext.KindBeginArray {
			v, err := dec.ReadValue()
			if err != nil {
				return nil, errNotJSON
			}
			if end := dec.InputOffset(); len(v) >= minArray {
				arrays = append(arrays, extent{end - int64(len(v)), end})
			}
			continue
		}
		if _, err := dec.ReadToken(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, errNotJSON
		}
	}
	slices.SortStableFunc(arrays, func(a, b extent) int { return cmp.Compare(b.end-b.start, a.end-a.start) })
	drop = map[int64]bool{}
	for _, a := range arrays {
		if over <= 0 {
			return drop, nil
		}
		drop[a.start] = true
		over -= a.end - a.start
	}
	if over > 0 {
		return nil, errTooWide
	}
	return drop, nil
}

// decoder makes the tree.
type decoder struct {
	dec  *jsontext.Decoder
	body []byte
	drop map[int64]bool // arrays to leave out, by the offset of their bracket
	cut  bool
}

func newDecoder(body []byte, drop map[int64]bool) *decoder {
	return &decoder{dec: jsontext.NewDecoder(bytes.NewBuffer(body), lenient...), body: body, drop: drop}
}

// lenient takes of JSON what encoding/json takes.
var lenient = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

// value reads the value that is next; here is false when it was left out.
func (d *decoder) value(depth int) (v any, here bool, err error) {
	if depth > maxDepth {
		return nil, false, errTooDeep
	}
	switch kind := d.dec.PeekKind(); kind {
	case jsontext.KindBeginObject:
		v, err = d.object(depth)
	case jsontext.KindBeginArray:
		if d.leaveOut() {
			return nil, false, notDocument(d.dec.SkipValue())
		}
		v, err = d.array(depth)
	default:
		t, err := d.dec.ReadToken()
		if err != nil {
			return nil, false, errNotJSON
		}
		return scalar(t), true, nil
	}
	return v, err == nil, err
}

// leaveOut says whether the array that is next was chosen to go. The decoder has peeked, so that
// only blanks, a comma or a colon lie between its offset and the bracket.
func (d *decoder) leaveOut() bool {
	if len(d.drop) == 0 {
		return false
	}
	at := d.dec.InputOffset()
	at += int64(bytes.IndexByte(d.body[at:], '['))
	if !d.drop[at] {
		return false
	}
	d.cut = true
	return true
}

func (d *decoder) object(depth int) (any, error) {
	if _, err := d.dec.ReadToken(); err != nil {
		return nil, errNotJSON
	}
	m := map[string]any{}
	for d.dec.PeekKind() != jsontext.KindEndObject {
		name, err := d.dec.ReadToken()
		if err != nil {
			return nil, errNotJSON
		}
		text := name.String()
		v, here, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if here {
			m[text] = v
		}
	}
	_, err := d.dec.ReadToken()
	return m, notDocument(err)
}

func (d *decoder) array(depth int) (any, error) {
	if _, err := d.dec.ReadToken(); err != nil {
		return nil, errNotJSON
	}
	list := []any{}
	for d.dec.PeekKind() != jsontext.KindEndArray {
		v, _, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := d.dec.ReadToken()
	return list, notDocument(err)
}

func scalar(t jsontext.Token) any {
	switch t.Kind() {
	case jsontext.KindString:
		return t.String()
	case jsontext.KindNumber:
		return json.Number(t.String())
	case jsontext.KindTrue:
		return true
	case jsontext.KindFalse:
		return false
	}
	return nil
}

func notDocument(err error) error {
	if err != nil {
		return errNotJSON
	}
	return nil
}
