package redact

import (
	"bytes"
	"fmt"
	"io"
)

// stream carries one input through a pass, whole or in pieces.
type stream struct {
	p    *pass
	out  []byte
	base int // what is before it in out is not ours
	as   Format
	w    *walker
	// What the walker has read but may want back: its place and how much of it is in out, from the start
	// of what feed is given next.
	ahead, copied int
	judged, begun bool   // whether the width, and the format, are known
	wide          wide   // of the source
	text          []byte // what of a wide source has been decoded and not dealt with
}

// sniff is how much of an input decides about its format.
const sniff = 4 << 10

// take takes the bytes of src that can be dealt with and says how many those are; final says that no
// more will come, and then it takes all.
func (s *stream) take(src []byte, final bool) (n int) {
	if !s.judged {
		if !final && len(src) < 2*sniff {
			return 0
		}
		s.judged = true
		var mark int
		s.wide, mark = wideness(src[:min(len(src), 2*sniff)])
		if s.wide != narrow {
			return mark + s.feedWide(src[mark:], final)
		}
	}
	if s.wide != narrow {
		return s.feedWide(src, final)
	}
	return s.feed(src, final)
}

// feed is take for UTF-8, and for what is no Unicode.
func (s *stream) feed(src []byte, final bool) (n int) {
	if !s.begun {
		if !final && len(src) < sniff+3 {
			return 0
		}
		s.begun = true
		if bytes.HasPrefix(src, []byte("\xef\xbb\xbf")) {
			s.out = append(s.out, src[:3]...)
			n = 3
		}
		if s.as == Auto {
			s.as = guess(src[n:min(len(src), n+sniff)])
		}
		if s.as == JSON {
			s.w = s.p.walker()
			s.p.outer = s.w
		}
	}
	if s.w != nil {
		n += s.feedJSON(src[n:], final)
	}
	if s.w == nil && s.as == Metrics {
		n += s.feedLines(src[n:], final)
	}
	if s.w == nil && s.as != Metrics {
		n += s.feedText(src[n:], final)
	}
	return n
}

// feedJSON walks until src is used up or is no JSON: then the rest is text, from the element on that
// could not be read. The brackets before it that have only been opened are text, too.
func (s *stream) feedJSON(src []byte, final bool) int {
	w := s.w
	w.src, w.pos, w.copied, w.final, w.out = src, s.ahead, s.ahead, final, s.out
	if s.ahead > 0 {
		w.fresh, w.copied = 0, s.copied
	}
	s.ahead, s.copied = 0, 0
	st := w.run()
	at := w.pos
	switch {
	case w.fresh >= 0 && st == bad:
		at = max(w.fresh, w.copied)
	case w.fresh >= 0 && st == more && !final:
		at = w.fresh
		s.ahead, s.copied = w.pos-at, max(0, w.copied-at)
	case st == more && final:
		at = len(src)
	}
	w.sync(at)
	s.out = w.out
	s.passed(src[:at])
	if st == bad || final {
		s.p.release(w)
		s.w = nil
		s.p.outer = nil
		s.as = Text
	}
	return at
}

// passed tells the explainer what has been dealt with.
func (s *stream) passed(b []byte) {
	if e := s.p.explainer; e != nil {
		e.advance(b)
	}
}

// feedLines takes whole lines.
func (s *stream) feedLines(src []byte, final bool) (n int) {
	for n < len(src) {
		k := bytes.IndexByte(src[n:min(len(src), n+maxLine)], '\n')
		switch {
		case k >= 0:
			k++
		case len(src)-n >= maxLine:
			s.as = Text
			return n
		case final:
			k = len(src) - n
		default:
			return n
		}
		if e := s.p.explainer; e != nil {
			e.begin(src[n : n+k])
		}
		s.out = s.p.line(s.out, src[n:n+k])
		s.passed(src[n : n+k])
		n += k
	}
	return n
}

func (s *stream) feedText(src []byte, final bool) (n int) {
	for n < len(src) {
		if e := s.p.explainer; e != nil {
			e.begin(src[n:])
		}
		out, k := s.p.segment(s.out, src[n:], inPlain, final)
		if k == 0 {
			break
		}
		s.passed(src[n : n+k])
		s.out, n = out, n+k
	}
	return n
}

// readSize is how much is read at once.
const readSize = 128 << 10

// copy reads rd to its end and writes what has become final.
func (s *stream) copy(w io.Writer, rd io.Reader) error {
	buf := make([]byte, 0, 2*readSize)
	for empty := 0; ; {
		if cap(buf)-len(buf) < readSize {
			buf = append(buf, make([]byte, readSize)...)[:len(buf)]
		}
		k, err := rd.Read(buf[len(buf) : len(buf)+readSize])
		buf = buf[:len(buf)+k]
		if err != nil && err != io.EOF {
			return fmt.Errorf("redact: read: %w", err)
		}
		if k == 0 && err == nil {
			if empty++; empty == 100 {
				return fmt.Errorf("redact: read: %w", io.ErrNoProgress)
			}
			continue
		}
		empty = 0
		n := s.take(buf, err == io.EOF)
		buf = buf[:copy(buf, buf[n:])]
		if werr := s.flush(w, err == io.EOF); werr != nil {
			return fmt.Errorf("redact: write: %w", werr)
		}
		if err == io.EOF {
			return nil
		}
	}
}

// flush writes out but for what may still be taken back: a value whose name may follow, a name whose
// value may follow.
func (s *stream) flush(w io.Writer, final bool) error {
	n := len(s.out)
	if s.w != nil && !final {
		n = s.w.firm(n)
	}
	if n == 0 {
		return nil
	}
	if _, err := w.Write(s.out[:n]); err != nil {
		return err
	}
	s.out = s.out[:copy(s.out, s.out[n:])]
	if s.w != nil {
		s.w.shift(n)
	}
	return nil
}

// firm gives the length of the part of out that stays as it is.
func (w *walker) firm(n int) int {
	limit := n - maxHold
	for i := range w.frames {
		for _, at := range [...]span{w.frames[i].pairAt, w.frames[i].heldAt} {
			if at.from >= limit && at.from >= 0 {
				n = min(n, at.from)
			}
		}
	}
	return n
}

// shift tells the frames that n bytes of out have gone.
func (w *walker) shift(n int) {
	for i := range w.frames {
		w.frames[i].pairAt.shift(n)
		w.frames[i].heldAt.shift(n)
	}
}

func (at *span) shift(n int) {
	switch {
	case at.from < 0:
	case at.from < n:
		*at = gone
	default:
		at.from -= n
		if at.to >= 0 {
			at.to -= n
		}
	}
}
