package redact

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// minID is the least length of a word that can be an id in text; a digit must be in it, too.
const minID = 8

// maxID is the greatest length of a word that is asked for.
const maxID = 256

type kind struct{ name string }

// shape is a literal prefix and a run of one class.
type shape struct {
	prefix   string
	class    [256]bool
	min, max int
	kind     uint8
}

// addKinds takes over the built-in kinds and those of the options.
func (r *Redactor) addKinds(extra []IDKind) error {
	r.fields = make(map[string]uint8)
	for _, n := range idNouns {
		r.kinds = append(r.kinds, kind{n})
	}
	for _, k := range extra {
		if k.Kind == "" {
			return errors.New("ids: a kind has no name")
		}
		at, err := r.kindNumber(k.Kind)
		if err != nil {
			return err
		}
		for _, f := range k.Fields {
			var joined []byte
			for sp := (splitter{s: []byte(f)}); sp.next(); {
				joined = append(joined, sp.word()...)
			}
			if len(joined) == 0 || len(joined) > len(verdict{}.joined) {
				return fmt.Errorf("ids: kind %s: field %q has no words or too long ones", k.Kind, f)
			}
			r.fields[string(joined)] = at
			r.fields[string(joined)+"s"] = at
		}
		for _, text := range k.Shapes {
			sh, err := parseShape(text)
			if err != nil {
				return fmt.Errorf("ids: kind %s: shape %q: %w", k.Kind, text, err)
			}
			sh.kind = at
			r.shapes = append(r.shapes, sh)
		}
	}
	return nil
}

func (r *Redactor) kindNumber(name string) (uint8, error) {
	for i, k := range r.kinds {
		if k.name == name {
			return uint8(i), nil
		}
	}
	if len(r.kinds) == 255 {
		return 0, errors.New("ids: more than 248 kinds")
	}
	r.kinds = append(r.kinds, kind{name})
	return uint8(len(r.kinds) - 1), nil
}

// parseShape reads PREFIX[CLASS]+ or PREFIX[CLASS]{n}, {n,}, {n,m}. In a class stand signs and ranges.
func parseShape(text string) (sh shape, err error) {
	prefix, rest, ok := strings.Cut(text, "[")
	if !ok || strings.ContainsAny(prefix, `\^$.|?*+(){}`) {
		return sh, errors.New("must be a literal prefix and one class in brackets")
	}
	class, count, ok := strings.Cut(rest, "]")
	if !ok || class == "" || class[0] == '^' {
		return sh, errors.New("the class must be closed, not empty and not negated")
	}
	for i := 0; i < len(class); i++ {
		lo, hi := class[i], class[i]
		if i+2 < len(class) && class[i+1] == '-' {
			hi, i = class[i+2], i+2
		}
		for c := int(lo); c <= int(hi); c++ {
			sh.class[c] = true
		}
	}
	sh.prefix, sh.min, sh.max = prefix, 1, maxID
	if count == "+" {
		return sh, nil
	}
	inner, ok := strings.CutPrefix(count, "{")
	inner, ok2 := strings.CutSuffix(inner, "}")
	if !ok || !ok2 {
		return sh, errors.New("behind the class must stand + or {n} or {n,} or {n,m}")
	}
	lo, hi, two := strings.Cut(inner, ",")
	if sh.min, err = strconv.Atoi(lo); err != nil || sh.min < 1 || sh.min > maxID {
		return sh, errors.New("bad count")
	}
	if !two {
		hi = lo
	}
	if hi != "" {
		if sh.max, err = strconv.Atoi(hi); err != nil || sh.max < sh.min {
			return sh, errors.New("bad count")
		}
	}
	return sh, nil
}

// findID finds the id in the word s[i:j], which has 8 or more bytes and a digit: a known one, or one of
// a shape, which may also begin behind a _ or - of the word.
func (p *pass) findID(s []byte, i, j int) (start, end int, kind uint8, ok bool) {
	if j-i > maxID {
		return 0, 0, 0, false
	}
	for k := range p.r.shapes {
		sh := &p.r.shapes[k]
		for at := i; at < j; at++ {
			if at > i && s[at-1] != '_' && s[at-1] != '-' || sh.prefix != "" && s[at] != sh.prefix[0] || !bytes.HasPrefix(s[at:], []byte(sh.prefix)) {
				continue
			}
			if end := sh.end(s, at); end >= j && end-at >= minID {
				return at, end, sh.kind, true
			}
			if sh.prefix == "" {
				break
			}
		}
	}
	if p.r.known != nil && !p.inName {
		p.calls++
		if p.r.known(s[i:j]) {
			return i, j, 0, true
		}
	}
	return 0, 0, 0, false
}

