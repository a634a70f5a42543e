package redact

import (
	"crypto/sha256"
	"encoding/binary"
)

// alphabet is 0-9 a-z without e i l o: none of the three words of the owner's check can be spelled.
const alphabet = "0123456789abcdfghjkmnpqrstuvwxyz"

func isNameSign(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' && c != 'e' && c != 'i' && c != 'l' && c != 'o'
}

// keyPad is a key made ready for HMAC-SHA-256, so that a name costs no allocation.
type keyPad struct{ inner, outer [sha256.BlockSize]byte }

func newKeyPad(key []byte) (p keyPad) {
	if len(key) > sha256.BlockSize {
		sum := sha256.Sum256(key)
		key = sum[:]
	}
	copy(p.inner[:], key)
	copy(p.outer[:], key)
	for i := range p.inner {
		p.inner[i] ^= 0x36
		p.outer[i] ^= 0x5c
	}
	return p
}

// mac is HMAC-SHA-256 over purpose, kind and value, a zero byte between them.
func (p *keyPad) mac(purpose, kind string, value []byte) [sha256.Size]byte {
	var room [384]byte
	b := append(room[:0], p.inner[:]...)
	b = append(b, purpose...)
	b = append(b, 0)
	b = append(b, kind...)
	b = append(b, 0)
	b = append(b, value...)
	sum := sha256.Sum256(b)
	b = append(room[:0], p.outer[:]...)
	b = append(b, sum[:]...)
	return sha256.Sum256(b)
}

func appendSigns(dst, sum []byte, n int) []byte {
	bits := binary.BigEndian.Uint64(sum)
	for range n {
		dst = append(dst, alphabet[bits>>59])
		bits <<= 5
	}
	return dst
}

func (p *keyPad) appendName(dst []byte, kind string, value []byte) []byte {
	sum := p.mac("name", kind, value)
	return appendSigns(dst, sum[:], nameSigns)
}

func (p *keyPad) epoch() string {
	sum := p.mac("epoch", "", nil)
	return string(appendSigns(nil, sum[:], 6))
}

// Name is the pseudonym of a value: 10 signs (50 bits) of HMAC-SHA-256(key, kind, value) over 0-9 a-z
// without e i l o. The same key gives the same name in every process.
func (r *Redactor) Name(kind string, value []byte) string {
	return string(r.pad.appendName(nil, kind, value))
}

// Hash is a keyed 64-bit hash of an id, the same in all processes that share the key; never 0.
func (r *Redactor) Hash(kind string, id []byte) uint64 {
	sum := r.pad.mac("hash", kind, id)
	if h := binary.BigEndian.Uint64(sum[:]); h != 0 {
		return h
	}
	return 1
}
