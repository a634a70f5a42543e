package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"relaypack/scrape/demorelay"
)

// besideDemo is an agent beside a made-up relay.
func besideDemo(t *testing.T, vars ...string) (*serving, *demorelay.Relay) {
	t.Helper()
	relay, address := liveRelay(t, demorelay.DemoOptions(7))
	s := startServing(t, append([]string{"RELAY_URL=http://" + address, "RELAY_TOKEN=" + relay.Bearer(), "ADMIN_TOKEN=" + testAdmin}, vars...)...)
	eventually(t, "the first look", func() bool { return s.probed("/startupz").code == 200 })
	return s, relay
}

func (s *serving) page() string { return "http://" + s.api + "/admin/ops" }

// Somebody who has the address and the admin's bearer has a pack with three clicks, and it is the one that was shown.
func TestPageExports(t *testing.T) {
	s, relay := besideDemo(t)
	b := startChromium(t)
	p := b.open(s.page())
	p.signIn(testAdmin)
	p.click("#export")
	p.wait("!document.querySelector('#download').disabled")
	p.picture("export")
	if got := strings.Join(strings.Fields(p.text("#found")), " "); !strings.Contains(got, "token not in it") || !strings.Contains(got, "secret not in it") {
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
}

var pageViews = []string{"overview", "events", "sessions", "incidents", "agent"}

// Every view, as it looks in light, in dark and on a narrow screen.
func TestPageLooks(t *testing.T) {
	s, _ := besideDemo(t)
	b := startChromium(t)
	p := b.open(s.page())
	p.looks("light", 1280, 900)
	p.picture("door")
	p.signIn(testAdmin)
	for _, look := range []struct {
		name, scheme  string
		width, height int64
	}{{"light", "light", 1280, 1400}, {"dark", "dark", 1280, 1400}, {"narrow", "light", 320, 1400}, {"wide", "dark", 3840, 2160}} {
		p.looks(look.scheme, look.width, look.height)
		for _, view := range pageViews {
			p.js("location.hash = '" + view + "'; null")
			p.wait("!document.querySelector('[data-view=" + view + "]').hidden")
			if wide := p.js("document.documentElement.scrollWidth - innerWidth"); strings.Trim(wide, "-0123456789") != "" || !strings.HasPrefix(wide, "-") && wide != "0" {
				t.Errorf("%s, %s: %s pixels to scroll sideways", view, look.name, wide)
			}
			p.picture(view + "-" + look.name)
		}
	}
}
