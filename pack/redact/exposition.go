package redact

import (
	"bytes"
	"hash/maphash"
)

// maxLine is the greatest length of an exposition line; a longer one is text.
const maxLine = 1 << 20

// maxSeries is how many changed series are remembered, to find those that have become equal.
const maxSeries = 8192

// seriesSet remembers the series that were changed, by a hash of what they have become.
type seriesSet struct {
	seed maphash.Seed
	seen map[uint64]struct{}
}

func (s *seriesSet) reset() { clear(s.seen) }

// repeated says whether this series has been met, and remembers it.
func (s *seriesSet) repeated(series []byte) bool {
	if s.seen == nil {
		s.seed, s.seen = maphash.MakeSeed(), make(map[uint64]struct{})
	}
	h := maphash.Bytes(s.seed, series)
	if _, ok := s.seen[h]; ok {
		return true
	}
	if len(s.seen) < maxSeries {
		s.seen[h] = struct{}{}
	}
	return false
}

// line appends the clean form of one exposition line, with its line end.
func (p *pass) line(dst, line []byte) []byte {
	body := bytes.TrimRight(line, "\r\n")
	end := line[len(body):]
	at := skipSpace(body, 0)
	switch {
	case at == len(body):
		return append(dst, line...)
	case body[at] == '#':
		dst = p.comment(dst, body, at)
	default:
		out, keep := p.sample(dst, body)
		if !keep {
			return dst
		}
		dst = out
	}
	return append(dst, end...)
}

// comment deals with HELP, whose text is looked at, with TYPE, UNIT and EOF, which stay, and with others.
func (p *pass) comment(dst, body []byte, at int) []byte {
	word, from := commentWord(body, at)
	switch string(word) {
	case "TYPE", "UNIT", "EOF":
		return append(dst, body...)
	case "HELP":
		from = skipSpace(body, from)
		for from < len(body) && !isSpace(body[from]) {
			from++
		}
	default:
		from = at + 1
	}
	out, changed := p.leaf(append(dst, body[:from]...), body[from:], inHelp, nameInfo{}, true)
	if !changed {
		return append(dst, body...)
	}
	return out
}

// commentWord gives the first word behind the # at i, and its end.
func commentWord(s []byte, i int) (word []byte, end int) {
	i = skipSpace(s, i+1)
	for end = i; end < len(s) && !isSpace(s[end]); end++ {
	}
	return s[i:end], end
}

// sample deals with NAME{LABELS} VALUE [TIME] [# {LABELS} VALUE]. False: the series has become equal to
// one that was kept, and goes. What is no sample is text.
func (p *pass) sample(dst, body []byte) ([]byte, bool) {
	mark, before := len(dst), p.tally.changes
	i := skipSpace(body, 0)
	name := i
	for i < len(body) && (isAlnum(body[i]) || body[i] == '_' || body[i] == ':' || body[i] == '.') {
		i++
	}
	open := skipSpace(body, i)
	series, end := 0, i
	if open < len(body) && body[open] == '{' {
		dst = append(dst, body[:open]...)
		if dst, end = p.labels(dst, body, open); end < 0 {
			return p.noSample(dst[:mark], body), true
		}
		series = len(dst)
	} else if dst = append(dst, body[:i]...); i == name {
		return p.noSample(dst[:mark], body), true
	}
	value, exemplar, has := bytes.Cut(body[end:], []byte("#"))
	if !numbersOnly(value, 2) {
		return p.noSample(dst[:mark], body), true
	}
	dst = append(dst, value...)
	if has {
		at := skipSpace(exemplar, 0)
		dst = append(append(dst, '#'), exemplar[:at]...)
		end := -1
		if at < len(exemplar) && exemplar[at] == '{' {
			dst, end = p.labels(dst, exemplar, at)
		}
		if end < 0 || !numbersOnly(exemplar[end:], 2) {
			return p.noSample(dst[:mark], body), true
		}
		dst = append(dst, exemplar[end:]...)
	}
	if p.tally.changes != before && p.r.off>>ruleDuplicate&1 == 0 && series > 0 && p.series.repeated(dst[mark:series]) {
		p.counted(ruleDuplicate, dst[mark:series])
		return dst[:mark], false
	}
	return dst, true
}

