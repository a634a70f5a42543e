package report

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"relaypack/pack/report/plain"
)

// value is a JSON value as it stands in the pack; nothing in it was decoded yet. The zero value is one that is not there.
// A pack can be foreign, old or hostile, so each question has an answer for a value of another type: not there.
type value []byte

// member is one name of an object with its value.
type member struct {
	name string
	v    value
}

var lenient = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

func (v value) kind() jsontext.Kind {
	if len(v) == 0 {
		return 0
	}
	return jsontext.Value(v).Kind()
}

// there says whether v says anything: null does not.
func (v value) there() bool { k := v.kind(); return k != 0 && k != 'n' }

// members are those of an object, in their order, without copying what they hold.
func (v value) members() (out []member) {
	if v.kind() != '{' {
		return nil
	}
	d := jsontext.NewDecoder(bytes.NewReader(v), lenient...)
	if _, err := d.ReadToken(); err != nil {
		return nil
	}
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return out
		}
		m := member{name: name.String()}
		from := d.InputOffset()
		if d.SkipValue() != nil {
			return out
		}
		m.v = value(bytes.TrimLeft(v[from:d.InputOffset()], ": \t\r\n"))
		out = append(out, m)
	}
	return out
}

// items are those of an array, at most most of them, and how many there are.
func (v value) items(most int) (out []value, n int) {
	if v.kind() != '[' {
		return nil, 0
	}
	d := jsontext.NewDecoder(bytes.NewReader(v), lenient...)
	if _, err := d.ReadToken(); err != nil {
		return nil, 0
	}
	for k := d.PeekKind(); k != ']' && k != 0; k = d.PeekKind() {
		from := d.InputOffset()
		if d.SkipValue() != nil {
			return out, n
		}
		if n++; n <= most {
			out = append(out, value(bytes.TrimLeft(v[from:d.InputOffset()], ", \t\r\n")))
		}
	}
	return out, n
}

// at follows names into objects.
func (v value) at(names ...string) value {
	for _, name := range names {
		found := value(nil)
		for _, m := range v.members() {
			if m.name == name {
				found = m.v
				break
			}
		}
		v = found
	}
	return v
}

// text is that of a JSON string; "" for anything else.
func (v value) text() string {
	if v.kind() != '"' {
		return ""
	}
	out, err := jsontext.AppendUnquote(nil, v)
	if err != nil && len(out) == 0 {
		return ""
	}
	return string(out)
}

func (v value) number() (float64, bool) {
	if v.kind() != '0' {
		return 0, false
	}
	n, err := strconv.ParseFloat(string(v), 64)
	return n, err == nil
}

// count is a number that is not under 0; 0 for anything else.
func (v value) count() int {
	n, ok := v.number()
	if !ok || n < 0 {
		return 0
	}
	return int(min(n, 1e15))
}

// when is an instant in epoch milliseconds; the zero time for anything else.
func (v value) when() time.Time {
	n, ok := v.number()
	if !ok || n <= 0 || n > 253402300799999 { // beyond the year 9999
		return time.Time{}
	}
	return time.UnixMilli(int64(n)).UTC()
}

func (v value) yes() bool { return v.kind() == 't' }

const maxText = 4 << 10 // bytes of one text that are shown

// show writes any value for a reader: a text as it is, anything else as JSON, without what cannot be seen, cut at maxText.
// Only line ends and tabs of a text stay, so that a stack can be read.
func (v value) show() string {
	switch v.kind() {
	case 0:
		return ""
	case '"':
		return shown(v.text())
	case '0', 't', 'f', 'n':
		return shown(string(v))
	}
	compact := jsontext.Value(bytes.Clone(v[:min(len(v), maxCompact)]))
	if len(v) <= maxCompact && compact.Compact(lenient...) == nil {
		return shown(string(compact))
	}
	return shown(string(v))
}

const maxCompact = 64 << 10

func shown(text string) string {
	text, left := plain.Cut(text, maxText)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		cells := strings.Split(strings.TrimSuffix(line, "\r"), "\t")
		for j := range cells {
			cells[j] = plain.Text(cells[j])
		}
		lines[i] = strings.Join(cells, "\t")
	}
	text = strings.Join(lines, "\n")
	if left > 0 {
		text += " [" + Grouped(left) + " more bytes are not shown]"
	}
	return text
}

// instant is how times are written: UTC, to the millisecond.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05.000")
}

// Lasting writes a duration in at most two units.
func Lasting(d time.Duration) string {
	switch {
	case d < 0:
		return "-" + Lasting(-d)
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < 10*time.Second:
		return strconv.FormatFloat(float64(d.Milliseconds())/1000, 'f', -1, 64) + " s"
	case d < time.Minute:
		return strconv.Itoa(int(d.Seconds())) + " s"
	case d < time.Hour:
		return two(int(d.Minutes()), "min", int(d.Seconds())%60, "s")
	case d < 24*time.Hour:
		return two(int(d.Hours()), "h", int(d.Minutes())%60, "min")
	}
	return two(int(d.Hours())/24, "d", int(d.Hours())%24, "h")
}

func two(a int, of string, b int, rest string) string {
	if b == 0 {
		return strconv.Itoa(a) + " " + of
	}
	return strconv.Itoa(a) + " " + of + " " + strconv.Itoa(b) + " " + rest
}

// Size writes bytes with the unit that fits.
func Size(n float64) string {
	i := 0
	for ; math.Abs(n) >= 1024 && i < 5; i++ {
		n /= 1024
	}
	digits := 0
	if i > 0 && math.Abs(n) < 100 {
		digits = 1
	}
	return strconv.FormatFloat(n, 'f', digits, 64) + []string{" B", " KiB", " MiB", " GiB", " TiB", " PiB"}[i]
}

// Grouped writes a whole number with commas: 215,773.
func Grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// counted is a number with its noun: 1 event, 2 events.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Grouped(n) + " " + noun + "s"
}

// Field is a member of an object, as a report shows it.
type Field struct{ Name, Value string }

// Fields are the members of a JSON object in their order, each written as a report writes it: times in UTC, durations and sizes with
// their units, texts without what cannot be seen, cut at 4 KiB. ErrNoPack: it is no object.
func Fields(object []byte) ([]Field, error) {
	v := value(object)
	if !jsontext.Value(v).IsValid(lenient...) || v.kind() != '{' {
		return nil, ErrNoPack
	}
	var out []Field
	for _, m := range v.members() {
		out = append(out, Field{name(m.name), written(m.name, m.v)})
	}
	return out, nil
}
