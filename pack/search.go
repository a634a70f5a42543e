package pack

import (
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

// part looks through a part. Of a list of events only those are walked that are known to hold a word.
func (s *search) part(p *part) {
	pointer := joinPointer(p.path...)
	if p.events == nil || p.edited {
		s.value(p.data, pointer, -1)
		return
	}
	for i, e := range p.events {
		if e.words {
			s.value(e.clean.Bytes(), pointer+"/"+strconv.Itoa(i), -1)
		}
	}
}

// value notes the hits in a value. Below a member whose name holds one of the words the way is not
// told any further: everything is noted at that member's number.
func (s *search) value(raw []byte, pointer string, member int) {
	if !hasWords(raw) {
		return
	}
	if all, ok := elements(raw); ok {
		for i, one := range all {
			s.value(one, pointer+"/"+strconv.Itoa(i), member)
		}
		return
	}
	all, ok := members(raw)
	if !ok {
		s.noteAll(raw, pointer, member)
		return
	}
	for i, m := range all {
		at := member
		if at < 0 && hasWords([]byte(m.name)) {
			at = i
		}
		s.noteAll([]byte(m.name), pointer, at)
		if at >= 0 {
			s.value(m.value, pointer, at)
			continue
		}
		s.value(m.value, string(jsontext.Pointer(pointer).AppendToken(m.name)), -1)
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
		if c|0x28 != 'k' { // neither a k nor a c: the two differ in that bit
			continue
		}
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

func hasWords(b []byte) bool { return countWords(b) != [3]int{} }

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
	for hasWords([]byte(pointer)) {
		pointer = string(jsontext.Pointer(pointer).Parent())
	}
	return pointer
}
