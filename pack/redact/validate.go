package redact

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// maxDepth is how deep arrays and objects may lie in each other. What lies deeper is no JSON here.
const maxDepth = 16384

// valueEnd gives the end of the JSON value at i, without the blanks behind it; 0 and the place of the
// first fault when there is none. It keeps one bit for each open bracket and does not recurse.
func valueEnd(s []byte, i int) (end, fail int) {
	var b brackets
	i = skipSpace(s, i)
	for more := true; more; {
		if i >= len(s) {
			return 0, i
		}
		switch s[i] {
		case '{', '[':
			empty := false
			if i, empty = b.enter(s, i); i <= 0 {
				return 0, -i
			}
			if !empty {
				continue
			}
		case '"':
			e := stringEnd(s, i+1)
			if e < 0 {
				return 0, len(s)
			}
			i = e
		default:
			e := scalarEnd(s, i)
			if e == 0 {
				return 0, i
			}
			i = e
		}
		if i, more = b.leave(s, i); i <= 0 {
			return 0, -i
		}
	}
	return i, 0
}

// brackets are the open ones of a JSON value.
type brackets struct {
	outer [8]uint64 // bit set: object
	inner []uint64  // likewise, of those deeper than outer holds
	depth int
}

// of gives the bits of the brackets around the one at a depth, and its place in them.
func (b *brackets) of(depth int) (bits []uint64, i int) {
	if n := len(b.outer) * 64; depth >= n {
		return b.inner, depth - n
	}
	return b.outer[:], depth
}

// enter gives the start of the first value behind the bracket at i, or, empty, the place behind both brackets; the
// negative place of the fault if there is one.
func (b *brackets) enter(s []byte, i int) (next int, empty bool) {
	if b.depth >= maxDepth {
		return -i, false
	}
	if b.depth == (len(b.outer)+len(b.inner))*64 {
		b.inner = append(b.inner, 0)
	}
	object := s[i] == '{'
	open, at := b.of(b.depth)
	setBit(open, at, object)
	i = skipSpace(s, i+1)
	if i < len(s) && (object && s[i] == '}' || !object && s[i] == ']') {
		return i + 1, true
	}
	b.depth++
	if object {
		i = nameEnd(s, i)
	}
	return i, false
}

// leave closes the brackets behind a value that ends at i. It gives the start of the next value, or the end of all, and
// whether there is one more; the negative place of the fault if there is one.
func (b *brackets) leave(s []byte, i int) (next int, more bool) {
	for b.depth > 0 {
		j := skipSpace(s, i)
		if j >= len(s) {
			return -j, false
		}
		open, at := b.of(b.depth - 1)
		object := open[at/64]>>(at%64)&1 == 1
		if s[j] == ',' {
			i = skipSpace(s, j+1)
			if object {
				i = nameEnd(s, i)
			}
			return i, true
		}
		if object && s[j] != '}' || !object && s[j] != ']' {
			return -j, false
		}
		i, b.depth = j+1, b.depth-1
	}
	return i, false
}

func setBit(set []uint64, i int, on bool) {
	set[i/64] &^= 1 << (i % 64)
	if on {
		set[i/64] |= 1 << (i % 64)
	}
}

// nameEnd gives the start of the value behind the name at i; the negative place of the fault if there
// is none.
func nameEnd(s []byte, i int) int {
	if i >= len(s) || s[i] != '"' {
		return -i
	}
	e := stringEnd(s, i+1)
	if e < 0 {
		return -len(s)
	}
	e = skipSpace(s, e)
	if e >= len(s) || s[e] != ':' {
		return -e
	}
	return skipSpace(s, e+1)
}

func skipSpace(s []byte, i int) int {
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	return i
}

// stringEnd gives the place behind the quote that ends the string whose content begins at i; -1: none.
func stringEnd(s []byte, i int) int {
	end, _ := stringSpan(s, i)
	return end
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// stringSpan is stringEnd, and says whether there is an escape in the string. It reads 8 bytes at once: most strings of
// events are so short that a call of bytes.IndexByte, or a loop over bytes that ends where nobody can foretell, costs
// more than all else that is done with them.
func stringSpan(s []byte, i int) (end int, escaped bool) {
	for near := min(len(s)-8, i+32); i <= near; {
		x := binary.LittleEndian.Uint64(s[i:])
		quote, slash := x^'"'*ones, x^'\\'*ones
		found := ((quote-ones)&^quote | (slash-ones)&^slash) & highs // the lowest bit is of the first one
		if found == 0 {
			i += 8
			continue
		}
		if i += bits.TrailingZeros64(found) / 8; s[i] == '"' {
			return i + 1, escaped
		}
		escaped, i = true, i+2
	}
	for start := i; i < len(s); {
		n := bytes.IndexByte(s[i:], '"')
		if n < 0 {
			return -1, escaped
		}
		i += n + 1
		k := i - 1
		for k > start && s[k-1] == '\\' {
			k--
		}
		if (i-1-k)%2 == 0 {
			return i, escaped || bytes.IndexByte(s[start:i], '\\') >= 0
		}
	}
	return -1, escaped
}

// scalarEnd gives the end of the number or literal at i; 0: there is none. Behind it must stand what may
// follow a value.
func scalarEnd(s []byte, i int) int {
	j := i
	switch c := s[i]; {
	case c == '-' || isDigit(c):
		j = numberEnd(s, i)
	case c == 't', c == 'n':
		j = i + 4
	case c == 'f':
		j = i + 5
	}
	if j == i || j > len(s) || s[i] >= 'a' && string(s[i:j]) != "true" && string(s[i:j]) != "false" && string(s[i:j]) != "null" {
		return 0
	}
	if j < len(s) && !isSpace(s[j]) && s[j] != ',' && s[j] != ']' && s[j] != '}' {
		return 0
	}
	return j
}

func numberEnd(s []byte, i int) int {
	j := i
	if s[j] == '-' {
		j++
	}
	digits := func() bool {
		start := j
		for j < len(s) && isDigit(s[j]) {
			j++
		}
		return j > start
	}
	start := j
	if !digits() || s[start] == '0' && j-start > 1 {
		return i
	}
	if j < len(s) && s[j] == '.' {
		j++
		if !digits() {
			return i
		}
	}
	if j < len(s) && (s[j] == 'e' || s[j] == 'E') {
		j++
		if j < len(s) && (s[j] == '+' || s[j] == '-') {
			j++
		}
		if !digits() {
			return i
		}
	}
	return j
}

// noPlaceholder says that at i no placeholder stands, which begins like an array. What an earlier pass
// left in broken JSON is text, and no value to be removed with its field.
func (w *walker) noPlaceholder(i int) status {
	s := w.src[i:]
	switch {
	case s[0] == '{' || len(s) > 1 && s[1] != 'r' && s[1] != 'i':
		return ok
	case placeholderLen(s) > 0:
		return bad
	case len(s) < maxPlaceholder && !w.final:
		return more
	}
	return ok
}
