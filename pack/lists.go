package pack

import (
	"errors"
	"strconv"
	"time"

	"relaypack/scrape"
	"relaypack/scrape/profile"
)

const (
	maxListed = 1000 // elements kept of sockets and sessions
	maxErrors = 200  // elements kept of the relay's second error store
)

// errEnough ends a walk over a list that is longer than anybody reads.
var errEnough = errors.New("enough")

// list is one of supportBundle.sockets, sessions and errors: elements as the relay has them, redacted.
type list struct {
	name     string
	most     int
	variants []*listing
}

// listing is what one source listed last.
type listing struct {
	from  profile.From
	kept  kept // a JSON array of at most list.most elements
	known bool
	count int // elements that the source listed

	written bool // Entries gave a list out
}

func newList(spec profile.List) *list {
	l := &list{name: spec.Name, most: maxListed}
	if spec.Name == "errors" {
		l.most = maxErrors
	}
	for _, from := range spec.Variants {
		l.variants = append(l.variants, &listing{from: from})
	}
	return l
}

// takeLists cuts the lists out of an answer, element by element.
func (r *Recorder) takeLists(res *scrape.Result) {
	if res.Body == nil {
		return
	}
	for _, l := range r.lists {
		for _, v := range l.variants {
			if v.from.Source == res.Source {
				r.takeList(l, v, res)
			}
		}
	}
}

func (r *Recorder) takeList(l *list, v *listing, res *scrape.Result) {
	var a array
	v.count, v.known = 0, false
	if !v.from.Path.HasList(res.Body) {
		return
	}
	err := v.from.Path.Each(res.Body, func(raw []byte) error {
		v.count++
		if v.count <= l.most {
			a.raw(raw)
		}
		return nil
	})
	if err != nil {
		r.refused.Add(1)
		return
	}
	v.kept, v.known = r.take(a.done(), res.At)
}

// current is the listing that counts: the first whose source is ok, else the one known last.
func (r *Recorder) current(name string) *listing {
	for _, l := range r.lists {
		if l.name != name {
			continue
		}
		var candidates []candidate
		for _, v := range l.variants {
			usable := v.known && v.kept.life == r.shown && !(v.from.Recorded && r.unwired == yes)
			candidates = append(candidates, candidate{usable, v.from.Source, v.kept.at})
		}
		if i := r.prefer(candidates, false); i >= 0 {
			return l.variants[i]
		}
	}
	return nil
}

// encode is {asOf, count, list}; counts, where wanted, is a further member bySubsystem.
func (v *listing) encode(withCounts bool, counts []byte) []byte {
	var o object
	o.instant("asOf", v.kept.at)
	o.number("count", int64(v.count))
	if withCounts {
		o.raw("bySubsystem", counts)
	}
	o.raw("list", v.kept.clean.Bytes())
	return o.done()
}

// whyBarren stands beside a source that answers, and with nothing that anybody wants to know.
const whyBarren = "the answer holds nothing of what is read from it"

// encodeSources is supportBundle.sources: how every source of the profile stands.
func (r *Recorder) encodeSources(names []string, states map[string]scrape.State, now time.Time) []byte {
	var o object
	for _, name := range names {
		s := states[name]
		if s.Status == scrape.OK && s.Reason == "" && r.barren[name] {
			s.Reason = whyBarren
		}
		var one object
		status := s.Status
		if status == "" {
			status = scrape.Skipped
		}
		one.text("status", string(status))
		one.instant("lastOkAt", s.LastOK)
		if s.LastOK.IsZero() {
			one.raw("ageMs", nil)
		} else {
			one.number("ageMs", max(0, now.Sub(s.LastOK).Milliseconds()))
		}
		one.number("tookMs", s.Took.Milliseconds())
		one.number("bytes", s.Bytes)
		one.number("failures", int64(s.Failures))
		one.instant("since", s.Since)
		one.raw("error", encodeReason(s))
		o.raw(name, one.done())
	}
	return o.done()
}

// encodeReason is the reason in scrape's words, with the answer's status code and the first bad line
// where there are some; null when nothing is to say.
func encodeReason(s scrape.State) []byte {
	if s.Reason == "" && (s.Status == scrape.OK || s.Code == 0) {
		return nil
	}
	reason := s.Reason
	// The code is of the last answer; where none was waited for it says nothing about the status.
	if s.Code != 0 && s.Status != scrape.OK && s.Status != scrape.Gated && s.Status != scrape.Skipped && s.Code != 200 {
		if reason != "" {
			reason += ", "
		}
		reason += "HTTP " + strconv.Itoa(s.Code)
	}
	if s.Line != 0 {
		reason += ", line " + strconv.Itoa(s.Line)
	}
	if reason == "" {
		return nil
	}
	return appendString(nil, reason)
}
