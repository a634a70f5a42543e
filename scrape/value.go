package scrape

import (
	"context"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"relaypack/scrape/profile"
)

// runMillis runs a query that gives epoch milliseconds on a JSON answer; false where it gives none.
func runMillis(ctx context.Context, q *profile.Query, body []byte, now time.Time) (int64, bool) {
	if q == nil {
		return 0, false
	}
	v, ok := runQuery(ctx, q, body, now)
	if !ok {
		return 0, false
	}
	return wholeMillis(v)
}

func runQuery(ctx context.Context, q *profile.Query, body []byte, now time.Time) (any, bool) {
	doc, _, err := profile.Document(body)
	if err != nil {
		return nil, false
	}
	v, err := q.Run(ctx, doc, now)
	return v, err == nil && v != nil
}

// wholeMillis reads a number of milliseconds after 1970 (a start of 0 is none) and before 2200.
func wholeMillis(v any) (int64, bool) {
	var f float64
	switch n := v.(type) {
	case json.Number:
		parsed, err := n.Float64()
		if err != nil {
			return 0, false
		}
		f = parsed
	case float64:
		f = n
	case int:
		f = float64(n)
	default:
		return 0, false
	}
	if !(f > 86_400_000 && f < 7_258_118_400_000) {
		return 0, false
	}
	return int64(math.Round(f)), true
}

// newestID gives the sequence number of the first event that a ring lists. Newest first it is the
// newest, oldest first the oldest: neither goes back in one life.
func newestID(ev *profile.EventSource, body []byte) (uint64, bool) {
	element, ok := ev.Each.First(body)
	if !ok {
		return 0, false
	}
	raw, ok := ev.ID.First(element)
	if !ok {
		return 0, false
	}
	text := string(raw)
	if raw[0] == '"' {
		text = unquote(raw)
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(text, ev.Prefix), 10, 63)
	return n, err == nil
}
