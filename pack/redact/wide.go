package redact

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// wide is how an input in UTF-16 has its bytes; it is read and given out as UTF-8, without the mark at its
// start, so that no name and no value goes by because of zero bytes between its letters.
type wide uint8

const (
	narrow wide = iota
	littleEndian
	bigEndian
)

// wideness recognises UTF-16 from the first bytes: by its mark, or, without one, by zeros in nearly all
// even or nearly all odd places, which is how text of a Latin script looks. minWide units must be there.
func wideness(s []byte) (w wide, mark int) {
	switch {
	case bytes.HasPrefix(s, []byte{0xff, 0xfe}):
		return littleEndian, 2
	case bytes.HasPrefix(s, []byte{0xfe, 0xff}):
		return bigEndian, 2
	}
	const minWide = 4
	n := len(s) / 2
	if n < minWide || bytes.IndexByte(s, 0) < 0 {
		return narrow, 0
	}
	var zeros [2]int
	for i, c := range s[:2*n] {
		if c == 0 {
			zeros[i%2]++
		}
	}
	switch {
	case zeros[1] > n*3/4 && zeros[0] < n/16+1:
		return littleEndian, 0
	case zeros[0] > n*3/4 && zeros[1] < n/16+1:
		return bigEndian, 0
	}
	return narrow, 0
}

// decode appends the text of src without its zeros, and says how much of src that was: all but half a
// unit or half a pair, which final leaves as U+FFFD.
func (w wide) decode(dst, src []byte, final bool) (text []byte, n int) {
	unit := func(i int) rune {
		if w == littleEndian {
			return rune(src[i]) | rune(src[i+1])<<8
		}
		return rune(src[i])<<8 | rune(src[i+1])
	}
	for n+1 < len(src) {
		r, size := unit(n), 2
		if utf16.IsSurrogate(r) {
			if n+3 >= len(src) && !final {
				return dst, n
			}
			pair := utf8.RuneError
			if n+3 < len(src) {
				pair = utf16.DecodeRune(r, unit(n+2))
			}
			if r = pair; pair != utf8.RuneError {
				size = 4
			}
		}
		if n += size; r != 0 {
			dst = utf8.AppendRune(dst, r)
		}
	}
	if final && n < len(src) {
		dst, n = utf8.AppendRune(dst, utf8.RuneError), len(src)
	}
	return dst, n
}

// feedWide is feed for an input in UTF-16.
func (s *stream) feedWide(src []byte, final bool) (n int) {
	s.text, n = s.wide.decode(s.text, src, final)
	k := s.feed(s.text, final)
	s.text = s.text[:copy(s.text, s.text[k:])]
	return n
}
