package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net"
	"os/exec"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"relaypack/agent/internal/need"
	"relaypack/pack/verify"
	"relaypack/scrape/demorelay"
)

// besideDemo is an agent beside a made-up relay, on a clock that a test can turn forward; nil: the machine's.
func besideDemo(t *testing.T, now func() time.Time, vars ...string) (*serving, *demorelay.Relay) {
	t.Helper()
	relay, address := liveRelay(t, demorelay.DemoOptions(7))
	s := startServingOn(t, now, append([]string{"RELAY_URL=http://" + address, "RELAY_TOKEN=" + relay.Bearer(), "ADMIN_TOKEN=" + testAdmin}, vars...)...)
	eventually(t, "the first look", func() bool { return s.probed("/startupz").code == 200 })
	return s, relay
}

func (s *serving) page() string { return "http://" + s.api + "/admin/ops" }

// openPage signs in.
func openPage(t *testing.T, s *serving) (*chromium, *tab) {
	t.Helper()
	b := startChromium(t)
	p := b.open(s.page())
	p.signIn(testAdmin)
	return b, p
}

// words are a text with one blank between its words.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }

// Somebody who has the address and the admin's bearer has a pack with three clicks, and it is the one that was shown.
func TestPageExports(t *testing.T) {
	s, relay := besideDemo(t, nil)
	b, p := openPage(t, s) // the first click
	p.click("#export")
	p.wait("!document.querySelector('#download').disabled")
	p.picture("export")
	if got := words(p.text("#found")); got != "token not in it key not in it secret not in it" {
		t.Errorf("the search for the three words says %q", got)
	}
	sum := p.js("document.querySelector('#held').dataset.sum")
	p.click("#download")
	name, body := b.downloaded("support-pack-*.json")
	if got := sha256.Sum256(body); hex.EncodeToString(got[:]) != sum {
		t.Error("what was downloaded is not what was shown")
	}
	doc := validPack(t, body)
	if name != "support-pack-"+doc["packId"].(string)+".json" || doc["config"] == nil {
		t.Errorf("%s has config %v", name, doc["config"])
	}
	if bytes.Contains(body, []byte(relay.Session())) {
		t.Error("the raw session stands in the pack")
	}
	if found := verify.New(verify.Options{}).Scan(body); len(found) > 0 {
		t.Errorf("the second detector finds %v", found)
	}
}

// The preview shows each part, finds what is looked for, and a part that is left out is not in the file.
func TestPagePreviews(t *testing.T) {
	s, relay := besideDemo(t, nil)
	b, p := openPage(t, s)
	p.click("#export")
	p.wait("!document.querySelector('#download').disabled")
	p.write("#export-form [name=sessionId]", relay.Session())
	if p.js("document.querySelector('#download').disabled") != "true" {
		t.Error("what was shown before the form changed can be downloaded")
	}
	p.click("#export-form [type=submit]")
	p.wait("document.querySelector('[data-part=sessionParity]') && !document.querySelector('#download').disabled")
	first := p.js("document.querySelector('#held').dataset.pack")

	p.click("#preview details:has([data-part='recentEvents.error']) > summary")
	p.click("[data-part='recentEvents.error'] > summary")
	p.wait("document.querySelector(`[data-part='recentEvents.error'] pre`).textContent.includes('db_error')")
	p.click("[data-leave='recentEvents.error']")
	p.wait("document.querySelector('#held').dataset.pack != '" + first + "' && !document.querySelector('#download').disabled")
	if got := p.text("[data-part='recentEvents.error'] > summary .number"); got != "left out" {
		t.Errorf("the part that was left out says %q", got)
	}
	p.wait("document.querySelector(`[data-part='recentEvents.error'] pre`).textContent == '[]'")

	p.write("#search-form [name=text]", "driver_join nobody-says-this")
	p.click("#search-form button")
	p.wait("document.querySelector('#found mark')")
	if got := words(p.text("#found .facts")); !strings.Contains(got, "driver_join") || !strings.Contains(got, "nobody-says-this not in it") {
		t.Errorf("the search says %q", got)
	}
	p.picture("preview")
	p.click("#download")
	_, body := b.downloaded("support-pack-*.json")
	doc := validPack(t, body)
	if got := at(doc, "recentEvents", "error"); len(got.([]any)) != 0 {
		t.Errorf("%d events of the part that was left out", len(got.([]any)))
	}
	if got := at(doc, "supportBundle", "size", "leftOut"); !reflect.DeepEqual(got, []any{"recentEvents.error"}) {
		t.Errorf("the pack says that %v was left out", got)
	}
	if at(doc, "sessionParity") == nil || len(at(doc, "recentEvents", "socket").([]any)) == 0 {
		t.Error("more is missing than what was left out")
	}
}

