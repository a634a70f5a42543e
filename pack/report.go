package pack

import (
	"sort"
	"time"

	"relaypack/pack/redact"
)

const maxExceptions = 100 // that are listed; exceptionsUntold counts the rest

// redactionConstants are what the redactor says of itself.
type redactionConstants struct {
	ruleSet, epoch string
	exceptions     []redact.Exception
}

// cutNote is one cut of the size ladder.
type cutNote struct {
	what          string // name of the part, or "pack"
	before, after int    // events, elements or points; bytes for "pack"
}

// encodeRedaction is supportBundle.redaction: what the redactor took out, what the second detector
// took out after it, and where the three words of the format's check still stand.
func (d *draft) encodeRedaction(counts map[taken]int) []byte {
	var rules, parts []ruleCount
	var removed array
	untold := 0
	var words search
	for _, p := range d.parts {
		if p == d.told {
			continue
		}
		sum := 0
		for _, c := range p.counts {
			rules = addCount(rules, c.rule, c.n)
			sum += c.n
		}
		if sum > 0 {
			parts = append(parts, ruleCount{p.name(), sum})
		}
		untold += p.dropped
		for _, rem := range p.removals() {
			if removed.n >= maxTold || d.bare {
				untold++
				continue
			}
			var one object
			one.text("pointer", plainPointer(rem.Parent))
			one.text("rule", rem.Rule)
			removed.raw(one.done())
		}
		words.part(p)
	}
	var o object
	o.raw("counts", encodeCounts(rules))
	o.raw("sections", encodeCounts(parts))
	o.raw("removed", removed.done())
	o.number("untold", int64(untold))
	o.number("refused", d.omitted.refused)
	o.text("ruleSet", d.constants.ruleSet)
	o.text("epoch", d.constants.epoch)
	d.constants.encodeExceptions(&o)
	o.raw("verifier", d.encodeVerifier(counts))
	o.raw("search", words.encode(d.bare))
	return o.done()
}

// encodeExceptions lists what the operator's policy lets through, those first that silence a rule. Their names
// and reasons are the operator's words, which no pack holds: the line of the file leads to them.
func (c redactionConstants) encodeExceptions(o *object) {
	silenced := func(e redact.Exception) string {
		if e.Kind == "rule" {
			return e.Name
		}
		return e.Rule
	}
	sort.SliceStable(c.exceptions, func(i, j int) bool { return silenced(c.exceptions[i]) != "" && silenced(c.exceptions[j]) == "" })
	var list array
	for _, e := range c.exceptions[:min(len(c.exceptions), maxExceptions)] {
		var one object
		one.number("line", int64(e.Line))
		one.text("kind", e.Kind)
		one.textOrNull("rule", silenced(e))
		list.raw(one.done())
	}
	o.raw("exceptions", list.done())
	o.number("exceptionsUntold", int64(max(0, len(c.exceptions)-maxExceptions)))
}

func encodeCounts(counts []ruleCount) []byte {
	sort.Slice(counts, func(i, j int) bool { return counts[i].rule < counts[j].rule })
	var o object
	for _, c := range counts {
		o.number(c.rule, int64(c.n))
	}
	return o.done()
}

func (d *draft) encodeVerifier(counts map[taken]int) []byte {
	var o object
	o.text("verdict", string(d.verdict))
	o.number("findings", int64(d.findings))
	var a array
	for _, t := range d.taken {
		var one object
		one.text("pointer", t.pointer)
		one.textOrNull("kind", t.kind)
		one.text("took", levelNames[t.level])
		one.number("count", int64(counts[t]))
		a.raw(one.done())
	}
	o.raw("removed", a.done())
	o.number("untold", int64(d.untold))
	return o.done()
}

// encodeSize is supportBundle.size: the limit and what was left out to keep to it, and what the
// bounds of recording left out before.
func (d *draft) encodeSize() []byte {
	var o object
	o.number("maxBytes", int64(d.limit))
	o.number("fullBytes", int64(d.full))
	var a array
	for _, c := range d.cuts {
		var one object
		one.text("what", c.what)
		one.number("before", int64(c.before))
		one.number("after", int64(c.after))
		a.raw(one.done())
	}
	o.raw("cut", a.done())
	var left array
	for _, name := range d.leftOut {
		left.text(name)
	}
	o.raw("leftOut", left.done())
	o.number("seriesOmitted", int64(d.omitted.series))
	o.number("gapsOmitted", int64(d.omitted.gaps))
	return o.done()
}

// encodeSelf is supportBundle.self: what the agent itself costs.
func encodeSelf(n SelfNumbers, looks lookTimes, errors int64, now time.Time) []byte {
	var o object
	o.instant("startedAt", n.StartedAt)
	if n.StartedAt.IsZero() {
		o.raw("uptimeMs", nil)
	} else {
		o.number("uptimeMs", max(0, now.Sub(n.StartedAt).Milliseconds()))
	}
	o.number("cpuUserMs", n.CPUUser.Milliseconds())
	o.number("cpuSystemMs", n.CPUSystem.Milliseconds())
	o.positive("residentBytes", int64(n.RSS))
	o.number("looks", int64(looks.count))
	o.number("lookMs", looks.last.Milliseconds())
	o.number("longestLookMs", looks.longest.Milliseconds())
	o.raw("recordMs", appendFloat(nil, float64(looks.record.Microseconds())/1000))
	o.number("expressionErrors", errors)
	return o.done()
}
