package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"relaypack/pack"
)

const maxBody = 64 << 10 // bytes of a request's body

// readPackRequest reads the body of POST /api/ops/support-pack: nothing, or an object with sessionId,
// traceId (1 to 200 printable characters) and includeConfig, each of which may be null or absent.
func readPackRequest(w *answer, r *http.Request) (pack.Request, *problem) {
	req := pack.Request{Trigger: pack.Trigger{Kind: pack.Manual}}
	body, p := readBody(w, r)
	if p != nil || len(body) == 0 {
		return req, p
	}
	if p := checkContentType(r.Header); p != nil {
		return req, p
	}
	return req, decodePackRequest(body, &req)
}

// readBody reads at most maxBody bytes, within the server's read timeout.
func readBody(w *answer, r *http.Request) ([]byte, *problem) {
	// The server's own writer, because MaxBytesReader tells it that the limit was hit: then it closes
	// slowly enough for a client that still writes to read the answer.
	body, err := io.ReadAll(http.MaxBytesReader(w.ResponseWriter, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	var p *problem
	switch {
	case err == nil:
		return body, nil
	case errors.As(err, &tooLarge):
		p = fault(http.StatusRequestEntityTooLarge, "the body is larger than 64 KiB")
	case errors.Is(err, os.ErrDeadlineExceeded):
		p = fault(http.StatusRequestTimeout, "the body did not come in time")
	default:
		p = fault(http.StatusBadRequest, "the body broke off or cannot be read")
	}
	p.Field, p.closes = "body", true
	return nil, p
}

func checkContentType(h http.Header) *problem {
	p := fault(http.StatusUnsupportedMediaType, "a body must be application/json in UTF-8, not encoded")
	if enc := h.Get("Content-Encoding"); enc != "" && !strings.EqualFold(enc, "identity") {
		p.Field = "Content-Encoding"
		return p
	}
	p.Field = "Content-Type"
	values := h.Values("Content-Type")
	if len(values) != 1 {
		return p
	}
	mediaType, parameters, err := mime.ParseMediaType(values[0])
	if err != nil || mediaType != jsonType {
		return p
	}
	if charset, ok := parameters["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
		return p
	}
	return nil
}

func decodePackRequest(body []byte, req *pack.Request) *problem {
	return decodeObject(body, func(d *jsontext.Decoder, name string) *problem { return decodeMember(d, name, req) })
}

// decodeObject takes an object member by member, so that every fault has its name; member reads a value. What
// is no JSON in UTF-8 is a fault of the body, also inside a member.
func decodeObject(body []byte, member func(d *jsontext.Decoder, name string) *problem) *problem {
	d := jsontext.NewDecoder(bytes.NewReader(body))
	if open, err := d.ReadToken(); err != nil {
		return badJSON(err)
	} else if open.Kind() != '{' {
		return badField("body", "must be a JSON object")
	}
	for {
		name, err := d.ReadToken()
		if err != nil {
			return badJSON(err)
		}
		if name.Kind() == '}' {
			break
		}
		if p := member(d, name.String()); p != nil {
			return p
		}
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return badField("body", "something follows the JSON object")
	}
	return nil
}

func decodeMember(d *jsontext.Decoder, name string, req *pack.Request) *problem {
	var id *string
	switch name {
	case "sessionId":
		id = &req.SessionID
	case "traceId":
		id = &req.TraceID
	case "includeConfig":
	default:
		return badField("body", "has an unknown member; there are sessionId, traceId and includeConfig")
	}
	v, err := d.ReadToken()
	if err != nil {
		return badJSON(err)
	}
	switch kind := v.Kind(); {
	case kind == 'n':
	case id != nil && kind == '"':
		if reason := IDFault(v.String()); reason != "" {
			return badField(name, reason)
		}
		*id = v.String()
	case id != nil:
		return badField(name, "must be a text")
	case kind == 't' || kind == 'f':
		req.IncludeConfig = v.Bool()
	default:
		return badField(name, "must be true or false")
	}
	return nil
}

// badJSON tells what is wrong with a body without quoting it. A name that stands there twice is one of ours:
// an unknown one is refused where it stands first.
func badJSON(err error) *problem {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) && errors.Is(syntax.Err, jsontext.ErrDuplicateName) {
		return badField(syntax.JSONPointer.LastToken(), "stands there twice")
	}
	return badField("body", "is not valid JSON in UTF-8")
}
