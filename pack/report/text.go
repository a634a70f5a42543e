package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

const textMoments = 40 // newest of the time line

// Text writes a pack as a page of text: verdict, numbers, what happened last, sources that fail, events by class, redaction. Nothing
// is written when it cannot be read (ErrNoPack).
func Text(w io.Writer, pack []byte) error {
	d, err := read(pack)
	if err != nil {
		return err
	}
	p := d.page()
	var b strings.Builder
	fmt.Fprintf(&b, "Support pack %s\n", p.ID)
	for _, about := range p.About {
		fmt.Fprintf(&b, "%-12s %s\n", about.Name, oneLine(about.Value))
	}
	fmt.Fprintf(&b, "\n%s\n", p.Verdict.Line)
	for _, n := range p.Verdict.Notes {
		fmt.Fprintf(&b, "  %s %s\n", map[string]string{"bad": "x", "warn": "!"}[n.Level]+map[bool]string{true: "-"}[n.Level == ""], oneLine(n.Text))
	}
	if p.Numbers != nil {
		b.WriteString("\nNumbers\n")
	}
	for _, n := range p.Numbers {
		fmt.Fprintf(&b, "  %-16s %s\n", n.Name, oneLine(strings.TrimSpace(n.Value+" "+n.Note)))
	}
	var absent []string
	for _, s := range p.Sections {
		if s.Absent {
			absent = append(absent, strings.ToLower(s.Title))
		}
		writeSection(&b, s)
	}
	if absent != nil {
		fmt.Fprintf(&b, "\nNot in this pack: %s.\n", strings.Join(absent, ", "))
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// writeSection writes the sections that a page of text has room for.
func writeSection(b *strings.Builder, s section) {
	switch {
	case s.Absent:
	case s.ID == "timeline":
		rows := s.Tables[0].Rows
		fmt.Fprintf(b, "\nTime line, newest first (UTC)\n")
		for _, r := range rows[:min(len(rows), textMoments)] {
			fmt.Fprintf(b, "  %-23s %-10s %s\n", r.Cells[0].Text, r.Cells[1].Text, oneLine(r.Cells[2].Text))
		}
		if more := len(rows) - textMoments; more > 0 {
			fmt.Fprintf(b, "  and %s before\n", counted(more, "line"))
		}
	case s.ID == "sources" && slices.Contains(s.Tables[0].Head, "status"):
		title := "\nSources that did not answer as they should\n"
		for _, r := range s.Tables[0].Rows {
			if r.Level != "" {
				fmt.Fprintf(b, "%s  %-12s %-12s last good answer %s; %s\n", title, r.Cells[0].Text, r.Cells[1].Text, r.Cells[2].Text, r.Cells[7].Text)
				title = ""
			}
		}
	case strings.HasPrefix(s.ID, "events-"):
		if s.ID == "events-socket" {
			b.WriteString("\n")
		}
		fmt.Fprintf(b, "%-16s %s\n", s.Title, oneLine(s.Hint))
	case s.ID == "redaction":
		fmt.Fprintf(b, "\nRedaction: %s\n", oneLine(s.Lead))
	}
}

// oneLine keeps a text that may have line ends from beginning another line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
