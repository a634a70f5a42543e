package redact

// skipping is the state of passing over a value that is removed, or the rest of a long string.
type skipping struct {
	on     bool
	str    bool // inside a string
	depth  int  // open brackets
	quoted bool // the value is the rest of a string, whose end quote stays
}

// skipOn passes over the value. Only brackets and quotes count, so what is no JSON inside it goes with
// it; a line end inside a string, which JSON does not have, ends the skip.
func (w *walker) skipOn() status {
	s, k := w.src, &w.skip
	i := w.pos
	for ; i < len(s); i++ {
		c := s[i]
		if k.str {
			switch c {
			case '\\':
				if i+1 >= len(s) && !w.final {
					w.copied, w.pos = i, i
					return more
				}
				i++
			case '"':
				k.str = false
			case '\n':
				w.copied, w.pos = i, i
				return bad
			}
		} else {
			switch c {
			case '"':
				k.str = true
			case '{', '[':
				k.depth++
			case '}', ']':
				k.depth--
			}
		}
		if !k.str && k.depth <= 0 {
			end := i + 1
			w.copied, w.pos = end, end
			if k.quoted {
				w.copied = i
			}
			w.skip = skipping{}
			return ok
		}
	}
	i = min(i, len(s))
	w.copied, w.pos = i, i
	return more
}

// bigString begins a string that is longer than maxString. By an id's field it goes as a whole.
func (w *walker) bigString() status {
	e := &w.cur
	if w.drops(isString, w.src[e.value:min(len(w.src), e.value+64)]) && w.on(w.ruleFor()) {
		w.cut(e.value+1, w.ruleFor())
		w.skip = skipping{on: true, str: true}
		return ok
	}
	if len(w.frames) > 0 {
		w.frames[len(w.frames)-1].pairAt = none
	}
	w.keep(e.value + 1)
	w.sync(e.value + 1)
	if e.info.class == nameID && w.on(ruleText) {
		w.out = appendPlaceholder(w.out, ruleText)
		w.p.counted(ruleText, w.src[e.value+1:])
		w.skip = skipping{on: true, str: true, quoted: true}
		return ok
	}
	w.big = true
	return ok
}

// bigOn goes over the next segment of a long string.
func (w *walker) bigOn() status {
	s := w.src
	limit := min(len(s), w.pos+2*window)
	end := stringEnd(s[:limit], w.pos)
	raw := s[w.pos:limit]
	last := end >= 0
	if last {
		raw = s[w.pos : end-1]
	} else if limit == len(s) && w.final {
		w.big = false
		return bad
	}
	out, n := w.p.segment(w.out, raw, inJSON, last)
	if n == 0 && !last {
		return more
	}
	w.out = out
	w.pos += n
	if last && n == len(raw) {
		w.pos = end
		w.big = false
		w.out = append(w.out, '"')
	}
	w.copied = w.pos
	return ok
}
