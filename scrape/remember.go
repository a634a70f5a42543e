package scrape

import (
	"bytes"
	"math"
	"strconv"
)

// maxRemembered bounds the text of the lines that are remembered of one source's pages, in bytes. Lines
// beyond are read anew on each page.
const maxRemembered = 4 << 20

// line is a good line of an earlier page: a comment as a whole, a sample up to its value. What it says
// besides the value follows from its text and from the family that it belongs to.
type line struct {
	text   string
	of     *family
	kind   string  // of a TYPE line
	help   string  // of a HELP line
	labels []Label // of a sample
	series Series
	look   uint64 // of the last page that had it
	next   *line  // what followed it there
	gone   bool   // forgotten
}

// Series stands for one family, part and set of labels for as long as a page after the other has it.
type Series struct{ _ byte }

// memory is what is remembered of the plain lines and comments of a source's pages. It follows a page
// from line to line, for most pages have the lines of the one before in the same order; where they have
// not, it looks the line up.
type memory struct {
	lines map[string]*line
	first *line
	last  *line // the one that was met last on this page
	seen  int   // lines of this page that are remembered
	bytes int
}

func (m *memory) begin() { m.last, m.seen = nil, 0 }

// find gives the line that text is, but for a sample's value; nil when it is not remembered.
func (m *memory) find(text []byte) *line {
	next := m.first
	if m.last != nil {
		next = m.last.next
	}
	if next != nil && !next.gone && next.begins(text) {
		return next
	}
	if text[0] != '#' {
		text = text[:1+bytes.LastIndexAny(text, " \t}")]
	}
	return m.lines[string(text)]
}

func (l *line) begins(text []byte) bool {
	n := len(l.text)
	return len(text) >= n && string(text[:n]) == l.text && (text[0] != '#' || len(text) == n)
}

// met notes that the page has this line, behind the one that was met last.
func (m *memory) met(l *line, look uint64) {
	if l.look != look {
		l.look = look
		m.seen++
	}
	if m.last == nil {
		m.first = l
	} else {
		m.last.next = l
	}
	m.last = l
}

// learn remembers a line of which the first n bytes are its text. A sample's text ends where nothing of
// a value can belong to it.
func (m *memory) learn(text string, l line) *line {
	if m.bytes+len(text) > maxRemembered || !ends(text) {
		return nil
	}
	l.text = text
	if old := m.lines[text]; old != nil {
		m.drop(old)
	}
	m.bytes += len(text)
	m.lines[text] = &l
	return &l
}

func ends(text string) bool {
	if text == "" {
		return false
	}
	last := text[len(text)-1]
	return text[0] == '#' || last == ' ' || last == '\t' || last == '}'
}

// end forgets lines that are gone, when there are as many of them as there are others.
func (m *memory) end(look uint64) {
	if len(m.lines) <= 2*m.seen+64 && m.bytes < maxRemembered/2 {
		return
	}
	for _, l := range m.lines {
		if l.look != look {
			m.drop(l)
		}
	}
}

func (m *memory) drop(l *line) {
	delete(m.lines, l.text)
	m.bytes -= len(l.text)
	l.gone, l.next = true, nil
	if m.last == l {
		m.last = nil
	}
}

// again takes a line that an earlier page had. False: it is new, or means something else by now.
func (p *page) again(text []byte) bool {
	l := p.memory.find(text)
	if l == nil || l.of.gone {
		return false
	}
	if text[0] == '#' {
		p.flush()
		if !p.enter(l.of) || !p.tell(l) {
			return false
		}
	} else if !p.value(l, text[len(l.text):]) {
		return false
	}
	p.memory.met(l, p.look)
	return true
}

// value takes a plain sample that is remembered but for its value.
func (p *page) value(l *line, text []byte) bool {
	if l.of.look != p.look || !l.of.plain {
		return false
	}
	v, ok := plainValue(text)
	if !ok {
		return false
	}
	p.flush() // odd lines before this one come first
	p.put(l.of, Sample{Labels: l.labels, Value: v, Series: &l.series})
	return true
}

// plainValue reads the number that ends a line; a timestamp or blanks behind it are for expfmt.
func plainValue(text []byte) (float64, bool) {
	whole, ok := 0, len(text) > 0 && len(text) < 16
	for _, c := range text {
		if c >= '0' && c <= '9' {
			whole = whole*10 + int(c-'0')
			continue
		}
		if c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return special(text)
		}
		ok = false
	}
	if ok {
		return float64(whole), true
	}
	v, err := strconv.ParseFloat(string(text), 64)
	return v, err == nil
}

func special(text []byte) (float64, bool) {
	switch string(text) {
	case "NaN", "Nan": // the second is how Node's client spells it
		return math.NaN(), true
	case "+Inf":
		return math.Inf(1), true
	case "-Inf":
		return math.Inf(-1), true
	}
	return 0, false
}
