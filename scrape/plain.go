package scrape

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxPlainLabels = 16       // of a plain sample
	textBlock      = 16 << 10 // bytes of lines that share an allocation
)

// plain reads a sample of the form that nearly all lines have: an unquoted name of a family that is
// no histogram or summary, labels without escapes, a number, no timestamp. It is about ten times
// cheaper than expfmt, takes no line that expfmt would refuse, and says false for all others; a
// differential test and a fuzz target hold both to the same values.
func (p *page) plain(line []byte) bool {
	end := nameEnd(line)
	if end == 0 || end == len(line) {
		return false
	}
	if p.lastAt < 0 || !bytes.Equal(line[:end], p.last) {
		if !p.enter(line[:end]) {
			return false
		}
	}
	kept := p.m.Series < maxSeries || p.lastNamed && p.m.Series < maxNamedSeries
	s, ok := p.sample(line, end)
	if !ok {
		return false
	}
	if p.family != "" { // odd lines before this one come first
		p.flush()
	}
	if !kept {
		p.m.Dropped++
		return true
	}
	p.put(&p.m.Families[p.lastAt], s)
	return true
}

// enter makes the family of a plain sample the current one; false where expfmt has to decide.
func (p *page) enter(name []byte) bool {
	p.lastAt = -1
	at, ok := p.index[string(name)]
	if !ok { // part of a histogram or summary; or without HELP and TYPE, then only a good line makes a family
		return false
	}
	f := &p.m.Families[at]
	switch f.Type {
	case "counter", "gauge", "untyped":
	default:
		return false
	}
	p.last = append(p.last[:0], name...)
	p.lastAt, p.lastNamed = at, p.named[f.Name]
	return true
}

// sample reads labels and value behind the name that ends at end. Names and values are parts of one
// string, that of the block to which the line is copied.
func (p *page) sample(line []byte, end int) (s Sample, ok bool) {
	if bytes.IndexByte(line, '\\') >= 0 || !utf8.Valid(line) {
		return s, false
	}
	rest := skipBlanks(p.keep(line[end:]))
	if rest == "" {
		return s, false
	}
	if rest[0] == '{' {
		if s.Labels, rest, ok = p.labels(rest[1:]); !ok {
			return s, false
		}
		rest = skipBlanks(rest)
	}
	s.Value, ok = plainValue(rest)
	return s, ok
}

// keep gives a line as a string. Lines share blocks of memory: a block that is written once never
// changes, and a page of ten thousand lines costs some dozen allocations for its text.
func (p *page) keep(line []byte) string {
	if p.text == nil || p.text.Cap()-p.text.Len() < len(line) {
		p.text = new(strings.Builder)
		p.text.Grow(max(textBlock, len(line)))
	}
	start := p.text.Len()
	p.text.Write(line)
	return p.text.String()[start:]
}

// labels reads what stands between the braces. Labels of many samples share one block of memory.
func (p *page) labels(rest string) (labels []Label, after string, ok bool) {
	if cap(p.block)-len(p.block) < maxPlainLabels {
		p.block = make([]Label, 0, 512)
	}
	start := len(p.block)
	for {
		rest = skipBlanks(rest)
		if rest == "" {
			break
		}
		if rest[0] == '}' {
			labels = p.block[start:len(p.block):len(p.block)]
			return labels, rest[1:], true
		}
		l, after, good := plainLabel(rest)
		if !good || len(p.block)-start == maxPlainLabels || has(p.block[start:], l.Name) {
			break
		}
		p.block = append(p.block, l)
		if after != "" && after[0] == ',' {
			after = after[1:]
		} else if after == "" || after[0] != '}' {
			break
		}
		rest = after
	}
	p.block = p.block[:start]
	return nil, "", false
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

// plainValue reads the number that ends the line; a timestamp or blanks behind it are for expfmt.
func plainValue(s string) (float64, bool) {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return special(s)
		}
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

func special(s string) (float64, bool) {
	switch s {
	case "NaN", "Nan": // the second is how Node's client spells it
		return math.NaN(), true
	case "+Inf":
		return math.Inf(1), true
	case "-Inf":
		return math.Inf(-1), true
	}
	return 0, false
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
