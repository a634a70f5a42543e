package main

import (
	"fmt"
	"io"
	"unicode/utf8"

	"relaypack/pack/report/plain"
)

const maxLine = 1500 // bytes of a line on stderr

// output is stdout. It keeps the first error, so that a result that was lost is not taken for one that was given.
type output struct {
	w   io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	if o.err == nil {
		o.err = err
	}
	return n, err
}

// tell writes one line to stderr: what is in it can neither begin another one nor move a cursor, and what is
// very long is cut.
func (p *program) tell(format string, args ...any) {
	fmt.Fprintf(p.stderr, "relaypack: %s\n", clipped(visible(fmt.Sprintf(format, args...)), maxLine))
}

// visible writes control and bidi characters, and bytes that are no UTF-8, as escapes.
func visible(text string) string { return plain.Text(text) }

// clipped is the beginning of a text that has more than most bytes, with a mark.
func clipped(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "..."
}
