package verify

import (
	"bytes"
	"unicode/utf8"
)

const (
	leastBlob  = 12 // signs of a run that is worth decoding
	leastPlain = 8  // bytes of text that make a decoded run one
)

var hexValue = alphabet("0123456789abcdef", func(t *[256]int8) {
	for c := byte('A'); c <= 'F'; c++ {
		t[c] = t[c|0x20]
	}
})

// base64Value reads both alphabets.
var base64Value = alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", func(t *[256]int8) {
	t['-'], t['_'] = 62, 63
})

func alphabet(signs string, more func(*[256]int8)) (t [256]int8) {
	for i := range t {
		t[i] = -1
	}
	for i := range len(signs) {
		t[signs[i]] = int8(i)
	}
	more(&t)
	return t
}

// decoded looks at what a text stands for once more of its encodings is undone: JSON as a whole,
// percent signs, escapes.
func (s *scan) decoded(t []byte, features uint16, depth int) {
	if depth <= 1 || s.budget <= 0 {
		return
	}
	if features&hasStrange != 0 {
		s.undone(t, fold, depth)
	}
	if features&hasAmp != 0 && bytes.IndexByte(t, ';') >= 0 {
		s.undone(t, entity, depth)
	}
	if features&hasEscape == 0 {
		return
	}
	if bytes.IndexByte(t, '%') >= 0 {
		s.undone(t, percent, depth)
		if bytes.IndexByte(t, '+') >= 0 { // a blank, where the text comes from a form or a query
			s.undone(t, form, depth)
		}
	}
	if bytes.IndexByte(t, '\\') >= 0 {
		s.undone(t, cEscapes, depth)
	}
}

// layer is one encoding that was undone on the way to the text under way.
type layer struct {
	src []byte   // the text before
	by  *undoing // nil: the text under way begins at src[shift]
	at  int
}

// undone looks through what a text stands for.
func (s *scan) undone(t []byte, u *undoing, depth int) {
	if plain := u.of(t); plain != nil {
		s.layers = append(s.layers, layer{src: t, by: u})
		s.text(plain, depth-1)
		s.layers = s.layers[:len(s.layers)-1]
	}
}

// inner looks through a text that was decoded from the run that stands at a place of the text under way:
// what is found there is found at that place.
func (s *scan) inner(t []byte, depth, at int) {
	offset, exact, layers := s.offset, s.exact, s.layers
	s.offset, s.exact, s.layers = s.place(at), false, nil
	s.text(t, depth)
	s.offset, s.exact, s.layers = offset, exact, layers
}

// islandAt walks the JSON that begins at a bracket inside a text, as far as it goes. What is no JSON after
// all leaves nothing behind, when it ends soon.
func (s *scan) islandAt(t []byte, i, depth int) {
	k := i + 1
	for k < len(t) && (t[k] == ' ' || t[k] == '\n' || t[k] == '\r' || t[k] == '\t' || t[k] == '[' || t[k] == '{') {
		k++
	}
	if s.island = k; k >= len(t) || t[k] != '"' || depth <= 1 || s.budget <= 0 {
		return
	}
	before, layers, level := len(s.found), s.layers, s.level
	s.depth++
	s.level = depth - 1
	w := &walker{s: s, text: t[i:], at: i}
	if !w.run() && w.failed <= soonFailed {
		s.found = s.found[:before]
	}
	s.island = i + max(w.i, 1)
	s.depth--
	s.layers, s.level = layers, level
}