// Numbers and events come by themselves, and those that do not fit the filter do not.
func TestPageIsLive(t *testing.T) {
	s, _ := besideDemo(t, nil)
	_, p := openPage(t, s)
	frames := "[...document.querySelectorAll('#tiles .tile')].find(t => t.textContent.startsWith('Frames')).querySelector('b').textContent"
	before := p.js(frames)
	p.wait(frames + " != '" + before + "'")
	p.click("#views [href='#events']")
	p.wait("document.querySelectorAll('#rows li').length > 50")
	newest := "document.querySelector('#rows li').dataset.id"
	before = p.js(newest)
	p.wait(newest + " != '" + before + "'")

	p.do(chooseOption("#filter [name=class]", "relay"))
	p.write("#filter [name=text]", "BACKpressure")
	p.click("#filter .main")
	p.wait("document.querySelector('#matched').textContent.includes('that fit') && document.querySelectorAll('#rows li').length > 0 && [...document.querySelectorAll('#rows li')].every(l => l.dataset.class == 'relay')")
	if others := p.js("[...document.querySelectorAll('#rows li')].filter(l => !l.textContent.includes('backpressure')).length"); others != "0" {
		t.Errorf("%s events do not have the text", others)
	}
	before = p.js(newest)
	p.wait(newest + " != '" + before + "'")
	if others := p.js("[...document.querySelectorAll('#rows li')].filter(l => !l.textContent.includes('backpressure') || l.dataset.class != 'relay').length"); others != "0" {
		t.Errorf("%s events came that do not fit the filter", others)
	}
	p.click("#filter [type=reset]")
	p.wait("[...document.querySelectorAll('#rows li')].some(l => l.dataset.class != 'relay')")

	session := p.js("[...document.querySelectorAll('#rows li')].find(l => l.dataset.session.includes('...')).dataset.session")
	p.write("#filter [name=sessionId]", session)
	p.do(press("#filter [name=sessionId]", "\r"))
	p.wait("document.querySelector('#matched').dataset.session == '" + session + "'")
	if others := p.js("[...document.querySelectorAll('#rows li')].filter(l => !l.textContent.includes('" + session + "')).length"); others != "0" {
		t.Errorf("%s events are of other sessions", others)
	}

	p.click("#pause")
	p.wait("document.querySelector('#link').textContent == 'paused'")
	p.click("#pause")
	p.wait("document.querySelector('#link').textContent == 'live'")
}

// A trace is started, followed to its end, and in the pack.
func TestPageTraces(t *testing.T) {
	s, relay := besideDemo(t, nil)
	b, p := openPage(t, s)
	p.allowed = []string{"status of 404"}
	p.click("#views [href='#sessions']")
	p.write("#trace-form [name=sessionId]", "nobo...dy12")
	p.click("#trace-form .main")
	p.wait("document.querySelector('#trace-note').textContent != 'One at a time, a sample every 5 s; a pack can hold it.'")
	if got := p.text("#trace-note"); got != "no live session has this masked form" {
		t.Errorf("of a session that nobody knows it says %q", got)
	}
	p.write("#trace-form [name=sessionId]", relay.Session())
	p.write("#trace-form [name=durationSec]", "10")
	p.click("#trace-form .main")
	p.wait("document.querySelector('#trace progress') && document.querySelector('#trace tbody tr')")
	p.picture("trace")
	p.wait("document.querySelector('#trace-note').textContent.includes('done')")
	p.click("#export")
	p.wait("document.querySelector('[data-part=\"trace.samples\"]') && !document.querySelector('#download').disabled")
	p.click("#download")
	_, body := b.downloaded("support-pack-*.json")
	if samples := at(validPack(t, body), "trace", "samples").([]any); len(samples) < 2 {
		t.Errorf("the pack has %d samples", len(samples))
	}
}

