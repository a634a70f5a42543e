package verify

import "bytes"

// Features of a text and of a word, by which whole detectors are skipped.
const (
	hasDigit  = 1 << iota
	hasAt     // @
	hasColon  // :
	hasEqual  // =
	hasDot    // .
	hasEscape // % or backslash
	hasDash   // -
	hasBar    // _
	hasOther  // all that is no letter and not above
	isWordChar
	isAddressChar
	isRunChar // of a value in any alphabet
	hasDollar
	hasAmp     // &
	hasStrange // no ASCII, or a control character
)

const leastText = 5 // bytes; shorter texts hold nothing that shows

var classes = func() (t [256]uint16) {
	for i := range t {
		t[i] = hasOther
		if i >= 0x7f || i < ' ' && i != '\t' && i != '\n' && i != '\r' {
			t[i] |= hasStrange
		}
	}
	for c := '0'; c <= '9'; c++ {
		t[c] = hasDigit | isWordChar | isAddressChar | isRunChar
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c] = isWordChar | isRunChar
		if c <= 'f' {
			t[c] |= isAddressChar
		}
		t[c-32] = t[c]
	}
	t['_'], t['-'] = isWordChar|isRunChar|hasBar, isWordChar|isRunChar|hasDash
	t['@'], t[':'], t['='], t['.'] = hasAt, hasColon|isAddressChar, hasEqual|isRunChar, hasDot|isAddressChar|isRunChar
	t['%'], t['\\'] = hasEscape, hasEscape
	t['$'], t['&'] = hasOther|hasDollar, hasOther|hasAmp
	t['+'], t['/'], t['~'] = hasOther|isRunChar, hasOther|isRunChar, hasOther|isRunChar
	return t
}()

// text looks at one text as it stands for itself: unescaped, at most depth encodings deep.
func (s *scan) text(t []byte, depth int) {
	if len(t) < leastText || depth == 0 || s.full() {
		return
	}
	if s.planted >= 0 || !s.exact || len(s.layers) > 0 {
		s.known(t)
	}
	s.spend(t, depth)
	features := featuresOf(t)
	if features&(hasDigit|hasAt|hasColon|hasEqual|hasEscape|hasOther) == 0 && len(t) < leastBlob {
		return
	}
	if t[0] == '[' && maskAt(t) == len(t) {
		s.hints(t)
		return
	}
	s.decoded(t, features, depth)
	s.raw(t, features, depth)
}

// spend counts a text against the budget of the text that it was decoded from, which is set when that one
// is looked at: so no nest of encodings costs more than a multiple of its length.
func (s *scan) spend(t []byte, depth int) {
	if depth == maxDepth && s.depth == 0 {
		s.budget = budgetTimes*len(t) + leastBudget
		return
	}
	s.budget -= len(t)
}

const (
	budgetTimes = 40
	leastBudget = 8 << 10
)

func featuresOf(t []byte) (features uint16) {
	for _, c := range t {
		features |= classes[c]
	}
	return features
}

// encoded looks at what a line of a text has encoded, and gives its features.
func (s *scan) encoded(line []byte) uint16 {
	if s.planted >= 0 {
		s.known(line)
	}
	s.spend(line, maxDepth)
	features := featuresOf(line)
	s.decoded(line, features, maxDepth)
	return features
}

// raw looks at a text as it is.
func (s *scan) raw(t []byte, features uint16, depth int) {
	rowsEnd, island, skipTo := s.rowsEnd, s.island, s.skipTo
	s.rowsEnd, s.island, s.skipTo = 0, 0, 0
	if features&hasDollar != 0 {
		s.crypts(t)
	}
	if features&hasAt != 0 {
		s.atSigns(t)
	}
	if features&hasDigit != 0 && features&(hasDot|hasColon) != 0 && !s.version {
		s.oddAddresses(t, features)
	}
	s.table(t)
	s.words(t, depth)
	s.rowsEnd, s.island, s.skipTo = rowsEnd, island, skipTo
}

