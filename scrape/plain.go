package scrape

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

const maxPlainLabels = 16 // of a plain sample

// plain reads a sample of the form that nearly all lines have: an unquoted name of a family that is
// no histogram or summary, labels without escapes, a number, no timestamp. It is about ten times
// cheaper than expfmt, takes no line that expfmt would refuse, and says false for all others; a
// differential test and a fuzz target hold both to the same values.
func (p *page) plain(text []byte) bool {
	end := nameEnd(text)
	if end == 0 || end == len(text) {
		return false
	}
	if p.current == nil || string(text[:end]) != p.current.name {
		p.current = p.here(text[:end])
	}
	f := p.current
	if f == nil || !f.plain { // part of a histogram or summary; or without HELP and TYPE, then only a good line makes a family
		return false
	}
	if bytes.IndexByte(text, '\\') >= 0 || !utf8.Valid(text) {
		return false
	}
	whole := string(text)
	labels, rest, ok := p.labels(skipBlanks(whole[end:]))
	if !ok {
		return false
	}
	v, ok := plainValue(text[len(text)-len(rest):])
	if !ok {
		return false
	}
	p.flush() // odd lines before this one come first
	s := Sample{Labels: labels, Value: v}
	if !p.full(f) {
		if l := p.memory.learn(whole[:len(whole)-len(rest)], line{of: f, labels: labels}); l != nil {
			s.Series = &l.series
			p.memory.met(l, p.look)
		}
	}
	p.put(f, s)
	return true
}

// labels reads what stands between the braces, if any do.
func (p *page) labels(rest string) (labels []Label, after string, ok bool) {
	if rest == "" || rest[0] != '{' {
		return nil, rest, rest != ""
	}
	p.block, rest = p.block[:0], rest[1:]
	for {
		rest = skipBlanks(rest)
		if rest == "" {
			return nil, "", false
		}
		if rest[0] == '}' {
			return slices.Clone(p.block), skipBlanks(rest[1:]), true
		}
		l, after, good := plainLabel(rest)
		if !good || len(p.block) == maxPlainLabels || has(p.block, l.Name) {
			return nil, "", false
		}
		p.block = append(p.block, l)
		if after != "" && after[0] == ',' {
			after = after[1:]
		} else if after == "" || after[0] != '}' {
			return nil, "", false
		}
		rest = after
	}
}

// plainLabel reads name="value" without escapes.
func plainLabel(s string) (l Label, after string, ok bool) {
	n := 0
	for n < len(s) && isLabelSign(s[n], n == 0) {
		n++
	}
	l.Name = s[:n]
	if s = skipBlanks(s[n:]); n == 0 || s == "" || s[0] != '=' || l.Name == "__name__" {
		return l, "", false
	}
	if s = skipBlanks(s[1:]); s == "" || s[0] != '"' {
		return l, "", false
	}
	n = strings.IndexByte(s[1:], '"')
	if n < 0 {
		return l, "", false
	}
	l.Value = s[1 : 1+n]
	return l, skipBlanks(s[n+2:]), true
}

func has(labels []Label, name string) bool {
	for _, l := range labels {
		if l.Name == name {
			return true
		}
	}
	return false
}

func skipBlanks(s string) string {
	for s != "" && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	return s
}

func nameEnd(b []byte) int {
	n := 0
	for n < len(b) && (b[n] == ':' || isLabelSign(b[n], n == 0)) {
		n++
	}
	return n
}

func isLabelSign(c byte, first bool) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || !first && c >= '0' && c <= '9'
}
