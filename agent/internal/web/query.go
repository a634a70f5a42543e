package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"relaypack/pack"
)

const (
	maxLimit = 2000            // events of one answer
	lastMs   = 253402300799999 // the end of the year 9999
)

// readQuery takes a query that has nothing but the named parameters, each at most once and not empty.
func readQuery(r *http.Request, names ...string) (map[string]string, *problem) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, badField("query", "cannot be read")
	}
	given := make([]string, 0, len(values))
	for name := range values {
		given = append(given, name)
	}
	slices.Sort(given)
	out := map[string]string{}
	for _, name := range given {
		switch v := values[name]; {
		case !slices.Contains(names, name):
			return nil, badField("query", "has an unknown parameter; this path takes "+listed(names))
		case len(v) > 1:
			return nil, badField(name, "stands there more than once")
		case v[0] == "":
			return nil, badField(name, "is empty")
		default:
			out[name] = v[0]
		}
	}
	return out, nil
}

func listed(names []string) string {
	if len(names) == 0 {
		return "no parameters"
	}
	return strings.Join(names, ", ")
}

// eventFilter reads ?type=&sessionId=&since=&limit=.
func (a *API) eventFilter(r *http.Request) (f pack.EventFilter, p *problem) {
	q, p := readQuery(r, "type", "sessionId", "since", "limit")
	if p != nil {
		return f, p
	}
	if class, ok := q["type"]; ok && class != "all" {
		if !slices.Contains(a.opt.Classes, class) {
			return f, badField("type", "must be all or one of "+listed(a.opt.Classes))
		}
		f.Class = class
	}
	if id, ok := q["sessionId"]; ok {
		if reason := IDFault(id); reason != "" {
			return f, badField("sessionId", reason)
		}
		f.Session = id
	}
	if f.Since, p = readSince(q); p != nil {
		return f, p
	}
	if text, ok := q["limit"]; ok {
		n, good := digits(text)
		if !good || n < 1 || n > maxLimit {
			return f, badField("limit", "must be a whole number from 1 to 2000")
		}
		f.Limit = int(n)
	}
	return f, nil
}

// historyQuery reads ?series=&since=.
func historyQuery(r *http.Request) (series string, since time.Time, p *problem) {
	q, p := readQuery(r, "series", "since")
	if p != nil {
		return "", since, p
	}
	if name, ok := q["series"]; ok {
		if reason := IDFault(name); reason != "" {
			return "", since, badField("series", reason)
		}
	}
	since, p = readSince(q)
	return q["series"], since, p
}

// readSince reads epoch milliseconds or RFC 3339; the zero time when it is not given.
func readSince(q map[string]string) (time.Time, *problem) {
	text, ok := q["since"]
	if !ok {
		return time.Time{}, nil
	}
	if ms, ok := digits(text); ok && ms <= lastMs {
		return time.UnixMilli(ms), nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	return time.Time{}, badField("since", "must be epoch milliseconds or a time as in RFC 3339, with + as %2B")
}

// digits reads a whole number that has nothing but digits, at most 15.
func digits(text string) (int64, bool) {
	if len(text) == 0 || len(text) > 15 || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}
