package corpus

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf16"
)

var jsonCarriers = []carrier{
	{name: "event-json", takes: anything, write: func(p *page, its []item) { p.event(its, jsonForm{str: jsonString}) }},
	{name: "event-json-indented", takes: anything, write: func(p *page, its []item) { p.event(its, jsonForm{indent: "  ", str: jsonString}) }},
	{name: "event-json-tabs-ascii", takes: anything, write: func(p *page, its []item) { p.event(its, jsonForm{indent: "\t", str: jsonASCII}) }},
	{name: "json-go-escapes", takes: anything, write: func(p *page, its []item) { p.event(its, jsonForm{str: jsonGo}) }},
	{name: "json-unicode-escapes", takes: anything, write: func(p *page, its []item) { p.event(its, jsonForm{str: p.jsonUnicode}) }},
	{name: "ndjson", takes: anything, write: writeNDJSON},
	{name: "json-array", takes: anything, write: writeArray},
	{name: "pack", takes: anything, write: func(p *page, its []item) { p.pack(its, jsonForm{str: jsonString}) }},
	{name: "pack-indented", takes: anything, write: func(p *page, its []item) { p.pack(its, jsonForm{indent: "  ", str: jsonString}) }},
	{name: "json-in-json", takes: anything, write: func(p *page, its []item) { p.jsonInJSON(its, 1) }, shared: true},
	{name: "json-in-json-in-json", takes: anything, write: func(p *page, its []item) { p.jsonInJSON(its, 2) }, shared: true},
	{name: "json-pairs", takes: noJSON, write: writePairs},
	{name: "json-argv", takes: oneLine, write: writeArgv},
	{name: "json-bom", takes: anything, write: func(p *page, its []item) { p.add("\ufeff"); p.event(its, jsonForm{str: jsonString}) }},
	{name: "json-deep", takes: anything, write: writeDeep},
	{name: "json-scalar", takes: func(it item) bool { return it.name == "" && !it.raw }, write: writeScalar},
	{name: "container-env", takes: oneLine, write: writeContainerEnv},
}

// jsonForm is how a JSON document is written.
type jsonForm struct {
	indent string
	str    func(string) string
}

func (f jsonForm) line(p *page, depth int) {
	if f.indent != "" {
		p.add("\n" + strings.Repeat(f.indent, depth))
	}
}

func (f jsonForm) colon() string {
	if f.indent != "" {
		return ": "
	}
	return ":"
}

