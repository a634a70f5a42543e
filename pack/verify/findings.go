package verify

import (
	"bytes"
	"cmp"
	"slices"
)

// scan is one run over one document.
type scan struct {
	d       *Detector
	doc     []byte
	values  *valueIndex
	planted int // where the first known value stands as it is; none: -1
	found   []Finding
	walk    *walker // nil in a document that is no JSON
	offset  int     // of the text under way in the document
	exact   bool    // places in the text under way are places in the document
	version bool    // the text under way stands under a name that says version
	depth   int     // of JSON inside text
	scratch []byte  // of unquote
	caches  *caches
}

// caches remember names and texts of a document, most of which come again and again. They hold only
// slices of the document. A small document has none.
type caches struct {
	names [256]nameEntry
	clean [512][]byte // texts in which nothing was found
}

const worthCaching = 4 << 10

func (d *Detector) begin(doc []byte) *scan {
	s := &scan{d: d, doc: doc, values: d.values.Load()}
	s.planted, _ = s.values.find(doc)
	if len(doc) > worthCaching {
		s.caches = new(caches)
	}
	return s
}

func (s *scan) full() bool { return len(s.found) >= maxFindings }

// report notes one finding: at is its place inside the text under way.
func (s *scan) report(kind string, what []byte, at int) {
	if s.full() {
		return
	}
	f := Finding{Kind: kind, Excerpt: excerpt(what), Offset: s.offset}
	if s.exact {
		f.Offset = min(f.Offset+at, len(s.doc))
	}
	for i := len(s.found) - 1; i >= 0 && i >= len(s.found)-8; i-- { // two ways to the same thing
		if s.found[i].Offset == f.Offset && s.found[i].Kind == kind {
			return
		}
	}
	if s.walk != nil {
		f.Pointer = s.walk.pointer()
	}
	s.found = append(s.found, f)
}

// finish puts the findings in order and counts lines.
func (s *scan) finish() []Finding {
	if s.planted >= 0 && !slices.ContainsFunc(s.found, func(f Finding) bool { return f.Kind == KindKnown }) {
		// It lies across the borders of names and values: nothing smaller than the whole holds it.
		s.walk, s.offset, s.exact = nil, s.planted, false
		s.report(KindKnown, nil, 0)
	}
	slices.SortStableFunc(s.found, func(a, b Finding) int { return cmp.Compare(a.Offset, b.Offset) })
	line, counted := 1, 0
	for i := range s.found {
		f := &s.found[i]
		line += bytes.Count(s.doc[counted:f.Offset], []byte{'\n'})
		counted, f.Line = f.Offset, line
	}
	return s.found
}

const maxExcerpt = 24

// excerpt shows the shape of a text: A for capitals, a for other letters, 9 for digits, the signs that
// give addresses and paths their shape, and * for the rest. A text of signs alone shows its length only.
func excerpt(what []byte) string {
	out := make([]byte, 0, maxExcerpt)
	spoken := false
	for n, c := range what {
		if n == maxExcerpt-3 && len(what) > maxExcerpt {
			out = append(out, "..."...)
			break
		}
		shape := byte('*')
		switch {
		case c >= 'A' && c <= 'Z':
			shape, spoken = 'A', true
		case c >= 'a' && c <= 'z' || c >= 0x80:
			shape, spoken = 'a', true
		case c >= '0' && c <= '9':
			shape, spoken = '9', true
		case bytes.IndexByte([]byte(" -_.:/@=+"), c) >= 0:
			shape = c
		}
		out = append(out, shape)
	}
	if !spoken {
		return string(bytes.Repeat([]byte{'*'}, len(out)))
	}
	return string(out)
}
