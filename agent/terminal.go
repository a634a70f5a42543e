package main

import (
	"io"
	"os"
	"unicode/utf8"

	"relaypack/pack/report/plain"
)

// forTerminal wraps w when it is a terminal, so that nothing that a relay said can move the cursor,
// change colours or turn the direction of a line. Files and pipes get the bytes as they are.
func forTerminal(w io.Writer) io.Writer {
	f, ok := w.(*os.File)
	if !ok {
		return w
	}
	if st, err := f.Stat(); err != nil || st.Mode()&os.ModeCharDevice == 0 {
		return w
	}
	return &terminal{w: w}
}

// terminal writes control and bidi characters as \u escapes.
type terminal struct {
	w    io.Writer
	rest []byte // of a character that was cut in two
}

func (t *terminal) Write(p []byte) (int, error) {
	in := append(t.rest, p...)
	out := make([]byte, 0, len(in))
	for len(in) > 0 {
		if !utf8.FullRune(in) {
			break
		}
		r, size := utf8.DecodeRune(in)
		if r == '\n' || r == '\t' {
			out = append(out, in[:size]...)
		} else {
			out = plain.Append(out, in[:size], r)
		}
		in = in[size:]
	}
	t.rest = append([]byte(nil), in...)
	if _, err := t.w.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}
