package redact

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Fault is one fault of a policy file. It never quotes a value.
type Fault struct {
	File   string
	Line   int    // from 1; 0: the whole file
	Column int    // in characters of the line, from 1
	Text   string // what is wrong and what to write instead
}

// Error prints `file:line:column: text`.
func (f *Fault) Error() string {
	if f.Line == 0 {
		return f.File + ": " + f.Text
	}
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Text)
}

// maxPolicyFaults bounds what is told of one file.
const maxPolicyFaults = 100

// policyReader compiles a file and collects its faults.
type policyReader struct {
	file   string
	faults []error
	p      *Policy
	seen   map[string]int // kind and text -> line
}

func (r *policyReader) fault(at *token.Token, format string, args ...any) {
	f := &Fault{File: r.file, Text: fmt.Sprintf(format, args...)}
	if at != nil && at.Position != nil {
		f.Line, f.Column = at.Position.Line, at.Position.Column
	}
	if len(r.faults) < maxPolicyFaults {
		r.faults = append(r.faults, f)
	}
}

// ParsePolicy compiles a policy; file is its name in faults. The error joins one *Fault for each fault, at
// most 100; the policy is nil then.
func ParsePolicy(file string, data []byte) (*Policy, error) {
	r := &policyReader{file: file, seen: map[string]int{},
		p: &Policy{names: map[string]bool{}, keptNames: map[string]bool{}, keptValues: map[string]bool{}}}
	r.read(data)
	if len(r.faults) > 0 {
		return nil, errors.Join(r.faults...)
	}
	sum := sha256.Sum256(data)
	r.p.hash = string(appendSigns(nil, sum[:], 6))
	return r.p, nil
}

func (r *policyReader) read(data []byte) {
	defer func() {
		if recover() != nil { // the library has been seen to panic on odd input
			r.fault(nil, "the file is not YAML that can be read; write plain names and texts")
		}
	}()
	if len(data) > maxPolicyFile {
		r.fault(nil, "the file has more than %d bytes", maxPolicyFile)
		return
	}
	if len(bytes.TrimSpace(data)) == 0 {
		r.fault(nil, "the file is empty; write version: 1 and one of names, values, exceptions")
		return
	}
	tokens := lexer.Tokenize(string(data))
	for _, t := range tokens { // the tree stays flat and as large as the file looks
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType, token.TagType, token.MappingKeyType, token.DirectiveType,
			token.MappingStartType, token.SequenceStartType:
			r.fault(t, "only plain lists, names and texts are for policies")
		default:
			if t.Position.Column > 200 && (t.Type == token.SequenceEntryType || t.Type == token.MappingValueType) {
				r.fault(t, "indent less")
			}
		}
	}
	if len(r.faults) > 0 {
		return
	}
	tree, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err)
		return
	}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		r.fault(nil, "the file must hold exactly one document")
		return
	}
	r.document(tree.Docs[0].Body)
}

// syntax tells what the library found, without its quotation of the file.
func (r *policyReader) syntax(err error) {
	var known yaml.Error
	if errors.As(err, &known) {
		r.fault(known.GetToken(), "not YAML; quote texts that hold signs of YAML")
		return
	}
	r.fault(nil, "not YAML")
}

// members gives the names and values of a mapping, telling names that come twice and what is no mapping.
func (r *policyReader) members(n ast.Node, what string) (all []*ast.MappingValueNode) {
	switch n := n.(type) {
	case *ast.MappingNode:
		all = n.Values
	case *ast.MappingValueNode:
		all = []*ast.MappingValueNode{n}
	default:
		r.fault(n.GetToken(), "%s is written as name: value", what)
	}
	seen := map[string]bool{}
	for _, m := range all {
		if name := m.Key.String(); seen[name] {
			r.fault(m.Key.GetToken(), "a second %s; leave one", shortName(name))
		} else {
			seen[name] = true
		}
	}
	return all
}

// start gives the first token of a node; that of a mapping is its first name, not its colon.
func start(n ast.Node) *token.Token {
	switch n := n.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 {
			return n.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return n.Key.GetToken()
	}
	return n.GetToken()
}

// shortName gives a member's name for a fault; one that is long is no name but perhaps a value.
func shortName(s string) string {
	if len(s) > 24 {
		return "member"
	}
	return s
}

func (r *policyReader) document(root ast.Node) {
	version := false
	for _, m := range r.members(root, "a policy") {
		switch name := m.Key.String(); name {
		case "version":
			if version = m.Value.String() == "1"; !version {
				r.fault(m.Value.GetToken(), "this program reads version 1")
			}
		case "names":
			r.list(m.Value, r.name)
		case "values":
			r.list(m.Value, r.value)
		case "exceptions":
			r.list(m.Value, r.exception)
		default:
			r.fault(m.Key.GetToken(), "no such member: %s; there are version, names, values, exceptions", shortName(name))
		}
	}
	if !version && len(r.faults) == 0 {
		r.fault(start(root), "version is missing; write version: 1 first")
	}
}

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
