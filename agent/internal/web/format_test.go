package web

import (
	"net/http"
	"strings"
	"testing"
)

// A page is a pack all the same: made within a turn, counted, with a name of its own and the policy of its one style sheet.
func TestPackAsAPage(t *testing.T) {
	b := packsBench(t, &spool{})
	for path, name := range map[string]string{packPath: "", "/api/ops/packs/" + keptID: "support-" + keptID} {
		method := http.MethodGet
		if name == "" {
			method = http.MethodPost
		}
		r := b.ask(method, path+"?format=html", "")
		if name == "" {
			name = "support-pack-" + b.fake.made.ID()
		}
		if got := r.header.Get("Content-Disposition"); got != `attachment; filename="`+name+`.html"` {
			t.Errorf("%s: %s", path, got)
		}
		if got := r.header.Get("Content-Security-Policy"); !strings.HasPrefix(got, "default-src 'none'; style-src 'sha256-") || !strings.HasSuffix(got, "; frame-ancestors 'none'") {
			t.Errorf("%s: policy %s", path, got)
		}
		if r.code != http.StatusOK || r.header.Get("Content-Type") != "text/html; charset=utf-8" || !strings.Contains(string(r.body), "<h1>"+name[strings.LastIndex(name, "pack-"):]+"</h1>") {
			t.Errorf("%s: %d %s %.300s", path, r.code, r.header.Get("Content-Type"), r.body)
		}
	}
	if got := b.value("relaypack_packs_total", "verdict", "clean"); got != 1 {
		t.Errorf("%v packs counted", got)
	}
}

func TestFormatOfAPack(t *testing.T) {
	b := packsBench(t, &spool{})
	for _, path := range []string{packPath, "/api/ops/packs/" + keptID} {
		method := http.MethodPost
		if path != packPath {
			method = http.MethodGet
		}
		if r := b.ask(method, path+"?format=json", ""); r.code != http.StatusOK || r.header.Get("Content-Type") != jsonType {
			t.Errorf("json: %d %s", r.code, r.header.Get("Content-Type"))
		}
		if r := b.ask(method, path+"?format=pdf", ""); r.code != http.StatusBadRequest || r.problem.Field != "format" {
			t.Errorf("pdf: %d %+v", r.code, r.problem)
		}
	}
}
