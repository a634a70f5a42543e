package verify

import (
	"bytes"
	"math"
)

// isScheme says whether a word begins the value of an Authorization header.
func isScheme(w []byte) bool {
	if len(w) < 5 || len(w) > 9 || bytes.IndexByte([]byte("bdn"), w[0]|0x20) < 0 {
		return false
	}
	switch string(bytes.ToLower(w)) {
	case "bearer", "basic", "digest", "negotiate":
		return true
	}
	return false
}

// scheme looks at what follows such a word, which ends at j, behind blanks.
func (s *scan) scheme(t []byte, j int) bool {
	k := skip(t, j, " ")
	if k == j || k >= len(t) || maskAt(t[k:]) > 0 {
		return false
	}
	v := run(t, k)
	mixed := bytes.ContainsAny(v, "0123456789=") || bytes.IndexByte(bytes.TrimRight(v, "."), '.') >= 0 ||
		len(v) > 1 && bytes.ContainsAny(v, capitals) && bytes.ContainsAny(v[1:], capitals)
	if len(v) >= 8 && (mixed || len(v) >= 24) {
		s.report(KindBearer, v, k)
		return true
	}
	return false
}

const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

const longestLabel = 64

// pem finds blocks that are not public.
func (s *scan) pem(t []byte) {
	begin := []byte("-----BEGIN ")
	for at := 0; !s.full(); at += len(begin) {
		i := bytes.Index(t[at:], begin)
		if i < 0 {
			return
		}
		at += i
		label := t[at+len(begin) : min(len(t), at+len(begin)+longestLabel)]
		if n := bytes.Index(label, []byte("-----")); n >= 0 {
			label = label[:n]
		}
		if bytes.Contains(label, []byte("PRIVATE")) || !bytes.Contains(label, []byte("CERTIFICATE")) && !bytes.Contains(label, []byte("PUBLIC")) {
			s.report(KindPEM, t[at:min(len(t), at+27)], at)
		}
	}
}

// randomLooking: long, of mixed alphabets, with more entropy than words have.
func randomLooking(v []byte) bool {
	if len(v) < 12 || !bytes.ContainsAny(v, "0123456789") || isTime(v) || isOurs(v) {
		return false
	}
	if len(v) < 20 {
		return entropy(v) > 3.2
	}
	return bytes.Count(v, []byte("/")) <= 3 && entropy(v) > 3.4
}

// entropy is in bits a character.
func entropy(v []byte) float64 {
	var count [256]int
	for _, c := range v {
		count[c]++
	}
	e := 0.0
	for _, n := range count {
		if n > 0 {
			p := float64(n) / float64(len(v))
			e -= p * math.Log2(p)
		}
	}
	return e
}
