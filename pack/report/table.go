package report

import (
	"html"
	"html/template"
	"strings"
	"time"

	"relaypack/pack/report/plain"
)

// table is what a section shows in rows. A table without a head is one of names and values.
type table struct {
	Caption string
	Head    []string
	Rows    []row
	Left    int // rows that are not shown
	bytes   int
}

type row struct {
	Level string // bad, warn, good, or nothing
	Cells []cell
}

// cell is a text, or what an object holds.
type cell struct {
	Text  string
	Parts []pair
}

type pair struct{ Name, Value string }

const (
	maxRows    = 5000
	maxBytes   = 1 << 20 // of the texts of a table
	maxColumns = 14
	unknown    = "unknown" // what a null says
)

// add appends a row within the table's bounds.
func (t *table) add(level string, cells ...cell) {
	n := 0
	for _, c := range cells {
		n += len(c.Text)
		for _, p := range c.Parts {
			n += len(p.Name) + len(p.Value)
		}
	}
	if len(t.Rows) >= maxRows || t.bytes+n > maxBytes {
		t.Left++
		return
	}
	t.bytes += n
	t.Rows = append(t.Rows, row{level, cells})
}

// Class is facts for names and values, timed for what begins with a time and a kind.
func (t table) Class() string {
	switch {
	case t.Head == nil:
		return "facts"
	case t.Head[0] == "UTC":
		return "timed"
	}
	return ""
}

// Body is the rows as HTML. It is not made by the template, which takes ten times as long for the thousands of rows of a pack;
// so it escapes every text itself.
func (t table) Body() template.HTML {
	b := make([]byte, 0, t.bytes*5/4+64*len(t.Rows))
	for _, r := range t.Rows {
		b = append(b, "<tr"...)
		if r.Level != "" {
			b = append(append(append(b, ` class="`...), html.EscapeString(r.Level)...), '"')
		}
		b = append(b, '>')
		for i, c := range r.Cells {
			if i == 0 && t.Head == nil {
				b = append(b, `<th scope="row">`...)
			} else {
				b = append(b, "<td>"...)
			}
			b = append(b, html.EscapeString(c.Text)...)
			for j, p := range c.Parts {
				if j > 0 {
					b = append(b, ' ')
				}
				b = append(append(append(b, "<b>"...), html.EscapeString(p.Name)...), "</b> "...)
				b = append(b, html.EscapeString(p.Value)...)
			}
		}
		b = append(b, '\n')
	}
	return template.HTML(b)
}

// texts makes cells of what the report itself says, or of what was made fit to be shown.
func texts(all ...string) []cell {
	out := make([]cell, len(all))
	for i, text := range all {
		out[i].Text = text
	}
	return out
}

// facts is a table of an object's members, each written by its name; those of except are left out.
func facts(caption string, v value, except ...string) table {
	t := table{Caption: caption}
	for _, m := range v.members() {
		if !contains(except, m.name) {
			t.add("", cell{Text: name(m.name)}, cellOf(m.name, m.v))
		}
	}
	return t
}

// list is a table of an array of objects, a column for each name.
func list(caption string, v value) table {
	t := table{Caption: caption}
	items, n := v.items(maxRows)
	t.Left = n - len(items)
	columns := map[string]int{}
	for _, item := range items[:min(len(items), 200)] {
		for _, m := range item.members() {
			if _, ok := columns[m.name]; !ok && len(columns) < maxColumns {
				columns[m.name] = len(columns)
				t.Head = append(t.Head, name(m.name))
			}
		}
	}
	rest := len(t.Head)
	for _, item := range items {
		cells := make([]cell, rest, rest+1)
		if item.kind() != '{' {
			cells = append(cells[:0:0], cellOf("", item))
		}
		var others []pair
		for _, m := range item.members() {
			if i, ok := columns[m.name]; ok {
				cells[i] = cellOf(m.name, m.v)
			} else {
				others = append(others, pair{name(m.name), written(m.name, m.v)})
			}
		}
		if others != nil {
			cells = append(cells, cell{Parts: others})
		}
		t.add("", cells...)
	}
	return t
}

// cellOf writes a value; of an object each member, of an array of plain values each value.
func cellOf(of string, v value) cell {
	if v.kind() != '{' || len(v) > maxText {
		return cell{Text: written(of, v)}
	}
	c := cell{}
	for _, m := range v.members() {
		c.Parts = append(c.Parts, pair{name(m.name), written(m.name, m.v)})
	}
	if c.Parts == nil {
		c.Text = "none"
	}
	return c
}

// written writes a value by what its name says of its unit (pack/FORMAT.md): a time, a duration, a size.
func written(of string, v value) string {
	n, isNumber := v.number()
	switch {
	case v.kind() == 'n':
		return unknown
	case v.kind() == '[':
		return listed(v)
	case !isNumber:
		return v.show()
	case n >= 1e12 && n < 4e12 && isTime(of):
		return instant(v.when())
	case strings.HasSuffix(of, "Ms") || of == "uptime" && n == float64(int64(n)):
		if n > -9e12 && n < 9e12 {
			return Lasting(time.Duration(n * float64(time.Millisecond)))
		}
	case strings.HasSuffix(of, "Bytes"), of == "bytes":
		return Size(n)
	}
	return v.show()
}

// listed writes an array of plain values as a list; one that holds anything else as JSON.
func listed(v value) string {
	items, n := v.items(100)
	if n == 0 {
		return "none"
	}
	var out []string
	for _, item := range items {
		if k := item.kind(); k == '{' || k == '[' {
			return v.show()
		}
		out = append(out, item.show())
	}
	text := strings.Join(out, ", ")
	if n > len(items) {
		text += ", and " + Grouped(n-len(items)) + " more"
	}
	text, left := plain.Cut(text, 2*maxText)
	if left > 0 {
		text += " [" + Grouped(left) + " more bytes are not shown]"
	}
	return text
}

func isTime(of string) bool {
	for _, end := range []string{"At", "at", "asOf", "since", "timestamp", "Seen", "AtMs", "SeenMs", "Update", "Time", "oldestAt", "Ms"} {
		if strings.HasSuffix(of, end) {
			return true
		}
	}
	return false
}

// name makes a name fit to be shown.
func name(n string) string {
	n, left := plain.Cut(n, 200)
	n = plain.Text(n)
	if left > 0 {
		n += "..."
	}
	return n
}

func contains(names []string, n string) bool {
	for _, one := range names {
		if one == n {
			return true
		}
	}
	return false
}
