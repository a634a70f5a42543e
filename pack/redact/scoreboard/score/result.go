package score

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"relaypack/pack/redact/scoreboard/corpus"
)

// Result is the score of one tool.
type Result struct {
	Tool      string
	Secrets   int
	Caught    int
	Alikes    int
	Kept      int
	JSON      int // documents that were valid JSON
	Valid     int // of these, the ones that still are
	Kinds     map[string]Share
	Carriers  map[string]Share
	Misses    []Miss
	Destroyed []Miss
}

// Share is how many of how many.
type Share struct{ Got, Of int }

// Percent is Got of Of in percent; 100 of nothing.
func (s Share) Percent() float64 {
	if s.Of == 0 {
		return 100
	}
	return 100 * float64(s.Got) / float64(s.Of)
}

// Miss is a secret that was left, or a look-alike that was destroyed.
type Miss struct {
	Kind    string
	Carrier string
	Left    string // of a secret: the part that is left
	Text    string // as planted, before the encoding of a run
	Doc     int
}

// Recall is the mean over kinds of the share of their secrets that were caught, in percent.
func (r Result) Recall() float64 {
	sum := 0.0
	for _, s := range r.Kinds {
		sum += s.Percent()
	}
	if len(r.Kinds) == 0 {
		return 0
	}
	return sum / float64(len(r.Kinds))
}

// KeptPercent and ValidPercent are shares in percent.
func (r Result) KeptPercent() float64  { return Share{r.Kept, r.Alikes}.Percent() }
func (r Result) ValidPercent() float64 { return Share{r.Valid, r.JSON}.Percent() }

// Judge scores a tool: judge says, for a document by number, which secrets are
// left (in the order of the plants) and which look-alikes are kept.
func Judge(tool string, docs []corpus.Doc, judge func(n int, d corpus.Doc) (Verdict, error)) (Result, error) {
	r := Result{Tool: tool, Kinds: map[string]Share{}, Carriers: map[string]Share{}}
	for n, d := range docs {
		v, err := judge(n, d)
		if err != nil {
			return r, err
		}
		if IsJSON(d.Bytes) {
			r.JSON++
			if v.Valid {
				r.Valid++
			}
		}
		r.add(n, d, v)
	}
	return r, nil
}

// Verdict is what a tool did to one document, in the order of its secrets and of its look-alikes.
type Verdict struct {
	Left  []string
	Kept  []bool
	Skip  []bool // look-alikes that cannot be told from a secret beside them; nil: none
	Valid bool
}

func (r *Result) add(n int, d corpus.Doc, v Verdict) {
	secret, alike := 0, 0
	for _, p := range d.Plants {
		if p.Alike() {
			if alike++; v.Skip != nil && v.Skip[alike-1] {
				continue
			}
			r.Alikes++
			if v.Kept[alike-1] {
				r.Kept++
			} else {
				r.Destroyed = append(r.Destroyed, Miss{Kind: p.Kind, Carrier: d.Carrier, Text: p.Plain, Doc: n})
			}
			continue
		}
		for range p.Secrets {
			left := v.Left[secret]
			secret++
			r.Secrets++
			k, c := r.Kinds[p.Kind], r.Carriers[d.Carrier]
			k.Of++
			c.Of++
			if left == "" {
				r.Caught++
				k.Got++
				c.Got++
			} else {
				r.Misses = append(r.Misses, Miss{Kind: p.Kind, Carrier: d.Carrier, Left: left, Text: p.Plain, Doc: n})
			}
			r.Kinds[p.Kind], r.Carriers[d.Carrier] = k, c
		}
	}
}

// Output judges what a redactor wrote.
func Output(d corpus.Doc, out []byte) Verdict {
	secrets, alikes := parts(d)
	return Verdict{Left: Left(out, secrets), Kept: Kept(out, alikes), Valid: IsJSON(out)}
}

// Places judges a detector, which gives the offsets of what it found: a secret
// counts as caught when a finding lies within the place of its item, because
// what would be taken out then holds it. Where several items share one encoded
// run, that run (with the quote before it) is the place of all. A look-alike is kept when no finding lies
// within its place; one that shares a run with a secret is not counted.
func Places(d corpus.Doc, offsets []int) Verdict {
	var v Verdict
	hit := func(p corpus.Plant) bool {
		return slices.ContainsFunc(offsets, func(o int) bool { return o >= p.Start-1 && o < p.End })
	}
	for _, p := range d.Plants {
		found := hit(p)
		if p.Alike() {
			v.Kept = append(v.Kept, !found)
			v.Skip = append(v.Skip, slices.ContainsFunc(d.Plants, func(q corpus.Plant) bool { return !q.Alike() && q.Start < p.End && p.Start < q.End }))
			continue
		}
		for _, s := range p.Secrets {
			if found {
				s = ""
			}
			v.Left = append(v.Left, s)
		}
	}
	v.Valid = true
	return v
}

func parts(d corpus.Doc) (secrets []string, alikes []corpus.Plant) {
	for _, p := range d.Plants {
		if p.Alike() {
			alikes = append(alikes, p)
		}
		secrets = append(secrets, p.Secrets...)
	}
	return secrets, alikes
}

// IsJSON says that the bytes are objects or arrays of JSON, one or several.
func IsJSON(b []byte) bool {
	if b = bytes.TrimSpace(b); len(b) == 0 || b[0] != '{' && b[0] != '[' {
		return false
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	for {
		var v json.RawMessage
		switch err := dec.Decode(&v); {
		case errors.Is(err, io.EOF):
			return true
		case err != nil:
			return false
		}
	}
}
