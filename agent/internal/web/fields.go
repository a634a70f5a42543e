package web

import (
	"net/http"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// fields are the members that a body may have, and where their values go.
type fields struct {
	ids, texts map[string]*string
	times      map[string]*time.Time
	flags      map[string]*bool
	lists      map[string]*[]string
}

const maxList = 100 // elements of a list in a body

func (f fields) read(w *answer, r *http.Request) *problem {
	body, p := readBody(w, r)
	if p != nil {
		return p
	}
	if p := checkContentType(r.Header); p != nil {
		return p
	}
	return decodeObject(body, f.member)
}

func (f fields) member(d *jsontext.Decoder, name string) *problem {
	if list, ok := f.lists[name]; ok {
		return readTexts(d, name, list)
	}
	v, err := d.ReadToken()
	if err != nil {
		return badJSON(err)
	}
	kind := v.Kind()
	switch {
	case f.ids[name] != nil && kind == '"':
		if reason := IDFault(v.String()); reason != "" {
			return badField(name, reason)
		}
		*f.ids[name] = v.String()
	case f.texts[name] != nil && kind == '"':
		if *f.texts[name] = v.String(); len(v.String()) > 1000 {
			return badField(name, "has more than 1000 bytes")
		}
	case f.times[name] != nil && kind == '0':
		ms, _ := v.Float() // the error only says that it is larger than any float
		if ms < 0 || ms > lastMs {
			return badField(name, "must be epoch milliseconds")
		}
		*f.times[name] = time.UnixMilli(int64(ms))
	case f.flags[name] != nil && (kind == 't' || kind == 'f'):
		*f.flags[name] = v.Bool()
	case f.ids[name] == nil && f.texts[name] == nil && f.times[name] == nil && f.flags[name] == nil:
		return badField("body", "has an unknown member")
	case kind != 'n':
		return badField(name, "is of another type")
	}
	return nil
}

func readTexts(d *jsontext.Decoder, name string, list *[]string) *problem {
	open, err := d.ReadToken()
	if err != nil {
		return badJSON(err)
	}
	if open.Kind() != '[' {
		return badField(name, "must be a list of texts")
	}
	for {
		v, err := d.ReadToken()
		switch {
		case err != nil:
			return badJSON(err)
		case v.Kind() == ']':
			return nil
		case v.Kind() != '"' || len(*list) == maxList || IDFault(v.String()) != "":
			return badField(name, "must be a list of at most 100 names")
		}
		*list = append(*list, v.String())
	}
}
