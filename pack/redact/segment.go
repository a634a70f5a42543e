package redact

import "bytes"

// window is the size of a segment: how much text is looked at together. What matches across lines
// (documents in text, values in brackets) is found within one segment; a PEM block, and a removed word,
// go on into the next.
const window = 64 << 10

// segment appends the clean form of the first segment of raw, and says how much of raw that was: 0 when
// more is needed to tell. Where a segment ends depends on the bytes alone, so cutting the input into
// chunks changes nothing.
func (p *pass) segment(dst, raw []byte, c carrier, final bool) (out []byte, n int) {
	if !final && len(raw) < window {
		return dst, 0
	}
	soft := true
	n = len(raw)
	if n > window || !final {
		n, soft = segmentEnd(raw[:window], c)
	}
	last := final && n == len(raw)
	piece := raw[:n]
	if p.inWord {
		k := 0
		for k < len(piece) && !isSpace(piece[k]) && piece[k] != '"' && piece[k] != '\\' {
			k++
		}
		piece = piece[k:]
		p.inWord = k == n
	}
	if p.inPEM {
		k, open := pemBody(piece, 0)
		p.inPEM = open && !last
		piece = piece[k:]
	}
	p.torn = false
	if c == inPlain && !p.columns.known {
		p.head(piece)
	}
	p.columns.asRows = c == inPlain && p.columns.n > 0
	out, changed := p.leaf(dst, piece, c, nameInfo{}, last)
	p.columns.asRows, p.columns.headed = false, false
	if !changed {
		out = append(dst, piece...)
	}
	p.inWord = p.inWord || p.torn && !soft
	return out, n
}

// segmentEnd finds where a segment is cut: behind a line whose next one is not indented and that does
// not announce one, behind any line, at a blank, behind a sign that ends something, or where it must
// be. soft: no word is cut.
func segmentEnd(s []byte, c carrier) (n int, soft bool) {
	if c == inPlain {
		line := 0
		for i, tries := len(s), 0; tries < 256; tries++ {
			if i = bytes.LastIndexByte(s[:i], '\n'); i <= len(s)/2 {
				break
			}
			if line == 0 {
				line = i + 1
			}
			if i+1 < len(s) && !isSpace(s[i+1]) && s[i+1] != '}' && s[i+1] != ']' && !bytes.ContainsRune([]byte(":=,{[\\"), rune(s[i-1])) {
				return i + 1, true
			}
		}
		if line > 0 {
			return line, true
		}
	}
	if i := bytes.LastIndexByte(s, ' '); i > len(s)/2 {
		return i + 1, true
	}
	for i := len(s) - 1; i > len(s)-8<<10; i-- {
		if s[i] == ',' || s[i] == ';' || s[i] == '&' {
			return i + 1, false
		}
	}
	for n = len(s); n > len(s)-16; n-- { // neither inside an escape nor inside a character
		if s[n-1] < 0x80 && (c == inPlain || bytes.IndexByte(s[n-12:n], '\\') < 0) {
			return n, false
		}
	}
	return hardEnd(s, c), false
}

// hardEnd cuts a run of escapes or of non-ASCII characters: it walks from the start of the run.
func hardEnd(s []byte, c carrier) int {
	var room [8]byte
	i := 0
	for i < len(s) {
		size := 1
		if c != inPlain {
			size, _ = c.step(s, i, room[:0])
		}
		if i+size > len(s)-16 && (s[i]&0xc0 != 0x80 || i+size > len(s)-8) {
			return max(i, 1)
		}
		i += size
	}
	return i
}
