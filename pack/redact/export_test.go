package redact

import "slices"

// StringSpan gives the end of the string whose content s[i:] begins with, and whether there is an escape in it.
func StringSpan(s []byte, i int) (end int, escaped bool) { return stringSpan(s, i) }

// RuleNames are the names of all rules.
func RuleNames() []string { return ruleNames[:] }

// Without gives a Redactor that is like r, but whose rule of this name is switched off.
func (r *Redactor) Without(name string) *Redactor {
	w := r.twin()
	for i, n := range ruleNames {
		if n == name {
			w.off |= 1 << i
		}
	}
	return w
}

// Forgetting gives a Redactor that is like r, but has no memory of texts and, if names says so, of names.
func (r *Redactor) Forgetting(names bool) *Redactor {
	w := r.twin()
	w.forgetsTexts, w.forgetsNames = true, names
	return w
}

// Looking gives a Redactor that is like r, but takes no word for dull.
func (r *Redactor) Looking() *Redactor {
	w := r.twin()
	w.looks = true
	return w
}

// Cold gives a Redactor that is like r and has not read anything.
func (r *Redactor) Cold() *Redactor { return r.twin() }

// Forget empties the memory of the pass that the next call will take, as long as this goroutine stays where it is.
func (r *Redactor) Forget() {
	p := r.passes.Get().(*pass)
	for i := range p.seen.slots {
		p.seen.slots[i].text = p.seen.slots[i].text[:0]
	}
	r.passes.Put(p)
}

func (r *Redactor) twin() *Redactor {
	w := &Redactor{tab: r.tab, pad: r.pad, epoch: r.epoch, kinds: r.kinds, fields: r.fields, shapes: r.shapes, keep: r.keep, policy: r.policy,
		known: r.known, learn: r.learn, now: r.now}
	w.values.Store(r.values.Load())
	w.off, w.looks = r.off, r.looks
	w.passes.New = func() any { return newPass(w) }
	return w
}

// Prefixes are the marks of issuers with the rule, the least length and the signs of what follows.
func Prefixes() (all []struct {
	Prefix, Rule, Class string
	Min                 int
}) {
	for _, v := range slices.Concat(vendors[:], moreVendors[:], otherVendors[:]) {
		all = append(all, struct {
			Prefix, Rule, Class string
			Min                 int
		}{v.prefix, ruleNames[v.rule], v.class, v.min})
	}
	return all
}