// words goes from word to word and judges each by itself and by its neighbours.
func (s *scan) words(t []byte, depth int) {
	owner := -1  // where the last word that owns an id ended
	decoded := 0 // what was decoded ends here
	address := 0 // and here what was read as an address
	for i := 0; i < len(t) && !s.full(); {
		if classes[t[i]]&isWordChar == 0 {
			c := t[i]
			if (c == '{' || c == '[') && i >= s.island {
				s.islandAt(t, i, depth)
			}
			if c == ':' && i >= address && i+1 < len(t) && t[i+1] == ':' {
				address = s.address(t, i)
			}
			if c == '[' {
				if n := maskAt(t[i:]); n > 0 {
					s.hints(t[i : i+n])
					i += n
					owner = -1
					continue
				}
			}
			i++
			continue
		}
		if i > 1 && t[i-1] == '[' && t[i-2] == 0x1b {
			i = colour(t, i)
		}
		j, features := i, uint16(0)
		for j < len(t) && classes[t[j]]&isWordChar != 0 {
			features |= classes[t[j]]
			j++
		}
		w := t[i:j]
		if len(w) <= 4 && i >= address && j < len(t) && (t[j] == '.' || t[j] == ':') {
			address = s.address(t, i)
		}
		if j < len(t) && (j-i == 1 && t[i] == '1' && t[j] == '/' || j-i == 2 && t[i+1] == 'Q' && t[j] == '~') {
			s.formed(t, i, j)
		}
		switch {
		case s.wordAlone(t, i, j, features):
		case owner >= 0 && i-owner <= 4 && features&hasDigit != 0 && joins(t[owner:i]) && idLike(w):
			s.report(KindID, w, i)
		case len(w) >= 16 && features&hasDigit != 0 && !(i > 0 && t[i-1] == '%') && suspicious(t[max(0, i-40):i]) && randomLooking(run(t, i)):
			s.report(KindEntropy, w, i)
		case j < len(t) && (t[j] == '/' || t[j] == '\\') && (s.pathValue(t, i, j) || (t[i] == 'h' || t[i] == 'U') && s.homeFolder(t, i, j)):
		case (len(w) == 2 || len(w) == 17 || len(w) == 4) && features&isAddressChar != 0 && s.hardware(t, i):
		case features&hasDigit != 0 && j < len(t) && t[j] == ':' && s.passFile(t, i, j):
		case i >= decoded && s.cask(t, i):
			decoded = j
		case i >= decoded && (len(w) >= leastBlob || j < len(t) && (t[j] == '/' || t[j] == '+')):
			decoded = s.blob(t, i, depth)
		}
		switch {
		case len(w) >= 4 && ownerBegins[w[0]] && isOwner(unframed(w)), owner >= 0 && len(w) == 2 && w[0]|0x20 == 'i' && w[1]|0x20 == 'd':
			owner = j
		default:
			owner = -1
		}
		if j < len(t) {
			s.leads(t, i, j)
		} else if j-i == len("chpasswd") { // the only one that looks back alone
			s.vocabulary(t, i, j)
		}
		i = max(j, s.skipTo)
	}
}

// colour gives the place behind the rest of what sets the colour of a terminal, ESC [ 31 m, when a word follows
// at once, else i.
func colour(t []byte, i int) int {
	k := i
	for k < len(t) && k-i < 8 && (classes[t[k]]&hasDigit != 0 || t[k] == ';') {
		k++
	}
	if k+1 < len(t) && t[k] == 'm' && classes[t[k+1]]&isWordChar != 0 {
		return k + 1
	}
	return i
}

// leads looks at what a word makes of what follows it.
func (s *scan) leads(t []byte, i, j int) {
	n := j - i
	if n >= 3 && (t[i] > '9' || t[j-1] > '9') && namesSomething(t, i, j) {
		s.named(t, i, j)
	}
	if t[j] == '(' && n >= 3 {
		s.argument(t, i, j)
	}
	if t[j] == '}' && i > 0 && t[i-1] == '{' {
		s.braced(t, i, j)
	}
	if n == 6 && t[j] == ',' && i > 0 && t[i-1] == ';' && string(t[i:j]) == "base64" && isPicture(t[max(0, i-64):i]) {
		s.opaque(t, j+1)
	}
	if n < 32 && wordLengths[t[i]]&wordEnds[t[j-1]]&wordSeconds[t[min(i+1, j-1)]]>>n&1 != 0 {
		s.vocabulary(t, i, j)
	}
}

