package scrape

import (
	"bytes"
	"strings"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/model"
)

// comment reads HELP and TYPE; every other comment is skipped, as the format wants it.
func (p *page) comment(text []byte) {
	word, rest := cutBlank(bytes.TrimLeft(text[1:], " \t"))
	if string(word) != "HELP" && string(word) != "TYPE" {
		return
	}
	name, rest, ok := cutName(rest)
	if !ok {
		p.bad(p.n)
		return
	}
	if len(rest) == 0 {
		return // no text, no type: as expfmt, nothing is wrong
	}
	p.flush()
	f := p.of(name)
	if f == nil {
		p.bad(p.n)
		return
	}
	l := line{of: f}
	if string(word) == "HELP" {
		l.help, ok = unescape(rest)
	} else {
		l.kind, ok = kindOf(rest)
	}
	if !ok || !p.tell(&l) {
		p.bad(p.n)
		return
	}
	if known := p.memory.learn(string(text), l); known != nil {
		p.memory.met(known, p.look)
	}
}

// kindOf gives the type that a TYPE line names, as a Family spells it.
func kindOf(text []byte) (kind string, ok bool) {
	name := strings.ToUpper(string(text))
	if name == "GAUGEHISTOGRAM" {
		name = "GAUGE_HISTOGRAM"
	}
	_, ok = dto.MetricType_value[name]
	return strings.ReplaceAll(strings.ToLower(name), "_", ""), ok
}

// tell takes over what a HELP or TYPE line says. False: it comes too late, or for the second time.
func (p *page) tell(l *line) bool {
	f := l.of
	told := p.told(f)
	if l.kind == "" {
		if told.Help != "" {
			return false
		}
		told.Help = l.help
		return true
	}
	if f.typed == p.look || len(told.Samples) > 0 {
		return false
	}
	f.typed, told.Type = p.look, l.kind
	f.plain = l.kind == "counter" || l.kind == "gauge" || l.kind == "untyped"
	return true
}

// appendType writes the TYPE line of a family for expfmt.
func appendType(b []byte, name, kind string) []byte {
	b = append(b, "# TYPE "...)
	if model.LegacyValidation.IsValidMetricName(name) {
		b = append(b, name...)
	} else {
		b = append(b, '"')
		for i := range len(name) {
			switch c := name[i]; c {
			case '\\', '"':
				b = append(b, '\\', c)
			case '\n':
				b = append(b, '\\', 'n')
			default:
				b = append(b, c)
			}
		}
		b = append(b, '"')
	}
	return append(append(append(b, ' '), kind...), '\n')
}
