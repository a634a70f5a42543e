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
// The way of a document: document.go walks its JSON (what is no JSON is read as text, line by line),
// members.go judges a value by the names around it (senses.go), text.go goes through each text word by
// word, named.go judges what stands behind a suspicious word; shapes.go, vendors.go, addresses.go,
// numbers.go and ids.go know what shows by itself; escapes.go, encodings.go and known.go look behind
// encodings; grammar.go knows what redaction leaves; findings.go collects.
//
// Promised: linear time, memory of a few times the document, no panic on any bytes, the same findings
// for the same bytes, excerpts that show a shape and never a value. Not promised: that bytes without a
// finding hold no secret. A password that looks like a word and stands alone is beyond any detector.
//
// A pointer is made of the document's own names, and a name can be what was found (KindMail in a map by
// e-mail): it is for finding the place in the document, and no better to print than the document.
package verify

import (
	"hash/maphash"
	"io"
	"sync/atomic"
)

// Bounds.
const (
	maxFindings = 1000
	maxDepth    = 5 // JSON in text in JSON ..., and encodings in encodings
)

// Options is what a Detector knows beside its own rules.
type Options struct {
	Known  func(word []byte) bool // an id seen raw; asked for words of 8 and more characters with a digit; nil: none
	Values [][]byte               // values known to be secret, at least 6 bytes long each (shorter ones are ignored)
}

// Detector scans finished bytes. It is safe for concurrent use.
type Detector struct {
	known  func(word []byte) bool // nil: none
	values atomic.Pointer[valueIndex]
	seed   maphash.Seed // of the cache of texts in which nothing was found
}

// New builds a Detector.
func New(o Options) *Detector {
	d := &Detector{known: o.Known, seed: maphash.MakeSeed()}
	d.SetValues(o.Values)
	return d
}

// SetValues replaces the values that are known to be secret, for a caller whose credentials rotate.
func (d *Detector) SetValues(values [][]byte) {
	d.values.Store(indexOf(values))
}

// Finding is one thing that must not leave.
type Finding struct {
	Pointer string // JSON pointer of the value (or of the member whose name it is); "" in text, or at the top
	Offset  int    // in the document: of its first byte, or of the run of base64 or hex that holds it; of UTF-16 and gzip, in what they stand for
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
	KindHardware   = "mac-address"
	KindHome       = "home-folder" // the name of a person in a path
	KindCard       = "card"
	KindPhone      = "phone"         // in a field that says so
	KindHash       = "password-hash" // a hashed password with its method and salt
	KindEntropy    = "entropy"       // random-looking next to a suspicious word
)

// Scan looks through one document: JSON, text, or both in any order, in UTF-8 or UTF-16. It gives at most
// 1,000 findings, in the order of their places.
func (d *Detector) Scan(doc []byte) []Finding {
	if order := wideOrder(doc); order != nil {
		doc = narrowed(doc, order)
	}
	s := d.begin(doc, nil)
	s.passages()
	return s.finish()
}

// ScanReader looks through a document of any length, of which it holds about half a megabyte at a time:
// texts longer than 64 KiB are looked at in pieces that overlap by 1 KiB, what a name says of its value
// holds for all of them. A document that gzip packed is unpacked on the way. It stops at 1,000 findings. An
// error is one of reading; what was found before it is given all the same.
func (d *Detector) ScanReader(r io.Reader) ([]Finding, error) {
	r, err := unwrapped(r)
	if err != nil {
		return nil, err
	}
	s := d.begin(nil, r)
	s.passages()
	return s.finish(), s.err
}