// jsonString escapes what must be, as JSON.stringify does.
func jsonString(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // a string always encodes
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// jsonGo escapes < > & as well, as encoding/json does.
func jsonGo(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// jsonASCII escapes all that is not ASCII, as Python's json does.
func jsonASCII(s string) string {
	var b strings.Builder
	for _, r := range jsonString(s) {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		b.WriteString(unicodeEscape(r))
	}
	return b.String()
}

func unicodeEscape(r rune) string {
	if a, b := utf16.EncodeRune(r); r > 0xffff {
		return fmt.Sprintf(`\u%04x\u%04x`, a, b)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// jsonUnicode escapes a third of the letters that need it not, and the slash.
func (p *page) jsonUnicode(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '/':
			b.WriteString(`\/`)
		case r < ' ' || r > '~' || r == '"' || r == '\\' || p.chance(0.3):
			b.WriteString(unicodeEscape(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}

// members writes items as members of an object; some go into objects of their own.
func (p *page) members(its []item, f jsonForm, depth int, first bool) {
	for i := 0; i < len(its); {
		if !first {
			p.add(",")
		}
		first = false
		f.line(p, depth)
		if depth < 5 && p.chance(0.2) {
			n := 1 + p.IntN(min(3, len(its)-i))
			p.add(f.str(p.fresh("context", "req", "data", "meta", "settings", "payload", "extra", "options", "params")) + f.colon())
			array := p.chance(0.3)
			if array {
				p.add("[")
			}
			p.add("{")
			p.members(its[i:i+n], f, depth+1, true)
			f.line(p, depth)
			p.add("}")
			if array {
				p.add("]")
			}
			i += n
			continue
		}
		p.within(its[i], func() { p.member(its[i], f) })
		i++
	}
}

func (p *page) member(it item, f jsonForm) {
	switch {
	case it.raw:
		p.add(it.value)
	case it.name == "":
		p.add(f.str(p.fresh("message", "detail", "error", "line", "cmd", "note", "reason", "output", "stack", "hint", "msg", "text")) + f.colon() + f.str(it.value))
	case it.literal:
		p.add(f.str(it.name) + f.colon() + it.value)
	default:
		p.add(f.str(it.name) + f.colon() + f.str(it.value))
	}
}

func (p *page) event(its []item, f jsonForm) {
	p.add("{")
	f.line(p, 1)
	p.add(f.str("id") + f.colon() + f.str("rb-"+p.from(digits, 4)) + ",")
	f.line(p, 1)
	p.addf("%s%s%d,", f.str("timestamp"), f.colon(), p.when().UnixMilli())
	f.line(p, 1)
	p.add(f.str("type") + f.colon() + f.str(pick(p.gen, "error", "connect", "auth_fail", "join", "db_error", "upstream")))
	p.members(its, f, 1, false)
	f.line(p, 0)
	p.add("}")
}

func writeNDJSON(p *page, its []item) {
	for i, it := range its {
		if i > 0 {
			p.add("\n")
		}
		p.event([]item{it}, jsonForm{str: jsonString})
	}
	p.add("\n")
}

func writeArray(p *page, its []item) {
	p.add("[")
	for i, it := range its {
		if i > 0 {
			p.add(",")
		}
		if it.name == "" && !it.raw {
			p.put(it, jsonString(it.value))
			continue
		}
		p.add("{")
		p.members([]item{it}, jsonForm{str: jsonString}, 1, true)
		p.add("}")
	}
	p.add("]")
}

// pack writes a document of the shape of a support pack, the items in its events.
func (p *page) pack(its []item, f jsonForm) {
	p.addf(`{"packId":"pack-%d-%s","generatedAt":%d,"summary":{"environment":"production","uptime":%d,"activeSessions":3},`, p.when().UnixMilli(), p.from("0123456789abcdf", 6), p.when().UnixMilli(), p.IntN(1e9))
	p.addf(`"socketStats":{"totalConnects":%d,"totalAuthFails":%d,"byRole":{"driver":%d}},"recentEvents":{`, p.IntN(1e4), p.IntN(50), p.IntN(30))
	for i, class := range []string{"socket", "relay", "error"} {
		if i > 0 {
			p.add(",")
		}
		p.add(`"` + class + `":[`)
		from, to := len(its)*i/3, len(its)*(i+1)/3
		for j, it := range its[from:to] {
			if j > 0 {
				p.add(",")
			}
			f.line(p, 3)
			p.event([]item{it}, f)
		}
		p.add("]")
	}
	p.add(`},"supportBundle":{"schemaVersion":1}}`)
}

func (p *page) jsonInJSON(its []item, levels int) {
	inner := newPage(p.gen)
	inner.event(its, jsonForm{str: jsonString})
	inBody := func(s string) string { s = jsonString(s); return s[1 : len(s)-1] }
	for ; levels > 0; levels-- {
		outer := newPage(p.gen)
		outer.add(`{"level":"` + pick(p.gen, "warn", "error", "info") + `","` + pick(p.gen, "body", "message", "payload", "err") + `":"`)
		outer.nest(inner, inBody, true)
		outer.addf(`","pid":%d}`, 100+p.IntN(30000))
		inner = outer
	}
	p.add(inner.buf.String())
	p.plants = append(p.plants, inner.plants...)
}

// writeDeep writes an event below 1,000 arrays and objects.
func writeDeep(p *page, its []item) {
	const levels = 500
	p.add(strings.Repeat(`[{"v":`, levels))
	p.event(its, jsonForm{str: jsonString})
	p.add(strings.Repeat(`}]`, levels))
}

// writeScalar writes JSON strings that stand alone, a line each.
func writeScalar(p *page, its []item) {
	for _, it := range its {
		p.put(it, jsonString(it.value))
		p.add("\n")
	}
}

// writePairs writes {name, value} objects, in both orders, under the usual names.
func writePairs(p *page, its []item) {
	n, v := pick(p.gen, "name", "key", "field", "header"), "value"
	p.add(`{"at":` + fmt.Sprint(p.when().UnixMilli()) + `,"` + pick(p.gen, "env", "settings", "attributes", "headers") + `":[`)
	for i, it := range its {
		if i > 0 {
			p.add(",")
		}
		name := it.name
		if name == "" {
			name = "detail"
		}
		value := jsonString(it.value)
		if it.literal {
			value = it.value
		}
		pair := fmt.Sprintf(`{"%s":%s,"%s":%s}`, n, jsonString(name), v, value)
		if p.chance(0.5) {
			pair = fmt.Sprintf(`{"%s":%s,"%s":%s}`, v, value, n, jsonString(name))
		}
		p.put(it, pair)
	}
	p.add("]}")
}

// writeArgv writes the arguments of a process as a JSON array, flag and value joined or apart.
func writeArgv(p *page, its []item) {
	p.add(`{"pid":` + fmt.Sprint(100+p.IntN(9000)) + `,"argv":["node","/srv/app/dist/index.js"`)
	for _, it := range its {
		p.add(",")
		switch flag := "--" + kebab(split(it.name)); {
		case it.name == "":
			p.put(it, jsonString(it.value))
		case p.chance(0.5):
			p.put(it, jsonString(flag+"="+it.value))
		default:
			p.put(it, jsonString(flag)+","+jsonString(it.value))
		}
	}
	p.add(`]}`)
}

func writeContainerEnv(p *page, its []item) {
	p.add(`{"Id":"` + p.from(hexes, 64) + `","Config":{"Env":["PATH=/usr/local/bin:/usr/bin"`)
	for _, it := range its {
		name := "DETAIL"
		if it.name != "" {
			name = upperSnake(split(it.name))
		}
		p.add(",")
		p.put(it, jsonString(name+"="+it.value))
	}
	p.add(`],"WorkingDir":"/srv/app"}}`)
}
