package main

import (
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"relaypack/scrape/demorelay"
)

// A session ends by itself, by its tab alone, and leaves nothing behind.
func TestPageSessions(t *testing.T) {
	var ahead atomic.Int64
	s, _ := besideDemo(t, func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
	b := startChromium(t)
	one := b.open(s.page())
	one.expect("status of 401")
	one.write("#bearer", "not-the-bearer-0000")
	one.click("#sign-in button")
	one.wait("document.querySelector('#door-note').textContent == 'This is not the admin token.'")
	one.signIn(testAdmin)
	two := b.open(s.page())
	two.expect("status of 401")
	if two.js("document.querySelector('#page').hidden") != "true" {
		t.Error("a second tab is signed in by the first one")
	}
	two.signIn(testAdmin)

	for _, p := range []*tab{one, two} {
		if kept := p.js("JSON.stringify({...sessionStorage, ...localStorage}) + document.cookie + location.href"); strings.Contains(kept, testAdmin) || !strings.Contains(kept, "ops-") {
			t.Errorf("the tab keeps %q", kept)
		}
		if p.js("document.cookie") != "" {
			t.Error("there is a cookie")
		}
	}
	one.click("#sign-out")
	one.wait("!document.querySelector('#door').hidden && document.querySelector('#tiles').textContent == '' && sessionStorage.length == 0")
	two.wait("document.querySelector('#link').textContent == 'live'")
	credential := two.js("sessionStorage.getItem('relaypack-ops')")
	other := &serving{t: t, api: s.api, bear: credential}
	if got := other.get("/api/ops/status").code; got != 200 {
		t.Errorf("the session asks the API: %d", got)
	}
	ahead.Store(int64(29 * time.Minute))
	two.click("#views [href='#events']") // which asks, and lets it last
	two.wait("document.querySelector('#rows li')")
	ahead.Store(int64(58 * time.Minute))
	if got := other.get("/api/ops/status").code; got != 200 {
		t.Errorf("a session that is used ended: %d", got)
	}
	ahead.Store(int64(90 * time.Minute))
	two.wait("document.querySelector('#door-note').textContent == 'Your session has ended. Sign in again.' && document.querySelector('#rows') == null")
	if got := other.get("/api/ops/status").code; got != 401 {
		t.Errorf("a session that has ended still asks: %d", got)
	}
	two.signIn(testAdmin)
}

var pageViews = []string{"overview", "events", "sessions", "incidents", "agent"}

// Every view, in light and dark, narrow and wide: nothing to scroll sideways, and nothing that axe-core finds.
func TestPageLooks(t *testing.T) {
	axe := axeCore(t)
	s, _ := besideDemo(t, nil)
	b := startChromium(t)
	p := b.open(s.page())
	check := func(what string) {
		t.Helper()
		if wide := p.js("String(Math.max(0, document.documentElement.scrollWidth - innerWidth))"); wide != "0" {
			t.Errorf("%s: %s pixels to scroll sideways", what, wide)
		}
		p.picture(what)
		if !strings.HasSuffix(what, "light") && !strings.HasSuffix(what, "dark") {
			return
		}
		p.accessible(what, axe)
	}
	p.looks("light", 1280, 900)
	check("door-light")
	p.looks("dark", 1280, 900)
	check("door-dark")
	p.signIn(testAdmin)
	for _, look := range []struct {
		name, scheme  string
		width, height int64
	}{{"light", "light", 1280, 1600}, {"dark", "dark", 1280, 1600}, {"narrow", "light", 320, 1600}, {"wide", "dark", 3840, 2160}} {
		p.looks(look.scheme, look.width, look.height)
		for _, view := range pageViews {
			p.click("#views [href='#" + view + "']")
			p.wait("!document.querySelector('[data-view=" + view + "]').hidden")
			check(view + "-" + look.name)
		}
		p.click("#export")
		p.wait("!document.querySelector('#download').disabled")
		p.click("#preview .tree details summary")
		check("export-" + look.name)
		p.click("#close-export")
	}
}

// What a hostile relay puts into its events is text on the page, and nothing of it runs.
func TestPageShowsHostileTextAsText(t *testing.T) {
	folder := capture(t, "tapped")
	events := string(folder["ops-events-error.json"].Data)
	at := strings.Index(events, `"message":"`) + len(`"message":"`)
	for _, h := range []string{strings.Repeat("x", 20_000), `<script>document.title='broken'</script>`, `<img src=x onerror=document.title='broken'>`, `</summary></li></ol></div><svg onload=document.title='broken'>`,
		`{{.}}${7*7}`, `javascript:document.title='broken'`, `\u202egnp.exe`} {
		text := "hostile-" + h + "-end "
		events = events[:at] + strings.ReplaceAll(text, `"`, `\"`) + events[at:]
	}
	folder["ops-events-error.json"].Data = []byte(events)
	relay, err := demorelay.NewReplay(folder, demorelay.ReplayOptions{Seed: 1, AdminLimit: demoLimit, AnonymousLimit: demoLimit})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go relay.Serve(l)
	t.Cleanup(func() { relay.Close() })
	s := startServing(t, "RELAY_URL=http://"+l.Addr().String(), "RELAY_TOKEN="+relay.Bearer(), "ADMIN_TOKEN="+testAdmin)
	_, p := openPage(t, s)
	p.click("#views [href='#events']")
	p.do(chooseOption("#filter [name=class]", "error"))
	p.write("#filter [name=text]", "hostile-")
	p.click("#filter .main")
	p.wait("document.querySelectorAll('#rows li').length == 1")
	row := p.js("document.querySelector('#rows li').textContent")
	for _, text := range []string{`<script>document.title='broken'</script>`, `<img src=x onerror=`, `</summary></li></ol></div><svg onload=`, `{{.}}${7*7}`, `javascript:`} {
		if !strings.Contains(row, text) {
			t.Errorf("%s does not stand in %.400q", text, row)
		}
	}
	if got := p.js("document.title + document.querySelectorAll('#rows script, #rows img, #rows svg, main > svg').length"); got != "relaypack ops0" {
		t.Errorf("title and elements that should not be: %s", got)
	}
	p.click("#export")
	p.wait("!document.querySelector('#download').disabled")
	p.write("#search-form [name=text]", "onerror=")
	p.click("#search-form button")
	p.wait("document.querySelector('#found mark')")
	p.click("#preview details:has([data-part='recentEvents.error']) > summary")
	p.click("[data-part='recentEvents.error'] > summary")
	p.wait("document.querySelector(`[data-part='recentEvents.error'] pre`).textContent.length > 100_000")
	if got := p.js("document.title + document.querySelectorAll('#preview script, #preview img, #preview svg').length"); got != "relaypack ops0" {
		t.Errorf("title and elements that should not be: %s", got)
	}
	p.click("#close-export")

	// The script does not trust the agent's own HTML either: what is not in its lists does not get in.
	p.expect("Content Security Policy") // which is the third thing in the way
	p.js("window.fetch = async () => new Response(`<p id=matched data-session></p><ol id=rows><li data-id=x style='color:red' onclick='document.title=1'>told" +
		"<img src=x onerror='document.title=1'><script>document.title=1</" + "script><iframe src='/'></iframe><a href='javascript:document.title=1'>link</a></li></ol>`); null")
	p.click("#filter .main")
	p.wait("document.querySelector('#rows li')?.textContent.includes('told')")
	if got := p.js("document.querySelector('#found-events').innerHTML"); got != `<p id="matched" data-session=""></p><ol id="rows"><li data-id="x">told<a>link</a></li></ol>` {
		t.Errorf("there came in: %s", got)
	}
}

// With a keyboard alone, and in the reader's own zone.
func TestPageByKeyboardInTheReadersZone(t *testing.T) {
	s, _ := besideDemo(t, nil)
	b := startChromium(t)
	p := b.open(s.page())
	p.zone("Asia/Kathmandu")
	p.do(chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS("#bearer")))
	active := "document.activeElement.id || document.activeElement.textContent"
	if got := p.js(active); got != "bearer" {
		t.Fatalf("the page begins at %q", got)
	}
	p.keys(testAdmin + kb.Enter)
	p.wait("document.querySelector('#latest time')")
	if got := p.js("(t => [t.textContent, t.title, new Date(Number(t.dataset.at)).toISOString()].join())(document.querySelector('#latest time'))"); !inZone(got, 5*time.Hour+45*time.Minute) {
		t.Errorf("a time in Kathmandu is %s", got)
	}
	p.tabTo(active, "export")
	if ring := p.js("getComputedStyle(document.activeElement).outlineStyle + document.activeElement.matches(':focus-visible')"); ring != "solidtrue" {
		t.Errorf("what has the focus shows it by %s", ring)
	}
	p.keys(kb.Enter)
	p.wait("!document.querySelector('#download').disabled")
	p.tabTo(active, "download")
	p.keys(kb.Enter)
	if _, body := b.downloaded("support-pack-*.json"); len(body) == 0 {
		t.Error("the file is empty")
	}
	p.keys(kb.Escape)
	p.wait("!document.querySelector('#exporter').open")
	if got := p.js(active); got != "export" {
		t.Errorf("after the dialog the focus is at %q", got)
	}
	p.tabTo(active, "Sessions")
	p.keys(kb.Enter)
	p.wait("document.querySelector('#sessions [data-act=events]')")
	p.tabTo("document.activeElement.dataset.act || ''", "events")
	p.keys(kb.Enter)
	p.wait("location.hash == '#events' && document.querySelector('#matched')?.dataset.session.includes('...')")
}

// inZone says whether text, title and instant of a time element fit: the text in a zone that is ahead of UTC, the
// title in UTC.
func inZone(got string, ahead time.Duration) bool {
	text, rest, _ := strings.Cut(got, ",")
	title, iso, _ := strings.Cut(rest, ",")
	at, err := time.Parse(time.RFC3339, iso)
	return err == nil && text == at.Add(ahead).Format("15:04:05") && title == at.UTC().Format("2006-01-02 15:04:05.000")+" UTC"
}
