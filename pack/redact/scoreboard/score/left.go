// Package score says what a tool left of the secrets that were planted in a
// document, and what it destroyed of the look-alikes.
//
// A secret is caught when no 8 consecutive bytes of it are left in the output
// (a shorter one: when not all of it is), nor in the output after one, two or
// three rounds of unescaping: JSON, percent, HTML entities, base64 of runs, in
// any order. A look-alike is kept when its text, as it was written down, stands
// in the output; another layout of the same JSON counts as the same.
package score

import (
	"encoding/base64"
	"encoding/binary"
	"html"
	"strconv"
	"strings"
)

// window is how many consecutive bytes of a secret may not be left.
const window = 8

// rounds is how often an output is unescaped.
const rounds = 3

// views gives the output as it is and as up to three rounds of unescaping show it.
func views(out string) []string {
	all := []string{out}
	seen := map[string]bool{out: true}
	from := 0
	for range rounds {
		to := len(all)
		for _, v := range all[from:to] {
			for _, unescape := range []func(string) string{unescapeJSON, unescapePercent, unescapeForm, html.UnescapeString, decodeRuns} {
				if u := unescape(v); !seen[u] {
					seen[u] = true
					all = append(all, u)
				}
			}
		}
		from = to
	}
	return all
}

// Left says which of the secrets are left, at least in part, and shows the
// longest such part: empty means caught.
func Left(out []byte, secrets []string) []string {
	left := make([]string, len(secrets))
	all := views(string(out))
	for i := range newWindows(secrets).found(all) {
		for _, v := range all {
			if found := part(v, secrets[i]); len(found) > len(left[i]) {
				left[i] = found
			}
		}
	}
	return left
}

// windows are all windows of some secrets: one pass over a view finds which of them it holds.
type windows struct {
	short map[int]string   // secrets shorter than a window, by number
	of    map[uint64][]int // the secrets that hold a window
	maybe [1 << 14]bool    // by a hash of the window: false where no secret holds it
}

func newWindows(secrets []string) *windows {
	w := &windows{short: map[int]string{}, of: map[uint64][]int{}}
	for n, s := range secrets {
		if len(s) < window {
			w.short[n] = s
			continue
		}
		for i := 0; i+window <= len(s); i++ {
			k := key(s[i:])
			w.of[k] = append(w.of[k], n)
			w.maybe[slot(k)] = true
		}
	}
	return w
}

// key is the first window of s as a number.
func key(s string) uint64 { return binary.LittleEndian.Uint64([]byte(s[:window])) }

func slot(k uint64) uint64 { return k * 0x9e3779b97f4a7c15 >> 50 }

// found gives the numbers of the secrets of which a part stands in one of the views.
func (w *windows) found(all []string) map[int]bool {
	hit := map[int]bool{}
	for _, v := range all {
		for n, s := range w.short {
			if s != "" && strings.Contains(v, s) {
				hit[n] = true
			}
		}
		for i := 0; i+window <= len(v); i++ {
			if k := key(v[i:]); w.maybe[slot(k)] {
				for _, n := range w.of[k] {
					hit[n] = true
				}
			}
		}
	}
	return hit
}

// part gives the first run of bytes of s that stands in v: at least a window
// long, or all of a secret that is shorter.
func part(v, s string) string {
	n := min(window, len(s))
	for i := 0; i+n <= len(s); i++ {
		if strings.Contains(v, s[i:i+n]) {
			end := i + n
			for end < len(s) && strings.Contains(v, s[i:end+1]) {
				end++
			}
			return s[i:end]
		}
	}
	return ""
}

var shortEscapes = map[byte]string{'n': "\n", 'r': "\r", 't': "\t", 'b': "\b", 'f': "\f", '"': `"`, '\'': "'", '\\': `\`, '/': "/"}

// unescapeJSON resolves escapes with a backslash wherever they stand.
func unescapeJSON(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		size := map[byte]int{'u': 4, 'x': 2}[s[i+1]]
		if size > 0 && i+2+size <= len(s) {
			if n, err := strconv.ParseUint(s[i+2:i+2+size], 16, 32); err == nil {
				b.WriteRune(rune(n))
				i += 1 + size
				continue
			}
		}
		if short, ok := shortEscapes[s[i+1]]; ok {
			b.WriteString(short)
			i++
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// unescapePercent resolves %XX wherever it stands; + stays.
func unescapePercent(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+3 <= len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// unescapeForm is unescapePercent of the body of a form, in which + is a blank.
func unescapeForm(s string) string { return unescapePercent(strings.ReplaceAll(s, "+", " ")) }

// minRun is how long a run of base64 signs must be to be decoded.
const minRun = 12

// decodeRuns replaces each run of base64 signs, minRun and longer, by what it decodes to.
func decodeRuns(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		end := i
		for end < len(s) && base64Sign(s[end]) {
			end++
		}
		switch {
		case end == i:
			b.WriteByte(s[i])
			end++
		case end-i < minRun:
			b.WriteString(s[i:end])
		default:
			b.WriteString(decode(s[i:end]))
		}
		i = end
	}
	return b.String()
}

func base64Sign(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '-' || c == '_'
}

// standard turns the alphabet of URLs into the usual one.
var standard = strings.NewReplacer("-", "+", "_", "/")

func decode(run string) string {
	run = standard.Replace(run)
	d, err := base64.RawStdEncoding.DecodeString(run[:len(run)-b2i(len(run)%4 == 1)])
	if err != nil && len(d) == 0 {
		return run
	}
	return string(d)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
