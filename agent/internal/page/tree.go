package page

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"

	"relaypack/pack"
)

const maxShownPart = 256 << 10 // bytes of a part that are shown

// ErrNoPart is the error of a part that the pack does not have.
var ErrNoPart = errors.New("the pack has no such part")

// preview is what is shown of a pack before it leaves.
type preview struct {
	ID       string // of the hold
	PackID   string
	Bytes    int
	SHA256   string
	At       int64
	Sections []section
	LeftOut  []string
	Rules    []ruleCount
	Removed  int // by all rules
	Verdict  string
	Findings int
	Taken    []takenOut
	Excepted int // exceptions of the operator's policy
	Cut      int // cuts of the size ladder
	Found    found
}

// section is one member of the pack, with its parts where it consists of several.
type section struct {
	Name  string
	Bytes int
	Share int // percent of the pack
	Parts []part
}

type part struct {
	pack.Part
	Label   string // the last name
	Removed int    // by the redactor
	Share   int
}

type ruleCount struct {
	Rule string
	N    int
}

type takenOut struct {
	Pointer string  `json:"pointer"`
	Kind    *string `json:"kind"`
	Took    string  `json:"took"`
	Count   int     `json:"count"`
}

// told is what a pack tells of itself.
type told struct {
	Bundle struct {
		Redaction struct {
			Counts     map[string]int `json:"counts"`
			Sections   map[string]int `json:"sections"`
			Exceptions []any          `json:"exceptions"`
			Verifier   struct {
				Verdict  string     `json:"verdict"`
				Findings int        `json:"findings"`
				Removed  []takenOut `json:"removed"`
			} `json:"verifier"`
		} `json:"redaction"`
		Size struct {
			Cut     []any    `json:"cut"`
			LeftOut []string `json:"leftOut"`
		} `json:"size"`
	} `json:"supportBundle"`
}

// Build makes a pack for a session to look at, holds it, and gives its preview as HTML.
func (p *Page) Build(ctx context.Context, src Source, s *Session, r pack.Request, leaveOut []string) ([]byte, error) {
	made, err := src.Preview(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.without(s, made, leaveOut)
}

// Without leaves the named parts, and no others, out of a pack that the session looks at, and gives the new preview
// as HTML. What was left out before and is not named any more is in it again.
func (p *Page) Without(s *Session, id string, names []string) ([]byte, error) {
	held, err := p.holds.find(s, id)
	if err != nil {
		return nil, err
	}
	return p.without(s, held.whole, names)
}

func (p *Page) without(s *Session, whole *pack.Preview, names []string) ([]byte, error) {
	made := whole
	if len(names) > 0 {
		var err error
		if made, err = whole.Without(names...); err != nil {
			return nil, err
		}
	}
	view, err := previewOf(made)
	if err != nil {
		return nil, err
	}
	view.ID = p.holds.keep(s, whole, made)
	return render("preview", view)
}

func previewOf(made *pack.Preview) (*preview, error) {
	body := made.Pack().Bytes()
	var t told
	if err := json.Unmarshal(body, &t); err != nil {
		return nil, errors.New("read what the pack tells: not as expected")
	}
	sum := sha256.Sum256(body)
	v := &preview{
		PackID: made.Pack().ID(), Bytes: len(body), SHA256: hex.EncodeToString(sum[:]), At: made.Pack().At().UnixMilli(),
		LeftOut: t.Bundle.Size.LeftOut, Verdict: t.Bundle.Redaction.Verifier.Verdict, Cut: len(t.Bundle.Size.Cut),
		Findings: t.Bundle.Redaction.Verifier.Findings, Taken: t.Bundle.Redaction.Verifier.Removed,
		Excepted: len(t.Bundle.Redaction.Exceptions), Found: search(made, Words),
	}
	for rule, n := range t.Bundle.Redaction.Counts {
		v.Rules = append(v.Rules, ruleCount{rule, n})
		v.Removed += n
	}
	slices.SortFunc(v.Rules, func(a, b ruleCount) int {
		if a.N != b.N {
			return b.N - a.N
		}
		return bytes.Compare([]byte(a.Rule), []byte(b.Rule))
	})
	for _, one := range made.Parts() {
		if n := len(v.Sections); n == 0 || v.Sections[n-1].Name != one.Path[0] {
			v.Sections = append(v.Sections, section{Name: one.Path[0]})
		}
		sec := &v.Sections[len(v.Sections)-1]
		sec.Bytes += one.Bytes
		sec.Parts = append(sec.Parts, part{one, one.Path[len(one.Path)-1], t.Bundle.Redaction.Sections[one.Name], one.Bytes * 100 / len(body)})
	}
	for i := range v.Sections {
		v.Sections[i].Share = v.Sections[i].Bytes * 100 / len(body)
	}
	return v, nil
}

// Part gives the JSON of one part of a pack that the session looks at, indented, as plain text.
func (p *Page) Part(s *Session, id, name string) ([]byte, error) {
	held, err := p.holds.find(s, id)
	if err != nil {
		return nil, err
	}
	value, ok := held.pack.Value(name)
	if !ok {
		return nil, ErrNoPart
	}
	var out bytes.Buffer
	if json.Indent(&out, value, "", "  ") != nil {
		out.Write(value)
	}
	return []byte(cutLines(out.String(), maxShownPart)), nil
}

// Pack gives a pack that the session looks at: the very bytes of the preview.
func (p *Page) Pack(s *Session, id string) (*pack.Pack, error) {
	held, err := p.holds.find(s, id)
	if err != nil {
		return nil, err
	}
	return held.pack.Pack(), nil
}
