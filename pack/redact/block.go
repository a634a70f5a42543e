package redact

import "bytes"

// Values that take more than one line: block scalars and lists of YAML, texts in quotes.

const (
	maxQuotedLines = 64
	maxQuotedSpan  = 16 << 10 // bytes
)

// block gives the end of the lines that belong to the value of the name whose separator stands at i when
// nothing, or the head of a block scalar (|, >-, |2), follows it on its line; 0: there are none.
func (t *text) block(i, v int, info nameInfo) int {
	s := t.s
	head := v
	for head < len(s) && inClass("|>+-0123456789", s[head]) {
		head++
	}
	scalar := head > v && (s[v] == '|' || s[v] == '>')
	if head > v && !scalar {
		return 0
	}
	for head < len(s) && (s[head] == ' ' || s[head] == '\t' || s[head] == '\r') {
		head++
	}
	if head >= len(s) || s[head] != '\n' {
		return 0
	}
	line := bytes.LastIndexByte(s[:i], '\n') + 1
	least := indent(s, line)
	if rest := s[line+least : i]; len(rest) > 1 && rest[0] == '-' && rest[1] == ' ' {
		least += 2 // an item: its members stand behind the dash
	}
	end := head
	for at, lines := head+1, 0; at < len(s); lines++ {
		next := len(s)
		if n := bytes.IndexByte(s[at:], '\n'); n >= 0 {
			next = at + n
		}
		body := bytes.TrimSpace(s[at:next])
		in := indent(s, at)
		switch {
		case len(body) == 0:
		case scalar && in <= least, !scalar && !t.member(body, in, least, info):
			return t.blockEnd(end, head)
		default:
			end = next
		}
		at = next + 1
	}
	return t.blockEnd(end, head)
}

func (t *text) blockEnd(end, head int) int {
	if end == head {
		return 0
	}
	if t.s[end-1] == '\r' {
		end--
	}
	return end
}

// member says whether the line body is one of a list, or of names and values, under a credential's name. Only
// a name that strongly says credential has such members.
func (t *text) member(body []byte, in, least int, info nameInfo) bool {
	if info.flags&(nfWeak|nfTail|nfMeasure) != 0 {
		return false
	}
	if body[0] == '-' && len(body) > 1 && body[1] == ' ' {
		return in >= least
	}
	if in <= least {
		return false
	}
	n := bytes.IndexByte(body, ':')
	return n > 0 && (n+1 == len(body) || body[n+1] == ' ') && !bytes.ContainsAny(body[:n], " <>")
}

func indent(s []byte, i int) (n int) {
	for i+n < len(s) && (s[i+n] == ' ' || s[i+n] == '\t') {
		n++
	}
	return n
}

// quoteOnLaterLine gives the place of the quote that ends the text in quotes that begins before i and is not
// closed on its line; -1: there is none that looks like its end. A quote that begins something does not.
func quoteOnLaterLine(s []byte, i int, quote byte) int {
	span := s[i:min(len(s), i+maxQuotedSpan)]
	for at, lines := 0, 0; at < len(span); at++ {
		switch c := span[at]; {
		case c == '\n':
			if lines++; lines > maxQuotedLines {
				return -1
			}
		case c == '\\':
			at++
		case c == quote:
			before, after := span[at-1], byte('\n')
			if at+1 < len(span) {
				after = span[at+1]
			}
			if inClass("=:([{,", before) || !isSpace(after) && !inClass(",;)]}&<", after) {
				return -1
			}
			return i + at
		}
	}
	return -1
}
