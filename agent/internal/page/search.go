package page

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"relaypack/pack"
	"relaypack/pack/report/plain"
)

// Words are the three that the format's own check searches a pack for.
var Words = []string{"token", "key", "secret"}

const (
	maxHits    = 50 // that are shown; all are counted
	aroundHit  = 32 // bytes on each side of one
	maxWords   = 8
	maxWordLen = 100
)

// found is the result of a search in the bytes of a pack.
type found struct {
	Words []wordCount
	Hits  []hit
	Total int
}

type wordCount struct {
	Word string
	N    int
}

type hit struct {
	Pointer      string
	Before, Text string
	After        string
	at           int
}

// Search looks for words in a pack that the session looks at, in any case of ASCII letters, and gives the result as
// HTML. text is words with blanks between them, at most 8 of 100 bytes.
func (p *Page) Search(s *Session, id, text string) ([]byte, error) {
	held, err := p.holds.find(s, id)
	if err != nil {
		return nil, err
	}
	return render("found", search(held.pack, wordsOf(text)))
}

func wordsOf(text string) (words []string) {
	for _, w := range strings.Fields(text) {
		if w, _ = plain.Cut(w, maxWordLen); len(words) < maxWords {
			words = append(words, w)
		}
	}
	return words
}

// search goes through the bytes themselves, as an editor does that has the file open.
func search(made *pack.Preview, words []string) found {
	body := made.Pack().Bytes()
	low := lower(body)
	var f found
	for _, w := range words {
		one := wordCount{Word: w}
		text := lower([]byte(w))
		for at := bytes.Index(low, text); at >= 0; {
			one.N++
			if len(f.Hits) < maxHits {
				f.Hits = append(f.Hits, hitAt(body, at, len(text)))
			}
			next := bytes.Index(low[at+len(text):], text)
			if next < 0 {
				break
			}
			at += len(text) + next
		}
		f.Words = append(f.Words, one)
		f.Total += one.N
	}
	locate(body, f.Hits)
	return f
}

// lower keeps every offset: letters of ASCII alone change.
func lower(text []byte) []byte {
	out := bytes.Clone(text)
	for i, c := range out {
		if c >= 'A' && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return out
}

func hitAt(body []byte, at, n int) hit {
	from, to := max(0, at-aroundHit), min(len(body), at+n+aroundHit)
	for from < at && !utf8.RuneStart(body[from]) {
		from++
	}
	for to > at+n && to < len(body) && !utf8.RuneStart(body[to]) {
		to--
	}
	return hit{Before: string(body[from:at]), Text: string(body[at : at+n]), After: string(body[at+n : to]), at: at}
}

// locate says of each hit where in the document it stands.
func locate(body []byte, hits []hit) {
	if len(hits) == 0 {
		return
	}
	d := jsontext.NewDecoder(bytes.NewReader(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for from := int64(0); ; {
		_, err := d.ReadToken()
		if err != nil {
			return
		}
		to := d.InputOffset()
		for i := range hits {
			if at := int64(hits[i].at); at >= from && at < to {
				hits[i].Pointer = string(d.StackPointer())
			}
		}
		from = to
	}
}

// cutLines is a text without what is beyond most bytes.
func cutLines(text string, most int) string {
	kept, left := plain.Cut(text, most)
	if left > 0 {
		return kept + "\n… " + count(left) + " more bytes; the file has all of them\n"
	}
	return kept
}
