package verify

import "bytes"

// lines looks through a document that is no JSON, line by line.
func (s *scan) lines(doc []byte) {
	s.inText = true
	for at := 0; at < len(doc) && !s.full(); {
		end := bytes.IndexByte(doc[at:], '\n')
		if end < 0 {
			end = len(doc) - at
		}
		s.offset = at
		s.text(doc[at:at+end], maxDepth)
		at += end + 1
	}
}

// Features of a text, by which whole detectors are skipped.
const (
	hasWord   = 1 << iota // 8 and more characters of a word with a digit or a capital in it
	hasAt                 // @
	hasColon              // :
	hasEqual              // =
	hasDot                // .
	hasEscape             // % or backslash
	hasDash               // -
	hasDigit
)

// class tells the features of a byte and (isWordChar) whether it can stand in a word.
const isWordChar = 1 << 15

var classes = func() (t [256]uint16) {
	for c := '0'; c <= '9'; c++ {
		t[c] = hasDigit | isWordChar
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c] = isWordChar
		t[c-32] = isWordChar
	}
	t['_'], t['-'] = isWordChar, isWordChar|hasDash
	t['@'], t[':'], t['='], t['.'] = hasAt, hasColon, hasEqual, hasDot
	t['%'], t['\\'] = hasEscape, hasEscape
	return t
}()

// text looks at one text as it stands for itself: unescaped, at most depth encodings deep.
func (s *scan) text(t []byte, depth int) {
	if len(t) < 5 || depth == 0 || s.full() {
		return
	}
	if s.planted {
		s.values(t)
	}
	features := uint16(0)
	word, longest := 0, 0
	for _, c := range t {
		k := classes[c]
		features |= k
		if k&isWordChar != 0 {
			word++
			longest = max(longest, word)
		} else {
			word = 0
		}
	}
	if longest >= 8 {
		features |= hasWord
	}
	if features&(hasWord|hasAt|hasColon|hasEqual|hasEscape) == 0 && features&(hasDigit|hasDot) != hasDigit|hasDot && longest < 4 {
		return
	}
	if maskAt(t) == len(t) {
		return
	}
	s.decoded(t, features, depth)
	if features&hasDash != 0 {
		s.pem(t)
	}
	if features&hasAt != 0 {
		s.atSigns(t)
	}
	if features&(hasDigit|hasDot) == hasDigit|hasDot || features&hasColon != 0 {
		s.addresses(t)
	}
	s.words(t, depth)
}

// words goes from word to word and judges each by itself and by its neighbours.
func (s *scan) words(t []byte, depth int) {
	owner := -1 // where the last word that owns an id ended
	for i := 0; i < len(t) && !s.full(); {
		if t[i] == '[' {
			if n := maskAt(t[i:]); n > 0 {
				i += n
				owner = -1
				continue
			}
		}
		if classes[t[i]]&isWordChar == 0 {
			i++
			continue
		}
		j := i + 1
		for j < len(t) && classes[t[j]]&isWordChar != 0 {
			j++
		}
		w := t[i:j]
		switch {
		case s.wordAlone(t, i, j):
		case owner >= 0 && i-owner <= 4 && joins(t[owner:i]) && idLike(w):
			s.report(KindID, w, i)
		case len(w) >= 20 && randomLooking(blob(t, i)) && suspicious(t[max(0, i-40):i]):
			s.report(KindEntropy, w, i)
		default:
			if len(w) >= 16 {
				s.blob(t, i, depth)
			}
		}
		if isOwner(unframed(w)) {
			owner = j
		} else if !(owner >= 0 && len(w) == 2 && (w[0]|0x20) == 'i' && (w[1]|0x20) == 'd') {
			owner = -1
		} else {
			owner = j
		}
		if len(w) >= 3 && j < len(t) && namesSomething(t, i, j) {
			s.named(t, i, j)
		}
		i = j
	}
}

// unframed is a word without dashes and underscores around it.
func unframed(w []byte) []byte {
	if c := w[0]; c != '-' && c != '_' {
		if c := w[len(w)-1]; c != '-' && c != '_' {
			return w
		}
	}
	return bytes.Trim(w, "-_")
}

// suspicious says whether one of the words in front of a value says credential.
func suspicious(before []byte) bool {
	for word := range bytes.FieldsFuncSeq(before, func(r rune) bool { return r >= 128 || classes[byte(r)]&isWordChar == 0 }) {
		if senseOf(word) == credential {
			return true
		}
	}
	return false
}

