package verify

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
)

// Bounds of what is unpacked: a text that grows beyond them is looked at as far as they go.
const (
	mostUnpacked  = 64 << 10 // bytes of one run
	allUnpacked   = 4 << 20  // bytes of a document
	unpackingCost = 4 << 10  // bytes that each try is counted as at least
	mostPacked    = 96 << 10 // bytes of a run that are decoded
)

// packedAt decodes a run of base64 or hex that begins as gzip or zlib does. nil: it does not.
func packedAt(t []byte) (packed []byte, used int) {
	switch {
	case bytes.HasPrefix(t, []byte("H4sI")), bytes.HasPrefix(t, []byte("eJ")), bytes.HasPrefix(t, []byte("eN")), bytes.HasPrefix(t, []byte("eAE")):
		packed, used = decodeBytes(t, 6, &base64Value)
	case bytes.HasPrefix(t, []byte("1f8b08")), bytes.HasPrefix(t, []byte("1F8B08")), bytes.HasPrefix(t, []byte("789c")), bytes.HasPrefix(t, []byte("78da")):
		packed, used = decodeBytes(t, 4, &hexValue)
	default:
		return nil, 0
	}
	if len(packed) < leastPlain || packed[0] == 0x78 && (int(packed[0])<<8|int(packed[1]))%31 != 0 { // RFC 1950
		return nil, 0
	}
	return packed, used
}

// decodeBytes decodes hex or base64 of both alphabets, whatever it gives.
func decodeBytes(t []byte, bitsEach uint, values *[256]int8) (out []byte, used int) {
	bits, n, line := uint32(0), uint(0), 0
	for used < len(t) && len(out) < mostPacked {
		if values[t[used]] < 0 {
			next := endOfLine(t, used)
			if used-line < leastColumns || next == used || next == len(t) || values[t[next]] < 0 {
				break
			}
			used, line = next, next
		}
		bits = bits<<bitsEach | uint32(values[t[used]])
		used++
		if n += bitsEach; n >= 8 {
			n -= 8
			out = append(out, byte(bits>>n))
		}
	}
	return out, used
}

// inflate unpacks what gzip or zlib made, as far as it goes and the bounds allow, and looks at it.
func (s *scan) inflate(packed []byte, depth, at int) {
	if s.inflated >= allUnpacked {
		return
	}
	var r io.Reader
	var err error
	if packed[0] == 0x1f {
		r, err = gzip.NewReader(bytes.NewReader(packed))
	} else {
		r, err = zlib.NewReader(bytes.NewReader(packed))
	}
	s.inflated += unpackingCost
	if err != nil {
		return
	}
	plain, _ := io.ReadAll(io.LimitReader(r, mostUnpacked)) // what is damaged or cut is looked at as far as it goes
	s.inflated += len(plain)
	budget := s.budget // what was unpacked has a bound of its own
	s.budget = 2*len(plain) + leastBudget
	s.inner(plain, depth-1, at)
	s.budget = budget
}
