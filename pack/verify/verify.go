// Package verify is the second opinion: it looks for secrets and raw ids in bytes that are about to leave.
//
//	d := verify.New(verify.Options{Known: seen.Known})
//	for _, f := range d.Scan(doc) { ... }
//
// It shares no code, no tables and no method with package redact. Where a redactor follows names and
// anchors, the detector decodes what can be decoded (JSON, JSON inside text, escapes, percent, base64,
// hex) and judges what is there: alphabets, lengths, entropy next to a suspicious word, check digits,
// well-known beginnings, known values, words that were seen as ids.
//
// What redaction leaves is skipped when it stands as a whole, never what adjoins it:
//
//	[id-NAME] [ip-NAME]           NAME: 10 of 0-9 a-z without e i l o
//	[removed-KIND] [removed-KIND,hint,...]
//	abcd...wxyz  ...uvwxyz  abcd...   masked ids
//
// Promised: linear time, bounded memory, no panic on any bytes, the same findings for the same bytes,
// excerpts that show a shape and never a value. Not promised: that bytes without a finding hold no
// secret. A password that looks like a word and stands alone is beyond any detector.
package verify

import "sync/atomic"

// Bounds.
const (
	maxFindings = 1000
	maxDepth    = 4 // JSON in text in JSON ..., and encodings in encodings
)

// Options is what a Detector knows beside its own rules.
type Options struct {
	Known  func(word []byte) bool // an id seen raw; asked for words of 8 and more characters with a digit; nil: none
	Values [][]byte               // values known to be secret, at least 6 bytes long each (shorter ones are ignored)
}

// Detector scans finished bytes. It is safe for concurrent use.
type Detector struct {
	known  func(word []byte) bool
	values atomic.Pointer[valueForms]
}

// New builds a Detector.
func New(o Options) *Detector {
	d := &Detector{known: o.Known}
	d.SetValues(o.Values)
	if d.known == nil {
		d.known = func([]byte) bool { return false }
	}
	return d
}

// SetValues replaces the values that are known to be secret, for a caller whose credentials rotate.
func (d *Detector) SetValues(values [][]byte) {
	forms := formsOf(values)
	d.values.Store(&forms)
}

// Finding is one thing that must not leave.
type Finding struct {
	Pointer string // JSON pointer of the value (or of the member whose name it is); "" in text, or at the top
	Offset  int    // in the document: of the string that holds it, or in text of its first byte
	Line    int    // of Offset, from 1
	Kind    string // see the constants
	Excerpt string // masked: shape and length, never the value
}

// The kinds of findings.
const (
	KindID         = "raw-id"           // an id field, a room or a word that names a session, socket or user
	KindKnown      = "known-value"      // a value that was given as known, in any form
	KindField      = "credential-field" // a text under a name that says credential
	KindMailField  = "e-mail-field"     // likewise, e-mail
	KindAssignment = "assignment"       // name=value, name: value, name is value in text
	KindBearer     = "bearer"           // a scheme of the Authorization header and what follows it
	KindJWT        = "jwt"              // three parts, the first of which is a header
	KindPEM        = "pem"              // a block that is not public
	KindVendor     = "vendor"           // a well-known beginning
	KindUserinfo   = "userinfo"         // user and password of a URL
	KindMail       = "e-mail"
	KindIP         = "public-ip"
	KindCard       = "card"
	KindEntropy    = "entropy" // random-looking next to a suspicious word
)

// Scan looks through one document: JSON (one value, or several) when it parses as JSON, else text. It
// gives at most 1,000 findings, in the order of their places.
func (d *Detector) Scan(doc []byte) []Finding {
	forms := *d.values.Load()
	s := &scan{d: d, doc: doc, forms: forms, planted: forms.in(doc)}
	if !s.json(doc) {
		s = &scan{d: d, doc: doc, forms: forms, planted: s.planted}
		s.lines(doc)
	}
	return s.found
}

// scan is one run over one document.
type scan struct {
	d       *Detector
	doc     []byte
	forms   valueForms
	planted bool // a known value stands somewhere in the document
	found   []Finding
	pointer func() string // of the string under way
	offset  int           // of the string under way, or of the line
	inText  bool          // offsets inside the string are offsets in the document
	lineAt  int           // offset up to which lines were counted
	line    int
	depth   int // of JSON inside text
	scratch []byte
}

func (s *scan) full() bool { return len(s.found) >= maxFindings }

// report notes one finding: at is its place inside the text under way.
func (s *scan) report(kind string, what []byte, at int) {
	if s.full() {
		return
	}
	f := Finding{Kind: kind, Excerpt: excerpt(what), Offset: s.offset}
	if s.inText {
		f.Offset += at
	}
	f.Offset = min(f.Offset, len(s.doc))
	if n := len(s.found); n > 0 && s.found[n-1].Offset == f.Offset && s.found[n-1].Kind == kind {
		return
	}
	if s.pointer != nil {
		f.Pointer = s.pointer()
	}
	if f.Offset < s.lineAt {
		s.lineAt, s.line = 0, 0
	}
	for _, c := range s.doc[s.lineAt:f.Offset] {
		if c == '\n' {
			s.line++
		}
	}
	s.lineAt = f.Offset
	f.Line = s.line + 1
	s.found = append(s.found, f)
}

const maxExcerpt = 24

// excerpt shows the shape of a text: A for capitals, a for other letters, 9 for digits.
func excerpt(what []byte) string {
	out := make([]byte, 0, maxExcerpt+3)
	for _, c := range what {
		if len(out) == maxExcerpt {
			return string(out) + "..."
		}
		switch {
		case c >= 'A' && c <= 'Z':
			out = append(out, 'A')
		case c >= 'a' && c <= 'z' || c >= 0x80:
			out = append(out, 'a')
		case c >= '0' && c <= '9':
			out = append(out, '9')
		case c < ' ' || c == 0x7f:
			out = append(out, ' ')
		default:
			out = append(out, c)
		}
	}
	return string(out)
}
