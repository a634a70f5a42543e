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
	var small [8]uint64
	open := small[:] // bit set: object
	depth := 0
	i = skipSpace(s, i)
	for {
		// A value begins at i.
		if i >= len(s) {
			return 0, i
		}
		switch s[i] {
		case '{', '[':
			if depth == len(open)*64 {
				if depth >= maxDepth {
					return 0, i
				}
				open = append(open, make([]uint64, len(open))...)
			}
			object := s[i] == '{'
			setBit(open, depth, object)
			depth++
			i = skipSpace(s, i+1)
			if i < len(s) && (object && s[i] == '}' || !object && s[i] == ']') {
				i, depth = i+1, depth-1
				break
			}
			if object {
				if i = nameEnd(s, i); i <= 0 {
					return 0, -i
				}
			}
			continue
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
		// A value ends at i.
		for {
			if depth == 0 {
				return i, 0
			}
			j := skipSpace(s, i)
			if j >= len(s) {
				return 0, j
			}
			object := open[(depth-1)/64]>>((depth-1)%64)&1 == 1
			if s[j] == ',' {
				i = skipSpace(s, j+1)
				if object {
					if i = nameEnd(s, i); i <= 0 {
						return 0, -i
					}
				}
				break
			}
			if object && s[j] != '}' || !object && s[j] != ']' {
				return 0, j
			}
			i, depth = j+1, depth-1
		}
	}
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
