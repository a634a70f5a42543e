package redact

import (
	"bytes"
	"unicode/utf8"
)

// Texts that hide inside others: percent-encoded, with HTML entities, with \u and \x escapes, in base64 or
// in hex. Each is decoded and gone over by the same matchers. Of the first three only what must go is
// replaced, as it is for the escapes of JSON; a base64 or hex word that holds such a thing goes as a whole.

// minEncoded is the least length of a word that is decoded as base64 or hex; maxEncoded the greatest.
const (
	minEncoded = 16
	maxEncoded = 256 << 10
)

// percent looks at a % at i.
func (t *text) percent(i int) int {
	s := t.s
	if i < t.decoded || i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
		return i + 1
	}
	a, b := i, i+3
	for a > t.done && !endsPercent(s[a-1]) && s[a-1] != '?' && s[a-1] != '#' {
		a--
	}
	for b < len(s) && !endsPercent(s[b]) {
		b++
	}
	if bytes.IndexByte(s[a:b], '+') >= 0 && !bytes.Contains(s[a:b], []byte("%20")) { // a form writes blanks as +
		if next := t.recode(i, a, b, inForm); next != i+1 {
			return next
		}
	}
	return t.recode(i, a, b, inPercent)
}

// endsPercent says whether a run of percent-encoding cannot go on over c.
func endsPercent(c byte) bool {
	return c <= ' ' || isQuote(c) || c == '<' || c == '>' || c == '&' || c == ';' || c == '\\'
}

// entity looks at a & at i.
func (t *text) entity(i int) int {
	if i < t.decoded {
		return i + 1
	}
	if size, _ := entityAt(t.s[i:]); size == 0 {
		return i + 1
	}
	return t.rest(i, inEntities)
}

// escape looks at a \ at i.
func (t *text) escape(i int) int {
	if i < t.decoded {
		return i + 1
	}
	if size, _ := escapeAt(t.s[i:]); size == 0 {
		return i + 1
	}
	return t.rest(i, inEscapes)
}

// maxQuiet is how far behind an entity or escape, in bytes, the next one may stand for both to be of one encoded text.
const maxQuiet = 2 << 10

// rest decodes the text from the line of i on: what goes over several lines must stay together. It ends where the text
// has been without an escape for long, because each byte of it is gone over twice.
func (t *text) rest(i int, c carrier) int {
	s := t.s
	last := i
	for next := i; next < len(s); next++ {
		n := bytes.IndexByte(s[next:min(len(s), last+maxQuiet)], c.sign())
		if n < 0 {
			break
		}
		next += n
		if size, _ := escapeOf(c, s[next:]); size > 0 {
			last = next + size
		}
	}
	return t.recode(i, max(t.done, bytes.LastIndexByte(s[:i], '\n')+1), proseEnd(s, min(len(s), last+maxQuiet)), c)
}

// proseEnd gives the end of the first line from i on that has a blank between words: no PEM block goes on there, however
// long or indented it is.
func proseEnd(s []byte, i int) int {
	for i < len(s) {
		n := bytes.IndexByte(s[i:], '\n') + 1
		if n == 0 {
			break
		}
		line := bytes.TrimSpace(s[i : i+n])
		if i += n; bytes.IndexByte(line, ' ') >= 0 {
			return i
		}
	}
	return len(s)
}

// recode goes over s[a:b] as c writes it, and gives the place to go on from.
func (t *text) recode(i, a, b int, c carrier) int {
	p := t.p
	t.decoded = b
	if p.depth >= maxNesting {
		return i + 1
	}
	p.depth++
	p.pinIn(a, t.s[a:b], c)
	out, changed := p.leaf(p.buffer(), t.s[a:b], c, nameInfo{}, t.final || b < len(t.s))
	p.unpin()
	p.depth--
	if !changed {
		p.free(out)
		return i + 1
	}
	t.replace(a, b, out)
	p.free(out)
	return b
}

