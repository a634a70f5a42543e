package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// printMan prints the manual page in roff, of the texts that help has.
func printMan(_ context.Context, p *program, args []string) error {
	if err := p.parse(p.flags("man"), args, 0, 0); err != nil {
		return err
	}
	b := &strings.Builder{}
	fmt.Fprintf(b, ".TH RELAYPACK 1 \"\" \"relaypack %s\" \"\"\n", roff(build().version))
	fmt.Fprint(b, ".SH NAME\nrelaypack \\- watch a telemetry relay and hand out redacted support packs\n")
	fmt.Fprint(b, ".SH SYNOPSIS\n.B relaypack\n[\\fICOMMAND\\fR] [\\fIFLAGS\\fR]\n")
	fmt.Fprint(b, ".SH DESCRIPTION\nrelaypack runs beside a telemetry relay, watches it, and hands out support packs: one JSON document each, complete enough to find a fault and safe enough to attach to a ticket. Without a command it is\n.BR serve .\n")
	fmt.Fprint(b, ".SH COMMANDS\n")
	for _, c := range commands() {
		manCommand(b, c)
	}
	fmt.Fprint(b, ".SH ENVIRONMENT\nAll variables begin with RELAYPACK_; the README has their meaning and bounds. An empty variable counts as not set.\n")
	t := reflect.TypeFor[variables]()
	for i := range t.NumField() {
		f := t.Field(i)
		fmt.Fprintf(b, ".TP\n.B %s\n", roff(variableName(f.Name)))
		if d := f.Tag.Get("default"); d != "" {
			fmt.Fprintf(b, "default: %s\n", roff(d))
		} else {
			fmt.Fprint(b, "not set by default\n")
		}
	}
	fmt.Fprint(b, ".TP\n.B NO_COLOR\nset to anything: no colours on a terminal\n")
	fmt.Fprint(b, ".SH EXIT STATUS\n.TP\n.B 0\ndone\n.TP\n.B 1\nwhat was asked about is not fine, or could not be done\n.TP\n.B 2\nwrong usage or configuration\n")
	_, err := io.WriteString(p.stdout, b.String())
	return err
}

func manCommand(b *strings.Builder, c command) {
	fmt.Fprintf(b, ".SS %s\n%s.\n", roff(strings.TrimSpace("relaypack "+c.name+" "+c.args)), roff(strings.ToUpper(c.short[:1])+c.short[1:]))
	l := lessons()[c.name]
	if l.long != "" {
		fmt.Fprintf(b, ".PP\n%s\n", roff(l.long))
	}
	for _, f := range flagsOf(c) {
		value, does := flag.UnquoteUsage(f)
		fmt.Fprintf(b, ".TP\n.B %s", roff("--"+f.Name))
		if value != "" {
			fmt.Fprintf(b, " \\fI%s\\fR", roff(value))
		}
		fmt.Fprintf(b, "\n%s\n", roff(does))
	}
	for _, e := range l.examples {
		if e.does != "" {
			fmt.Fprintf(b, ".PP\n%s:\n", roff(e.does))
		}
		fmt.Fprintf(b, ".PP\n.nf\n.RS\n%s\n.RE\n.fi\n", roff(e.line))
	}
}

// roff writes a line of text so that nothing in it is a request or an escape.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "~", `\(ti`, "^", `\(ha`, "\n", " ").Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		return `\&` + text
	}
	return text
}
