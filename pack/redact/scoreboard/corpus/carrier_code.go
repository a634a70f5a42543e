package corpus

import (
	"strconv"
	"strings"
)

var codeCarriers = []carrier{
	{name: "go-map", takes: oneLine, write: writeGoMap},
	{name: "go-struct", takes: oneLine, write: writeGoStruct},
	{name: "go-syntax", takes: plain, write: writeGoSyntax},
	{name: "go-quoted", takes: noJSON, write: writeGoQuoted},
	{name: "python-dict", takes: noJSON, write: writePythonDict},
	{name: "js-inspect", takes: noJSON, write: writeInspect},
	{name: "ruby-hash", takes: noJSON, write: writeRubyHash},
	{name: "java-tostring", takes: oneLine, write: writeToString},
	{name: "php-print", takes: anyNameOneLine, write: writePrintR},
	{name: "rust-debug", takes: plain, write: writeRustDebug},
	{name: "sql", takes: plain, write: writeSQL},
}

// writeGoMap writes what %v prints of a map: no quotes at all.
func writeGoMap(p *page, its []item) {
	p.add(p.clock() + " settings: map[")
	for i, it := range its {
		if i > 0 {
			p.add(" ")
		}
		name := p.nameOf(it)
		p.put(it, name+":"+it.value)
	}
	p.add("]\n")
}

// writeGoStruct writes what %+v prints of a struct.
func writeGoStruct(p *page, its []item) {
	p.add(p.clock() + " dial &{Host:db.internal Port:5432 ")
	for _, it := range its {
		p.put(it, p.fieldName(it)+":"+it.value)
		p.add(" ")
	}
	p.addf("Retries:%d}\n", p.IntN(9))
}

func (p *page) fieldName(it item) string {
	if it.name == "" {
		return pascal([]string{p.fresh("message", "note", "detail", "out")})
	}
	return pascal(split(it.name))
}

// writeGoSyntax writes what %#v prints.
func writeGoSyntax(p *page, its []item) {
	p.add("config.Store{Host:\"db.internal\", Port:5432, ")
	for _, it := range its {
		value := strconv.Quote(it.value)
		if it.literal {
			value = it.value
		}
		p.put(it, p.fieldName(it)+":"+value)
		p.add(", ")
	}
	p.add("TLS:(*tls.Config)(nil)}\n")
}

// writeGoQuoted writes lines that quote a whole text with %q.
func writeGoQuoted(p *page, its []item) {
	for _, it := range its {
		p.add("relay: unexpected reply ")
		p.put(it, strconv.Quote(p.said(it)))
		p.addf(" after %dms\n", p.IntN(900))
	}
}

func writePythonDict(p *page, its []item) {
	p.add("DEBUG settings loaded: {'debug': False")
	for _, it := range its {
		name := p.nameOf(it)
		p.add(", ")
		p.put(it, pyQuote(name)+": "+pyValue(it))
	}
	p.add(", 'retries': 3}\n")
}

func writeInspect(p *page, its []item) {
	between := pick(p.gen, " ", "\n  ")
	p.add("{" + between + "level: 'error',")
	for _, it := range its {
		name := p.nameOf(it)
		if strings.Trim(name, lower+upper+digits+"_$") != "" {
			name = jsQuote(name)
		}
		value := jsQuote(it.value)
		if it.literal {
			value = it.value
		}
		p.add(between)
		p.put(it, name+": "+value)
		p.add(",")
	}
	p.add(between + "errno: -111" + strings.TrimSuffix(between, "  ") + "}\n")
}

// jsQuote quotes as util.inspect does.
func jsQuote(s string) string {
	s = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`).Replace(s)
	switch {
	case !strings.Contains(s, "'"):
		return "'" + s + "'"
	case !strings.Contains(s, `"`):
		return `"` + s + `"`
	}
	return "'" + strings.ReplaceAll(s, "'", `\'`) + "'"
}

func writeRubyHash(p *page, its []item) {
	p.add("Parameters: {\"utf8\"=>\"x\"")
	for _, it := range its {
		name := p.nameOf(it)
		value := jsonString(it.value)
		if it.literal {
			value = it.value
		}
		p.add(", ")
		p.put(it, jsonString(name)+"=>"+value)
	}
	p.add("}\n")
}

// writeToString writes what toString of a record or a map gives: no quotes, or single ones.
func writeToString(p *page, its []item) {
	quote := pick(p.gen, "", "'")
	p.add("binding StoreProperties" + pick(p.gen, "{", "[", "(") + "host=" + quote + "db.internal" + quote)
	for _, it := range its {
		name := p.nameOf(it)
		p.add(", ")
		p.put(it, camel(split(name))+"="+quote+it.value+quote)
	}
	p.add(", retries=3}\n")
}

// writePrintR writes what print_r prints.
func writePrintR(p *page, its []item) {
	p.add("Array\n(\n    [host] => db.internal\n")
	for _, it := range its {
		name := p.nameOf(it)
		p.add("    ")
		p.put(it, "["+name+"] => "+it.value)
		p.add("\n")
	}
	p.add(")\n")
}

func writeRustDebug(p *page, its []item) {
	p.add("Config { host: \"db.internal\", port: 5432")
	for _, it := range its {
		name := p.nameOf(it)
		value := strconv.Quote(it.value)
		if it.literal {
			value = it.value
		} else if p.chance(0.3) {
			value = "Some(" + value + ")"
		}
		p.add(", ")
		p.put(it, snake(split(name))+": "+value)
	}
	p.add(" }\n")
}

func writeSQL(p *page, its []item) {
	for _, it := range its {
		quoted := "'" + strings.ReplaceAll(it.value, "'", "''") + "'"
		switch {
		case it.name == "":
			p.add("INSERT INTO log_lines (line) VALUES (")
			p.put(it, quoted)
			p.add(");\n")
		default:
			if it.literal {
				quoted = it.value
			}
			p.add("UPDATE settings SET ")
			p.put(it, snake(split(it.name))+" = "+quoted)
			p.addf(" WHERE id = %d;\n", p.IntN(500))
		}
	}
}
