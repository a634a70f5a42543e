package main

import (
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"relaypack/pack/report/plain"
)

// forTerminal wraps w when it is a terminal, so that nothing that a relay said can move the cursor,
// change colours or turn the direction of a line. Files and pipes get the bytes as they are.
func forTerminal(w io.Writer) io.Writer {
	if f := terminalOf(w); f != nil {
		return &terminal{w: w}
	}
	return w
}

// terminalOf is the terminal that w is; nil: w is something else.
func terminalOf(w any) *os.File {
	if f, ok := w.(*os.File); ok && isTerminal(f) {
		return f
	}
	return nil
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

// ink colours words, where colours are wanted. The zero value leaves them as they are.
type ink struct{ on bool }

// inkFor says whether what goes to f may have colours: a terminal that can show them, and nobody said NO_COLOR.
func (p *program) inkFor(f *os.File) ink {
	term := p.variable("TERM")
	return ink{f != nil && p.variable("NO_COLOR") == "" && term != "dumb" && term != ""}
}

func (i ink) write(code, text string) string {
	if !i.on || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (i ink) bold(text string) string   { return i.write("1", text) }
func (i ink) soft(text string) string   { return i.write("2", text) }
func (i ink) red(text string) string    { return i.write("31", text) }
func (i ink) green(text string) string  { return i.write("32", text) }
func (i ink) yellow(text string) string { return i.write("33", text) }

// screen is a terminal that is drawn on as a whole: another page than the one that the shell writes on, which comes back
// as it was.
type screen struct {
	f       *os.File
	restore func()
}

// openScreen takes the terminal out; what is typed on in is not shown.
func openScreen(out, in *os.File) (*screen, error) {
	s := &screen{f: out, restore: func() {}}
	if in != nil {
		restore, err := quiet(in)
		if err != nil {
			return nil, err
		}
		s.restore = restore
	}
	_, err := out.WriteString("\x1b[?1049h\x1b[?25l\x1b[?7l") // other page, no cursor, no line folding
	return s, err
}

func (s *screen) close() {
	// What a terminal that is gone does not take needs no restoring.
	_, _ = s.f.WriteString("\x1b[?7h\x1b[?25h\x1b[?1049l")
	s.restore()
}

// size is 80 by 24 where the terminal does not say its own.
func (s *screen) size() (width, height int) {
	if width, height = terminalSize(s.f); width <= 0 || height <= 0 {
		return 80, 24
	}
	return width, height
}

// draw puts lines on the screen, in one write, so that it does not flicker.
func (s *screen) draw(lines []string) error {
	var b strings.Builder
	b.WriteString("\x1b[H")
	for i, line := range lines {
		if i > 0 {
			b.WriteString("\r\n")
		}
		b.WriteString(line + "\x1b[K")
	}
	b.WriteString("\x1b[J")
	_, err := s.f.WriteString(b.String())
	return err
}