// replace puts out in the place of s[a:b]; where both begin or end alike, all stays as it is.
func (t *text) replace(a, b int, out []byte) {
	p, s := t.p, t.s
	head := 0
	for head < len(out) && a+head < b && out[head] == s[a+head] {
		head++
	}
	for head > 0 && a+head < b && s[a+head]&0xc0 == 0x80 {
		head--
	}
	tail := 0
	for tail < len(out)-head && tail < b-a-head && out[len(out)-1-tail] == s[b-1-tail] {
		tail++
	}
	for tail > 0 && s[b-tail]&0xc0 == 0x80 {
		tail--
	}
	from := len(p.repl)
	p.repl = append(p.repl, out[head:len(out)-tail]...)
	p.edit = append(p.edit, edit{a + head, b - tail, from, len(p.repl)})
	t.done = b
}

// coded looks at the word of 16 or more signs at i, which may be text in base64 or hex; 0: it is not, or
// nothing in it must go.
func (t *text) coded(i int) int {
	s := t.s
	if p := t.p; p.depth >= maxNesting || i < t.uncoded {
		return 0
	}
	// Text in base64 has an ASCII sign in front of every group: A to Z or a to f.
	if a, b, c := s[i], s[i+4], s[i+8]; !leads64(a) || !leads64(b) || !leads64(c) {
		if !isDigit(a) || a < '2' || a > '7' {
			return 0
		}
		return t.hexed(i)
	}
	end := i
	for end < len(s) && end-i < maxEncoded && sextet(s[end]) >= 0 {
		end++
	}
	out := t.p.buffer()
	out = appendBase64(out, s[i:end])
	for end < len(s) && s[end] == '=' {
		end++
	}
	return t.hides(i, end, out)
}

func leads64(c byte) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'f' }

func (t *text) hexed(i int) int {
	s := t.s
	end := i
	for end < len(s) && end-i < maxEncoded && isHex(s[end]) {
		end++
	}
	if (end-i)%2 != 0 || end-i < 2*minEncoded {
		return 0
	}
	out := t.p.buffer()
	for k := i; k < end; k += 2 {
		c := byte(hexValue(s[k])<<4 | hexValue(s[k+1]))
		if c >= 0x80 || c < ' ' && !isSpace(c) {
			t.p.free(out)
			return 0
		}
		out = append(out, c)
	}
	return t.hides(i, end, out)
}

// hides removes s[i:end] when the text that it stands for holds what must go. It frees inner.
func (t *text) hides(i, end int, inner []byte) int {
	t.uncoded = end
	readable := len(inner) >= 12 && isText(inner) && t.p.holds(inner)
	t.p.free(inner)
	if !readable {
		return 0
	}
	return t.add(i, end, ruleEncoded)
}

// isText says whether b is UTF-8 without control signs, cut anywhere.
func isText(b []byte) bool {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			if b[i] < ' ' && !isSpace(b[i]) || b[i] == 0x7f {
				return false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && len(b)-i >= utf8.UTFMax {
			return false
		}
		i += size
	}
	return true
}

// holds says whether anything in s must go. It counts and tells nothing.
func (p *pass) holds(s []byte) bool {
	counts, changes, explainer, rep := p.tally.counts, p.tally.changes, p.explainer, p.rep
	p.explainer, p.rep = nil, nil
	p.depth++
	t := p.scan(s, true)
	found := len(t.edits()) > 0
	t.drop()
	p.depth--
	p.explainer, p.rep = explainer, rep
	p.tally.counts, p.tally.changes = counts, changes // it was only a question
	return found
}

// appendBase64 appends what v stands for in either alphabet.
func appendBase64(dst, v []byte) []byte {
	acc, bits := uint32(0), 0
	for _, c := range v {
		acc, bits = acc<<6|uint32(sextet(c)), bits+6
		if bits >= 8 {
			bits -= 8
			dst = append(dst, byte(acc>>bits))
		}
	}
	return dst
}
