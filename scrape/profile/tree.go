package profile

import (
	"errors"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of a profile file.
const (
	maxFile   = 1 << 20 // bytes
	maxIndent = 80      // columns in which a block may begin: bounds the depth of blocks
	maxFlow   = 16      // brackets inside each other
	maxTokens = 30_000  // the library's time grows with the square of it (okboxbox has 3,000)
)

// node is a YAML value with its place. Only this file knows the YAML library.
type node struct {
	kind         kind
	text         string // of a scalar
	members      []member
	items        []*node
	line, column int
}

// member is one name and its value.
type member struct {
	name  *node
	value *node
}

// kind is what a node is.
type kind string

// The kinds, in the words of faults.
const (
	kindText    kind = "a text"
	kindNumber  kind = "a number"
	kindBool    kind = "true or false"
	kindNull    kind = "nothing"
	kindList    kind = "a list"
	kindMapping kind = "names with values"
)

// refused tells what of YAML a profile does not use. Without aliases a file is as large as it
// looks, and without these the depth of the tree can be bounded before it is built.
var refused = map[token.Type]string{
	token.AnchorType:     "anchors are not for profiles; write the value out where it is needed",
	token.AliasType:      "aliases are not for profiles; write the value out where it is needed",
	token.MergeKeyType:   "merging is not for profiles; write the members out",
	token.TagType:        "tags are not for profiles; write the plain value",
	token.MappingKeyType: "`?` is not for profiles; write name: value",
	token.DirectiveType:  "directives are not for profiles; leave the line out",
}

// readTree reads a file into nodes; nil when faults say why it cannot be read.
func readTree(data []byte, f *faults) (root *node) {
	defer func() {
		if recover() != nil { // the library has been seen to panic on odd input
			f.add(nil, "the file is not YAML that can be read; write plain names, lists and texts")
			root = nil
		}
	}()
	if len(data) > maxFile {
		f.add(nil, "the file has %d bytes; at most %d", len(data), maxFile)
		return nil
	}
	before := len(f.list)
	tokens := lexer.Tokenize(string(data))
	if len(tokens) > maxTokens {
		f.add(nil, "the file has %d names, values and signs; at most %d", len(tokens), maxTokens)
		return nil
	}
	checkTokens(tokens, f)
	if len(f.list) > before {
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		f.addSyntax(err)
		return nil
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		f.add(nil, "the file is empty; write a profile, first version: 1")
		return nil
	}
	if len(file.Docs) > 1 {
		f.add(nil, "the file holds %d documents; write exactly one", len(file.Docs))
		return nil
	}
	root = convert(file.Docs[0].Body, f)
	if len(f.list) > before {
		return nil
	}
	return root
}

// checkTokens refuses, before anything recurses, what the tree must not have.
func checkTokens(tokens token.Tokens, f *faults) {
	flow := 0
	for _, t := range tokens {
		at := &node{line: t.Position.Line, column: t.Position.Column}
		if hint, bad := refused[t.Type]; bad {
			f.add(at, "%s", hint)
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			if flow++; flow == maxFlow+1 {
				f.add(at, "more than %d brackets inside each other; write blocks", maxFlow)
			}
		case token.MappingEndType, token.SequenceEndType:
			flow--
		case token.SequenceEntryType:
			if t.Position.Column > maxIndent {
				f.add(at, "a list begins behind column %d; indent less", maxIndent)
			}
		case token.MappingValueType:
			if prev := t.Prev; flow == 0 && prev != nil && prev.Position.Column > maxIndent {
				f.add(at, "a name begins behind column %d; indent less", maxIndent)
			}
		}
	}
}

// addSyntax tells what the library found. Its own print-out quotes the file at length.
func (f *faults) addSyntax(err error) {
	at := &node{line: 1, column: 1}
	text := "not YAML"
	var known yaml.Error
	if errors.As(err, &known) {
		text, _, _ = strings.Cut("not YAML: "+known.GetMessage(), "\n")
		if t := known.GetToken(); t != nil && t.Position != nil {
			at.line, at.column = t.Position.Line, t.Position.Column
		}
	}
	f.add(at, "%s; quote texts that hold signs of YAML", text)
}

// convert makes a node of the library's.
func convert(n ast.Node, f *faults) *node {
	out := &node{line: 1, column: 1}
	if t := n.GetToken(); t != nil && t.Position != nil {
		out.line, out.column = t.Position.Line, t.Position.Column
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		out.kind = kindMapping
		for _, m := range n.Values {
			out.addMember(m, f)
		}
		if len(n.Values) > 0 && !n.IsFlowStyle {
			out.line, out.column = out.members[0].name.line, out.members[0].name.column
		}
	case *ast.MappingValueNode:
		out.kind = kindMapping
		out.addMember(n, f)
		out.line, out.column = out.members[0].name.line, out.members[0].name.column
	case *ast.SequenceNode:
		out.kind = kindList
		for _, v := range n.Values {
			out.items = append(out.items, convert(v, f))
		}
	case *ast.StringNode:
		out.kind, out.text = kindText, n.Value
	case *ast.LiteralNode:
		out.kind, out.text = kindText, n.Value.Value
	case *ast.IntegerNode:
		out.kind, out.text = kindNumber, n.Token.Value
	case *ast.FloatNode:
		out.kind, out.text = kindNumber, n.Token.Value
	case *ast.BoolNode:
		out.kind, out.text = kindBool, "false"
		if n.Value {
			out.text = "true"
		}
	case *ast.NullNode:
		out.kind = kindNull
	default:
		f.add(out, "this is not for profiles; write a plain value")
		out.kind = kindNull
	}
	return out
}

func (n *node) addMember(m *ast.MappingValueNode, f *faults) {
	name := convert(m.Key, f)
	if name.kind == kindList || name.kind == kindMapping {
		f.add(name, "a name is a text; write name: value")
	}
	if name.kind != kindText { // `null:`, `1:`, `true:` are names all the same
		name.text = m.Key.String()
	}
	n.members = append(n.members, member{name, convert(m.Value, f)})
}