// namesSomething is a cheap look at what follows a word: only then is it worth knowing what it says.
func namesSomething(t []byte, i, j int) bool {
	switch t[j] {
	case '=', ':', '"', '\'', '\\', ']', '\t':
		return true
	case ' ':
		if t[i] == '-' || i > 0 && t[i-1] == '-' || scheme(t[i:j]) {
			return true
		}
		return j+1 < len(t) && (t[j+1] == '=' || t[j+1] == ':' || hasWordAt(t, j+1, "is") || hasWordAt(t, j+1, "was"))
	}
	return false
}

// joins says whether what stands between an owner and an id joins them.
func joins(gap []byte) bool {
	for _, c := range gap {
		switch c {
		case ' ', ':', '=', '#', '"', '\'', '\\', '_':
		default:
			return false
		}
	}
	return true
}

// wordAlone judges a word without its neighbours.
func (s *scan) wordAlone(t []byte, i, j int) bool {
	w := t[i:j]
	if len(w) < 6 {
		return len(w) >= 2 && s.vendor(t, i, j) || len(w) == 4 && s.card(t, i)
	}
	switch {
	case bytes.HasPrefix(w, []byte("eyJ")) && isJWT(blob(t, i)):
		s.report(KindJWT, blob(t, i), i)
	case s.vendor(t, i, j):
	case (bytes.HasPrefix(w, []byte("sess_")) || bytes.HasPrefix(w, []byte("sess-"))) && len(w) >= 9 && idLike(w):
		s.report(KindID, w, i)
	case s.d.isKnown(w):
		s.report(KindID, w, i)
	default:
		return s.card(t, i)
	}
	return true
}

// named judges what a name in front of a value says: name=value, name: value, name is value, --name value.
func (s *scan) named(t []byte, i, j int) {
	for i > 0 && t[i-1] == '.' && i > 1 && classes[t[i-2]]&isWordChar != 0 { // a.b.password
		i--
		for i > 0 && classes[t[i-1]]&isWordChar != 0 {
			i--
		}
	}
	name := t[i:j]
	says := senseOf(name)
	isScheme := scheme(name)
	if says == plain && !isScheme && !(i > 0 && (t[i-1] == '?' || t[i-1] == '&') && isSignature(name)) {
		return
	}
	if isScheme && s.scheme(t, i, j) {
		return
	}
	value, at, strict := follows(t, i, j)
	if len(value) == 0 || maskAt(t[at:]) > 0 || maskedID(value) || idle(value) {
		return
	}
	switch says {
	case identity:
		if idLike(value) {
			s.report(KindID, value, at)
		}
		return
	case mail, room:
		return
	case counted:
		strict = false
	}
	if strict || !wordy(value) {
		s.report(KindAssignment, value, at)
	}
}

// follows gives the value behind a name. strict: the way it is written leaves no doubt that it is one.
func follows(t []byte, i, j int) (value []byte, at int, strict bool) {
	k := skip(t, j, `"'\]`)
	quotedName := k > j
	k = skip(t, k, " \t")
	switch {
	case k < len(t) && t[k] == '=':
		k++
		if k < len(t) && t[k] == '>' {
			k++
		}
		strict = true
	case k < len(t) && t[k] == ':':
		k++
		strict = quotedName
	case hasWordAt(t, k, "is") || hasWordAt(t, k, "was"):
		k = skip(t, k+2, "s")
	case i >= 2 && t[i-1] == '-' || t[i] == '-': // a flag; dashes belong to the word
		strict = k > j
	default:
		return nil, 0, false
	}
	k = skip(t, k, " \t")
	if q := skip(t, k, `"'\`); q > k {
		k, strict = q, true
	}
	end := k
	for end < len(t) && !bytes.ContainsRune([]byte(" \t\r\n\"'\\,;&<>(){}"), rune(t[end])) {
		end++
	}
	return t[k:end], k, strict
}

func skip(t []byte, k int, set string) int {
	for k < len(t) && bytes.IndexByte([]byte(set), t[k]) >= 0 {
		k++
	}
	return k
}

func hasWordAt(t []byte, k int, word string) bool {
	return len(t) > k+len(word) && string(t[k:k+len(word)]) == word && t[k+len(word)] == ' '
}

// wordy texts are prose: small letters only, or one capital in front.
func wordy(v []byte) bool {
	v = bytes.TrimRight(v, ".:!?")
	for n, c := range v {
		if !(c >= 'a' && c <= 'z' || c == '-' || n == 0 && c >= 'A' && c <= 'Z') {
			return false
		}
	}
	return true
}

func isSignature(name []byte) bool {
	switch string(bytes.ToLower(name)) {
	case "sig", "hmac", "x-amz-credential", "x-goog-credential":
		return true
	}
	return bytes.HasSuffix(bytes.ToLower(name), []byte("signature"))
}
