// Package redact takes what must not leave out of bytes that came from outside: credentials, e-mail
// addresses, ids of people and sessions, public addresses, card numbers.
//
//	r, err := redact.New(redact.Options{Key: key, Known: seen.Known})
//	clean, err := r.Append(nil, answer, redact.Auto, &report)
//
// Append takes bytes, Copy a stream of any length, Clean makes the type that package pack keeps; the
// function Append of the package does with a policy of its own. It is one pass: a tokenizer (walk.go,
// members.go, leaf.go for JSON; exposition.go; segment.go for text) copies what is harmless and stops
// at what is not, and the same matchers (text.go and the files named after what they find) look at
// every text, be it prose, a JSON string, a label's value, or JSON inside any of these. Names are split
// into words and judged by word (names.go, words.go, classify.go).
//
// # What is left in place of what was removed
//
//	abcd...wxyz       an id of 9 and more characters: its first and last 4
//	...uvwxyz         an id of a user, driver, account or customer: its last 6
//	abcd...           an id that its source had cut already
//	[id-NAME]         an id of 8 and fewer characters
//	[ip-NAME]         a public address
//	[removed-KIND]    anything else in a text; KIND is a rule's name: a to z and -
//	[removed-KIND,HINT,HINT,HINT]   at most three hints: letters, digits, - and ., at most 16 each
//	[removed-jwt,HS256,expired-3h]  a JWT's algorithm, if it is a known one, and, with Options.Now, its age
//
// Exactly, with R for any one character (a rune; a byte that is no UTF-8 counts as one):
//
//	mask        = 4R "..." 4R  |  "..." 6R  |  4R "..."
//	placeholder = "[id-" NAME "]"  |  "[ip-" NAME "]"  |  "[removed-" KIND 0*3( "," HINT ) "]"
//	NAME        = 10( "0"-"9" | "a"-"z" without e i l o )
//	KIND        = the name of a rule, as it stands in Report.Counts
//	HINT        = 1*16( letter | digit | "-" | "." )
//
// A mask counts as one where all of an id is of that form; a placeholder counts wherever it stands. NAME
// is made with the key: the same value of the same kind has the same name wherever the key is the same.
// No placeholder holds a blank or one of : = / @ &, so it survives a second pass and any splitting. A
// whole match of this grammar is left as it is, and what adjoins it is looked at.
//
// A field that is named like a credential or an e-mail address goes with name and value, whatever its
// type; a number, boolean or null stays where the name also says a measure (totalAuthFails).
//
// # Promised
//
// Redacting twice equals redacting once. Valid JSON stays valid, numbers keep their digits, members
// their order; an id that is a number becomes a string. Broken JSON is text from the element on that
// cannot be read; the rest of a removed object that is broken goes with it. Copy gives what Append
// gives, however the bytes arrive. Any bytes may come in; an error gives nothing out. Clean input costs
// no allocation. UTF-16 that has its mark, or that is a Latin script's, is read as such and comes out as
// UTF-8.
//
// # Bounds
//
// Text is looked at in segments of at most 64 KiB, cut behind a line where there is one, else at a
// blank. What matches across lines (documents in text, values in brackets, a value on the next line)
// must lie in one segment; PEM blocks may be longer. So must a word of text without any blank for that
// twice is once. A JSON string of more than 512 KiB is gone over in segments, too, and not opened as a
// document; a name, a number or blanks of more than 512 KiB are no JSON. Documents are opened 12 strings
// deep, brackets 16,384 deep. In {"value": ..., "name": ...} the name may come 256 KiB behind the value.
// Copy holds a few MiB, whatever the length of a line, a string or a document. Text around an HTML entity or a
// written escape is decoded up to 2 KiB and a line behind the last one. 512 KiB of strings that were found clean are
// remembered by byte, because events repeat theirs.
//
// # What is read besides plain text
//
// Documents in strings; escapes of JSON, labels and HELP; \u0041, \u{41} and \x41; percent-encoding and
// forms; HTML entities; base64 and hex of text; all of these in each other, 12 deep. In place of a word of
// base64 or hex that holds what must go stands [removed-encoded]; of all else only what must go is replaced.
// In a text whose first line names columns (CSV and its like), what stands in one named like a credential goes.
//
// # Reports, explanations, policies
//
// A Report counts by rule and lists the parents of removed fields; its Explain is told each change with
// rule, place and shape. A Policy adds names and values and makes exceptions, which it lists.
//
// # Not promised
//
// A password that looks like a word and stands alone in prose is not told from prose, nor is one of hex or
// base64 without a name beside it; a bare value with blanks in it ends at the first unless what is around it
// tells its end. Compressed and encrypted text is not opened.
package redact

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

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
	Values [][]byte                     // values known to be secret, 4 bytes or more; shorter ones are refused by New
	Keep   []string                     // field names that are never removed (those of the owner's format are built in)
	Policy *Policy                      // an operator's names, values and exceptions; nil: none
	Now    func() time.Time             // a clock, for placeholders that tell by how much a JWT has expired; nil: they do not
}

// minKey is the least length of a pseudonym key in bytes.
const minKey = 16

