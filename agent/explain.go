package main

import (
	"bufio"
	"fmt"
	"io"

	"relaypack/pack/redact"
)

const maxPlace = 400 // bytes of a JSON pointer that are shown

// explainTo gives what tells each change in a line of its own: the rule, the place, and what the value was
// like, never the value. A place is a JSON pointer into the result (for what was removed, that of its parent;
// / for the top), or line:column of the source for anything else.
func explainTo(w io.Writer) (tell func(redact.Change), flush func() error) {
	out := bufio.NewWriterSize(w, 64<<10)
	tell = func(c redact.Change) {
		place := clipped(visible(c.Pointer), maxPlace)
		switch {
		case c.Line > 0:
			place = fmt.Sprintf("%d:%d", c.Line, c.Column)
		case place == "":
			place = "/"
		}
		fmt.Fprintf(out, "%s\t%s\t%s\n", c.Rule, place, c.Shape)
	}
	return tell, out.Flush
}
