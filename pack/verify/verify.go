// Package verify is the second opinion: it looks for secrets and raw ids in bytes that are about to leave.
//
//	d := verify.New(verify.Options{Known: seen.Known})
//	for _, f := range d.Scan(doc) { ... }
//	found, err := d.ScanReader(file) // any length, in about half a megabyte
//
// It shares no code, no tables and no method with package redact. Where a redactor follows names and
// anchors, the detector decodes what can be decoded (JSON, JSON inside text, escapes, percent, entities,
// base64, hex, gzip, UTF-16, signs that nobody sees and letters that imitate others) and judges what is
// there: alphabets, lengths, turns between kinds of signs, entropy next to a suspicious word, check digits,
// well-known beginnings and forms, known values, words that were seen as ids.
//
// What redaction leaves is skipped when it stands as a whole, never what adjoins it:
//
//	[id-NAME] [ip-NAME]           NAME: 10 of 0-9 a-z without e i l o
//	[removed-KIND] [removed-KIND,hint,...]
//	abcd...wxyz  ...uvwxyz  abcd...   masked ids
//
// The way of a document: window.go holds the part of it that is looked at (wide.go: what is packed or
// UTF-16), passages.go parts it into values of JSON and text. document.go and strings.go walk a value,
// members.go judges its members by the names around them (senses.go). text.go goes through each text word
// by word: named.go, values.go and elements.go judge what a name in front of a value says, spoken.go words
// that need no separator, directives.go settings and commands of Redis, statements.go those of images
// and routers, commands.go flags, argued.go arguments of calls, tables.go rows and pairs, stands.go what only
// stands for a value, wording.go what is prose and what is made up; shapes.go, keys.go, vendors.go, forms.go,
// halves.go, addresses.go, userinfo.go, numbers.go, people.go and ids.go know what shows by itself;
// scrambled.go a random part behind any short beginning, marks.go beginnings with a length and an alphabet,
// printed.go what programs print without = and :, versions.go four numbers that are no address. encodings.go, spellings.go, escapes.go, packed.go
// and known.go look behind encodings; grammar.go knows what redaction leaves; findings.go collects.
//
// Promised: linear time (what is decoded from one text costs at most 40 times its length and 8 KiB, and at
// most 5 encodings deep; at most 4 MiB of a document are unpacked from gzip inside it), no panic on any
// bytes, the same findings for the same bytes, excerpts that show a shape and never a value. Scan holds the
// document and a few times its longest text, ScanReader a window of 256 KiB and the like for what is decoded.
// Not promised: that bytes without a finding hold no secret. A password that looks like a word and stands
// alone is beyond any detector.
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
	turns  atomic.Uint64 // how often values were set
	seed   maphash.Seed  // of the cache of texts in which nothing was found
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
	d.turns.Add(1)
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
