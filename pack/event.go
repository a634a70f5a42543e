package pack

import (
	"bytes"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"relaypack/pack/redact"
)

// Bounds of one event. Longer ones are cut after they were redacted: cutting first could cut a
// secret in two, and neither half would be known for what it is.
const (
	maxEvent     = 16 << 10 // bytes of a kept event
	maxCutString = 512      // bytes that a text keeps in an event that is cut
	cutMember    = "_cut"   // the mark: how many bytes the whole event had
	cutText      = "[cut]"  // the mark at the end of a text that was cut
)

// event is what a window keeps of one event of the relay.
type event struct {
	kept
	class     string
	id        string // as it stands in the clean bytes, at most 64 bytes
	sequence  int64  // the id without its prefix; 0: none
	firstSeen time.Time
	timestamp int64  // the relay's, epoch ms; data, never a reason to keep or drop
	kind      string // its type, as it stands in the clean bytes
	ruleSet   string
	raw       uint64        // keyed hash of its session's id where it was seen raw, else 0
	masked    uint64        // keyed hash of the masked form, 0 without a session
	same      uint64        // keyed hash of what makes it this event, the same in the next agent; 0: nobody wants it
	words     bool          // it holds one of the three words of the format's check
	verified  atomic.Uint64 // the detector's turn in which it read these bytes and found nothing; 0: not yet
}

func (e *event) size() int { return e.clean.Len() + 64 }

// cutEvent gives an event in at most maxEvent bytes of valid JSON: its long texts are shortened,
// then its largest members left out, and `_cut` tells the number of bytes that it had.
func cutEvent(value []byte) []byte {
	short := shortenTexts(value)
	list, ok := members(short)
	if !ok {
		list = nil
	}
	size := len(short) + 32
	for size > maxEvent {
		largest := 0
		for i := range list {
			if len(list[i].value) > len(list[largest].value) {
				largest = i
			}
		}
		if len(list) == 0 {
			break
		}
		size -= len(list[largest].name) + len(list[largest].value) + 4
		list = append(list[:largest], list[largest+1:]...)
	}
	var o object
	for _, m := range list {
		o.raw(m.name, m.value)
	}
	o.number(cutMember, int64(len(value)))
	return o.done()
}

// shortenTexts cuts every text of more than maxCutString bytes.
func shortenTexts(value []byte) []byte {
	dec := jsontext.NewDecoder(bytes.NewBuffer(value), lenient...)
	out := make([]byte, 0, maxEvent)
	for {
		kind := dec.PeekKind()
		if kind == 0 {
			return out
		}
		depth := dec.StackDepth()
		parent, n := dec.StackIndex(depth)
		inName := parent == '{' && n%2 == 0
		if depth > 0 && kind != '}' && kind != ']' && n > 0 {
			if parent == '{' && n%2 == 1 {
				out = append(out, ':')
			} else {
				out = append(out, ',')
			}
		}
		if kind != '"' {
			tok, err := dec.ReadToken()
			if err != nil {
				return out
			}
			out = append(out, tok.String()...)
			continue
		}
		raw, err := dec.ReadValue()
		if err != nil {
			return out
		}
		if inName || len(raw) <= maxCutString {
			out = append(out, raw...)
			continue
		}
		text := scalarText(raw)
		if len(text) > maxCutString {
			text = text[:maxCutString]
			for len(text) > 0 && !utf8.Valid(text[len(text)-min(len(text), utf8.UTFMax):]) {
				text = text[:len(text)-1]
			}
			text = append(text, cutText...)
		}
		out = appendString(out, string(text))
	}
}

// keepEvent redacts one element of an event list and cuts it to its bound.
func (r *Recorder) keepEvent(raw []byte, at time.Time) (kept, bool) {
	k, ok := r.take(raw, at)
	if !ok || k.clean.Len() <= maxEvent {
		return k, ok
	}
	short, ok := r.take(cutEvent(k.clean.Bytes()), at)
	if !ok {
		return kept{}, false
	}
	k.clean = short.clean // a second pass changes nothing; it only makes the type
	return k, true
}

// sessionHashes gives the keyed hashes by which an event is found for a session: of the raw id
// where the relay named it raw, and of the masked form.
func sessionHashes(red *redact.Redactor, id []byte) (raw, masked uint64) {
	if len(id) == 0 {
		return 0, 0
	}
	if isMasked(string(id)) {
		return 0, red.Hash("masked session", id)
	}
	return red.Hash("session", id), red.Hash("masked session", red.Mask(nil, "session", id))
}

// isMasked says whether an id is in a masked form already: 4 runes, three dots and 4 runes; three dots
// and 6 runes; 4 runes and three dots; or the placeholder of a short one.
func isMasked(id string) bool {
	const dots = "..."
	switch runes := []rune(id); len(runes) {
	case 7:
		return string(runes[4:]) == dots
	case 9:
		return string(runes[:3]) == dots
	case 11:
		return string(runes[4:7]) == dots
	case 15:
		return string(runes[:4]) == "[id-" && runes[14] == ']'
	}
	return false
}