// The death of the relay is on the page soon, with what was seen until then, and a pack can be had all the same.
func TestPageShowsTheDeath(t *testing.T) {
	s, relay := besideDemo(t, nil)
	b, p := openPage(t, s)
	p.wait("document.querySelectorAll('#latest li').length > 3")
	died := time.Now()
	relay.Kill()
	p.wait("document.querySelector('#state').textContent.includes('Down')")
	t.Logf("the page showed the death after %v", time.Since(died).Round(10*time.Millisecond))
	if took := time.Since(died); took > 5*time.Second { // 2 s are promised on a machine that does nothing else
		t.Errorf("the page showed the death after %v", took)
	}
	p.wait("document.querySelector('#verdict').innerText.includes('The relay is down')")
	p.wait("document.querySelector('#charts .chart-mark-restart')")
	p.picture("down")
	p.click("#views [href='#incidents']")
	p.wait("document.querySelector('#incidents').textContent.includes('relay-down')")
	p.wait("document.querySelector('#packs button[data-pack]')")
	p.picture("down-incidents")
	kept := p.js("document.querySelector('#packs button[data-pack]').dataset.pack")
	p.click("#packs button[data-pack]")
	name, body := b.downloaded("support-" + kept + ".json")
	if validPack(t, body)["packId"] != kept || name == "" {
		t.Errorf("the pack of the death is %v", validPack(t, body)["packId"])
	}

	p.click("#export")
	p.wait("!document.querySelector('#download').disabled")
	shown := p.js("document.querySelector('#held').dataset.pack")
	p.click("#download")
	_, body = b.downloaded("support-pack-" + shown + ".json")
	var mine, api map[string]any
	mine = validPack(t, body)
	if err := json.Unmarshal(s.ask("POST", s.api, "/api/ops/support-pack", `{"includeConfig":true}`).body, &api); err != nil {
		t.Fatal(err)
	}
	for _, section := range []string{"summary", "socketStats", "relayStats", "runtimeStats", "eventBufferStats", "recentEvents", "config"} {
		if !reflect.DeepEqual(mine[section], api[section]) {
			t.Errorf("%s is not what the API gives", section)
		}
	}
	if at(mine, "supportBundle", "lives", "0", "endedAt") == nil || len(at(mine, "recentEvents", "error").([]any)) == 0 {
		t.Error("the pack does not tell of the death, or of what was before it")
	}
	p.click("#close-export")

	if err := relay.Restart(); err != nil {
		t.Fatal(err)
	}
	p.wait("document.querySelector('#state').textContent.includes('Up')")
}

// A session ends by itself, by its tab alone, and leaves nothing behind.
func TestPageSessions(t *testing.T) {
	var ahead atomic.Int64
	s, _ := besideDemo(t, func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
	b := startChromium(t)
	one := b.open(s.page())
	one.allowed = []string{"status of 401"}
	one.write("#bearer", "not-the-bearer-0000")
	one.click("#sign-in button")
	one.wait("document.querySelector('#door-note').textContent == 'This is not the admin token.'")
	one.signIn(testAdmin)
	two := b.open(s.page())
	two.allowed = one.allowed
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
	axe, err := exec.Command(need.Tool(t, "axe-core")).Output()
	if err != nil {
		t.Fatal(err)
	}
	s, _ := besideDemo(t, nil)
	b := startChromium(t)
	p := b.open(s.page())
	p.js(string(axe) + "; null")
	check := func(what string) {
		t.Helper()
		if wide := p.js("String(Math.max(0, document.documentElement.scrollWidth - innerWidth))"); wide != "0" {
			t.Errorf("%s: %s pixels to scroll sideways", what, wide)
		}
		p.picture(what)
		if !strings.HasSuffix(what, "light") && !strings.HasSuffix(what, "dark") {
			return
		}
		found := p.js(`axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 150) + ' ' + (n.any[0] || n.all[0] || n.none[0] || {}).message).slice(0, 3).join('; '))))`)
		if found != "[]" {
			t.Errorf("%s: %s", what, found)
		}
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
