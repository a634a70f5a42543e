package pack

import (
	"bytes"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// maxTold bounds each list of places in supportBundle.redaction.
const maxTold = 200

// wordsOfTheCheck are the three words that the format's own check searches a pack for, in its order.
// A pack names them by their number in it, from 1, so that telling a hit makes no new one.
var wordsOfTheCheck = [3]string{"token", "key", "secret"}

// place is where one of the words stands: in the value at pointer, or in the name of its n-th member
// or below that.
type place struct {
	pointer string
	word    int // from 1
	member  int // from 0; -1: in the value itself
}

// search finds the words in the parts, in any case.
type search struct {
	hits   int
	places map[place]int
	order  []place
	untold int
}

func (s *search) note(at place, n int) {
	s.hits += n
	if s.places == nil {
		s.places = make(map[place]int)
	}
	if _, known := s.places[at]; !known {
		if len(s.order) >= maxTold {
			s.untold += n
			return
		}
		s.order = append(s.order, at)
	}
	s.places[at] += n
}

// part walks a part only when a plain look finds a word in it.
func (s *search) part(p *part) {
	if countWords(p.data) == [3]int{} {
		return
	}
	s.value(jsontext.NewDecoder(bytes.NewBuffer(p.data), lenient...), joinPointer(p.path...), -1)
}

// value notes the hits in the value that is next. Below a member whose name holds one of the words
// the way is not told any further: everything is noted at that member's number.
func (s *search) value(dec *jsontext.Decoder, pointer string, member int) {
	kind := dec.PeekKind()
	if kind != '{' && kind != '[' {
		if raw, err := dec.ReadValue(); err == nil {
			s.noteAll(raw, pointer, member)
		}
		return
	}
	if _, err := dec.ReadToken(); err != nil {
		return
	}
	for i := 0; ; i++ {
		switch dec.PeekKind() {
		case '}', ']', 0:
			_, _ = dec.ReadToken() // a broken document ends the walk above, too
			return
		}
		segment, at := strconv.Itoa(i), member
		if kind == '{' {
			name, err := dec.ReadValue()
			if err != nil {
				return
			}
			if countWords(name) != [3]int{} && at < 0 {
				at = i
			}
			s.noteAll(name, pointer, at)
			segment = string(scalarText(name))
		}
		if at >= 0 {
			s.value(dec, pointer, at)
			continue
		}
		s.value(dec, string(jsontext.Pointer(pointer).AppendToken(segment)), -1)
	}
}

func (s *search) noteAll(raw []byte, pointer string, member int) {
	for word, n := range countWords(raw) {
		if n > 0 {
			s.note(place{pointer, word + 1, member}, n)
		}
	}
}

func (s *search) encode(bare bool) []byte {
	var o object
	o.number("hits", int64(s.hits))
	var a array
	untold := s.untold
	for _, at := range s.order {
		if bare {
			untold += s.places[at]
			continue
		}
		var one object
		one.text("pointer", at.pointer)
		one.number("word", int64(at.word))
		if at.member >= 0 {
			one.number("member", int64(at.member))
		}
		one.number("count", int64(s.places[at]))
		a.raw(one.done())
	}
	o.raw("places", a.done())
	o.number("untold", int64(untold))
	return o.done()
}

// countWords counts the words in plain bytes, in any case. Each of them holds a k or a c in its first
// three letters, which is what it looks for first.
func countWords(b []byte) (n [3]int) {
	for i, c := range b {
		switch c | 0x20 {
		case 'k':
			if i >= 2 && hasWord(b[i-2:], wordsOfTheCheck[0]) {
				n[0]++
			}
			if hasWord(b[i:], wordsOfTheCheck[1]) {
				n[1]++
			}
		case 'c':
			if i >= 2 && hasWord(b[i-2:], wordsOfTheCheck[2]) {
				n[2]++
			}
		}
	}
	return n
}

func hasWord(b []byte, word string) bool {
	if len(b) < len(word) {
		return false
	}
	for i := range len(word) {
		if b[i]|0x20 != word[i] {
			return false
		}
	}
	return true
}

// plainPointer ends a pointer before the first segment that holds one of the words.
func plainPointer(pointer string) string {
	for countWords([]byte(pointer)) != [3]int{} {
		pointer = string(jsontext.Pointer(pointer).Parent())
	}
	return pointer
}
