// Package verify is the second opinion: it looks for secrets and raw ids in bytes that are about to leave.
package verify

// Options is what a Detector knows beside its own rules.
type Options struct {
	Known  func(word []byte) bool // an id seen raw; nil: none
	Values [][]byte               // values known to be secret
}

// Detector scans finished bytes. It is safe for concurrent use.
type Detector struct{}

// New builds a Detector.
func New(Options) *Detector { return &Detector{} }

// Finding is one thing that must not leave.
type Finding struct {
	Pointer string // JSON pointer of the value (or of the member whose name it is); "" in text, or at the top
	Offset  int    // of its first byte in the document
	Line    int    // from 1
	Kind    string // id | known-value | jwt | pem | vendor | userinfo | e-mail | entropy ...
	Excerpt string // masked: shape and length, never the value
}

// Scan looks through one document: JSON when it parses as JSON, else text. At most 1,000 findings.
func (d *Detector) Scan(doc []byte) []Finding { return nil }
