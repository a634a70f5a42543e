package profile

import (
	"context"
	"time"
)

// Query is a compiled jq expression. Its document is `.`, the instant of the look (ms) is $now.
type Query struct {
	Text string
}

// Run gives the first output of the expression on doc (as Document decodes it), or nil for null and
// for no output. Numbers come back as json.Number, int, *big.Int or float64; objects as map[string]any.
// The error never quotes doc.
func (q *Query) Run(ctx context.Context, doc any, now time.Time) (any, error) { return nil, nil }

// Document decodes a JSON answer for queries, numbers as json.Number. They see at most 256 KiB: of a
// larger answer the longest arrays are left out until the rest fits, and cut is true.
func Document(body []byte) (doc any, cut bool, err error) { return nil, false, nil }

// Path is a place in a JSON document that is walked as tokens, without decoding a tree:
// `.a.b` names a member, a trailing `[]` the elements of an array: `.events[]`, `.sessions[].sessionId`.
type Path struct {
	Text string
}

// First gives the raw JSON value at p (of the first element where p has []), false where there is none.
func (p Path) First(doc []byte) ([]byte, bool) { return nil, false }

// Each calls fn with the raw bytes of every value at p, in the document's order, until fn returns an error.
func (p Path) Each(doc []byte, fn func(value []byte) error) error { return nil }
