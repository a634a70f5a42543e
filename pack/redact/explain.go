package redact

import (
	"strconv"
	"unicode/utf8"
)

// Change tells one change without the value. Report.Explain is called with it.
type Change struct {
	Rule string // as in Report.Counts
	// Pointer is, in JSON, the JSON pointer (RFC 6901) of the changed string in the redacted document, or
	// of the parent of a member or element that was removed; empty for the document itself and elsewhere.
	Pointer string
	// Line and Column are, in text and metrics, where the change begins in the source: lines from 1, bytes
	// of the line from 1. Both are 0 in JSON. Of a change inside a document, a word of base64 or hex or a
	// label's escapes it is the place where that begins.
	Line, Column int
	// Shape is what the removed value is like: its length in characters and what they are, as in
	// "9 letters+digits", "32 hex" or "object".
	Shape string
}

// explainer finds the places of changes. A pass has one only while Report.Explain is set.
type explainer struct {
	tell         func(Change)
	line, column int    // where src begins, both from 0
	src          []byte // the piece of text that is gone over; nil in JSON
	leaf         int    // where the current leaf begins in src
	known        int    // a place in src whose line and column are
	knownLine    int    // these, so that places are counted once
	knownColumn  int
	rounds       []round
	pins         []pin // the documents and the encoded text in text that are gone over, the innermost last
}

// pin is a document, at whose beginning all of its changes are told, or encoded text, in which places can be found.
type pin struct {
	at     int    // where it begins in what it stands in
	raw    []byte // encoded text as it was; nil: a document
	as     carrier
	rounds []round
	text   int // a place in the text that raw stands for, and
	known  int // where in raw that is, so that raw is gone over once
}

// round is what one round of a leaf changed, so that places of the next one can be traced back.
type round []moved

// moved is an edit: where its result stands, how long that is, and where its source began and ended.
type moved struct{ at, size, start, end int }

// begin starts a piece of text.
func (e *explainer) begin(src []byte) {
	e.src, e.leaf = src, 0
	e.known, e.knownLine, e.knownColumn = 0, e.line, e.column
}

// advance says that b has been dealt with.
func (e *explainer) advance(b []byte) {
	for _, c := range b {
		e.column++
		if c == '\n' {
			e.line, e.column = e.line+1, 0
		}
	}
}

// enter says that the next changes are in raw, a part of src.
func (e *explainer) enter(raw []byte) {
	if len(e.pins) == 0 {
		e.leaf, e.rounds = max(0, cap(e.src)-cap(raw)), e.rounds[:0]
	}
}

// note remembers the edits of a round, which are those of a whole leaf.
func (e *explainer) note(edits []edit) {
	rounds := &e.rounds
	if n := len(e.pins); n > 0 {
		if rounds = &e.pins[n-1].rounds; e.pins[n-1].raw == nil {
			return
		}
	}
	r, grown := make(round, 0, len(edits)), 0
	for _, d := range edits {
		size := d.to - d.from
		r = append(r, moved{d.start + grown, size, d.start, d.end})
		grown += size - (d.end - d.start)
	}
	*rounds = append(*rounds, r)
}

// source traces the place i of the current round's text back to src.
func (e *explainer) source(i int) int {
	for k := len(e.pins) - 1; k >= 0; k-- {
		in := &e.pins[k]
		if in.raw == nil {
			i = in.at
			continue
		}
		if i = traced(in.rounds, i); i < in.text {
			in.text, in.known = 0, 0
		}
		in.text, in.known = i, in.as.advance(in.raw, in.known, i-in.text)
		i = in.at + in.known
	}
	return e.leaf + traced(e.rounds, i)
}

// traced traces the place i of the text behind the last round back to that before the first.
func traced(rounds []round, i int) int {
	for k := len(rounds) - 1; k >= 0; k-- {
		moved := 0
		for _, m := range rounds[k] {
			if i < m.at {
				break
			}
			if i < m.at+m.size {
				i, moved = m.start, 0
				break
			}
			moved = m.end - m.at - m.size
		}
		i += moved
	}
	return i
}

// place gives the line and column of the place i of src, both from 1.
func (e *explainer) place(i int) (line, column int) {
	i = min(i, len(e.src))
	if i < e.known {
		e.known, e.knownLine, e.knownColumn = 0, e.line, e.column
	}
	for ; e.known < i; e.known++ {
		e.knownColumn++
		if e.src[e.known] == '\n' {
			e.knownLine, e.knownColumn = e.knownLine+1, 0
		}
	}
	return e.knownLine + 1, e.knownColumn + 1
}

// explain tells a change at i of the current leaf; shape is that of the value.
func (p *pass) explain(r rule, i int, shape string) {
	e := p.explainer
	c := Change{Rule: ruleNames[r], Shape: shape}
	switch {
	case p.outer != nil && p.depth == 0 && p.inName: // the name as it is holds what must go
		c.Pointer = p.outer.pointer()
	case p.outer != nil:
		c.Pointer = p.outer.here()
	default:
		c.Line, c.Column = e.place(e.source(i))
	}
	e.tell(c)
}

// pinAt fixes the place of all changes that follow at i of the current leaf, until unpin.
func (p *pass) pinAt(i int) { p.pinIn(i, nil, inPlain) }

// pinIn says that all changes that follow, until unpin, are in raw as the carrier writes it, at i of the current leaf.
func (p *pass) pinIn(i int, raw []byte, as carrier) {
	if e := p.explainer; e != nil {
		e.pins = append(e.pins, pin{at: i, raw: raw, as: as})
	}
}

func (p *pass) unpin() {
	if e := p.explainer; e != nil {
		e.pins = e.pins[:len(e.pins)-1]
	}
}

// shapeOf describes a value without giving it away.
func shapeOf(v []byte) string {
	letters, digits, hex, signs, blanks := 0, 0, 0, 0, 0
	for i := 0; i < len(v); {
		c, size := utf8.DecodeRune(v[i:])
		b := v[i]
		switch i += size; {
		case size == 1 && isDigit(b):
			digits++
			hex++
		case size == 1 && isHex(b):
			letters++
			hex++
		case size == 1 && isLetter(b), size > 1 && c != utf8.RuneError:
			letters++
		case isSpace(b):
			blanks++
		default:
			signs++
		}
	}
	shape := strconv.Itoa(letters + digits + signs + blanks)
	if hex == letters+digits && hex >= 16 && signs+blanks == 0 && digits > 0 && letters > 0 {
		return shape + " hex"
	}
	mark := byte(' ')
	for _, part := range [...]struct {
		n    int
		name string
	}{{letters, "letters"}, {digits, "digits"}, {signs, "signs"}, {blanks, "blanks"}} {
		if part.n > 0 {
			shape += string(mark) + part.name
			mark = '+'
		}
	}
	return shape
}

// shapeOfValue describes a JSON value; of one that goes on beyond v only what it is.
func shapeOfValue(v []byte) string {
	if len(v) == 0 {
		return "nothing"
	}
	switch c := v[0]; {
	case c == '{':
		return "object"
	case c == '[':
		return "array"
	case c == 'n':
		return "null"
	case c == 't', c == 'f':
		return "boolean"
	case c != '"':
		return "number of " + shapeOf(v)
	case len(v) < 2 || v[len(v)-1] != '"':
		return "long text"
	}
	return shapeOf(inJSON.decode(nil, v[1:len(v)-1]))
}
