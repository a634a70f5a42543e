package verify

import "bytes"

// quoted gives the span of the string that begins at the quote under way, and moves behind it. Of one
// that does not end in the window it gives the part that is there.
func (w *walker) quoted() (str span, escaped, ok bool) {
	doc := w.doc()
	at := w.i + 1
	str.from = at
	for end := min(len(doc), at+16); at < end; at++ { // most strings are short
		if c := doc[at]; c == '"' {
			str.to, w.i = at, at+1
			return str, false, true
		} else if c == '\\' {
			break
		}
	}
	for quote := -1; ; {
		if quote < at {
			n := bytes.IndexByte(doc[at:], '"')
			if n < 0 {
				return span{str.from, len(doc)}, true, false
			}
			quote = at + n
		}
		b := bytes.IndexByte(doc[at:quote], '\\')
		if b < 0 {
			str.to, w.i = quote, quote+1
			return str, escaped, true
		}
		if at, escaped = at+b+2, true; at > len(doc) {
			return span{str.from, len(doc)}, true, false
		}
	}
}

// name reads a member's name and the colon behind it, and notes what the name says.
func (w *walker) name() bool {
	str, escaped, ok := w.quoted()
	if !ok && w.outer && w.s.r != nil { // it may only be cut
		w.more(w.i)
		str, escaped, ok = w.quoted()
	}
	if !ok || !w.blank() {
		return false
	}
	doc := w.doc()
	if doc[w.i] != ':' {
		return false
	}
	w.i++
	raw := doc[str.from:str.to]
	name := raw
	if escaped {
		if name, ok = w.s.unquote(raw); !ok {
			name = raw
		}
	}
	top := &w.stack[len(w.stack)-1]
	top.name = raw
	w.placed(str.from, raw, escaped)
	if w.outer {
		if w.s.low < len(doc) || w.s.base > 0 { // the window will move
			top.name = bytes.Clone(raw)
		}
	}
	top.says = w.s.nameInfo(name, w.outer && !escaped)
	w.unplaced()
	return true
}

// placed notes where the text under way stands, and what it was before its escapes were undone.
func (w *walker) placed(from int, raw []byte, escaped bool) {
	s := w.s
	if w.outer {
		s.offset, s.exact, s.layers = s.base+from, true, s.layers[:0]
	} else {
		w.depth = len(s.layers)
		s.layers = append(s.layers, layer{at: w.at + from})
	}
	if escaped {
		s.layers = append(s.layers, layer{src: raw, by: jsonEscapes})
	}
}

func (w *walker) unplaced() {
	w.s.layers = w.s.layers[:w.depth]
}

// scalar reads a string, number, true, false or null, and looks at it.
func (w *walker) scalar(c byte) bool {
	top := &w.stack[len(w.stack)-1]
	doc := w.doc()
	if c != '"' {
		from := w.i
		if w.i = endOfPlain(doc, from); w.i == from {
			return false
		}
		if c == '-' || c >= '0' && c <= '9' {
			w.placed(from, nil, false)
			w.s.number(top, doc[from:w.i])
			w.unplaced()
		} else {
		}
		top.previous = plain
		return true
	}
	str, escaped, ok := w.quoted()
	for !ok {
		if !w.outer || w.s.r == nil {
			return false
		}
		if w.i > 0 {
			w.more(w.i)
		} else {
			w.part()
		}
		str, escaped, ok = w.quoted()
	}
	raw := w.doc()[str.from:str.to]
	var seen *uint64
	var hash uint64
	if w.outer {
		if seen, hash = w.s.seen(raw); seen != nil && *seen == hash && top.silent() {
			return true
		}
	}
	value := raw
	if escaped {
		if value, ok = w.s.unquote(raw); !ok {
			value = raw
		}
	}
	before := len(w.s.found)
	w.placed(str.from, raw, escaped)
	w.s.member(top, value)
	w.unplaced()
	if seen != nil && len(w.s.found) == before && top.silent() {
		*seen = hash
	}
	return true
}

// part looks at the first part of a string that is longer than the window, and makes what follows it, with
// an overlap, the string under way.
func (w *walker) part() {
	s := w.s
	end := len(s.doc) - overlap
	cut := end - overlap
	for k := cut; k > cut-8; k-- { // no escape is cut
		if s.doc[k] == '\\' {
			cut = k
			for cut > 0 && s.doc[cut-1] == '\\' {
				cut--
			}
			break
		}
	}
	raw := s.doc[1:end]
	w.placed(1, raw, true)
	value, ok := s.unquote(raw)
	if !ok {
		value = raw
	}
	s.member(&w.stack[len(w.stack)-1], value)
	if cut < 2 {
		cut = end // nothing but backslashes
	}
	w.more(cut - 1)
	s.doc[0] = '"' // what stood there was looked at
}

// endOfPlain gives the end of a number, true, false or null that begins at i; i: it is none of them.
func endOfPlain(doc []byte, i int) int {
	for _, word := range [...]string{"true", "false", "null"} {
		if doc[i] == word[0] && len(doc)-i >= len(word) && string(doc[i:i+len(word)]) == word {
			return i + len(word)
		}
	}
	j := i
	if doc[j] == '-' {
		j++
	}
	digits := func() bool {
		from := j
		for j < len(doc) && doc[j] >= '0' && doc[j] <= '9' {
			j++
		}
		return j > from
	}
	if !digits() {
		return i
	}
	if j < len(doc) && doc[j] == '.' {
		if j++; !digits() {
			return i
		}
	}
	if j < len(doc) && doc[j]|0x20 == 'e' {
		if j++; j < len(doc) && (doc[j] == '+' || doc[j] == '-') {
			j++
		}
		if !digits() {
			return i
		}
	}
	return j
}