// Redactor applies one policy. It is safe for concurrent use; Known and Learn must be, too.
type Redactor struct {
	tab    *tables
	pad    keyPad
	epoch  string
	kinds  []kind           // index 0 is "no kind"
	fields map[string]uint8 // joined lower-case name -> kind
	shapes []shape
	keep   map[string]bool
	values atomic.Pointer[knownValues] // nil: none
	turns  atomic.Uint64               // how often values were set
	known  func(word []byte) bool
	learn  func(kind string, id []byte)
	now    func() time.Time
	policy *Policy
	fixed  [][]byte // values of the policy
	off    uint64   // bit: the rule is switched off, by the policy or in tests, which see that each one is needed
	passes sync.Pool

	// For tests that see that these change nothing:
	forgetsTexts, forgetsNames bool // no memory of them
	looks                      bool // no word is dull
}

// New checks the options and builds the tables. Errors name the faulty option, never a value.
func New(o Options) (*Redactor, error) {
	key := o.Key
	switch {
	case key == nil:
		key = make([]byte, 32)
		rand.Read(key) // never fails: it ends the process instead
	case len(key) < minKey:
		return nil, fmt.Errorf("redact options: key of %d bytes, at least %d are needed", len(key), minKey)
	}
	r := &Redactor{tab: sharedTables(), pad: newKeyPad(key), known: o.Known, learn: o.Learn, now: o.Now, keep: make(map[string]bool)}
	r.epoch = r.pad.epoch()
	for _, name := range o.Keep {
		r.keep[name] = true
	}
	for _, name := range formatNames {
		r.keep[name] = true
	}
	if err := r.addKinds(o.IDs); err != nil {
		return nil, fmt.Errorf("redact options: %w", err)
	}
	if o.Policy != nil {
		r.policy, r.fixed, r.off = o.Policy, o.Policy.values, o.Policy.off
	}
	if err := r.SetValues(o.Values); err != nil {
		return nil, fmt.Errorf("redact options: %w", err)
	}
	r.passes.New = func() any { return newPass(r) }
	return r, nil
}

// SetValues replaces the values that are known to be secret, but for those of the policy, for a caller whose credentials rotate. On
// an error the values before stay in force; it never quotes one.
func (r *Redactor) SetValues(values [][]byte) error {
	known, err := newKnownValues(slices.Concat(values, r.fixed))
	if err == nil {
		r.values.Store(known)
		r.turns.Add(1)
	}
	return err
}

// Turn is another number after each SetValues: what was made before may hold a value that is known now.
func (r *Redactor) Turn() uint64 { return r.turns.Load() }

// Append appends the redacted form of src to dst. On an error dst comes back as it was. rep may be nil.
// src and dst must not overlap.
func (r *Redactor) Append(dst, src []byte, as Format, rep *Report) (out []byte, err error) {
	p := r.begin(rep)
	defer func() {
		// The last line of defence of a component that must fail closed: no input is known that comes
		// here, and a pass that stopped half-way is not used again.
		if recover() != nil {
			out, err = dst, errInternal
		}
	}()
	s := stream{p: p, out: dst, base: len(dst), as: as}
	s.take(src, true)
	r.end(p)
	return s.out, nil
}

var errInternal = errors.New("redact: internal fault, nothing was given out")

// Clean is bytes that a Redactor made. Only this package makes one that is not empty.
type Clean struct{ b []byte }

// Bytes gives the clean bytes; they must not be changed.
func (c Clean) Bytes() []byte { return c.b }

// Len is the number of bytes.
func (c Clean) Len() int { return len(c.b) }

// Clean is Append as a value that windows and sections take.
func (r *Redactor) Clean(src []byte, as Format, rep *Report) (Clean, error) {
	b, err := r.Append(make([]byte, 0, len(src)), src, as, rep)
	if err != nil {
		return Clean{}, err
	}
	return Clean{b}, nil
}

// Copy is Append for streams of any length, in bounded memory (see Bounds). What it writes does not
// depend on how rd cuts its chunks and is what Append gives for the same bytes. On an error of rd or w,
// what was written by then is clean.
func (r *Redactor) Copy(w io.Writer, rd io.Reader, as Format, rep *Report) (err error) {
	p := r.begin(rep)
	defer func() {
		if recover() != nil {
			err = errInternal
		}
	}()
	s := stream{p: p, as: as}
	if err := s.copy(w, rd); err != nil {
		return err
	}
	r.end(p)
	return nil
}

// RuleSet identifies the rules: a version, a hash of the tables, and one of the policy's file, if there is one.
func (r *Redactor) RuleSet() string {
	if r.policy == nil {
		return r.tab.ruleSet
	}
	return r.tab.ruleSet + "-" + r.policy.hash
}

// Epoch identifies the pseudonym key without giving it away: 6 signs of the alphabet of names.
func (r *Redactor) Epoch() string { return r.epoch }

var defaultRedactor = sync.OnceValues(func() (*Redactor, error) { return New(Options{}) })

// Append redacts with the default policy and a key of this process, the format recognised by itself.
func Append(dst, src []byte) ([]byte, error) {
	r, err := defaultRedactor()
	if err != nil {
		return dst, err
	}
	return r.Append(dst, src, Auto, nil)
}