// end gives the end of the shape's match at i, which must be a whole word; 0: none.
func (sh *shape) end(s []byte, i int) int {
	start := i + len(sh.prefix)
	j := start
	for j < len(s) && sh.class[s[j]] {
		j++
	}
	if j-start < sh.min || j-start > sh.max || j < len(s) && (isAlnum(s[j]) || s[j] == '_' || s[j] == '-') {
		return 0
	}
	return j
}

// idLike says whether a word looks like an id: 8 or more word signs, a digit among them, and neither a
// date nor a number with a unit.
func (p *pass) idLike(w []byte) bool {
	if len(w) < minID || len(w) > maxID {
		return false
	}
	f := charFlag(0)
	for _, c := range w {
		if p.r.tab.class[c]&cWord == 0 {
			return false
		}
		f |= p.r.tab.class[c]
	}
	return f&cDigit != 0 && !isDate(w) && !hasUnit(w)
}

func isDate(w []byte) bool {
	return len(w) >= 10 && isDigit(w[0]) && isDigit(w[1]) && isDigit(w[2]) && isDigit(w[3]) && w[4] == '-' && isDigit(w[5]) && isDigit(w[6]) &&
		w[7] == '-' && isDigit(w[8]) && isDigit(w[9]) && (len(w) == 10 || w[10] == 'T')
}

func hasUnit(w []byte) bool {
	i := 0
	for i < len(w) && isDigit(w[i]) {
		i++
	}
	switch string(w[i:]) {
	case "ms", "us", "ns", "s", "KB", "MB", "GB", "kb", "mb", "bytes", "B", "px":
		return i > 0
	}
	return false
}

// noun looks for an id behind session, user and their like in text: "user 7f3d...", "session id: x",
// "socket #x", "/sessions/x". j is the end of the noun.
func (t *text) noun(j int, kind uint8) int {
	s := t.s
	v := j
	if v < len(s) && (s[v] == ' ' || s[v] == '-' || s[v] == '.') && foldPrefix(s[v+1:], "id") {
		if k := v + 3; k < len(s) && !isAlnum(s[k]) {
			v = k
		}
	}
	gap := v
	for v < len(s) && v-gap < 4 && (s[v] == ' ' || s[v] == ':' || s[v] == '=' || s[v] == '#' || isQuote(s[v]) || s[v] == '(' || s[v] == '/') {
		v++
	}
	if v == gap || v >= len(s) {
		return 0
	}
	return t.idWord(v, kind)
}

// idWord masks the word at v if it looks like an id; 0: it does not.
func (t *text) idWord(v int, kind uint8) int {
	s, class := t.s, &t.p.r.tab.class
	e := v
	for e < len(s) && class[s[e]]&cWord != 0 {
		e++
	}
	if !t.p.idLike(s[v:e]) || e < len(s) && s[e] == '@' {
		return 0
	}
	if bytes.HasPrefix(s[e:], []byte(dots)) {
		e += len(dots)
	} else if e+1 < len(s) && s[e] == '.' && isLetter(s[e+1]) {
		return 0
	}
	return t.mask(v, e, kind)
}

// idValue masks the id at v behind a name and a separator at i: session_id=x, "userId": "x".
func (t *text) idValue(i, v int, info nameInfo) int {
	s, class := t.s, &t.p.r.tab.class
	a, e := v, v
	for a < len(s) && (s[a] == '\\' || isQuote(s[a])) {
		a++
	}
	if n := escapedQuoteAt(s[max(v, a-1):]); n > 0 {
		a, e, _ = t.quotedByEscapes(max(v, a-1), n)
	} else if a > v {
		_, e, _ = t.quoted(a-1, a-v-1)
	} else {
		for e < len(s) && (class[s[e]]&cWord != 0 || s[e] == '.') {
			e++
		}
		e = t.trimEnd(v, e)
		if bytes.HasPrefix(s[e:], []byte(dots)) {
			e += len(dots)
		}
	}
	id := s[a:max(a, e)]
	if info.class == nameNoun {
		if end := t.idWord(a, info.kind); end > 0 {
			return end
		}
		return i + 1
	}
	var room [16]byte
	word := lowerInto(room[:], id)
	if len(id) == 0 || isMasked(id) || bytes.IndexByte(id, '@') >= 0 || a == v && (digits(id) == 0 || isNumber(id) && info.flags&nfMeasure != 0) ||
		word != nil && t.p.r.tab.words[string(word)]&wHarmless != 0 || a > v && (len(id) > maxID || bytes.IndexByte(id, ' ') >= 0) {
		return i + 1
	}
	t.p.learn(info.kind, id)
	return t.mask(a, e, info.kind)
}
