package redact

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

func (r *policyReader) list(n ast.Node, each func(ast.Node)) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		r.fault(n.GetToken(), "write a list, one entry a line behind a dash")
		return
	}
	if len(seq.Values) > maxPolicyEntries {
		r.fault(n.GetToken(), "more than %d entries", maxPolicyEntries)
		return
	}
	for _, v := range seq.Values {
		each(v)
	}
}

// text gives a scalar's text with its bounds checked; empty when a fault was told.
func (r *policyReader) text(n ast.Node, least int) string {
	var s string
	switch n := n.(type) {
	case *ast.StringNode:
		s = n.Value
	case *ast.LiteralNode:
		s = strings.TrimSuffix(n.Value.Value, "\n")
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		s = n.GetToken().Value
	default:
		r.fault(n.GetToken(), "write a text")
		return ""
	}
	if len(s) < least || len(s) > maxPolicyText {
		r.fault(n.GetToken(), "a text of %d to %d bytes is needed", least, maxPolicyText)
		return ""
	}
	return s
}

// once tells an entry that stands twice, also as a name that is to go and to stay.
func (r *policyReader) once(n ast.Node, kind, s string) bool {
	line := n.GetToken().Position.Line
	if at, ok := r.seen[kind+s]; ok {
		r.fault(n.GetToken(), "line %d says so, or the contrary, already; leave one", at)
		return false
	}
	r.seen[kind+s] = line
	return true
}

// fieldName gives the joined words of a name; empty when a fault was told.
func (r *policyReader) fieldName(n ast.Node) string {
	joined := joinedWords(r.text(n, 1))
	if joined == "" || len(joined) > len(verdict{}.joined) {
		r.fault(n.GetToken(), "a name has letters, at most %d", len(verdict{}.joined))
		return ""
	}
	if !r.once(n, "name ", joined) {
		return ""
	}
	return joined
}

func (r *policyReader) name(n ast.Node) {
	if joined := r.fieldName(n); joined != "" {
		r.p.names[joined] = true
	}
}

func (r *policyReader) value(n ast.Node) {
	if s := r.text(n, minValue); s != "" && r.once(n, "value ", s) {
		if len(r.p.values) == maxValues {
			r.fault(n.GetToken(), "more than %d values", maxValues)
			return
		}
		r.p.values = append(r.p.values, []byte(s))
	}
}

// exception reads one exception: one of name, value and rule, and because.
func (r *policyReader) exception(n ast.Node) {
	e, which, before := Exception{}, 0, len(r.faults)
	for _, m := range r.members(n, "an exception") {
		e.Line = m.Key.GetToken().Position.Line
		switch m.Key.String() {
		case "name":
			which++
			r.exceptName(&e, m.Value)
		case "value":
			which++
			if s := r.text(m.Value, minKeptValue); s != "" && r.once(m.Value, "value ", s) {
				r.p.keptValues[s] = true
				e.Kind, e.Shape = "value", shapeOf([]byte(s))
			}
		case "rule":
			which++
			r.exceptRule(&e, m.Value)
		case "because":
			e.Because = r.text(m.Value, minKeptValue)
		default:
			r.fault(m.Key.GetToken(), "no such member: %s; an exception has name, value or rule, and because", shortName(m.Key.String()))
		}
	}
	if len(r.faults) > before {
		return
	}
	e.Line = start(n).Position.Line
	switch {
	case which != 1:
		r.fault(start(n), "an exception has exactly one of name, value and rule")
	case e.Because == "":
		r.fault(start(n), "an exception needs its reason: because: ...")
	default:
		r.p.exceptions = append(r.p.exceptions, e)
	}
}

func (r *policyReader) exceptName(e *Exception, n ast.Node) {
	joined := r.fieldName(n)
	if joined == "" {
		return
	}
	r.p.keptNames[joined] = true
	e.Kind, e.Name = "name", r.text(n, 1)
	bare := Redactor{tab: sharedTables()}
	if info := bare.classify([]byte(e.Name)); info.sensitive() {
		e.Rule = ruleNames[fieldRule(info)]
	}
}

func (r *policyReader) exceptRule(e *Exception, n ast.Node) {
	s := r.text(n, 1)
	for i, name := range ruleNames {
		if name != s {
			continue
		}
		if !slices.Contains(looseRules[:], rule(i)) {
			r.fault(n.GetToken(), "%s guards what must not leave and stays on; make an exception of a name or a value", name)
			return
		}
		r.p.off |= 1 << i
		e.Kind, e.Name, e.Rule = "rule", name, name
		return
	}
	r.fault(n.GetToken(), "no such rule; those that can be switched off are %s", looseNames())
}

func looseNames() string {
	var names []string
	for _, r := range looseRules {
		names = append(names, ruleNames[r])
	}
	return strings.Join(names, ", ")
}
