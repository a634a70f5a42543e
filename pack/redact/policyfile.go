package redact

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"

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
