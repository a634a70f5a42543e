package profile

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"regexp"
	"strings"

	"github.com/itchyny/gojq"
)

// maxExpression bounds the text of one expression, in bytes.
const maxExpression = 4 << 10

// outside maps functions and variables that would reach out of the document to what to do instead.
var outside = map[string]string{
	"now":               "write $now, the instant of the look in ms",
	"env":               "expressions have no environment",
	"$ENV":              "expressions have no environment",
	"input":             "expressions have one document, it is `.`",
	"inputs":            "expressions have one document, it is `.`",
	"input_line_number": "expressions have one document, it is `.`",
	"input_filename":    "expressions have one document, it is `.`",
	"debug":             "leave it out",
	"stderr":            "leave it out",
	"halt":              "write empty",
	"halt_error":        "write empty",
}

// writers are the functions in which the engine deletes, as `|=` does. It then writes every value of
// the document back to its place, also those that stay: a race for all others who read the document.
var writers = map[string]bool{"del": true, "delpaths": true, "map_values": true}

// Compile makes a query of a jq expression. Its error says what to write instead.
func Compile(text string) (*Query, error) {
	if text == "" {
		return nil, errors.New("the expression is empty; write . for the whole document")
	}
	if len(text) > maxExpression {
		return nil, fmt.Errorf("the expression has %d bytes; at most %d", len(text), maxExpression)
	}
	tree, err := gojq.Parse(text)
	if err != nil {
		return nil, parseFault(text, err)
	}
	if len(tree.Imports) > 0 || tree.Meta != nil {
		return nil, errors.New("expressions have no modules; write the function out")
	}
	q := &Query{Text: text}
	if err := q.confine(reflect.ValueOf(tree)); err != nil {
		return nil, err
	}
	q.code, err = gojq.Compile(tree,
		gojq.WithVariables([]string{"$now"}),
		gojq.WithEnvironLoader(func() []string { return nil }),
		gojq.WithFunction(multiplyName, 2, 2, multiply))
	if err != nil { // of the profile's own words only: an unknown function or variable
		return nil, fmt.Errorf("jq: %w; variables: $now only", err)
	}
	return q, nil
}

// parseFault gives the place inside of the expression, which may well be long.
func parseFault(text string, err error) error {
	var at *gojq.ParseError
	if !errors.As(err, &at) {
		return errors.New("not a jq expression")
	}
	if at.Token == "" {
		return fmt.Errorf("not a jq expression: it ends too early, after %d bytes", len(text))
	}
	return fmt.Errorf("not a jq expression: unexpected %q at byte %d of it", at.Token, at.Offset-len(at.Token)+1)
}

// confine walks the parsed expression: it refuses what reaches outside of the document and has every
// `a * b` call multiply(a; b) instead. It notes what needs a document of its own.
func (q *Query) confine(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		switch n := v.Interface().(type) {
		case *gojq.Func:
			if hint, bad := outside[n.Name]; bad {
				return fmt.Errorf("%s is not for profiles; %s", n.Name, hint)
			}
			if strings.HasPrefix(n.Name, "_") {
				return fmt.Errorf("%s is not for profiles; write a function of the jq manual", n.Name)
			}
			q.writes = q.writes || writers[n.Name]
		case *gojq.Query:
			q.writes = q.writes || n.Op == gojq.OpModify
			if err := confineOperator(n); err != nil {
				return err
			}
		}
		return q.confine(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if err := q.confine(v.Field(i)); err != nil {
				return err
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if err := q.confine(v.Index(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

func confineOperator(q *gojq.Query) error {
	switch q.Op {
	case gojq.OpUpdateMul:
		return errors.New("*= is not for profiles; write |= with *")
	case gojq.OpMul:
		call := &gojq.Func{Name: multiplyName, Args: []*gojq.Query{q.Left, q.Right}}
		q.Term = &gojq.Term{Type: gojq.TermTypeFunc, Func: call}
		q.Op, q.Left, q.Right = 0, nil, nil
	}
	return nil
}

const multiplyName = "multiply_numbers"

// multiply is jq's `*` for numbers alone. The operator itself repeats a text, up to 2 GiB of it, and
// a relay may answer with a text where a number was.
func multiply(_ any, args []any) any {
	if l, r := integer(args[0]), integer(args[1]); l != nil && r != nil {
		p := new(big.Int).Mul(l, r)
		if p.IsInt64() && int64(int(p.Int64())) == p.Int64() {
			return int(p.Int64())
		}
		return p
	}
	l, okLeft := gojq.ToFloat64(args[0])
	r, okRight := gojq.ToFloat64(args[1])
	if !okLeft || !okRight {
		return errors.New("multiply: numbers only")
	}
	return l * r
}

// maxDigits bounds the whole numbers that keep all their digits in a product.
const maxDigits = 40

// integer gives a whole number exactly, nil for all else.
func integer(v any) *big.Int {
	switch v := v.(type) {
	case int:
		return big.NewInt(int64(v))
	case *big.Int:
		if v.BitLen() <= 4*maxDigits {
			return v
		}
	case json.Number:
		if len(v) <= maxDigits {
			if n, ok := new(big.Int).SetString(string(v), 10); ok {
				return n
			}
		}
	}
	return nil
}

// familyName finds what may be the name of a metric family in an expression: `.name`, or quoted.
var familyName = regexp.MustCompile(`\.([A-Za-z_][A-Za-z0-9_]*)|"([A-Za-z_:][A-Za-z0-9_:]*)"`)

// sampleWords are the members of the metrics document itself.
var sampleWords = map[string]bool{"type": true, "samples": true, "part": true, "labels": true, "value": true, "rate": true}

// addFamilies notes the family names in text. It may note a word too many (a label's name), never
// one too few unless the expression puts the name together.
func addFamilies(families map[string]bool, text string) {
	for _, m := range familyName.FindAllStringSubmatch(text, -1) {
		if name := m[1] + m[2]; !sampleWords[name] {
			families[name] = true
		}
	}
}
