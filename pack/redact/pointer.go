package redact

import "strconv"

// pointer is the JSON pointer of the innermost frame in the redacted document.
func (w *walker) pointer() string {
	var b []byte
	for k := 1; k < len(w.frames); k++ {
		b = w.appendStep(b, &w.frames[k-1], w.path[w.frames[k].nameFrom:w.frames[k].nameTo], w.frames[k-1].kept-1)
	}
	return string(b)
}

// here is the pointer of the current element.
func (w *walker) here() string {
	b := []byte(w.pointer())
	if len(w.frames) > 0 {
		f := &w.frames[len(w.frames)-1]
		b = w.appendStep(b, f, w.rawName(), f.kept)
	}
	return string(b)
}

func (w *walker) appendStep(b []byte, parent *frame, raw []byte, index int) []byte {
	b = append(b, '/')
	if !parent.object {
		return strconv.AppendInt(b, int64(index), 10)
	}
	for _, c := range inJSON.decode(nil, raw) {
		switch c {
		case '~':
			b = append(b, "~0"...)
		case '/':
			b = append(b, "~1"...)
		default:
			b = append(b, c)
		}
	}
	return b
}

// rawName is the current element's name as it is written in the output.
func (w *walker) rawName() []byte {
	switch e := &w.cur; {
	case e.nameEnd == 0:
		return nil
	case e.renamed:
		return w.name
	default:
		return w.src[e.name+1 : e.nameEnd-1]
	}
}
