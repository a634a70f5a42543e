package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"relaypack/pack/report"
)

// reportPages serves the reports of two packs: a full one, and one that tries to break out.
func reportPages(t *testing.T) string {
	t.Helper()
	full, err := os.ReadFile(filepath.Join("..", "pack", "report", "testdata", "crash.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	hostile := []byte(`{"packId":"</title><script>document.title='broken'</script>","generatedAt":1795534321315,
		"recentEvents":{"error":[{"id":"rb-1","timestamp":1795534311000,"type":"<img src=x onerror=\"document.title='broken'\">","message":"` +
		strings.Repeat("y", 1<<20) + `","link":"javascript:document.title='broken'","mark":"{{.}}\u202egnp"}]},
		"supportBundle":{"lives":[],"sources":{"\" onmouseover=\"x":{"status":"<b>timeout"}}}}`)
	mux := http.NewServeMux()
	for path, pack := range map[string][]byte{"/full": full, "/hostile": hostile} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Security-Policy", report.Policy())
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if err := report.HTML(w, pack); err != nil {
				t.Error(err)
			}
		})
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

// The report in a real browser: whole under its own policy (a violation would stand in the console), without sideways
// scrolling on any screen, and unfolded on paper.
func TestReportInABrowser(t *testing.T) {
	b := startChromium(t)
	address := reportPages(t)
	axe := axeCore(t)
	p := b.open(address + "/full")
	p.allowed = []string{"favicon"} // a file has none
	for _, c := range []struct {
		name, scheme  string
		width, height int64
		page          string
	}{
		{"report-light", "light", 1280, 2000, "rgb(246, 247, 249)"},
		{"report-dark", "dark", 1280, 2000, "rgb(17, 22, 28)"},
		{"report-narrow", "light", 320, 2000, "rgb(246, 247, 249)"},
		{"report-wide", "dark", 3840, 2000, "rgb(17, 22, 28)"},
	} {
		p.looks(c.scheme, c.width, c.height)
		if got := p.js("getComputedStyle(document.body).backgroundColor"); got != c.page {
			t.Errorf("%s: the page is %s, want %s: its style does not count", c.name, got, c.page)
		}
		if got := p.js("String(document.documentElement.scrollWidth <= innerWidth)"); got != "true" {
			t.Errorf("%s: scrolls sideways, %s px", c.name, p.js("document.documentElement.scrollWidth"))
		}
		if c.name != "report-wide" { // the same colours as the dark one, four times as many pixels
			p.accessible(c.name, axe)
		}
		p.picture(c.name)
	}
	if got := p.text(".verdict .line"); !strings.HasPrefix(got, "The relay was alive") {
		t.Errorf("verdict %q", got)
	}
	if got := p.js("String(getComputedStyle(document.querySelector('.chart-line-1')).stroke)"); got == "none" || got == "rgb(0, 0, 0)" {
		t.Errorf("lines of charts are %s", got)
	}
	const unfolded = "String([...document.querySelectorAll('details')].every(d => d.open || d.querySelector('table').checkVisibility()))"
	if got := p.js(unfolded); got != "false" {
		t.Errorf("nothing is folded on a screen, so that what comes next says nothing")
	}
	p.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return err
	}))
	if got := p.js(unfolded); got != "true" {
		t.Error("on paper something stays folded")
	}
}

func TestHostileReportInABrowser(t *testing.T) {
	b := startChromium(t)
	p := b.open(reportPages(t) + "/hostile")
	p.allowed = []string{"favicon"}
	p.looks("light", 320, 900)
	if got := p.js("document.title"); got != "Support pack </title><script>document.title='broken'</script>" {
		t.Errorf("title %q", got)
	}
	if got := p.js("String(document.querySelectorAll('script, img, a:not([href^=\"#\"]), b b').length)"); got != "0" {
		t.Errorf("%s elements came out of the pack", got)
	}
	if got := p.js("String(document.documentElement.scrollWidth <= innerWidth)"); got != "true" {
		t.Errorf("long text scrolls sideways: %s px", p.js("document.documentElement.scrollWidth"))
	}
	text := p.js("document.body.textContent")
	for _, want := range []string{"javascript:document.title='broken'", `{{.}}\u202egnp`, "more bytes are not shown", "<b>timeout"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in sight", want)
		}
	}
}
