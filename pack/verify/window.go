package verify

import (
	"bytes"
	"io"
	"math"
)

// Bounds of a document that is read as a stream.
const (
	windowSize = 256 << 10 // bytes that are held at a time
	lookAhead  = 8 << 10   // bytes that are there behind the place under way, unless the document ends
	pieceSize  = 64 << 10  // bytes of a text that are looked at as a whole
	overlap    = 1 << 10   // bytes that two pieces of a text have in common
)

// window is the part of a document that is held: all of it, or what a reader gave last.
type window struct {
	doc  []byte
	base int       // place of its first byte in the document
	r    io.Reader // nil: doc is all there is
	err  error     // of reading; io.EOF is none
	low  int       // from this place in doc on it is time to read more
	line int       // number of the line that counted stands in
	at   int       // place in the document up to which lines are counted
}

// begin makes a scan of a whole document, or of what a reader gives.
func (d *Detector) begin(doc []byte, r io.Reader) *scan {
	s := &scan{d: d, values: d.values.Load(), planted: -1, level: maxDepth}
	s.window = window{doc: doc, r: r, low: math.MaxInt, line: 1}
	if r != nil {
		s.doc = make([]byte, 0, windowSize)
		s.more(0)
	} else {
		s.plantedIn(0)
	}
	if r != nil || len(doc) > worthCaching {
		s.caches = new(caches)
	}
	return s
}

// more drops what stands in front of a place and reads on. What was found there gets its line first.
func (s *scan) more(drop int) {
	if s.r == nil {
		return
	}
	s.settle(drop)
	kept := copy(s.doc, s.doc[drop:])
	s.doc, s.base = s.doc[:kept], s.base+drop
	for len(s.doc) < cap(s.doc) && s.r != nil {
		n, err := s.r.Read(s.doc[len(s.doc):cap(s.doc)])
		s.doc = s.doc[:len(s.doc)+n]
		if err != nil {
			s.r = nil
			if err != io.EOF {
				s.err = err
			}
		}
	}
	s.plantedIn(max(0, kept-s.values.longest))
	s.low = math.MaxInt
	if s.r != nil {
		s.low = len(s.doc) - lookAhead
	}
}

// plantedIn looks for the first known value that stands in the window as it is.
func (s *scan) plantedIn(from int) {
	if s.planted < 0 {
		if at, _ := s.values.find(s.doc[from:]); at >= 0 {
			s.planted = s.base + from + at
		}
	}
}

// lineOf counts the line of a place in the window.
func (s *scan) lineOf(offset int) int {
	if offset < s.at {
		return s.line
	}
	return s.line + bytes.Count(s.doc[s.at-s.base:min(offset-s.base, len(s.doc))], []byte{'\n'})
}

// settle counts lines up to a place in the window, and tells all that was found before it where it is.
func (s *scan) settle(drop int) {
	for i := range s.found {
		if f := &s.found[i]; f.Line == 0 {
			f.Line = s.lineOf(f.Offset)
		}
	}
	if s.half.shape != "" && s.half.line == 0 {
		s.half.line = s.lineOf(s.half.offset)
	}
	if s.walk != nil {
		for i := range s.walk.stack {
			if h := &s.walk.stack[i].held; h.size > 0 && h.line == 0 {
				h.line = s.lineOf(h.at)
			}
		}
	}
	s.line = s.lineOf(s.base + drop)
	s.at = max(s.at, s.base+drop)
}
