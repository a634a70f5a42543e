package verify

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
)

const (
	leastValue = 6  // shorter values are not looked for: they stand everywhere
	gram       = 4  // bytes by which a place is recognised
	maxStride  = 28 // places that a search skips at a time, at most
)

// valueIndex finds known values in one pass. Every form of every value is at least `least` bytes long,
// so that in each least-gram+1 places of a text that holds one, one is the place of four bytes from its
// beginning: only such places are looked at.
type valueIndex struct {
	forms   [][]byte
	longest int // bytes of a form
	stride  int
	filter  [1 << 10]uint64       // of hashed grams
	grams   map[uint32][]gramSite // where in which forms
}

type gramSite struct{ form, at int }

// indexOf takes values with what base64 and hex make of them. Escapes and percent signs are undone
// before a text is searched, so they need no forms of their own.
func indexOf(values [][]byte) *valueIndex {
	x := &valueIndex{grams: map[uint32][]gramSite{}}
	least := maxStride + gram - 1
	for _, v := range values {
		if len(v) < leastValue {
			continue
		}
		x.forms = append(x.forms, bytes.Clone(v))
		least = min(least, len(v))
		plain := hex.EncodeToString(v)
		x.forms = append(x.forms, []byte(plain), bytes.ToUpper([]byte(plain)))
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			for shift := range 3 {
				// Of the encoding only the signs that the value alone decides; the neighbours decide the rest.
				b := enc.EncodeToString(append(make([]byte, shift), v...))
				from, to := []int{0, 2, 3}[shift], len(b)
				if (shift+len(v))%3 != 0 {
					to--
				}
				if to-from >= leastValue {
					x.forms = append(x.forms, []byte(b[from:to]))
					least = min(least, to-from)
				}
			}
		}
	}
	x.stride = least - gram + 1
	for n, f := range x.forms {
		x.longest = max(x.longest, len(f))
		for at := range x.stride {
			g := binary.LittleEndian.Uint32(f[at:])
			x.grams[g] = append(x.grams[g], gramSite{n, at})
			x.filter[gramHash(g)>>6] |= 1 << (gramHash(g) & 63)
		}
	}
	return x
}

func gramHash(g uint32) uint32 { return g * 2654435761 >> 16 }

// find gives the place and length of a known value in a text; at is -1 when there is none.
func (x *valueIndex) find(t []byte) (at, length int) {
	if len(x.forms) == 0 {
		return -1, 0
	}
	for i := x.stride - 1; i+gram <= len(t); i += x.stride {
		g := binary.LittleEndian.Uint32(t[i:])
		if h := gramHash(g); x.filter[h>>6]&(1<<(h&63)) == 0 {
			continue
		}
		for _, site := range x.grams[g] {
			if f := x.forms[site.form]; i >= site.at && bytes.HasPrefix(t[i-site.at:], f) {
				return i - site.at, len(f)
			}
		}
	}
	return -1, 0
}

// known reports a known value inside a text.
func (s *scan) known(t []byte) {
	if i, n := s.values.find(t); i >= 0 {
		s.report(KindKnown, t[i:i+n], i)
	}
}