// isPicture: the beginning of a data URI of something that is no text.
func isPicture(before []byte) bool {
	n := bytes.LastIndex(before, []byte("data:"))
	if n < 0 {
		return false
	}
	media := before[n+5:]
	return bytes.HasPrefix(media, []byte("image/")) || bytes.HasPrefix(media, []byte("font/")) || bytes.HasPrefix(media, []byte("audio/")) || bytes.HasPrefix(media, []byte("video/"))
}

// hints of a placeholder are words all the same: what shows by itself shows there too.
func (s *scan) hints(mask []byte) {
	_, hints, typed := bytes.Cut(mask, []byte(","))
	if !typed {
		return
	}
	from := len(mask) - len(hints)
	for at := from; at < len(mask); at++ {
		if classes[mask[at]]&isWordChar == 0 {
			continue
		}
		end := at
		features := uint16(0)
		for classes[mask[end]]&isWordChar != 0 { // the mask ends with a bracket
			features |= classes[mask[end]]
			end++
		}
		s.wordAlone(mask, at, end, features)
		at = end
	}
}

// unframed is a word without dashes and underscores around it.
func unframed(w []byte) []byte {
	if c, d := w[0], w[len(w)-1]; c != '-' && c != '_' && d != '-' && d != '_' {
		return w
	}
	return bytes.Trim(w, "-_")
}

// joins says whether what stands between an owner and an id joins them.
func joins(gap []byte) bool {
	for _, c := range gap {
		switch c {
		case ' ', ':', '=', '#', '"', '\'', '\\', '_', '+':
		default:
			return false
		}
	}
	return true
}

// wordAlone judges a word without its neighbours.
func (s *scan) wordAlone(t []byte, i, j int, features uint16) bool {
	w := t[i:j]
	if features&hasDigit == 0 && len(w) < 8 && features&(hasDash|hasBar) == 0 {
		begins := len(w) >= 2 && (secondSigns[w[0]][w[1]>>6]>>(w[1]&63)&1 != 0 || w[0] == 'h' || w[0] == 'w' || w[0] == 'b' || w[0] == 'o' && len(w) == len("outlook"))
		return begins && s.vendor(t, i, j, features)
	}
	if len(w) >= 16 && len(w) <= awsLength {
		s.awsSecret(t, i)
	}
	switch {
	case len(w) >= 16 && w[0] == 'e' && (w[1] == 'y' || w[1] == 'w') && isJWT(run(t, i)):
		s.report(KindJWT, run(t, i), i)
	case len(w) >= 16 && features&(hasDash|hasBar) != 0 && s.joinedJWT(t, i, j):
	case w[0] == 'M' && isPrivateDER(run(t, i)):
		s.report(KindPEM, run(t, i), i)
	case s.vendor(t, i, j, features):
	case len(w) >= 16 && s.marked(t, i, j):
	case (features&hasDigit != 0 && len(w) >= 5 || len(w) >= 14) && s.formed(t, i, j):
	case features&hasDash != 0 && s.pem(t, i, j):
	case len(w) >= leastStrange && s.strange(t, i, j):
	case features&hasDigit == 0:
		return false
	case len(w) >= 9 && (bytes.HasPrefix(w, []byte("sess_")) || bytes.HasPrefix(w, []byte("sess-"))) && idLike(w):
		s.report(KindID, w, i)
	case s.d.isKnown(w):
		s.report(KindID, w, i)
	default:
		return s.card(t, i)
	}
	return true
}

const longestRun = 512

// run is the run of characters of all alphabets that begins at i, up to a length that tells what it is.
func run(t []byte, i int) []byte {
	j, end := i, min(len(t), i+longestRun)
	for j < end && classes[t[j]]&isRunChar != 0 {
		j++
	}
	return t[i:j]
}
