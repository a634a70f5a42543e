package verify

// Turn is another number after each SetValues: what was scanned before it may hold what is known now.
func (d *Detector) Turn() uint64 { return d.turns.Load() }

// Glance says whether bytes hold something that is known: a value, as it is or in base64 or hex, or a
// word that was seen as an id. It decodes nothing and knows no form: it is for bytes of which each part
// was scanned before and found clean, since when more may have become known. It costs about a tenth of a
// Scan.
func (d *Detector) Glance(doc []byte) bool {
	if at, _ := d.values.Load().find(doc); at >= 0 {
		return true
	}
	if d.known == nil {
		return false
	}
	for i := 0; i < len(doc); {
		features := classes[doc[i]]
		if features&isWordChar == 0 {
			i++
			continue
		}
		from := i
		for i++; i < len(doc) && classes[doc[i]]&isWordChar != 0; i++ {
			features |= classes[doc[i]]
		}
		if i-from >= 8 && features&hasDigit != 0 && d.isKnown(doc[from:i]) {
			return true
		}
	}
	return false
}
