package pack

import (
	"math"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// object appends one JSON object member by member, in the order of the calls. The zero value is an
// object that has just begun; done gives its bytes.
type object struct{ buf []byte }

func (o *object) name(name string) {
	if len(o.buf) == 0 {
		o.buf = append(o.buf, '{')
	} else {
		o.buf = append(o.buf, ',')
	}
	o.buf = appendString(o.buf, name)
	o.buf = append(o.buf, ':')
}

// raw adds a member whose value is encoded already; nil becomes null.
func (o *object) raw(name string, value []byte) {
	o.name(name)
	o.buf = appendRaw(o.buf, value)
}

func (o *object) text(name, value string) {
	o.name(name)
	o.buf = appendString(o.buf, value)
}

// textOrNull adds null for "".
func (o *object) textOrNull(name, value string) {
	o.name(name)
	o.buf = appendStringOrNull(o.buf, value)
}

func (o *object) number(name string, value int64) {
	o.name(name)
	o.buf = strconv.AppendInt(o.buf, value, 10)
}

// positive adds null for 0 and below: the numbers for which 0 says "unknown".
func (o *object) positive(name string, value int64) {
	if value <= 0 {
		o.raw(name, nil)
		return
	}
	o.number(name, value)
}

// instant adds epoch milliseconds, null for the zero time.
func (o *object) instant(name string, at time.Time) {
	if at.IsZero() {
		o.raw(name, nil)
		return
	}
	o.number(name, at.UnixMilli())
}

func (o *object) done() []byte {
	if len(o.buf) == 0 {
		o.buf = append(o.buf, '{')
	}
	return append(o.buf, '}')
}

// array appends one JSON array. The zero value is an array that has just begun.
type array struct {
	buf []byte
	n   int
}

func (a *array) raw(value []byte) {
	a.buf = append(a.next(), value...)
}

func (a *array) text(value string) {
	a.buf = appendString(a.next(), value)
}

func (a *array) next() []byte {
	a.n++
	if len(a.buf) == 0 {
		return append(a.buf, '[')
	}
	return append(a.buf, ',')
}

func (a *array) done() []byte {
	if len(a.buf) == 0 {
		a.buf = append(a.buf, '[')
	}
	return append(a.buf, ']')
}

func appendRaw(dst, value []byte) []byte {
	if value == nil {
		return append(dst, "null"...)
	}
	return append(dst, value...)
}

// appendString quotes s; bytes that are no UTF-8 become U+FFFD.
func appendString(dst []byte, s string) []byte {
	quoted, _ := jsontext.AppendQuote(dst, s) // the error only says that it replaced some
	return quoted
}

func appendStringOrNull(dst []byte, s string) []byte {
	if s == "" {
		return append(dst, "null"...)
	}
	return appendString(dst, s)
}

// appendFloat writes a JSON number as JavaScript would, null for what JSON cannot say.
func appendFloat(dst []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(dst, "null"...)
	}
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.AppendInt(dst, int64(v), 10)
	}
	return strconv.AppendFloat(dst, v, 'g', -1, 64)
}

// oneLine gives value without the blanks of a pretty-printed source, so that a pack stays one line.
// A raw line feed or tab in valid JSON can only be such a blank.
func oneLine(value []byte) []byte {
	for _, c := range value {
		if c == '\n' || c == '\r' || c == '\t' {
			compact := jsontext.Value(append([]byte(nil), value...))
			if compact.Compact() != nil {
				return value
			}
			return compact
		}
	}
	return value
}

// scalarText is the text of a JSON string, or the digits of a number; nil for anything else.
func scalarText(value []byte) []byte {
	if len(value) == 0 {
		return nil
	}
	switch c := value[0]; {
	case c == '"':
		text, err := jsontext.AppendUnquote(nil, value)
		if err != nil {
			return nil
		}
		return text
	case c == '-' || c >= '0' && c <= '9':
		return value
	}
	return nil
}

// scalarInt is a JSON number (or a text that is one) as an integer, rounded.
func scalarInt(value []byte) (int64, bool) {
	text := string(scalarText(value))
	if text == "" {
		return 0, false
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) > 1e15 {
		return 0, false
	}
	return int64(math.Round(f)), true
}
