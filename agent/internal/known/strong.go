package known

import (
	"math"
	"net/netip"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// What a value must have, in bits as guessed.
const (
	enough = 20 // where a name says that it is a credential
	plenty = 40 // where only its place does
)

// What the parts of a value count. A word, however long, is a guess of a few bits only, so that names made of
// words, such as controlbox-redis-01, stay below enough and a passphrase of four words does not.
const (
	bitsLetter, bitsDigit, bitsSign = 4.7, 3.4, 1
	bitsWord                        = 5  // for each 10 letters that can be spoken
	wordUnit                        = 10 // letters
)

var (
	region = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d+[a-z]?$`) // us-east-1, eu-central-1a
	uuid   = regexp.MustCompile(`^[0-9a-fA-F-]{36}$`)
	hexed  = regexp.MustCompile(`^(sha256:)?[0-9a-fA-F]+$`)
)

// strong says whether a value has at least so many bits, and none of the shapes that stand everywhere:
// numbers, times, durations, addresses, names of hosts and regions, paths, words.
func strong(v string, least float64) bool {
	if len(v) < leastSize || !utf8.ValidString(v) || distinct(v) < 5 || isUsual(v) {
		return false
	}
	return bits(v) >= least
}

// nameless says whether a value could be a secret although no name says so: no UUID, no hash, one word.
func nameless(v string) bool {
	return len(v) >= 12 && !strings.ContainsAny(v, " \t") && !uuid.MatchString(v) && !hexed.MatchString(v)
}

// distinct counts the different bytes of v.
func distinct(v string) int {
	var seen [256]bool
	n := 0
	for i := range len(v) {
		if !seen[v[i]] {
			seen[v[i]], n = true, n+1
		}
	}
	return n
}

// isUsual says whether v has the shape of what stands everywhere.
func isUsual(v string) bool {
	if _, err := netip.ParseAddr(strings.Trim(v, "[]")); err == nil {
		return true
	}
	if _, err := netip.ParseAddrPort(v); err == nil {
		return true
	}
	if !strings.ContainsFunc(v, isLetter) {
		return len(v) < 16 // a number, a date
	}
	if region.MatchString(v) || strings.HasPrefix(v, "${") || strings.HasPrefix(v, "<") || isPathOfWords(v) || isHost(v) {
		return true
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.RFC1123, time.RFC1123Z} {
		if _, err := time.Parse(layout, v); err == nil {
			return true
		}
	}
	_, err := time.ParseDuration(v)
	return err == nil
}

// isPathOfWords says whether v is a path without a part that is random: a base64 value may begin with / too.
func isPathOfWords(v string) bool {
	if !strings.HasPrefix(v, "/") && !strings.HasPrefix(v, "./") && !strings.HasPrefix(v, "~/") {
		return false
	}
	for part := range strings.SplitSeq(v, "/") {
		if !strings.HasPrefix(part, "..") && bits(part) >= plenty {
			return false
		}
	}
	return true
}

// isHost says whether v is a name of a host, with or without a port, whose labels are made of words.
func isHost(v string) bool {
	host, _, _ := strings.Cut(v, ":")
	if !strings.Contains(v, ".") && host != "localhost" {
		return false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || bits(label) >= enough || label != strings.ToLower(label) || strings.ContainsAny(label, " /+=_@") {
			return false
		}
	}
	return true
}

// bits guesses how much there is to guess in v: words count little, whatever is not spoken by the character.
func bits(v string) float64 {
	var sum float64
	for i := 0; i < len(v); {
		j := i + 1
		switch {
		case isLetter(rune(v[i])):
			j = runEnd(v, i)
			switch word := v[i:j]; {
			case spoken(word), j-i == 2 && alone(v, i, j):
				sum += bitsWord * math.Ceil(float64(j-i)/wordUnit)
			default:
				sum += bitsLetter * float64(j-i)
			}
		case isDigit(v[i]):
			sum += bitsDigit
		case v[i] < utf8.RuneSelf:
			sum += bitsSign
		default:
			sum += bitsLetter / 2 // half a character of another script
		}
		i = j
	}
	return sum
}

// runEnd is the end of the letters at i that are of one word: abc, Abc or ABC.
func runEnd(v string, i int) int {
	j := i + 1
	if j < len(v) && isUpper(v[i]) && isUpper(v[j]) {
		for j < len(v) && isUpper(v[j]) {
			j++
		}
		return j
	}
	for j < len(v) && isLetter(rune(v[j])) && !isUpper(v[j]) {
		j++
	}
	return j
}

// spoken says whether letters can be a word: 3 and more, a fifth of them vowels, never more than three
// consonants (in a short one four: postgres) or two vowels in a row.
func spoken(word string) bool {
	if len(word) < 3 {
		return false
	}
	most := 4
	if len(word) > wordUnit {
		most = 3
	}
	vowels, row, last := 0, 0, false
	for i := range len(word) {
		is := strings.IndexByte("aeiouy", word[i]|0x20) >= 0
		if is {
			vowels++
		}
		if i > 0 && is == last {
			row++
		} else {
			row = 1
		}
		if last = is; is && row > 2 || !is && row > most {
			return false
		}
	}
	return vowels > 0 && 5*vowels >= len(word)
}

// alone says whether v[i:j] stands between signs or ends.
func alone(v string, i, j int) bool {
	return (i == 0 || !isAlnum(v[i-1])) && (j == len(v) || !isAlnum(v[j]))
}

func isUpper(c byte) bool  { return c >= 'A' && c <= 'Z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
func isAlnum(c byte) bool  { return isDigit(c) || isLetter(rune(c)) }
