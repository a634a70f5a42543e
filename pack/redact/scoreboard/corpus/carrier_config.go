package corpus

import (
	"strconv"
	"strings"
)

var configCarriers = []carrier{
	{name: "yaml", takes: noJSON, write: writeYAML},
	{name: "env-file", takes: plain, write: writeEnvFile},
	{name: "shell", takes: oneLine, write: writeShell},
	{name: "ini", takes: oneLine, write: writeINI},
	{name: "toml", takes: oneLine, write: writeTOML},
	{name: "properties", takes: oneLine, write: writeProperties},
	{name: "diff", takes: oneLine, write: writeDiff},
	{name: "comment-lines", takes: oneLine, write: writeComments},
	{name: "reg-file", takes: func(it item) bool { return oneLine(it) && !it.literal }, write: writeReg},
	{name: "pod-description", takes: oneLine, write: writePodDescription},
}

func writeYAML(p *page, its []item) {
	p.add("relay:\n  listen: 0.0.0.0:3001\n")
	depth := "  "
	for _, it := range its {
		if p.chance(0.2) && len(depth) < 8 {
			p.add(depth + p.fresh("upstream", "store", "options", "extra", "limits") + ":\n")
			depth += "  "
		}
		name := p.nameOf(it)
		if it.exotic {
			name = jsonString(name)
		}
		p.add(depth + pick(p.gen, "", "", "", "- "))
		p.put(it, name+": "+p.yamlValue(it, depth))
		p.add("\n")
	}
}

func (p *page) yamlValue(it item, depth string) string {
	v := it.value
	switch {
	case it.literal:
		return v
	case strings.ContainsAny(v, "\r\n"):
		return "|\n" + depth + "    " + strings.ReplaceAll(strings.ReplaceAll(v, "\r\n", "\n"), "\n", "\n"+depth+"    ")
	case strings.ContainsAny(v, `"\`):
		return "'" + strings.ReplaceAll(v, "'", "''") + "'"
	case strings.ContainsAny(v, "'&<>{}[],;:#%$`*!? =@") || p.chance(0.3):
		return strconv.Quote(v)
	}
	return v
}

func writeEnvFile(p *page, its []item) {
	p.add("NODE_ENV=production\n")
	for _, it := range its {
		name := p.envName(it)
		value := it.value
		if strings.ContainsAny(value, " \"'\\;&<>$#`|(){}\r\n*!?") {
			value = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`").Replace(value) + `"`
		} else if p.chance(0.2) {
			value = "'" + value + "'"
		}
		p.put(it, name+"="+value)
		p.add("\n")
	}
}

func (p *page) envName(it item) string {
	if it.name == "" {
		return strings.ToUpper(p.fresh("message", "note", "command", "detail", "extra"))
	}
	return upperSnake(split(it.name))
}

// shellQuote quotes for sh.
func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func writeShell(p *page, its []item) {
	p.add("#!/bin/sh\nset -eu\n")
	for _, it := range its {
		if it.name == "" {
			p.put(it, it.value)
		} else {
			value := shellQuote(it.value)
			if strings.Trim(it.value, lower+upper+digits+"-_./:") == "" && p.chance(0.5) {
				value = it.value
			}
			p.add(pick(p.gen, "export ", "export ", "", "  set -x; ", "declare -x "))
			p.put(it, p.envName(it)+"="+value)
		}
		p.add("\n")
	}
}

func writeINI(p *page, its []item) {
	p.add("[relay]\nlisten = 0.0.0.0:3001\n")
	for _, it := range its {
		name := p.nameOf(it)
		p.put(it, name+pick(p.gen, " = ", "=")+it.value)
		p.add("\n")
	}
}

func writeTOML(p *page, its []item) {
	p.add("[relay]\nlisten = \"0.0.0.0:3001\"\n")
	for _, it := range its {
		name := p.nameOf(it)
		value := jsonString(it.value)
		if it.literal {
			value = it.value
		}
		p.put(it, name+" = "+value)
		p.add("\n")
	}
}

func writeProperties(p *page, its []item) {
	p.add("# relay settings\nserver.port=3001\n")
	for _, it := range its {
		name := dotted(split(it.name))
		if it.name == "" {
			name = p.fresh("message", "note", "command", "detail")
		}
		p.put(it, pick(p.gen, "spring.", "relay.", "")+name+pick(p.gen, "=", " = ", ": ")+strings.ReplaceAll(it.value, `\`, `\\`))
		p.add("\n")
	}
}

// writeDiff writes changed lines of a settings file.
func writeDiff(p *page, its []item) {
	p.add("--- a/relay.yaml\n+++ b/relay.yaml\n@@ -4,7 +4,7 @@\n   listen: 0.0.0.0:3001\n")
	for _, it := range its {
		p.add(pick(p.gen, "+", "-", " ") + "  ")
		p.put(it, p.nameOf(it)+": "+p.yamlValue(it, ""))
		p.add("\n")
	}
}

func writeComments(p *page, its []item) {
	mark := pick(p.gen, "# ", "// ", "; ", "-- ", "#")
	for _, it := range its {
		p.add(mark)
		p.put(it, p.nameOf(it)+pick(p.gen, ": ", " = ", "=")+it.value)
		p.add("\n")
	}
}

// writeReg writes values as the export of the Windows registry.
func writeReg(p *page, its []item) {
	p.add("Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Relay]\r\n\"Port\"=dword:00000bb9\r\n")
	for _, it := range its {
		p.put(it, `"`+pascal(split(p.nameOf(it)))+`"="`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(it.value)+`"`)
		p.add("\r\n")
	}
}

func writePodDescription(p *page, its []item) {
	p.addf("Containers:\n  relay:\n    Image:          relay:%d.%d\n    Port:           3001/TCP\n    Environment:\n", p.IntN(9), p.IntN(30))
	for _, it := range its {
		p.add("      ")
		p.put(it, p.envName(it)+":  "+it.value)
		p.add("\n")
	}
	p.add("    Mounts:\n      /var/run from run (rw)\n")
}
