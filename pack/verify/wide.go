package verify

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// wideHead is how many bytes tell whether a document is written in UTF-16.
const wideHead = 64

// wideOrder tells the order of bytes of a document in UTF-16, by its mark or by its zeros; nil: it is none.
func wideOrder(doc []byte) binary.ByteOrder {
	head := doc[:min(len(doc), wideHead)]
	if len(head) < 8 {
		return nil
	}
	switch {
	case head[0] == 0xff && head[1] == 0xfe:
		return binary.LittleEndian
	case head[0] == 0xfe && head[1] == 0xff:
		return binary.BigEndian
	}
	zeros := [2]int{}
	for i, c := range head {
		if c == 0 {
			zeros[i&1]++
		}
	}
	switch most := len(head) * 3 / 8; {
	case zeros[1] >= most && zeros[0] == 0:
		return binary.LittleEndian
	case zeros[0] >= most && zeros[1] == 0:
		return binary.BigEndian
	}
	return nil
}

// narrowed writes UTF-16 as UTF-8, without its mark.
func narrowed(doc []byte, order binary.ByteOrder) []byte {
	out := make([]byte, 0, len(doc))
	high := rune(0)
	for ; len(doc) > 1; doc = doc[2:] {
		out, high = appendWide(out, high, rune(order.Uint16(doc)))
	}
	return out
}

// appendWide adds one unit of UTF-16. high is the first half of a sign whose second half is to come.
func appendWide(out []byte, high, unit rune) ([]byte, rune) {
	if high != 0 {
		if r := utf16.DecodeRune(high, unit); r != utf8.RuneError {
			return utf8.AppendRune(out, r), 0
		}
		out = utf8.AppendRune(out, utf8.RuneError)
	}
	switch {
	case unit >= 0xd800 && unit < 0xdc00:
		return out, unit
	case unit == 0xfeff:
		return out, 0
	}
	return utf8.AppendRune(out, unit), 0
}

// unwrapped gives a document as UTF-8: unpacked when it is a file of gzip, narrowed when it is UTF-16.
func unwrapped(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	if head, _ := b.Peek(3); string(head) == "\x1f\x8b\x08" {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, err
		}
		b = bufio.NewReader(z)
	}
	head, _ := b.Peek(wideHead)
	if order := wideOrder(head); order != nil {
		return &wideReader{r: b, order: order}, nil
	}
	return b, nil
}

// wideReader reads UTF-16 as UTF-8.
type wideReader struct {
	r     *bufio.Reader
	order binary.ByteOrder
	high  rune
	left  []byte // decoded and not yet given
	buf   [32]byte
}

func (w *wideReader) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(w.left) > 0 {
			k := copy(p[n:], w.left)
			w.left, n = w.left[k:], n+k
			continue
		}
		var unit [2]byte
		if _, err := io.ReadFull(w.r, unit[:]); err != nil {
			if err == io.ErrUnexpectedEOF {
				err = io.EOF
			}
			return n, err
		}
		w.left, w.high = appendWide(w.buf[:0], w.high, rune(w.order.Uint16(unit[:])))
	}
	return n, nil
}