// noSample deals with a line that is not what an exposition holds.
func (p *pass) noSample(dst, body []byte) []byte {
	out, changed := p.leaf(dst, body, inPlain, nameInfo{}, true)
	if !changed {
		return append(dst, body...)
	}
	return out
}

// label is one NAME="VALUE" of a label set.
type label struct {
	begin, nameEnd int
	value, end     int // the value's quotes stand at value and before end
	info           nameInfo
	gone           bool
}

// maxLabels is how many labels of a set are looked at together as pairs.
const maxLabels = 64

// labels appends the clean form of the label set whose { stands at i. end is behind its }; negative: it
// is no label set.
func (p *pass) labels(dst, s []byte, i int) (out []byte, end int) {
	var room [maxLabels]label
	set := room[:0]
	i++
	for {
		for i < len(s) && (isSpace(s[i]) || s[i] == ',') {
			i++
		}
		if i >= len(s) {
			return dst, -1
		}
		if s[i] == '}' {
			break
		}
		l, next := p.readLabel(s, i)
		if next < 0 {
			return dst, -1
		}
		set = append(set, l)
		i = next
	}
	pairLabels(p, s, set)
	dst = append(dst, '{')
	first := true
	for _, l := range set {
		if l.gone {
			p.counted(ruleLabel, s[l.value+1:l.end-1])
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = p.appendLabel(dst, s, l)
	}
	return append(dst, '}'), i + 1
}

// readLabel reads one label, or the metric's name in quotes, at i.
func (p *pass) readLabel(s []byte, i int) (l label, next int) {
	l.begin = i
	if s[i] == '"' {
		e := stringEnd(s, i+1)
		if e < 0 {
			return l, -1
		}
		l.nameEnd = e
	} else {
		for i < len(s) && s[i] != '=' && s[i] != '}' && s[i] != ',' && !isSpace(s[i]) {
			i++
		}
		l.nameEnd = i
	}
	j := skipSpace(s, l.nameEnd)
	if j >= len(s) || s[j] != '=' {
		if s[l.begin] == '"' { // {"metric.name", a="b"}
			l.value, l.end = l.begin, l.nameEnd
			return l, l.nameEnd
		}
		return l, -1
	}
	j = skipSpace(s, j+1)
	if j >= len(s) || s[j] != '"' {
		return l, -1
	}
	l.value = j
	if l.end = stringEnd(s, j+1); l.end < 0 {
		return l, -1
	}
	name := bytes.Trim(s[l.begin:l.nameEnd], `"`)
	if string(name) == "le" || string(name) == "quantile" {
		return l, l.end
	}
	l.info = p.classifyMember(name)
	l.gone = l.info.sensitive() && l.info.flags&nfKept == 0 && p.r.off>>ruleLabel&1 == 0
	return l, l.end
}

// pairLabels finds {name="password",value="x"}.
func pairLabels(p *pass, s []byte, set []label) {
	for i := range set {
		if set[i].info.flags&nfNameRole == 0 {
			continue
		}
		info := p.classify(s[set[i].value+1 : set[i].end-1])
		for j := range set {
			if set[j].info.flags&nfValueRole == 0 || i == j {
				continue
			}
			switch {
			case info.sensitive() && info.flags&nfKept == 0:
				set[i].gone, set[j].gone = true, true
			case info.class == nameID || info.class == nameRoom:
				set[j].info = info
			}
		}
	}
}

func (p *pass) appendLabel(dst, s []byte, l label) []byte {
	if l.value == l.begin { // a metric's name
		return append(dst, s[l.begin:l.end]...)
	}
	name := bytes.Trim(s[l.begin:l.nameEnd], `"`)
	if string(name) == "le" || string(name) == "quantile" {
		return append(dst, s[l.begin:l.end]...)
	}
	raw := s[l.value+1 : l.end-1]
	dst = append(dst, s[l.begin:l.value+1]...)
	dst, changed := p.leaf(dst, raw, inLabel, l.info, true)
	if !changed {
		dst = append(dst, raw...)
	}
	return append(dst, '"')
}
