package corpus

import (
	"bytes"
	"fmt"
	"strings"
)

// page is a document while it is written.
type page struct {
	*gen
	buf    bytes.Buffer
	plants []Plant
	used   map[string]int // names of members that carry texts, so that none comes twice
}

func newPage(g *gen) *page { return &page{gen: g, used: map[string]int{}} }

func (p *page) add(s string)                 { p.buf.WriteString(s) }
func (p *page) addf(format string, a ...any) { fmt.Fprintf(&p.buf, format, a...) }
func (p *page) put(it item, s string)        { p.within(it, func() { p.add(s) }) }
func (p *page) within(it item, write func()) {
	start := p.buf.Len()
	write()
	end := p.buf.Len()
	text := string(p.buf.Bytes()[start:end])
	p.plants = append(p.plants, Plant{Kind: it.kind, Secrets: it.secrets, Text: text, Plain: text, Start: start, End: end})
}

// nest writes a finished page as one encoded run. Where the encoding works sign
// by sign, each look-alike keeps a text of its own; otherwise it is the run.
func (p *page) nest(inner *page, encode func(string) string, bySign bool) {
	start := p.buf.Len()
	run := encode(inner.buf.String())
	p.add(run)
	for _, in := range inner.plants {
		in.Start, in.End = start, p.buf.Len()
		if in.Text = encode(in.Text); !bySign {
			in.Text = run
		}
		p.plants = append(p.plants, in)
	}
}

// fresh gives one of the names that has not been used on this page, else the first with a number.
func (p *page) fresh(names ...string) string {
	for range 4 {
		if n := pick(p.gen, names...); p.used[n] == 0 {
			p.used[n]++
			return n
		}
	}
	p.used[names[0]]++
	return fmt.Sprintf("%s%d", names[0], p.used[names[0]])
}

// nameOf is the name that a carrier of names and values gives an item.
func (p *page) nameOf(it item) string {
	if it.name != "" {
		return it.name
	}
	return p.fresh("message", "note", "detail", "error", "command")
}

// carrier is one way to write items down.
type carrier struct {
	name   string
	takes  func(item) bool
	write  func(*page, []item)
	shared bool // all items are in one encoded run: no long documents, in which one finding would stand for many secrets
	sealed bool // likewise, and nobody can take out a part of the run: documents hold secrets or look-alikes, never both
}

var carriers = flat(jsonCarriers, logCarriers, configCarriers, codeCarriers, wireCarriers, encodedCarriers)

func flat(tables ...[]carrier) []carrier {
	var all []carrier
	for _, t := range tables {
		all = append(all, t...)
	}
	return all
}

// Carriers gives the names of the carriers of one part.
func Carriers(part Part) []string {
	var names []string
	for _, c := range stocks(part).carriers {
		names = append(names, c.name)
	}
	return names
}

// What carriers take: everything; all that is not JSON by itself; all with a plain name as well; all of one line.
func anything(item) bool          { return true }
func noJSON(it item) bool         { return !it.raw }
func plain(it item) bool          { return !it.raw && !it.exotic }
func oneLine(it item) bool        { return plain(it) && !strings.ContainsAny(it.value, "\r\n") }
func noLiteral(it item) bool      { return !it.raw && !it.literal }
func quotedLine(it item) bool     { return oneLine(it) && !it.literal }
func anyNameOneLine(it item) bool { return !it.raw && !strings.ContainsAny(it.value, "\r\n") }
