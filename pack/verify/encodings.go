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
	if depth <= 1 {
		return
	}
	trimmed := bytes.TrimSpace(t)
	if n := len(trimmed); n > 6 && (trimmed[0] == '{' && trimmed[n-1] == '}' || trimmed[0] == '[' && trimmed[n-1] == ']') && maskAt(trimmed) != n {
		s.nested(trimmed)
	}
	if features&hasEscape == 0 {
		return
	}
	if bytes.IndexByte(t, '%') >= 0 {
		if plain := unpercent(t, false); len(plain) < len(t) {
			s.inner(plain, depth-1, 0)
			if bytes.IndexByte(t, '+') >= 0 { // a blank, where the text comes from a form or a query
				s.inner(unpercent(t, true), depth-1, 0)
			}
		}
	}
	if bytes.IndexByte(t, '\\') >= 0 {
		if plain := unescape(t); len(plain) < len(t) {
			s.inner(plain, depth-1, 0)
		}
	}
}

// inner looks through a text that was decoded from what stands at a place of the text under way.
func (s *scan) inner(t []byte, depth, at int) {
	offset, exact := s.offset, s.exact
	if exact {
		s.offset += at
	}
	s.exact = false
	s.text(t, depth)
	s.offset, s.exact = offset, exact
}

// nested walks JSON inside a text. What is no JSON after all leaves nothing behind.
func (s *scan) nested(doc []byte) {
	if s.depth >= maxDepth {
		return
	}
	before, exact := len(s.found), s.exact
	s.depth++
	s.exact = false
	w := &walker{s: s, doc: doc}
	if !w.run(false) {
		s.found = s.found[:before]
	}
	s.depth--
	s.exact = exact
}

// unpercent undoes %XX where it is well written. form: a plus is a blank.
func unpercent(t []byte, form bool) []byte {
	out := make([]byte, 0, len(t))
	for i := 0; i < len(t); i++ {
		if t[i] == '%' && i+2 < len(t) && hexValue[t[i+1]] >= 0 && hexValue[t[i+2]] >= 0 {
			out = append(out, byte(hexValue[t[i+1]])<<4|byte(hexValue[t[i+2]]))
			i += 2
			continue
		}
		if form && t[i] == '+' {
			out = append(out, ' ')
			continue
		}
		out = append(out, t[i])
	}
	return out
}

// blob decodes the run of signs that begins at i as hex or base64, as far as it is text, and looks at
// that. It gives the end of what it decoded, i for nothing: so no sign is decoded twice.
func (s *scan) blob(t []byte, i, depth int) int {
	if depth <= 1 || len(t)-i < leastBlob {
		return i
	}
	var plain []byte
	used := 0
	if promising(t[i:], 4, &hexValue) {
		plain, used = hexText(t[i:])
	}
	if len(plain) < leastPlain && promising(t[i:], 6, &base64Value) {
		plain, used = base64Text(t[i:])
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
	for _, c := range t {
		if values[c] < 0 {
			return false
		}
		bits = bits<<bitsEach | uint32(values[c])
		if n += bitsEach; n < 8 {
			continue
		}
		n -= 8
		if head[k] = byte(bits >> n); head[k] < ' ' && head[k] != '\n' && head[k] != '\t' && head[k] != '\r' || head[k] == 0x7f {
			return false
		}
		if k++; k == len(head) {
			break
		}
	}
	ok := textUntil(head[:k], 0)
	return ok == k || ok > k-utf8.UTFMax && !utf8.FullRune(head[ok:k])
}

// hexText decodes hex as long as it gives text. used is how many signs that took.
func hexText(t []byte) (plain []byte, used int) {
	ok := 0
	for used+1 < len(t) && hexValue[t[used]] >= 0 && hexValue[t[used+1]] >= 0 {
		plain = append(plain, byte(hexValue[t[used]])<<4|byte(hexValue[t[used+1]]))
		used += 2
		if ok = textUntil(plain, ok); len(plain)-ok >= utf8.UTFMax {
			break
		}
	}
	return plain[:ok], used
}

// base64Text decodes base64 of both alphabets as long as it gives text.
func base64Text(t []byte) (plain []byte, used int) {
	ok, bits, n := 0, uint32(0), 0
	for used < len(t) && base64Value[t[used]] >= 0 {
		bits = bits<<6 | uint32(base64Value[t[used]])
		used++
		if n += 6; n < 8 {
			continue
		}
		n -= 8
		plain = append(plain, byte(bits>>n))
		if ok = textUntil(plain, ok); len(plain)-ok >= utf8.UTFMax {
			break
		}
	}
	return plain[:ok], used
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
