// Package corpus makes the documents that the scoreboard is played on: made-up
// secrets of many kinds in many carriers, with harmless look-alikes beside them.
//
//	docs := corpus.Generate(7, corpus.Open)
//
// A document is a carrier (carrier*.go: event JSON, log lines, YAML, a curl
// command, exposition ...) that holds items in a random order. An item is a
// secret (secret_*.go) or a look-alike (alike_*.go); both are tables of
// templates (template.go). What is held out has files of its own (held*.go).
// What an item is and how it is written down are independent of each other, so
// each kind comes in each carrier that can hold it, with the escapes of that
// carrier, and the same seed gives the same bytes.
//
// The tables were written from the documented forms of the vendors, from what
// servers and command lines print, and from the public test tables of other
// scanners; not from the rules of package redact. Every value is random: none
// was ever in use.
//
// What counts as a secret and what as a look-alike is the policy of the
// project: credentials, e-mail and public addresses, MAC and card numbers,
// phone numbers in a field that says so, and the names in home folders go;
// counts, versions, digests, UUIDs, private addresses, public certificates and
// keys, and prose stay. Ids of sessions and users become pseudonyms and are
// left out: no other tool can know them. So are forms on which people disagree
// (hashes of passwords where no name says so, git@host, the name of a
// Kubernetes object that holds credentials, link-local addresses).
package corpus

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// Doc is one document.
type Doc struct {
	Carrier string
	Bytes   []byte
	Plants  []Plant // in the order of their places
}

// Plant is one item in a document: a secret, or a look-alike when Secrets is empty.
type Plant struct {
	Kind    string
	Secrets []string // the parts that must not be left, before any escape of the carrier
	Text    string   // the item's bytes as they stand in the document
	Plain   string   // the same before the encoding of a run that holds it
	Start   int      // the place of Text, or of the encoded run that holds it
	End     int
}

// Alike says that the plant is a look-alike: it is to stay as it is.
func (p Plant) Alike() bool { return len(p.Secrets) == 0 }

// Of each carrier, so many documents hold look-alikes alone, and so many are
// long: longItems items, every third a secret.
const (
	cleanPerCarrier = 24
	longPerCarrier  = 3
	longItems       = 45
)

// Generate gives the documents of a seed: each kind once in each carrier that
// takes it, often with a second secret and always with look-alikes (carriers
// that are one encoded run have either), then documents of look-alikes alone,
// then long ones.
func Generate(seed uint64, part Part) []Doc {
	g := &gen{newSource(seed)}
	of := stocks(part)
	kinds := of.secrets
	var docs []Doc
	for _, k := range kinds {
		for _, c := range of.carriers {
			it := k.item(g)
			if !c.takes(it) {
				continue
			}
			items := []item{it}
			if g.chance(0.3) {
				if second := pick(g, kinds...).item(g); c.takes(second) {
					items = append(items, second)
				}
			}
			if !c.sealed {
				items = g.withAlikes(items, of.alikes, c, 2+g.IntN(4))
			}
			docs = append(docs, g.document(c, items))
		}
	}
	for _, c := range of.carriers {
		for range cleanPerCarrier {
			docs = append(docs, g.document(c, g.withAlikes(nil, of.alikes, c, 4+g.IntN(6))))
		}
		if c.sealed || c.shared {
			continue
		}
		for range longPerCarrier {
			var items []item
			for range longItems / 3 {
				if it := pick(g, kinds...).item(g); c.takes(it) {
					items = append(items, it)
				}
			}
			docs = append(docs, g.document(c, g.withAlikes(items, of.alikes, c, longItems*2/3)))
		}
	}
	g.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
	return docs
}

// Packs gives documents of the size of real ones, to measure speed on: events of
// look-alikes, with a secret in one of fifty.
func Packs(seed uint64) []Doc {
	g := &gen{newSource(seed)}
	var docs []Doc
	for range 3 {
		var items []item
		for n := range 1500 {
			it := pick(g, alikes...).item(g)
			if n%50 == 49 {
				it = pick(g, secretKinds...).item(g)
			}
			items = append(items, it)
		}
		p := newPage(g)
		p.pack(items, jsonForm{str: jsonString})
		docs = append(docs, Doc{Carrier: "pack", Bytes: p.buf.Bytes(), Plants: p.plants})
	}
	return docs
}

func newSource(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x5c0_4eb0a4d)) }

// withAlikes adds n look-alikes of these kinds, no two items of the same name.
func (g *gen) withAlikes(items []item, alikes []kind, c carrier, n int) []item {
	for range n {
		if it := pick(g, alikes...).item(g); c.takes(it) {
			items = append(items, it)
		}
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(items, func(it item) bool {
		name := strings.ToLower(strings.Join(split(it.name), " "))
		double := name != "" && seen[name]
		seen[name] = true
		return double
	})
}

func (g *gen) document(c carrier, items []item) Doc {
	g.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	p := newPage(g)
	c.write(p, items)
	return Doc{Carrier: c.name, Bytes: p.buf.Bytes(), Plants: p.plants}
}
