package corpus

import "slices"

// item is one thing to write into a document.
type item struct {
	kind    string
	name    string // of the field; empty: text that is known by its form or brings its context along
	value   string // the field's value, or the text
	literal bool   // value is a number, true, false or null: no quotes where the carrier knows types
	raw     bool   // value is JSON members as they are, for carriers that are JSON
	exotic  bool   // the name is no plain word: for carriers that take any name
	secrets []string
}

// kind is a kind of secret or of look-alike: templates, of which one is filled.
type kind struct {
	name    string
	form    []string // known by its form: stands alone, in prose, or in quotes
	phrase  []string // a text with its context
	names   []string // names of a field (with blanks: words, joined in some style) ...
	values  []string // ... and its values; values of look-alikes without names are not used
	literal bool     // values are literals
	members []string // JSON members
	exotic  bool
}

// Kind is one kind of secret as Kinds gives it.
type Kind struct{ kind }

// Name is the kind's name in the tables.
func (k Kind) Name() string { return k.kind.name }

// Kinds gives the kinds of secrets of one part, in a fixed order.
func Kinds(part Part) []Kind {
	var ks []Kind
	for _, k := range stocks(part).secrets {
		ks = append(ks, Kind{k})
	}
	return ks
}

var secretKinds = slices.Concat(vendors, services, schemes, blocks, connections, urls, headers, fields, shapedFields, commands, texts, people)

// item fills one of the kind's templates.
func (k kind) item(g *gen) item {
	it := item{kind: k.name, exotic: k.exotic}
	n := g.IntN(len(k.form) + len(k.phrase) + len(k.members) + len(k.names))
	switch {
	case n < len(k.form):
		it.value, it.secrets = g.fill(k.form[n])
		it.value = g.prose(it.value)
	case n < len(k.form)+len(k.phrase):
		it.value, it.secrets = g.fill(k.phrase[n-len(k.form)])
	case n < len(k.form)+len(k.phrase)+len(k.members):
		it.raw = true
		it.value, it.secrets = g.fill(k.members[n-len(k.form)-len(k.phrase)])
	default:
		it.name = g.style(k.names[n-len(k.form)-len(k.phrase)-len(k.members)])
		it.literal = k.literal
		it.value, it.secrets = g.fill(pick(g, k.values...))
	}
	it.secrets = slices.DeleteFunc(it.secrets, func(s string) bool { return s == "" })
	return it
}
