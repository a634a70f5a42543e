package web

import (
	"bytes"
	"net/http"

	"relaypack/pack/report"
)

// readFormat reads ?format=, json (the default) or html.
func readFormat(r *http.Request) (asPage bool, p *problem) {
	q, p := readQuery(r, "format")
	if p != nil {
		return false, p
	}
	switch q["format"] {
	case "", "json":
		return false, nil
	case "html":
		return true, nil
	}
	return false, badField("format", "must be json or html")
}

// formatted is a pack as it was asked for: as it is, or as the page of package report.
func formatted(pack []byte, asPage bool) ([]byte, error) {
	if !asPage {
		return pack, nil
	}
	var b bytes.Buffer
	err := report.HTML(&b, pack)
	return b.Bytes(), err
}

// sendPack answers with a pack as a file of that name. A page brings its own policy: its one style sheet, no script.
func sendPack(w *answer, r *http.Request, name string, body []byte, asPage bool) {
	contentType := jsonType
	if asPage {
		contentType, name = "text/html; charset=utf-8", name+".html"
		w.Header().Set("Content-Security-Policy", report.Policy()+"; frame-ancestors 'none'")
	} else {
		name += ".json"
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	send(w, r, contentType, body)
}
