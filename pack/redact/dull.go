package redact

// dull says that nothing can begin at the word s[i:j], whose bytes are f: most words are dull. It asks in a few loads
// what word and all that it calls would ask one by one, and may only say yes where they would find nothing: a matcher
// that looks for words of its own tells addBegin.
func (t *text) dull(i, j int, f charFlag) bool {
	s, tab, n := t.s, t.p.r.tab, j-i
	before, behind, after := byte(' '), byte(0), byte(0)
	if i > 0 {
		before = s[i-1]
	}
	if j+1 < len(s) {
		behind, after = s[j], s[j+1]
	} else if j < len(s) {
		behind = s[j]
	}
	g := tab.class[behind]
	switch {
	case t.p.r.looks:
		return false
	case n < 3 || n > 15:
		return n == 1 && s[i] != '-' && g&(cBehind|cBehindNumber) == 0 && (behind != ' ' || tab.class[after]&cAfter == 0)
	case f&cWide != 0, before == '\\', s[i] == '-', s[j-1] == 'N', n > 13 && behind == '.', tab.begins(s[i:j]):
		return false
	case f&cDigit != 0 && (n >= 6 || n == 4 || g&cBehindNumber != 0):
		return false
	case behind == ' ':
		return tab.class[after]&cAfter == 0
	case behind == '/': // what mayNameSegment asks, but for the words that begins has sorted out
		return before != '/' || isLower(s[i:j])
	case behind == '(':
		return !isQuote(after)
	}
	return g&cBehind == 0
}

// begins says whether a word of three signs or more begins like one of the table: one that is looked up, or an issuer's
// mark. One KiB says it for all of them, where marks, ends and segments are too much to stay close to the processor.
func (t *tables) begins(w []byte) bool {
	h := beginOf(w)
	return t.begin[h>>6]>>(h&63)&1 != 0
}

// beginOf hashes the first three bytes of a word of either case to 13 bits.
func beginOf(w []byte) uint {
	return uint((uint32(w[0]&31) | uint32(w[1]&31)<<5 | uint32(w[2]&31)<<10) * 0x9e3779b1 >> (32 - 13))
}

func (t *tables) addBegin(w string) {
	if len(w) > 2 {
		h := beginOf([]byte(w))
		t.begin[h>>6] |= 1 << (h & 63)
	}
}

// isLower says whether a word is of a to z alone.
func isLower(w []byte) bool {
	for _, c := range w {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

// clockEnd gives the end of the time of day whose hours end at the : at i, 09:12:00 or 09:12:00.123Z; 0: there is none.
// Each line of a log has one, and nothing begins in it; its parts are too short to be asked for as ids.
func clockEnd(s []byte, i int) int {
	j := i + 6
	if i < 3 || j > len(s) || s[i+3] != ':' || !isDigit(s[i-2]) || !isDigit(s[i-1]) || !isDigit(s[i+1]) || !isDigit(s[i+2]) ||
		!isDigit(s[i+4]) || !isDigit(s[i+5]) || !inClass(" [\"\n", s[i-3]) && (i < 13 || !isDate(s[i-13:])) {
		return 0
	}
	if j+1 < len(s) && (s[j] == '.' || s[j] == ',') && isDigit(s[j+1]) {
		for j++; j < len(s) && isDigit(s[j]) && j < i+13; j++ {
		}
	}
	if j < len(s) && s[j] == 'Z' {
		j++
	}
	if j < len(s) && !inClass(" ]\"\n", s[j]) {
		return 0
	}
	return j
}
