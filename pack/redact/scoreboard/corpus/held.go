package corpus

import "slices"

// Part says what a corpus is made of.
//
// The rules may be written with Open. The other two are the hold-out of
// 2026-11-24: kinds, carriers and look-alikes that were written from documented
// forms by somebody who had seen neither the rules of package redact nor those
// of package verify, and that were scored only after a commit in which these
// rules were frozen (README.md names it). It is no measure of what is unknown
// for rules that were changed after that commit: the next one needs new tables.
type Part int

const (
	Open         Part = iota // the kinds, carriers and look-alikes that rules may be written with
	HeldKinds                // held-out kinds and look-alikes, in the carriers of both
	HeldCarriers             // open kinds and look-alikes, in held-out carriers
)

// stock is what the documents of one part are made of.
type stock struct {
	secrets, alikes []kind
	carriers        []carrier
}

func stocks(part Part) stock {
	switch part {
	case HeldKinds:
		return stock{secrets: heldSecrets, alikes: heldAlikes, carriers: slices.Concat(carriers, heldCarriers)}
	case HeldCarriers:
		return stock{secrets: secretKinds, alikes: alikes, carriers: heldCarriers}
	default:
		return stock{secrets: secretKinds, alikes: alikes, carriers: carriers}
	}
}

var (
	heldSecrets  = slices.Concat(heldVendors, heldMaterial, heldURLs, heldHeaders, heldCommands, heldFiles, heldPeople)
	heldCarriers = slices.Concat(heldDataCarriers, heldTextCarriers)
)
