package scrape

import (
	"net/url"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxParameter is the length of a value that a request may name.
const maxParameter = 200

// resolve gives the URL of a source's path below the base. Each {name} in it is replaced by its
// parameter, escaped into one path segment or one query value. It is false when a parameter is
// missing, empty, longer than 200 bytes, or would be a path of its own ("." and "..").
func (w *wire) resolve(path string, params map[string]string) (*url.URL, bool) {
	plain, query, _ := strings.Cut(path, "?")
	out := *w.base
	decoded, ok1 := fillIn(plain, params, unescaped, segment)
	escaped, ok2 := fillIn(plain, params, asWritten, func(v string) (string, bool) {
		return url.PathEscape(v), true
	})
	values, ok3 := fillIn(query, params, asWritten, func(v string) (string, bool) {
		return url.QueryEscape(v), true
	})
	// Both, so that an escaped slash in a parameter stays escaped; JoinPath would resolve dots.
	out.Path, out.RawPath, out.RawQuery = w.base.Path+decoded, w.base.EscapedPath()+escaped, values
	return &out, ok1 && ok2 && ok3
}

// fillBody puts parameters into the texts of a JSON body. The text "{seconds}" becomes a number.
func fillBody(body string, params map[string]string) string {
	for name, v := range params {
		if len(v) > maxParameter {
			v = ""
		}
		if number := jsontext.Value(v); name == "seconds" && number.Kind() == '0' && number.IsValid() {
			body = strings.ReplaceAll(body, `"{seconds}"`, v)
		}
		b, _ := jsontext.AppendQuote(nil, v)
		body = strings.ReplaceAll(body, "{"+name+"}", string(b[1:len(b)-1]))
	}
	return body
}

func asWritten(literal string) (string, bool) { return literal, true }

func unescaped(literal string) (string, bool) {
	text, err := url.PathUnescape(literal)
	return text, err == nil
}

func segment(v string) (string, bool) { return v, v != "." && v != ".." }

// fillIn replaces every {name} of a template.
func fillIn(template string, params map[string]string, literal, value func(string) (string, bool)) (string, bool) {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		text, ok := literal(before)
		if !ok {
			return "", false
		}
		out.WriteString(text)
		if !found {
			return out.String(), true
		}
		name, after, closed := strings.Cut(rest, "}")
		v := params[name]
		if !closed || v == "" || len(v) > maxParameter {
			return "", false
		}
		if text, ok = value(v); !ok {
			return "", false
		}
		out.WriteString(text)
		template = after
	}
}
