// Package redact takes what must not leave out of bytes that came from outside.
package redact

import "io"

// Format says what the bytes are.
type Format uint8

// The formats.
const (
	Auto    Format = iota // recognised from the first bytes
	JSON                  // one JSON value, or several one after the other (NDJSON)
	Text                  // anything else: logs, stack traces, error texts
	Metrics               // Prometheus exposition, text format 0.0.4
)

// IDKind is one kind of identifier.
type IDKind struct {
	Kind   string   // session | socket | user, or another word
	Fields []string // names of fields that hold one, in any spelling (sessionId = session_id)
	Shapes []string // a literal prefix and one class with + or {n,m}: sess_[A-Za-z0-9]+
}

// Options says what a Redactor knows beside the built-in policy.
type Options struct {
	Key    []byte                       // pseudonym key, at least 16 bytes; nil: random, for this Redactor alone
	IDs    []IDKind                     // in addition to session, socket, user, driver, account, customer
	Known  func(word []byte) bool       // an id seen raw elsewhere; nil: none. Asked for words of 8 and more characters with a digit.
	Learn  func(kind string, id []byte) // told each raw id found in a field that holds one; nil: not told. Must not keep id.
	Values [][]byte                     // values known to be secret
	Keep   []string                     // field names that are never removed (those of the owner's format are built in)
}

// Redactor applies one policy. It is safe for concurrent use.
type Redactor struct{}

// New checks the options and builds the tables.
func New(Options) (*Redactor, error) { return &Redactor{}, nil }

// Append appends the redacted form of src to dst. On an error dst comes back as it was. rep may be nil.
func (r *Redactor) Append(dst, src []byte, as Format, rep *Report) ([]byte, error) {
	return append(dst, src...), nil
}

// Copy is Append for streams of any length, in bounded memory.
func (r *Redactor) Copy(w io.Writer, rd io.Reader, as Format, rep *Report) error {
	_, err := io.Copy(w, rd)
	return err
}

// Clean is bytes that a Redactor made. Only this package makes one that is not empty.
type Clean struct{ b []byte }

// Bytes gives the clean bytes; they must not be changed.
func (c Clean) Bytes() []byte { return c.b }

// Len is the number of bytes.
func (c Clean) Len() int { return len(c.b) }

// Clean is Append as a value that windows and sections take.
func (r *Redactor) Clean(src []byte, as Format, rep *Report) (Clean, error) {
	b, err := r.Append(nil, src, as, rep)
	return Clean{b}, err
}

// Mask appends the masked form of one id (design 7): kind is "session", "socket", "user" ...
func (r *Redactor) Mask(dst []byte, kind string, id []byte) []byte { return append(dst, id...) }

// Name is the pseudonym of a value: 10 signs of the alphabet without e i l o.
func (r *Redactor) Name(kind string, value []byte) string { return "" }

// Hash is a keyed 64-bit hash of an id, the same in all processes that share the key; never 0.
func (r *Redactor) Hash(kind string, id []byte) uint64 { return 1 }

// RuleSet identifies the rules: version and hash. Epoch identifies the key.
func (r *Redactor) RuleSet() string { return "" }

// Epoch identifies the pseudonym key without giving it away.
func (r *Redactor) Epoch() string { return "" }

// Append redacts with the default policy and a key of this process, the format recognised by itself.
func Append(dst, src []byte) ([]byte, error) { return append(dst, src...), nil }

// Report counts what was changed. The zero value is ready; Append adds to it.
type Report struct {
	Counts  map[string]int // by rule name; only rules that changed something
	Removed []Removal      // at most MaxRemovals; Dropped counts the rest
	Dropped int
}

// Removal is one field that was removed, by the JSON pointer of its parent in the redacted document.
type Removal struct {
	Parent string
	Rule   string
}
