package scrape

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"relaypack/scrape/profile"
)

// maxDepth is how deep an answer may be nested.
const maxDepth = 200

// verdict is what an answer says about its source.
type verdict struct {
	status Status
	why    reason
	absent bool // what was asked for is not there: an answer, not a fault
}

// codes maps status codes that mean one thing. 404 means three (notFound), a success is checked.
var codes = map[int]verdict{
	http.StatusBadRequest:      {status: Invalid, why: becauseRequest},
	http.StatusUnauthorized:    {status: Unauthorized, why: becauseBearer},
	http.StatusForbidden:       {status: Forbidden, why: becauseForbidden},
	http.StatusTooManyRequests: {status: Limited, why: becauseRelayLimit},
}

// judge decides what an answer that was read in full means, by its code and, where that is not
// enough, by its body. For a good JSON answer it gives the unwrapped value.
func judge(src *profile.Source, refusals profile.Refusals, a *answer) (verdict, []byte) {
	v, known := codes[a.code]
	switch {
	case success(a.code):
		if isHTML(a.header, a.body) {
			return verdict{status: Invalid, why: becauseHTML}, nil
		}
		if src.Format == profile.Exposition {
			return verdict{status: OK}, nil
		}
		return judgeJSON(src, a.body)
	case a.code == http.StatusNotFound:
		return notFound(src, refusals, a), nil
	case known:
		return v, nil
	case a.code >= 300 && a.code < 400:
		return verdict{status: Invalid, why: becauseRedirect}, nil
	case a.code >= 500:
		return verdict{status: Invalid, why: becauseServer}, nil
	}
	return verdict{status: Invalid, why: becauseCode}, nil
}

// notFound tells the meanings of 404 apart: switched off, the thing asked for is not there, or no
// such path (HTML, or a text that the profile does not know).
func notFound(src *profile.Source, refusals profile.Refusals, a *answer) verdict {
	text := refusalText(a.body)
	switch {
	case isHTML(a.header, a.body):
	case slices.Contains(refusals.Off, text):
		return verdict{status: Off, why: becauseOff}
	case slices.Contains(refusals.Absent, text) && src.Every == profile.EveryAsk:
		return verdict{status: OK, why: becauseNotThere, absent: true}
	case slices.Contains(refusals.Absent, text):
		return verdict{status: Invalid, why: becauseNotThere}
	}
	return verdict{status: Off, why: becauseNoPath}
}

func judgeJSON(src *profile.Source, body []byte) (verdict, []byte) {
	if len(bytes.TrimSpace(body)) == 0 {
		return verdict{status: Invalid, why: becauseEmpty}, nil
	}
	if !utf8.Valid(body) { // would make every pack invalid that it gets into
		body = bytes.ToValidUTF8(body, []byte("\ufffd"))
	}
	if why := checkJSON(body); why != because0 {
		return verdict{status: Invalid, why: why}, nil
	}
	if flag, ok := member(body, "success"); ok && string(flag) == "false" {
		return verdict{status: Invalid, why: becauseNotSuccess}, nil
	}
	value := body
	if !src.Unwrap.Empty() {
		var ok bool
		if value, ok = src.Unwrap.First(body); !ok {
			return verdict{status: Invalid, why: becauseNoData}, nil
		}
	}
	if len(src.Lists) > 0 && !slices.ContainsFunc(src.Lists, func(p profile.Path) bool { return p.HasList(value) }) {
		return verdict{status: Invalid, why: becauseNoList}, nil
	}
	return verdict{status: OK}, value
}

// checkJSON walks the tokens of one JSON value without building a tree.
func checkJSON(body []byte) reason {
	d := decoder(body)
	for {
		if _, err := d.ReadToken(); err != nil {
			return becauseNotJSON
		}
		depth := d.StackDepth()
		if depth > maxDepth {
			return becauseDepth
		}
		if depth == 0 {
			break
		}
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return becauseNotJSON
	}
	return because0
}

func decoder(body []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true))
}

// member gives the raw value of a member of a JSON object, false where there is none.
func member(body []byte, name string) ([]byte, bool) {
	d := decoder(body)
	if t, err := d.ReadToken(); err != nil || t.Kind() != '{' {
		return nil, false
	}
	for d.PeekKind() == '"' {
		t, err := d.ReadToken()
		if err != nil {
			return nil, false
		}
		if t.String() == name {
			v, err := d.ReadValue()
			return v, err == nil
		}
		if d.SkipValue() != nil {
			return nil, false
		}
	}
	return nil, false
}

// refusalText gives the text of an error answer in either of its shapes, {"error":"text"} and
// {"error":{"message":"text"}}; it is compared and never kept.
func refusalText(body []byte) string {
	v, ok := member(body, "error")
	if ok && len(v) > 0 && v[0] == '{' {
		v, ok = member(bytes.Clone(v), "message")
	}
	if !ok {
		return ""
	}
	return unquote(v)
}

// unquote gives the text of a raw JSON string, "" for any other value.
func unquote(v []byte) string {
	if len(v) == 0 || v[0] != '"' {
		return ""
	}
	text, err := jsontext.AppendUnquote(nil, v)
	if err != nil {
		return ""
	}
	return string(text)
}
