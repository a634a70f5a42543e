package verify

import (
	"bytes"
	"cmp"
	"slices"
)

// scan is one run over one document.
type scan struct {
	window
	d        *Detector
	values   *valueIndex
	planted  int // where the first known value stands as it is; none: -1
	found    []Finding
	walk     *walker // nil in a document that is no JSON
	offset   int     // of the text under way in the document
	layers   []layer // what was undone on the way to the text under way
	exact    bool    // places in the text under way are places in the document
	version  bool    // the text under way stands under a name that says version
	depth    int     // of JSON inside text
	scratch  []byte  // of unquote
	rowsEnd  int     // of the rows of SQL that were looked at in the text under way
	level    int     // how many encodings may be undone in the texts that the walker under way finds
	budget   int     // bytes that may yet be looked at of what was decoded from one text
	island   int     // up to here JSON in the text under way was walked
	skipTo   int     // up to here the text under way is base64 of something public
	inflated int     // bytes that were unpacked so far
	caches   *caches
	awsNear  int       // up to here an id of AWS stands near
	half     candidate // the last run that would be its other half
}

// caches remember names and texts of a document, most of which come again and again. A small document
// has none.
type caches struct {
	names [256]nameEntry
	clean [512]uint64 // hashes of texts in which nothing was found; the seed of a detector is its own
}

const worthCaching = 4 << 10

func (s *scan) full() bool { return len(s.found) >= maxFindings }

// report notes one finding: at is its place inside the text under way.
func (s *scan) report(kind string, what []byte, at int) {
	if s.full() {
		return
	}
	f := Finding{Kind: kind, Excerpt: excerpt(what), Offset: s.place(at)}
	for i := len(s.found) - 1; i >= 0 && i >= len(s.found)-64; i-- { // two ways to the same thing
		if s.found[i].Offset == f.Offset && s.found[i].Kind == kind {
			return
		}
	}
	f.Pointer = s.walk.pointer()
	s.add(f)
}

func (s *scan) add(f Finding) {
	if !s.full() {
		s.found = append(s.found, f)
	}
}

// place gives the place in the document of one in the text under way.
func (s *scan) place(at int) int {
	if !s.exact {
		return s.offset
	}
	for i := len(s.layers) - 1; i >= 0; i-- {
		if l := &s.layers[i]; l.by != nil {
			at = l.by.source(l.src, at)
		} else {
			at += l.at
		}
	}
	return min(s.offset+at, s.base+len(s.doc))
}

// finish puts the findings in order and counts lines.
func (s *scan) finish() []Finding {
	if s.planted >= 0 && !slices.ContainsFunc(s.found, func(f Finding) bool { return f.Kind == KindKnown }) {
		// It lies across the borders of names and values: nothing smaller than the whole holds it.
		s.walk.stack, s.offset, s.exact = nil, s.planted, false
		s.report(KindKnown, nil, 0)
	}
	slices.SortStableFunc(s.found, func(a, b Finding) int { return cmp.Compare(a.Offset, b.Offset) })
	for i := range s.found {
		if f := &s.found[i]; f.Line == 0 {
			s.line = s.lineOf(f.Offset)
			s.at = max(s.at, f.Offset)
			f.Line = s.line
		}
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
