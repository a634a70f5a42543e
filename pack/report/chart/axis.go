package chart

import (
	"math"
	"strconv"
	"time"
)

// unit writes values of one kind. Values are divided by a power of base, named by the prefix of that power.
type unit struct {
	name     string
	base     float64 // 1024, 1000, or 0 for units that step otherwise
	prefixes []string
	steps    []scale // of a unit without base, smallest first
}

// scale is one name of a unit and how much it is of the smallest one.
type scale struct {
	of   float64
	name string
}

func unitOf(name string) unit {
	switch name {
	case "bytes":
		return unit{base: 1024, prefixes: []string{" B", " KiB", " MiB", " GiB", " TiB", " PiB"}}
	case "ms":
		return unit{steps: []scale{{1, " ms"}, {1000, " s"}, {60_000, " min"}, {3_600_000, " h"}, {86_400_000, " d"}}}
	case "s":
		return unit{steps: []scale{{1, " s"}, {60, " min"}, {3600, " h"}, {86_400, " d"}}}
	case "count", "":
		name = ""
	case "1/s":
		name = "/s"
	default:
		name = " " + name
	}
	return unit{name: name, base: 1000, prefixes: []string{"", "k", "M", "G", "T", "P", "E"}}
}

// scaleFor gives the divisor and the ending for values as large as v.
func (u unit) scaleFor(v float64) (of float64, name string) {
	v = math.Abs(v)
	if u.base == 0 {
		of, name = u.steps[0].of, u.steps[0].name
		for _, s := range u.steps[1:] {
			if v >= 2*s.of { // 90 s say more than 1.5 min
				of, name = s.of, s.name
			}
		}
		return of, name
	}
	of = 1
	i := 0
	for v >= of*u.base && i < len(u.prefixes)-1 {
		of *= u.base
		i++
	}
	return of, u.prefixes[i] + u.name
}

// write gives a value in words, with three digits that count.
func (u unit) write(v float64) string {
	of, name := u.scaleFor(v)
	return digits(v/of, 3) + name
}

func digits(v float64, n int) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e6 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	text := strconv.FormatFloat(v, 'g', n, 64)
	if f, err := strconv.ParseFloat(text, 64); err == nil && math.Abs(f) >= 0.001 && math.Abs(f) < 1e6 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return text
}

// valueTicks widens a range to whole steps of 1, 2 or 5 (of the unit that the values are written in), and gives the values
// at which lines are drawn. Values that lie near nothing begin at 0, so that the height of a line says how much it is.
func valueTicks(least, most float64, u unit) []float64 {
	if least > most { // no values at all
		least, most = 0, 1
	}
	if least > 0 && least < most*0.8 || least == most && least > 0 {
		least = 0
	}
	if most < 0 && most > least*0.8 {
		most = 0
	}
	if least == most {
		most = least + 1
	}
	if most-least < 1e-9*max(math.Abs(least), math.Abs(most)) { // steps so small get lost beside the values, which a loop would never pass
		return []float64{least, most}
	}
	of, _ := u.scaleFor(max(math.Abs(least), math.Abs(most)))
	step := niceStep((most-least)/of/4) * of
	if u.name == "" && u.base == 1000 { // counts have no halves
		step = max(step, 1)
	}
	first, last := math.Floor(least/step), math.Ceil(most/step)
	if n := last - first; !(n >= 1 && n <= 10) { // beyond the precision of a number: two ticks are enough
		return []float64{least, most}
	}
	var out []float64
	for i := first; i <= last; i++ {
		out = append(out, i*step)
	}
	return out
}

// niceStep is the least of 1, 2, 5 times a power of ten that is not under v.
func niceStep(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if v <= m*power*1.0000001 {
			return m * power
		}
	}
	return 10 * power
}

// timeSteps are the distances between times on the axis.
var timeSteps = []time.Duration{time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 48 * time.Hour, 7 * 24 * time.Hour}

// timeTicks gives at most five round instants of a span, and how they are written: second, time or day.
func timeTicks(from, to time.Time) (ticks []time.Time, form string) {
	span := to.Sub(from)
	step := span/4 + 1
	for _, s := range timeSteps {
		if span/s <= 4 {
			step = s
			break
		}
	}
	form = "time"
	switch {
	case step < time.Minute:
		form = "second"
	case step >= 24*time.Hour:
		form = "day"
	}
	at := from.UTC().Truncate(step)
	if at.Before(from) {
		at = at.Add(step)
	}
	for ; !at.After(to) && len(ticks) < 6; at = at.Add(step) {
		ticks = append(ticks, at)
	}
	return ticks, form
}

var timeForms = map[string]string{"second": "15:04:05", "time": "15:04", "day": "Jan 2"}
