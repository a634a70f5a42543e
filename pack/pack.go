// Package pack keeps what a relay showed, redacted, and builds support packs of it.
package pack

import "relaypack/scrape"

// Pack is one finished, verified support pack. Only a Builder makes one.
type Pack struct {
	id   string
	body []byte
}

// ID is the pack's id, pack-<ms>-<6>.
func (p *Pack) ID() string { return p.id }

// Bytes is the pack, one line of compact JSON; it must not be changed.
func (p *Pack) Bytes() []byte { return p.body }

var _ = scrape.OK
