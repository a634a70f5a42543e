package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"relaypack/agent/internal/need"
)

// chromium is a real browser that the tests of the page drive.
type chromium struct {
	t         *testing.T
	ctx       context.Context
	downloads string
}

// startChromium starts a browser; it ends with the test.
func startChromium(t *testing.T) *chromium {
	t.Helper()
	path := need.Tool(t, "chromium")
	b := &chromium{t: t, downloads: t.TempDir()}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("lang", "en-GB"),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.UserDataDir(t.TempDir()))
	allocated, end := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(end)
	ctx, leave := chromedp.NewContext(allocated)
	t.Cleanup(leave)
	b.ctx = ctx
	if err := chromedp.Do(ctx); err != nil { // else each tab would start a browser of its own
		t.Fatal(err)
	}
	return b
}

// tab is one page of the browser. What it writes to the console, violations of the policy among it, fails the test.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu      sync.Mutex
	console []string
	allowed []string // parts of the messages that are expected
}

// open opens an address in a tab of its own.
func (b *chromium) open(address string) *tab {
	b.t.Helper()
	ctx, end := chromedp.NewContext(b.ctx)
	p := &tab{t: b.t, ctx: ctx}
	messages := chromedp.Console(ctx)
	read := make(chan struct{})
	go func() {
		defer close(read)
		for m, err := range messages {
			if err != nil {
				return
			}
			p.mu.Lock()
			p.console = append(p.console, m.String())
			p.mu.Unlock()
		}
	}()
	b.t.Cleanup(func() {
		end()
		<-read
		p.expect("")
	})
	p.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
			Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: b.downloads,
		})
		return err
	}), chromedp.EmulateViewport(1280, 900), chromedp.Navigate(address))
	return p
}

// expect holds what stands on the console until now to what was expected, and expects part from now on.
func (p *tab) expect(part string) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, line := range p.console {
		if !slices.ContainsFunc(p.allowed, func(part string) bool { return strings.Contains(line, part) }) {
			p.t.Errorf("console: %s", line)
		}
	}
	p.console, p.allowed = nil, []string{part}
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.t.Fatalf("%v; the console has %q", err, p.console)
	}
}

// js gives what an expression is, as text; an object as JSON.
func (p *tab) js(expression string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	raw, err := chromedp.Run(ctx, chromedp.Evaluate[[]byte](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

// wait waits until an expression is true.
func (p *tab) wait(expression string) {
	p.t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	for tick := time.NewTicker(20 * time.Millisecond); ; {
		if p.js("!!("+expression+")") == "true" {
			tick.Stop()
			return
		}
		select {
		case <-tick.C:
		case <-deadline.C:
			p.t.Fatalf("never came: %s; hidden %s, the page has %.1500q", expression, p.js("String(document.hidden)"), p.js("document.body.innerText"))
		}
	}
}

func (p *tab) click(selector string) {
	p.t.Helper()
	p.do(chromedp.ScrollIntoView(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector)))
}

func (p *tab) write(selector, text string) {
	p.t.Helper()
	p.js(fmt.Sprintf("document.querySelector(%q).value = ''; null", selector))
	p.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// text is what a person reads in an element.
func (p *tab) text(selector string) string {
	p.t.Helper()
	return p.js(fmt.Sprintf("document.querySelector(%q).innerText", selector))
}

// signIn signs in as somebody does who pastes the admin's bearer.
func (p *tab) signIn(bearer string) {
	p.t.Helper()
	p.write("#bearer", bearer)
	p.click("#sign-in button")
	p.wait("document.querySelector('#tiles .tile') && !document.querySelector('#page').hidden")
}

// looks sets what the reader's machine looks like.
func (p *tab) looks(scheme string, width, height int64) {
	p.t.Helper()
	p.do(chromedp.EmulateViewport(width, height), chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	}))
}

// picture keeps what the tab looks like in the folder that RELAYPACK_TEST_PICTURES names, if it names one.
func (p *tab) picture(name string) {
	p.t.Helper()
	folder := os.Getenv("RELAYPACK_TEST_PICTURES")
	if folder == "" {
		return
	}
	image, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), image, 0o644)
	}
	if err != nil {
		p.t.Errorf("picture %s: %v", name, err)
	}
}

// downloaded waits for a file that the browser keeps.
func (b *chromium) downloaded(pattern string) (name string, body []byte) {
	b.t.Helper()
	eventually(b.t, "a file like "+pattern, func() bool {
		found, _ := filepath.Glob(filepath.Join(b.downloads, pattern))
		if len(found) != 1 {
			return false
		}
		name = found[0]
		return true
	})
	body, err := os.ReadFile(name)
	if err != nil {
		b.t.Fatal(err)
	}
	return filepath.Base(name), body
}

// chooseOption chooses an option of a select element.
func chooseOption(selector, value string) chromedp.Action[chromedp.Void] {
	return chromedp.SetValue(chromedp.CSS(selector), value)
}

// press sends a key to an element.
func press(selector, key string) chromedp.Action[chromedp.Void] {
	return chromedp.SendKeys(chromedp.CSS(selector), key)
}

// keys types, wherever the focus is.
func (p *tab) keys(text string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(text))
}

// tabTo presses the tabulator until an expression says what is wanted.
func (p *tab) tabTo(expression, want string) {
	p.t.Helper()
	for range 200 {
		p.keys(kb.Tab)
		if p.js(expression) == want {
			return
		}
	}
	p.t.Fatalf("the tabulator never comes to %s", want)
}

// zone sets the reader's zone.
func (p *tab) zone(name string) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: name}); err != nil {
		p.t.Fatal(err)
	}
}

// axeCore gives the script that checks accessibility.
func axeCore(t *testing.T) string {
	t.Helper()
	script, err := exec.Command(need.Tool(t, "axe-core")).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(script)
}

// accessible runs axe-core on the page as it is now.
func (p *tab) accessible(what, axe string) {
	p.t.Helper()
	if p.js("typeof axe") == "undefined" {
		p.js(axe + "; null")
	}
	found := p.js(`axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations.map(v => v.id + ': ' +
		v.nodes.map(n => n.html.slice(0, 150) + ' ' + (n.any[0] || n.all[0] || n.none[0] || {}).message).slice(0, 3).join('; '))))`)
	if found != "[]" {
		p.t.Errorf("%s: %s", what, found)
	}
}
