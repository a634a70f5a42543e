package profile

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/itchyny/gojq"
)

// Query is a compiled jq expression. Its document is `.`, the instant of the look in epoch
// milliseconds is $now. A Query is safe for use by several goroutines.
//
// It has no environment, no modules, no input beside its document, and `*` multiplies numbers only
// (a text times a number that a relay chooses would fill the memory). What cannot be bounded from
// outside is an expression that itself builds ever larger values (`[range(1e9)]`, text doubled in a
// reduce): the time limit stops it after some tens of MB, or some hundred for doubled text.
type Query struct {
	Text   string
	code   *gojq.Code
	writes bool // runs on a copy of its document, see writers
}

// runLimit is how long an expression may take on one answer.
const runLimit = 100 * time.Millisecond

// The errors of a query. Own words: those of the engine quote the document, and some cannot be
// printed at all.
var (
	ErrQueryType = errors.New("query: type error")
	ErrQuerySlow = errors.New("query: too slow")
)

// Run gives the first output of the expression on doc (as Document decodes it), or nil for null and
// for no output. Numbers come back as json.Number, int, *big.Int or float64 (never NaN or infinite),
// objects as map[string]any, possibly parts of doc: neither is to be changed.
//
// doc holds map[string]any, []any, string, bool, json.Number, int, float64 and nil only; anything
// else is ErrQueryType. ErrQuerySlow comes after 100 ms; when ctx ends, its error comes wrapped.
func (q *Query) Run(ctx context.Context, doc any, now time.Time) (out any, err error) {
	if q == nil || q.code == nil {
		return nil, ErrQueryType
	}
	defer func() {
		if recover() != nil { // the engine panics on Go types that JSON does not have
			out, err = nil, ErrQueryType
		}
	}()
	if q.writes {
		doc = clone(doc)
	}
	own, cancel := context.WithTimeout(ctx, runLimit)
	defer cancel()
	v, ok := q.code.RunWithContext(own, doc, millis(now)).Next()
	if !ok {
		return nil, nil
	}
	if fault, bad := v.(error); bad {
		return nil, queryError(ctx, own, fault)
	}
	if !finite(v) {
		return nil, ErrQueryType
	}
	return v, nil
}

// clone copies what can be written to.
func clone(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = clone(e)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, e := range v {
			object[name] = clone(e)
		}
		return object
	}
	return v
}

// millis is an integer wherever the engine's integers hold one.
func millis(t time.Time) any {
	if ms := t.UnixMilli(); int64(int(ms)) == ms {
		return int(ms)
	}
	return float64(t.UnixMilli())
}

// queryError names a fault without ever printing it.
func queryError(ctx, own context.Context, fault error) error {
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("query: %w", ctx.Err())
	case own.Err() != nil && (fault == context.DeadlineExceeded || fault == own.Err()):
		return ErrQuerySlow
	}
	return ErrQueryType
}

// finite says whether JSON can write v.
func finite(v any) bool {
	switch v := v.(type) {
	case float64:
		return !math.IsNaN(v) && !math.IsInf(v, 0)
	case []any:
		for _, e := range v {
			if !finite(e) {
				return false
			}
		}
	case map[string]any:
		for _, e := range v {
			if !finite(e) {
				return false
			}
		}
	}
	return true
}