// blob decodes the run of signs that begins at i as hex or base64, as far as it is text, and looks at
// that. It gives the end of what it decoded, i for nothing: so no sign is decoded twice.
func (s *scan) blob(t []byte, i, depth int) int {
	if depth <= 1 || len(t)-i < leastBlob || s.budget <= 0 {
		return i
	}
	if c := t[i]; c != 'H' && c != 'e' && c != '1' && c != '7' {
	} else if packed, used := packedAt(t[i:]); packed != nil {
		s.inflate(packed, depth, i)
		return i + used
	}
	var plain []byte
	used := 0
	if promising(t[i:], 4, &hexValue) {
		plain, used = decodeText(t[i:], 4, &hexValue)
	}
	if len(plain) < leastPlain && promising(t[i:], 6, &base64Value) {
		plain, used = decodeText(t[i:], 6, &base64Value)
	}
	if len(plain) < leastPlain || used < leastBlob {
		return i
	}
	s.inner(plain, depth-1, i)
	return i + used
}

// promising decodes a few signs: nearly every word that only looks encoded fails here.
func promising(t []byte, bitsEach uint, values *[256]int8) bool {
	var head [leastPlain]byte
	bits, n, k := uint32(0), uint(0), 0
	wide := 0 // bytes of a text in UTF-16 that are 0
	for _, c := range t {
		if values[c] < 0 {
			return false
		}
		bits = bits<<bitsEach | uint32(values[c])
		if n += bitsEach; n < 8 {
			continue
		}
		n -= 8
		if head[k] = byte(bits >> n); head[k] >= utf8.RuneSelf {
			if first := k == 0 || head[k-1] < utf8.RuneSelf; first != (head[k] >= 0xc2) { // no sign in UTF-8 begins or goes on so
				return false
			}
		} else if head[k] < ' ' && head[k] != '\n' && head[k] != '\t' && head[k] != '\r' || head[k] == 0x7f {
			if head[k] != 0 || k > 0 && head[k-1] == 0 {
				return false
			}
			wide++
		}
		if k++; k == len(head) {
			break
		}
	}
	if wide > 0 {
		return wide >= 3
	}
	ok := textUntil(head[:k], 0)
	return ok == k || ok > k-utf8.UTFMax && !utf8.FullRune(head[ok:k])
}

const leastColumns = 56 // signs of a line after which an encoding may go on in the next one

// decodeText decodes hex or base64 of both alphabets as long as it gives text, also over the ends of
// full lines. used is how many signs that took. What was text in UTF-16 lacks its zeros.
func decodeText(t []byte, bitsEach uint, values *[256]int8) (plain []byte, used int) {
	ok, bits, n, line := 0, uint32(0), uint(0), 0
	for used < len(t) {
		if values[t[used]] < 0 {
			next := endOfLine(t, used)
			if used-line < leastColumns || next == used || next == len(t) || values[t[next]] < 0 {
				break
			}
			used, line = next, next
		}
		bits = bits<<bitsEach | uint32(values[t[used]])
		used++
		if n += bitsEach; n < 8 {
			continue
		}
		n -= 8
		c := byte(bits >> n)
		if c == 0 && len(plain) > 0 {
			continue
		}
		plain = append(plain, c)
		if ok = textUntil(plain, ok); len(plain)-ok >= utf8.UTFMax {
			break
		}
	}
	return plain[:ok], used
}

// endOfLine gives the place behind the end of a line at i, also a written-out one; i: there is none.
func endOfLine(t []byte, i int) int {
	k := i
	if k < len(t) && t[k] == '\r' {
		k++
	}
	if k < len(t) && t[k] == '\n' {
		return skip(t, k+1, " ")
	}
	if k+1 < len(t) && t[k] == '\\' && t[k+1] == 'n' {
		return k + 2
	}
	return i
}

// textUntil gives the end of the readable text in v of which the first ok bytes are known to be.
func textUntil(v []byte, ok int) int {
	for ok < len(v) {
		c := v[ok]
		if c < utf8.RuneSelf {
			if c < ' ' && c != '\n' && c != '\t' && c != '\r' || c == 0x7f {
				return ok
			}
			ok++
			continue
		}
		r, n := utf8.DecodeRune(v[ok:])
		if r == utf8.RuneError && n <= 1 {
			return ok
		}
		ok += n
	}
	return ok
}
