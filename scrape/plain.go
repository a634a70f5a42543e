package scrape

import (
	"bytes"
	"math"
	"strconv"
	"unicode/utf8"

	dto "github.com/prometheus/client_model/go"
)

// plain reads a sample of the form that nearly all lines have: an unquoted name of a family that is
// no histogram or summary, labels without escapes, a number, no timestamp. It is about ten times
// cheaper than expfmt, takes no line that expfmt would refuse, and says false for all others; a
// differential test and a fuzz target hold both to the same values.
func (p *page) plain(line []byte) bool {
	end := nameEnd(line)
	if end == 0 || end == len(line) {
		return false
	}
	if p.lastAt < 0 || !bytes.Equal(line[:end], p.last) {
		if !p.enter(line[:end]) {
			return false
		}
	}
	kept := p.m.Series < maxSeries || p.lastNamed && p.m.Series < maxNamedSeries
	s, ok := plainSample(line, end)
	if !ok {
		return false
	}
	if p.family != "" { // odd lines before this one come first
		p.flush()
	}
	if !kept {
		p.m.Dropped++
		return true
	}
	p.put(&p.m.Families[p.lastAt], s)
	return true
}

// enter makes the family of a plain sample the current one; false where expfmt has to decide.
func (p *page) enter(name []byte) bool {
	p.lastAt = -1
	at, ok := p.index[string(name)]
	if !ok { // part of a histogram or summary; or without HELP and TYPE, then only a good line makes a family
		return false
	}
	f := &p.m.Families[at]
	switch f.Type {
	case "counter", "gauge", "untyped":
	default:
		return false
	}
	p.last = append(p.last[:0], name...)
	p.lastAt, p.lastNamed = at, p.named[f.Name]
	return true
}

// plainSample reads labels and value behind the name that ends at end. The line becomes one string,
// and all names and values are parts of it.
func plainSample(line []byte, end int) (s Sample, ok bool) {
	if bytes.IndexByte(line, '\\') >= 0 || !utf8.Valid(line) {
		return s, false
	}
	text := string(line)
	rest := skipBlanks(text[end:])
	if rest == "" {
		return s, false
	}
	if rest[0] == '{' {
		if s.Labels, rest, ok = plainLabels(rest[1:]); !ok {
			return s, false
		}
		rest = skipBlanks(rest)
	}
	s.Value, ok = plainValue(rest)
	return s, ok
}

func plainLabels(rest string) (labels []Label, after string, ok bool) {
	for {
		rest = skipBlanks(rest)
		if rest == "" {
			return nil, "", false
		}
		if rest[0] == '}' {
			return labels, rest[1:], true
		}
		n := 0
		for n < len(rest) && isLabelSign(rest[n], n == 0) {
			n++
		}
		name := rest[:n]
		if rest = skipBlanks(rest[n:]); n == 0 || rest == "" || rest[0] != '=' || name == "__name__" {
			return nil, "", false
		}
		if rest = skipBlanks(rest[1:]); rest == "" || rest[0] != '"' {
			return nil, "", false
		}
		n = indexQuote(rest[1:])
		if n < 0 || len(labels) == 16 || has(labels, name) {
			return nil, "", false
		}
		if labels == nil {
			labels = make([]Label, 0, 4)
		}
		labels = append(labels, Label{name, rest[1 : 1+n]})
		rest = skipBlanks(rest[n+2:])
		if rest != "" && rest[0] == ',' {
			rest = rest[1:]
		} else if rest == "" || rest[0] != '}' {
			return nil, "", false
		}
	}
}

func indexQuote(s string) int {
	for i := range len(s) {
		if s[i] == '"' {
			return i
		}
	}
	return -1
}

func has(labels []Label, name string) bool {
	for _, l := range labels {
		if l.Name == name {
			return true
		}
	}
	return false
}

// plainValue reads the number that ends the line; a timestamp or blanks behind it are for expfmt.
func plainValue(s string) (float64, bool) {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return special(s)
		}
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

func special(s string) (float64, bool) {
	switch s {
	case "NaN", "Nan": // the second is how Node's client spells it
		return math.NaN(), true
	case "+Inf":
		return math.Inf(1), true
	case "-Inf":
		return math.Inf(-1), true
	}
	return 0, false
}

func skipBlanks(s string) string {
	for s != "" && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	return s
}

func nameEnd(b []byte) int {
	n := 0
	for n < len(b) && (b[n] == ':' || isLabelSign(b[n], n == 0)) {
		n++
	}
	return n
}

func isLabelSign(c byte, first bool) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || !first && c >= '0' && c <= '9'
}

// add takes over what expfmt read.
func (p *page) add(mf *dto.MetricFamily) {
	if len(mf.GetMetric()) == 0 {
		return
	}
	f := p.of(mf.GetName())
	if f == nil {
		p.m.Dropped += len(mf.GetMetric())
		return
	}
	for _, m := range mf.GetMetric() {
		labels := make([]Label, 0, len(m.GetLabel())+1)
		for _, l := range m.GetLabel() {
			labels = append(labels, Label{l.GetName(), l.GetValue()})
		}
		switch {
		case m.Counter != nil:
			p.put(f, Sample{Labels: labels, Value: m.Counter.GetValue()})
		case m.Gauge != nil:
			p.put(f, Sample{Labels: labels, Value: m.Gauge.GetValue()})
		case m.Untyped != nil:
			p.put(f, Sample{Labels: labels, Value: m.Untyped.GetValue()})
		case m.Summary != nil:
			p.summary(f, labels, m.Summary)
		case m.Histogram != nil:
			p.histogram(f, labels, m.Histogram)
		}
	}
}

func (p *page) summary(f *Family, labels []Label, s *dto.Summary) {
	for _, q := range s.GetQuantile() {
		p.put(f, Sample{Labels: with(labels, "quantile", q.GetQuantile()), Value: q.GetValue()})
	}
	if s.SampleSum != nil {
		p.put(f, Sample{Part: "sum", Labels: labels, Value: s.GetSampleSum()})
	}
	if s.SampleCount != nil {
		p.put(f, Sample{Part: "count", Labels: labels, Value: float64(s.GetSampleCount())})
	}
}

func (p *page) histogram(f *Family, labels []Label, h *dto.Histogram) {
	for _, b := range h.GetBucket() {
		v := float64(b.GetCumulativeCount())
		if b.CumulativeCountFloat != nil {
			v = b.GetCumulativeCountFloat()
		}
		p.put(f, Sample{Part: "bucket", Labels: with(labels, "le", b.GetUpperBound()), Value: v})
	}
	if h.SampleSum != nil {
		p.put(f, Sample{Part: "sum", Labels: labels, Value: h.GetSampleSum()})
	}
	switch {
	case h.SampleCountFloat != nil:
		p.put(f, Sample{Part: "count", Labels: labels, Value: h.GetSampleCountFloat()})
	case h.SampleCount != nil:
		p.put(f, Sample{Part: "count", Labels: labels, Value: float64(h.GetSampleCount())})
	}
}

// with adds a bound as a label, spelled as Prometheus spells it.
func with(labels []Label, name string, v float64) []Label {
	text := strconv.FormatFloat(v, 'g', -1, 64)
	if math.IsInf(v, 1) {
		text = "+Inf"
	}
	return append(labels[:len(labels):len(labels)], Label{name, text})
}
