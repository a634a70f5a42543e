package verify

import "bytes"

// soonFailed is how much of what began as JSON is read again as text, when it turns out to be none: a
// line that begins with a bracket. What fails later was JSON that is damaged or cut.
const soonFailed = 4 << 10

// passages goes through a document that is made of JSON and text in any order: each line that begins with
// a bracket may begin a value of JSON; what stands between such values is text.
func (s *scan) passages() {
	s.walk = &walker{s: s, outer: true}
	i, textTo := 0, 0 // up to textTo a bracket begins no JSON
	if bytes.HasPrefix(s.doc, []byte("\xef\xbb\xbf")) {
		i = 3
	}
	first := true
	for !s.full() {
		if i >= s.low {
			s.more(i)
			i, textTo = 0, max(0, textTo-i)
		}
		if i >= len(s.doc) {
			return
		}
		begin := skip(s.doc, i, " \t\r\n")
		if i >= textTo && begin < min(len(s.doc), s.low) && (s.doc[begin] == '{' || s.doc[begin] == '[' || first && s.doc[begin] == '"') && !isDumped(s.doc[begin:]) {
			i, textTo = s.value(begin)
			first = false
			continue
		}
		first = false
		i = s.prose(i, textTo)
	}
}

// value walks the value of JSON at begin, and gives the place behind it. Where it fails, textTo is the
// place up to which the document is no JSON.
func (s *scan) value(begin int) (end, textTo int) {
	w, before, base := s.walk, len(s.found), s.base
	w.i = begin
	scalar := s.doc[begin] == '"'
	ok := w.run()
	w.stack = w.stack[:0]
	if ok && scalar && w.blank() { // a text that begins with a quote
		ok = false
	}
	if ok {
		return w.i, 0
	}
	if s.base == base && w.i-begin <= soonFailed {
		s.found = s.found[:before]
		return begin, w.i + 1
	}
	return min(w.failed, len(s.doc)), min(w.failed+1, len(s.doc))
}

// prose looks through text from i to the next line that may begin a value of JSON, in pieces, and gives
// the place where it ended.
func (s *scan) prose(i, textTo int) int {
	from := i
	s.walk.stack = s.walk.stack[:0]
	for !s.full() {
		end, last := s.piece(i, textTo)
		s.passage(from, end)
		if last {
			return end
		}
		i, from = end, max(i, end-overlap)
		if n := bytes.IndexByte(s.doc[from:end], '\n'); n >= 0 {
			from += n + 1
		}
		if end >= s.low {
			s.more(from)
			i, textTo, from = i-from, max(0, textTo-from), 0
		}
	}
	return i
}

// piece gives the end of the piece of text that begins at i; last: JSON may begin there, or nothing does.
func (s *scan) piece(i, textTo int) (end int, last bool) {
	limit := min(i+pieceSize, len(s.doc))
	border := 0
	for k := i; k < limit; {
		n := bytes.IndexByte(s.doc[k:limit], '\n')
		if n < 0 {
			break
		}
		k += n + 1
		border = k
		if next := skip(s.doc[:limit], k, " \t\r"); next < limit && k >= textTo && (s.doc[next] == '{' || s.doc[next] == '[') {
			return k, true
		}
	}
	switch {
	case limit == len(s.doc) && s.r == nil:
		return limit, true
	case border > i:
		return border, false
	}
	return limit, false
}

// passage looks through a piece of text: line by line at what is encoded, and at all of it for what goes
// over the ends of lines.
func (s *scan) passage(from, to int) {
	s.exact, s.layers = true, s.layers[:0]
	piece := s.doc[from:to]
	features := uint16(0)
	for at := 0; at < len(piece) && !s.full(); {
		end := bytes.IndexByte(piece[at:], '\n') + 1
		if end == 0 {
			end = len(piece) - at
		}
		s.offset = s.base + from + at
		features |= s.encoded(piece[at : at+end])
		at += end
	}
	s.offset = s.base + from
	s.spend(piece, maxDepth)
	s.raw(piece, features, maxDepth)
}
